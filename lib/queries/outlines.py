"""Questions about drawn areas: what happened inside them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from sqlalchemy import select

from lib.model import Incident, MapFeature
from lib.queries.places import boundaries
from lib.rules.geography import Point, metres_between
from lib.rules.months import month_of
from lib.rules.outlines import square_metres
from lib.storage.transaction import reading


@dataclass(frozen=True)
class NamedPlace:
    """A park or school with a point on it."""

    name: str
    point: Point


def named_places(beat_ids: Collection[int], *, on: date) -> tuple[NamedPlace, ...]:
    """The parks and schools that lie in these beats, by name. Two statements."""
    frame = boundaries(on)
    area = shapely.union_all(frame.loc[frame["beat_id"].isin(beat_ids), "geometry"].to_numpy())
    with reading() as db:
        rows = db.execute(
            select(MapFeature.name, MapFeature.drawn)
            .where(MapFeature.kind.in_(("park", "school")), MapFeature.name != "")
            .order_by(MapFeature.name, MapFeature.id)
        ).all()
    if not rows or area.is_empty:
        return ()
    points = shapely.point_on_surface(shapely.from_geojson([drawn for _, drawn in rows]))
    inside = shapely.contains(area, points)
    found = {name: Point(point.x, point.y) for (name, _), point, here in zip(rows, points, inside, strict=True) if here}
    return tuple(NamedPlace(name, point) for name, point in found.items())


def outline_in_words(outline: str, beat_ids: Collection[int], *, on: date) -> str:
    """A drawn area as people find it: its size, and the park or school of the beats next to its middle. Two statements.

    "the drawn area of 0.28 km² around Occidental Square"
    """
    area = shapely.from_geojson(outline)
    size = square_metres(shapely.get_coordinates(area).tolist()) / 1_000_000
    words = f"the drawn area of {size:.2f} km²"
    places = named_places(beat_ids, on=on)
    if not places:
        return words
    middle = shapely.centroid(area)
    nearest = min(places, key=lambda place: metres_between(place.point, (middle.x, middle.y)))
    return f"{words} around {nearest.name}" if shapely.intersects(area, shapely.Point(nearest.point)) else words


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
