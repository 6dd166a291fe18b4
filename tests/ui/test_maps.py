"""The explore map: what it sends, what it never sends, and what is written on it."""

import json
from pathlib import Path
from typing import Any

import h3
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import mapping, shape
from streamlit.testing.v1 import AppTest

from lib.queries.places import CategoryRow
from lib.services.places import draw_features
from lib.services.standard_categories import STANDARD_CATEGORIES
from lib.settings import ROOT
from lib.ui import maps
from lib.ui.map_layers import fill_expression
from lib.ui.map_points import Pin, dot_rows, pin_rows, spread_in_cells
from lib.ui.map_words import View, placed_words

DEMO = ROOT / "data" / "demo"
ASSETS = ROOT / "lib" / "web" / "assets"
NOISE, WASTE = Pin("noise", "#4B2A9B", "Noise"), Pin("waste_and_litter", "#97614F", "Waste and litter")
PINS = {"noise": NOISE, "waste": WASTE}
CELL, OTHER_CELL = h3.latlng_to_cell(47.605, -122.30, 10), h3.latlng_to_cell(47.605, -122.25, 10)


def beat(code: str, west: float, *, name: str = "") -> dict[str, Any]:
    """A square beat of 0.02 degrees, its south edge on 47.6."""
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name or code, "label": f"{code} {name}".strip()},
        "geometry": mapping(shapely.box(west, 47.6, west + 0.02, 47.62)),
    }


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def point(name: str, longitude: float, latitude: float) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


TWO = collection(beat("K1", -122.31, name="City Hall"), beat("K2", -122.29, name="Pioneer Square"))
POINTS = pd.DataFrame(
    [(CELL, "noise", "K1"), (CELL, "noise", "K1"), (CELL, "waste", "K1"), (OTHER_CELL, "noise", "K2")],
    columns=["cell", "category", "beat"],
).astype("category")


def sent(deck: maps.CompactDeck) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(deck.to_json())
    return found


def layer(deck: maps.CompactDeck, name: str) -> dict[str, Any]:
    return next(each for each in sent(deck)["layers"] if each.get("id", each["@@type"]) == name)


def test_layers_lie_in_the_order_of_a_map_and_only_what_the_city_has_is_drawn() -> None:
    every = {"waterline": collection(), "ground": collection(), "park": collection(), "school": collection()}
    deck = maps.beat_map(
        beats=TWO, classes={}, selected="K1", points=POINTS, pins=PINS, around=every, view=View(-122.3, 47.61, 13)
    )
    assert [each.get("id", each["@@type"]) for each in sent(deck)["layers"]] == [
        "waterlines",
        "ground",
        "GeoJsonLayer",
        "parks",
        "beat-lines",
        "dots-noise",
        "dots-waste",
        "chosen-halo",
        "chosen-line",
        "schools",
        "words-waters",
        "words-parks",
        "words-names",
        "codes",
        "IconLayer",
        "numbers",
        "plate",
    ]
    bare = maps.beat_map(beats=TWO, classes={}, selected=None)
    assert [each.get("id", each["@@type"]) for each in sent(bare)["layers"] if each.get("data")] == [
        "GeoJsonLayer",
        "beat-lines",
        "chosen-halo",
        "chosen-line",
        "words-names",
        "codes",
    ]


def test_a_map_names_no_other_host_and_no_background_map() -> None:
    deck = maps.beat_map(beats=TWO, classes={"K1": 2}, selected="K1", points=POINTS, pins=PINS)
    text = deck.to_json()
    assert "http" not in text
    assert "mapProvider" not in sent(deck)


def test_outlines_travel_by_address_so_that_a_changed_class_costs_little() -> None:
    beats = json.loads((DEMO / "beats_drawn.geojson").read_text(encoding="utf-8"))
    for feature in beats["features"]:
        feature["properties"]["label"] = feature["properties"]["code"]
    classes = {feature["properties"]["code"]: 3 for feature in beats["features"]}
    deck = maps.beat_map(beats=beats, classes=classes, selected="K2")
    assert layer(deck, "GeoJsonLayer")["data"] == "/map/beats.geojson"
    assert len(deck.to_json()) < 16_000


