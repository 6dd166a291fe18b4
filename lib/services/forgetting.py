"""Forgetting what a reporter wrote and showed, while what moderators kept back of it stays counted.

Inside the caller's transaction. The public list of what was kept back must not shrink when somebody erases: else
whoever moderates too much could hope for it.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lib.model import City, ConcernPhoto, ConcernReview
from lib.rules.moderation import PhotoState, TextState

KEPT_BACK = (TextState.REDACTED, TextState.WITHHELD)


def first_of_month(at: datetime, zone: ZoneInfo) -> datetime:
    """The month in the city of an instant, as an instant: noon in UTC of its first day, which is the same day in
    (nearly) every time zone.

    >>> first_of_month(datetime(2026, 6, 1, 3, tzinfo=UTC), ZoneInfo("America/Los_Angeles")).date().isoformat()
    '2026-05-01'
    """
    local = at.astimezone(zone)
    return datetime(local.year, local.month, 1, 12, tzinfo=UTC)


def forget_words_and_photos(db: Session, concern_ids: Collection[int]) -> None:
    """Delete words and photos of these concerns. Of what was redacted or withheld the decision, its reason, month and
    moderator stay, without a word."""
    zone = ZoneInfo(db.scalar(select(City.time_zone)) or "UTC")
    db.execute(
        delete(ConcernReview).where(ConcernReview.concern_id.in_(concern_ids), ConcernReview.decision.not_in(KEPT_BACK))
    )
    db.execute(
        delete(ConcernPhoto).where(ConcernPhoto.concern_id.in_(concern_ids), ConcernPhoto.state != PhotoState.WITHHELD)
    )
    for review in db.scalars(select(ConcernReview).where(ConcernReview.concern_id.in_(concern_ids))):
        review.original, review.findings = "", []
        review.held_at = first_of_month(review.held_at, zone)
        review.decided_at = first_of_month(review.decided_at or review.held_at, zone)
    for photo in db.scalars(select(ConcernPhoto).where(ConcernPhoto.concern_id.in_(concern_ids))):
        photo.added_at = first_of_month(photo.added_at, zone)
        photo.decided_at = first_of_month(photo.decided_at or photo.added_at, zone)
