"""What slips and paper ballots have in common: the side's band, the code, the meeting, the stub.

Fixed words stand in English and Spanish. The two sides differ in word, colour and pattern, so that a slip printed in
black and white still shows whose it is: residents have a full band with a disc, officers a striped frame with a square.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from babel.dates import format_date, format_time

from lib.printing.sheet import MUTED, PAPER_WHITE, Colour, Sheet
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Electorate

STUB = 16.0
"""Width of the tear-off stub at the right of every piece."""

EDGE = 3.0
"""What stays empty along a cut, so that a crooked cut takes nothing with it."""

QR_SIZE = 28.0


class PrintedPass(Protocol):
    """A pass as it is printed: the serial on its stub and the token of its QR code."""

    @property
    def serial(self) -> int | None: ...

    @property
    def token(self) -> str: ...


@dataclass(frozen=True)
class PrintedMeeting:
    """The meeting on a slip. `starts_at` is in the city's time zone; `beats` as people say them."""

    title: str
    place: str
    beats: str
    starts_at: datetime


@dataclass(frozen=True)
class Batch:
    """What is the same on every slip of a batch. `address` has no slash at its end."""

    number: int
    side: Electorate
    meeting: PrintedMeeting
    city: str
    address: str

    @property
    def join(self) -> str:
        """The address to type a code at, as people read it out."""
        return f"{self.address.partition('://')[2] or self.address}/join"


@dataclass(frozen=True)
class _Look:
    word: str
    palabra: str
    colour: Colour


LOOKS = {
    Electorate.RESIDENTS: _Look("RESIDENTS", "RESIDENTES", (0x0A, 0x5B, 0xB5)),
    Electorate.OFFICERS: _Look("OFFICERS", "AGENTES", (0x8A, 0x4B, 0x00)),
}


BESIDE = EDGE + QR_SIZE + 6.5
"""Where the column right of the QR code begins."""

COLUMN = 40.0
"""How wide that column is."""

QR_TOP = 14.0
"""Four modules below the band: the code's quiet zone."""

BELOW = QR_TOP + QR_SIZE + 1.5


def band(sheet: Sheet, batch: Batch, width: float) -> None:
    """The side's name across the top of the slip, in words, colour and pattern."""
    look, height, wide = LOOKS[batch.side], 7.5, width - 2 * EDGE
    words = f"{look.word} · {look.palabra}"
    if batch.side is Electorate.RESIDENTS:
        sheet.block(EDGE, EDGE, wide, height, look.colour)
        sheet.disc(EDGE + 4.5, EDGE + height / 2, 2.2, PAPER_WHITE)
        sheet.words(EDGE + 9.5, EDGE + 5.5, words, size=13, bold=True, colour=PAPER_WHITE)
        return
    sheet.stripes(EDGE, EDGE, wide, height, look.colour)
    room = sheet.width_of(words, 13, bold=True) + 11
    sheet.block(EDGE + 2, EDGE, room, height, PAPER_WHITE)
    sheet.frame(EDGE, EDGE, wide, height, line=0.5, colour=look.colour)
    sheet.block(EDGE + 3, EDGE + 1.7, 4.1, 4.1, look.colour)
    sheet.words(EDGE + 9.5, EDGE + 5.5, words, size=13, bold=True, colour=look.colour)


def code(sheet: Sheet, batch: Batch, slip: PrintedPass) -> None:
    """The QR code and, beside it, the same code to type in two lines of two groups."""
    sheet.qr(EDGE + 1, QR_TOP, QR_SIZE, f"{batch.address}/b/{slip.token}")
    groups = printed_token(slip.token).split("-")
    lines = ("-".join(groups[:2]), "-".join(groups[2:]))
    widest = max(sheet.width_of(line, 19, bold=True) for line in lines)
    size = 19 * min(1.0, COLUMN / widest)
    for line, baseline in zip(lines, (17.3, 24.5), strict=True):
        sheet.words(BESIDE, QR_TOP + baseline, line, size=size, bold=True)


