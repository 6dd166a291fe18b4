"""However a file is damaged on its way, it is read or refused with a sentence; nothing else is ever raised."""

import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from lib.errors import Invalid
from lib.importers.beats import read_beats
from lib.importers.incidents import read_incidents

TABLE = b"id,date,category,lat,lon\n" + b'7,01/31/2012 11:05:00 PM,"THEFT, FROM CAR",41.9,-87.7\n' * 9
CRIMES = (
    b'[{"category":"burglary","location":{"latitude":"51.5","longitude":"-0.1"},"persistent_id":"","month":"2014-08"}]'
)


def workbook() -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["id", "date"])
    book.active.append([1, "2024-01-05"])
    book.save(target)
    return target.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The file with up to five pieces replaced by something else, or by nothing."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        piece = draw(
            st.sampled_from([b"", b'"', b"\x00", b"\xff", b"\n", b"\r", b",,", b"9" * 40, b"null", b"{", b"\xef"])
        )
        content[start : start + draw(st.integers(0, 40))] = piece
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("t.csv", TABLE),
        ("t.csv.gz", gzip.compress(TABLE)),
        ("t.zip", zipped("folder/t.csv", TABLE)),
        ("t.json", CRIMES),
        ("t.xlsx", workbook()),
    ],
)
def test_a_damaged_table_is_read_or_explained(tmp_path: Path, name: str, whole: bytes) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(damaged(whole))
    def read(content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        try:
            file = read_incidents(tmp_path / name, time_zone="America/Chicago", today=date(2026, 1, 1))
        except Invalid as refused:
            assert "Traceback" not in refused.sentence
            assert refused.sentence.endswith(".")
        else:
            assert file.report.taken == len(file.frame)
            assert file.frame["source_key"].is_unique

    read()


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "zip"])
def test_a_damaged_map_is_read_or_explained(tmp_path: Path, ending: str) -> None:
    frame = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    file = tmp_path / f"beats.{ending}"
    if ending == "zip":
        frame.to_file(tmp_path / "beats.shp")
        with zipfile.ZipFile(file, "w") as archive:
            for part in tmp_path.glob("beats.*"):
                if part != file:
                    archive.write(part, f"nested/{part.name}")
    else:
        frame.to_file(file)
    whole = file.read_bytes()

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(damaged(whole))
    def read(content: bytes) -> None:
        file.write_bytes(content)
        try:
            beats = read_beats(file)
        except Invalid as refused:
            assert refused.sentence
        else:
            assert beats.frame["code"].is_unique

    read()
