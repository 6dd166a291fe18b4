"""The command for slips, as somebody types it."""

import errno
import json
import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lib.cli_passes import passes_app
from lib.queries.people import people
from lib.queries.voting import pass_batches
from lib.rules.lifecycle import Electorate
from lib.services.admission import admit_pass
from tests.builders import WITNESS_PIN, a_city
from tests.hall import TITLES, Hall, a_hall
from tests.printing.reading import pages

ADDRESS = "http://192.168.178.20:8501"
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


def run(*arguments: object, typed: str = "") -> tuple[int, str]:
    """Exit code and everything printed."""
    done = CliRunner().invoke(passes_app, [str(each) for each in arguments], input=typed)
    return done.exit_code, done.output


def voided(hall: Hall, *numbers: object, pin: str = WITNESS_PIN) -> tuple[int, str]:
    """Declare slips void with a second person; what is printed after they typed their PIN."""
    code, said = run("void", "next", *numbers, "--second", second_email(hall), typed=f"{pin}\n")
    return code, said.removeprefix("PIN of Sgt. Noor Haddad: \n")


def second_email(hall: Hall) -> str:
    return next(row.email for row in people() if row.id == hall.second.person_id)


def minted(out: Path, *more: object, side: str = "residents", number: int = 3) -> tuple[int, str]:
    return run("next", "--side", side, "--number", number, "--out", out, "--address", ADDRESS, *more)


def printed_codes(out: Path) -> list[str]:
    """The codes on the slips of a PDF, as somebody would type them."""
    halves = [word.text for page in pages(out.read_bytes()) for word in page.words if CODE.fullmatch(word.text)]
    return [f"{first}-{second}" for first, second in zip(halves[::2], halves[1::2], strict=True)]


def words(out: Path) -> str:
    return " ".join(word.text for page in pages(out.read_bytes()) for word in page.words)


@pytest.fixture
def hall(sqlite_database: str) -> Hall:
    return a_hall(residents=0, officers=0)


@pytest.mark.parametrize("side", list(Electorate))
def test_printed_slips_admit_their_side(database: str, tmp_path: Path, side: Electorate) -> None:
    hall = a_hall(residents=2, officers=2)
    out = tmp_path / "slips.pdf"
    code, said = minted(out, side=side.value)
    batch = pass_batches(hall.meeting_id)[-1]
    assert (code, said.splitlines()) == (
        0,
        [
            f"Batch 3: 3 passes for {side.value}, numbers 5 to 7, in {out}.",
            f"Hash over its commitments: {batch.commitments_hash[:12]}, in full {batch.commitments_hash}",
            "Print it at 100 % and delete the file: whoever has it can vote, and its codes are kept nowhere else.",
        ],
    )
    admitted = [admit_pass(token=typed) for typed in printed_codes(out)]
    assert [(each.meeting_id, each.side) for each in admitted] == [(hall.meeting_id, side)] * 3
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_no_code_is_ever_printed_on_the_screen(hall: Hall, tmp_path: Path) -> None:
    out = tmp_path / "slips.pdf"
    said = minted(out)[1] + run("list", "next")[1] + run("list", hall.meeting_uuid, "--json")[1]
    for typed in printed_codes(out):
        assert typed not in said and typed.replace("-", "") not in said


def test_slips_become_paper_ballots_of_the_rounds_that_are_named(hall: Hall, tmp_path: Path) -> None:
    hall.planned()
    out = tmp_path / "ballots.pdf"
    code, said = minted(out, "--with-ballot", 1, "--paper", "letter")
    [first, *_more] = pages(out.read_bytes())
    assert (code, (round(first.width, 1), round(first.height, 1))) == (0, (215.9, 279.4))
    text = words(out)
    assert [title in text for title in TITLES] == [True] * 3
    assert "Which goals shall we work on?" in text and "Receipt" in text
    assert "Do not change these rounds before they open" in said


def test_a_sealed_side_has_no_line_for_a_receipt(hall: Hall, tmp_path: Path) -> None:
    hall.planned()
    out = tmp_path / "ballots.pdf"
    assert minted(out, "--with-ballot", 1, side="officers")[0] == 0
    assert "Receipt" not in words(out)


