"""How safe people feel, in parts: the headline, the trend beside the goals, every question, groups, the wording."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from lib.queries.comparison import BeatCompared
from lib.queries.goals import GoalCard
from lib.queries.places import BeatRow
from lib.queries.pulse_results import MEANS, SHARES, WaveResults
from lib.rules.instrument import Question, instrument
from lib.rules.lifecycle import GoalState
from lib.rules.months import day_in_words
from lib.rules.pulse import HIDDEN_BELOW, VOLUNTEERS, WARNED_BELOW, pulse_comparison
from lib.rules.pulse_words import (
    QUESTION_NAMES,
    change_words,
    figure_words,
    group_words,
    interval_words,
    response_words,
)
from lib.rules.text import percent
from lib.ui.desk_parts import wide
from lib.ui.links import page_link
from lib.ui.parts import Column, Markup, empty_state, key_figure, meta, pill, table
from lib.ui.pulse_charts import ENDS, STARTS, GoalMark, trend_chart, trend_in_words

HOW_TO_READ = (
    "Each wave asks people of one beat the same questions. A figure stands with the number of answers behind it and the range in "
    "which the figure for all adults likely lies (95 in 100 such ranges hold it).",
    "A change is only called one when chance alone would rarely bring it about. “No detectable change” does not mean that "
    "nothing changed: it means that so few answers cannot tell.",
    f"Under {HIDDEN_BELOW} answers no figure is shown, under {WARNED_BELOW} it is a hint. Where a part is hidden, the other part "
    "is hidden too, so that nobody can work it out.",
    "Who was invited at random and answered may still differ from who did not. Where volunteers answered, the range shows chance "
    "only: it says nothing of everybody else.",
    "Points go from 0 to 100: ten times the mean of answers from 0 to 10. They are no share of people.",
)

COLUMNS = [Column("Question"), Column("Figure", True), Column("Answers", True), Column("Likely", True)]


def goal_marks(cards: Sequence[GoalCard]) -> tuple[GoalMark, ...]:
    """The beat's goals with a measure, numbered by their start."""
    with_measure = sorted(
        ((card, card.measure) for card in cards if card.measure is not None), key=lambda each: each[1].starts_on
    )
    return tuple(
        GoalMark(
            number,
            card.title,
            measure.starts_on,
            measure.ended_on or measure.due_on,
            card.state in (GoalState.ACHIEVED, GoalState.NOT_ACHIEVED),
        )
        for number, (card, measure) in enumerate(with_measure, 1)
    )


def headline_part(waves: Sequence[WaveResults]) -> None:
    """The share feeling safe after dark in the last wave, by day beside it, and whether it changed."""
    last = waves[-1]
    dark, day = last.shares["after_dark"], last.shares["by_day"]
    st.header(f"{last.wave_on:%B %Y}", anchor=False)
    if dark.share is None:
        empty_state("Too few answers to show a figure", dark.sentence)
    else:
        st.html(key_figure(percent(dark.share), "feel safe walking alone after dark"))
        st.text(dark.sentence)
    if day.share is not None:
        st.html(key_figure(percent(day.share), "by day"))
        st.text(day.sentence)
    # The wave before first, then the first of all: two questions that people ask, each with its own answer.
    for before in [*waves[-2:-1], *waves[: 1 if len(waves) > 2 else 0]]:
        said = pulse_comparison(before.shares["after_dark"], dark).sentence
        st.html(f"<p><b>Since {before.wave_on:%B %Y}, after dark:</b> {escape(said)}</p>")
    st.html(meta(f"{response_words(last.answered, last.invited)}. Asked until {day_in_words(last.closes_on)}."))


def trend_part(waves: Sequence[WaveResults], goals: Sequence[GoalMark]) -> None:
    """Every shown wave on the line of time, with the beat's goals; the same as a table."""
    st.header("Wave by wave, beside the goals", anchor=False)
    if any(wave.shares["after_dark"].share is not None for wave in waves):
        st.html(meta("Feel safe after dark, with the likely range."))
        st.vega_lite_chart(spec=trend_chart(waves, goals), alt=trend_in_words(waves, goals), theme=None)
    if any(wave.is_volunteer for wave in waves):
        st.html(meta(f"* {VOLUNTEERS}"))
    if goals:
        st.html(meta(f"{STARTS} a goal starts · {ENDS} it ends or is due"))
    for goal in goals:
        ends = "ended" if goal.is_over else "due"
        days = f"from {goal.starts_on:%b %Y}, {ends} {goal.ends_on:%b %Y}"
        st.html(f"<p><b>{goal.number}</b> {escape(goal.title)} <small>{days}</small></p>")


def waves_table(waves: Sequence[WaveResults]) -> str:
    """The waves of the trend as a table, the latest first."""
    rows = [
        (
            f"{wave.wave_on:%B %Y}",
            figure_words(wave.shares["after_dark"]),
            interval_words(wave.shares["after_dark"]),
            figure_words(wave.shares["by_day"]),
            response_words(wave.answered, wave.invited),
            f"{wave.adults:,}",
            wave.wording,
        )
        for wave in reversed(waves)
    ]
    columns = [
        Column("Wave"),
        Column("Safe after dark", True),
        Column("Likely", True),
        Column("Safe by day", True),
        Column("Who answered"),
        Column("Adults in the beat", True),
        Column("Wording"),
    ]
    return wide(table("Every wave", columns, rows, hide_caption=True), "Every wave", rem=50)


