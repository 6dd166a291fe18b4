"""What a concern goes on in: the one it was merged into, and the parts that were split from it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CTE, Integer, literal, or_, select
from sqlalchemy.orm import Session, aliased

from lib.model import Concern, ConcernAnswer, Partner, Person
from lib.rules.lifecycle import ConcernStatus

STEPS = 8
"""Further than this nothing was ever merged and split; it ends what would go round in a circle."""


@dataclass(frozen=True)
class AnswerRow:
    """A step: what was said, and the status that the concern moved to. `by` is "" where it followed by rule. `partner`
    and `phone`: whom it was referred to. `other`: the concern it was merged with, or split from or into."""

    status: ConcernStatus
    text: str
    answered_at: datetime
    by: str
    partner: str = ""
    phone: str = ""
    other: UUID | None = None


def concern_line(concern_ids: Collection[int]) -> CTE:
    """A table expression with the column `id`: these concerns, and all that they go on in."""
    start = (
        select(Concern.id, Concern.duplicate_of_id.label("original"), literal(0, Integer).label("step"))
        .where(Concern.id.in_(concern_ids))
        .cte("line", recursive=True)
    )
    following = aliased(Concern)
    return start.union(
        select(following.id, following.duplicate_of_id, start.c.step + 1).where(
            or_(following.id == start.c.original, following.split_from_id == start.c.id), start.c.step < STEPS
        )
    )


def line_of(db: Session, concern_ids: Collection[int]) -> frozenset[int]:
    """The ids of these concerns and of all that they go on in. One statement, none for no concern."""
    return frozenset(db.scalars(select(concern_line(concern_ids).c.id))) if concern_ids else frozenset()


def answers_to(db: Session, concern_ids: Collection[int]) -> dict[int, tuple[AnswerRow, ...]]:
    """The steps of each concern, the oldest first; absent without any. One statement."""
    other = aliased(Concern)
    rows = db.execute(
        select(
            ConcernAnswer.concern_id,
            ConcernAnswer.status,
            ConcernAnswer.text,
            ConcernAnswer.answered_at,
            Person.name,
            Partner.name,
            Partner.phone,
            other.uuid,
        )
        .outerjoin(Person, Person.id == ConcernAnswer.person_id)
        .outerjoin(Partner, Partner.id == ConcernAnswer.partner_id)
        .outerjoin(other, other.id == ConcernAnswer.other_id)
        .where(ConcernAnswer.concern_id.in_(concern_ids))
        .order_by(ConcernAnswer.answered_at, ConcernAnswer.id)
    )
    found: dict[int, list[AnswerRow]] = {}
    for concern_id, status, text, at, by, partner, phone, uuid in rows:
        found.setdefault(concern_id, []).append(AnswerRow(status, text, at, by or "", partner or "", phone or "", uuid))
    return {concern_id: tuple(steps) for concern_id, steps in found.items()}
