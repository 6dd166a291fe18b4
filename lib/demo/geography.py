"""Where the demonstration happens: real beats, parks and schools (`data/demo`), and the corners people name.

Every length is in metres, every point WGS 84 in degrees, longitude first.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import cos, radians
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from lib.settings import ROOT

FOLDER = ROOT / "data" / "demo"
CORNERS = Path(__file__).parent / "texts" / "corners.toml"

SOURCE = "seattle-boundaries-data 5.0.3, ODC-PDDL-1.0"
PARKS_SOURCE = "© OpenStreetMap contributors, ODbL 1.0, through seattle-boundaries-data 5.0.3"

FEATURES: Mapping[str, str] = {
    "ground": "ground.geojson",
    "waterline": "waterlines.geojson",
    "park": "parks.geojson",
    "school": "schools.geojson",
    "precinct": "precincts.geojson",
}
"""What is drawn under the beats, and the file that holds it."""

METRES_PER_DEGREE = 111_195.0
"""Of latitude; of longitude times the cosine of the latitude."""

_NOT_NAMED = (
    *("Greenbelt", "Greenspace", "Natural Area", "Open Space", "Ravine", "Reserve", "Channel", "Stormwater"),
    *("Boulevard", "Golf", "Viewpoint", "Overlook", "Cemetery", "Quad", "Yard", "Lawn", "Launch", "View", "Creek"),
    *("(", " at ", "Elem", "HS", "Interagency", "Learning"),
)
"""Names that say too little to somebody who was not there."""

SpotKind = Literal["corner", "park", "school"]


@dataclass(frozen=True)
class Spot:
    """A place of a beat that people name in a sentence."""

    name: str
    kind: SpotKind
    longitude: float
    latitude: float


@dataclass(frozen=True)
class DemoBeat:
    """A beat with what is invented about it: adults living there, how busy it is (1: usual), and its profile.

    `polygon` assigns points; `land` is the drawn outline without water; `drawn` that outline as GeoJSON.
    """

    code: str
    name: str
    precinct: str
    adults: int
    busy: float
    profile: str
    polygon: shapely.Geometry
    land: shapely.Geometry
    drawn: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Geography:
    """The beats in the order of their codes, and the GeoJSON features of each kind drawn under them."""

    beats: tuple[DemoBeat, ...]
    features: Mapping[str, list[dict[str, Any]]]

    @cached_property
    def by_code(self) -> dict[str, DemoBeat]:
        return {beat.code: beat for beat in self.beats}

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree([beat.polygon for beat in self.beats])

    def beats_holding(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.int64]:
        """The position of the beat that holds each point, -1 outside; on a shared border the lower code."""
        found = np.full(len(longitude), len(self.beats), dtype=np.int64)
        point, beat = self._tree.query(shapely.points(longitude, latitude), predicate="intersects")
        np.minimum.at(found, point, beat)
        found[found == len(self.beats)] = -1
        return found

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """For each beat the positions of those that touch it or nearly do (30 m)."""
        reach = 30 / METRES_PER_DEGREE
        first, second = self._tree.query([beat.polygon for beat in self.beats], predicate="dwithin", distance=reach)
        return tuple(
            tuple(int(other) for other in sorted(second[first == position]) if other != position)
            for position in range(len(self.beats))
        )


@lru_cache(maxsize=1)
def demo_geography() -> Geography:
    """The geography of the demonstration city, read once from `data/demo`."""
    outlines = {each["properties"]["code"]: each["geometry"] for each in _features("beats_drawn.geojson")}
    features = {kind: _features(file) for kind, file in FEATURES.items()}
    facts = tomllib.loads(CORNERS.read_text(encoding="utf-8"))
    named = [*_named(features["park"], "park"), *_named(features["school"], "school")]
    beats = []
    for each in sorted(_features("beats.geojson"), key=lambda each: str(each["properties"]["code"])):
        code = each["properties"]["code"]
        polygon = shapely.from_geojson(json.dumps(each["geometry"]))
        land = shapely.intersection(polygon, shapely.make_valid(shapely.from_geojson(json.dumps(outlines[code]))))
        shapely.prepare([polygon, land])
        corners = [Spot(name, "corner", lon, lat) for name, lat, lon in facts[code]["corners"]]
        mentioned = " ".join(spot.name for spot in corners)
        landmarks = [
            spot
            for spot in named
            if spot.name not in mentioned and shapely.contains_xy(polygon, spot.longitude, spot.latitude)
        ]
        beats.append(
            DemoBeat(
                code=code,
                name=each["properties"]["name"],
                precinct=each["properties"]["precinct"],
                adults=facts[code]["adults"],
                busy=facts[code]["busy"],
                profile=facts[code]["profile"],
                polygon=polygon,
                land=land,
                drawn=json.dumps(outlines[code], separators=(",", ":")),
                spots=(*corners, *landmarks),
            )
        )
    return Geography(tuple(beats), features)


def scattered(
    rng: np.random.Generator, longitude: NDArray[np.float64], latitude: NDArray[np.float64], metres: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The points, each moved by chance in both directions with this standard deviation."""
    step = metres / METRES_PER_DEGREE
    north = rng.normal(0.0, step, len(latitude))
    east = rng.normal(0.0, step / cos(radians(47.6)), len(longitude))
    return longitude + east, latitude + north


def anywhere(rng: np.random.Generator, beat: DemoBeat, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """So many points spread evenly over the land of a beat."""
    west, south, east, north = beat.land.bounds
    lon, lat = np.empty(0), np.empty(0)
    while len(lon) < count:
        more_lon = rng.uniform(west, east, 4 * count + 20)
        more_lat = rng.uniform(south, north, 4 * count + 20)
        inside = shapely.contains_xy(beat.land, more_lon, more_lat)
        lon, lat = np.append(lon, more_lon[inside]), np.append(lat, more_lat[inside])
    return lon[:count], lat[:count]


def _features(file: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((FOLDER / file).read_text(encoding="utf-8"))["features"]
    return features


def _named(features: list[dict[str, Any]], kind: Literal["park", "school"]) -> list[Spot]:
    """Parks and schools that people would name, each name once, at a point inside them."""
    spots: dict[str, Spot] = {}
    for each in features:
        name = str(each["properties"].get("name") or "").strip()
        if not name or any(word in name for word in _NOT_NAMED):
            continue
        centre = shapely.point_on_surface(shapely.from_geojson(json.dumps(each["geometry"])))
        if kind == "school":
            name = f"{name} {each['properties']['kind'].title()}" if "School" not in name else name
            name = name.replace("Int'l", "International")
        spots.setdefault(name, Spot(name, kind, round(centre.x, 6), round(centre.y, 6)))
    return list(spots.values())
