"""Maps that are complete without a tile server: outlines, water, parks, schools and words are layers of our own.

The explore map is pydeck: `beat_map` makes it, `show_map` draws it and says which beat was clicked; `cell_map` and
`clicked_place` choose a place. Its layers are in `map_layers`, its rows in `map_points`. Small maps and the projector's
are finished SVG (`lib/ui/beat_svg.py`).
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from math import cos, log2, radians
from typing import Any

import h3
import pandas as pd
import pydeck as pdk
import shapely
import streamlit as st
from pydeck.bindings.json_tools import default_serialize
from shapely.geometry import shape

from lib.queries.places import CategoryRow
from lib.rules.choropleth import class_labels
from lib.settings import ROOT
from lib.ui import map_layers as layers
from lib.ui import reads
from lib.ui.map_layers import INK, WHITE, Row, rgb
from lib.ui.map_points import Pin, dot_rows, hexagon_rows, pin_rows, spread_in_cells
from lib.ui.map_words import (
    CODE_PIXELS,
    NAME_PIXELS,
    PARK_PIXELS,
    WATER_PIXELS,
    Box,
    View,
    pin_boxes,
    placed_words,
    plate_box,
)

RAMP = ("#F3F8FC", "#E1EDF8", "#CBE0F3", "#B2D1ED", "#98C0E6", "#7DAEDD")
"""Six steps under pins, pale so that pins stand out; `RAMP_ALONE` where nothing lies on top."""

RAMP_ALONE = ("#E4F3FE", "#A0CDF4", "#67A5E1", "#387CC7", "#1C55A0", "#173366")

AROUND = ("waterline", "ground", "park", "school")
"""What can be drawn besides beats; the demonstration city has all of it, an imported one at first nothing."""

Around = Mapping[str, Mapping[str, Any]]
"""GeoJSON by kind (`AROUND`): what the city has."""

PIN_PIXELS, SMALL_PIN_PIXELS, PLATE_PIXELS = 30, 25, 16
LARGE_PINS_AT_MOST = 20
"""More pins than this in the chosen beat are small ones, on a wide screen as well."""

ROOM, CLOSE_ROOM = 1.6, 1.15
"""How many times as large as the chosen beat the map is, to explore around it and to choose a place in it."""

NEAR_ZOOM = 11.8
"""Further out only the codes of the beats are written, and no schools are drawn."""

HINT = "Double-click zooms in, drag to move"

CREDIT = "Parks © OpenStreetMap contributors"

OnPick = Callable[[str], None]


class CompactDeck(pdk.Deck):  # type: ignore[misc]
    """A deck whose JSON has no indentation: half the size of pydeck's own."""

    def to_json(self) -> str:
        return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"))


def view_of(
    beats: Mapping[str, Any], code: str | None, *, width: int = 800, height: int = 560, room: float = ROOM
) -> View:
    """A view of so many pixels that holds the beat of that code with `room` for its neighbours, or all beats."""
    outlines = {feature["properties"]["code"]: shape(feature["geometry"]) for feature in beats["features"]}
    if not outlines:
        return View(0, 20, 1, 0, width, height)
    whole = shapely.total_bounds(list(outlines.values()))
    far = _zoom(whole, 1.06, width, height)
    chosen = outlines.get(code) if code is not None else None
    west, south, east, north = (float(edge) for edge in (whole if chosen is None else chosen.bounds))
    zoom = far if chosen is None else min(max(far, _zoom(chosen.bounds, room, width, height)), 15.0)
    return View((west + east) / 2, (south + north) / 2, round(zoom, 2), round(far - 0.2, 2), width, height)


def pins_of(categories: Iterable[CategoryRow]) -> dict[str, Pin]:
    """The pins of a city's categories by key. A glyph that the atlas does not have is drawn as "other"."""
    return {
        each.key: Pin(each.icon if each.icon in _atlas() else "other", each.colour, each.name) for each in categories
    }


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
    around: Around | None = None,
    is_small: bool = False,
) -> CompactDeck:
    """The explore map, its layers from the ground up.

    `beats` is GeoJSON with code, name and label; `classes` gives each beat's step 0–5 (None: no figure). `points` has
    the columns cell, category and beat, one row per concern, and is drawn as pins in the selected beat and as dots
    elsewhere; `pins` says how each category looks (`pins_of`). `hexagons` has cell, step (0–5 of
    `RAMP_ALONE`) and label, and takes the place of the classes. `around` is what else the city has to draw
    (`drawn_around`). `is_small`: for a phone.
    """
    seen, kinds = view or view_of(beats, selected), around or {}
    is_near = seen.zoom >= NEAR_ZOOM
    chosen = [feature for feature in beats["features"] if feature["properties"]["code"] == selected]
    placed = spread_in_cells(points) if points is not None and len(points) and pins else None
    above, taken = _plate(chosen, seen)

    stack = _ground(kinds, is_near)
    if hexagons is not None and len(hexagons):
        stack += [layers.beat_areas({}, RAMP, RAMP[0]), layers.hexagons(hexagon_rows(hexagons, RAMP_ALONE))]
    else:
        stack.append(layers.beat_areas(classes, ramp))
    stack += [*([layers.parks()] if "park" in kinds else []), layers.beat_lines()]
    if placed is not None and pins is not None:
        elsewhere = dot_rows(placed[placed["beat"] != selected], pins)
        stack += [layers.dots(key, pins[key].colour, places) for key, places in elsewhere.items()]
        inside = pin_rows(placed[placed["beat"] == selected], pins)
        size = SMALL_PIN_PIXELS if is_small or len(inside) > LARGE_PINS_AT_MOST else PIN_PIXELS
        above = [layers.pins(inside, size), layers.numbers([row for row in inside if row["say"]], size), *above]
        taken += pin_boxes(seen, inside, size)
    stack += [
        layers.outline(_bare(chosen), name, colour, width)
        for name, colour, width in (("halo", rgb(WHITE), 7.0), ("line", rgb(INK), 3.2))
    ]
    stack += [layers.schools()] if is_near and "school" in kinds else []
    return _deck([*stack, *_words(beats, selected, kinds, seen, taken), *above], seen)


