"""The invented rounds: ballots that give what is told, counted by the product's own rule."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from lib.demo.ballots import DemoRound, demo_votes
from lib.demo.geography import demo_geography
from lib.demo.goals import Staff
from lib.demo.meetings import demo_agenda, demo_minutes
from lib.demo.people import demo_people
from lib.demo.plan import Plan
from lib.demo.schedule import demo_plan
from lib.rules.ballots import batch_hash, normalise_tracker
from lib.rules.counting import ballot_of_text
from lib.rules.lifecycle import Electorate, MeetingState
from lib.rules.minutes import MinuteKind
from lib.rules.tally import Ending
from lib.rules.voting import RoundRule, SideFigures

TODAY = date(2026, 11, 24)
ZONE = "America/Los_Angeles"


def plan(seed: int = 7) -> Plan:
    return demo_plan(seed=seed, today=TODAY, time_zone=ZONE, geography=demo_geography())


def rounds(seed: int = 7) -> list[DemoRound]:
    return [each for vote in demo_votes(seed=seed, plan=plan(seed)).values() for each in vote.rounds]


@pytest.mark.parametrize("seed", range(12))
def test_ballots_of_every_seed_give_what_is_told(seed: int) -> None:
    for each in rounds(seed):
        told = {candidate.goal: candidate.ends for candidate in each.plan.candidates}
        ended = dict(zip(each.goals, (outcome.ending.value for outcome in each.tally.outcomes), strict=True))
        assert all(ended[goal] == ends for goal, ends in told.items() if ends)


def test_every_ending_an_advisory_round_and_both_rules_occur() -> None:
    made = rounds()
    assert {outcome.ending for each in made if each.tally.adopts for outcome in each.tally.outcomes} == set(Ending)
    assert [each.tally.officers.cast for each in made if each.tally.advisory] == [2]
    assert {each.plan.rule for each in made} == set(RoundRule)
    assert {each.plan.figures for each in made} == set(SideFigures)


def test_sealed_sides_leave_no_ballot_and_open_ones_leave_all() -> None:
    for each in rounds():
        residents, officers = each.sides[Electorate.RESIDENTS], each.sides[Electorate.OFFICERS]
        assert len(residents.sealed) == residents.cast
        assert len(officers.sealed) == (officers.cast if each.plan.figures is SideFigures.OPEN else 0)
        assert [tracker for tracker, _ in residents.sealed] == sorted(tracker for tracker, _ in residents.sealed)
        assert all(normalise_tracker(tracker) == tracker for tracker, _ in residents.sealed)
        assert sum(residents.channels.values()) == residents.cast <= residents.issued


def test_residents_choose_in_groups() -> None:
    """Ballots are not drawn goal by goal: some combinations are far more common than independence would make them."""
    large = max(rounds(), key=lambda each: each.sides[Electorate.RESIDENTS].cast * len(each.goals))
    ballots = [ballot_of_text(text) for _, text in large.sides[Electorate.RESIDENTS].sealed]
    together = Counter(ballot.choices for ballot in ballots)
    assert together.most_common(1)[0][1] > 1.5 * len(ballots) / 2 ** len(large.goals)
    assert 1 < sum(len(ballot.choices) for ballot in ballots) / len(ballots) < len(large.goals)


def test_the_hash_of_each_batch_goes_over_its_passes() -> None:
    for vote in demo_votes(seed=7, plan=plan()).values():
        serials = 0
        for batch in vote.batches:
            assert batch.commitments_hash == batch_hash(batch.commitments)
            assert batch.first_serial == serials + 1
            serials += len(batch.commitments)


def test_agendas_fill_the_evening_and_name_each_vote() -> None:
    for meeting in plan().meetings:
        steps = demo_agenda(meeting)
        assert sum(step.minutes for step in steps) == 90
        assert [step.round_number for step in steps if step.round_number] == list(range(1, len(meeting.rounds) + 1))
        assert len(steps) >= 4


def test_minutes_hold_what_was_said_decided_and_promised() -> None:
    told, votes = plan(), demo_votes(seed=7, plan=plan())
    staff = Staff(demo_people(seed=7, today=TODAY, geography=demo_geography()))
    for meeting in told.meetings:
        lines = demo_minutes(meeting, votes.get(meeting.key), told, staff)
        if meeting.state is MeetingState.PLANNED:
            assert lines == ()
            continue
        kinds = Counter(line.kind for line in lines)
        assert kinds[MinuteKind.DECISION] == len(votes[meeting.key].rounds if meeting.key in votes else ())
        assert kinds[MinuteKind.NOTE] >= 3
        assert kinds[MinuteKind.PROMISE] >= 1
        assert all(meeting.starts_at < line.noted_at <= meeting.ends_at for line in lines)
        assert not any("{" in line.text for line in lines)


def test_votes_happen_during_their_meeting() -> None:
    meetings = {each.key: each for each in plan().meetings}
    for key, vote in demo_votes(seed=7, plan=plan()).items():
        for each in vote.rounds:
            assert meetings[key].starts_at < each.opened_at < each.closed_at < each.published_at < meetings[key].ends_at
            assert each.opened_at.astimezone(ZoneInfo(ZONE)).hour in (19, 20)


def test_the_same_seed_gives_the_same_ballots() -> None:
    assert rounds(3) == rounds(3)
    assert rounds(3) != rounds(4)
