"""The stand-alone script counts as `lib/rules/tally.py` does, takes every honest download, refuses a changed one."""

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.queries.download.recount import count, recount
from lib.queries.downloads import round_download, zipped
from lib.rules.counting import Ballot, ballot_of_text, choices_text, not_blank
from lib.rules.tally import RoundTally, tally_round, without_officers_figures, witnessed_keys
from lib.rules.voting import RoundMode, RoundRule, SideFigures
from tests.forgeries import FORGERIES, mend_sums
from tests.published import ROUNDS, a_round, files_of
from tests.rules.votes import GOALS

SCRIPT = Path(__file__).resolve().parent.parent / "lib" / "queries" / "download" / "recount.py"
CANDIDATES = GOALS[:5]

votes = st.one_of(
    st.frozensets(st.sampled_from(CANDIDATES), min_size=1).map(Ballot),
    st.just(Ballot(none_of_these=True)),
    st.just(Ballot()),
)
few_votes = st.lists(votes, max_size=8)


@settings(max_examples=500, deadline=None)
@given(
    rule=st.sampled_from(RoundRule),
    mode=st.sampled_from(RoundMode),
    figures=st.sampled_from(SideFigures),
    residents=st.lists(votes, max_size=16),
    officers=few_votes,
    places=st.integers(1, 6),
    dice=st.sampled_from(["", "4-1-6", "6-6-1"]),
)
def test_the_script_counts_as_the_product_does(
    rule: RoundRule,
    mode: RoundMode,
    figures: SideFigures,
    residents: list[Ballot],
    officers: list[Ballot],
    places: int,
    dice: str,
) -> None:
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places, mode=mode, tie_seed=dice)
    shows_officers = figures is SideFigures.OPEN and tally.adopts
    if rule is RoundRule.LOWER_SHARE and tally.adopts and not shows_officers:
        return
    rows = [(side, ballot) for side, sides in (("residents", residents), ("officers", officers)) for ballot in sides]
    counted = count(
        frozen_of(tally),
        [a_row(side, ballot) for side, ballot in rows if side == "residents" or shows_officers],
        None if shows_officers else witnessed_of(tally),
        dice,
    )
    shown = tally if shows_officers else without_officers_figures(tally)
    assert counted == counted_of(shown, is_sealed=not shows_officers)


def frozen_of(tally: RoundTally) -> dict[str, Any]:
    """What the count needs of `frozen.json`."""
    return {
        "mode": tally.mode.value,
        "rule": tally.rule.value,
        "places": tally.places,
        "candidates": [{"goal": str(goal)} for goal in CANDIDATES],
    }


def witnessed_of(tally: RoundTally) -> dict[str, Any]:
    seen = witnessed_keys(tally)
    turned = sorted(str(goal) for goal in seen.turned)
    return {"cast": seen.count.cast, "not_blank": not_blank(seen.count), "keys_turned": turned}


def a_row(side: str, ballot: Ballot) -> dict[str, str]:
    return {"side": side, "choices": " ".join(json.loads(choices_text(ballot)))}


def counted_of(tally: RoundTally, *, is_sealed: bool = False) -> dict[str, Any]:
    """A tally as `result.json` spells it."""
    return {
        "ballots": {"residents": tally.residents.cast, "officers": tally.officers.cast},
        "blank ballots": {"residents": tally.residents.blank, "officers": None if is_sealed else tally.officers.blank},
        "advisory": tally.advisory,
        "dice decided": tally.needs_dice,
        "ranking": [str(goal) for goal in tally.ranking],
        "outcomes": [
            {
                "goal": str(outcome.goal),
                "outcome": outcome.ending.value,
                "place": outcome.place,
                "residents_key": outcome.residents_key,
                "officers_key": outcome.officers_key,
                "residents_approvals": outcome.residents_approvals,
                "officers_approvals": outcome.officers_approvals,
            }
            for outcome in tally.outcomes
        ],
    }


@pytest.mark.parametrize("kind", ROUNDS)
def test_every_kind_of_round_counts_again_to_what_was_published(database: str, kind: str) -> None:
    voted = a_round(kind)
    answer = recount(files_of(round_download(voted.uuid).content))
    assert answer.startswith(f"Yes: {voted.tally.residents.cast} ballots of residents and {voted.tally.officers.cast} ")
    is_sealed = ROUNDS[kind].get("officers_figures") is not SideFigures.OPEN or not voted.tally.adopts
    assert ("keys are taken as the witnesses saw them" in answer) is is_sealed


def test_the_script_runs_alone_on_the_zip_and_in_the_folder_it_was_unpacked_into(
    sqlite_database: str, tmp_path: Path
) -> None:
    download = round_download(a_round("sealed officers").uuid)
    file, folder = tmp_path / "ballots.zip", tmp_path / "unpacked"
    file.write_bytes(download.content)
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    for arguments, where in (([str(file)], tmp_path), ([], folder), ([str(folder)], tmp_path)):
        done = run(folder / "recount.py", *arguments, where=where)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Yes: 9 ballots of residents and 4 of officers give the published result.")
        assert done.stdout.count("\n") == 1


def run(script: Path, *arguments: str, where: Path) -> subprocess.CompletedProcess[str]:
    """The script as a statistician runs it: without our folders and packages (`-I`, `-S`)."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), *arguments], cwd=where, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_changed_download_is_refused(sqlite_database: str, forgery: str, tmp_path: Path) -> None:
    """Also where the forger mended the list of fingerprints."""
    kind, forge = FORGERIES[forgery]
    files = files_of(round_download(a_round(kind).uuid).content)
    forge(files)
    mend_sums(files)
    file = tmp_path / "ballots.zip"
    file.write_bytes(zipped(files))
    done = run(SCRIPT, str(file), where=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("No: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["ballots.csv", "ballots.json", "frozen.json", "result.json", "recount.py", "README.txt"]
)
def test_one_byte_of_any_file_is_noticed(sqlite_database: str, name: str) -> None:
    files = files_of(round_download(a_round("dice").uuid).content)
    files[name] = files[name].rstrip(b"\n") + b" \n"
    with pytest.raises(ValueError, match="a file is not the one that SHA256SUMS names"):
        recount(files)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"], ids=["empty", "text", "broken"])
def test_what_is_no_download_is_refused_in_one_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "ballots.zip"
    file.write_bytes(content)
    done = run(SCRIPT, str(file), where=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("No: ") and "Traceback" not in done.stderr


def test_the_script_imports_the_standard_library_only() -> None:
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_the_rule_of_the_script_is_about_fifty_lines() -> None:
    """And the whole script with its checks is read in a few minutes."""
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 120
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    rule = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "count")
    assert (rule.end_lineno or 0) - rule.lineno <= 52


def test_ballots_are_spelled_in_the_csv_as_they_are_stored() -> None:
    ballot = ballot_of_text(f'["{UUID(int=1)}"]')
    assert a_row("residents", ballot) == {"side": "residents", "choices": str(UUID(int=1))}