def cell_map(
    *,
    beats: Mapping[str, Any],
    selected: str,
    cells: Sequence[str],
    chosen: str | Collection[str] | None,
    view: View | None = None,
    around: Around | None = None,
) -> CompactDeck:
    """A map of one beat to choose places from: the public cells `cells` (`cells_in`), the `chosen` ones filled.

    A click gives the cell, as fine as a public place ever is. The beat fills the map; of `view` only the size counts.
    """
    size = {"width": view.width, "height": view.height} if view else {}
    seen, kinds = view_of(beats, selected, **size, room=CLOSE_ROOM), around or {}
    features = [feature for feature in beats["features"] if feature["properties"]["code"] == selected]
    filled = {chosen} if isinstance(chosen, str) else frozenset(chosen or ())
    rows = [
        {
            "hex": cell,
            "fill": rgb("#0A5BB5", 210) if cell in filled else [255, 255, 255, 1],
            "label": "The chosen place" if cell in filled else "Choose this place",
        }
        for cell in cells
    ]
    stack = [*_ground(kinds, is_near=True), layers.beat_areas({selected: 1}, RAMP)]
    stack += [*([layers.parks()] if "park" in kinds else []), layers.beat_lines(), layers.hexagons(rows)]
    stack += [layers.outline(_bare(features), "line", rgb(INK), 3.2)]
    stack += [layers.schools()] if "school" in kinds else []
    return _deck([*stack, *_words(beats, None, kinds, seen, [])], seen)


def show_map(deck: CompactDeck, *, alt: str, key: str, height: int = 500, on_pick: OnPick | None = None) -> str | None:
    """Draw the map. A click on a beat calls `on_pick` (for instance `choose_beat`) with its code before the next run,
    which thus already shows the new beat; the code is also returned, once.

    `alt` says what the map shows and where the same numbers stand as text. Only changed data travels: keep `key` the
    same.
    """
    return _show(deck, "code", alt=alt, key=key, height=height, on_pick=on_pick)


def clicked_place(
    deck: CompactDeck, *, alt: str, key: str, height: int = 420, on_pick: OnPick | None = None
) -> str | None:
    """Draw a `cell_map`; the h3 cell that was clicked, once, or None. `on_pick` as in `show_map`."""
    return _show(deck, "hex", alt=alt, key=key, height=height, on_pick=on_pick)


def legend(
    breaks: Sequence[float],
    unit: str,
    *,
    ramp: Sequence[str] = RAMP,
    marks: Mapping[str, str] | None = None,
    has_gaps: bool = False,
    credit: str = "",
    hint: str = HINT,
) -> str:
    """The legend as markup: what the colours count (`unit`, "Open concerns per beat"), from under the lowest break to
    the highest, and `marks` (dot, school, park) with what each means. `has_gaps` explains the colour of "no figure",
    `hint` how to move the map."""
    labels = class_labels(breaks, counts=all(float(number).is_integer() for number in breaks))
    steps = "".join(f'<i style="--step:{colour}"></i>' for colour in ramp[: len(labels)])
    low, high = (escape(labels[0]), escape(labels[-1])) if len(labels) > 1 else ("", escape(labels[0]))
    parts = [f"<span>{escape(unit)}</span>", f'<span>{low} <b class="cb-ramp">{steps}</b> {high}</span>']
    if has_gaps:
        parts.append('<span><i class="cb-mark is-none"></i>no figure</span>')
    parts += [f'<span><i class="cb-mark is-{mark}"></i>{escape(words)}</span>' for mark, words in (marks or {}).items()]
    parts += [f"<span>{escape(words)}</span>" for words in (credit, hint) if words]
    return f'<div class="cb-legend">{"".join(parts)}</div>'