def around_the_code(sheet: Sheet, batch: Batch) -> None:
    """Above the code to type: where it is typed. Below it: beat and city."""
    below = QR_TOP - 0.6
    for told in ("Scan, or type the code at", "Escanee, o escriba el código en"):
        below = sheet.lines(BESIDE, below, sheet.fitted(told, COLUMN, sizes=(7, 6.5), most=1), colour=MUTED)
    address = sheet.whole(batch.join, COLUMN, sizes=(10, 9, 8), most=1, bold=True)
    if address is None:
        address = sheet.fitted(batch.join, COLUMN, sizes=(7, 6, 5), most=2, bold=True)
    sheet.lines(BESIDE, below + 0.3, address, bold=True)
    whose = f"{batch.meeting.beats} · {batch.city}"
    sheet.lines(BESIDE, QR_TOP + QR_SIZE - 2.4, sheet.fitted(whose, COLUMN, sizes=(7, 6.5, 6), most=1), colour=MUTED)


def about_the_meeting(sheet: Sheet, batch: Batch, x: float, y: float, width: float) -> float:
    """Title, time and place of the meeting; the answer is where they end."""
    meeting = batch.meeting
    title = sheet.whole(meeting.title, width, sizes=(8.5, 8), most=1, bold=True)
    if title is None:
        title = sheet.fitted(meeting.title, width, sizes=(7, 6.5), most=2, bold=True)
    y = sheet.lines(x, y, title, bold=True)
    for line in (when(meeting.starts_at), meeting.place):
        y = sheet.lines(x, y, sheet.fitted(line, width, sizes=(7, 6.5), most=1), colour=MUTED)
    return y


def stub(sheet: Sheet, batch: Batch, width: float, height: float) -> None:
    """The stub without its serial: batch, side by its pattern, and the line to tear along."""
    look, left = LOOKS[batch.side], width - STUB
    sheet.dashes(left, 0, height)
    if batch.side is Electorate.RESIDENTS:
        sheet.block(left + EDGE, EDGE, STUB - 2 * EDGE, 7.5, look.colour)
        sheet.disc(left + STUB / 2, EDGE + 3.75, 2.2, PAPER_WHITE)
    else:
        sheet.stripes(left + EDGE, EDGE, STUB - 2 * EDGE, 7.5, look.colour)
        sheet.frame(left + EDGE, EDGE, STUB - 2 * EDGE, 7.5, line=0.5, colour=look.colour)
        sheet.block(left + STUB / 2 - 3.0, EDGE + 0.75, 6.0, 6.0, PAPER_WHITE)
        sheet.block(left + STUB / 2 - 2.05, EDGE + 1.7, 4.1, 4.1, look.colour)
    for line, baseline in ((f"Batch {batch.number}", 16.0), (f"Lote {batch.number}", 19.0)):
        sheet.centred(left + STUB / 2, baseline, line, size=7, width=STUB - 2, colour=MUTED)
    for line, baseline in (("tear off", height - 7.0), ("desprender", height - 4.0)):
        sheet.centred(left + STUB / 2, baseline, line, size=6.5, width=STUB - 2, colour=MUTED)


def serial(sheet: Sheet, slip: PrintedPass, width: float) -> None:
    """The serial on the stub."""
    sheet.centred(width - STUB / 2, 30.0, str(slip.serial), size=17, width=STUB - 3, bold=True)


def when(starts_at: datetime) -> str:
    """Day and time in both languages, the month as a word: 4/5 is another day elsewhere.

    >>> when(datetime(2026, 5, 4, 18, 30)).replace("\N{NARROW NO-BREAK SPACE}", " ")
    'Mon, May 4, 2026, 6:30 PM · lun 4 may, 18:30'
    """
    english = f"{format_date(starts_at, 'EEE, MMM d, y', locale='en')}, {format_time(starts_at, 'short', locale='en')}"
    spanish = f"{format_date(starts_at, 'EEE d MMM', locale='es')}, {format_time(starts_at, 'HH:mm', locale='es')}"
    return f"{english} · {spanish}"