def test_a_class_is_an_expression_over_the_code_whatever_the_code_is() -> None:
    ramp = ("#000000", "#FFFFFF")
    assert fill_expression({}, ramp) == "[232,235,240]"
    assert fill_expression({"0122": 1, "O'Hare": 9, "K\\3": 0, "K4": None}, ramp) == (
        "properties.code=='K\\\\3'?[0,0,0]:properties.code=='0122'||properties.code=='O\\'Hare'?[255,255,255]:[232,235,240]"
    )


def test_what_can_be_clicked_has_no_id_so_that_a_choice_does_not_dim_the_city() -> None:
    hexagons = pd.DataFrame([(CELL, 3, "12 concerns")], columns=["cell", "step", "label"])
    deck = maps.beat_map(beats=TWO, classes={}, selected="K1", points=POINTS, pins=PINS, hexagons=hexagons)
    pickable = [each for each in sent(deck)["layers"] if each["pickable"]]
    assert [each["@@type"] for each in pickable] == ["GeoJsonLayer", "H3HexagonLayer", "IconLayer"]
    assert not any("id" in each for each in pickable)


def test_concerns_are_pins_in_the_chosen_beat_and_dots_elsewhere() -> None:
    deck = maps.beat_map(beats=TWO, classes={}, selected="K1", points=POINTS, pins=PINS)
    assert sorted((row["icon"], row["label"], row["say"]) for row in layer(deck, "IconLayer")["data"]) == [
        ("noise", "Noise: 2 concerns", "2"),
        ("waste_and_litter", "Waste and litter", ""),
    ]
    assert [row["say"] for row in layer(deck, "numbers")["data"]] == ["2"]
    assert len(layer(deck, "dots-noise")["data"]) == 1
    assert layer(deck, "dots-waste")["data"] == []


def test_without_a_chosen_beat_every_concern_is_a_dot() -> None:
    deck = maps.beat_map(beats=TWO, classes={}, selected=None, points=POINTS, pins=PINS)
    assert len(layer(deck, "dots-noise")["data"]) == 2
    assert layer(deck, "IconLayer")["data"] == []


def test_ten_thousand_concerns_stay_within_a_quarter_of_a_megabyte() -> None:
    cells = sorted(h3.grid_disk(CELL, 40))[:2_500]
    rows = [(cell, category, "K2") for cell in cells for category in ("noise", "waste") for _ in range(2)]
    points = pd.DataFrame(rows, columns=["cell", "category", "beat"])
    assert len(points) == 10_000
    assert len(maps.beat_map(beats=TWO, classes={}, selected="K1", points=points, pins=PINS).to_json()) < 250_000


@given(st.floats(-60, 70), st.floats(-179, 179), st.sampled_from([8, 9, 10, 11]), st.integers(1, 12))
def test_a_spread_point_stays_in_its_own_cell(latitude: float, longitude: float, resolution: int, many: int) -> None:
    cell = h3.latlng_to_cell(latitude, longitude, resolution)
    points = pd.DataFrame([(cell, f"category {at}", "K1") for at in range(many)], columns=["cell", "category", "beat"])
    placed = spread_in_cells(points)
    found = {h3.latlng_to_cell(y, x, resolution) for x, y in zip(placed["longitude"], placed["latitude"], strict=True)}
    assert found == {cell}
    assert len(placed[["longitude", "latitude"]].drop_duplicates()) == many


def test_a_single_mark_stands_on_the_centre_of_its_cell_and_rows_in_another_order_give_the_same_places() -> None:
    alone = spread_in_cells(POINTS[POINTS["cell"] == OTHER_CELL])
    latitude, longitude = h3.cell_to_latlng(OTHER_CELL)
    assert alone[["longitude", "latitude", "number"]].to_numpy().tolist() == [[longitude, latitude, 1]]
    assert spread_in_cells(POINTS).equals(spread_in_cells(POINTS.iloc[::-1]))


