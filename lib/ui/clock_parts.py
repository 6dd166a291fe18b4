"""The first-answer clock and how concerns ended, on the desk and in public: words, tables, n and window beside each."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from lib.queries.answer_clock import ClockRow
from lib.queries.concern_outcome import BeatOutcome
from lib.queries.places import BeatRow
from lib.rules.answer_clock import WINDOW_DAYS, AnswerClock
from lib.rules.concern_outcome import outcome_sentence
from lib.rules.text import counted
from lib.ui import pressure_reads, reads
from lib.ui.desk_parts import wide
from lib.ui.parts import Column, meta, table

WINDOW = f"Concerns raised in the last {WINDOW_DAYS} days; those that still wait count as waiting."


def clock_part(codes: Sequence[str], place: str) -> None:
    """The clock of some beats in a sentence, and by category in a table."""
    rows = pressure_reads.clocks(tuple(codes))
    st.header("The first answer", anchor=False)
    st.html(f'<p class="cb-say">{escape(f"{place}: {rows[0].clock.sentence}")}</p>')
    st.html(meta(WINDOW))
    with st.expander("By category", icon=":material/timer:"):
        st.html(categories_table(rows, {category.key: category.name for category in reads.categories()}))


def outcome_part(codes: Sequence[str], place: str) -> None:
    """How the concerns of one beat ended: solved and closed otherwise apart, and what people said of the solved ones."""
    found = pressure_reads.outcomes(reads.today())
    outcome = found.get(codes[0]) if len(codes) == 1 else None
    if outcome is None:
        return
    st.header("Closed is not solved", anchor=False)
    st.text(closed_words(outcome, place))
    st.text(outcome_sentence(outcome.asked, outcome.word))


def closed_words(outcome: BeatOutcome, place: str) -> str:
    """What officers called solved, and what was closed without that; plain text."""
    was = "was" if outcome.closed_otherwise == 1 else "were"
    called = f"In {place} officers call {counted(outcome.solved, 'concern')} solved"
    return f"{called}; {counted(outcome.closed_otherwise, 'other')} {was} closed without that: no further action, or passed on."


def beats_clock_table(beats: Sequence[BeatRow]) -> str:
    """Each beat's clock and how its concerns ended; by code, never ranked."""
    clocks = {row.beat: row.clock for row in pressure_reads.clocks_by_beat()}
    outcomes = pressure_reads.outcomes(reads.today())
    rows = [(beat.label, *_cells(clocks.get(beat.code)), *_ended(outcomes.get(beat.code))) for beat in beats]
    columns = [
        Column("Beat"),
        Column("Concerns", True),
        Column("Still wait", True),
        Column("Half answered within", True),
        Column("Nine in ten within", True),
        Column("Called solved", True),
        Column("Closed otherwise", True),
        Column("Answers about solved ones", True),
        Column("Solved or better", True),
    ]
    caption = f"First answers: {WINDOW} How they ended: all concerns."
    everything = clocks.get(None)
    total = ("All", *_cells(everything), *_ended(None)) if everything else None
    return f'<div class="cn-beats">{wide(table(caption, columns, rows, total=total), "Answers by beat", 60)}</div>'


def categories_table(rows: Sequence[ClockRow], names: Mapping[str, str]) -> str:
    """The clocks by category, of all the beats in the rows together."""
    own = [row for row in rows if row.beat is None and row.category is not None]
    columns = [
        Column("Category"),
        Column("Concerns", True),
        Column("Still wait", True),
        Column("Half within", True),
        Column("Nine in ten within", True),
    ]
    cells = [(names.get(row.category or "", row.category or ""), *_cells(row.clock)) for row in own]
    return table("First answers by category", columns, cells, total=("All", *_cells(rows[0].clock)), hide_caption=True)


def _cells(clock: AnswerClock | None) -> tuple[int | None, int | None, str | None, str | None]:
    if clock is None:
        return 0, 0, None, None
    return clock.n, clock.waiting, clock.half, clock.nine_in_ten


def _ended(outcome: BeatOutcome | None) -> tuple[int | None, int | None, int | None, int | None]:
    if outcome is None:
        return None, None, None, None
    word = outcome.word
    shown = (word.total, word.improved) if word.is_shown else (None, None)
    return outcome.solved, outcome.closed_otherwise, *shown
