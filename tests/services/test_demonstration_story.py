"""What the demonstration tells, once it is stored: the product itself finds it true."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256

import pytest
from sqlalchemy import select

from lib.model import (
    Beat,
    Candidate,
    Commitment,
    Concern,
    Goal,
    GoalBeat,
    GoalConcern,
    GoalEvent,
    LogEntry,
    Measure,
    Meeting,
    Person,
    Round,
)
from lib.queries.goals import goal_cards
from lib.queries.log import log_entries
from lib.queries.meetings import agenda, coming_meetings, meeting_detail, past_meetings
from lib.queries.minutes import minutes_of
from lib.queries.monthly import Counted, monthly_events
from lib.queries.outlines import incidents_inside
from lib.queries.results import published_rounds, round_result
from lib.queries.since_last_time import since_last_time
from lib.rules.goals import MeasureKind
from lib.rules.lifecycle import CommitmentState, GoalState, MeetingState, RoundState, Side
from lib.rules.months import months_later
from lib.services.demonstration import Loaded
from lib.services.log import broken_link, chain_log
from lib.storage.transaction import reading

TODAY = date(2026, 11, 24)


def test_goals_meetings_and_rounds_are_told_whole(demonstration: Loaded) -> None:
    cards = goal_cards(today=TODAY)
    assert {card.state for card in cards} == set(GoalState)
    assert sum(card.is_contested for card in cards) >= 4
    assert {card.progress.standing.change.value for card in cards if card.progress} >= {"moved", "not_tested"}
    with reading() as db:
        assert set(db.scalars(select(Commitment.state))) == set(CommitmentState)
        assert set(db.scalars(select(Meeting.state))) == set(MeetingState) - {MeetingState.OPEN}
        assert set(db.scalars(select(Round.state))) == {RoundState.DRAFT, RoundState.PUBLISHED}
        assert {"contested", "reopened", "advisory", "adopted"} <= set(db.scalars(select(GoalEvent.kind)))


def test_every_published_result_is_found_again_by_counting(demonstration: Loaded) -> None:
    published = published_rounds()
    assert len(published) == 16
    for each in published:
        result = round_result(each.uuid)
        assert result.is_recounted
        assert [line.sentence for line in result.lines]


def test_what_is_frozen_fits_its_hash(demonstration: Loaded) -> None:
    with reading() as db:
        frozen = db.execute(select(Round.frozen, Round.frozen_hash).where(Round.state == RoundState.PUBLISHED)).all()
    assert all(sha256(text.encode()).hexdigest() == digest for text, digest in frozen)
    assert all('"format":"common-beat round 1"' in text and '"commitments_hash"' in text for text, _ in frozen)


def test_stored_baselines_are_those_the_product_would_compute(demonstration: Loaded) -> None:
    with reading() as db:
        measures = db.scalars(select(Measure).where(Measure.kind.in_((MeasureKind.INCIDENTS, MeasureKind.CONCERNS))))
        for measure in measures.all():
            beats = frozenset(db.scalars(select(GoalBeat.beat_id).where(GoalBeat.goal_id == measure.goal_id)))
            wanted = Counted(measure.kind, measure.category, beats)
            first = months_later(measure.starts_on, -12)
            events = monthly_events([wanted], since=first, today=TODAY)[wanted]
            if measure.outline:
                inside = incidents_inside(measure.outline, measure.category, beats)
                events = {month: inside.get(month, 0) for month in events}
            before = [count for month, count in events.items() if first <= month < measure.starts_on]
            assert measure.baseline_months == len(before)
            assert measure.baseline == pytest.approx(float(Fraction(max(sum(before), 1), len(before))))


def test_goals_are_linked_to_concerns_of_their_beat_and_category(demonstration: Loaded) -> None:
    with reading() as db:
        strangers = db.scalars(
            select(GoalConcern.concern_id)
            .join(Concern, Concern.id == GoalConcern.concern_id)
            .join(Goal, Goal.id == GoalConcern.goal_id)
            .outerjoin(GoalBeat, (GoalBeat.goal_id == Goal.id) & (GoalBeat.beat_id == Concern.beat_id))
            .where((GoalBeat.beat_id.is_(None)) | (Goal.category_id != Concern.category_id))
        ).all()
    assert strangers == []


def test_the_main_beats_have_a_past_meeting_and_a_next_one(demonstration: Loaded) -> None:
    for beat in ("K2", "E2", "U2", "S3", "B1", "W1", "L3", "N3", "K3", "G2", "R2", "F3"):
        coming, past = coming_meetings(beat), past_meetings(beat)
        assert coming, beat
        assert past, beat
        detail = meeting_detail(past[-1].uuid)
        assert detail.agenda
        assert detail.minutes
        assert len(detail.decisions) == len(detail.rounds)


def test_candidates_belong_to_the_beats_of_their_meeting(demonstration: Loaded) -> None:
    with reading() as db:
        rows = db.execute(
            select(Candidate.id, Beat.code)
            .join(Round, Round.id == Candidate.round_id)
            .join(GoalBeat, GoalBeat.goal_id == Candidate.goal_id)
            .join(Beat, Beat.id == GoalBeat.beat_id)
        ).all()
        assert len({row.id for row in rows}) == len(set(db.scalars(select(Candidate.id))))


def test_the_log_tells_it_in_order_with_ids_only_and_its_chain_holds(demonstration: Loaded) -> None:
    while chain_log():
        pass
    assert broken_link() is None
    with reading() as db:
        entries = db.scalars(select(LogEntry).order_by(LogEntry.id)).all()
        names = {*db.scalars(select(Person.name)), *db.scalars(select(Goal.title))}
    told = [entry for entry in entries if entry.happened_at.date() < TODAY]
    assert len(told) > 300
    assert [entry.happened_at for entry in told] == sorted(entry.happened_at for entry in told)
    assert {"goal_proposed", "round_published", "commitment_countersigned", "meeting_closed"} <= {
        entry.action for entry in told
    }
    assert not names & {str(fact) for entry in entries for fact in entry.facts.values()}
    assert log_entries()


def test_nothing_told_lies_in_the_future(demonstration: Loaded) -> None:
    with reading() as db:
        events = db.scalars(select(GoalEvent.happened_at)).all()
        assert max(event.date() for event in events) <= TODAY + timedelta(days=1)


def test_coming_agendas_are_what_the_product_drafts_and_fill_the_evening(demonstration: Loaded) -> None:
    row = coming_meetings("K2")[0]
    steps = agenda(row)
    assert [step.topic for step in steps][:3] == ["welcome", "since", "overdue"]
    assert sum(step.minutes for step in steps) == 90
    assert [step.round_id is not None for step in steps if step.topic == "vote"] == [True]
    assert all(step.topic for each in coming_meetings() for step in agenda(each))


def test_past_minutes_are_drafted_and_approved_by_both_sides(demonstration: Loaded) -> None:
    for beat in ("K2", "E2", "S3"):
        for row in past_meetings(beat):
            minutes = minutes_of(row.id)
            assert {"opened", "agenda", "closed"} <= {line.source for line in minutes.lines}
            if row.state is MeetingState.MINUTED:
                assert minutes.missing == ""
                assert {each.side for each in minutes.approvals} == {Side.RESIDENTS, Side.OFFICERS}
                assert row.minuted_at is not None
    (named,) = [row for row in past_meetings("K2") if "next" in {line.source for line in minutes_of(row.id).lines}]
    assert named == past_meetings("K2")[0]


def test_a_beat_can_read_what_became_of_it_since_last_time(demonstration: Loaded) -> None:
    since = since_last_time(["K2"], now=datetime(2026, 11, 24, 20, tzinfo=UTC))
    assert since is not None
    assert since.concerns > 10
    assert len(since.did) >= 3
    assert len(since.did_not) >= 3
