"""Places on the map that never give a home away: h3 cells, their centres and outlines, distances in metres.

Points are WGS 84, longitude first, in degrees. A public row holds a cell; every public count, filter, distance and
drawn area starts from it (promise 10 of the design).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from math import asin, ceil, cos, isfinite, pi, radians, sin, sqrt
from typing import NamedTuple

import h3

HOME_RESOLUTION = 9
"""Cells of about 0.1 km² (200 m from corner to centre): some dozens of homes in a town."""

STREET_RESOLUTION = 10
"""Cells of about 0.015 km² (75 m from corner to centre): a stretch of street."""

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth in metres (IUGG, GRS 80)."""


class PlaceKind(StrEnum):
    """Where something happens: at a home or another private place, or on a street or another public place."""

    HOME = "home"
    STREET = "street"


class Point(NamedTuple):
    """A point in degrees, WGS 84."""

    longitude: float
    latitude: float


@dataclass(frozen=True)
class Bounds:
    """A rectangle in degrees, edges included. It does not cross the 180th meridian."""

    west: float
    south: float
    east: float
    north: float


def public_cell(
    longitude: float,
    latitude: float,
    place_kind: PlaceKind,
    *,
    home_resolution: int = HOME_RESOLUTION,
    street_resolution: int = STREET_RESOLUTION,
) -> str:
    """The h3 cell that stands for this point in public, coarser for a home than for a street.

    >>> public_cell(-122.3321, 47.6062, PlaceKind.HOME)
    '8928d542c9bffff'
    >>> public_cell(-122.3321, 47.6062, PlaceKind.STREET)
    '8a28d542c987fff'
    """
    resolution = home_resolution if place_kind is PlaceKind.HOME else street_resolution
    return str(h3.latlng_to_cell(latitude, longitude, resolution))


def cell_centre(cell: str) -> Point:
    """The centre of a cell. The beat of a concern is the beat of this point, never of the exact one."""
    latitude, longitude = h3.cell_to_latlng(cell)
    return Point(longitude, latitude)


def cell_outline(cell: str) -> list[Point]:
    """The corners of a cell, anticlockwise, the first repeated at the end (a GeoJSON ring)."""
    corners = [Point(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)]
    return [*corners, corners[0]]


def coarser_cell(cell: str, resolution: int) -> str:
    """The cell of a coarser resolution around this one, for hexagon maps of public cells.

    A cell is never made finer: at its own resolution or a finer one it stays as it is.

    >>> coarser_cell("8a28d542c987fff", 8)
    '8828d542c9fffff'
    >>> coarser_cell("8928d542c9bffff", 10)
    '8928d542c9bffff'
    """
    if resolution >= h3.get_resolution(cell):
        return cell
    return str(h3.cell_to_parent(cell, resolution))


def is_cell(cell: str) -> bool:
    """Whether the text is an h3 cell."""
    return bool(h3.is_valid_cell(cell))


def is_plausible_point(longitude: float | None, latitude: float | None) -> bool:
    """Whether two figures can be a place on earth in degrees.

    Not numbers, out of range, and the point 0, 0 (what empty fields turn into) are not.

    >>> is_plausible_point(-87.63, 41.88), is_plausible_point(0.0, 0.0), is_plausible_point(1176352.0, 1900927.0)
    (True, False, False)
    """
    if longitude is None or latitude is None or not (isfinite(longitude) and isfinite(latitude)):
        return False
    return -180 <= longitude <= 180 and -90 <= latitude <= 90 and not (longitude == 0 and latitude == 0)


def in_city(longitude: float, latitude: float, bounds: Bounds, *, margin_m: float = 2_000) -> bool:
    """Whether a point lies within the city's bounds, widened by a margin in metres.

    >>> seattle = Bounds(-122.44, 47.49, -122.22, 47.74)
    >>> in_city(-122.33, 47.60, seattle), in_city(-122.33, 48.60, seattle)
    (True, False)
    """
    if not is_plausible_point(longitude, latitude):
        return False
    lat_margin = metres_to_degrees(margin_m)
    lon_margin = lat_margin / max(cos(radians(latitude)), 0.01)
    return (
        bounds.west - lon_margin <= longitude <= bounds.east + lon_margin
        and bounds.south - lat_margin <= latitude <= bounds.north + lat_margin
    )


def metres_between(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Great-circle distance in metres between two points (longitude, latitude), by the haversine formula.

    >>> round(metres_between((-122.3321, 47.6062), (-122.3493, 47.6205)))
    2047
    """
    lon1, lat1, lon2, lat2 = (radians(degree) for degree in (*first, *second))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def metres_between_cells(first: str, second: str) -> float:
    """Distance in metres between the centres of two cells: the only distance between concerns that is public."""
    return metres_between(cell_centre(first), cell_centre(second))


def cells_around(cell: str, metres: float, resolutions: Collection[int]) -> frozenset[str]:
    """The cells of these resolutions whose centres lie within a distance of a cell's centre.

    >>> sorted(len(cells_around("8a28d542c987fff", 700, [resolution])) for resolution in (9, 10))
    [19, 115]
    """
    centre = cell_centre(cell)
    found: set[str] = set()
    for resolution in resolutions:
        middle = str(h3.latlng_to_cell(centre.latitude, centre.longitude, resolution))
        # Neighbours' centres are at least 1.5 edges apart, also where the grid is distorted.
        rings = ceil(metres / (1.5 * h3.average_hexagon_edge_length(resolution, unit="m"))) + 1
        found |= {near for near in h3.grid_disk(middle, rings) if metres_between(centre, cell_centre(near)) <= metres}
    return frozenset(found)


def metres_to_degrees(metres: float) -> float:
    """Degrees of latitude that this many metres span."""
    return metres / (EARTH_RADIUS_M * pi / 180)
