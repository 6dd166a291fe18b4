"""The words on a map, placed so that they can be read: none on another, none on a pin, waters on water.

Places are chosen for the view the map opens with, in its pixels. The codes of the beats grow with the beat when one
zooms in; what found no room stays away, because everything that is written also stands in the table beside the map.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import shape

from lib.ui.map_layers import SCHOOL_PIXELS, Row

CODE_PIXELS, NAME_PIXELS, PARK_PIXELS, WATER_PIXELS = 17, 13, 12, 15
LEAST_CODE_PIXELS = 9
PARKS_NAMED = 10
METRES_PER_DEGREE = 111_320.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class View:
    """Where a map of so many pixels looks: centre in degrees, zoom, and how far out one may zoom."""

    longitude: float
    latitude: float
    zoom: float
    least_zoom: float = 0.0
    width: int = 800
    height: int = 560

    @property
    def pixels_per_degree(self) -> tuple[float, float]:
        """Across and along, near the middle (web mercator, tiles of 512 pixels)."""
        across = 512 * 2**self.zoom / 360
        return across, across / cos(radians(self.latitude))

    @property
    def window(self) -> shapely.Polygon:
        """What is seen, in degrees, without a narrow margin."""
        per_x, per_y = self.pixels_per_degree
        half_x, half_y = 0.47 * self.width / per_x, 0.47 * self.height / per_y
        return shapely.box(
            self.longitude - half_x, self.latitude - half_y, self.longitude + half_x, self.latitude + half_y
        )

    def pixel(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixels right and down from the middle."""
        per_x, per_y = self.pixels_per_degree
        return (longitude - self.longitude) * per_x, (self.latitude - latitude) * per_y


@dataclass
class Words:
    """What is written, as rows for the layers: `at`, `say`, and for codes `metres` (their height on the ground)."""

    codes: list[Row] = field(default_factory=list)
    names: list[Row] = field(default_factory=list)
    parks: list[Row] = field(default_factory=list)
    waters: list[Row] = field(default_factory=list)


def placed_words(
    beats: Mapping[str, Any],
    selected: str | None,
    around: Mapping[str, Mapping[str, Any]],
    view: View,
    *,
    is_near: bool,
    taken: Iterable[Box] = (),
) -> Words:
    """Codes of all beats but the selected one; near by also their names and those of parks; and of waters.

    `around` is GeoJSON by kind (ground, waterline, park, school); `taken` are boxes in pixels that stay free: the pins.
    """
    words, boxes = Words(), list(taken)
    window = view.window
    named = []
    for feature in beats["features"]:
        code, name = feature["properties"]["code"], feature["properties"]["name"]
        if code == selected:
            continue
        at, metres = _room(shapely.to_wkb(shape(feature["geometry"])), shapely.to_wkb(window))
        words.codes.append({"at": at, "say": code, "metres": metres})
        height = min(CODE_PIXELS, metres / METRES_PER_DEGREE * view.pixels_per_degree[1])
        if height >= LEAST_CODE_PIXELS:
            lift = -9 if is_near else 0
            boxes.append(_box(view, at, code, height, lift, bold=True))
        if is_near and name not in ("", code):
            named.append((at, name))
    if is_near and "school" in around:
        schools = [feature["geometry"]["coordinates"] for feature in around["school"]["features"]]
        boxes += pin_boxes(view, [{"at": at} for at in schools], SCHOOL_PIXELS)
    if "waterline" in around and "ground" in around:
        words.waters += _waters(around, view, boxes)
    words.names += _fitting(view, boxes, named, size=NAME_PIXELS, drop=8)
    if is_near and "park" in around:
        parks = _parks(around["park"], window)
        words.parks += _fitting(view, boxes, parks, size=PARK_PIXELS, most=PARKS_NAMED)
    return words


def pin_boxes(view: View, rows: Iterable[Row], size: int) -> list[Box]:
    """The boxes in pixels that pins (`at`) cover."""
    half = size / 2 + 1
    middles = [view.pixel(*row["at"]) for row in rows]
    return [(x - half, y - half, x + half, y + half) for x, y in middles]


def plate_box(view: View, at: Sequence[float], name: str, size: int) -> Box:
    """The box that a name plate covers: it begins at its point and stands on it."""
    x, y = view.pixel(at[0], at[1])
    return (x - 4, y - 2.2 * size, x + 0.56 * size * len(name) + 24, y)


def _fitting(
    view: View,
    boxes: list[Box],
    wanted: Iterable[tuple[list[float], str]],
    *,
    size: int,
    drop: int = 0,
    most: int = 1_000,
) -> list[Row]:
    """Those of the wanted words, in their order, that find room; their boxes are added to `boxes`."""
    rows: list[Row] = []
    for at, say in wanted:
        box = _box(view, at, say, size, drop)
        if len(rows) < most and _is_inside(view, box) and not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            rows.append({"at": at, "say": say})
    return rows


