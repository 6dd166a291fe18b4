"""The layers of the explore map, each as deck.gl wants it, from the ground up.

Outlines travel by address (`/map/<kind>.geojson`): the browser fetches them once, and a changed filter sends only class
numbers. What can be clicked has no id of its own: Streamlit dims every layer for as long as an object of a layer that
it knows is selected, and a map here shows its choice by an outline, not by dimming the city.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pydeck as pdk
from pydeck.types import String

INK, WHITE = "#0E1F38", "#FFFFFF"
NO_FIGURE = "#E8EBF0"
SCHOOL_PIXELS = 19
FONT = String("Source Sans, sans-serif")
GLYPHS: Mapping[str, Any] = {"sdf": True, "fontSize": 96, "buffer": 12, "radius": 24}
PINS, PIN_PLACES = String("/assets/pins.png"), String("/assets/pins.json")
COAST, WATER_INK, PARK_INK = (122, 150, 176), (62, 98, 130), (47, 92, 44)
WATER = (207, 223, 234)

Row = dict[str, Any]


def rgb(colour: str, alpha: int | None = None) -> list[int]:
    """A palette colour as deck.gl wants it.

    >>> rgb("#0E1F38"), rgb("#FFFFFF", 190)
    ([14, 31, 56], [255, 255, 255, 190])
    """
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return parts if alpha is None else [*parts, alpha]


def address(kind: str) -> str:
    """Where the browser fetches what is drawn of a kind; also `beats`."""
    return f"/map/{kind}.geojson"


def waterlines(is_near: bool) -> pdk.Layer:
    """Lines along the coast, as on a chart; fainter from afar, where they lie close together."""
    return pdk.Layer(
        "GeoJsonLayer",
        address("waterline"),
        id="waterlines",
        filled=False,
        stroked=True,
        get_line_color=[120, 156, 186, 130 if is_near else 45],
        line_width_units=String("pixels"),
        get_line_width=1,
        _sub_layer_props={"points-circle": {"visible": False}},
        pickable=False,
    )


def ground(is_near: bool) -> pdk.Layer:
    """The land. Its line is drawn twice as wide as it shows: the beats cover the inner half."""
    return pdk.Layer(
        "GeoJsonLayer",
        address("ground"),
        id="ground",
        filled=True,
        stroked=True,
        get_fill_color=[241, 240, 235],
        get_line_color=list(COAST),
        line_width_units=String("pixels"),
        get_line_width=2.4 if is_near else 1.6,
        pickable=False,
    )


def beat_areas(classes: Mapping[str, int | None], ramp: Sequence[str], other: str = NO_FIGURE) -> pdk.Layer:
    """The beats, filled by class, the `other` ones alike; a click picks one. Colours are an expression over the code, a
    few kilobytes."""
    colours = fill_expression(classes, ramp, other)
    return _pickable(
        "GeoJsonLayer",
        address("beats"),
        filled=True,
        stroked=False,
        get_fill_color=colours,
        update_triggers={"getFillColor": [colours]},
    )


def beat_lines() -> pdk.Layer:
    """The borders between the beats."""
    return pdk.Layer(
        "GeoJsonLayer",
        address("beats"),
        id="beat-lines",
        filled=False,
        stroked=True,
        get_line_color=[70, 86, 110, 210],
        line_width_units=String("pixels"),
        get_line_width=1.2,
        line_joint_rounded=True,
        pickable=False,
    )


def parks() -> pdk.Layer:
    """Parks, over the colours of the beats."""
    return pdk.Layer(
        "GeoJsonLayer",
        address("park"),
        id="parks",
        filled=True,
        stroked=True,
        get_fill_color=[195, 221, 189, 235],
        get_line_color=[134, 175, 126, 160],
        line_width_units=String("pixels"),
        get_line_width=1,
        pickable=False,
    )


def schools() -> pdk.Layer:
    """Schools, as white discs with a cap."""
    return pdk.Layer(
        "GeoJsonLayer",
        address("school"),
        id="schools",
        point_type=String("icon"),
        icon_atlas=PINS,
        icon_mapping=PIN_PLACES,
        get_icon=String("school"),
        get_icon_size=SCHOOL_PIXELS,
        icon_size_units=String("pixels"),
        pickable=False,
    )


def hexagons(rows: Sequence[Row], *, opacity: float = 0.85) -> pdk.Layer:
    """h3 cells; each row has `hex`, `fill` and `label`."""
    return _pickable(
        "H3HexagonLayer",
        rows,
        get_hexagon="hex",
        get_fill_color="fill",
        get_line_color=[255, 255, 255, 220],
        line_width_min_pixels=0.8,
        extruded=False,
        stroked=True,
        opacity=opacity,
        high_precision=True,
        auto_highlight=True,
        highlight_color=[10, 91, 181, 90],
    )


def dots(category: str, colour: str, places: Sequence[Sequence[float]]) -> pdk.Layer:
    """Small dots of one category; each row is a place, nothing else, because there can be ten thousand."""
    return pdk.Layer(
        "ScatterplotLayer",
        places,
        id=f"dots-{category}",
        get_position="-",
        get_fill_color=rgb(colour),
        get_line_color=[255, 255, 255],
        stroked=True,
        radius_min_pixels=3.3,
        radius_max_pixels=3.3,
        line_width_min_pixels=1,
        line_width_max_pixels=1,
        opacity=0.85,
        pickable=False,
    )


def pins(rows: Sequence[Row], size: int) -> pdk.Layer:
    """Category pins; each row has `at`, `icon` (a name in the atlas) and `label`."""
    return _pickable(
        "IconLayer",
        rows,
        icon_atlas=PINS,
        icon_mapping=PIN_PLACES,
        get_icon="icon",
        get_position="at",
        get_size=size,
        size_units=String("pixels"),
    )


def numbers(rows: Sequence[Row], size: int) -> pdk.Layer:
    """How many concerns a pin stands for, at its lower right corner; `at` and `say`."""
    return pdk.Layer(
        "TextLayer",
        rows,
        id="numbers",
        get_position="at",
        get_text="say",
        get_size=13,
        get_color=rgb(INK),
        get_pixel_offset=[round(size * 0.4), round(size * 0.4)],
        font_family=FONT,
        font_weight=700,
        background=True,
        get_background_color=rgb(WHITE),
        get_border_color=rgb(INK),
        get_border_width=1,
        background_padding=[4, 0, 4, 0],
        background_border_radius=6,
        pickable=False,
    )


def outline(features: Sequence[Row], name: str, colour: Sequence[int], width: float) -> pdk.Layer:
    """The line around the chosen beat; drawn twice, white under ink."""
    return pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": list(features)},
        id=f"chosen-{name}",
        filled=False,
        stroked=True,
        get_line_color=list(colour),
        line_width_units=String("pixels"),
        get_line_width=width,
        line_joint_rounded=True,
        line_cap_rounded=True,
        pickable=False,
    )


def codes(rows: Sequence[Row], largest: int, offset: int) -> pdk.Layer:
    """The beats' codes (`at`, `say`), as high as the beat allows (`metres` on the ground), `largest` pixels at most."""
    return pdk.Layer(
        "TextLayer",
        rows,
        id="codes",
        get_position="at",
        get_text="say",
        get_size="metres",
        size_units=String("meters"),
        size_max_pixels=largest,
        get_color=rgb(INK),
        get_pixel_offset=[0, offset],
        font_family=FONT,
        font_weight=700,
        font_settings=GLYPHS,
        character_set=String("auto"),
        outline_width=9,
        outline_color=[255, 255, 255, 235],
        pickable=False,
    )