def questions_part(waves: Sequence[WaveResults]) -> None:
    """Every question of the last wave with n and interval, and its change since the wave before."""
    st.header("Every question", anchor=False)
    last = waves[-1]
    before = waves[-2] if len(waves) > 1 and waves[-2].wording == last.wording else None
    rows = []
    for key in (*SHARES, *MEANS):
        figures = last.shares if key in SHARES else last.means
        earlier = (before.shares if key in SHARES else before.means)[key] if before is not None else None
        figure = figures[key]
        cells = (figure_words(figure), figure.n, interval_words(figure), change_words(earlier, figure))
        rows.append((QUESTION_NAMES[key], *cells))
    since = f"Since {before.wave_on:%b %Y}" if before else "Since the wave before"
    st.html(wide(table("Every question", [*COLUMNS, Column(since)], rows, hide_caption=True), "Every question", rem=38))
    st.html(meta("Points are ten times the mean of answers from 0 to 10; they are no share of people."))
    if last.is_volunteer:
        st.html(meta(VOLUNTEERS))


def compared_part(last: WaveResults) -> None:
    """Whether it is better than 12 months ago, labelled as wording of our own."""
    st.header("Compared with 12 months ago", anchor=False)
    st.html(pill("info", "Own wording"))
    rows = [
        (name.capitalize(), figure_words(share), share.n, interval_words(share))
        for name, share in last.compared.items()
    ]
    st.html(table("Better and safer to live in?", [Column("Answer"), *COLUMNS[1:]], rows))


def groups_part(last: WaveResults) -> None:
    """Those who took part against those who did not: it tells who answers, not what taking part does."""
    st.header("Took part, and did not", anchor=False)
    st.html(pill("info", "Own wording"))
    if all(group.took_part is None for group in last.groups.values()):
        empty_state("Not shown", f"Each of the two groups needs at least {HIDDEN_BELOW} answers; else both are hidden.")
        return
    rows = [
        (
            QUESTION_NAMES[key],
            _with_n(figure_words(group.took_part), group.took_part.n if group.took_part else 0),
            _with_n(figure_words(group.others), group.others.n if group.others else 0),
            group_words(group.took_part, group.others),
        )
        for key, group in last.groups.items()
    ]
    columns = [Column("Question"), Column("Took part", True), Column("Others", True), Column("Those who took part")]
    st.html(wide(table("Groups", columns, rows, hide_caption=True), "Took part, and did not", rem=34))
    st.html(
        meta(
            "Took part: came to a meeting, voted or raised a concern in the last 12 months. Others said no, or left the "
            "question out. A difference tells who takes part, not what taking part does."
        )
    )


def wording_part(version: str) -> None:
    """Every question as it is asked, with its source."""
    with st.expander(f"The questions word for word, with their sources (wording {version})", icon=":material/quiz:"):
        for number, question in enumerate(instrument(version).questions, 1):
            st.html(_question(number, question))


def reading_part() -> None:
    """How these figures are to be read."""
    with st.expander("How to read these figures", icon=":material/help:"):
        for paragraph in HOW_TO_READ:
            st.text(paragraph)


def beats_part(compared: Sequence[BeatCompared]) -> None:
    """The last figure of each beat that was asked, by code. How people were chosen has a column only where it differs:
    on a phone the likely range needs the room."""
    asked = [(row.beat, row.feels_safe) for row in compared if row.feels_safe is not None]
    if not asked:
        empty_state("Nobody has been asked yet", "The coordinator plans a wave of the pulse, beat by beat.")
        return
    has_volunteers = any(figure.volunteers for _beat, figure in asked)
    rows: list[tuple[str | int | Markup, ...]] = [
        (
            Markup(f'<a href="/safety?beat={escape(beat.code)}">{escape(beat.label)}</a>'),
            figure_words(figure),
            figure.n,
            interval_words(figure),
            *([("volunteers" if figure.volunteers else "random")] if has_volunteers else []),
        )
        for beat, figure in asked
    ]
    caption = "Feel safe after dark, last wave. By code, not a ranking: places differ too much for that."
    if not has_volunteers:
        caption += " All are random samples."
    columns = [Column("Beat"), Column("Feel safe", True), *COLUMNS[2:], *([Column("Sample")] if has_volunteers else [])]
    st.html(f'<div class="cb-oneline">{table(caption, columns, rows)}</div>')


def nobody_asked(beat: BeatRow) -> None:
    """A beat without a closed wave."""
    empty_state(
        f"Nobody in beat {beat.code} has been asked yet",
        "Figures show when a wave of the pulse has closed. If you hold an invitation, your answer counts.",
    )


def answering_part(beat: BeatRow | None) -> None:
    """The way in for whoever holds an invitation, and to a concern for everybody else."""
    with st.container(key="foot_pulse", horizontal=True):
        st.link_button("Answer with an invitation", "/pulse", icon=":material/edit_note:")
        page_link("Raise a concern", "raise", **({"beat": beat.code} if beat else {}))


def _with_n(figure: str, n: int) -> str:
    return f"{figure} of {n}" if n else figure


def _question(number: int, question: Question) -> str:
    words = question.in_language("en")
    answers = " · ".join(words.answers)
    if question.values and len(words.answers) != len(question.values):
        answers = f"0 = {words.answers[0]} · 10 = {words.answers[1]}"
    own = pill("info", "Own wording") if question.is_own_wording else ""
    asked = f"<b>{number}. {escape(words.ask)}</b> {own}"
    spoken = escape(question.in_language("es").ask)
    return f"<p>{asked}<br>{escape(answers)}<br><i lang='es'>{spoken}</i></p>" + meta(f"Source: {question.source}")
