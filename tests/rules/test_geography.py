"""A home cannot be read back from what is public, and distances are metres."""

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.rules.geography import (
    Bounds,
    PlaceKind,
    cell_centre,
    cell_outline,
    coarser_cell,
    in_city,
    is_cell,
    is_plausible_point,
    metres_between,
    metres_between_cells,
    metres_to_degrees,
    public_cell,
)

SEATTLE = Bounds(west=-122.44, south=47.49, east=-122.22, north=47.74)
longitudes = st.floats(-179.9, 179.9)
latitudes = st.floats(-84.9, 84.9)


@given(longitudes, latitudes, st.sampled_from(PlaceKind))
def test_the_public_cell_holds_the_point_and_nothing_finer(lon: float, lat: float, kind: PlaceKind) -> None:
    cell = public_cell(lon, lat, kind)
    assert h3.get_resolution(cell) == {PlaceKind.HOME: 9, PlaceKind.STREET: 10}[kind]
    assert metres_between((lon, lat), cell_centre(cell)) < {PlaceKind.HOME: 300, PlaceKind.STREET: 115}[kind]


@given(longitudes, latitudes)
def test_snapping_the_centre_again_gives_the_same_cell(lon: float, lat: float) -> None:
    cell = public_cell(lon, lat, PlaceKind.HOME)
    assert public_cell(*cell_centre(cell), PlaceKind.HOME) == cell


def test_all_homes_of_a_cell_look_the_same_in_public() -> None:
    centre = cell_centre(public_cell(-122.33, 47.60, PlaceKind.HOME))
    nearby = [
        (centre.longitude + east, centre.latitude + north) for east in (-1e-4, 0, 1e-4) for north in (-1e-4, 1e-4)
    ]
    assert len({public_cell(*home, PlaceKind.HOME) for home in nearby}) == 1


def test_resolutions_are_settings() -> None:
    cell = public_cell(-122.33, 47.60, PlaceKind.HOME, home_resolution=8, street_resolution=9)
    assert h3.get_resolution(cell) == 8
    street = public_cell(-122.33, 47.60, PlaceKind.STREET, home_resolution=8, street_resolution=9)
    assert h3.get_resolution(street) == 9


def test_an_outline_is_a_closed_ring_around_the_centre() -> None:
    cell = public_cell(-122.3321, 47.6062, PlaceKind.STREET)
    ring = cell_outline(cell)
    assert ring[0] == ring[-1]
    assert len(ring) == 7
    assert all(40 < metres_between(corner, cell_centre(cell)) < 90 for corner in ring)


def test_hexagons_are_never_finer_than_the_public_cell() -> None:
    home = public_cell(-122.3321, 47.6062, PlaceKind.HOME)
    assert coarser_cell(home, 10) == home
    assert h3.get_resolution(coarser_cell(home, 7)) == 7


@pytest.mark.parametrize(
    ("lon", "lat", "plausible"),
    [
        (-122.33, 47.6, True),
        (180.0, -90.0, True),
        (0.0, 51.5, True),
        (0.0, 0.0, False),
        (-200.0, 47.6, False),
        (-122.33, 91.0, False),
        (1_270_000.0, 225_000.0, False),
        (float("nan"), 47.6, False),
        (float("inf"), 47.6, False),
        (None, 47.6, False),
        (-122.33, None, False),
    ],
)
def test_what_can_be_a_place_on_earth(lon: float | None, lat: float | None, plausible: bool) -> None:
    assert is_plausible_point(lon, lat) is plausible


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [
        (-122.33, 47.60, True),
        (-122.45, 47.60, True),
        (-122.50, 47.60, False),
        (-122.33, 47.755, True),
        (-122.33, 47.78, False),
        (0.0, 0.0, False),
        (47.60, -122.33, False),
    ],
)
def test_the_city_ends_two_kilometres_beyond_its_bounds(lon: float, lat: float, inside: bool) -> None:
    assert in_city(lon, lat, SEATTLE) is inside


def test_distances_are_metres_on_the_ground() -> None:
    """A degree of latitude is 111.2 km; a degree of longitude at 60 degrees north is half of that."""
    assert metres_between((10, 0), (10, 1)) == pytest.approx(111_195, abs=1)
    assert metres_between((10, 60), (11, 60)) == pytest.approx(55_597, rel=1e-3)
    assert metres_between((-179.9, 0), (179.9, 0)) == pytest.approx(22_239, abs=1)
    assert metres_between((5, 5), (5, 5)) == 0
    assert metres_to_degrees(111_195) == pytest.approx(1, abs=1e-4)


def test_the_distance_of_two_concerns_is_that_of_their_cells() -> None:
    first = public_cell(-122.3321, 47.6062, PlaceKind.HOME)
    second = public_cell(-122.3325, 47.6062, PlaceKind.HOME)
    assert first == second
    assert metres_between_cells(first, second) == 0


def test_cells_are_recognised() -> None:
    assert is_cell(public_cell(-122.3321, 47.6062, PlaceKind.HOME))
    assert not is_cell("8928d54cd1bfff?")
    assert not is_cell("")
