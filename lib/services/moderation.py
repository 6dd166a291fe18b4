"""What a moderator decides about words and photos that are not public as they came. The original is never changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import Concern, ConcernPhoto, ConcernReview
from lib.rules.moderation import MARK, WORDS_REASONS, PhotoState, Reason, TextState, is_redaction
from lib.rules.rights import Actor, require_moderator
from lib.rules.text import STORY_LENGTH, clean_text
from lib.services.log import record, text_digest
from lib.storage.transaction import writing

PUBLIC_TEXT, REASON = "What everybody reads", "Reason"
"""What `Invalid.field` names."""

GONE = "This concern does not exist, or its reporter took it back."


def show_words(*, actor: Actor | None, concern_uuid: UUID, now: datetime | None = None) -> None:
    """Make the reporter's own words public as they came; also after they were redacted or withheld.

    Raises SignInNeeded, NotAllowed, NotFound (unknown, erased), Conflict (they are public as they are).
    """
    person = require_moderator(actor)
    with writing() as db:
        concern = _concern(db, concern_uuid)
        review = db.get(ConcernReview, concern.id)
        if review is None or concern.text_state is TextState.SHOWN:
            raise Conflict("These words are public as they are. Reload the page.")
        _decide(db, person, concern, review, TextState.SHOWN, review.original, None, now)


def redact_words(
    *, actor: Actor | None, concern_uuid: UUID, text: str, reason: Reason | None, now: datetime | None = None
) -> None:
    """Make the words public with parts taken out, each replaced by the mark "[…]"; also of a concern that is public.

    The original stays until its reporter erases it. Raises SignInNeeded, NotAllowed, NotFound (unknown, erased),
    Invalid (no reason; more changed than taken out).
    """
    person = require_moderator(actor)
    public = clean_text(text, field=PUBLIC_TEXT, longest=STORY_LENGTH, required=True, lines=True)
    why = _reason(reason)
    with writing() as db:
        concern = _concern(db, concern_uuid)
        review = _review(db, concern, now)
        if not is_redaction(review.original, public):
            raise Invalid(
                f"Take out parts by writing {MARK} in their place, leave the rest as it is, and leave something.",
                field=PUBLIC_TEXT,
            )
        _decide(db, person, concern, review, TextState.REDACTED, public, why, now)


def withhold_words(
    *, actor: Actor | None, concern_uuid: UUID, reason: Reason | None, now: datetime | None = None
) -> None:
    """Keep the words from the public, or take them back from it; the concern itself stays and counts.

    Raises SignInNeeded, NotAllowed, NotFound (unknown, erased), Invalid (no reason).
    """
    person = require_moderator(actor)
    why = _reason(reason)
    with writing() as db:
        concern = _concern(db, concern_uuid)
        _decide(db, person, concern, _review(db, concern, now), TextState.WITHHELD, "", why, now)


def show_photo(*, actor: Actor | None, photo_uuid: UUID, now: datetime | None = None) -> None:
    """Make a held photo public. Raises SignInNeeded, NotAllowed, NotFound, Conflict (decided before)."""
    person = require_moderator(actor)
    with writing() as db:
        photo = _photo(db, photo_uuid)
        if photo.state is not PhotoState.HELD:
            raise Conflict("Somebody else has decided about this photo. Reload the page.")
        photo.state, photo.person_id, photo.decided_at = PhotoState.SHOWN, person.person_id, now or clock.now()
        record(db, person, "photo_shown", "photo", photo.uuid)


def withhold_photo(
    *, actor: Actor | None, photo_uuid: UUID, reason: Reason | None, now: datetime | None = None
) -> None:
    """Keep a photo from the public, or take it back from it; the picture is deleted.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (withheld before), Invalid (no reason).
    """
    person = require_moderator(actor)
    if reason is None:
        raise Invalid("Choose why, so that everybody can read it.", field=REASON)
    with writing() as db:
        photo = _photo(db, photo_uuid)
        if photo.state is PhotoState.WITHHELD:
            raise Conflict("Somebody else has decided about this photo. Reload the page.")
        photo.state, photo.reason, photo.photo = PhotoState.WITHHELD, reason, None
        photo.person_id, photo.decided_at = person.person_id, now or clock.now()
        record(db, person, "photo_withheld", "photo", photo.uuid, reason=reason.value)


def _decide(
    db: Session,
    person: Actor,
    concern: Concern,
    review: ConcernReview,
    decision: TextState,
    public: str,
    reason: Reason | None,
    now: datetime | None,
) -> None:
    concern.text, concern.text_state = public, decision
    review.decision, review.reason = decision, reason
    review.person_id, review.decided_at = person.person_id, now or clock.now()
    facts = {
        "decision": decision.value,
        "reason": reason.value if reason else "",
        "text_digest": text_digest(concern.salt or b"", public),
    }
    record(db, person, "words_moderated", "concern", concern.uuid, **facts)


def _review(db: Session, concern: Concern, now: datetime | None) -> ConcernReview:
    """Where the reporter's own words lie; for words that were public until now a new place."""
    review = db.get(ConcernReview, concern.id)
    if review is None:
        review = ConcernReview(concern_id=concern.id, original=concern.text, findings=[], held_at=now or clock.now())
        db.add(review)
    return review


def _concern(db: Session, concern_uuid: UUID) -> Concern:
    """The concern, locked. Raises NotFound."""
    concern = db.scalar(
        select(Concern).where(Concern.uuid == concern_uuid, Concern.erased_at.is_(None)).with_for_update()
    )
    if concern is None:
        raise NotFound(GONE)
    return concern


def _photo(db: Session, photo_uuid: UUID) -> ConcernPhoto:
    photo = db.scalar(select(ConcernPhoto).where(ConcernPhoto.uuid == photo_uuid).with_for_update())
    if photo is None:
        raise NotFound("This photo is not here, or it was taken back.")
    return photo


def _reason(reason: Reason | None) -> Reason:
    if reason is None or reason not in WORDS_REASONS:
        raise Invalid("Choose why, so that everybody can read it.", field=REASON)
    return reason
