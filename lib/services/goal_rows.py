"""What every intention on a goal starts with: its row, who may work on it, and its timeline."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, NotAllowed, NotFound
from lib.model import Beat, Candidate, Goal, GoalBeat, GoalEvent, Measure, Round
from lib.queries.places import city
from lib.rules.lifecycle import GoalState, Role, RoundState
from lib.rules.rights import Actor
from lib.rules.states import words
from lib.rules.text import listed

RUNNING = frozenset({GoalState.PROPOSED, GoalState.CANDIDATE, GoalState.ADOPTED, GoalState.ACTIVE})
"""States in which a goal can still be worked on."""


BEING_VOTED = (RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER, RoundState.SEALED)


def goal_with(db: Session, goal_uuid: UUID) -> Goal:
    """The goal's row, locked for this transaction. Raises NotFound."""
    goal = db.scalar(select(Goal).where(Goal.uuid == goal_uuid).with_for_update())
    if goal is None:
        raise NotFound("This goal does not exist. Go back to the list of goals.")
    return goal


def running_goal(db: Session, goal_uuid: UUID) -> Goal:
    """As `goal_with`, and not ended. Raises NotFound, Conflict."""
    goal = goal_with(db, goal_uuid)
    if goal.state not in RUNNING:
        raise Conflict(f"This goal is {words(goal.state)}: nothing about it can be changed any more.")
    return goal


def require_posting(db: Session, person: Actor, goal: Goal) -> None:
    """Facilitators and coordinators work on every goal, officers on those of their own beats. Raises NotAllowed."""
    require_posting_to(person, codes_of(db, goal.id))


def note_event(db: Session, goal: Goal, kind: str, sentence: str, *, at: datetime | None = None) -> None:
    """Add a line to the goal's timeline, in words of ours (never people's text)."""
    db.add(GoalEvent(goal_id=goal.id, kind=kind, sentence=sentence, happened_at=at or clock.now()))


def day_in_city(when: datetime) -> date:
    """The calendar date of an instant in the city's time zone. Raises NotFound before the city is named."""
    return when.astimezone(ZoneInfo(city().time_zone)).date()


def require_posting_to(person: Actor, codes: Collection[str]) -> None:
    """As `require_posting`, for a goal that is not stored yet. Raises NotAllowed."""
    if not person.roles & {Role.FACILITATOR, Role.COORDINATOR}:
        require_own_beat(person, codes)


def require_own_beat(person: Actor, codes: Collection[str]) -> None:
    """Only somebody posted to one of these beats. Raises NotAllowed."""
    if not person.beats & set(codes):
        raise NotAllowed(
            f"Only an officer of beat {listed(sorted(codes), last='or')} can do this, and you are not posted there."
        )


def codes_of(db: Session, goal_id: int) -> set[str]:
    """The codes of the goal's beats. One statement."""
    return set(
        db.scalars(select(Beat.code).join(GoalBeat, GoalBeat.beat_id == Beat.id).where(GoalBeat.goal_id == goal_id))
    )


def is_being_voted(db: Session, goal_id: int) -> bool:
    """Whether a vote on the goal has begun and is not published yet. One statement."""
    question = (
        select(Round.id)
        .join(Candidate, Candidate.round_id == Round.id)
        .where(Candidate.goal_id == goal_id, Round.state.in_(BEING_VOTED))
        .limit(1)
    )
    return db.scalar(question) is not None


def measure_was_voted_on(db: Session, goal_id: int) -> bool:
    """Whether the goal's measure was there when its last published vote opened. Three statements at most."""
    if db.scalar(select(Measure.id).where(Measure.goal_id == goal_id)) is None:
        return False
    opened = db.scalar(
        select(func.max(Round.opened_at))
        .join(Candidate, Candidate.round_id == Round.id)
        .where(Candidate.goal_id == goal_id, Round.state == RoundState.PUBLISHED)
    )
    if opened is None:
        return False
    told = select(func.max(GoalEvent.happened_at)).where(GoalEvent.goal_id == goal_id, GoalEvent.kind == "measure")
    set_at = db.scalar(told)
    return set_at is None or set_at <= opened
