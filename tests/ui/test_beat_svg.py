"""The small maps: complete pictures without script, in which no text is markup."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
import shapely
from shapely.geometry import mapping

from lib.ui.beat_svg import WATER, Disc, beat_svg

SVG = "{http://www.w3.org/2000/svg}"


def beat(code: str, west: float) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": "", "label": code},
        "geometry": mapping(shapely.box(west, 47.6, west + 0.02, 47.62)),
    }


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


TWO = collection(beat("K1", -122.31), beat("K2", -122.29))


def words(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own picture


def test_a_beat_is_drawn_with_its_neighbour_and_both_codes() -> None:
    assert words(beat_svg(beats=TWO, selected=("K2",), width=300, height=400)) == ["K1", "K2"]


def test_a_drawn_area_is_a_dashed_line_and_nothing_where_none_is_drawn() -> None:
    area = mapping(shapely.box(-122.305, 47.605, -122.3, 47.61))
    assert "stroke-dasharray" in beat_svg(beats=TWO, selected=("K1",), drawn_area=area)
    assert "stroke-dasharray" not in beat_svg(beats=TWO, selected=("K1",))


def test_text_in_a_picture_is_text() -> None:
    svg = beat_svg(beats=collection(beat("<b>&", -122.31)), title="</title><script>", selected=("<b>&",))
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    assert [each.tag for each in root.iter(f"{SVG}script")] == []
    assert root.findtext(f"{SVG}title") == "</title><script>"
    assert words(svg) == ["<b>&"]


def test_there_is_water_only_around_land_that_is_known() -> None:
    land = {"type": "Feature", "properties": {}, "geometry": mapping(shapely.box(-122.5, 47.5, -122.28, 47.7))}
    assert WATER not in beat_svg(beats=TWO)
    assert WATER in beat_svg(beats=TWO, ground=collection(land))


def test_points_among_the_waterlines_are_not_drawn() -> None:
    name = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-122.3, 47.61]}}
    assert beat_svg(beats=TWO, waterlines=collection(name)) == beat_svg(beats=TWO)


def test_discs_at_one_place_move_apart_and_keep_their_numbers() -> None:
    discs = [Disc(number, -122.28, 47.61) for number in (1, 2, 3)]
    svg = beat_svg(beats=TWO, selected=("K2",), discs=discs, width=300, height=400, labels=False)
    circles = [(float(each.get("cx", 0)), float(each.get("cy", 0))) for each in ET.fromstring(svg).iter(f"{SVG}circle")]  # noqa: S314
    assert words(svg) == ["1", "2", "3"]
    assert min(shapely.Point(a).distance(shapely.Point(b)) for a in circles for b in circles if a != b) > 34


def test_a_code_is_left_out_where_it_would_be_too_small_to_read() -> None:
    sliver = beat("X9", -122.27)
    sliver["geometry"] = mapping(shapely.box(-122.27, 47.6, -122.2698, 47.62))
    assert words(beat_svg(beats=collection(*TWO["features"], sliver))) == ["K1", "K2"]


@pytest.mark.parametrize("beats", [collection(), TWO])
def test_an_unknown_beat_shows_the_whole_city_and_an_empty_city_an_empty_picture(beats: dict[str, Any]) -> None:
    assert beat_svg(beats=beats, selected=("no such beat",)) == beat_svg(beats=beats)
