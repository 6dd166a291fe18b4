"""What officers do about a concern: answer it, and look up its exact place where the reporter agreed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Beat, Concern, ConcernAnswer, ConcernPlace
from lib.rules.geography import Point
from lib.rules.lifecycle import CONCERN_MOVES, OPEN_CONCERN, ConcernStatus, Role, require_move
from lib.rules.rights import Actor, Right, require
from lib.rules.text import STORY_LENGTH, clean_text
from lib.services.goal_rows import require_own_beat
from lib.services.log import record
from lib.storage.transaction import writing

ANSWER = "Answer"
"""What `Invalid.field` names."""


@dataclass(frozen=True)
class ExactPlace:
    """What a reporter let the officers see: a point, an address in words, how to reach them. Any of it may be empty."""

    point: Point | None
    address: str
    contact: str


def answer_concern(
    *,
    actor: Actor | None,
    concern_uuid: UUID,
    status: ConcernStatus,
    text: str,
    duplicate_of: UUID | None = None,
    now: datetime | None = None,
) -> None:
    """Answer a concern in words that everybody can read, and move it to a status; the same status adds to the story.

    Only an officer posted to the concern's beat (a coordinator may add words in every beat, without moving anything).
    A duplicate needs the concern it duplicates. Raises SignInNeeded, NotAllowed (right, beat, role), NotFound, Conflict
    (no such move), Invalid (no words, reason missing, no or wrong concern to duplicate).
    """
    person = require(actor, Right.ANSWER_CONCERN)
    at = now or clock.now()
    words = clean_text(text, field=ANSWER, longest=STORY_LENGTH, required=True, lines=True)
    with writing() as db:
        concern = _concern(db, concern_uuid)
        if Role.COORDINATOR not in person.roles:
            _require_posting(db, person, concern)
        before = concern.status
        if status is not before:
            require_move(CONCERN_MOVES, before, status, roles=person.roles, side=person.side, reason=words)
        elif before not in OPEN_CONCERN:
            raise Conflict("This concern is closed. Open it again (investigating) to say more about it.")
        concern.status = status
        concern.duplicate_of_id = None
        if status is ConcernStatus.DUPLICATE:
            concern.duplicate_of_id = _original(db, concern, duplicate_of)
        concern.answered_at = concern.answered_at or at
        concern.closed_at = None if status in OPEN_CONCERN else at
        db.add(
            ConcernAnswer(concern_id=concern.id, person_id=person.person_id, status=status, text=words, answered_at=at)
        )
        facts = {"from_status": before.value, "to_status": status.value}
        record(db, person, "concern_answered", "concern", concern.uuid, **facts)


def see_exact_place(*, actor: Actor | None, concern_uuid: UUID) -> ExactPlace:
    """The exact place and contact of a concern, for an officer posted to its beat; each view is logged.

    Raises SignInNeeded, NotAllowed (right, beat, the reporter did not agree), NotFound (no concern, nothing exact).
    """
    person = require(actor, Right.SEE_EXACT_PLACE)
    with writing() as db:
        concern = _concern(db, concern_uuid)
        _require_posting(db, person, concern)
        place = db.get(ConcernPlace, concern.id)
        if place is None:
            raise NotFound("The reporter gave no exact place, or took it back.")
        if not place.officers_may_see:
            raise NotAllowed("The reporter did not agree that officers see the exact place.")
        record(db, person, "exact_place_seen", "concern", concern.uuid)
        point = None
        if place.longitude is not None and place.latitude is not None:
            point = Point(place.longitude, place.latitude)
        return ExactPlace(point, place.address, place.contact)


def _concern(db: Session, concern_uuid: UUID) -> Concern:
    """The concern, locked. Raises NotFound."""
    concern = db.scalar(select(Concern).where(Concern.uuid == concern_uuid).with_for_update())
    if concern is None:
        raise NotFound("This concern does not exist. Go back to the list.")
    return concern


def _require_posting(db: Session, person: Actor, concern: Concern) -> None:
    require_own_beat(person, {db.get_one(Beat, concern.beat_id).code})


def _original(db: Session, concern: Concern, duplicate_of: UUID | None) -> int:
    """The id of the concern that goes on, never itself a duplicate. Raises Invalid."""
    original = db.scalar(select(Concern).where(Concern.uuid == duplicate_of)) if duplicate_of else None
    if original is None:
        raise Invalid("Choose the concern that is about the same thing.", field="duplicate_of")
    if original.id == concern.id or original.status is ConcernStatus.DUPLICATE or original.beat_id != concern.beat_id:
        raise Invalid(
            "A duplicate belongs to another concern of the same beat that is no duplicate itself.",
            field="duplicate_of",
        )
    return original.id
