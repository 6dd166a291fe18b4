"""Which open concerns are about the same thing as one that is being told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from lib.model import Beat, Category, CategoryText, Concern, ConcernAnswer
from lib.queries.supports import supports_counted
from lib.rules.geography import cells_around
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.rules.moderation import TextState
from lib.rules.similar import DAYS, FAR_METRES, Likeness, Told, most_alike, related_categories
from lib.settings import settings
from lib.storage.transaction import reading

MOST_COMPARED = 400
"""The newest of those near by; more in one neighbourhood and year would say that it needs a goal, not a comparison."""


@dataclass(frozen=True)
class SimilarConcern:
    """A public concern with enough to judge whether it is the same; `answer` is what the officers said last."""

    uuid: UUID
    category: str
    category_name: str
    icon: str
    colour: str
    beat: str
    text: str
    text_state: TextState
    status: ConcernStatus
    reported_at: datetime
    supports: int
    answer: str
    alike: Likeness


def similar_concerns(told: Told, beat_code: str, language: str = "en") -> tuple[SimilarConcern, ...]:
    """At most three open concerns of the same or a related category, the most alike first. `told.reported_at` is now.

    The database narrows to cells within `FAR_METRES`, or to the beat where a place is missing, and to a year; what is
    left is scored by `rules.similar`. Two statements, one where nothing is alike.
    """
    near = Concern.cell == ""
    if told.cell:
        resolutions = (settings().home_cell_resolution, settings().street_cell_resolution)
        where = or_(
            Concern.cell.in_(cells_around(told.cell, FAR_METRES, resolutions)), and_(Beat.code == beat_code, near)
        )
    else:
        where = and_(Beat.code == beat_code)
    with reading() as db:
        rows = db.execute(
            select(Concern.id, Category.key, Concern.cell, Concern.text, Concern.reported_at)
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .where(
                where,
                Category.is_public,
                Category.key.in_(related_categories(told.category)),
                Concern.reported_at >= told.reported_at - timedelta(days=DAYS),
                Concern.status.in_(OPEN_CONCERN),
                Concern.erased_at.is_(None),
            )
            .order_by(Concern.reported_at.desc(), Concern.id.desc())
            .limit(MOST_COMPARED)
        ).all()
    found = most_alike(told, {row.id: Told(row.key, row.cell, row.text, row.reported_at) for row in rows})
    return _shown(found, language) if found else ()


def _shown(found: Sequence[tuple[int, Likeness]], language: str) -> tuple[SimilarConcern, ...]:
    name = (
        select(CategoryText.name)
        .where(CategoryText.category_id == Category.id, CategoryText.language.in_({language, "en"}))
        .order_by((CategoryText.language == language).desc())
        .limit(1)
        .scalar_subquery()
    )
    answer = (
        select(ConcernAnswer.text)
        .where(ConcernAnswer.concern_id == Concern.id)
        .order_by(ConcernAnswer.answered_at.desc(), ConcernAnswer.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    with reading() as db:
        rows = db.execute(
            select(
                Concern.id,
                Concern.uuid,
                Category.key,
                func.coalesce(name, Category.key).label("category_name"),
                Category.icon,
                Category.colour,
                Beat.code,
                Concern.text,
                Concern.text_state,
                Concern.status,
                Concern.reported_at,
                supports_counted().label("supports"),
                func.coalesce(answer, "").label("answer"),
            )
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .where(Concern.id.in_([key for key, _alike in found]))
        )
        by_id = {row.id: row for row in rows}
    return tuple(
        SimilarConcern(
            uuid=by_id[key].uuid,
            category=by_id[key].key,
            category_name=by_id[key].category_name,
            icon=by_id[key].icon,
            colour=by_id[key].colour,
            beat=by_id[key].code,
            text=by_id[key].text,
            text_state=by_id[key].text_state,
            status=by_id[key].status,
            reported_at=by_id[key].reported_at,
            supports=by_id[key].supports,
            answer=by_id[key].answer,
            alike=alike,
        )
        for key, alike in found
    )
