"""The strips under a published result: why it is advice, who owes an answer, what the dice decided."""

from collections.abc import Sequence
from datetime import date
from html import escape

from lib.queries.live import LiveLine, LiveSnapshot
from lib.rules.lifecycle import Electorate
from lib.rules.tally import RoundTally
from lib.rules.text import counted, listed
from lib.ui.live_marks import Drawing, day_of, dice
from lib.ui.parts import icon

FULL_ROWS_BESIDE_TWO = 5
"""Rows of full height that fit above two strips."""

TITLE_OF_TWO_CLOSE_LINES = 60
"""Letters of a title that takes two lines where rows stand closer."""

_WHO = {Electorate.RESIDENTS: "residents", Electorate.OFFICERS: "officers"}


def beside(strips: list[str], lines: Sequence[LiveLine]) -> str:
    """A class for a table that shares the screen with several strips: closer rows, or cards where even those are too
    many. Rows of full height fit beside one strip.
    """
    rows, longest = len(lines), max((len(line.candidate.title) for line in lines), default=0)
    room = {2: FULL_ROWS_BESIDE_TWO, 3: FULL_ROWS_BESIDE_TWO - 1}.get(len(strips), rows)
    if rows <= room:
        return ""
    is_close = len(strips) == 2 and rows == room + 1 and longest <= TITLE_OF_TWO_CLOSE_LINES
    return " tight" if is_close else " many"


def stacked(strips: list[str]) -> str:
    return f'<div class="lv-strips">{"".join(strips)}</div>' if strips else ""


def strips(snapshot: LiveSnapshot, tally: RoundTally, drawing: Drawing, *, waiting: int) -> list[str]:
    """What the room should hear beside the list: why it is advice, who owes an answer, what the dice decided.

    `waiting`: answers that have come in and that the room does not see yet.
    """
    found = []
    if not tally.adopts:
        if tally.advisory:
            found.append(strip("violet", "info", escape(f"{snapshot.sentence} {drawing.repeated}".rstrip())))
        else:
            found.append(
                strip("violet", "info", "<b>Open room:</b> anybody could vote, so it ranks and adopts nothing.")
            )
    if tally.needs_dice and tally.tie_seed:
        faces = f"{dice(tally.tie_seed)} <b>{escape(tally.tie_seed)}</b>"
        found.append(strip("ink", "casino", f"Goals were level. The dice decided: {faces}"))
    if waiting:
        here = counted(waiting, "written answer is", "written answers are")
        found.append(strip("warn", "forum", f"<b>{here} here.</b> We come to that next."))
    found += [strip("warn", "forum", sentence) for sentence in owed_sentences(snapshot, drawing)]
    return found


def strip(kind: str, glyph: str, html: str) -> str:
    return f'<p class="lv-strip is-{kind}">{icon(glyph)}<span>{html}</span></p>'


def owed_sentences(snapshot: LiveSnapshot, drawing: Drawing) -> list[str]:
    """Who owes how many answers, in one sentence for each day they are due."""
    owing: dict[tuple[Electorate, date], int] = {}
    for owed in snapshot.owed.values():
        if owed.answered_at is None:
            owing[owed.side, owed.due_on] = owing.get((owed.side, owed.due_on), 0) + 1
    sentences = []
    for due_on in sorted({day for _, day in owing}):
        answers: list[str] = []
        for (side, day), number in sorted(owing.items(), reverse=True):
            if day == due_on:
                owed_words = "a written answer" if number == 1 else f"{number} written answers"
                owe = f" {number}" if answers else f" owe {owed_words}"
                answers.append(f"the {_WHO[side]}{owe}")
        said = listed(answers)
        by = day_of(due_on, drawing.city)
        sentences.append(f"<b>{said[0].upper()}{said[1:]} by {by}.</b> Then we vote again.")
    return sentences
