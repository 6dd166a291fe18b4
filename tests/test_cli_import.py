"""The import commands as they are typed: report, JSON, refused rows; bad input is one sentence and exit code 1."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import Result
from shapely.geometry import box
from typer.testing import CliRunner

from lib.cli_import import import_app
from tests.builders import a_city
from tests.importers import real


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(import_app, [str(word) for word in words])


@pytest.fixture
def beats_file(sqlite_database: str, tmp_path: Path) -> Path:
    a_city()
    frame = gpd.GeoDataFrame({"beat_num": ["0122"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4326")
    frame.to_file(tmp_path / "beats.geojson")
    return tmp_path / "beats.geojson"


def written(folder: Path, text: str) -> Path:
    file = folder / "incidents.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_each_command_reports_as_json(beats_file: Path, tmp_path: Path) -> None:
    done = run("beats", beats_file, "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (
        0,
        {
            "rows": 1,
            "taken": 1,
            "without_coordinates": 0,
            "outside": 0,
            "duplicate": 0,
            "unreadable": 0,
            "notes": [],
            "examples": {"unreadable": []},
            "beats": 1,
            "beats_added": 1,
            "boundaries_added": 1,
            "boundaries_ended": 0,
            "dry_run": False,
        },
    )
    file = written(tmp_path, "when,kind,lat,lon\n2020-01-05,Theft,0.5,0.5\nsoon,Theft,0.5,0.5\n")
    refused = tmp_path / "refused.csv"
    words = ("--column", "date=when", "--category", "Theft", "--source", "City", "--refused", refused, "--dry-run")
    done = run("incidents", file, *words, "--json")
    assert json.loads(done.stdout) == {
        "rows": 2,
        "taken": 1,
        "without_coordinates": 0,
        "outside": 0,
        "duplicate": 0,
        "unreadable": 1,
        "notes": [],
        "examples": {
            "without_coordinates": [],
            "outside": [],
            "duplicate": [],
            "unreadable": [{"line": 3, "reason": "the date “soon” cannot be read"}],
        },
        "dry_run": True,
    }
    with refused.open(newline="", encoding="utf-8-sig") as source:
        assert list(csv.reader(source)) == [
            ["line", "reason", "row"],
            ["3", "the date “soon” cannot be read", "soon,Theft,0.5,0.5"],
        ]
    figures = tmp_path / "adults.csv"
    figures.write_text("beat,adults\n0122,1200\n")
    done = run("figures", figures, "--as-of", "2020-04-01", "--source", "Census", "--json")
    assert (done.exit_code, json.loads(done.stdout)["taken"]) == (0, 1)


def test_the_report_for_people_names_lines_reasons_and_remarks(beats_file: Path, tmp_path: Path) -> None:
    run("beats", beats_file)
    file = written(
        tmp_path, "id,date,[bold]category,lat,lon\n1,2020-01-05,a,0.5,0.5\n2,[red]x,a,0.5,0.5\n3,2020-01-05,a,,\n"
    )
    done = run("incidents", file)
    assert done.exit_code == 0
    assert "taken without coordinates │      1 │ 4" in done.stdout
    assert "line 3: the date “[red]x” cannot be read" in done.stdout
    assert "All refused rows: add --refused FILE." in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("beats", "absent.zip"), "There is no file absent.zip."),
        (("incidents", "absent.csv"), "No beats are stored yet; import them first: python -m lib import beats FILE."),
        (("figures", "absent.csv"), "There is no file absent.csv."),
        (("incidents", "x.csv", "--column", "when"), "“when” does not name a column; write it as date=Occurred."),
    ],
)
def test_an_explained_error_is_one_sentence_and_exit_code_1(
    beats_file: Path, words: tuple[str, ...], sentence: str
) -> None:
    done = run(*words)
    assert (done.exit_code, done.stderr, done.stdout) == (1, f"{sentence}\n", "")


def test_refused_rows_that_cannot_be_written_are_an_explained_error(beats_file: Path, tmp_path: Path) -> None:
    done = run("beats", beats_file, "--refused", tmp_path / "no folder" / "refused.csv")
    assert done.exit_code == 1
    assert done.stderr.endswith("refused.csv: No such file or directory.\n")
    assert json.loads(run("beats", beats_file, "--json").stdout)["taken"] == 1


@pytest.mark.parametrize("command", ["beats", "incidents", "figures", "columns"])
def test_help_gives_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert f"Example: python -m lib import {command}" in done.stdout


def test_the_recognised_columns_are_listed() -> None:
    assert "  beat: beat, beat num, police beat," in run("columns").stdout
    assert json.loads(run("columns", "--json").stdout)["figures"]["source"] == ["source", "origin"]


@real.needs_real_files
def test_feet_labelled_as_degrees_stop_the_command(sqlite_database: str) -> None:
    a_city()
    done = run("beats", real.SEATTLE_AREAS, "--crs", "EPSG:4326")
    assert done.exit_code == 1
    assert done.stderr.startswith("EPSG:4326 says that coordinates are degrees (WGS 84), but the file has coordinates")
    assert done.stderr.count("\n") == 1


def test_a_directory_is_imported_from_the_command_line(sqlite_database: str, tmp_path: Path) -> None:
    a_city()
    file = written(tmp_path, "partner,name,phone\nHarbour House,Talk,206-555-0101\nHarbour House,Chat,call us\n")
    done = run("partners", file, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["services_added"], report["unreadable"]) == (0, 1, 1)
    assert "“call us” cannot be dialled" in report["examples"]["unreadable"][0]["reason"]
