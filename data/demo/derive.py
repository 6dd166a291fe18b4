"""Derive the demonstration city's geography from the npm package seattle-boundaries-data 5.0.3.

    npm pack seattle-boundaries-data@5.0.3 && tar xzf seattle-boundaries-data-5.0.3.tgz
    python data/demo/derive.py package

The same package gives the same files, byte for byte. Full polygons are kept for assigning points. What is drawn is
clipped to the city limits, which follow the true shoreline (the police's own outlines run into the water), and
simplified as one coverage, so that neighbours and the ground below keep sharing their lines.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment

HERE = Path(__file__).parent
DEGREES, METRES = "EPSG:4326", "EPSG:32610"

DRAWN_TOLERANCE_M = 33
NEIGHBOURS_TOLERANCE_M = 45
SMALLEST_LAKE_M2 = 15_000_000
PARK_TOLERANCE_M = 9
PARK_MINIMUM_M2 = 4_000
COAST_OFFSETS_M = (45, 110, 200, 320)
DETAILED_M, WIDE_M = 9_000, 40_000
"""How far around the city the neighbours' shores are drawn, and how far there is land behind them."""

SPELLING = {
    "Ballard South": "Ballard",
    "Central Area/Squire Park": "Leschi",
    "Fauntleroy Sw": "Fauntleroy",
    "International District - West": "International District",
    "Lakecity": "Lake City",
    "Madrona/Leschi": "Madrona",
    "Montlake/Portage Bay": "Montlake",
    "North Beach - Blue Ridge": "Greenwood",
    "Pike-Market": "Pike Place",
    "Roosevelt/Ravenna": "Roosevelt",
    "Roxhill/Westwood/Arbor Heights": "Roxhill",
    "Sandpoint": "Sand Point",
    "Sodo": "SoDo",
    "Brighton/Dunlap": "Brighton",
    "University": "University District",
    "Atlantic": "Judkins Park",
    "Northgate": "North College Park",
}
"""What people call an area that the sources name otherwise, or by several names, or misspell."""

EXCEPTIONS = {
    "D2": "Denny Triangle",  # three areas share it about equally; this is its busiest corner
    "E2": "Pike/Pine",  # "Capitol Hill" is three beats
    "F1": "North Delridge",  # one point behind Riverview, and the name of its main road
    "J2": "Loyal Heights",  # the police's "Ballard North" reads like a part of beat B1
    "K1": "City Hall",  # four beats are "Downtown": named by what stands there
    "M2": "Retail Core",
    "M3": "Downtown",
    "N1": "Broadview",  # the police's "Bitterlake" is mostly Broadview
}
PRECINCTS = {"E": "East", "N": "North", "S": "South", "SW": "Southwest", "W": "West"}
SCHOOLS = {
    "ELEM": "elementary school",
    "Option ELEM": "elementary school",
    "MS": "middle school",
    "HS": "high school",
    "Option HS": "high school",
    "Service School": "school",
}
WATERS = {
    "Puget Sound": (
        (-122.425, 47.715), (-122.43, 47.69), (-122.4475, 47.66), (-122.4475, 47.612), (-122.43, 47.575),
        (-122.4225, 47.535), (-122.405, 47.505),
    ),
    "Elliott Bay": ((-122.3675, 47.6035), (-122.385, 47.6165), (-122.35, 47.5985)),
    "Lake Washington": (
        (-122.2625, 47.7225), (-122.2525, 47.705), (-122.228, 47.672), (-122.262, 47.632), (-122.268, 47.605),
        (-122.262, 47.575), (-122.242, 47.545), (-122.2525, 47.5275), (-122.226, 47.508),
    ),
    "Lake Union": ((-122.3335, 47.6385),),
    "Portage Bay": ((-122.3165, 47.6475),),
    "Union Bay": ((-122.284, 47.6515),),
    "Salmon Bay": ((-122.3835, 47.6595), (-122.3975, 47.6675)),
    "Duwamish": ((-122.359, 47.579), (-122.344, 47.579), (-122.3345, 47.549), (-122.316, 47.528)),
}  # fmt: skip
"""Points in each water, by hand: a stretch of water on a map bears the name of the nearest one."""