def test_categories_that_the_map_does_not_know_are_left_out() -> None:
    placed = spread_in_cells(POINTS)
    assert set(dot_rows(placed, {"noise": NOISE})) == {"noise"}
    assert {row["icon"] for row in pin_rows(placed, {"noise": NOISE})} == {"noise"}


def test_a_view_holds_the_chosen_beat_and_an_unknown_one_shows_the_whole_city() -> None:
    city = collection(*TWO["features"], beat("W1", -122.4))
    whole = maps.view_of(city, None, width=400, height=400)
    near = maps.view_of(city, "K1", width=400, height=400)
    assert shapely.box(-122.31, 47.6, -122.29, 47.62).within(near.window)
    assert shapely.box(-122.4, 47.6, -122.27, 47.62).within(shapely.affinity.scale(whole.window, 1.1, 1.1))
    assert near.zoom > whole.zoom
    assert near.least_zoom == whole.least_zoom < whole.zoom
    assert maps.view_of(city, "no such beat", width=400, height=400) == whole
    assert maps.view_of(collection(), None).zoom == 1


def test_a_city_without_beats_still_has_a_map() -> None:
    assert sent(maps.beat_map(beats=collection(), classes={}, selected="K1"))["initialViewState"]["zoom"] == 1


def test_codes_of_the_other_beats_are_written_where_they_can_be_seen() -> None:
    view = View(-122.295, 47.61, 14, width=600, height=400)
    words = placed_words(TWO, "K1", {}, view, is_near=True)
    assert [row["say"] for row in words.codes] == ["K2"]
    assert [row["say"] for row in words.names] == ["Pioneer Square"]
    assert shapely.Point(words.codes[0]["at"]).within(shape(TWO["features"][1]["geometry"]).intersection(view.window))


def test_a_name_gives_way_to_what_is_there_already() -> None:
    view = View(-122.295, 47.61, 14, width=600, height=400)
    words = placed_words(TWO, "K1", {}, view, is_near=True, taken=[(-300, -200, 300, 200)])
    assert (len(words.codes), words.names) == (1, [])


def test_a_water_bears_the_name_of_the_nearest_point_and_only_where_it_fits() -> None:
    land = {"type": "Feature", "properties": {}, "geometry": mapping(shapely.box(-122.4, 47.5, -122.29, 47.7))}
    around = {
        "ground": collection(land),
        "waterline": collection(point("Lake Washington", -122.28, 47.6), point("Puget Sound", -122.5, 47.6)),
    }
    wide = placed_words(collection(), None, around, View(-122.29, 47.6, 13, width=800, height=400), is_near=True)
    assert [row["say"] for row in wide.waters] == ["Lake Washington"]
    narrow = placed_words(collection(), None, around, View(-122.3, 47.6, 13, width=440, height=400), is_near=True)
    assert [row["say"] for row in narrow.waters] == ["Lake\nWashington"]
    away = placed_words(collection(), None, around, View(-122.35, 47.6, 13, width=300, height=400), is_near=True)
    assert away.waters == []


def test_parks_are_named_near_by_once_each() -> None:
    park = {
        "type": "Feature",
        "properties": {"name": "Pratt Park"},
        "geometry": mapping(shapely.box(-122.3, 47.6, -122.299, 47.601)),
    }
    nameless = {
        "type": "Feature",
        "properties": {},
        "geometry": mapping(shapely.box(-122.302, 47.602, -122.301, 47.603)),
    }
    around = {"park": collection(park, park, nameless)}
    view = View(-122.3, 47.6, 14)
    assert [row["say"] for row in placed_words(collection(), None, around, view, is_near=True).parks] == ["Pratt Park"]
    assert placed_words(collection(), None, around, view, is_near=False).parks == []


def test_a_place_is_chosen_from_the_cells_of_a_beat() -> None:
    cells = maps.cells_in(TWO, "K1", 9)
    assert cells == sorted(cells)
    assert all(
        shapely.Point(h3.cell_to_latlng(cell)[::-1]).within(shape(TWO["features"][0]["geometry"])) for cell in cells
    )
    assert maps.cells_in(TWO, "K9", 9) == []
    deck = maps.cell_map(beats=TWO, selected="K1", cells=cells, chosen=cells[0])
    rows = layer(deck, "H3HexagonLayer")["data"]
    assert [row["label"] for row in rows] == ["The chosen place"] + ["Choose this place"] * (len(cells) - 1)
    assert rows[0]["fill"] == [10, 91, 181, 210]


