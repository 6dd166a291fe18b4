"""Slips as a PDF: one pass each, to be cut out and torn from its stub.

The slip holds what the voter needs, and of what tells one slip from another only its code. The stub holds the serial
and never the code: whoever keeps the stubs does not know the code that a person went away with.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lib.errors import Invalid
from lib.printing.letters import missing
from lib.printing.paper import Grid, Paper
from lib.printing.paper_ballots import PaperRound, ballot_sheet
from lib.printing.parts import (
    BELOW,
    EDGE,
    STUB,
    Batch,
    PrintedMeeting,
    PrintedPass,
    about_the_meeting,
    around_the_code,
    band,
    code,
    serial,
    stub,
)
from lib.printing.sheet import Sheet
from lib.rules.lifecycle import Electorate

HOW_TO = "Choose any number. You can change your vote until it closes. A lost slip is not replaced."
COMO = "Elija cuantas quiera. Puede cambiar su voto hasta el cierre. Si la pierde, no hay otra."


def slips_pdf(
    slips: Sequence[PrintedPass],
    *,
    side: Electorate,
    meeting: PrintedMeeting,
    address: str,
    paper: Paper,
    city: str,
    batch: int,
    rounds: Sequence[PaperRound] = (),
) -> bytes:
    """The slips of one batch, eight on a sheet; with `rounds` as paper ballots, one or two on a sheet.

    `address` is the base address that the QR codes carry. Raises Invalid: no slips, a pass without a serial (a door
    pass is never printed), rounds that do not fit on one slip.
    """
    if not slips:
        raise Invalid("There is no slip to print.", field="number")
    if any(slip.serial is None for slip in slips):
        raise Invalid("Passes for the door have no number: they are shown on a screen, never printed.")
    about = Batch(batch, side, meeting, city, address.rstrip("/"))
    if rounds:
        sheet, body = ballot_sheet(about, paper, rounds)
    else:
        sheet, body = _small_slips(about, paper)
    width, height = sheet.grid.piece_width, sheet.grid.piece_height

    def piece_without_its_pass() -> None:
        band(sheet, about, width - STUB)
        stub(sheet, about, width, height)
        body()

    same = b""
    for page in sheet.grid.sheets(len(slips)):
        sheet.turn_over()
        same = same or sheet.recorded(piece_without_its_pass)
        for piece, place in enumerate(page):
            if place is not None:
                with sheet.at(piece):
                    sheet.repeat(same)
                    code(sheet, about, slips[place])
                    serial(sheet, slips[place], width)
    return sheet.bytes_of_it()


def unprintable(*texts: str) -> str:
    """The letters of these texts that the fonts for print lack, each once: they are printed as dotted circles."""
    return missing(" ".join(texts), Sheet(Grid(Paper.A4, 1, 1), "").known)


def _small_slips(about: Batch, paper: Paper) -> tuple[Sheet, Callable[[], None]]:
    """The sheet for small slips, and what draws the same body on each."""
    sheet = Sheet(Grid(paper, 2, 4), about.meeting.title)
    width = sheet.grid.piece_width - STUB - 2 * EDGE

    def body() -> None:
        around_the_code(sheet, about)
        below = about_the_meeting(sheet, about, EDGE, BELOW, width) + 0.8
        half = (width - 3) / 2
        for x, sentence in ((EDGE, HOW_TO), (EDGE + half + 3, COMO)):
            told = sheet.fitted(sentence, half, sizes=(6.5,), most=3)
            sheet.lines(x, below, replace(told, leading=1.18))

    return sheet, body
