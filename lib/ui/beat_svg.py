"""A finished SVG of beats: the small map on Home and the map beside a vote. No script, no tiles, no outside font.

Geometry is projected flat around the middle of the picture (a beat is a few kilometres wide), text is escaped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import shape

from lib.rules.geography import cell_outline

INK, WATER, GROUND, PARK, LINE, CHOSEN, OTHER = (
    "#0E1F38",
    "#CFDFEA",
    "#F1F0EB",
    "#C3DDBD",
    "#46566E",
    "#A0CDF4",
    "#F3F8FC",
)
FONT = "Source Sans, Liberation Sans, Arial, sans-serif"


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
    cells: Mapping[str, str] | None = None,
    fills: Mapping[str, str] | None = None,
    discs: Sequence[Disc] = (),
    width: int = 360,
    height: int = 440,
    labels: bool = True,
    title: str = "",
) -> str:
    """The beats named in `selected` with their neighbours around them (all beats, if none is named), as SVG text.

    `fills` colours beats by code; without it the selected ones are blue and the others pale. `cells` colours h3 cells.
    """
    shapes = {feature["properties"]["code"]: shape(feature["geometry"]) for feature in beats["features"]}
    frame = [shapes[code] for code in selected if code in shapes] or list(shapes.values())
    if not frame:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"/>'
    place = _Projection(shapely.total_bounds(shapely.GeometryCollection(frame)), width, height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{FONT}" role="img">',
        f"<title>{escape(title)}</title>" if title else "",
        f'<rect width="{width}" height="{height}" fill="{WATER}"/>',
    ]
    for code, outline in shapes.items():
        if place.sees(outline):
            fill = (fills or {}).get(code) or (CHOSEN if code in selected else OTHER)
            parts.append(f'<path d="{place.path(outline)}" fill="{escape(fill)}" stroke="{LINE}" stroke-width=".8"/>')
    for feature in (parks or {"features": []})["features"]:
        outline = shape(feature["geometry"])
        if place.sees(outline):
            parts.append(f'<path d="{place.path(outline)}" fill="{PARK}"/>')
    for cell, colour in (cells or {}).items():
        outline = shapely.Polygon(cell_outline(cell))
        if place.sees(outline):
            parts.append(f'<path d="{place.path(outline)}" fill="{escape(colour)}" stroke="#fff" stroke-width=".8"/>')
    parts.extend(
        f'<path d="{place.path(shapes[code])}" fill="none" stroke="{INK}" stroke-width="2.6" stroke-linejoin="round"/>'
        for code in selected
        if code in shapes
    )
    if labels:
        for code, outline in shapes.items():
            inside = outline.intersection(place.window)
            if inside.is_empty or inside.area < 0.0004 * place.window.area:
                continue
            x, y = place.point(*inside.representative_point().coords[0])
            size = 22 if code in selected else 13
            ink = INK if code in selected else LINE
            parts.append(
                f'<text x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central" font-size="{size}" '
                f'font-weight="700" fill="{ink}" stroke="#fff" stroke-width="3" paint-order="stroke">'
                f"{escape(code)}</text>"
            )
    for disc in discs:
        x, y = place.point(disc.longitude, disc.latitude)
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="11" fill="{escape(disc.colour)}" stroke="#fff" stroke-width="2"/>'
            f'<text x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central" font-size="13" font-weight="700" '
            f'fill="#fff">{disc.number}</text>'
        )
    parts.append("</svg>")
    return "".join(parts)


class _Projection:
    """Degrees to picture points, flat, with some room around what has to be seen."""

    def __init__(self, bounds: Sequence[float], width: int, height: int) -> None:
        west, south, east, north = (float(edge) for edge in bounds)
        self._stretch = cos(radians((south + north) / 2))
        across, along = (east - west) * self._stretch, north - south
        self._scale = 0.86 * min(width / max(across, 1e-9), height / max(along, 1e-9))
        self._west, self._north = (west + east) / 2, (south + north) / 2
        self._width, self._height = width, height
        half_x, half_y = width / 2 / self._scale / self._stretch, height / 2 / self._scale
        self.window = shapely.box(self._west - half_x, self._north - half_y, self._west + half_x, self._north + half_y)

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self._width / 2 + (longitude - self._west) * self._stretch * self._scale
        y = self._height / 2 - (latitude - self._north) * self._scale
        return round(x, 1), round(y, 1)

    def sees(self, outline: shapely.Geometry) -> bool:
        return bool(outline.intersects(self.window))

    def path(self, outline: shapely.Geometry) -> str:
        """The outline inside the window as an SVG path, drawn no finer than half a point of the picture."""
        visible = outline.simplify(0.5 / self._scale).intersection(self.window.buffer(20 / self._scale))
        rings = [
            ring
            for polygon in shapely.get_parts(visible)
            if polygon.geom_type == "Polygon"
            for ring in (polygon.exterior, *polygon.interiors)
        ]
        return "".join(
            "M" + "L".join(f"{x} {y}" for x, y in (self.point(*corner[:2]) for corner in ring.coords)) + "Z"
            for ring in rings
        )
