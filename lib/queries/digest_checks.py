"""What moderators decided about the words and photos of followed concerns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.model import ConcernPhoto, ConcernReview
from lib.queries.digest_period import Period
from lib.rules.digest import Checked
from lib.rules.moderation import PhotoState, Reason, TextState


@dataclass(frozen=True)
class _Decision:
    at: datetime
    decision: TextState
    reason: Reason | None
    is_photo: bool


@dataclass(frozen=True)
class Checks:
    """Decisions by concern."""

    by_concern: Mapping[int, Sequence[_Decision]]

    def since(self, concern_id: int, instant: datetime, zone: ZoneInfo) -> tuple[Checked, ...]:
        """What was decided about a concern after an instant, the oldest first."""
        decided = (each for each in self.by_concern.get(concern_id, ()) if each.at > instant)
        return tuple(
            Checked(each.at.astimezone(zone).date(), each.decision, each.reason, each.is_photo)
            for each in sorted(decided, key=lambda each: each.at)
        )


def checks_of(db: Session, concern_ids: Collection[int], period: Period) -> Checks:
    """Two statements."""
    found: dict[int, list[_Decision]] = {}
    words = db.execute(
        select(ConcernReview.concern_id, ConcernReview.decided_at, ConcernReview.decision, ConcernReview.reason).where(
            ConcernReview.concern_id.in_(concern_ids),
            ConcernReview.decided_at > period.since,
            ConcernReview.decided_at <= period.until,
        )
    )
    for concern_id, at, decision, reason in words:
        if at is not None:
            found.setdefault(concern_id, []).append(_Decision(at, decision, reason, is_photo=False))
    photos = db.execute(
        select(ConcernPhoto.concern_id, ConcernPhoto.decided_at, ConcernPhoto.state, ConcernPhoto.reason).where(
            ConcernPhoto.concern_id.in_(concern_ids),
            ConcernPhoto.state != PhotoState.HELD,
            ConcernPhoto.decided_at > period.since,
            ConcernPhoto.decided_at <= period.until,
        )
    )
    for concern_id, at, state, reason in photos:
        if at is not None:
            found.setdefault(concern_id, []).append(_Decision(at, TextState(state.value), reason, is_photo=True))
    return Checks(found)
