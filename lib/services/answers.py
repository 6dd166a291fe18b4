"""What officers do about a concern: answer it, and look up its exact place where the reporter agreed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import ConcernAnswer, ConcernPlace, Partner
from lib.rules.geography import Point
from lib.rules.lifecycle import CONCERN_MOVES, OPEN_CONCERN, ConcernStatus, Role
from lib.rules.moves import require_move
from lib.rules.rights import Actor, Right, require
from lib.rules.states import words as said_of
from lib.rules.text import STORY_LENGTH, clean_text
from lib.services.concern_rows import concern_with, require_posting_at
from lib.services.log import record
from lib.services.merging import merge_into, take_out
from lib.storage.transaction import writing

ANSWER, PARTNER = "Answer", "Partner"
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
    partner_id: int | None = None,
    seen: ConcernStatus | None = None,
    now: datetime | None = None,
) -> None:
    """Answer a concern in words that everybody can read, and move it to a status; the same status adds to the story.

    Only an officer posted to the concern's beat (a coordinator may add words in every beat, without moving anything).
    A duplicate needs the concern it is merged into, a referred one the partner. A duplicate that is opened again is
    taken out of the other one. `seen`: the status that whoever answers had before them; where somebody else has moved
    it meanwhile, nothing is written. Raises SignInNeeded, NotAllowed (right, beat, role), NotFound, Conflict (no such
    move, moved meanwhile), Invalid (no words, reason missing, no or wrong concern to merge into, no partner).
    """
    person = require(actor, Right.ANSWER_CONCERN)
    at = now or clock.now()
    words = clean_text(text, field=ANSWER, longest=STORY_LENGTH, required=True, lines=True)
    with writing() as db:
        concern = concern_with(db, concern_uuid)
        if Role.COORDINATOR not in person.roles:
            require_posting_at(db, person, concern)
        before = concern.status
        if seen is not None and seen is not before:
            raise Conflict(
                f"Somebody else has answered meanwhile: it is {said_of(before)} now. Read that, then send yours."
            )
        if status is not before:
            require_move(CONCERN_MOVES, before, status, roles=person.roles, side=person.side, reason=words)
        elif before not in OPEN_CONCERN:
            raise Conflict("This concern is closed. Open it again (investigating) to say more about it.")
        other_id = None
        if status is ConcernStatus.DUPLICATE:
            other_id = merge_into(db, concern, duplicate_of)
        elif concern.duplicate_of_id is not None:
            other_id = take_out(db, concern)
        concern.referred_to_id = _partner(db, partner_id) if status is ConcernStatus.REFERRED else None
        concern.status = status
        concern.answered_at = concern.answered_at or at
        concern.closed_at = None if status in OPEN_CONCERN else at
        db.add(
            ConcernAnswer(
                concern_id=concern.id,
                person_id=person.person_id,
                status=status,
                text=words,
                answered_at=at,
                other_id=other_id,
                partner_id=concern.referred_to_id,
            )
        )
        facts = {"from_status": before.value, "to_status": status.value}
        record(db, person, "concern_answered", "concern", concern.uuid, **facts)


def see_exact_place(*, actor: Actor | None, concern_uuid: UUID) -> ExactPlace:
    """The exact place and contact of a concern, for an officer posted to its beat; each view is logged.

    Raises SignInNeeded, NotAllowed (right, beat, the reporter did not agree), NotFound (no concern, nothing exact).
    """
    person = require(actor, Right.SEE_EXACT_PLACE)
    with writing() as db:
        concern = concern_with(db, concern_uuid)
        require_posting_at(db, person, concern)
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


def _partner(db: Session, partner_id: int | None) -> int:
    """Raises Invalid without a partner that is known."""
    if partner_id is None or db.get(Partner, partner_id) is None:
        raise Invalid("Choose who it is passed on to from the list of partners.", field=PARTNER)
    return partner_id
