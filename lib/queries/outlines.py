"""Questions about drawn areas: what happened inside them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from math import cos, radians

import shapely
from sqlalchemy import select

from lib.model import Incident, MapFeature
from lib.queries.places import boundaries
from lib.rules.geography import PlaceKind, Point, metres_between, metres_to_degrees, public_cell
from lib.rules.months import month_of
from lib.rules.outlines import square_metres, street_cells
from lib.settings import settings
from lib.storage.transaction import reading

CELL_REACH_M = 700
"""More than the way from the centre of a street cell to its corner, however coarse the city sets it (resolution 8)."""


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
    """Incidents of a category in these beats whose street cell lies in a GeoJSON polygon, by month. One statement.

    A cell lies inside when its centre does; incidents without a point are not counted.
    """
    return dict(Counter(month_of(day) for day, _cell in _located(outline, category, beat_ids)))


def incidents_by_cell(
    outline: str, category: str, beat_ids: Collection[int], *, since: date, before: date
) -> dict[str, int]:
    """The same incidents by street cell, from a day until before another; every cell of the area, also without any. One
    statement."""
    found = Counter(cell for day, cell in _located(outline, category, beat_ids) if since <= day < before)
    return {cell: found[cell] for cell in street_cells(outline, settings().street_cell_resolution)}


def _located(outline: str, category: str, beat_ids: Collection[int]) -> list[tuple[date, str]]:
    """Day and street cell of every incident in the area."""
    resolution = settings().street_cell_resolution
    inside = frozenset(street_cells(outline, resolution))
    west, south, east, north = shapely.bounds(shapely.from_geojson(outline))
    # A cell whose centre is inside reaches across the line.
    room = metres_to_degrees(CELL_REACH_M)
    aside = room / max(cos(radians(max(abs(south), abs(north)))), 0.01)
    with reading() as db:
        rows = db.execute(
            select(Incident.occurred_on, Incident.longitude, Incident.latitude).where(
                Incident.beat_id.in_(beat_ids),
                Incident.category == category,
                Incident.longitude.between(float(west) - aside, float(east) + aside),
                Incident.latitude.between(float(south) - room, float(north) + room),
            )
        ).all()
    for_street = partial(public_cell, place_kind=PlaceKind.STREET, street_resolution=resolution)
    located = ((day, for_street(east, north)) for day, east, north in rows if east is not None and north is not None)
    return [(day, cell) for day, cell in located if cell in inside]
