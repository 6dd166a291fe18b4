"""The figures measured on real files, reached exactly."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from lib.errors import Invalid
from lib.importers.assigning import assign_beats
from lib.importers.beats import read_beats, unknown_codes
from lib.importers.incidents import UNNAMED, IncidentsFile, read_incidents
from tests.importers import real

pytestmark = real.needs_real_files


def incidents(path: Path, zone: str = "America/Chicago") -> IncidentsFile:
    return read_incidents(path, time_zone=zone, today=date(2026, 1, 1))


def undated(path: Path) -> gpd.GeoDataFrame:
    """The file's beats as boundaries without dates; a beat's id is its position from 1."""
    frame = read_beats(path).frame
    return frame.assign(beat_id=range(1, len(frame) + 1), valid_from=None, valid_to=None)


def codes_of(assigned: pd.Series, boundaries: gpd.GeoDataFrame) -> pd.Series:
    return assigned.map(boundaries.set_index("beat_id")["code"])


def test_chicagos_277_polygons_are_275_beats_with_their_zeros() -> None:
    beats = read_beats(real.CHICAGO_BEATS)
    assert beats.report.counts() == {
        "rows": 277,
        "taken": 277,
        "without_coordinates": 0,
        "outside": 0,
        "duplicate": 0,
        "unreadable": 0,
    }
    assert len(beats.frame) == beats.frame["code"].nunique() == 275
    assert beats.notes == ("Features with the same code became one beat: 3100 (3 features).",)
    assert {"0122", "3100"} <= set(beats.frame["code"])
    assert beats.frame["code"].str.len().unique().tolist() == [4]
    assert len(beats.frame.set_index("code").geometry["3100"].geoms) == 3
    assert int(beats.frame.geometry.count_coordinates().sum()) == 72_667


def test_ten_thousand_chicago_crimes_fall_where_the_citys_own_portal_put_them() -> None:
    file, boundaries = incidents(real.CHICAGO_CRIMES), undated(real.CHICAGO_BEATS)
    assert file.report.counts() == {
        "rows": 10_000,
        "taken": 10_000,
        "without_coordinates": 87,
        "outside": 0,
        "duplicate": 0,
        "unreadable": 0,
    }
    assert file.frame["source_key"].is_unique
    code = codes_of(assign_beats(file.frame, boundaries), boundaries)
    located = file.frame["lon"].notna()
    assert (int(located.sum()), int((located & code.isna()).sum()), int(code.notna().sum())) == (9_913, 22, 9_891)

    raw = pd.read_csv(real.CHICAGO_CRIMES, dtype=str)
    pairs = pd.DataFrame({"ours": code, "portal": raw[":@computed_region_d3ds_rm58"]})[code.notna()].drop_duplicates()
    assert pairs["ours"].is_unique
    assert pairs["portal"].is_unique
    assert pairs.notna().all(axis=None)
    assert int((code == file.frame["stored_code"]).sum()) == 7_611


def test_two_victims_of_one_chicago_case_are_two_incidents() -> None:
    keys = incidents(real.CHICAGO_CRIMES).frame.set_index("line")["source_key"]
    assert keys[5024] == f"{keys[5023]}#2"


def test_codes_of_2012_that_no_beat_has_any_more_are_listed() -> None:
    stored = incidents(real.CHICAGO_CRIMES).frame["stored_code"]
    codes = read_beats(real.CHICAGO_BEATS).frame["code"].tolist()
    unknown = unknown_codes(stored, codes)
    assert sum(unknown.values()) == int((~stored.isin(codes)).sum())
    assert set(unknown) == set(stored) - set(codes)


def test_every_one_of_148636_assaults_is_taken_and_91_lie_in_no_beat() -> None:
    file, boundaries = incidents(real.CHICAGO_ASSAULTS), undated(real.CHICAGO_BEATS)
    assert file.report.counts() == {
        "rows": 148_636,
        "taken": 148_636,
        "without_coordinates": 0,
        "outside": 0,
        "duplicate": 0,
        "unreadable": 0,
    }
    assert file.frame["source_key"].is_unique
    assert file.frame["category"].unique().tolist() == [UNNAMED]
    assert str(file.frame["occurred_at"].iloc[0]) == "2010-01-01 06:05:00+00:00"
    code = codes_of(assign_beats(file.frame, boundaries), boundaries)
    assert int(code.isna().sum()) == 91
    district = pd.read_csv(real.CHICAGO_ASSAULTS, dtype=str)["district"].str.zfill(2)
    assert round(float((code.str.slice(0, 2) == district).mean()), 3) == 0.984


def test_every_lancashire_incident_lies_in_a_ward_and_has_a_month_only() -> None:
    file, boundaries = incidents(real.LANCASHIRE_ASB, "Europe/London"), undated(real.LANCASHIRE_WARDS)
    assert (file.report.rows, file.report.taken, file.report.duplicate) == (56_434, 56_434, 0)
    assert len(boundaries) == 271
    assert boundaries.crs.to_epsg() == 4326
    assert boundaries["name"].iloc[0] == "Anchorsholme"
    assert int(assign_beats(file.frame, boundaries).notna().sum()) == 56_434
    assert file.frame["precision"].unique().tolist() == ["month"]
    assert file.frame["occurred_at"].isna().all()
    assert file.frame["source_key"].is_unique


def test_seattles_areas_in_feet_without_an_epsg_code_are_reprojected() -> None:
    areas = read_beats(real.SEATTLE_AREAS)
    assert (len(areas.frame), areas.frame["code"].iloc[0], areas.frame["precinct"].iloc[0]) == (
        61,
        "ALASKA JUNCTION",
        "SW",
    )
    assert areas.notes == (
        "Reprojected from NAD83(HARN) / Washington North (ftUS) to WGS 84.",
        "Codes were read from the column NAME; --code-column names another.",
    )
    assert areas.frame.total_bounds.round(3).tolist() == [-122.441, 47.493, -122.235, 47.734]


def test_feet_labelled_as_degrees_are_refused_with_an_explanation() -> None:
    with pytest.raises(Invalid) as refused:
        read_beats(real.SEATTLE_AREAS, crs="EPSG:4326")
    assert refused.value.sentence == (
        "EPSG:4326 says that coordinates are degrees (WGS 84), but the file has coordinates such as 1,244,216, "
        "183,749: probably feet or metres of a projection. Say which with --crs, such as EPSG:2926 (US State Plane, "
        "feet) or EPSG:27700 (British grid)."
    )


def test_seattles_51_beats_keep_their_names() -> None:
    beats = read_beats(real.SEATTLE_BEATS).frame
    assert (len(beats), beats["code"].iloc[0], beats["name"].iloc[0]) == (51, "B1", "B1")


def test_all_374_crimes_of_the_british_police_count_although_108_have_no_id_and_8_share_one() -> None:
    file = incidents(real.UK_CRIMES, "Europe/London")
    assert (file.report.rows, file.report.taken, file.report.duplicate) == (374, 374, 0)
    keys = file.frame["source_key"]
    assert keys.is_unique
    assert (int(keys.str.startswith("row:").sum()), int(keys.str.fullmatch("[0-9a-f]{64}#2").sum())) == (108, 8)
    assert file.frame[["lon", "lat"]].iloc[0].tolist() == [-0.012859, 51.499798]
    assert file.frame["precision"].unique().tolist() == ["month"]
    assert file.frame["category"].iloc[0] == "anti-social-behaviour"
