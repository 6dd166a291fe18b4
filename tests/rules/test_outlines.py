"""Drawn areas that are written down: cells or one pasted polygon, and everything else refused with its reason."""

import json
from typing import Any

import h3
import pytest

from lib.errors import Invalid
from lib.rules.geography import STREET_RESOLUTION
from lib.rules.outlines import MOST_CELLS, circle_outline, street_cells, typed_outline

MIDDLE = h3.latlng_to_cell(47.61, -122.33, STREET_RESOLUTION)
AROUND = sorted(h3.grid_disk(MIDDLE, 1))
CIRCLE = json.loads(circle_outline(-122.33, 47.61, 300))


@pytest.mark.parametrize("between", [" ", "\n", ", ", ";", '", "', "\t\n"])
def test_cells_in_any_writing_come_back_as_the_cells_they_are(between: str) -> None:
    assert street_cells(typed_outline(between.join(AROUND))) == AROUND
    assert street_cells(typed_outline(between.join(cell.upper() for cell in AROUND[::-1]))) == AROUND
    assert street_cells(typed_outline(between.join([MIDDLE, MIDDLE]))) == [MIDDLE]


def test_a_coarser_cell_is_taken_as_the_street_cells_in_it() -> None:
    parent = h3.cell_to_parent(MIDDLE, 9)
    assert street_cells(typed_outline(parent)) == sorted(h3.cell_to_children(parent, STREET_RESOLUTION))


@pytest.mark.parametrize(
    "wrapped",
    [
        CIRCLE,
        {"type": "Feature", "properties": {"name": "x"}, "geometry": CIRCLE},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": CIRCLE}]},
    ],
)
def test_a_pasted_polygon_is_taken_out_of_its_wrapping(wrapped: dict[str, Any]) -> None:
    assert json.loads(typed_outline(json.dumps(wrapped))) == CIRCLE


def test_heights_are_left_out() -> None:
    high = {"type": "Polygon", "coordinates": [[[*point, 12.5] for point in CIRCLE["coordinates"][0]]]}
    assert json.loads(typed_outline(json.dumps(high))) == CIRCLE


RING = CIRCLE["coordinates"][0]
FAR = h3.latlng_to_cell(47.65, -122.33, STREET_RESOLUTION)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Pioneer Square", "no cell of the map"),
        ("8a28d542c987ff", "no cell of the map"),
        ("<script>", "no cell of the map"),
        (h3.latlng_to_cell(47.61, -122.33, 11), "too fine or too coarse"),
        (h3.latlng_to_cell(47.61, -122.33, 6), "too fine or too coarse"),
        (f"{MIDDLE} {FAR}", "several pieces"),
        (" ".join(sorted(set(AROUND) - {MIDDLE})), "a hole in the middle"),
        (" ".join(h3.grid_disk(MIDDLE, 11)), f"too many cells: {MOST_CELLS}"),
        ("{", "no GeoJSON polygon"),
        ("[1, 2]", "no GeoJSON polygon"),
        ('{"type": "Polygon"}', "no GeoJSON polygon"),
        ('{"type": "Polygon", "coordinates": []}', "no GeoJSON polygon"),
        ('{"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}', "no GeoJSON polygon"),
        ('{"type": "FeatureCollection", "features": []}', "no GeoJSON polygon"),
        ('{"type": "Feature", "geometry": null}', "no GeoJSON polygon"),
        (json.dumps({"type": "Polygon", "coordinates": [RING, RING]}), "no GeoJSON polygon"),
        (json.dumps({"type": "MultiPolygon", "coordinates": [[RING]]}), "no GeoJSON polygon"),
        (json.dumps({"type": "Polygon", "coordinates": [["a", "b", "c", "d"]]}), "no GeoJSON polygon"),
        (json.dumps({"type": "Polygon", "coordinates": [[["1", "2"]] * 4]}), "longitude and latitude"),
        (json.dumps({"type": "Polygon", "coordinates": [[[True, False]] * 4]}), "longitude and latitude"),
        (json.dumps({"type": "Polygon", "coordinates": [[[1272000, 224000]] * 4]}), "longitude and latitude"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1], [1, 1], [1, 2], [NaN, 1]]]}', "longitude and latitude"),
        (
            '{"type": "Polygon", "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]}',
            "larger than a part",
        ),
    ],
)
def test_what_is_no_area_is_refused_with_its_reason(typed: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        typed_outline(typed)
    assert refused.value.field == "outline"
