"""Merging a concern into another one, and taking it out again. Inside the caller's transaction.

Nothing moves but `duplicate_of_id`: supports and follow links stay with the concern they were given to, so that what
was merged by mistake is taken out whole; a device that supports both counts once meanwhile. See docs/decisions/0021 and
0030.
"""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lib.errors import Invalid
from lib.model import Concern, ConcernAnswer
from lib.rules.states import ConcernStatus
from lib.services.repeats import mark_repeats

DUPLICATE_OF = "duplicate_of"
"""What `Invalid.field` names."""


def merge_into(db: Session, concern: Concern, original_uuid: UUID | None) -> int:
    """Merge a concern, and what was merged into it before, into another one; that one's id. Raises Invalid."""
    original = (
        db.scalar(select(Concern).where(Concern.uuid == original_uuid).with_for_update()) if original_uuid else None
    )
    if original is None:
        raise Invalid("Choose the concern that is about the same thing.", field=DUPLICATE_OF)
    if original.id == concern.id or original.status is ConcernStatus.DUPLICATE or original.beat_id != concern.beat_id:
        raise Invalid(
            "A duplicate belongs to another concern of the same beat that is no duplicate itself.",
            field=DUPLICATE_OF,
        )
    db.execute(update(Concern).where(Concern.duplicate_of_id == concern.id).values(duplicate_of_id=original.id))
    concern.duplicate_of_id = original.id
    db.flush()
    mark_repeats(db, original.id)
    return original.id


def take_out(db: Session, concern: Concern) -> int | None:
    """Take a concern out of the one that it was merged into, with what it had brought along; that one's id."""
    original_id = concern.duplicate_of_id
    last_merge = (
        select(ConcernAnswer.other_id)
        .where(ConcernAnswer.concern_id == Concern.id, ConcernAnswer.status == ConcernStatus.DUPLICATE)
        .order_by(ConcernAnswer.answered_at.desc(), ConcernAnswer.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    brought = db.scalars(
        select(Concern.id).where(
            Concern.duplicate_of_id == original_id, Concern.id != concern.id, last_merge == concern.id
        )
    ).all()
    db.execute(update(Concern).where(Concern.id.in_(brought)).values(duplicate_of_id=concern.id))
    concern.duplicate_of_id = None
    db.flush()
    for each in (original_id, concern.id):
        if each is not None:
            mark_repeats(db, each)
    return original_id