def main(package: Path) -> None:
    sources = package / "data" if (package / "data").is_dir() else package
    limits = shapely.union_all(_read(sources, "city-limits").geometry.make_valid())
    beats = _read(sources, "spd-beats").rename(columns={"name": "code"}).sort_values("code", ignore_index=True)
    on_land = beats.assign(geometry=_polygons(beats.geometry.intersection(limits), least_m2=1_500))
    beats["name"] = _names(on_land, sources)
    precincts = _read(sources, "spd-precincts")
    inside = beats.set_geometry(beats.representative_point()).sjoin(precincts[["name", "geometry"]], rsuffix="precinct")
    beats["precinct"] = inside.sort_index()["name_precinct"].map(PRECINCTS)
    _write("beats", beats[["code", "name", "precinct", "geometry"]], digits=7)

    drawn = beats.assign(geometry=shapely.coverage_simplify(on_land.geometry.to_numpy(), DRAWN_TOLERANCE_M))
    _write("beats_drawn", drawn[["code", "name", "precinct", "geometry"]], digits=5)
    regions = drawn.dissolve("precinct")[["geometry"]].rename_axis("name").reset_index()
    _write("precincts", regions, digits=5)

    land = _land(sources, shapely.union_all(drawn.geometry.to_numpy()))
    _write("ground", _frame(["Land"], [land]), digits=5)
    _write("waterlines", _waterlines(land, limits), digits=5)
    _write("parks", _parks(sources, limits), digits=5)

    schools = _read(sources, "sps_school_site_2015_2016")
    schools["name"] = schools["PROPERTY_L"].str.strip()
    schools["kind"] = schools["Status"].map(SCHOOLS)
    _write("schools", schools[["name", "kind", "geometry"]].sort_values("name"), digits=5)


def _names(beats: gpd.GeoDataFrame, sources: Path) -> list[str]:
    """Name each beat by the area it shares most land with, no name twice, all beats taken together.

    Areas are the city's neighbourhoods and, beside them, the police department's policing areas of other names.
    """
    neighbourhoods = _read(sources, "neighborhoods")
    named = neighbourhoods[neighbourhoods["city"] == "Seattle"].dissolve("name").geometry.make_valid()
    policing = _read(sources, "spd-mcpp-areas")
    named_so = policing.set_index(policing["NAME"].str.title()).geometry.make_valid().sort_index()
    areas = {**named_so.to_dict(), **named.to_dict()}
    names = sorted(areas)
    shared = np.array(
        [[beat.intersection(areas[name]).area / beat.area for name in names] for beat in beats.geometry]
    ).round(6)
    rows, columns = linear_sum_assignment(-shared)
    found = {beats["code"][row]: names[column] for row, column in zip(rows, columns, strict=True)}
    said = [EXCEPTIONS.get(code) or SPELLING.get(found[code], found[code]) for code in beats["code"]]
    if len(set(said)) != len(said):
        raise SystemExit(f"Two beats would have the same name: {sorted(said)}")
    return said


def _land(sources: Path, city: shapely.Geometry) -> shapely.MultiPolygon:
    """The land that maps of the city show: the city as drawn, its neighbour cities, and what lies between and behind.

    For orientation only: gaps that belong to no city are filled, and so is everything north of the county and far east
    of the city, where the package has nothing; lakes there are left out.
    """
    west, south, east, north = city.bounds
    neighbours = _read(sources, "neighborhoods")
    others = shapely.union_all(neighbours[neighbours["city"] != "Seattle"].geometry.make_valid())
    county = others.bounds[3]
    shore = others.intersection(shapely.box(west, county - 300, east, county)).bounds[0]
    behind = [
        shapely.box(shore, county - 300, east + WIDE_M, north + WIDE_M),
        shapely.box(east + DETAILED_M - 1_000, south - WIDE_M, east + WIDE_M, north + WIDE_M),
    ]
    frame = shapely.box(west - WIDE_M, south - 2 * DETAILED_M, east + WIDE_M, north + WIDE_M)
    others = others.buffer(90).buffer(-90).simplify(NEIGHBOURS_TOLERANCE_M)
    border = others.buffer(250).intersection(city.buffer(250))
    land = shapely.union_all([others, city, *behind]).intersection(frame)
    land = land.union(land.buffer(90).buffer(-90).intersection(border))
    return _one_polygons(land, SMALLEST_LAKE_M2).union(_one_polygons(city, 1_500))


