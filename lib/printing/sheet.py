"""A PDF of sheets that are cut into pieces, drawn with fpdf2.

What is the same on every piece is drawn once and its operators repeated at each place: a batch of thousands takes
seconds. The bytes hold no time, no author and no path of the machine: the same input gives the same bytes.

Lengths are millimetres from the upper left corner of a piece, sizes of type points; `y` of a text is its baseline.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import segno
from fpdf import FPDF, ViewerPreferences
from fpdf.enums import Duplex
from fpdf.fonts import TTFFont
from fpdf.output import OutputProducer, PDFInfo

from lib.printing.letters import printable, visual
from lib.printing.paper import Grid

FONTS = Path(__file__).parent / "fonts"
FAMILY = "NotoSans"
POINT = 25.4 / 72
"""Millimetres in a point."""

Colour = tuple[int, int, int]
INK: Colour = (0x0E, 0x1F, 0x38)
MUTED: Colour = (0x46, 0x56, 0x6E)
PAPER_WHITE: Colour = (255, 255, 255)

MARK = 4.0
"""Length of a cut mark."""


@dataclass(frozen=True)
class Fitted:
    """Lines of a text at the size at which they fit; from line to line `leading` times the size."""

    size: float
    lines: tuple[str, ...]
    leading: float = 1.25

    @property
    def step(self) -> float:
        """Millimetres from one baseline to the next."""
        return self.size * POINT * self.leading

    @property
    def height(self) -> float:
        """Millimetres of all lines together."""
        return len(self.lines) * self.step


class _WithoutTimes(OutputProducer):
    """Leaves out when the file was made: with the log's time of the batch it would tell who printed it."""

    def _add_info(self) -> PDFInfo:
        facts = super()._add_info()
        del facts.creation_date
        return facts


