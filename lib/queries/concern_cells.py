"""Where concerns lie, by public cell: what a small map beside a vote is made of."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from lib.model import Category, Concern
from lib.rules.geography import coarser_cell
from lib.storage.transaction import reading


def concerns_by_cell(beat_ids: Collection[int], *, since: datetime, resolution: int = 9) -> dict[str, int]:
    """Concerns reported since then in these beats, by h3 cell of that resolution or the public cell's own, if coarser.

    Concerns without a place are left out. One statement.
    """
    with reading() as db:
        rows = db.execute(
            select(Concern.cell, func.count())
            .join(Category, Category.id == Concern.category_id)
            .where(Category.is_public, Concern.beat_id.in_(beat_ids), Concern.cell != "", Concern.reported_at >= since)
            .group_by(Concern.cell)
        ).all()
    counts: dict[str, int] = {}
    for cell, number in rows:
        wider = coarser_cell(cell, resolution)
        counts[wider] = counts.get(wider, 0) + number
    return counts