def test_a_file_that_exists_is_never_overwritten_and_mints_nothing(hall: Hall, tmp_path: Path) -> None:
    out = tmp_path / "slips.pdf"
    out.write_text("mine")
    assert minted(out) == (1, f"{out} exists, and slips are never overwritten. Choose another name.\n")
    assert (out.read_text(), pass_batches(hall.meeting_id)) == ("mine", ())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--number", "0"), "A batch has between 1 and 5,000 passes."),
        (("--with-ballot", "4"), "This meeting has no round 4."),
        (("--address", "http://localhost:8501"), "No phone can open http://localhost:8501"),
        (("--address", "192.168.1.20"), "'192.168.1.20' is no address for a QR code."),
    ],
    ids=["none", "no round", "only here", "no address"],
)
def test_what_cannot_be_printed_mints_nothing_and_leaves_no_file(
    hall: Hall, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    out = tmp_path / "slips.pdf"
    code, said = minted(out, *arguments)
    assert (code, sentence in said, out.exists(), pass_batches(hall.meeting_id)) == (1, True, False, ())


def test_a_folder_that_is_not_there_is_named(hall: Hall, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "slips.pdf"
    assert minted(out) == (1, f"{out} cannot be written: No such file or directory.\n")


def test_a_disk_that_is_full_leaves_no_file_and_says_which_slips_to_declare_void(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    out = tmp_path / "slips.pdf"
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        code, said = minted(out)
    assert (code, out.exists(), said.startswith("Batch 1 was minted, but its PDF could not be written")) == (
        1,
        False,
        True,
    )
    command = said.strip().rpartition("python -m lib passes ")[2].replace("EMAIL", second_email(hall)).split()
    code, said = run(*command, typed=f"{WITNESS_PIN}\n")
    assert (code, said.endswith("\nSlip 1 is void.\nSlip 2 is void.\nSlip 3 is void.\n")) == (0, True)


def test_slips_are_declared_void_by_their_numbers(hall: Hall, tmp_path: Path) -> None:
    out = tmp_path / "slips.pdf"
    minted(out, number=5)
    assert voided(hall, "2", "4-5") == (0, "Slip 2 is void.\nSlip 4 is void.\nSlip 5 is void.\n")
    assert voided(hall, "2") == (1, "Slip 2 is void already.\n")
    assert voided(hall, "99") == (1, "No slip of this meeting has the number 99.\n")
    assert voided(hall, "two") == (1, "'two' is no number on a stub. Give 57, or 60-72.\n")
    [batch] = pass_batches(hall.meeting_id)
    assert (batch.size, batch.void) == (5, 3)


def test_slips_are_declared_void_by_two_people(hall: Hall, tmp_path: Path) -> None:
    minted(tmp_path / "slips.pdf")
    assert run("void", "next", "1") == (
        1,
        "This needs two people. Name the second one: --second EMAIL. They type their own PIN.\n",
    )
    code, said = run("void", "next", "1", "--second", "nobody@example.org")
    assert (code, said) == (1, "Nobody signs in with nobody@example.org. See: python -m lib person list\n")
    assert voided(hall, "1", pin="0000")[0] == 1
    assert [batch.void for batch in pass_batches(hall.meeting_id)] == [0]


def test_a_latecomers_batch_is_minted_by_two_people(sqlite_database: str, tmp_path: Path) -> None:
    hall = a_hall(residents=2, officers=0)
    hall.opened()
    out = tmp_path / "late.pdf"
    code, said = minted(out)
    assert (code, out.exists(), said) == (
        1,
        False,
        "This needs two people. Name the second one: --second EMAIL. They type their own PIN.\n",
    )
    arguments = ("next", "--side", "residents", "--number", 3, "--out", out, "--address", ADDRESS)
    assert run(*arguments, "--second", second_email(hall), typed="0000\n")[0] == 1
    assert (out.exists(), len(pass_batches(hall.meeting_id))) == (False, 1)
    assert run(*arguments, "--second", second_email(hall), typed=f"{WITNESS_PIN}\n")[0] == 0
    assert (out.exists(), len(pass_batches(hall.meeting_id))) == (True, 2)


def test_batches_are_listed_for_people_and_for_programs(hall: Hall, tmp_path: Path) -> None:
    assert run("list", "next") == (
        0,
        "No passes yet. Start with: python -m lib passes mint next --side residents --number 200 --out F.pdf\n",
    )
    minted(tmp_path / "slips.pdf")
    voided(hall, "3")
    [batch] = pass_batches(hall.meeting_id)
    assert run("list") == (
        0,
        f"Batch 1: 3 for residents, numbers 1 to 3, 1 void; hash {batch.commitments_hash}\n",
    )
    assert json.loads(run("list", hall.meeting_uuid, "--json")[1]) == [
        {
            "batch": 1,
            "side": "residents",
            "kind": "slips",
            "size": 3,
            "void": 1,
            "first": 1,
            "last": 3,
            "commitments_hash": batch.commitments_hash,
        }
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("next", "No meeting is planned. Plan one on the page Run.\n"),
        ("tonight", "'tonight' is no meeting. Give the id from its address, or: next.\n"),
        (
            "00000000-0000-0000-0000-000000000000",
            "This meeting does not exist. Choose one from the list of meetings.\n",
        ),
    ],
    ids=["none", "no id", "unknown"],
)
def test_a_meeting_that_is_not_there_is_said_so(sqlite_database: str, name: str, sentence: str) -> None:
    a_city()
    assert run("list", name) == (1, sentence)


@pytest.mark.parametrize("command", ["mint", "list", "void"])
def test_every_command_shows_an_example(command: str) -> None:
    code, said = run(command, "--help")
    assert (code, f"Example: python -m lib passes {command}" in " ".join(said.split())) == (0, True)
