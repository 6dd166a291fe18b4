"""A finished SVG of beats: the small map on Home and the map beside a vote. No script, no tiles, no outside font.

Geometry is projected flat around the middle of the picture (a beat is a few kilometres wide). Letters and discs are
sized by the picture, so that a picture shown small stays legible; text is escaped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, hypot, pi, radians, sin
from typing import Any

import shapely
from shapely.geometry import shape

from lib.rules.geography import cell_outline

INK, WHITE, WATER, COAST, GROUND, BLANK, PARK, LINE, CHOSEN, OTHER = (
    "#0E1F38",
    "#FFFFFF",
    "#CFDFEA",
    "#7A96B0",
    "#F1F0EB",
    "#F2F5FA",
    "#C3DDBD",
    "#46566E",
    "#A0CDF4",
    "#F3F8FC",
)
FONT = "Source Sans, Liberation Sans, Arial, sans-serif"
CHOSEN_LETTERS, OTHER_LETTERS, LEAST_LETTERS, DISC = 30.0, 18.0, 9.0, 17.0
"""Heights of letters and radius of a disc in a picture whose shorter side is 300."""


@dataclass(frozen=True)
class Disc:
    """A numbered disc, for instance a goal's number, at a place in degrees."""

    number: int
    longitude: float
    latitude: float
    colour: str = LINE


def beat_svg(
    *,
    beats: Mapping[str, Any],
    selected: Sequence[str] = (),
    parks: Mapping[str, Any] | None = None,
    ground: Mapping[str, Any] | None = None,
    waterlines: Mapping[str, Any] | None = None,
    cells: Mapping[str, str] | None = None,
    fills: Mapping[str, str] | None = None,
    discs: Sequence[Disc] = (),
    drawn_area: Mapping[str, Any] | None = None,
    width: int = 360,
    height: int = 440,
    labels: bool = True,
    title: str = "",
) -> str:
    """The beats named in `selected` with their neighbours around them (all beats, if none is named), as SVG text.

    `fills` colours beats by code; without it the selected ones are blue and the others pale. `cells` colours h3 cells.
    With `ground` everything else is water, `waterlines` lie along its coast. Discs move apart where they would touch. A
    single selected beat that is covered by cells has no code written on it. `drawn_area` is a GeoJSON geometry within a
    dashed line.
    """
    shapes = {feature["properties"]["code"]: shape(feature["geometry"]) for feature in beats["features"]}
    chosen = [code for code in selected if code in shapes]
    frame = [shapes[code] for code in chosen] or list(shapes.values())
    if not frame:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"/>'
    place = _Projection(shapely.total_bounds(shapely.GeometryCollection(frame)), width, height)
    unit = min(width, height) / 300
    seen = {code: outline for code, outline in shapes.items() if place.sees(outline)}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{FONT}" role="img">',
        f"<title>{escape(title)}</title>" if title else "",
        f'<rect width="{width}" height="{height}" fill="{WATER if ground else BLANK}"/>',
        *_drawn(place, waterlines, f'fill="none" stroke="{COAST}" stroke-width="{unit:.2f}" stroke-opacity=".35"'),
        *_drawn(place, ground, f'fill="{GROUND}" stroke="{COAST}" stroke-width="{1.6 * unit:.2f}"'),
    ]
    for code, outline in seen.items():
        fill = (fills or {}).get(code) or (CHOSEN if code in chosen else OTHER)
        parts.append(_path(place, outline, f'fill="{escape(fill)}" stroke="{LINE}" stroke-width="{0.9 * unit:.2f}"'))
    parts += _drawn(place, parks, f'fill="{PARK}"')
    for cell, colour in (cells or {}).items():
        outline = shapely.Polygon(cell_outline(cell))
        if place.sees(outline):
            parts.append(_path(place, outline, f'fill="{escape(colour)}" stroke="{WHITE}" stroke-width="{unit:.2f}"'))
    for colour, thickness in ((WHITE, 5.5), (INK, 2.8)):
        style = f'fill="none" stroke="{colour}" stroke-width="{thickness * unit:.2f}" stroke-linejoin="round"'
        parts += [_path(place, shapes[code], style) for code in chosen]
    if drawn_area is not None:
        dashes = f'stroke-width="{2.8 * unit:.2f}" stroke-dasharray="{7 * unit:.1f} {4 * unit:.1f}"'
        parts.append(_path(place, shape(drawn_area), f'fill="{INK}" fill-opacity=".12" stroke="{INK}" {dashes}'))
    middles = _middles(place, discs, 2.1 * DISC * unit)
    if labels:
        room = shapely.union_all([shapely.Point(middle).buffer(1.15 * DISC * unit) for middle in middles])
        parts += [
            _code(place.seen_part(outline).difference(room), code, is_chosen=code in chosen, unit=unit)
            for code, outline in seen.items()
            if not (cells and chosen == [code])
        ]
    parts += [_disc(disc, middle, DISC * unit) for disc, middle in zip(discs, middles, strict=True)]
    return "".join([*parts, "</svg>"])


