"""Maps that are complete without a tile server: outlines, water, parks, schools and labels are layers of our own.

The explore map is pydeck (`beat_map`, `show_map`); what does not change while a page lives (ground, parks, schools) is
sent by address, once per browser. Small maps and the projector's are finished SVG (`lib/ui/beat_svg.py`).
Points are public cells' centres, spread a little inside their cell so that several concerns of one cell can be told
apart: never anything finer than the cell (promise 10).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from typing import Any

import pandas as pd
import pydeck as pdk
import shapely
import streamlit as st
from pydeck.bindings.json_tools import default_serialize
from shapely.geometry import shape

from lib.rules.geography import cell_centre, cell_outline

RAMP = ("#F3F8FC", "#E1EDF8", "#CBE0F3", "#B2D1ED", "#98C0E6", "#7DAEDD")
"""Six steps under pins, pale so that pins stand out; `RAMP_ALONE` where nothing lies on top."""

RAMP_ALONE = ("#E4F3FE", "#A0CDF4", "#67A5E1", "#387CC7", "#1C55A0", "#173366")
NO_FIGURE = "#E8EBF0"
INK = "#0E1F38"
BEATS_LAYER = "beats"
POINTS_LAYER = "concerns"
PIN_SIZE = 96
FONT = pdk.types.String("Source Sans, sans-serif")
SPREAD_M = {9: 110.0, 10: 42.0, 8: 300.0}
"""How far from its cell's centre a spread point may lie, in metres: inside the inner circle of its h3 resolution."""


class CompactDeck(pdk.Deck):  # type: ignore[misc]
    """A deck whose JSON has no indentation: half the size of pydeck's own."""

    def to_json(self) -> str:
        return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"))


@dataclass(frozen=True)
class View:
    """Where the map looks: centre in degrees, and zoom."""

    longitude: float
    latitude: float
    zoom: float


@dataclass(frozen=True)
class Pin:
    """How a category's pin looks: its place in the atlas `/assets/pins.png` and its colour."""

    position: int
    colour: str


def view_of(beats: Mapping[str, Any], code: str | None, *, width: int = 900, height: int = 560) -> View:
    """A view that holds the beat of that code with some of its neighbours, or all beats."""
    outlines = [
        shape(feature["geometry"])
        for feature in beats["features"]
        if code is None or feature["properties"]["code"] == code
    ]
    if not outlines:
        outlines = [shape(feature["geometry"]) for feature in beats["features"]]
    if not outlines:
        return View(0, 20, 1)
    west, south, east, north = shapely.total_bounds(shapely.GeometryCollection(outlines))
    room = 1.9 if code else 1.04
    from math import log2

    across = log2(width * 360 / (512 * max((east - west) * room, 1e-4)))
    along = log2(height * 360 * cos(radians((south + north) / 2)) / (512 * max((north - south) * room, 1e-4)))
    return View((west + east) / 2, (south + north) / 2, round(min(across, along, 16.0), 2))


def beat_map(
    *,
    beats: Mapping[str, Any],
    classes: Mapping[str, int | None],
    selected: str | None,
    points: pd.DataFrame | None = None,
    pins: Mapping[str, Pin] | None = None,
    hexagons: pd.DataFrame | None = None,
    view: View | None = None,
    ramp: Sequence[str] = RAMP,
    show_schools: bool = True,
) -> CompactDeck:
    """The explore map.

    `beats` is GeoJSON with code and label; `classes` gives each beat's step 0–5 (None: no figure). `points` has columns
    cell, category, beat, label, and is drawn as pins in the selected beat and as dots elsewhere. `hexagons` has cell,
    step (0–5), label. Layer ids are fixed, so that an unchanged layer is not sent again.
    """
    filled = _coloured(beats, classes, ramp)
    layers = [
        _by_address(
            "waterlines", "waterline", stroked=True, get_line_color=[120, 156, 186, 120], line_width_min_pixels=1
        ),
        _by_address("ground", "ground", filled=True, get_fill_color=[241, 240, 235]),
        pdk.Layer(
            "GeoJsonLayer",
            filled,
            id=BEATS_LAYER,
            filled=True,
            stroked=True,
            pickable=True,
            auto_highlight=False,
            get_fill_color="properties.fill",
            get_line_color=[70, 86, 110, 210],
            line_width_min_pixels=1.2,
        ),
        _by_address(
            "parks",
            "park",
            filled=True,
            stroked=True,
            get_fill_color=[195, 221, 189, 235],
            get_line_color=[134, 175, 126, 160],
            line_width_min_pixels=1,
        ),
    ]
    if hexagons is not None and len(hexagons):
        layers.append(_hexagon_layer(hexagons))
    spread = spread_in_cells(points) if points is not None and len(points) else None
    if spread is not None and pins is not None:
        elsewhere = spread if selected is None else spread[spread["beat"] != selected]
        layers.append(_dot_layer(elsewhere, pins))
    chosen = [feature for feature in filled["features"] if feature["properties"]["code"] == selected]
    layers.extend(_outline_layers(chosen))
    if show_schools:
        layers.append(_school_layer())
    layers.append(_label_layer(beats, selected))
    if spread is not None and pins is not None and selected is not None:
        layers.append(_pin_layer(spread[spread["beat"] == selected], pins))
    if chosen:
        layers.append(_name_plate(chosen[0]))
    seen = view or view_of(beats, selected)
    return CompactDeck(
        layers=layers,
        initial_view_state=pdk.ViewState(longitude=seen.longitude, latitude=seen.latitude, zoom=seen.zoom),
        views=[pdk.View(type="MapView", controller={"scrollZoom": False})],
        map_provider=None,
        tooltip={"text": "{label}", "style": {"fontFamily": "Source Sans, sans-serif", "backgroundColor": INK}},
    )


