"""Goals that one side carried: the other side answers by a day, and a second vote follows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.clock import now
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import CandidateText, Goal, GoalEvent
from lib.queries.contested import OwedAnswer, contested_goal, contested_goals, owed_answers
from lib.queries.live import live_snapshot
from lib.queries.voting import RoundRow, round_of
from lib.rules.lifecycle import Electorate, GoalState, RoundState, Side
from lib.services.contested import answer_contested, plan_second_vote
from lib.services.goal_rows import day_in_city
from lib.services.publishing import ANSWER_DAYS
from lib.services.rounds import open_round
from lib.storage.transaction import reading
from tests.builders import a_facilitator, a_person
from tests.hall import Hall, a_hall

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


def a_contested_round(hall: Hall) -> RoundRow:
    """Residents carried the first goal, officers the second, both the third."""
    row = hall.opened(places=2)
    for voter in range(9):
        hall.votes(row, voter, 0, 2)
    for officer in range(4):
        hall.votes(row, officer, 1, 2, side=OFFICERS)
    hall.counted(row)
    hall.published(row)
    return round_of(row.id)


def answered(
    hall: Hall, row: RoundRow, *, by: object = None, goal: int = 0, offer: str = "Two evenings a week"
) -> None:
    answer_contested(
        actor=by or a_person(beats=(hall.beat_id,)),  # type: ignore[arg-type]
        round_uuid=row.uuid,
        goal_uuid=hall.goals[goal],
        reason="We are four officers for nine blocks.",
        counter_offer=offer,
    )


def test_the_side_that_did_not_carry_a_goal_owes_an_answer_by_a_day_that_the_room_sees(database: str) -> None:
    hall = a_hall()
    row = a_contested_round(hall)
    due = day_in_city(now()) + timedelta(days=ANSWER_DAYS)
    owed = {hall.goals[0]: OwedAnswer(OFFICERS, due), hall.goals[1]: OwedAnswer(RESIDENTS, due)}
    assert owed_answers(row.id) == owed
    assert live_snapshot(hall.meeting_uuid).owed == owed
    assert not OwedAnswer(OFFICERS, due).is_overdue(due)
    assert OwedAnswer(OFFICERS, due).is_overdue(due + timedelta(days=1))


def test_an_answer_with_its_offer_is_public_and_stands_on_the_goals_timeline(database: str) -> None:
    hall = a_hall()
    row = a_contested_round(hall)
    answered(hall, row)
    told = contested_goal(hall.goals[0])
    assert told is not None
    assert (told.owed.reason, told.owed.counter_offer, told.has_second_vote, told.beats) == (
        "We are four officers for nine blocks.",
        "Two evenings a week",
        False,
        ("K2",),
    )
    assert told.owed.answered_at is not None
    with reading() as db:
        assert "The officers answered why they did not carry it and made an offer." in db.scalars(
            select(GoalEvent.sentence)
        )
    assert contested_goal(hall.goals[2]) is None
    assert [each.goal_uuid for each in contested_goals(["K2"])] == [hall.goals[0], hall.goals[1]]
    assert contested_goals(["Z9"]) == ()


def test_each_side_answers_for_itself(database: str) -> None:
    hall = a_hall()
    row = a_contested_round(hall)
    with pytest.raises(NotAllowed, match="officers owe"):
        answered(hall, row, by=hall.facilitator)
    with pytest.raises(NotAllowed, match="residents owe"):
        answered(hall, row, by=a_facilitator("Noor", side=Side.OFFICERS), goal=1)
    with pytest.raises(NotAllowed, match="not posted there"):
        answered(hall, row, by=a_person("Elsewhere"))
    answered(hall, row, by=a_facilitator("Noor", side=Side.OFFICERS))
    answered(hall, row, by=hall.facilitator, goal=1)


def test_a_goal_that_is_not_contested_and_an_empty_reason_are_refused(database: str) -> None:
    hall = a_hall()
    row = a_contested_round(hall)
    with pytest.raises(NotFound, match="No answer is owed"):
        answered(hall, row, goal=2)
    with pytest.raises(Invalid):
        answer_contested(
            actor=a_person(beats=(hall.beat_id,)), round_uuid=row.uuid, goal_uuid=hall.goals[0], reason="  "
        )


def test_the_second_vote_holds_what_was_answered_with_the_offer_beside_it(database: str) -> None:
    hall = a_hall()
    row = a_contested_round(hall)
    with pytest.raises(Conflict, match="owed until"):
        plan_second_vote(actor=hall.facilitator, meeting_id=hall.meeting_id, first_round_uuid=row.uuid)
    answered(hall, row)
    second = plan_second_vote(actor=hall.facilitator, meeting_id=hall.meeting_id, first_round_uuid=row.uuid)
    planned = round_of(second)
    assert (planned.state, planned.places) == (RoundState.DRAFT, 1)
    assert [candidate.goal_uuid for candidate in planned.candidates] == hall.goals[:1]
    with reading() as db:
        summary = db.scalar(select(CandidateText.summary).where(CandidateText.candidate_id == planned.candidates[0].id))
    assert summary is not None
    assert summary.endswith("The officers offer: Two evenings a week")
    with pytest.raises(Conflict, match="owed until"):
        plan_second_vote(actor=hall.facilitator, meeting_id=hall.meeting_id, first_round_uuid=row.uuid)
    answered(hall, row, offer="Three evenings a week")
    open_round(actor=hall.facilitator, second=hall.second, round_id=second)
    with pytest.raises(Conflict, match="second vote has begun"):
        answered(hall, row)


def test_an_answer_that_never_came_does_not_hold_up_the_second_vote(database: str) -> None:
    hall = a_hall()
    row = a_contested_round(hall)
    late = day_in_city(now()) + timedelta(days=ANSWER_DAYS + 1)
    second = plan_second_vote(actor=hall.facilitator, meeting_id=hall.meeting_id, first_round_uuid=row.uuid, today=late)
    assert [candidate.goal_uuid for candidate in round_of(second).candidates] == hall.goals[:2]
    with pytest.raises(Conflict, match="on a second ballot already"):
        plan_second_vote(actor=hall.facilitator, meeting_id=hall.meeting_id, first_round_uuid=row.uuid, today=late)


def test_a_goal_that_both_carry_the_second_time_is_adopted(database: str) -> None:
    hall = a_hall()
    row = a_contested_round(hall)
    answered(hall, row)
    second = round_of(plan_second_vote(actor=hall.facilitator, meeting_id=hall.meeting_id, first_round_uuid=row.uuid))
    open_round(actor=hall.facilitator, second=hall.second, round_id=second.id)
    for voter in range(9):
        hall.votes(second, voter, 0)
    for officer in range(4):
        hall.votes(second, officer, 0, side=OFFICERS)
    hall.counted(second)
    hall.published(second)
    with reading() as db:
        assert db.get_one(Goal, hall.goal_ids[0]).state is GoalState.ADOPTED
    assert contested_goals(["K2"])[0].goal_uuid == hall.goals[1]