class Sheet(FPDF):
    """One PDF whose pages are cut as `grid` says. Draw with the corner of the piece as origin."""

    def __init__(self, grid: Grid, title: str) -> None:
        self._recording: bytearray | None = None
        super().__init__(unit="mm", format=(grid.paper.width, grid.paper.height))
        self.grid = grid
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.add_font(FAMILY, "", FONTS / "NotoSans-Regular.ttf")
        self.add_font(FAMILY, "B", FONTS / "NotoSans-Bold.ttf")
        fonts = (font.cmap for font in self.fonts.values() if isinstance(font, TTFFont))
        self.known = frozenset.intersection(*(frozenset(cmap) for cmap in fonts))
        self.set_title(printable(title, self.known))
        self.set_producer("Common Beat")
        self.set_lang("en")
        # Printers shrink pages to fit unless told; a shrunken slip still works, a ballot of 10 points gets smaller.
        self.viewer_preferences = ViewerPreferences(print_scaling="None", duplex=Duplex.SIMPLEX)
        self._corner = (0.0, 0.0)

    def bytes_of_it(self) -> bytes:
        """The finished PDF."""
        return bytes(self.output(output_producer_class=_WithoutTimes))

    def file_id(self) -> None:
        """No identifier: fpdf2 makes it from the time."""

    def turn_over(self) -> None:
        """Begin the next page, with its cut marks; both fonts are known on it."""
        self.add_page()
        self._corner = (0.0, 0.0)
        with self.local_context():
            for style in ("", "B"):
                self.set_font(FAMILY, style, 8)
                self.text(0, 0, " ")
            self._cut_marks()

    @contextmanager
    def at(self, piece: int) -> Iterator[None]:
        """Draw within a piece of this page. Colours and fonts are as on an empty page, before and after."""
        self._corner = self.grid.corner(piece)
        try:
            with self.local_context():
                yield
        finally:
            self._corner = (0.0, 0.0)

    def recorded(self, draw: Callable[[], None]) -> bytes:
        """What `draw` puts on an empty piece, kept off the page, for `repeat`."""
        self._recording = bytearray()
        with self.local_context():
            draw()
        taken, self._recording = bytes(self._recording), None
        return taken

    def repeat(self, recording: bytes) -> None:
        """Draw a recording at the current piece."""
        left, top = self._corner
        self._out(b"q 1 0 0 1 %.3f %.3f cm" % (left * self.k, -top * self.k))
        self._out(recording)
        self._out(b"Q")

    def words(self, x: float, y: float, text: str, *, size: float, bold: bool = False, colour: Colour = INK) -> None:
        """One line of printable text whose baseline begins at (x, y)."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.text(self._corner[0] + x, self._corner[1] + y, visual(text))

    def centred(
        self, x: float, y: float, text: str, *, size: float, width: float, bold: bool = False, colour: Colour = INK
    ) -> None:
        """One line round `x`, smaller where it would be wider than `width`."""
        wide = self.width_of(text, size, bold)
        fits = size * min(1.0, width / wide)
        self.words(x - min(wide, width) / 2, y, text, size=fits, bold=bold, colour=colour)

    def width_of(self, text: str, size: float, bold: bool = False) -> float:
        """How wide a line of printable text is."""
        self.set_font(FAMILY, "B" if bold else "", size)
        return float(self.get_string_width(visual(text)))

    def whole(self, text: str, width: float, *, sizes: Sequence[float], most: int, bold: bool = False) -> Fitted | None:
        """The text in at most `most` lines of `width`, at the first of `sizes` (from large to small) at which it fits;
        None where it fits at none."""
        clean = printable(text, self.known)
        for size in sizes:
            lines = self._broken(clean, width, size, bold)
            if len(lines) <= most:
                return Fitted(size, tuple(lines))
        return None

    def unlimited(self, text: str, width: float, *, size: float, bold: bool = False, leading: float = 1.25) -> Fitted:
        """The text in as many lines of `width` as it needs."""
        return Fitted(size, tuple(self._broken(printable(text, self.known), width, size, bold)), leading)

    def fitted(self, text: str, width: float, *, sizes: Sequence[float], most: int, bold: bool = False) -> Fitted:
        """As `whole`; a text that fits at no size ends in "…" at the last one."""
        found = self.whole(text, width, sizes=sizes, most=most, bold=bold)
        if found is not None:
            return found
        kept = self._broken(printable(text, self.known), width, sizes[-1], bold)[:most]
        while kept[-1] and self.width_of(kept[-1] + "…", sizes[-1], bold) > width:
            kept[-1] = kept[-1][:-1].rstrip()
        return Fitted(sizes[-1], (*kept[:-1], kept[-1] + "…"))

    def lines(self, x: float, y: float, text: Fitted, *, bold: bool = False, colour: Colour = INK) -> float:
        """Draw fitted lines whose top is `y`; the answer is where they end."""
        for place, line in enumerate(text.lines):
            self.words(x, y + place * text.step + text.size * POINT, line, size=text.size, bold=bold, colour=colour)
        return y + text.height

    def block(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        self.set_fill_color(*colour)
        self.rect(self._corner[0] + x, self._corner[1] + y, width, height, style="F")

    def frame(self, x: float, y: float, width: float, height: float, *, line: float, colour: Colour = INK) -> None:
        """The outline of a rectangle."""
        self.set_draw_color(*colour)
        self.set_line_width(line)
        self.rect(self._corner[0] + x, self._corner[1] + y, width, height, style="D")

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle round (x, y)."""
        self.set_fill_color(*colour)
        self.circle(self._corner[0] + x, self._corner[1] + y, radius, style="F")

    def stripes(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A rectangle of slanting stripes."""
        left, top = self._corner[0] + x, self._corner[1] + y
        # The inner context leaves fpdf2's own note of the colour as it was; the clip alone does not.
        with self.local_context(), self.rect_clip(left, top, width, height):
            self.set_draw_color(*colour)
            self.set_line_width(0.9)
            place = left - height
            while place < left + width:
                self.line(place, top + height, place + height, top)
                place += 2.2

    def rule(self, x: float, y: float, width: float) -> None:
        """A thin line across."""
        self.set_draw_color(*MUTED)
        self.set_line_width(0.25)
        self.line(self._corner[0] + x, self._corner[1] + y, self._corner[0] + x + width, self._corner[1] + y)

    def dashes(self, x: float, top: float, bottom: float) -> None:
        """A dashed line downwards: tear here."""
        self.set_draw_color(*MUTED)
        self.set_line_width(0.25)
        self.set_dash_pattern(dash=1.2, gap=1.2)
        self.line(self._corner[0] + x, self._corner[1] + top, self._corner[0] + x, self._corner[1] + bottom)
        self.set_dash_pattern()

    def qr(self, x: float, y: float, size: float, content: str) -> None:
        """A QR code as `size` millimetres of vector squares, error correction M or, where it costs no size, better.

        The quiet zone of four modules around it is the caller's.
        """
        matrix = segno.make_qr(content, error="m").matrix
        module = size / len(matrix) * self.k
        left, top = (self._corner[0] + x) * self.k, (self.h - self._corner[1] - y) * self.k
        runs = b" ".join(b"%d %d %d 1 re" % run for run in _runs(matrix))
        self._out(b"q 0 g %.5f 0 0 %.5f %.3f %.3f cm\n%b f Q" % (module, -module, left, top, runs))

    def _out(self, s: str | bytes) -> None:
        """Every operator passes here, on its way to the page or to a recording."""
        if self._recording is None:
            super()._out(s)
        else:
            self._recording += (s if isinstance(s, bytes) else s.encode("latin-1")) + b"\n"

    def _broken(self, text: str, width: float, size: float, bold: bool) -> list[str]:
        """The text broken at spaces; a word that is wider than a line is broken where the line ends."""
        lines = [""]
        for word in text.split(" "):
            rest = word
            if lines[-1] and self._fits(f"{lines[-1]} {rest}", width, size, bold):
                lines[-1] += f" {rest}"
                continue
            if lines[-1]:
                lines.append("")
            while len(rest) > 1 and not self._fits(rest, width, size, bold):
                end = next(
                    end for end in range(len(rest) - 1, 0, -1) if end == 1 or self._fits(rest[:end], width, size, bold)
                )
                # An address is broken after a sign of its own, where it has one.
                end = max(rest.rfind(sign, 0, end) for sign in "./-") + 1 or end
                lines[-1], rest = rest[:end], rest[end:]
                lines.append("")
            lines[-1] = rest
        return lines

    def _fits(self, text: str, width: float, size: float, bold: bool) -> bool:
        return self.width_of(text, size, bold) <= width

    def _cut_marks(self) -> None:
        """Short lines in the margin where the cuts run, and a small cross where two cuts meet."""
        grid = self.grid
        self.set_draw_color(*MUTED)
        self.set_line_width(0.2)
        across = [grid.left + column * grid.piece_width for column in range(grid.columns + 1)]
        down = [grid.top + row * grid.piece_height for row in range(grid.rows + 1)]
        right, bottom = across[-1], down[-1]
        for x in across:
            self.line(x, grid.top - MARK - 1, x, grid.top - 1)
            self.line(x, bottom + 1, x, bottom + MARK + 1)
        for y in down:
            self.line(grid.left - MARK - 1, y, grid.left - 1, y)
            self.line(right + 1, y, right + MARK + 1, y)
        for x in across[1:-1]:
            for y in down[1:-1]:
                self.line(x - 1.5, y, x + 1.5, y)
                self.line(x, y - 1.5, x, y + 1.5)


def _runs(matrix: Sequence[Sequence[int]]) -> Iterator[tuple[int, int, int]]:
    """The dark modules as (column, row, length) of horizontal runs."""
    for row, modules in enumerate(matrix):
        begin = None
        for column, module in enumerate((*modules, 0)):
            if module & 1 and begin is None:
                begin = column
            elif not module & 1 and begin is not None:
                yield begin, row, column - begin
                begin = None
