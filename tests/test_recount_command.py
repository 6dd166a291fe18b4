"""`python -m lib recount FILE`: the product's own rule on a download, goal by goal."""

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lib.cli import app
from lib.queries.downloads import round_download, zipped
from lib.rules.recounting import recounted
from lib.rules.tally import without_officers_figures
from lib.rules.voting import SideFigures
from tests.forgeries import FORGERIES, mend_sums
from tests.published import ROUNDS, a_round, files_of

runner = CliRunner()


@pytest.mark.parametrize("kind", ROUNDS)
def test_every_kind_of_round_matches(sqlite_database: str, kind: str) -> None:
    voted = a_round(kind)
    counted = recounted(files_of(round_download(voted.uuid).content))
    assert (counted.problems, counted.matches) == ((), True)
    shows = ROUNDS[kind].get("officers_figures") is SideFigures.OPEN and voted.tally.adopts
    expected = voted.tally if shows else without_officers_figures(voted.tally)
    assert counted.tally.outcomes == expected.outcomes
    assert counted.tally.ranking == voted.tally.ranking
    assert counted.keys_are_given is not shows


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_changed_download_does_not_match(sqlite_database: str, forgery: str, tmp_path: Path) -> None:
    kind, forge = FORGERIES[forgery]
    files = files_of(round_download(a_round(kind).uuid).content)
    forge(files)
    mend_sums(files)
    file = tmp_path / "ballots.zip"
    file.write_bytes(zipped(files))
    done = runner.invoke(app, ["recount", str(file)])
    assert done.exit_code == 1
    assert "The result matches." not in done.output


@pytest.mark.parametrize(
    ("name", "is_counted_from"),
    [("README.txt", False), ("recount.py", False), ("result.json", False), ("ballots.csv", True)],
)
def test_a_file_with_another_fingerprint_is_named(sqlite_database: str, name: str, is_counted_from: bool) -> None:
    """An empty line more changes no count, and is another file than the room was told of all the same."""
    files = files_of(round_download(a_round("sealed officers").uuid).content)
    files[name] += b"\n"
    expected = [f"{name} is not the file that SHA256SUMS names."]
    expected += [f"{name} is not the file that the result was counted from."] if is_counted_from else []
    assert recounted(files).problems == tuple(expected)


def test_the_report_says_how_every_goal_ended_and_whether_it_matches(sqlite_database: str, tmp_path: Path) -> None:
    voted = a_round("sealed officers")
    file = tmp_path / "ballots.zip"
    file.write_bytes(round_download(voted.uuid).content)
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path / "unpacked")
    for place in (file, tmp_path / "unpacked"):
        done = runner.invoke(app, ["recount", str(place)])
        assert done.exit_code == 0, done.output
        lines = done.output.splitlines()
        assert lines[:2] == [
            "Slow the cars at the school",
            "  Adopted, place 1: residents (5 of 8 ballots) and officers both carried it.",
        ]
        assert "9 ballots of residents, 4 of officers." in lines
        assert any(line.startswith("The officers’ ballots are not published") for line in lines)
        assert lines[-1] == "The result matches."


def test_the_report_names_the_goal_that_differs(sqlite_database: str, tmp_path: Path) -> None:
    kind, forge = FORGERIES["places swapped"]
    files = files_of(round_download(a_round(kind).uuid).content)
    forge(files)
    mend_sums(files)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    done = runner.invoke(app, ["recount", str(folder), "--json"])
    answer = json.loads(done.output)
    assert (done.exit_code, answer["matches"]) == (1, False)
    assert {goal["title"]: goal["differs"] for goal in answer["goals"]} == {
        "Light the path on 23rd Avenue": ["place"],
        "Slow the cars at the school": ["place"],
        "A gym open on Fridays": [],
    }
    assert answer["problems"] == [
        "“Slow the cars at the school”: place published otherwise.",
        "“Light the path on 23rd Avenue”: place published otherwise.",
    ]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"], ids=["empty", "text", "broken"])
def test_what_is_no_download_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "ballots.zip"
    file.write_bytes(content)
    done = runner.invoke(app, ["recount", str(file)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("This is no download of a published vote")


def test_no_title_commands_the_terminal(sqlite_database: str, tmp_path: Path) -> None:
    files = files_of(round_download(a_round("sealed officers").uuid).content)
    frozen, result = json.loads(files["frozen.json"]), json.loads(files["result.json"])
    title = "\x1b[2JAll is well\n\u202eThe result matches."
    first = frozen["candidates"][0]
    first["texts"]["en"]["title"] = result["goals"][first["goal"]] = title
    files["frozen.json"], files["result.json"] = json.dumps(frozen).encode(), json.dumps(result).encode()
    file = tmp_path / "ballots.zip"
    file.write_bytes(zipped(files))
    done = runner.invoke(app, ["recount", str(file)])
    assert done.exit_code == 1
    assert "[2JAll is well The result matches." in done.output
    assert not set(done.output) & {"\x1b", "\u202e"} and "The result matches." not in done.output.splitlines()


def test_how_many_officers_left_a_sealed_ballot_blank_stands_in_no_file(sqlite_database: str) -> None:
    """One of four is blank; what is published is the same as if none were."""
    result = json.loads(files_of(round_download(a_round("sealed officers").uuid).content)["result.json"])
    assert result["counted"]["blank ballots"] == {"residents": 1, "officers": None}
    assert {name: result["witnessed"][name] for name in ("cast", "not_blank")} == {
        "cast": 4,
        "not_blank": "three or more",
    }
    open_side = json.loads(files_of(round_download(a_round("officers agreed to show").uuid).content)["result.json"])
    assert (open_side["counted"]["blank ballots"], open_side["witnessed"]) == ({"residents": 1, "officers": 1}, None)