def test_a_legend_says_what_the_colours_count() -> None:
    markup = maps.legend((6.0, 10.0), "Open <concerns>", marks={"school": "school"}, has_gaps=True, credit=maps.CREDIT)
    assert markup == (
        '<div class="cb-legend"><span>Open &lt;concerns&gt;</span><span>under 6 <b class="cb-ramp">'
        '<i style="--step:#F3F8FC"></i><i style="--step:#E1EDF8"></i><i style="--step:#CBE0F3"></i></b> '
        "10 and more</span>"
        '<span><i class="cb-mark is-none"></i>no figure</span><span><i class="cb-mark is-school"></i>school</span>'
        "<span>Parks © OpenStreetMap contributors</span><span>Double-click zooms in, drag to move</span></div>"
    )


def test_a_category_without_a_glyph_of_ours_gets_the_general_pin() -> None:
    rows = [
        CategoryRow(1, "noise", "Noise", "noise", "#4B2A9B", True),
        CategoryRow(2, "x", "Dogs", "dog", "#000000", True),
    ]
    assert maps.pins_of(rows) == {"noise": NOISE, "x": Pin("other", "#000000", "Dogs")}


def test_every_pin_has_its_icon_and_its_place_in_the_atlas() -> None:
    places = json.loads((ASSETS / "pins.json").read_text(encoding="utf-8"))
    icons = {file.stem for file in (ASSETS / "icons").glob("*.svg")}
    never_on_a_map = {each.key for each in STANDARD_CATEGORIES if not each.is_public}
    assert set(places) == (icons - never_on_a_map) | {"school"}
    assert sorted(place["x"] for place in places.values()) == [96 * at for at in range(len(places))]


@pytest.mark.parametrize("file", sorted(DEMO.glob("*.geojson")), ids=lambda file: file.stem)
def test_the_demonstration_city_can_be_drawn(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "NaN" not in text
    features = json.loads(text)["features"]
    assert features
    assert all(shape(feature["geometry"]).is_valid for feature in features)
    assert all(value for feature in features for value in feature["properties"].values())


def test_the_demonstrations_drawn_beats_share_their_lines_and_carry_the_same_names() -> None:
    full, drawn = (
        json.loads((DEMO / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
        for name in ("beats", "beats_drawn")
    )
    assert [feature["properties"] for feature in full] == [feature["properties"] for feature in drawn]
    assert len({feature["properties"]["name"] for feature in full}) == len(full) == 51
    for features in (full, drawn):
        assert shapely.coverage_is_valid([shape(feature["geometry"]) for feature in features])
    assert (DEMO / "beats_drawn.geojson").stat().st_size < 60_000


def _page() -> None:
    from lib.ui import maps

    beats = {"type": "FeatureCollection", "features": []}
    deck = maps.beat_map(beats=beats, classes={}, selected=None, around=maps.drawn_around())
    maps.show_map(deck, alt="Map of nothing; the table below is empty too", key="explore", on_pick=print)


def test_a_map_has_words_for_those_who_cannot_see_it_and_water_only_around_land(sqlite_database: str) -> None:
    page = AppTest.from_function(_page).run()
    assert not page.exception
    chart = page.get("deck_gl_json_chart")[0].proto
    assert chart.alt == "Map of nothing; the table below is empty too"
    assert "ground" not in {each.get("id") for each in json.loads(chart.json)["layers"]}
    ground = {"type": "Feature", "properties": {}, "geometry": mapping(shapely.box(-123, 47, -122, 48))}
    draw_features(kind="ground", features=[ground], source="test")
    maps.drawn_around.clear()
    maps.reads.drawn_features.clear()
    assert set(maps.drawn_around()) == {"ground"}
    maps.drawn_around.clear()
    maps.reads.drawn_features.clear()
