"""What made a goal active stays: the database refuses every way of taking it away, and a story once told stays."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from lib.errors import Conflict
from lib.model import Commitment, Goal, Measure, MeasureArea, MeasureMonth, StoryVersion
from lib.rules.goals import AreaUse, Direction, MeasureKind
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.services.commitments import accept_commitment, offer_commitment, release_commitment
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_city, a_facilitator, a_goal, a_person, uuid_of

KEEPS = "active goal keeps its measure and a commitment of each side"
JUDGED = "what a goal is judged by stays once it has begun"


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


@pytest.mark.parametrize("state", [GoalState.ACTIVE, GoalState.ACHIEVED])
@pytest.mark.parametrize(
    "change",
    [
        {"target": 9},
        {"baseline": 100},
        {"baseline_months": 3},
        {"starts_on": date(2025, 1, 1)},
        {"due_on": date(2030, 1, 1)},
        {"direction": Direction.UP, "target": 20},
        {"kind": MeasureKind.CONCERNS, "category": "noise"},
        {"category": "noise"},
        {"outline": "{}"},
    ],
    ids=str,
)
def test_what_a_goal_is_judged_by_stays_once_it_has_begun(
    database: str, state: GoalState, change: dict[str, Any]
) -> None:
    goal = an_active_goal()
    with writing() as db:
        db.execute(update(Goal).where(Goal.id == goal).values(state=state))
    with pytest.raises(DBAPIError, match=JUDGED), writing() as db:
        db.execute(update(Measure).where(Measure.goal_id == goal).values(**change))


@pytest.mark.parametrize("state", [GoalState.ACTIVE, GoalState.ACHIEVED])
def test_the_beats_beside_stay_once_the_goal_has_begun(database: str, state: GoalState) -> None:
    goal = an_active_goal()
    far, farther = a_beat("K8", west=-122.1), a_beat("K9", west=-122.0)
    with writing() as db:
        measure = db.scalars(select(Measure.id)).one()
        db.execute(update(Goal).where(Goal.id == goal).values(state=GoalState.ADOPTED))
        db.add(MeasureArea(measure_id=measure, beat_id=far, use=AreaUse.COMPARISON))
    with writing() as db:
        db.execute(update(Goal).where(Goal.id == goal).values(state=GoalState.ACTIVE))
        db.execute(update(Goal).where(Goal.id == goal).values(state=state))
    for change in (
        insert(MeasureArea).values(measure_id=measure, beat_id=farther, use=AreaUse.COMPARISON),
        update(MeasureArea).values(beat_id=farther),
        update(MeasureArea).values(use=AreaUse.NEIGHBOUR),
        delete(MeasureArea),
    ):
        with pytest.raises(DBAPIError, match=JUDGED), writing() as db:
            db.execute(change)


def test_months_of_a_drawn_area_are_kept_right_while_the_goal_runs(database: str) -> None:
    an_active_goal()
    with writing() as db:
        measure = db.scalars(select(Measure.id)).one()
        db.add(MeasureMonth(measure_id=measure, month=date(2026, 4, 1), incidents=4))
    with writing() as db:
        db.execute(update(MeasureMonth).values(incidents=5))
        db.execute(delete(MeasureMonth))


def test_replacing_a_row_deletes_it_too(sqlite_database: str) -> None:
    """SQLite runs the triggers of a replaced row's deletion only where it is told to."""
    goal = an_active_goal()
    with writing() as db:
        db.add(StoryVersion(goal_id=goal, scanning="Loud", analysis="", response="", assessment="", told_at=NOON))
    with reading() as db:
        story = db.execute(select(StoryVersion.__table__)).mappings().one()
        measure = db.execute(select(Measure.__table__)).mappings().one()
    for table, row, words in (
        (StoryVersion, {**story, "scanning": "Quiet"}, "stays as it was told"),
        (Measure, {**measure, "target": 9}, KEEPS),
    ):
        with pytest.raises(DBAPIError, match=words), writing() as db:
            db.execute(insert(table).prefix_with("OR REPLACE").values(**row))


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
    barrier = threading.Barrier(2, timeout=60)
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
