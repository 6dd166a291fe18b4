"""The slip as a ballot of paper, for people without a phone: every round with its goals and a box for each.

Type is 10 points or more. Of the forms that hold all rounds the first is taken that needs least paper: half a sheet, a
whole one, a whole one with the goals in two columns; within each the largest type.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from lib.errors import Invalid
from lib.printing.paper import Grid, Paper
from lib.printing.parts import BESIDE, COLUMN, EDGE, QR_SIZE, QR_TOP, STUB, Batch, about_the_meeting, around_the_code
from lib.printing.sheet import MUTED, Fitted, Sheet

MOST_ROUNDS = 3
MOST_GOALS = 12

MARK = "Mark the box of every goal you choose and hand this in. Vote on paper or with the code: one of them counts."
MARQUE = "Marque la casilla de cada meta que elija y entregue la papeleta. Vote en papel o con el código: cuenta uno."
ANY_NUMBER = "choose any number · elija cuantas quiera"
NONE = "None of these · Ninguna de estas"
RECEIPT = "Receipt · Comprobante"

TOP = QR_TOP + QR_SIZE + 4.5
"""Where the rounds begin."""

BOX = 4.6
AFTER_BOX = 2.0
AFTER_QUESTION = 1.6
BETWEEN = 3.0
GUTTER = 5.0


@dataclass(frozen=True)
class PaperRound:
    """One round as it is printed; goals in the order that gives them their numbers.

    `has_receipt` is false for a side with sealed figures: its voters get no tracker to write down.
    """

    number: int
    question: str
    goals: tuple[str, ...]
    has_receipt: bool = True


@dataclass(frozen=True)
class Form:
    """How a paper ballot may be laid out: ballots on a sheet, columns of goals, points of type, and how close it is."""

    on_sheet: int
    columns: int
    size: float
    leading: float = 1.25
    gap: float = 1.2


FORMS = (
    *(Form(on_sheet, columns, size) for on_sheet, columns in ((2, 1), (1, 1), (1, 2)) for size in (12.0, 11.0, 10.0)),
    Form(1, 2, 10.0, leading=1.15, gap=0.7),
)


@dataclass(frozen=True)
class Section:
    """A round broken into lines. `columns` hold the goals' numbers and titles, read downwards."""

    form: Form
    heading: Fitted
    question: Fitted
    columns: tuple[tuple[tuple[int, Fitted], ...], ...]
    none: Fitted
    has_receipt: bool

    @property
    def height(self) -> float:
        goals = max(sum(self.row(title) for _number, title in column) for column in self.columns)
        return self.heading.height + self.question.height + AFTER_QUESTION + goals + self.row(self.none) + BETWEEN

    def row(self, title: Fitted) -> float:
        """Millimetres from this goal to the next."""
        return max(BOX + 0.2, title.height) + self.form.gap


def ballot_sheet(batch: Batch, paper: Paper, rounds: Sequence[PaperRound]) -> tuple[Sheet, Callable[[], None]]:
    """The sheet for these paper ballots, and what draws the same body on each. Raises Invalid where they do not fit."""
    if len(rounds) > MOST_ROUNDS:
        raise Invalid(f"A paper ballot has room for {MOST_ROUNDS} rounds, not {len(rounds)}: print two batches.")
    for each in rounds:
        if not 1 <= len(each.goals) <= MOST_GOALS:
            raise Invalid(
                f"Round {each.number} has {len(each.goals)} goals; a paper ballot has room for 1 to {MOST_GOALS}."
            )
    for form in FORMS:
        sheet = Sheet(Grid(paper, 1, form.on_sheet), batch.meeting.title)
        width, bottom = sheet.grid.piece_width - STUB - 2 * EDGE, sheet.grid.piece_height - EDGE
        sections = [_section(sheet, each, width, form) for each in rounds]
        if TOP + sum(section.height for section in sections) <= bottom:
            return sheet, partial(_draw, sheet, batch, sections, width)
    raise Invalid(
        "These rounds do not fit on one sheet in type that everybody can read: "
        "print fewer rounds on a slip, or shorten the titles of the goals."
    )


def _section(sheet: Sheet, each: PaperRound, width: float, form: Form) -> Section:
    """One round in this form; goals fill the columns downwards, the left one first."""
    column = (width - (form.columns - 1) * GUTTER) / form.columns - _beside_number(sheet, form.size)

    def broken(text: str, wide: float, *, bold: bool = False) -> Fitted:
        return sheet.unlimited(text, wide, size=form.size + bold, bold=bold, leading=form.leading)

    goals = [(place, broken(title, column)) for place, title in enumerate(each.goals, start=1)]
    length = -(-len(goals) // form.columns)
    return Section(
        form=form,
        heading=sheet.unlimited(f"Round {each.number} · Votación {each.number}: {ANY_NUMBER}", width, size=9),
        question=broken(each.question, width, bold=True),
        columns=tuple(tuple(goals[begin : begin + length]) for begin in range(0, len(goals), length)),
        none=broken(NONE, width / 2),
        has_receipt=each.has_receipt,
    )


def _draw(sheet: Sheet, batch: Batch, sections: Sequence[Section], width: float) -> None:
    around_the_code(sheet, batch)
    beside = BESIDE + COLUMN + 5
    below = about_the_meeting(sheet, batch, beside, QR_TOP - 0.6, width + EDGE - beside) + 2
    for sentence in (MARK, MARQUE):
        told = sheet.fitted(sentence, width + EDGE - beside, sizes=(8, 7.5, 7), most=3)
        below = sheet.lines(beside, below, told) + 0.8
    y = TOP
    for section in sections:
        sheet.rule(EDGE, y - 1.2, width)
        y = sheet.lines(EDGE, y, section.heading, colour=MUTED)
        y = sheet.lines(EDGE, y, section.question, bold=True) + AFTER_QUESTION
        step = (width + GUTTER) / len(section.columns)
        ends = []
        for place, column in enumerate(section.columns):
            down = y
            for number, title in column:
                _goal(sheet, EDGE + place * step, down, str(number), title)
                down += section.row(title)
            ends.append(down)
        y = max(ends)
        _goal(sheet, EDGE, y, "", section.none)
        if section.has_receipt:
            _receipt(sheet, EDGE + width / 2, y, width / 2)
        y += section.row(section.none) + BETWEEN


def _goal(sheet: Sheet, x: float, y: float, number: str, title: Fitted) -> None:
    """A box to mark, the goal's number, its title."""
    sheet.frame(x + 0.2, y + 0.2, BOX, BOX, line=0.45)
    sheet.lines(x + BOX + AFTER_BOX, y, Fitted(title.size, (number,)), bold=True)
    sheet.lines(x + (_beside_number(sheet, title.size) if number else BOX + AFTER_BOX), y, title)


def _beside_number(sheet: Sheet, size: float) -> float:
    """Where a title begins: beside the box and the widest number."""
    return BOX + AFTER_BOX + sheet.width_of(f"{MOST_GOALS}", size, bold=True) + 1.8


def _receipt(sheet: Sheet, x: float, y: float, width: float) -> None:
    """A line to write the tracker on."""
    sheet.words(x, y + 3.6, RECEIPT, size=8, colour=MUTED)
    begin = sheet.width_of(RECEIPT, 8) + 1.5
    sheet.rule(x + begin, y + 4.4, width - begin)
