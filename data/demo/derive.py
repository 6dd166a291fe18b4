"""Derive the demonstration city's geography from the npm package seattle-boundaries-data 5.0.3.

    npm pack seattle-boundaries-data@5.0.3 && tar xzf seattle-boundaries-data-5.0.3.tgz
    python data/demo/derive.py package/data

Full polygons are kept for assigning points; what is drawn is simplified as a coverage (neighbours keep sharing their
lines) and clipped to the city limits, which follow the true shoreline. Beat names are our own choice: the neighbourhood that
the beat overlaps most, made unique.
"""

import json
import sys
from pathlib import Path

import geopandas as gpd
import shapely

HERE = Path(__file__).parent
METRES = "EPSG:32610"

NAMES = {
    "B1": "Ballard", "B2": "Fremont", "B3": "Wallingford",
    "C1": "North Capitol Hill", "C2": "Montlake", "C3": "Madrona",
    "D1": "Belltown Waterfront", "D2": "Belltown", "D3": "South Lake Union",
    "E1": "Broadway", "E2": "Pike/Pine", "E3": "First Hill",
    "F1": "High Point", "F2": "Roxhill", "F3": "South Park",
    "G1": "Yesler Terrace", "G2": "Leschi", "G3": "Judkins Park",
    "J1": "Greenwood", "J2": "Sunset Hill", "J3": "Green Lake",
    "K1": "Central Waterfront", "K2": "Pioneer Square", "K3": "International District",
    "L1": "Pinehurst", "L2": "Maple Leaf", "L3": "Lake City",
    "M1": "Pike Place", "M2": "Retail Core", "M3": "City Hall",
    "N1": "Broadview", "N2": "Haller Lake", "N3": "North College Park",
    "O1": "SoDo", "O2": "Industrial District", "O3": "Georgetown",
    "Q1": "Magnolia", "Q2": "Queen Anne", "Q3": "Lower Queen Anne",
    "R1": "North Beacon Hill", "R2": "Mount Baker", "R3": "Seward Park",
    "S1": "South Beacon Hill", "S2": "Brighton", "S3": "Rainier Beach",
    "U1": "Roosevelt", "U2": "University District", "U3": "Wedgwood",
    "W1": "Alki", "W2": "Genesee", "W3": "Fauntleroy",
}  # fmt: skip
PRECINCTS = {"E": "East", "N": "North", "S": "South", "SW": "Southwest", "W": "West"}
SCHOOLS = {
    "ELEM": "elementary school",
    "Option ELEM": "elementary school",
    "MS": "middle school",
    "HS": "high school",
    "Option HS": "high school",
    "Service School": "school",
}
PARK_MINIMUM_M2 = 4_000
COAST_OFFSETS_M = (45, 110, 200, 320)


def main(package: Path) -> None:
    beats = gpd.read_file(package / "spd-beats.geojson").rename(columns={"name": "code"}).sort_values("code")
    precincts = gpd.read_file(package / "spd-precincts.geojson").rename(columns={"name": "code"})
    precincts["name"] = precincts["code"].map(PRECINCTS)
    limits = shapely.make_valid(gpd.read_file(package / "city-limits.geojson").to_crs(METRES).union_all())

    inside = beats.set_geometry(beats.representative_point()).sjoin(precincts[["name", "geometry"]], how="left")
    beats["precinct"] = inside["name"]
    beats["name"] = beats["code"].map(NAMES)
    _write("beats", beats[["code", "name", "precinct", "geometry"]], digits=7)

    metric = beats.to_crs(METRES)
    drawn = metric.assign(geometry=metric.geometry.make_valid().intersection(limits))
    drawn = drawn.assign(geometry=shapely.coverage_simplify(_polygons(drawn.geometry), 18))
    _write("beats_drawn", drawn[["code", "name", "precinct", "geometry"]], digits=5)
    _write("precincts", _light(precincts[["code", "name", "geometry"]], limits, 25), digits=5)

    ground = gpd.GeoDataFrame({"name": ["City limits"]}, geometry=[limits.simplify(15)], crs=METRES)
    _write("ground", ground, digits=5)
    rings = [limits.buffer(metres).boundary.simplify(20) for metres in COAST_OFFSETS_M]
    lines = gpd.GeoDataFrame({"name": [f"{metres} m from the shore" for metres in COAST_OFFSETS_M]}, geometry=rings, crs=METRES)
    _write("waterlines", lines, digits=4)

    parks = gpd.read_file(package / "seattle-parks-osm.geojson").to_crs(METRES)
    parks["geometry"] = _polygons(parks.geometry.make_valid().intersection(limits).simplify(8))
    parks = parks[parks.area >= PARK_MINIMUM_M2].assign(name=parks["name"].fillna(""))
    _write("parks", parks[["name", "geometry"]], digits=5)

    schools = gpd.read_file(package / "sps_school_site_2015_2016.geojson")
    schools["name"] = schools["PROPERTY_L"].str.strip()
    schools["kind"] = schools["Status"].map(SCHOOLS)
    _write("schools", schools[["name", "kind", "geometry"]], digits=5)


def _light(frame: gpd.GeoDataFrame, limits: shapely.Geometry, metres: float) -> gpd.GeoDataFrame:
    metric = frame.to_crs(METRES)
    return metric.assign(geometry=_polygons(metric.geometry.make_valid().intersection(limits).simplify(metres)))


def _polygons(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Only the polygons of each shape; slivers under 500 m² from clipping are dropped."""

    def kept(shape: shapely.Geometry) -> shapely.MultiPolygon:
        parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 500]
        nested = [q for p in shapely.get_parts(shape) if p.geom_type == "MultiPolygon" for q in p.geoms if q.area > 500]
        return shapely.MultiPolygon([*parts, *nested])

    return shapes.map(kept)


def _write(name: str, frame: gpd.GeoDataFrame, *, digits: int) -> None:
    frame = frame.to_crs("EPSG:4326")
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in row.items() if key != "geometry"},
            "geometry": _rounded(shapely.geometry.mapping(row["geometry"]), digits),
        }
        for row in frame.to_dict("records")
        if not row["geometry"].is_empty
    ]
    file = HERE / f"{name}.geojson"
    file.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"), ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    print(f"{file.name}: {len(features)} features, {file.stat().st_size / 1024:.0f} KB")


def _rounded(geometry: dict, digits: int) -> dict:
    def walk(part):
        return [walk(p) for p in part] if isinstance(part[0], (list, tuple)) else [round(c, digits) for c in part[:2]]

    return {"type": geometry["type"], "coordinates": walk(list(geometry["coordinates"]))}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
