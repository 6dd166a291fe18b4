"""In which beat a point lies, without reading every boundary each time."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import shapely
from sqlalchemy import func, select

from lib.model import BeatBoundary
from lib.queries.places import BeatRow, beats, boundaries
from lib.rules.geography import Point
from lib.storage.engine import engine
from lib.storage.transaction import reading


@dataclass(frozen=True)
class BeatLookup:
    """The boundaries of one day, ready to be asked: `rows` and the tree's polygons stand in the order of the codes."""

    rows: tuple[BeatRow, ...]
    tree: Any

    def beat_at(self, point: Point) -> BeatRow | None:
        """The beat whose boundary covers the point, None outside every beat; on a shared line the lower code."""
        covering = self.tree.query(shapely.Point(point), predicate="intersects")
        return self.rows[int(covering.min())] if len(covering) else None

    def nearest(self, point: Point) -> BeatRow | None:
        """The beat nearest to a point outside every beat (measured in degrees: it decides at a shore only)."""
        return self.rows[int(self.tree.nearest(shapely.Point(point)))] if self.rows else None


def beat_lookup(on: date) -> BeatLookup:
    """The boundaries valid that day. One statement that reads no outline, and two more after boundaries changed."""
    with reading() as db:
        stamp = db.execute(
            select(
                func.count(),
                func.max(BeatBoundary.id),
                func.count(BeatBoundary.valid_from),
                func.max(BeatBoundary.valid_from),
                func.count(BeatBoundary.valid_to),
                func.max(BeatBoundary.valid_to),
            )
        ).one()
    return _lookup(str(engine().url), tuple(stamp), on)


@lru_cache(maxsize=4)
def _lookup(database: str, stamp: tuple[object, ...], on: date) -> BeatLookup:
    valid = boundaries(on)
    by_id = {row.id: row for row in beats()}
    return BeatLookup(
        tuple(by_id[int(beat_id)] for beat_id in valid["beat_id"]), shapely.STRtree(valid.geometry.to_numpy())
    )
