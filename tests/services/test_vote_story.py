"""A vote from planning to the published result, as a facilitator, residents and officers live through it."""

from fractions import Fraction

from sqlalchemy import func, select

from lib.model import Ballot, Goal, GoalEvent, LogEntry, Minute, RoundSecret, SealedBallot, SideCount
from lib.queries.counts import Turnout, turnouts
from lib.queries.live import live_snapshot
from lib.queries.results import ballots_file, round_result
from lib.queries.voting import frozen_text, voting_round
from lib.rules.ballots import frozen_hash
from lib.rules.lifecycle import Electorate, GoalState, RoundState
from lib.rules.tally import Ending
from lib.rules.voting import ResultsShown, SideFigures
from lib.services.counting import count_round
from lib.services.rounds import close_round
from lib.storage.transaction import reading
from tests.hall import a_hall

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


def test_a_vote_from_planning_to_the_published_result(database: str) -> None:
    hall = a_hall()
    row = hall.opened(places=2)
    for voter in range(20):
        # All want lighting, half of them slower cars too, and the gym finds two friends.
        hall.votes(row, voter, 0, *([1] if voter % 2 else []), *([2] if voter < 2 else []))
    hall.votes(row, 20, none=True)
    hall.votes(row, 21)
    for officer in range(5):
        hall.votes(row, officer, 0, *([2] if officer else []), side=OFFICERS)
    # One resident thinks again: the later ballot takes the place of the earlier one.
    assert hall.votes(row, 0, 0, 1).replaced

    assert turnouts(row.id) == {RESIDENTS: Turnout(22, 25), OFFICERS: Turnout(5, 6)}
    close_round(actor=hall.facilitator, round_id=row.id)
    sealed = count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert sealed.is_clean
    hall.published(row)

    result = round_result(row.uuid)
    assert [
        (line.candidate.title, line.outcome.ending, line.outcome.place, line.outcome.residents_approvals)
        for line in result.lines
    ] == [
        ("Light the path on 23rd Avenue", Ending.ADOPTED, 1, 20),
        ("Slow the cars at the school", Ending.RESIDENTS_ONLY, None, 11),
        ("A gym open on Fridays", Ending.OFFICERS_ONLY, None, 1),
    ]
    assert result.lines[0].outcome.residents_approval == Fraction(20, 21)
    assert result.is_recounted
    assert result.sentence == "1 goal adopted for 2 places, 2 contested."
    residents = result.sides[RESIDENTS]
    assert (residents.issued, residents.cast, residents.blank, residents.channels) == (25, 22, 1, {"phone": 22})

    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Ballot)) == 0
        assert db.scalar(select(func.count()).select_from(RoundSecret)) == 0
        assert db.scalar(select(func.count()).select_from(SealedBallot)) == 22
        states = {row.title: row.state for row in db.execute(select(Goal.title, Goal.state))}
        events = set(db.scalars(select(GoalEvent.kind)))
        minutes = list(db.scalars(select(Minute.text)))
        actions = list(db.scalars(select(LogEntry.action).where(LogEntry.subject == "round").order_by(LogEntry.id)))
    assert states == {
        "Light the path on 23rd Avenue": GoalState.ADOPTED,
        "Slow the cars at the school": GoalState.PROPOSED,
        "A gym open on Fridays": GoalState.PROPOSED,
    }
    assert {"on_ballot", "adopted", "contested"} <= events
    assert minutes == [
        "Round 1, Which goals shall we work on? 1 goal adopted for 2 places, 2 contested.\n"
        "Adopted: Light the path on 23rd Avenue (place 1).\n"
        "Contested: Slow the cars at the school and A gym open on Fridays."
    ]
    assert actions == [
        "round_planned",
        "round_opened",
        "round_closed",
        "paper_opened",
        "round_sealed",
        "side_reconciled",
        "side_reconciled",
        "round_published",
    ]


def test_a_sealed_side_leaves_its_keys_and_nothing_else(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    receipts = [hall.votes(row, officer, 0, side=OFFICERS) for officer in range(4)]
    assert {receipt.tracker for receipt in receipts} == {None}
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.published(row)
    result = round_result(row.uuid)
    assert result.lines[0].outcome.officers_key
    assert {line.outcome.officers_approvals for line in result.lines} == {None}
    assert b"officers" not in ballots_file(row.uuid)
    with reading() as db:
        assert set(db.scalars(select(SealedBallot.side))) == {RESIDENTS}
        cast = {row.side: row.cast_ballots for row in db.execute(select(SideCount.side, SideCount.cast_ballots))}
    assert cast == {RESIDENTS: 1, OFFICERS: 4}


def test_officers_who_agreed_are_published_and_shown_live(database: str) -> None:
    hall = a_hall()
    row = hall.opened(shows=ResultsShown.LIVE, officers_figures=SideFigures.OPEN)
    for voter in range(4):
        hall.votes(row, voter, 0)
    for officer in range(3):
        assert hall.votes(row, officer, 1, side=OFFICERS).tracker
    live = live_snapshot(hall.meeting_uuid)
    assert live.is_live
    first, second, _ = live.lines
    assert first.outcome is not None and second.outcome is not None
    assert (first.outcome.residents_approvals, second.outcome.officers_approvals) == (4, 3)
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.published(row)
    assert ballots_file(row.uuid).count(b"officers") == 3
    assert live_snapshot(hall.meeting_uuid).state is RoundState.PUBLISHED


def test_one_or_two_officers_make_a_result_advisory_and_are_not_shown(database: str) -> None:
    hall = a_hall()
    row = hall.opened(officers_figures=SideFigures.OPEN)
    for voter in range(4):
        hall.votes(row, voter, 0)
    hall.votes(row, 0, 1, side=OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.published(row)
    result = round_result(row.uuid)
    assert result.tally.advisory
    assert result.is_recounted
    assert {line.outcome.officers_approvals for line in result.lines} == {None}
    assert b"officers" not in ballots_file(row.uuid)
    with reading() as db:
        assert set(db.scalars(select(Goal.state))) == {GoalState.PROPOSED}
        assert "contested" not in set(db.scalars(select(GoalEvent.kind)))


def test_what_was_frozen_at_opening_can_be_downloaded_and_hashed_again(database: str) -> None:
    import json

    hall = a_hall()
    row = hall.opened()
    content = json.loads(frozen_text(row.uuid))
    assert frozen_hash(content) == voting_round(row.uuid).frozen_hash
    assert content["thresholds"] == {"residents": "1/2", "officers": "1/2"}
    assert [candidate["goal"] for candidate in content["candidates"]] == [str(goal) for goal in hall.goals]
    assert [(batch["side"], batch["minted"], batch["void"]) for batch in content["passes"]] == [
        ("residents", 25, 0),
        ("officers", 6, 0),
    ]