class _Projection:
    """Degrees to picture points, flat, with some room around what has to be seen."""

    def __init__(self, bounds: Sequence[float], width: int, height: int) -> None:
        west, south, east, north = (float(edge) for edge in bounds)
        self._stretch = cos(radians((south + north) / 2))
        across, along = (east - west) * self._stretch, north - south
        self._scale = 0.86 * min(width / max(across, 1e-9), height / max(along, 1e-9))
        self._longitude, self._latitude = (west + east) / 2, (south + north) / 2
        self._width, self._height = width, height
        half_x, half_y = width / 2 / self._scale / self._stretch, height / 2 / self._scale
        west, south = self._longitude - half_x, self._latitude - half_y
        self.window = shapely.box(west, south, west + 2 * half_x, south + 2 * half_y)
        self._drawn = self.window.buffer(20 / self._scale)

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self._width / 2 + (longitude - self._longitude) * self._stretch * self._scale
        y = self._height / 2 - (latitude - self._latitude) * self._scale
        return round(x, 1), round(y, 1)

    def sees(self, outline: shapely.Geometry) -> bool:
        return bool(outline.intersects(self.window))

    def seen_part(self, outline: shapely.Geometry) -> shapely.Geometry:
        """The largest piece of what is seen of a beat, in picture points."""
        parts = [part for part in shapely.get_parts(outline.intersection(self.window)) if part.geom_type == "Polygon"]
        if not parts:
            return shapely.Polygon()
        corners = max(parts, key=lambda part: float(part.area)).exterior.coords
        return shapely.make_valid(shapely.Polygon([self.point(x, y) for x, y in corners]))

    def path(self, outline: shapely.Geometry) -> str:
        """The outline inside the window as an SVG path, drawn no finer than half a point of the picture."""
        visible = outline.simplify(0.5 / self._scale).intersection(self._drawn)
        paths = []
        for part in shapely.get_parts(visible):
            if part.geom_type == "Polygon":
                paths += [f"{self._line(ring)}Z" for ring in (part.exterior, *part.interiors)]
            elif part.geom_type == "LineString":
                paths.append(self._line(part))
        return "".join(paths)

    def _line(self, line: shapely.Geometry) -> str:
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in (self.point(*corner[:2]) for corner in line.coords))


def _path(place: _Projection, outline: shapely.Geometry, style: str) -> str:
    return f'<path d="{place.path(outline)}" {style}/>'


def _drawn(place: _Projection, collection: Mapping[str, Any] | None, style: str) -> list[str]:
    outlines = [shape(feature["geometry"]) for feature in (collection or {"features": []})["features"]]
    return [
        _path(place, outline, style) for outline in outlines if outline.geom_type != "Point" and place.sees(outline)
    ]


def _code(room: shapely.Geometry, code: str, *, is_chosen: bool, unit: float) -> str:
    """A beat's code where there is most room; nothing where it would be too small to read."""
    if room.is_empty:
        return ""
    circle = shapely.maximum_inscribed_circle(room, tolerance=1.0)
    size = min((CHOSEN_LETTERS if is_chosen else OTHER_LETTERS) * unit, 2.4 * circle.length / max(len(code), 2) ** 0.8)
    if size < LEAST_LETTERS * unit:
        return ""
    x, y = circle.coords[0]
    return _text(round(x, 1), round(y, 1), code, size=size, colour=INK if is_chosen else LINE, halo=0.22 * size)


def _middles(place: _Projection, discs: Sequence[Disc], least: float) -> list[tuple[float, float]]:
    middles: list[tuple[float, float]] = []
    for disc in discs:
        middles.append(_apart(place.point(disc.longitude, disc.latitude), middles, least))
    return middles


def _disc(disc: Disc, middle: tuple[float, float], radius: float) -> str:
    x, y = middle
    return (
        f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{escape(disc.colour)}" stroke="{WHITE}" '
        f'stroke-width="{0.16 * radius:.1f}"/>{_text(x, y, str(disc.number), size=1.15 * radius, colour=WHITE)}'
    )


def _apart(wanted: tuple[float, float], taken: Sequence[tuple[float, float]], least: float) -> tuple[float, float]:
    """The nearest free place on rings around the wanted one, the same each time."""
    x, y = wanted
    places = [wanted] + [
        (x + ring * least * cos(turn * pi / 4), y + ring * least * sin(turn * pi / 4))
        for ring in (0.55, 1.05)
        for turn in range(8)
    ]
    free = [place for place in places if all(hypot(place[0] - a, place[1] - b) >= 0.98 * least for a, b in taken)]
    found = free[0] if free else wanted
    return round(found[0], 1), round(found[1], 1)


def _text(x: float, y: float, say: str, *, size: float, colour: str, halo: float = 0.0) -> str:
    edge = f' stroke="{WHITE}" stroke-width="{halo:.1f}" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central" font-size="{size:.1f}" '
        f'font-weight="700" fill="{colour}"{edge}>{escape(say)}</text>'
    )