def words(
    name: str,
    rows: Sequence[Row],
    *,
    size: float,
    weight: int,
    ink: Sequence[int],
    offset: int = 0,
    halo: Sequence[int] = (255, 255, 255, 235),
) -> pdk.Layer:
    """Other words on the map, `at` and `say`."""
    return pdk.Layer(
        "TextLayer",
        rows,
        id=f"words-{name}",
        get_position="at",
        get_text="say",
        get_size=size,
        get_color=list(ink),
        get_pixel_offset=[0, offset],
        font_family=FONT,
        font_weight=weight,
        font_settings=GLYPHS,
        character_set=String("auto"),
        outline_width=9,
        outline_color=list(halo),
        pickable=False,
    )


def name_plate(at: Sequence[float], name: str, size: int) -> pdk.Layer:
    """The chosen beat's name, white on ink: begins at its point and stands on it."""
    return pdk.Layer(
        "TextLayer",
        [{"at": list(at), "say": name}],
        id="plate",
        get_position="at",
        get_text="say",
        get_size=size,
        get_color=rgb(WHITE),
        get_pixel_offset=[0, -8],
        font_family=FONT,
        font_weight=700,
        character_set=String("auto"),
        background=True,
        get_background_color=rgb(INK),
        background_padding=[9, 4, 9, 4],
        background_border_radius=7,
        get_text_anchor=String("start"),
        get_alignment_baseline=String("bottom"),
        pickable=False,
    )


def fill_expression(classes: Mapping[str, int | None], ramp: Sequence[str], other: str = NO_FIGURE) -> str:
    """The fill of a beat as an expression over its code: one comparison per beat, grouped by class.

    >>> fill_expression({"K1": 0, "K2": 1, "K3": 0, "K4": None}, ("#000000", "#FFFFFF"))
    "properties.code=='K1'||properties.code=='K3'?[0,0,0]:properties.code=='K2'?[255,255,255]:[232,235,240]"
    """
    by_class: dict[int, list[str]] = {}
    for code, step in classes.items():
        if step is not None:
            by_class.setdefault(min(step, len(ramp) - 1), []).append(code)
    branches = []
    for step, codes in sorted(by_class.items()):
        of_class = "||".join(f"properties.code=='{_quoted(code)}'" for code in codes)
        branches.append(f"{of_class}?{_literal(rgb(ramp[step]))}:")
    return "".join(branches) + _literal(rgb(other))


def _quoted(code: str) -> str:
    return code.replace("\\", "\\\\").replace("'", "\\'")


def _literal(colour: Sequence[int]) -> str:
    return f"[{','.join(map(str, colour))}]"


def _pickable(kind: str, rows: Any, **style: Any) -> pdk.Layer:
    layer = pdk.Layer(kind, rows, pickable=True, **style)
    layer.id = None
    return layer
