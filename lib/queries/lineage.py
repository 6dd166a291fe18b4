"""Questions about concerns that a goal could grow out of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from lib.model import Beat, Category, Concern, GoalConcern
from lib.queries.supports import supports_counted
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.storage.transaction import reading

MOST = 200


@dataclass(frozen=True)
class ProposableRow:
    """An open concern, with how many support it and in how many goals it already stands."""

    uuid: UUID
    category: str
    beat: str
    text: str
    status: ConcernStatus
    reported_at: datetime
    supports: int
    goals: int


def proposable_concerns(beat_codes: Collection[str]) -> tuple[ProposableRow, ...]:
    """Open public concerns of these beats, the most supported first, at most 200. One statement."""
    supports = supports_counted()
    goals = select(func.count()).where(GoalConcern.concern_id == Concern.id).scalar_subquery()
    question = (
        select(
            Concern.uuid,
            Category.key,
            Beat.code,
            Concern.text,
            Concern.status,
            Concern.reported_at,
            supports.label("supports"),
            goals.label("goals"),
        )
        .join(Category, Category.id == Concern.category_id)
        .join(Beat, Beat.id == Concern.beat_id)
        .where(Beat.code.in_(beat_codes), Category.is_public, Concern.status.in_(OPEN_CONCERN), Concern.text != "")
        .order_by(supports.desc(), Concern.reported_at.desc(), Concern.id)
        .limit(MOST)
    )
    with reading() as db:
        return tuple(ProposableRow(*row) for row in db.execute(question))
