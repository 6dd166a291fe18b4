"""Questions about drawn areas: what happened inside them."""

from collections import Counter
from collections.abc import Collection
from datetime import date

import numpy as np
import shapely
from sqlalchemy import select

from lib.model import Incident
from lib.rules.months import month_of
from lib.storage.transaction import reading


def incidents_inside(outline: str, category: str, beat_ids: Collection[int]) -> dict[date, int]:
    """Incidents of a category in these beats whose point lies inside a GeoJSON polygon, by month. One statement.

    A point on the line is inside; incidents without a point are not.
    """
    area = shapely.from_geojson(outline)
    west, south, east, north = shapely.bounds(area)
    with reading() as db:
        rows = db.execute(
            select(Incident.occurred_on, Incident.longitude, Incident.latitude).where(
                Incident.beat_id.in_(beat_ids),
                Incident.category == category,
                Incident.longitude.between(float(west), float(east)),
                Incident.latitude.between(float(south), float(north)),
            )
        ).all()
    if not rows:
        return {}
    shapely.prepare(area)
    points = np.array([(longitude, latitude) for _, longitude, latitude in rows], dtype=np.float64)
    within = shapely.intersects_xy(area, points[:, 0], points[:, 1])
    return dict(Counter(month_of(day) for (day, _, _), inside in zip(rows, within, strict=True) if inside))