def show_map(deck: CompactDeck, *, alt: str, key: str, height: int = 500) -> str | None:
    """Draw the map; the code of a beat that was clicked since the last run, or None.

    `key` has to change with the selected beat: Streamlit dims what was not clicked for as long as a selection stands.
    """
    event = st.pydeck_chart(deck, alt=alt, key=key, height=height, on_select="rerun", selection_mode="single-object")
    objects = event.selection.objects if event else {}
    clicked = objects.get(BEATS_LAYER, [])
    if not clicked:
        return None
    picked = clicked[0]
    return str(picked.get("properties", picked).get("code") or "") or None


def clicked_place(deck: CompactDeck, *, alt: str, key: str, height: int = 420) -> str | None:
    """Draw a map of hexagons to choose from (layer `cells`); the h3 cell that was clicked, or None."""
    event = st.pydeck_chart(deck, alt=alt, key=key, height=height, on_select="rerun", selection_mode="single-object")
    picked = (event.selection.objects if event else {}).get("cells", [])
    return str(picked[0].get("cell") or "") or None if picked else None


def spread_in_cells(points: pd.DataFrame) -> pd.DataFrame:
    """Give each point a place inside its cell: the centre for one, a small sunflower spiral for several.

    Needs a column `cell`; returns a copy with `longitude`, `latitude`. Depends on nothing finer than the cell.
    """
    placed = points.copy()
    cells = placed["cell"].astype(str)
    known = {cell: cell_centre(cell) for cell in cells.unique()}
    order = cells.groupby(cells).cumcount()
    size = cells.groupby(cells).transform("size")
    longitudes, latitudes = [], []
    for cell, rank, many in zip(cells, order, size, strict=True):
        centre = known[cell]
        # The digit after the base marks the resolution of an h3 index (bits 52–55).
        reach = SPREAD_M.get((int(cell, 16) >> 52) & 0xF, 30.0) if many > 1 else 0.0
        metres, turn = reach * sqrt((rank + 0.5) / max(many, 6)), rank * pi * (3 - sqrt(5))
        latitudes.append(centre.latitude + metres * sin(turn) / 111_320)
        longitudes.append(centre.longitude + metres * cos(turn) / (111_320 * cos(radians(centre.latitude))))
    placed["longitude"], placed["latitude"] = longitudes, latitudes
    return placed


def rgb(colour: str) -> list[int]:
    """A palette colour as deck.gl wants it.

    >>> rgb("#0E1F38")
    [14, 31, 56]
    """
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _coloured(beats: Mapping[str, Any], classes: Mapping[str, int | None], ramp: Sequence[str]) -> dict[str, Any]:
    def fill(code: str) -> list[int]:
        step = classes.get(code)
        return rgb(NO_FIGURE if step is None else ramp[min(step, len(ramp) - 1)])

    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "code": feature["properties"]["code"],
                    "label": feature["properties"]["label"],
                    "fill": fill(feature["properties"]["code"]),
                },
                # deck.gl shows tooltip fields of the picked object itself, not of its properties.
                "label": feature["properties"]["label"],
                "geometry": feature["geometry"],
            }
            for feature in beats["features"]
        ],
    }


def _by_address(layer_id: str, kind: str, **style: Any) -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        f"/map/{kind}.geojson",
        id=layer_id,
        pickable=False,
        **({"filled": False, "stroked": False} | style),
    )