def is_phone() -> bool:
    """Whether the browser says it is a phone's: the server does not know the width of the window."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


@st.cache_resource(ttl=300, show_spinner=False)
def drawn_around() -> Around:
    """What this city has of `AROUND`, as GeoJSON by kind; one object for the process, so leave it as it is."""
    found = {kind: reads.drawn_features(kind) for kind in AROUND}
    return {kind: collection for kind, collection in found.items() if collection["features"]}


def cells_in(beats: Mapping[str, Any], code: str, resolution: int) -> list[str]:
    """The h3 cells whose centres lie in the drawn beat, in a fixed order."""
    for feature in beats["features"]:
        if feature["properties"]["code"] == code:
            return sorted(h3.geo_to_cells(feature["geometry"], resolution))
    return []


def _ground(kinds: Around, is_near: bool) -> list[pdk.Layer]:
    found = {"waterline": layers.waterlines, "ground": layers.ground}
    return [layer(is_near) for kind, layer in found.items() if kind in kinds]


def _words(
    beats: Mapping[str, Any], selected: str | None, kinds: Around, seen: View, taken: Sequence[Box]
) -> list[pdk.Layer]:
    """Codes of the beats and names of the waters; nearer the beats' names and those of the larger parks."""
    is_near = seen.zoom >= NEAR_ZOOM
    found = placed_words(beats, selected, kinds, seen, is_near=is_near, taken=taken)
    ink, green, blue, water = rgb(INK), layers.PARK_INK, layers.WATER_INK, layers.WATER
    return [
        layers.words("waters", found.waters, size=WATER_PIXELS, weight=500, ink=blue, halo=water),
        layers.words("parks", found.parks, size=PARK_PIXELS, weight=600, ink=green),
        layers.words("names", found.names, size=NAME_PIXELS, weight=500, ink=ink, offset=8),
        layers.codes(found.codes, CODE_PIXELS, -9 if is_near else 0),
    ]


def _plate(chosen: Sequence[Row], seen: View) -> tuple[list[pdk.Layer], list[Box]]:
    """The chosen beat's name on its upper edge, or as near as the window lets, and the box that it covers."""
    if not chosen:
        return [], []
    corners = shapely.get_coordinates(shape(chosen[0]["geometry"]))
    high = corners[corners[:, 1] >= corners[:, 1].max() - 0.12 * (corners[:, 1].max() - corners[:, 1].min())]
    left, _bottom, _right, top = seen.window.bounds
    at = [max(float(high[:, 0].min()), left), min(float(high[:, 1].max()), top - 40 / seen.pixels_per_degree[1])]
    name = chosen[0]["properties"]["label"]
    return [layers.name_plate(at, name, PLATE_PIXELS)], [plate_box(seen, at, name, PLATE_PIXELS)]


def _bare(features: Sequence[Row]) -> list[Row]:
    return [{"type": "Feature", "properties": {}, "geometry": feature["geometry"]} for feature in features]


def _zoom(bounds: Sequence[float], room: float, width: int, height: int) -> float:
    """The zoom at which these degrees fill so many pixels, with some room around (web mercator, 512 px tiles)."""
    west, south, east, north = (float(edge) for edge in bounds)
    across = log2(width * 360 / (512 * max((east - west) * room, 1e-4)))
    along = log2(height * 360 * cos(radians((south + north) / 2)) / (512 * max((north - south) * room, 1e-4)))
    return min(across, along)


def _deck(stack: list[pdk.Layer], seen: View) -> CompactDeck:
    style = {"fontFamily": "Source Sans, sans-serif", "fontSize": "15px", "borderRadius": "7px"}
    return CompactDeck(
        layers=stack,
        initial_view_state=pdk.ViewState(
            longitude=seen.longitude, latitude=seen.latitude, zoom=seen.zoom, min_zoom=seen.least_zoom, max_zoom=17
        ),
        views=[pdk.View(type="MapView", controller={"scrollZoom": False})],
        map_provider=None,
        tooltip={"text": "{label}", "style": style | {"color": WHITE, "backgroundColor": INK}},
    )


def _show(deck: CompactDeck, wanted: str, *, alt: str, key: str, height: int, on_pick: OnPick | None) -> str | None:
    kept = f"{key} picked"

    def picked() -> None:
        found = _picked(st.session_state[key], wanted)
        if found is not None:
            st.session_state[kept] = found
            if on_pick is not None:
                on_pick(found)

    has_ground = any(layer.id == "ground" for layer in deck.layers)
    with st.container(key=f"{'water' if has_ground else 'land'}_map_{key}"):
        st.pydeck_chart(deck, alt=alt, key=key, height=height, on_select=picked, selection_mode="single-object")
    found: str | None = st.session_state.pop(kept, None)
    return found


def _picked(state: Mapping[str, Any], wanted: str) -> str | None:
    for objects in state["selection"]["objects"].values():
        for each in objects:
            found = each.get(wanted) or each.get("properties", {}).get(wanted)
            if found:
                return str(found)
    return None


@lru_cache(maxsize=1)
def _atlas() -> frozenset[str]:
    return frozenset(json.loads((ROOT / "lib" / "web" / "assets" / "pins.json").read_text(encoding="utf-8")))