def _waters(around: Mapping[str, Mapping[str, Any]], view: View, boxes: list[Box]) -> list[Row]:
    """The name of each stretch of water that is wide enough for it, in one line or two, where it is widest."""
    names = [
        (shape(feature["geometry"]), str(feature["properties"].get("name", "")))
        for feature in around["waterline"]["features"]
        if feature["geometry"]["type"] == "Point"
    ]
    if not names:
        return []
    land = shapely.union_all([shape(feature["geometry"]) for feature in around["ground"]["features"]])
    water = shapely.get_parts(view.window.difference(land))
    stretches = [part for part in water if part.geom_type == "Polygon" and part.area > 0]
    rows: list[Row] = []
    for stretch in sorted(stretches, key=lambda part: -part.area):
        ((x, y), _metres) = _widest(stretch)
        name = min(names, key=lambda each: _apart(each[0], x, y))[1]
        for say in dict.fromkeys((name, name.replace(" ", "\n"))):
            box = _box(view, [x, y], say, WATER_PIXELS, 0)
            is_free = _is_inside(view, box) and not any(_overlap(box, other) for other in boxes)
            is_said = any(row["say"].split() == say.split() for row in rows)
            if is_free and not is_said and stretch.contains(_ground(view, box)):
                boxes.append(box)
                rows.append({"at": [x, y], "say": say})
                break
    return rows


def _parks(parks: Mapping[str, Any], window: shapely.Polygon) -> list[tuple[list[float], str]]:
    found: dict[str, list[float]] = {}
    for feature in parks["features"]:
        name = str(feature["properties"].get("name") or "")
        if name and name not in found and window.contains(shapely.Point(_first_corner(feature))):
            point = shape(feature["geometry"]).representative_point()
            found[name] = [round(point.x, 5), round(point.y, 5)]
    return [(at, name) for name, at in found.items()]


@lru_cache(maxsize=4_000)
def _room(outline: bytes, window: bytes) -> tuple[list[float], float]:
    """The middle of the widest place of a beat (of what the window shows of it) and how high letters may be there."""
    whole, seen = shapely.from_wkb(outline), shapely.from_wkb(window)
    if not seen.contains(whole):
        part = whole.intersection(seen)
        whole = part if part.area > 0.02 * seen.area or part.area > 0.3 * whole.area else whole
    largest = max(shapely.get_parts(whole), key=lambda part: float(part.area))
    at, metres = _widest(largest)
    return list(at), round(0.85 * metres)


def _widest(polygon: shapely.Polygon) -> tuple[tuple[float, float], float]:
    """The middle of the largest circle inside, in degrees, and its radius in metres."""
    flat = cos(radians(polygon.centroid.y))
    circle = shapely.maximum_inscribed_circle(shapely.transform(polygon, lambda xy: xy * [flat, 1.0]), tolerance=2e-4)
    x, y = circle.coords[0]
    return (round(x / flat, 5), round(y, 5)), circle.length * METRES_PER_DEGREE


def _box(view: View, at: Sequence[float], say: str, size: float, drop: float, *, bold: bool = False) -> Box:
    x, y = view.pixel(at[0], at[1])
    lines = say.split("\n")
    half_x = (0.29 if bold else 0.265) * size * max(map(len, lines)) + 2
    half_y = size * (0.42 + 0.58 * (len(lines) - 1))
    return (x - half_x, y + drop - half_y, x + half_x, y + drop + half_y)


def _ground(view: View, box: Box) -> shapely.Polygon:
    """A box of pixels in degrees."""
    per_x, per_y = view.pixels_per_degree
    left, top, right, bottom = box
    return shapely.box(
        view.longitude + left / per_x,
        view.latitude - bottom / per_y,
        view.longitude + right / per_x,
        view.latitude - top / per_y,
    )


def _is_inside(view: View, box: Box) -> bool:
    half_x, half_y = view.width / 2 - 4, view.height / 2 - 4
    return box[0] > -half_x and box[2] < half_x and box[1] > -half_y and box[3] < half_y


def _overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _apart(point: shapely.Point, x: float, y: float) -> float:
    return float(((point.x - x) * cos(radians(y))) ** 2 + (point.y - y) ** 2)


def _first_corner(feature: Row) -> tuple[float, float]:
    corner = feature["geometry"]["coordinates"]
    while isinstance(corner[0], (list, tuple)):
        corner = corner[0]
    return corner[0], corner[1]
