"""Drawn areas: a place and a radius as a polygon, and how large a polygon is on the ground."""

import json
from collections.abc import Sequence
from math import cos, pi, radians, sin

from lib.rules.geography import EARTH_RADIUS_M, metres_to_degrees

CORNERS = 48
SMALLEST_RADIUS_M, LARGEST_RADIUS_M = 50, 3_000


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
