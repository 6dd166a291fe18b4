"""Slips on paper: what stands on which piece after cutting and tearing."""

import doctest
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import segno

from lib.errors import Invalid
from lib.printing import letters, paper, parts
from lib.printing.paper import Grid, Paper
from lib.printing.parts import QR_SIZE, STUB, PrintedMeeting
from lib.printing.slips import PaperRound, slips_pdf, unprintable
from lib.rules.ballots import printed_token, token_from_bytes
from lib.rules.lifecycle import Electorate
from tests.printing.reading import Page, facts, pages

ADDRESS = "http://192.168.178.20:8501"
MEETING = PrintedMeeting(
    "Otoño en Capitol Hill",
    "Douglass-Truth Library",
    "Beat C1 Capitol Hill",
    datetime(2026, 11, 17, 18, 30, tzinfo=UTC),
)
GOALS = ("Light the path on 23rd Avenue", "Slow the cars at the school", "A gym open on Fridays")
ROUND = PaperRound(1, "Which goals shall we work on?", GOALS)
LONG = "Neighbourhood meeting about road safety, lighting, burglary and all else that we care about this autumn!"


@dataclass(frozen=True)
class Slip:
    serial: int | None
    token: str


@dataclass(frozen=True)
class Piece:
    """What one cut piece holds: on the slip, and on its stub."""

    slip: tuple[str, ...]
    stub: tuple[str, ...]
    codes: int


def batch(number: int, *, first: int = 1) -> list[Slip]:
    """Slips with tokens that are all different."""
    return [
        Slip(first + place, token_from_bytes((first + place).to_bytes(10, "big", signed=False)[::-1]))
        for place in range(number)
    ]


def printed(slips: Sequence[Slip], **other: Any) -> bytes:
    wishes: dict[str, Any] = {
        "side": Electorate.RESIDENTS,
        "meeting": MEETING,
        "address": ADDRESS,
        "paper": Paper.A4,
        "city": "Seattle",
        "batch": 3,
    }
    return slips_pdf(slips, **(wishes | other))


def cut(page: Page, grid: Grid) -> list[Piece]:
    """The pieces of a page that hold anything, row by row. Fails for a text outside all pieces."""
    found = []
    for number in range(grid.pieces):
        left, top = grid.corner(number)
        tear, right, bottom = left + grid.piece_width - STUB, left + grid.piece_width, top + grid.piece_height
        mine = [word for word in page.words if top <= word.y < bottom and left <= word.x < right]
        codes = [each for each in page.codes if left <= each.left < right and top <= each.top < bottom]
        assert all(each.left + QR_SIZE < tear and each.top + QR_SIZE < bottom for each in codes)
        slip, stub = ([word.text for word in mine if (word.x >= tear) == on_stub] for on_stub in (False, True))
        if mine:
            found.append(Piece(tuple(slip), tuple(stub), len(codes)))
    assert sum(len(piece.slip) + len(piece.stub) for piece in found) == len(page.words)
    return found


def typed_code(piece: Piece) -> str:
    """The code as it stands on the slip, its two lines joined."""
    return "-".join(text for text in piece.slip if len(text) == 9 and text[4] == "-")


def everything(pdf: bytes) -> str:
    return " ".join(word.text for page in pages(pdf) for word in page.words)


@pytest.mark.parametrize("size", [Paper.A4, Paper.LETTER], ids=["a4", "letter"])
@pytest.mark.parametrize(
    ("rounds", "grid"),
    [((), (2, 4)), ((ROUND,), (1, 2)), ((ROUND, replace(ROUND, number=2), replace(ROUND, number=3)), (1, 1))],
    ids=["slips", "one round", "three rounds"],
)
def test_every_pass_is_printed_once_its_code_on_the_slip_and_its_serial_on_the_stub(
    size: Paper, rounds: tuple[PaperRound, ...], grid: tuple[int, int]
) -> None:
    slips = batch(19, first=1207)
    read = pages(printed(slips, paper=size, rounds=rounds))
    pieces = [piece for page in read for piece in cut(page, Grid(size, *grid))]
    expected = sorted((printed_token(slip.token), str(slip.serial), 1) for slip in slips)
    assert sorted((typed_code(piece), piece.stub[-1], piece.codes) for piece in pieces) == expected
    for piece in pieces:
        assert piece.stub[:-1] == ("Batch 3", "Lote 3", "tear off", "desprender")
        assert not any(piece.stub[-1] in text for text in piece.slip if text not in typed_code(piece))
    assert {(round(page.width, 1), round(page.height, 1)) for page in read} == {size.value}


def test_slips_differ_in_nothing_but_their_code() -> None:
    pieces = [piece for page in pages(printed(batch(9))) for piece in cut(page, Grid(Paper.A4, 2, 4))]
    without = {tuple(text for text in piece.slip if text not in typed_code(piece)) for piece in pieces}
    assert len(without) == 1


@pytest.mark.parametrize("side", list(Electorate))
def test_the_qr_code_leads_to_the_ballot_and_is_large_enough(side: Electorate) -> None:
    slips = batch(8)
    [page] = pages(printed(slips, side=side))
    drawn = {}
    for each in page.codes:
        modules = round(QR_SIZE / each.module)
        assert each.module * modules == pytest.approx(QR_SIZE, abs=0.1) and QR_SIZE >= 26
        drawn[each.left, each.top] = each.matrix(modules)
    expected = [list(segno.make_qr(f"{ADDRESS}/b/{slip.token}", error="m").matrix) for slip in slips]
    assert [drawn[place] for place in sorted(drawn, key=lambda place: (round(place[1]), place[0]))] == expected


