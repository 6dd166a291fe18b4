"""Drawn areas: a place and a radius, cells or a pasted line as a polygon, and how large it is on the ground.

What is counted of a drawn area are its street cells: those whose centre lies inside. So no line, however it is drawn,
tells more of where something happened than the public map does.
"""

import json
import re
from collections.abc import Collection, Sequence
from math import cos, pi, radians, sin
from typing import Any

import h3

from lib.errors import Invalid
from lib.rules.geography import EARTH_RADIUS_M, STREET_RESOLUTION, is_cell, metres_to_degrees
from lib.rules.text import clipped

CORNERS = 48
SMALLEST_RADIUS_M, LARGEST_RADIUS_M = 100, 3_000
"""A circle of the smallest radius holds the centre of a street cell wherever it is drawn."""

MOST_CELLS = 300
"""Street cells of a drawn area that is written down: about 4.5 km²."""

LEAST_CORNERS = 4
"""Three corners and the first again."""

LARGEST_FRAME_M2 = 100_000_000
"""What a pasted polygon may reach across, before its cells are looked for: 10 by 10 km."""

_LONGITUDE_AND_LATITUDE = 2

COARSEST_CELL = 8
"""Coarser cells than this (0.7 km²) are larger than what a goal works on."""


def circle_outline(longitude: float, latitude: float, radius_m: float) -> str:
    """A circle round a point as a GeoJSON polygon of 48 corners (WGS 84, anticlockwise).

    >>> ring = json.loads(circle_outline(-122.33, 47.6, 300))["coordinates"][0]
    >>> len(ring), ring[0] == ring[-1], ring[0]
    (49, True, [-122.325999, 47.6])
    """
    north = metres_to_degrees(radius_m)
    east = north / max(cos(radians(latitude)), 0.01)
    ring = [
        [
            round(longitude + east * cos(2 * pi * corner / CORNERS), 6),
            round(latitude + north * sin(2 * pi * corner / CORNERS), 6),
        ]
        for corner in range(CORNERS)
    ]
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, separators=(",", ":"))


def square_metres(ring: Sequence[Sequence[float]]) -> float:
    """The area within a ring of points (longitude, latitude in degrees), on a plane that touches its middle.

    Good to some parts in a thousand for areas as large as a town.

    >>> ring = json.loads(circle_outline(-122.33, 47.6, 300))["coordinates"][0]
    >>> round(square_metres(ring) / (pi * 300**2), 2)
    1.0
    """
    middle = sum(point[1] for point in ring) / len(ring)
    metre = EARTH_RADIUS_M * pi / 180
    flat = [(point[0] * metre * cos(radians(middle)), point[1] * metre) for point in ring]
    twice = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(flat, [*flat[1:], flat[0]], strict=True))
    return abs(twice) / 2


def typed_outline(text: str) -> str:
    """A typed or pasted area as a GeoJSON polygon: cells in any order, or a polygon as GeoJSON; "" for nothing typed.

    Cells are separated by spaces, commas or lines. Raises Invalid: neither of both, a cell that is none, too fine, too
    coarse or too many, cells that do not touch or leave a hole.

    >>> json.loads(typed_outline("8a28d542c987fff"))["type"], typed_outline("  ")
    ('Polygon', '')
    """
    typed = text.strip()
    if not typed:
        return ""
    if typed.startswith(("{", "[")):
        return json.dumps(_pasted(typed), separators=(",", ":"))
    return cells_outline([part.lower() for part in re.split(r"[\s,;\"']+", typed) if part])


def cells_outline(cells: Collection[str]) -> str:
    """Cells that touch each other as one GeoJSON polygon; coarser ones are taken as the street cells within them.

    Raises Invalid as `typed_outline`.
    """
    drawn = h3.cells_to_geo(street_cells_of(cells))
    if drawn["type"] == "MultiPolygon":
        raise Invalid("These cells lie in several pieces. Choose cells that touch each other.", field="outline")
    if len(drawn["coordinates"]) > 1:
        raise Invalid("These cells leave a hole in the middle. Add the cells inside it.", field="outline")
    return json.dumps({"type": "Polygon", "coordinates": drawn["coordinates"]}, separators=(",", ":"))


def street_cells_of(cells: Collection[str]) -> list[str]:
    """The street cells that these cells are, or hold, each once. Raises Invalid as `typed_outline`."""
    found: set[str] = set()
    for cell in cells:
        if not is_cell(cell):
            raise Invalid(
                f"{clipped(cell, 24)!r} is no cell of the map. Cells have 15 signs, such as 8a28d542c987fff.",
                field="outline",
            )
        if not COARSEST_CELL <= h3.get_resolution(cell) <= STREET_RESOLUTION:
            raise Invalid(
                f"Cell {cell} is too fine or too coarse: choose cells of resolution {COARSEST_CELL} to "
                f"{STREET_RESOLUTION}.",
                field="outline",
            )
        found.update(map(str, h3.cell_to_children(cell, STREET_RESOLUTION)))
        if len(found) > MOST_CELLS:
            raise Invalid(f"These are too many cells: {MOST_CELLS} street cells are possible.", field="outline")
    return sorted(found)


def street_cells(outline: str, resolution: int = STREET_RESOLUTION) -> list[str]:
    """The street cells of a drawn area: those whose centre lies inside, in a fixed order. `resolution`: of the city's
    street cells, by its setting.

    >>> street_cells(typed_outline("8a28d542c987fff"))
    ['8a28d542c987fff']
    """
    return sorted(map(str, h3.geo_to_cells(json.loads(outline), resolution)))


def _pasted(text: str) -> dict[str, Any]:
    """The one polygon of a pasted GeoJSON text. Raises Invalid."""
    refused = Invalid("This is no GeoJSON polygon. Paste one polygon, or a list of cells.", field="outline")
    try:
        given = json.loads(text)
    except ValueError as cause:
        raise refused from cause
    for _wrapped in range(3):
        if not isinstance(given, dict):
            raise refused
        if given.get("type") == "FeatureCollection" and len(given.get("features") or ()) == 1:
            given = given["features"][0]
        elif given.get("type") == "Feature":
            given = given.get("geometry")
    if not isinstance(given, dict) or given.get("type") != "Polygon":
        raise refused
    rings = given.get("coordinates")
    if (
        not isinstance(rings, list)
        or len(rings) != 1
        or not isinstance(rings[0], list)
        or len(rings[0]) < LEAST_CORNERS
    ):
        raise refused
    ring = [_corner(point, refused) for point in rings[0]]
    easts, norths = zip(*ring, strict=True)
    frame = [(min(easts), min(norths)), (max(easts), min(norths)), (max(easts), max(norths)), (min(easts), max(norths))]
    if square_metres(frame) > LARGEST_FRAME_M2:
        raise Invalid("The drawn area is larger than a part of a beat. Draw a smaller one.", field="outline")
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


def _corner(point: object, refused: Invalid) -> tuple[float, float]:
    """A corner as longitude and latitude. Raises Invalid."""
    if not isinstance(point, list) or len(point) < _LONGITUDE_AND_LATITUDE:
        raise refused
    east, north = point[:2]
    are_numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (east, north))
    if not are_numbers or not (-180 <= east <= 180 and -90 <= north <= 90):
        raise Invalid("The drawn area lies outside the world: give longitude and latitude in degrees.", field="outline")
    return float(east), float(north)
