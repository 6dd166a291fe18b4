"""Invitations to the pulse as a PDF, four on a sheet, to be cut and put into letter boxes.

Each holds its code and nothing that tells one from another besides: no number, no name, no address. The fixed words
stand in English and Spanish.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from lib.errors import Invalid
from lib.printing.paper import Grid, Paper
from lib.printing.sheet import INK, MUTED, PAPER_WHITE, Colour, Sheet
from lib.rules.ballots import printed_token

EDGE = 5.0
QR_SIZE = 34.0
QR_TOP = 28.0
BLUE: Colour = (0x0A, 0x5B, 0xB5)


@dataclass(frozen=True)
class Invitation:
    """What is the same on every invitation of a wave. `address` has no slash at its end; `beat` as people say it."""

    beat: str
    city: str
    address: str
    closes_on: date
    is_volunteer: bool = False

    @property
    def typed_at(self) -> str:
        """Where a code is typed, as people read it out."""
        return f"{self.address.partition('://')[2] or self.address}/pulse"


def invitations_pdf(codes: Sequence[str], about: Invitation, *, paper: Paper) -> bytes:
    """One invitation for each code, four on a sheet; the one code of volunteers on a whole sheet.

    The same codes give the same bytes, without a time. Raises Invalid without codes.
    """
    if not codes:
        raise Invalid("There is no invitation to print.", field="invitations")
    sheet = Sheet(Grid(paper, 2, 2), f"{about.city}: {about.beat}")
    printed = list(codes) * (sheet.grid.pieces if about.is_volunteer else 1)
    same = b""
    for page in sheet.grid.sheets(len(printed)):
        sheet.turn_over()
        same = same or sheet.recorded(lambda: _body(sheet, about))
        for piece, place in enumerate(page):
            if place is not None:
                with sheet.at(piece):
                    sheet.repeat(same)
                    _code(sheet, about, printed[place])
    return sheet.bytes_of_it()


def _body(sheet: Sheet, about: Invitation) -> None:
    """All but the code."""
    width = sheet.grid.piece_width - 2 * EDGE
    sheet.block(EDGE, EDGE, width, 19, BLUE)
    sheet.words(EDGE + 4, EDGE + 8, "How safe do you feel?", size=15, bold=True, colour=PAPER_WHITE)
    sheet.words(EDGE + 4, EDGE + 15, "¿Qué tan seguro se siente?", size=12, colour=PAPER_WHITE)
    beside = EDGE + QR_SIZE + 10
    column = sheet.grid.piece_width - EDGE - beside
    y = QR_TOP - 0.5
    for line in ("Scan, or type the code at", "Escanee, o escriba el código en"):
        y = sheet.lines(beside, y, sheet.fitted(line, column, sizes=(8, 7), most=1), colour=MUTED)
    address = sheet.fitted(about.typed_at, column, sizes=(10, 9, 8, 7), most=2, bold=True)
    sheet.lines(beside, y + 0.5, address, bold=True)
    y = QR_TOP + QR_SIZE + 5
    place = sheet.fitted(f"{about.beat} · {about.city}", width, sizes=(12, 10, 9), most=1, bold=True)
    y = sheet.lines(EDGE, y, place, bold=True) + 1
    for told, bold, colour in _sentences(about):
        y = (
            sheet.lines(EDGE, y, sheet.fitted(told, width, sizes=(9, 8.5), most=3, bold=bold), bold=bold, colour=colour)
            + 1
        )


def _sentences(about: Invitation) -> tuple[tuple[str, bool, Colour], ...]:
    """What is said under the code: (text, bold, colour), English before Spanish."""
    english = format_date(about.closes_on, "long", locale="en")
    spanish = format_date(about.closes_on, "long", locale="es")
    if about.is_volunteer:
        once, una = "Everybody who lives here may answer, once.", "Puede responder quien viva aquí, una vez."
    else:
        once = "Your address was drawn by lot. One answer for each invitation."
        una = "Su domicilio salió sorteado. Una respuesta por invitación."
    return (
        (f"Please answer by {english}.", True, INK),
        (f"{once} Eight short questions; leave out what you like. No name, no account.", False, INK),
        (f"Responda hasta el {spanish}.", True, INK),
        (f"{una} Ocho preguntas breves; deje sin responder lo que quiera. Sin nombre y sin cuenta.", False, INK),
        (
            "When the survey has closed, nothing kept links answers to invitations. · Al cerrar la encuesta, nada de "
            "lo guardado une respuestas con invitaciones.",
            False,
            MUTED,
        ),
    )


def _code(sheet: Sheet, about: Invitation, code: str) -> None:
    """The QR code and the same code to type, in two lines of two groups."""
    sheet.qr(EDGE + 3, QR_TOP, QR_SIZE, f"{about.address}/pulse/{code}")
    beside = EDGE + QR_SIZE + 10
    column = sheet.grid.piece_width - EDGE - beside
    groups = printed_token(code).split("-")
    lines = ("-".join(groups[:2]), "-".join(groups[2:]))
    size = 18 * min(1.0, column / max(sheet.width_of(line, 18, bold=True) for line in lines))
    for line, baseline in zip(lines, (23.0, 31.0), strict=True):
        sheet.words(beside, QR_TOP + baseline, line, size=size, bold=True)
