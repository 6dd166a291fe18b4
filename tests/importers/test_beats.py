"""Polygons of a city's beats, in any usual format and projection."""

import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Geometry
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from lib.errors import Invalid
from lib.importers.beats import comparable_code, read_beats, same_code


def squares(codes: list[str | None], column: str = "beat_num", **more: list[str]) -> gpd.GeoDataFrame:
    """One square per code, side by side, in degrees."""
    shapes = [box(-87.7 + 0.01 * number, 41.8, -87.69 + 0.01 * number, 41.81) for number in range(len(codes))]
    return gpd.GeoDataFrame({column: codes, **more}, geometry=shapes, crs="EPSG:4326")


def saved(frame: gpd.GeoDataFrame, file: Path) -> Path:
    frame.to_file(file, driver="KML" if file.suffix == ".kml" else None)
    return file


def zipped(folder: Path, file: Path, inside: str = "") -> Path:
    """`folder`'s files in a zip, below the folder `inside`."""
    with zipfile.ZipFile(file, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"{inside}{part.name}")
            archive.writestr(f"__MACOSX/{inside}._{part.name}", b"junk")
    return file


@pytest.mark.parametrize("ending", ["shp", "gpkg", "geojson", "kml", "fgb"])
def test_every_usual_format_gives_the_same_beats(tmp_path: Path, ending: str) -> None:
    beats = read_beats(saved(squares(["0122", "0123"], "name"), tmp_path / f"beats.{ending}")).frame
    assert beats["code"].tolist() == ["0122", "0123"]
    assert beats.crs.to_epsg() == 4326
    assert beats.total_bounds.round(6).tolist() == [-87.7, 41.8, -87.68, 41.81]
    assert set(beats.geom_type) == {"MultiPolygon"}


