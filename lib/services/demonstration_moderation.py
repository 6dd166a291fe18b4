"""Storing the demonstration's held words and photos, and what its moderator decided."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lib.demo.concerns import DemoConcern
from lib.demo.moderated import MODERATED, DemoModerated
from lib.model import Category, Concern, ConcernPhoto, ConcernReview, Partner
from lib.rules.lifecycle import ConcernStatus
from lib.rules.moderation import PhotoState, TextState
from lib.rules.personal import find_personal, kinds_found
from lib.services.demonstration_history import Ids, Step

MODERATOR = "facilitator@demo.example"

DECIDED_AFTER = timedelta(hours=3)

SAFE_PARTNER = "Safe Threshold"
"""Whom the contact card about fear at home names."""


def store_moderated(db: Session, concerns: Sequence[DemoConcern], ids: Ids) -> list[Step]:
    """Give the newest unanswered concern of some categories words that name somebody, or a photo, and the contact card
    its partner; the log of it.

    A category without an unanswered concern (in a small city) is left out.
    """
    partner = select(Partner.id).where(Partner.name == SAFE_PARTNER).scalar_subquery()
    db.execute(update(Category).where(Category.key == "domestic_abuse").values(partner_id=partner))
    steps: list[Step] = []
    for told in MODERATED:
        concern = next((each for each in reversed(concerns) if _fits(each, told)), None)
        if concern is not None:
            steps += _stored(db, concern, told, ids)
    return steps


def _fits(concern: DemoConcern, told: DemoModerated) -> bool:
    return concern.category == told.category and concern.story.status is ConcernStatus.NEW


def _stored(db: Session, concern: DemoConcern, told: DemoModerated, ids: Ids) -> list[Step]:
    row = db.scalars(select(Concern).where(Concern.uuid == concern.uuid)).one()
    decided_at = concern.reported_at + DECIDED_AFTER
    moderator, steps = ids.people[MODERATOR], []
    row.text = told.original if told.state is TextState.SHOWN else told.public
    row.text_state = told.state
    if told.state is not TextState.SHOWN:
        is_decided = told.state is not TextState.HELD
        db.add(
            ConcernReview(
                concern_id=row.id,
                original=told.original,
                findings=kinds_found(find_personal(told.original)),
                held_at=concern.reported_at,
                decision=told.state,
                reason=told.reason,
                person_id=moderator if is_decided else None,
                decided_at=decided_at if is_decided else None,
            )
        )
        if is_decided and told.reason is not None:
            facts = {"decision": told.state.value, "reason": told.reason.value}
            steps.append(Step(decided_at, "words_moderated", "concern", str(row.uuid), actor=MODERATOR, facts=facts))
    if told.picture is not None:
        is_decided = told.photo_state is PhotoState.SHOWN
        photo = ConcernPhoto(
            concern_id=row.id,
            photo=told.picture(),
            state=told.photo_state,
            added_at=concern.reported_at,
            person_id=moderator if is_decided else None,
            decided_at=decided_at if is_decided else None,
        )
        db.add(photo)
        db.flush()
        if is_decided:
            steps.append(Step(decided_at, "photo_shown", "photo", str(photo.uuid), actor=MODERATOR, facts={}))
    return steps