def _hexagon_layer(hexagons: pd.DataFrame) -> pdk.Layer:
    rows = [
        {
            "cell": cell,
            "outline": [list(point) for point in cell_outline(cell)],
            "fill": [*rgb(RAMP_ALONE[step]), 190],
            "label": label,
        }
        for cell, step, label in zip(hexagons["cell"], hexagons["step"], hexagons["label"], strict=True)
    ]
    return pdk.Layer(
        "PolygonLayer",
        rows,
        id="hexagons",
        get_polygon="outline",
        get_fill_color="fill",
        get_line_color=[255, 255, 255, 200],
        line_width_min_pixels=1,
        pickable=True,
    )


def _dot_layer(points: pd.DataFrame, pins: Mapping[str, Pin]) -> pdk.Layer:
    rows = [
        {"p": [round(x, 5), round(y, 5)], "c": rgb(pins[category].colour), "label": label}
        for x, y, category, label in zip(
            points["longitude"], points["latitude"], points["category"], points["label"], strict=True
        )
        if category in pins
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        rows,
        id="dots",
        get_position="p",
        get_fill_color="c",
        get_line_color=[255, 255, 255],
        stroked=True,
        radius_min_pixels=3.3,
        radius_max_pixels=3.3,
        line_width_min_pixels=1,
        opacity=0.85,
        pickable=True,
    )


def _pin_layer(points: pd.DataFrame, pins: Mapping[str, Pin]) -> pdk.Layer:
    rows = [
        {"p": [round(x, 5), round(y, 5)], "i": category, "label": label}
        for x, y, category, label in zip(
            points["longitude"], points["latitude"], points["category"], points["label"], strict=True
        )
        if category in pins
    ]
    return pdk.Layer(
        "IconLayer",
        rows,
        id=POINTS_LAYER,
        icon_atlas=pdk.types.String("/assets/pins.png"),
        icon_mapping={
            key: {"x": pin.position * PIN_SIZE, "y": 0, "width": PIN_SIZE, "height": PIN_SIZE, "mask": False}
            for key, pin in pins.items()
        },
        get_icon="i",
        get_position="p",
        get_size=30,
        pickable=True,
    )


def _school_layer() -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        "/map/school.geojson",
        id="schools",
        point_type=pdk.types.String("icon"),
        icon_atlas=pdk.types.String("/assets/pins.png"),
        icon_mapping={"school": {"x": 8 * PIN_SIZE, "y": 0, "width": PIN_SIZE, "height": PIN_SIZE, "mask": False}},
        get_icon=pdk.types.String("school"),
        get_icon_size=19,
        icon_size_units=pdk.types.String("pixels"),
        pickable=False,
    )


def _outline_layers(chosen: list[dict[str, Any]]) -> list[pdk.Layer]:
    return [
        pdk.Layer(
            "GeoJsonLayer",
            {"type": "FeatureCollection", "features": chosen},
            id=f"chosen-{name}",
            filled=False,
            stroked=True,
            get_line_color=colour,
            line_width_units=pdk.types.String("pixels"),
            get_line_width=width,
            line_joint_rounded=True,
            pickable=False,
        )
        for name, colour, width in (("halo", [255, 255, 255], 7), ("line", rgb(INK), 3.2))
    ]


def _label_layer(beats: Mapping[str, Any], selected: str | None) -> pdk.Layer:
    rows = [
        {"p": list(shape(feature["geometry"]).representative_point().coords[0]), "t": feature["properties"]["code"]}
        for feature in beats["features"]
        if feature["properties"]["code"] != selected
    ]
    return pdk.Layer(
        "TextLayer",
        rows,
        id="codes",
        get_position="p",
        get_text="t",
        get_size=16,
        get_color=rgb(INK),
        font_family=FONT,
        font_weight=700,
        font_settings={"sdf": True, "fontSize": 96, "buffer": 12, "radius": 24},
        outline_width=9,
        outline_color=[255, 255, 255],
        pickable=False,
    )


def _name_plate(feature: Mapping[str, Any]) -> pdk.Layer:
    outline = shape(feature["geometry"])
    west, _south, _east, north = outline.bounds
    return pdk.Layer(
        "TextLayer",
        [{"p": [west, north], "t": feature["properties"]["label"]}],
        id="plate",
        get_position="p",
        get_text="t",
        get_size=16,
        get_color=[255, 255, 255],
        font_family=FONT,
        font_weight=700,
        character_set=pdk.types.String("auto"),
        background=True,
        get_background_color=rgb(INK),
        background_padding=[9, 4, 9, 4],
        get_text_anchor=pdk.types.String("start"),
        get_alignment_baseline=pdk.types.String("bottom"),
        pickable=False,
    )
