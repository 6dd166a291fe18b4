"""Approved minutes as a PDF: what was decided, promised and noted, as many pages as it takes.

Text of people is drawn as text. The same minutes give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.printing.pages import Pages
from lib.printing.paper import AREA, Paper
from lib.printing.sheet import INK, MUTED, Colour, Fitted, Sheet

_LEFT, _WIDTH = 10.0, AREA[0] - 20.0
_TOP, _BOTTOM = 6.0, AREA[1] - 12.0
_INDENT = 6.0
_TEXT = 10.5


@dataclass(frozen=True)
class PrintedMinutes:
    """What stands on the pages. `sections`: heading and lines. `approved`: by whom and when. `fingerprint`: of the text
    that was approved. `address`: where the same minutes are read."""

    title: str
    beats: str
    city: str
    when: str
    place: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    approved: str
    fingerprint: str
    address: str


@dataclass(frozen=True)
class _Block:
    """Lines that are drawn below each other, `before` millimetres under what stands above; a bullet in front. `follow`:
    what must fit on the same page below them."""

    text: Fitted
    before: float
    bold: bool = False
    colour: Colour = INK
    indent: float = 0.0
    has_bullet: bool = False
    follow: float = 0.0


def minutes_pdf(minutes: PrintedMinutes, *, paper: Paper) -> bytes:
    """The minutes on sheets of this size."""
    sheet = Pages(paper, f"Minutes: {minutes.title}")
    pages = _paged(_blocks(sheet, minutes))
    for number, page in enumerate(pages, 1):
        sheet.turn_over()
        with sheet.at(0):
            y = _TOP
            for block, lines in page:
                y += block.before if y > _TOP else 0
                if block.has_bullet and lines[0] is block.text.lines[0]:
                    sheet.disc(_LEFT + 2.2, y + 2.5, 0.6, INK)
                y = sheet.lines(
                    _LEFT + block.indent,
                    y,
                    Fitted(block.text.size, lines, block.text.leading),
                    bold=block.bold,
                    colour=block.colour,
                )
            _foot(sheet, minutes, f"Page {number} of {len(pages)}")
    return sheet.bytes_of_it()


def _blocks(sheet: Sheet, minutes: PrintedMinutes) -> list[_Block]:
    def block(text: str, size: float, before: float, **look: object) -> _Block:
        indent = float(look.get("indent", 0.0))  # type: ignore[arg-type]
        bold = bool(look.get("bold"))
        fitted = sheet.unlimited(text, _WIDTH - indent, size=size, bold=bold, leading=1.35)
        return _Block(fitted, before, **look)  # type: ignore[arg-type]

    blocks = [
        block(f"Minutes · {minutes.city}", 10, 0, colour=MUTED),
        block(minutes.title, 19, 1, bold=True),
        block(f"Beat {minutes.beats}", 11, 1.5),
        block(f"{minutes.when} · {minutes.place}", 11, 0.5),
        block(minutes.approved, 10, 2.5, colour=MUTED),
    ]
    for heading, lines in minutes.sections:
        blocks.append(block(heading, 13, 6.5, bold=True, follow=12.0))
        for line in lines:
            # A line of the minutes may have lines of its own; they stay one point.
            parts = [part for part in line.split("\n") if part.strip()]
            for place, part in enumerate(parts):
                blocks.append(block(part, _TEXT, 1.8 if place == 0 else 0.6, indent=_INDENT, has_bullet=place == 0))
    return blocks


def _paged(blocks: Sequence[_Block]) -> list[list[tuple[_Block, tuple[str, ...]]]]:
    """The blocks on pages; a block that meets the end of a page goes on at the top of the next one."""
    pages: list[list[tuple[_Block, tuple[str, ...]]]] = [[]]
    y = _TOP
    for block in blocks:
        rest = list(block.text.lines)
        y += block.before if pages[-1] else 0
        if pages[-1] and y + block.text.step + block.follow > _BOTTOM:
            pages.append([])
            y = _TOP
        while rest:
            room = max(1, int((_BOTTOM - y) // block.text.step))
            pages[-1].append((block, tuple(rest[:room])))
            y += len(rest[:room]) * block.text.step
            rest = rest[room:]
            if rest:
                pages.append([])
                y = _TOP
    return pages


def _foot(sheet: Sheet, minutes: PrintedMinutes, page: str) -> None:
    sheet.rule(_LEFT, AREA[1] - 9.0, _WIDTH)
    y = AREA[1] - 8.2
    for told in (f"Fingerprint of the approved text: {minutes.fingerprint}", minutes.address):
        y = sheet.lines(_LEFT, y, sheet.fitted(told, _WIDTH - 30, sizes=(8, 7), most=1), colour=MUTED)
    sheet.words(_LEFT + _WIDTH - sheet.width_of(page, 8), AREA[1] - 8.2 + 2.8, page, size=8, colour=MUTED)
