"""What each side says for and against a goal before the vote; taken back it stays, crossed out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from lib import clock
from lib.errors import Conflict, NotAllowed, NotFound
from lib.model import Goal, GoalArgument
from lib.rules.goals import Stance
from lib.rules.lifecycle import Electorate, GoalState, electorate_of
from lib.rules.rights import Actor, Right, require
from lib.rules.text import LINE_LENGTH, clean_text
from lib.services.goal_rows import goal_with, is_being_voted, note_event, require_posting
from lib.services.log import record
from lib.storage.transaction import writing

MOST_OF_A_SIDE = 12
"""Arguments of one side, taken back ones not counted: more than a room reads before it votes."""

TOO_LATE = "Arguments belong before the vote, and the vote on this goal has begun."


def argue(*, actor: Actor | None, goal_uuid: UUID, stance: Stance, text: str, now: datetime | None = None) -> int:
    """Say something for or against a goal before the vote, for one's own side; the argument's id.

    Officers of the goal's beats argue for the officers, facilitators for their side. Raises SignInNeeded, NotAllowed
    (right, beat, no side), NotFound, Conflict (too late, or the side has said enough), Invalid (text).
    """
    person = require(actor, Right.ARGUE_GOAL)
    side = _side(person)
    when = now or clock.now()
    with writing() as db:
        goal = goal_with(db, goal_uuid)
        require_posting(db, person, goal)
        _require_before_vote(goal, is_being_voted(db, goal.id))
        said = select(func.count()).where(
            GoalArgument.goal_id == goal.id, GoalArgument.side == side, GoalArgument.withdrawn_at.is_(None)
        )
        if (db.scalar(said) or 0) >= MOST_OF_A_SIDE:
            raise Conflict(f"The {side.value} have said {MOST_OF_A_SIDE} things already. Take one back first.")
        argument = GoalArgument(
            goal_id=goal.id,
            stance=stance,
            side=side,
            text=clean_text(text, field="Argument", longest=LINE_LENGTH, required=True),
            person_id=person.person_id,
            argued_at=when,
        )
        db.add(argument)
        db.flush()
        note_event(db, goal, "argued", f"The {side.value} said something {stance.value} it.", at=when)
        record(db, person, "goal_argued", "goal", goal.uuid, side=side.value, stance=stance.value)
        return argument.id


def withdraw_argument(*, actor: Actor | None, argument_id: int, now: datetime | None = None) -> None:
    """Take an argument of one's own side back before the vote: it stays readable, crossed out.

    Raises SignInNeeded, NotAllowed (right, beat, the other side's), NotFound, Conflict (taken back before, too late).
    """
    person = require(actor, Right.ARGUE_GOAL)
    side = _side(person)
    when = now or clock.now()
    with writing() as db:
        argument = db.scalar(select(GoalArgument).where(GoalArgument.id == argument_id).with_for_update())
        if argument is None:
            raise NotFound("This argument does not exist. Go back to the goal.")
        goal = db.get_one(Goal, argument.goal_id)
        require_posting(db, person, goal)
        if argument.side != side:
            raise NotAllowed(f"Only the {argument.side.value} can take back what they said.")
        if argument.withdrawn_at is not None:
            raise Conflict("This was taken back already. Reload the page.")
        _require_before_vote(goal, is_being_voted(db, goal.id))
        argument.withdrawn_at = when
        record(db, person, "argument_withdrawn", "goal", goal.uuid, side=side.value, argument=argument.id)


def _side(person: Actor) -> Electorate:
    side = electorate_of(person.side)
    if side is None:
        raise NotAllowed("Arguments are given for a side, and you stand on neither.")
    return side


def _require_before_vote(goal: Goal, is_voted_on: bool) -> None:
    if goal.state not in (GoalState.PROPOSED, GoalState.CANDIDATE) or is_voted_on:
        raise Conflict(TOO_LATE)
