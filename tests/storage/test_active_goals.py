"""What made a goal active stays: the database refuses every way of taking it away, and a story once told stays."""

import threading

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from lib.errors import Conflict
from lib.model import Commitment, Goal, Measure, StoryVersion
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.services.commitments import accept_commitment, offer_commitment, release_commitment
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_city, a_facilitator, a_goal, a_person, uuid_of

KEEPS = "active goal keeps its measure and a commitment of each side"


def an_active_goal() -> int:
    a_city()
    return a_goal(a_beat(), state=GoalState.ACTIVE)


def only_of(goal: int, party: Party) -> int:
    with reading() as db:
        return db.scalars(select(Commitment.id).where(Commitment.goal_id == goal, Commitment.party == party)).one()


@pytest.mark.parametrize("party", [Party.RESIDENTS, Party.OFFICERS])
@pytest.mark.parametrize("state", [CommitmentState.RELEASED, CommitmentState.OFFERED])
def test_the_last_commitment_of_a_side_cannot_be_undone(database: str, party: Party, state: CommitmentState) -> None:
    only = only_of(an_active_goal(), party)
    with pytest.raises(DBAPIError, match=KEEPS), writing() as db:
        db.execute(update(Commitment).where(Commitment.id == only).values(state=state, released_reason="x"))


@pytest.mark.parametrize("party", [Party.RESIDENTS, Party.OFFICERS])
def test_the_last_commitment_of_a_side_cannot_be_deleted(database: str, party: Party) -> None:
    only = only_of(an_active_goal(), party)
    with pytest.raises(DBAPIError, match=KEEPS), writing() as db:
        db.execute(delete(Commitment).where(Commitment.id == only))


def test_a_commitment_cannot_change_its_side_or_its_goal(database: str) -> None:
    goal = an_active_goal()
    other = a_goal(a_beat("K9", west=-122.2), state=GoalState.ADOPTED)
    only = only_of(goal, Party.OFFICERS)
    for change in ({"party": Party.RESIDENTS}, {"goal_id": other}):
        with pytest.raises(DBAPIError, match=KEEPS), writing() as db:
            db.execute(update(Commitment).where(Commitment.id == only).values(**change))


def test_deleting_all_commitments_in_one_statement_is_refused(database: str) -> None:
    goal = an_active_goal()
    with pytest.raises(DBAPIError, match=KEEPS), writing() as db:
        db.execute(delete(Commitment).where(Commitment.goal_id == goal))


def test_the_measure_cannot_be_deleted_or_moved(database: str) -> None:
    goal = an_active_goal()
    other = a_goal(a_beat("K9", west=-122.2), state=GoalState.ADOPTED)
    for change in (delete(Measure), update(Measure).values(goal_id=other)):
        with pytest.raises(DBAPIError, match=KEEPS), writing() as db:
            db.execute(change.where(Measure.goal_id == goal))


@pytest.mark.parametrize("state", [CommitmentState.UNACCEPTED, CommitmentState.BROKEN])
def test_a_handover_and_a_broken_promise_keep_the_goal_active(database: str, state: CommitmentState) -> None:
    only = only_of(an_active_goal(), Party.OFFICERS)
    with writing() as db:
        db.execute(update(Commitment).where(Commitment.id == only).values(state=state))
    with reading() as db:
        assert db.scalars(select(Goal.state)).one() is GoalState.ACTIVE


def test_a_goal_that_is_not_active_lets_its_commitments_and_measure_go(database: str) -> None:
    goal = an_active_goal()
    with writing() as db:
        db.execute(update(Goal).where(Goal.id == goal).values(state=GoalState.WITHDRAWN, withdrawn_reason="x"))
        db.execute(delete(Commitment).where(Commitment.goal_id == goal))
        db.execute(delete(Measure).where(Measure.goal_id == goal))


@pytest.mark.parametrize("state", [CommitmentState.UNACCEPTED, CommitmentState.BROKEN])
def test_a_goal_does_not_begin_on_a_broken_or_waiting_commitment_but_goes_on_with_it(
    database: str, state: CommitmentState
) -> None:
    goal = an_active_goal()
    only = only_of(goal, Party.OFFICERS)
    with writing() as db:
        db.execute(update(Goal).where(Goal.id == goal).values(state=GoalState.ADOPTED))
        db.execute(update(Commitment).where(Commitment.id == only).values(state=state))
    begin = update(Goal).where(Goal.id == goal).values(state=GoalState.ACTIVE)
    with pytest.raises(DBAPIError, match="becomes active only with"), writing() as db:
        db.execute(begin)
    with writing() as db:
        db.execute(update(Goal).where(Goal.id == goal).values(state=GoalState.ACHIEVED))
        db.execute(begin)


def test_what_a_story_said_stays_as_it_was_told(database: str) -> None:
    goal = an_active_goal()
    told = StoryVersion(goal_id=goal, scanning="Loud", analysis="", response="", assessment="", told_at=NOON)
    with writing() as db:
        db.add(told)
    for change in (update(StoryVersion).values(scanning="Quiet"), delete(StoryVersion)):
        with pytest.raises(DBAPIError, match="stays as it was told"), writing() as db:
            db.execute(change)


def test_two_releases_at_once_leave_one_commitment(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.ACTIVE)
    officer, resident = a_person(beats=(beat,)), a_facilitator()
    second = offer_commitment(
        actor=officer,
        goal_uuid=uuid_of(Goal, goal),
        party=Party.OFFICERS,
        owner="Maya",
        deliverable="Foot patrol",
        due_on=NOON.date(),
        now=NOON,
    )
    first = only_of_accepted(goal)
    accept_commitment(actor=officer, commitment_id=second, now=NOON)
    barrier = threading.Barrier(2)
    ended: list[str] = []

    def release(commitment: int) -> None:
        barrier.wait()
        try:
            release_commitment(actor=resident, commitment_id=commitment, reason="Not needed", now=NOON)
            ended.append("released")
        except Conflict:
            ended.append("refused")

    threads = [threading.Thread(target=release, args=(each,)) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["refused", "released"]


def only_of_accepted(goal: int) -> int:
    with reading() as db:
        return db.scalars(
            select(Commitment.id).where(
                Commitment.goal_id == goal,
                Commitment.party == Party.OFFICERS,
                Commitment.state == CommitmentState.ACCEPTED,
            )
        ).one()
