"""A reader for the PDFs of `lib/printing`: which text stands where, which squares are drawn, what the file says of
itself. It knows as much of PDF as those files use, and fails on anything else."""

import re
import zlib
from dataclasses import dataclass, field

POINT = 25.4 / 72

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
_TOKEN = re.compile(rb"\((?:\\.|[^\\()])*\)|/[^\s/\[\]<>()]+|[^\s\[\]()]+", re.DOTALL)


@dataclass(frozen=True)
class Word:
    """A text as it is drawn; `x` and `y` of its baseline in millimetres from the page's upper left corner."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Code:
    """A QR code as rows of 0 and 1, and the millimetres it covers: left, top, size of one module."""

    left: float
    top: float
    module: float
    runs: tuple[tuple[int, int, int], ...]

    def matrix(self, modules: int) -> list[bytearray]:
        rows = [bytearray(modules) for _ in range(modules)]
        for column, row, length in self.runs:
            rows[row][column : column + length] = b"\x01" * length
        return rows


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: tuple[Word, ...]
    codes: tuple[Code, ...]
    lines: int
    outlines: int


def pages(pdf: bytes) -> list[Page]:
    """Every page in order."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {
        name: _unicode(_stream(objects[_reference(objects[int(font)], b"ToUnicode")]))
        for body in objects.values()
        for name, font in re.findall(rb"/(F\d+) (\d+) 0 R", body)
    }
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box
    found = []
    for body in objects.values():
        if re.search(rb"/Type /Page\b", body):
            drawing = _Drawing(fonts, float(box[2]))
            drawing.follow(_stream(objects[_reference(body, b"Contents")]))
            size = (float(box[1]) * POINT, float(box[2]) * POINT)
            found.append(Page(*size, tuple(drawing.words), tuple(drawing.codes), drawing.lines, drawing.outlines))
    return found


def facts(pdf: bytes) -> bytes:
    """Everything of the file that is no stream: its structure and what it says about itself."""
    return _STREAM.sub(b"", pdf)


@dataclass
class _Drawing:
    """A page's operators, followed one by one. `scale` is set while a QR code's squares are drawn."""

    fonts: dict[bytes, dict[int, str]]
    height: float
    words: list[Word] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    runs: list[tuple[int, int, int]] = field(default_factory=list)
    state: tuple[float, float, float, bytes, float] = (0.0, 0.0, 0.0, b"", 0.0)
    saved: list[tuple[float, float, float, bytes, float]] = field(default_factory=list)
    place: tuple[float, float] = (0.0, 0.0)
    lines: int = 0
    outlines: int = 0

    def follow(self, content: bytes) -> None:
        self.outlines = len(re.findall(rb" re S\b", content))
        operands: list[bytes] = []
        for token in _TOKEN.findall(content):
            if token in _OPERATORS:
                _OPERATORS[token](self, operands)
            elif token[:1].isdigit() or token[:1] in b"-./(":
                operands.append(token)
                continue
            operands = []

    def save(self, _operands: list[bytes]) -> None:
        self.saved.append(self.state)

    def restore(self, _operands: list[bytes]) -> None:
        self.state = self.saved.pop()

    def move(self, operands: list[bytes]) -> None:
        x, y, scale, font, size = self.state
        across, _b, _c, _d, right, up = (float(each) for each in operands[-6:])
        self.state = (x + right, y + up, scale if across == 1 else across, font, size)

    def choose_font(self, operands: list[bytes]) -> None:
        self.state = (*self.state[:3], operands[-2][1:], float(operands[-1]))

    def go(self, operands: list[bytes]) -> None:
        self.place = (float(operands[-2]), float(operands[-1]))

    def write(self, operands: list[bytes]) -> None:
        x, y, _scale, font, size = self.state
        text = "".join(self.fonts[font][glyph] for glyph in _glyphs(operands[-1]))
        if text.strip():
            right, down = (x + self.place[0]) * POINT, (self.height - y - self.place[1]) * POINT
            self.words.append(Word(text, right, down, size))

    def line(self, _operands: list[bytes]) -> None:
        self.lines += 1

    def square(self, operands: list[bytes]) -> None:
        if self.state[2]:
            column, row, length, _one = (int(each) for each in operands[-4:])
            self.runs.append((column, row, length))

    def fill(self, _operands: list[bytes]) -> None:
        x, y, scale, _font, _size = self.state
        if scale:
            self.codes.append(Code(x * POINT, (self.height - y) * POINT, scale * POINT, tuple(self.runs)))
            self.runs = []


_OPERATORS = {
    b"q": _Drawing.save,
    b"Q": _Drawing.restore,
    b"cm": _Drawing.move,
    b"Tf": _Drawing.choose_font,
    b"Td": _Drawing.go,
    b"Tj": _Drawing.write,
    b"l": _Drawing.line,
    b"re": _Drawing.square,
    b"f": _Drawing.fill,
}


def _glyphs(literal: bytes) -> list[int]:
    plain = re.sub(rb"\\(.)", rb"\1", literal[1:-1].replace(b"\\r", b"\r"), flags=re.DOTALL)
    return [int.from_bytes(plain[at : at + 2], "big") for at in range(0, len(plain), 2)]


def _unicode(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>\n", cmap)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs if len(text) >= 4}


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found, (name, body[:200])
    return int(found[1])