def test_a_slip_says_whose_it_is_what_it_is_for_and_how_to_vote_in_two_languages() -> None:
    [page] = pages(printed(batch(1)))
    [piece] = cut(page, Grid(Paper.A4, 2, 4))
    said = " ".join(piece.slip)
    for words in (
        "RESIDENTS · RESIDENTES",
        "Otoño en Capitol Hill",
        "Douglass-Truth Library",
        "Beat C1 Capitol Hill · Seattle",
        "Tue, Nov 17, 2026, 6:30 PM · mar 17 nov, 18:30",
        "192.168.178.20:8501/join",
        "Choose any number. You can change your vote until it closes. A lost slip is not replaced.",
        "Elija cuantas quiera. Puede cambiar su voto hasta el cierre. Si la pierde, no hay otra.",
    ):
        assert words in said
    assert "OFFICERS · AGENTES" in everything(printed(batch(1), side=Electorate.OFFICERS))


def test_sides_differ_in_word_and_pattern_not_only_in_colour() -> None:
    """Officers' slips are striped, residents' are not: a copy in black and white still shows the side."""
    lines = {side: sum(page.lines for page in pages(printed(batch(1), side=side))) for side in Electorate}
    assert lines[Electorate.OFFICERS] - lines[Electorate.RESIDENTS] > 30


def test_a_cut_stack_is_in_the_order_of_serials() -> None:
    slips = batch(35)
    read = pages(printed(slips))
    grid = Grid(Paper.A4, 2, 4)
    piles: list[list[int]] = [[] for _ in range(grid.pieces)]
    for page in read:
        for place, piece in enumerate(cut(page, grid)):
            piles[place].append(int(piece.stub[-1]))
    assert [serial for pile in piles for serial in pile] == list(range(1, 36))
    assert len(read) == 5


def test_the_same_passes_make_the_same_bytes_and_no_word_of_time_author_or_path() -> None:
    slips = batch(3)
    first = printed(slips)
    assert first == printed(slips)
    about = facts(first)
    assert (b"/Producer (Common Beat)" in about, b"/PrintScaling /None" in about) == (True, True)
    for never in (
        b"Date",
        b"/ID",
        b"/Author",
        b"/Creator",
        b"fpdf",
        str(Path.cwd()).encode(),
        os.sep.encode() + b"tmp",
    ):
        assert never not in about


def test_nothing_is_written_to_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Python asks its audit hooks before it opens a file: here every opening for writing is counted."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    written: list[object] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open" and int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.append(arguments[0])

    watching = True
    sys.addaudithook(watch)
    printed(batch(9))
    watching = False
    assert (written, list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize(
    "title",
    [
        LONG,
        "W" * 120,
        "اجتماع الحي: أهدافنا للخريف 2026",
        "אספת השכונה 2026",
        "Réunion 🎉👩‍👩‍👧 de l’été",
        "Спільна ціль Ωραία Đường phố",
        "社区会议",
        "e\u0301\u0301\u0301\u200f\u202e x",
        "🎉",
        "(a\\b) (c\r)",
    ],
    ids=["long", "one word", "arabic", "hebrew", "emoji", "cyrillic", "chinese", "marks", "only emoji", "brackets"],
)
@pytest.mark.parametrize("rounds", [False, True], ids=["slip", "ballot"])
def test_no_title_breaks_a_slip(title: str, rounds: bool) -> None:
    meeting = replace(MEETING, title=title, place=title, beats=title)
    printing = (PaperRound(1, title, (title, title)),) if rounds else ()
    address = "https://a-very-long-name-of-a-community-policing-programme.lakeside-county.example.org"
    pdf = printed(batch(2), meeting=meeting, city=title, rounds=printing, address=address)
    grid = Grid(Paper.A4, 1, 2) if rounds else Grid(Paper.A4, 2, 4)
    codes = [typed_code(piece) for page in pages(pdf) for piece in cut(page, grid)]
    assert codes == [printed_token(slip.token) for slip in batch(2)]


def test_a_long_title_stays_on_its_piece() -> None:
    meeting = replace(MEETING, title=LONG, place=LONG, beats=LONG)
    for side in Electorate:
        [page] = pages(printed(batch(8), meeting=meeting, side=side, paper=Paper.LETTER, city=LONG))
        bottoms = {Grid(Paper.LETTER, 2, 4).corner(number)[1] + 66 for number in range(8)}
        for word in page.words:
            assert min(bottom - word.y for bottom in bottoms if bottom > word.y) > 1.5


def test_letters_that_cannot_be_printed_are_known_before() -> None:
    assert unprintable(LONG, "Ñandú 🎉 Đường", "שלום سلام") == ""
    assert unprintable("社区会议, 社区", "ሰላም") == "社区会议ሰላም"


@pytest.mark.parametrize(
    ("slips", "sentence"),
    [
        ([], "There is no slip to print."),
        (
            [Slip(None, "0" * 16)],
            "Passes for the door have no number: they are shown on a screen, never printed.",
        ),
    ],
    ids=["none", "door pass"],
)
def test_what_is_no_slip_is_refused(slips: list[Slip], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        printed(slips)
    assert refused.value.sentence == sentence


def test_the_examples_in_the_sources_hold() -> None:
    assert [doctest.testmod(module).failed for module in (letters, paper, parts)] == [0, 0, 0]