def _waterlines(land: shapely.Geometry, limits: shapely.Geometry) -> gpd.GeoDataFrame:
    """Lines along the coast, as on a chart, and points in the waters with their names."""
    near = limits.buffer(9_000)
    lines = [
        shapely.line_merge(land.buffer(metres).boundary.simplify(metres / 6 + 12).intersection(near))
        for metres in COAST_OFFSETS_M
    ]
    names = [name for name, places in WATERS.items() for _ in places]
    places = gpd.GeoSeries([shapely.Point(place) for places in WATERS.values() for place in places], crs=DEGREES)
    return _frame(["" for _ in lines] + names, [*lines, *places.to_crs(METRES)])


def _parks(sources: Path, limits: shapely.Geometry) -> gpd.GeoDataFrame:
    parks = _read(sources, "seattle-parks-osm")
    inside = parks.geometry.make_valid().intersection(limits).simplify(PARK_TOLERANCE_M)
    parks = parks.assign(geometry=_polygons(inside, least_m2=500), name=parks["name"].fillna("").str.strip())
    parks = parks[parks.area >= PARK_MINIMUM_M2]
    # The largest first: the one whose name is written where there is no room for all.
    return parks.assign(size=parks.area.round()).sort_values(["size", "name"], ascending=[False, True])[["name", "geometry"]]


def _read(sources: Path, name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(sources / f"{name}.geojson").to_crs(METRES)


def _frame(names: Iterable[str], shapes: Iterable[shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": list(names)}, geometry=list(shapes), crs=METRES)


def _polygons(shapes: gpd.GeoSeries, *, least_m2: float) -> gpd.GeoSeries:
    """Only the polygons of each shape, without the slivers that clipping leaves."""
    return shapes.map(lambda shape: _one_polygons(shape, least_m2))


def _one_polygons(shape: shapely.Geometry, least_m2: float) -> shapely.MultiPolygon:
    single = [part for piece in shapely.get_parts(shape) for part in shapely.get_parts(piece)]
    large = [part for part in single if part.geom_type == "Polygon" and part.area >= least_m2]
    return shapely.MultiPolygon([shapely.Polygon(part.exterior, _large_holes(part, least_m2)) for part in large])


def _large_holes(polygon: shapely.Polygon, least_m2: float) -> list[shapely.LinearRing]:
    return [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= least_m2]


def _write(name: str, frame: gpd.GeoDataFrame, *, digits: int) -> None:
    """Compact GeoJSON in degrees; properties without a value are left out (a NaN makes a map layer disappear)."""
    features = []
    for row in frame.to_crs(DEGREES).to_dict("records"):
        shape = row.pop("geometry")
        if not shape.is_empty:
            properties = {key: value for key, value in row.items() if isinstance(value, str) and value}
            geometry = json.loads(shapely.to_geojson(_rounded(shape, digits)))
            features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    file = HERE / f"{name}.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"), ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"{file.name}: {len(features)} features, {file.stat().st_size / 1000:.0f} kB")


def _rounded(shape: shapely.Geometry, digits: int) -> shapely.Geometry:
    """Corners with so many decimals. Each alone, so that neighbours keep sharing them; repaired where lines then cross."""
    rounded = shapely.set_precision(shape, 10.0**-digits, mode="pointwise")
    return shapely.remove_repeated_points(rounded) if rounded.is_valid else shapely.set_precision(shape, 10.0**-digits)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="The unpacked npm package (the folder that holds data/).")
    main(parser.parse_args().package)
