"""Splitting a concern that tells of two things: the second one gets a story of its own."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid
from lib.model import Category, Concern, ConcernAnswer, ConcernReview
from lib.queries.personal import personal_in
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.rules.moderation import TextState
from lib.rules.personal import kinds_found
from lib.rules.rights import Actor, Right, require
from lib.rules.text import STORY_LENGTH, clean_text
from lib.services.concern_rows import concern_with, require_posting_at
from lib.services.forgetting import forget_words_and_photos
from lib.services.log import record, text_digest
from lib.storage.transaction import writing

PART, ANSWER, CATEGORY = "What the second concern is about", "Answer", "Category"
"""What `Invalid.field` names."""


def split_concern(
    *,
    actor: Actor | None,
    concern_uuid: UUID,
    category_key: str | None,
    part: str,
    text: str,
    now: datetime | None = None,
) -> UUID:
    """Make a second concern of a part of an open one; its uuid. The first one keeps words, place and status.

    `part`: what the second one says, in the officer's words; `text`: what everybody reads in both stories. It lies
    where the first one lies, was raised when that was raised, and is followed through the same link. A part that may
    name a person is held for a moderator, as a reporter's own words are. Only an officer posted to the beat. Raises
    SignInNeeded, NotAllowed (right, beat), NotFound, Conflict (closed or erased), Invalid (words, category).
    """
    person = require(actor, Right.ANSWER_CONCERN)
    at = now or clock.now()
    said = clean_text(part, field=PART, longest=STORY_LENGTH, required=True, lines=True)
    words = clean_text(text, field=ANSWER, longest=STORY_LENGTH, required=True, lines=True)
    with writing() as db:
        whole = concern_with(db, concern_uuid)
        require_posting_at(db, person, whole)
        if whole.status not in OPEN_CONCERN or whole.erased_at is not None:
            raise Conflict("Only an open concern whose reporter has not taken it back can be split.")
        category = db.scalar(select(Category).where(Category.key == category_key, Category.is_public))
        if category is None:
            raise Invalid("Choose what the second concern is about from the list.", field=CATEGORY)
        salt = secrets.token_bytes(16)
        personal = personal_in(said)
        new = Concern(
            category_id=category.id,
            beat_id=whole.beat_id,
            cell=whole.cell,
            place_kind=whole.place_kind,
            text="" if personal else said,
            text_state=TextState.HELD if personal else TextState.SHOWN,
            frequency="",
            status=ConcernStatus.ACKNOWLEDGED,
            reported_at=whole.reported_at,
            answered_at=at,
            split_from_id=whole.id,
            salt=salt,
        )
        db.add(new)
        db.flush()
        if personal:
            db.add(ConcernReview(concern_id=new.id, original=said, findings=kinds_found(personal), held_at=at))
        whole.answered_at = whole.answered_at or at
        if whole.status is ConcernStatus.NEW:
            whole.status = ConcernStatus.ACKNOWLEDGED
        for concern, other in ((whole, new), (new, whole)):
            db.add(
                ConcernAnswer(
                    concern_id=concern.id,
                    person_id=person.person_id,
                    status=concern.status,
                    text=words,
                    answered_at=at,
                    other_id=other.id,
                )
            )
        facts = {"part": str(new.uuid), "text_digest": text_digest(salt, said)}
        record(db, person, "concern_split", "concern", whole.uuid, **facts)
        return new.uuid


def erase_parts(db: Session, concern: Concern, *, erased_at: datetime) -> None:
    """Erase the words of what was split from a concern that is erased: they tell what its reporter told. Each part then
    says no more than the month, as the concern itself. Inside the caller's transaction."""
    wholes = [concern.id]
    while parts := db.scalars(select(Concern.id).where(Concern.split_from_id.in_(wholes))).all():
        db.execute(
            update(Concern)
            .where(Concern.id.in_(parts))
            .values(
                text="",
                text_state=TextState.SHOWN,
                frequency="",
                salt=None,
                follow_digest=None,
                reported_at=concern.reported_at,
                erased_at=erased_at,
            )
        )
        forget_words_and_photos(db, parts)
        wholes = list(parts)