def test_a_zip_with_a_nested_folder_and_what_macos_adds_is_read(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    saved(squares(["1", "2"]), tmp_path / "parts" / "beats.shp")
    beats = read_beats(zipped(tmp_path / "parts", tmp_path / "beats.zip", "deep/folder/"))
    assert beats.frame["code"].tolist() == ["1", "2"]


def test_a_projection_without_an_epsg_code_is_reprojected(tmp_path: Path) -> None:
    feet = squares(["1"]).to_crs(
        "+proj=tmerc +lat_0=36.6666666666667 +lon_0=-88.3333333333333 +k=0.999975 +x_0=300000 +datum=NAD83 +units=us-ft"
    )
    beats = read_beats(saved(feet, tmp_path / "feet.shp"))
    assert beats.frame.total_bounds.round(5).tolist() == [-87.7, 41.8, -87.69, 41.81]
    assert beats.notes[0].startswith("Reprojected from ")


def test_feet_in_a_geojson_are_refused_and_read_when_said_so(tmp_path: Path) -> None:
    feet = squares(["1"]).to_crs("EPSG:3435")
    file = saved(feet.set_crs("EPSG:4326", allow_override=True), tmp_path / "feet.geojson")
    with pytest.raises(
        Invalid, match=r"says that coordinates are degrees .WGS 84., but the file has coordinates such as 1,1"
    ):
        read_beats(file)
    assert read_beats(file, crs="EPSG:3435").frame.total_bounds.round(4).tolist() == [-87.7, 41.8, -87.69, 41.81]
    with pytest.raises(Invalid, match="“feet” names no coordinate system; an example is EPSG:2926"):
        read_beats(file, crs="feet")


def test_an_unknown_coordinate_system_is_guessed_only_for_degrees(tmp_path: Path) -> None:
    degrees = saved(squares(["1"]).set_crs(None, allow_override=True), tmp_path / "degrees.shp")
    assert read_beats(degrees).notes == (
        "The file does not say its coordinate system; its coordinates look like degrees and were read as WGS 84.",
    )
    feet = saved(squares(["1"]).to_crs("EPSG:3435").set_crs(None, allow_override=True), tmp_path / "feet.shp")
    with pytest.raises(Invalid, match=r"feet\.shp does not say its coordinate system and has coordinates such as 1,1"):
        read_beats(feet)


def test_invalid_polygons_are_repaired_and_said_so(tmp_path: Path) -> None:
    frame = squares(["1", "2"])
    bow_tie = Polygon([(-87.7, 41.8), (-87.69, 41.81), (-87.69, 41.8), (-87.7, 41.81)])
    frame.loc[0, "geometry"] = bow_tie
    beats = read_beats(saved(frame, tmp_path / "b.gpkg"))
    assert beats.frame.geometry.is_valid.all()
    assert beats.notes == ("1 invalid polygons were repaired (self-crossing lines): 1.",)


def test_parts_with_the_same_code_become_one_beat(tmp_path: Path) -> None:
    beats = read_beats(saved(squares(["07", "08", "07"], name=["North", "South", ""]), tmp_path / "b.gpkg"))
    assert beats.frame[["code", "name"]].to_numpy().tolist() == [["07", "North"], ["08", "South"]]
    assert len(beats.frame.geometry[0].geoms) == 2
    assert beats.notes == ("Features with the same code became one beat: 07 (2 features).",)
    assert (beats.report.rows, beats.report.taken) == (3, 3)


def test_features_without_code_or_area_are_named(tmp_path: Path) -> None:
    shapes: list[Geometry | None] = [box(0, 0, 1, 1), box(1, 0, 2, 1), MultiPolygon(), None, box(2, 0, 3, 1)]
    frame = gpd.GeoDataFrame({"code": ["A", None, "C", "D", " "]}, geometry=shapes, crs="EPSG:4326")
    report = read_beats(saved(frame, tmp_path / "b.gpkg")).report
    assert [(row.line, row.reason) for row in report.refused] == [
        (2, "no code"),
        (3, "no area: a point, a line or nothing"),
        (4, "no area: a point, a line or nothing"),
        (5, "no code"),
    ]
    assert report.counts() == {
        "rows": 5,
        "taken": 1,
        "without_coordinates": 0,
        "outside": 0,
        "duplicate": 0,
        "unreadable": 4,
    }


def test_the_column_that_tells_the_features_apart_is_the_code(tmp_path: Path) -> None:
    frame = squares(["1", "2", "1"], "BEAT", NAME=["Alki", "Sodo", "Roxhill"], PRECINCT=["SW", "S", "SW"])
    beats = read_beats(saved(frame, tmp_path / "b.gpkg"))
    assert beats.frame[["code", "precinct"]].to_numpy().tolist() == [["Alki", "SW"], ["Roxhill", "SW"], ["Sodo", "S"]]
    assert beats.notes == ("Codes were read from the column NAME; --code-column names another.",)
    named = read_beats(tmp_path / "b.gpkg", code_column="beat", name_column="PRECINCT").frame
    assert named[["code", "name"]].to_numpy().tolist() == [["1", "SW"], ["2", "S"]]


def test_a_missing_code_column_names_those_that_are_there(tmp_path: Path) -> None:
    file = saved(squares(["1"], "shape_area", colour=["red"]), tmp_path / "b.gpkg")
    with pytest.raises(
        Invalid, match=r"No column with the beat's code was recognised\. Columns found: shape_area, colour\."
    ):
        read_beats(file)
    with pytest.raises(Invalid, match=r"The file has no column “sector”\. Columns found: shape_area, colour\."):
        read_beats(file, code_column="sector")


def test_what_holds_no_polygons_is_explained(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"code": ["1"]}, geometry=[Point(1, 1)], crs="EPSG:4326")
    lines = gpd.GeoDataFrame({"code": ["1"]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:4326")
    (tmp_path / "page.geojson").write_text("<!doctype html><p>Sign in</p>")
    (tmp_path / "cut.geojson").write_text('{"type": "FeatureCollection", "features": [')
    (tmp_path / "empty.geojson").write_text("")
    (tmp_path / "junk.gpkg").write_bytes(bytes(range(256)))
    (tmp_path / "junk.zip").write_bytes(b"PK\x03\x04" + bytes(200))
    (tmp_path / "table.csv").write_text("code\n1\n")
    (tmp_path / "none.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("a.png", b"1")
    (tmp_path / "lonely.shp").write_bytes(b"\x00\x00\x27\x0a")
    sentences = {
        saved(points, tmp_path / "points.gpkg"): "points.gpkg holds no polygons. Layers: points (Point).",
        saved(lines, tmp_path / "lines.gpkg"): "lines.gpkg holds no polygons. Layers: lines (LineString).",
        tmp_path / "page.geojson": (
            "page.geojson is a web page, not a map: the download probably answered with a sign-in or error page."
        ),
        tmp_path / "cut.geojson": (
            "cut.geojson cannot be read as a map; a shapefile (zipped), GeoPackage, GeoJSON or KML is needed."
        ),
        tmp_path / "empty.geojson": "empty.geojson is empty.",
        tmp_path / "junk.gpkg": (
            "junk.gpkg cannot be read as a map; a shapefile (zipped), GeoPackage, GeoJSON or KML is needed."
        ),
        tmp_path / "table.csv": (
            "table.csv is a table; beats need their outlines: a shapefile (zipped), GeoPackage, GeoJSON or KML."
        ),
        tmp_path / "photos.zip": (
            "photos.zip holds no geographic file (.shp, .gpkg, .geojson, .json, .kml, .kmz, .fgb, .gml). Inside: a.png."
        ),
        tmp_path / "lonely.shp": (
            "Beside lonely.shp there is no .dbf file, which holds the codes; import the zip with all its parts."
        ),
        tmp_path / "absent.gpkg": f"There is no file {tmp_path / 'absent.gpkg'}.",
        tmp_path: f"{tmp_path} is a folder; name the file itself.",
    }
    said = {}
    for file in sentences:
        with pytest.raises(Invalid) as refused:
            read_beats(file)
        said[file] = refused.value.sentence
    assert said == sentences
    for file in ("junk.zip", "none.geojson"):
        with pytest.raises(Invalid):
            read_beats(tmp_path / file)


def test_several_layers_of_polygons_need_a_name(tmp_path: Path) -> None:
    file = tmp_path / "two.gpkg"
    squares(["1"]).to_file(file, layer="beats")
    squares(["2"]).to_file(file, layer="precincts")
    with pytest.raises(Invalid, match=r"several layers of polygons: beats \(Polygon\), precincts \(Polygon\)"):
        read_beats(file)
    assert read_beats(file, layer="precincts").frame["code"].tolist() == ["2"]


def test_codes_are_compared_without_zeros_spaces_and_case() -> None:
    assert same_code("02X", "2x")
    assert same_code("0122", "122")
    assert same_code("B 1", "b1")
    assert not same_code("10", "1")
    assert not same_code("0", "")
    assert comparable_code("000") == "0"
