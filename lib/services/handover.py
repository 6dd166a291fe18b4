"""When somebody of the officers' side leaves: what they answered for waits, in public, until a successor takes it on.

An officer serves a goal while they are active, hold the role officer, and are posted to one of its beats today. A
facilitator of the officers' side who was never posted there speaks for the side while they are active and hold that
role on that side. Once that ends, each accepted commitment that they answer for becomes unaccepted, by rule. Nobody
decides it and nothing is lost: the clock of the due date runs on, and an active goal stays active.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lib import clock
from lib.model import City, Commitment, CommitmentOfficer, Goal, GoalBeat, OfficerPosting, Person, PersonRole
from lib.rules.lifecycle import COMMITMENT_MOVES, CommitmentState, Party, Role, Side
from lib.rules.moves import require_rule
from lib.services.goal_rows import RUNNING, note_event
from lib.services.log import record
from lib.storage.transaction import reading, writing

LEFT = "Whoever answered for a commitment of the officers left. It waits for a successor."


def hand_over_ended_postings(*, now: datetime | None = None) -> int:
    """Make unaccepted what people answer for who serve there no more; how many commitments.

    One statement reads where there is nothing to do; writes only where there is.
    """
    at = now or clock.now()
    with reading() as db:
        if db.scalar(_left_behind(day_of(db, at)).limit(1)) is None:
            return 0
    with writing() as db:
        return hand_over(db, on=day_of(db, at), at=at)


def hand_over(db: Session, *, on: date, at: datetime) -> int:
    """As `hand_over_ended_postings`, inside the caller's transaction: ending a posting hands over at once."""
    db.flush()
    left = db.scalars(_left_behind(on).with_for_update(of=Commitment)).all()
    for commitment in left:
        require_rule(COMMITMENT_MOVES, commitment.state, CommitmentState.UNACCEPTED)
        commitment.state = CommitmentState.UNACCEPTED
        note_event(db, db.get_one(Goal, commitment.goal_id), "handed_over", LEFT, at=at)
        record(db, None, "commitment_handed_over", "commitment", commitment.id)
    return len(left)


def answers_for(db: Session, commitment: Commitment, person_id: int, *, on: date) -> None:
    """Note that this person answers for a commitment of the officers from now on, if they serve the goal."""
    if commitment.party is not Party.OFFICERS:
        return
    serves = select(Goal.id).where(Goal.id == commitment.goal_id, _serves(person_id, on))
    if db.scalar(serves) is not None:
        db.merge(CommitmentOfficer(commitment_id=commitment.id, person_id=person_id))


def day_of(db: Session, at: datetime) -> date:
    """The city's calendar date at an instant, also before there is a city (then in UTC)."""
    return at.astimezone(ZoneInfo(db.scalar(select(City.time_zone)) or "UTC")).date()


def _left_behind(on: date) -> Select[Commitment]:
    """Accepted commitments of the officers, on goals that run, whose owner does not serve there on a day."""
    return (
        select(Commitment)
        .join(CommitmentOfficer, CommitmentOfficer.commitment_id == Commitment.id)
        .join(Goal, Goal.id == Commitment.goal_id)
        .where(
            Commitment.state == CommitmentState.ACCEPTED,
            Commitment.party == Party.OFFICERS,
            Goal.state.in_(RUNNING),
            ~_serves(CommitmentOfficer.person_id, on),
        )
        .order_by(Commitment.id)
    )


def _serves(person_id: int | InstrumentedAttribute[int], on: date) -> ColumnElement[bool]:
    """Whether somebody serves the (outer) goal on a day."""
    return or_(_is_posted(person_id, on), _speaks_for_officers(person_id))


def _is_posted(person_id: int | InstrumentedAttribute[int], on: date) -> ColumnElement[bool]:
    """An active officer, posted to one of the goal's beats on a day."""
    return exists(
        select(OfficerPosting.id)
        .join(GoalBeat, GoalBeat.beat_id == OfficerPosting.beat_id)
        .join(Person, Person.id == OfficerPosting.person_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            GoalBeat.goal_id == Goal.id,
            OfficerPosting.person_id == person_id,
            OfficerPosting.valid_from <= on,
            or_(OfficerPosting.valid_to.is_(None), OfficerPosting.valid_to > on),
            Person.is_active,
            PersonRole.role == Role.OFFICER,
        )
        .correlate(Goal, CommitmentOfficer)
    )


def _speaks_for_officers(person_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """An active facilitator of the officers' side. Whoever was ever posted to one of the goal's beats leaves with the
    posting, whatever else they are."""
    was_posted = exists(
        select(OfficerPosting.id)
        .join(GoalBeat, GoalBeat.beat_id == OfficerPosting.beat_id)
        .where(GoalBeat.goal_id == Goal.id, OfficerPosting.person_id == person_id)
        .correlate(Goal, CommitmentOfficer)
    )
    speaks = exists(
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.id == person_id,
            Person.is_active,
            Person.side == Side.OFFICERS,
            PersonRole.role == Role.FACILITATOR,
        )
        .correlate(CommitmentOfficer)
    )
    return and_(speaks, ~was_posted)
