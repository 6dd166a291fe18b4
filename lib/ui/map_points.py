"""What lies on the explore map: concerns as pins and dots, and hexagons. Rows for the layers, without any drawing.

Points are public cells' centres, spread a little inside their cell so that several categories of one cell can be told
apart: never anything finer than the cell (promise 10 of the design).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, radians, sin, sqrt

import h3
import pandas as pd
import shapely

from lib.rules.geography import cell_centre
from lib.ui.map_layers import Row, rgb

SPREAD = 0.72
"""How far a spread point may lie from its cell's centre, as a share of the way to the nearest edge."""


@dataclass(frozen=True)
class Pin:
    """How a category looks on the map: the name of its glyph in the atlas, its colour, and its own name in words."""

    icon: str
    colour: str
    name: str = ""


def spread_in_cells(points: pd.DataFrame) -> pd.DataFrame:
    """One row per cell and category (and beat), with `number` concerns and a place of its own inside the cell: the
    centre for one row, a small sunflower spiral for several.

    Needs the columns cell, category, beat; adds number, longitude, latitude. The place depends on the cell and on which
    categories it has, on nothing finer and on no order of rows.
    """
    plain = points[["cell", "category", "beat"]].astype(str)
    placed = plain.groupby(["cell", "category", "beat"], as_index=False, sort=True).size()
    placed = placed.rename(columns={"size": "number"})
    cells = placed["cell"].tolist()
    ranks = placed.groupby("cell").cumcount().tolist()
    sizes = placed.groupby("cell")["cell"].transform("size").tolist()
    places = [_in_cell(cell, rank, size) for cell, rank, size in zip(cells, ranks, sizes, strict=True)]
    placed["longitude"] = [place[0] for place in places]
    placed["latitude"] = [place[1] for place in places]
    return placed


def dot_rows(placed: pd.DataFrame, pins: Mapping[str, Pin]) -> dict[str, list[list[float]]]:
    """Places by category, to 10 m: dots are small and many."""
    rows: dict[str, list[list[float]]] = {key: [] for key in pins}
    for key, group in placed.groupby("category"):
        if key in rows:
            rows[str(key)] = group[["longitude", "latitude"]].to_numpy().round(4).tolist()
    return rows


def pin_rows(placed: pd.DataFrame, pins: Mapping[str, Pin]) -> list[Row]:
    """`at`, `icon`, `label` ("Noise: 3 concerns") and `say` (the number, "" for one) of each pin, from the north."""
    ordered = placed[placed["category"].isin(list(pins))].sort_values(["latitude", "cell"], ascending=[False, True])
    rows = zip(ordered["longitude"], ordered["latitude"], ordered["category"], ordered["number"], strict=True)
    return [
        {
            "at": [round(longitude, 5), round(latitude, 5)],
            "icon": pins[category].icon,
            "say": "" if number == 1 else str(number),
            "label": pins[category].name if number == 1 else f"{pins[category].name}: {number} concerns",
        }
        for longitude, latitude, category, number in rows
    ]


def hexagon_rows(hexagons: pd.DataFrame, ramp: Sequence[str]) -> list[Row]:
    """`hex`, `fill` and `label` of each cell; needs the columns cell, step and label."""
    fills = [rgb(colour) for colour in ramp]
    return [
        {"hex": str(cell), "fill": fills[step], "label": label}
        for cell, step, label in zip(hexagons["cell"], hexagons["step"], hexagons["label"], strict=True)
    ]


@lru_cache(maxsize=50_000)
def _in_cell(cell: str, rank: int, size: int) -> tuple[float, float]:
    centre = cell_centre(cell)
    if size == 1:
        return centre.longitude, centre.latitude
    share, turn = _reach(cell) * sqrt((rank + 0.5) / max(size, 4)), rank * pi * (3 - sqrt(5))
    return centre.longitude + share * cos(turn) / cos(radians(centre.latitude)), centre.latitude + share * sin(turn)


@lru_cache(maxsize=50_000)
def _reach(cell: str) -> float:
    """How far a point may lie from the centre and surely be inside, in degrees of latitude."""
    centre = cell_centre(cell)
    flat = cos(radians(centre.latitude))
    corners = [((x - centre.longitude) * flat, y - centre.latitude) for y, x in h3.cell_to_boundary(cell)]
    return SPREAD * float(shapely.LinearRing(corners).distance(shapely.Point(0, 0)))
