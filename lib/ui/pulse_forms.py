"""Parts of the coordinator's page: a wave of the pulse is planned, its invitations printed, paper typed in."""

from datetime import timedelta
from typing import Any

import streamlit as st

from lib.queries.pulse_waves import WaveProgress, wave_progress
from lib.rules.ballots import printed_token
from lib.rules.instrument import ISSUE_LENGTH, PRESENT, Question, QuestionKind, Sample, instrument
from lib.rules.pulse import WaveState
from lib.rules.pulse_words import response_words
from lib.rules.rights import Right
from lib.rules.text import counted
from lib.services.pulse import MOST_INVITATIONS, enter_paper_answer, plan_wave, withdraw_wave
from lib.ui import reads
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders, wide
from lib.ui.parts import Column, empty_state, meta, plain, table
from lib.ui.pulse_issues import issues_chosen
from lib.ui.pulse_printing import blank_questionnaires, codes_to_print, remember_planned
from lib.ui.session import actor

SAMPLES = {
    Sample.RANDOM: "Random sample: one code for each invitation",
    Sample.VOLUNTEER: "Volunteers: one public code, labelled so in every result",
}
STATES = {WaveState.EARLY: "planned", WaveState.OPEN: "open", WaveState.CLOSED: "closed"}
OPEN_DAYS = timedelta(days=20)


@st.fragment
@for_holders(Right.RUN_PULSE)
def plan_part() -> None:
    """Plan a wave in one beat, then save its invitations: their codes exist at that moment only."""
    labels = {beat.code: beat.label for beat in reads.beats()}
    if not labels:
        empty_state("This city has no beats yet", "The pulse is asked beat by beat: import the beats first.")
        return
    st.header("Plan a wave of the pulse", anchor=False)
    st.text(
        "Draw addresses of the beat by lot, for instance every tenth of a shuffled list, and put one invitation into "
        "each letter box. Ask for volunteers only where you cannot."
    )
    told("pulse")
    codes_to_print()
    today = reads.today()
    with st.form("pulse_plan", enter_to_submit=False, width=640):
        st.selectbox("Beat", list(labels), key="pulse_beat", format_func=labels.__getitem__)
        left, right = st.columns(2)
        left.date_input("First day", today, min_value=today, key="pulse_from", format="YYYY-MM-DD")
        right.date_input("Last day", today + OPEN_DAYS, min_value=today, key="pulse_to", format="YYYY-MM-DD")
        st.radio("Who is asked", list(SAMPLES), key="pulse_sample", format_func=SAMPLES.__getitem__)
        st.number_input("Invitations (random sample)", 1, MOST_INVITATIONS, 400, key="pulse_invitations")
        st.number_input(
            "Adults in the beat (empty: the latest figure)",
            1,
            None,
            None,
            key="pulse_adults",
            placeholder="latest figure",
        )
        st.form_submit_button(
            "Plan the wave",
            type="primary",
            on_click=acting(
                plan_wave, arguments=_planned, key="pulse", after=remember_planned, done="The wave is planned."
            ),
        )


@st.fragment
@for_holders(Right.RUN_PULSE)
def paper_part() -> None:
    """An answer that came on paper, typed in under the code printed on it. Nobody sees later that it was paper."""
    st.header("Answers on paper", anchor=False)
    waves = wave_progress(today=reads.today())
    blank_questionnaires([wave for wave in waves if wave.state is not WaveState.CLOSED])
    st.html(meta("Shred each sheet when it is typed in: its code stands beside its answers."))
    told("pulse_paper")
    with st.form("pulse_paper", enter_to_submit=False, width=640):
        st.text_input("Code of the invitation", key="paper_code", autocomplete="off", max_chars=80)
        for number, question in enumerate(instrument(PRESENT).questions, 1):
            _question(number, question)
        st.form_submit_button(
            "Count this answer",
            type="primary",
            on_click=acting(
                enter_paper_answer,
                arguments=_typed,
                done="Counted. The next one, please.",
                key="pulse_paper",
                after=lambda _none: _emptied(),
            ),
        )


@st.fragment
@for_holders(Right.RUN_PULSE)
def waves_part() -> None:
    """How many answered in each wave; what they said shows when it has closed, on the page How safe people feel."""
    st.header("Waves", anchor=False)
    told("pulse_waves")
    waves = wave_progress(today=reads.today())
    running = [wave for wave in waves if wave.state is not WaveState.CLOSED]
    if not waves:
        empty_state("No wave was planned yet", "Two waves a year in the same months can be compared best.")
        return
    if running:
        st.html(wide(waves_table(running), "Waves that run or are planned", rem=48))
        st.html(meta("While a wave is open, nobody sees what was answered: only how many."))
        _withdraw_form([wave for wave in running if not wave.answered])
    closed = [wave for wave in waves if wave.state is WaveState.CLOSED]
    if closed:
        with st.expander(f"{counted(len(closed), 'closed wave')}", icon=":material/table_chart:"):
            st.html(wide(waves_table(closed), "Closed waves", rem=48))
        issues_chosen(closed)


def waves_table(waves: list[WaveProgress]) -> str:
    """One row per wave: days, sample, answers, public code."""
    rows = [
        (
            f"{wave.beat.label}, {wave.wave_on:%Y-%m-%d} to {wave.closes_on:%Y-%m-%d}",
            STATES[wave.state],
            response_words(wave.answered, wave.invited),
            wave.adults,
            printed_token(wave.code) if wave.code else "on paper only",
            wave.wording,
        )
        for wave in waves
    ]
    columns = [
        Column("Wave"),
        Column("State"),
        Column("Answers"),
        Column("Adults", is_number=True),
        Column("Code"),
        Column("Wording"),
    ]
    return table("Waves", columns, rows, hide_caption=True)


def _withdraw_form(waves: list[WaveProgress]) -> None:
    """Taking back a wave that nobody has answered, such as one whose invitations were not saved."""
    if not waves:
        return
    names = {wave.survey_id: f"{wave.beat.label}, from {wave.wave_on:%Y-%m-%d}" for wave in waves}
    with st.form("pulse_withdraw", border=False):
        st.selectbox("A wave without answers", list(names), key="pulse_wave", format_func=names.__getitem__)
        st.form_submit_button(
            "Take this wave back",
            on_click=acting(
                withdraw_wave,
                arguments=lambda: {"actor": actor(), "survey_id": st.session_state["pulse_wave"]},
                done="The wave is gone, and its invitations lead nowhere.",
                key="pulse_waves",
            ),
        )


def _question(number: int, question: Question) -> None:
    words = question.in_language("en")
    if question.kind is QuestionKind.TEXT:
        st.text_input(f"{number}. {words.ask}", key=f"paper_{question.key}", max_chars=ISSUE_LENGTH)
        return
    is_scale = question.kind is QuestionKind.SCALE
    names = dict(zip(question.values, map(str, question.values) if is_scale else words.answers, strict=True))
    ends = f" (0 = {words.answers[0]}, 10 = {words.answers[1]})" if is_scale else ""
    st.radio(
        plain(f"{number}. {words.ask}{ends}"),
        list(names),
        index=None,
        key=f"paper_{question.key}",
        horizontal=True,
        format_func=names.__getitem__,
    )


def _planned() -> dict[str, Any]:
    return {
        "actor": actor(),
        "beat_code": st.session_state["pulse_beat"],
        "wave_on": st.session_state["pulse_from"],
        "closes_on": st.session_state["pulse_to"],
        "sample": st.session_state["pulse_sample"],
        "adults": st.session_state["pulse_adults"],
        "invitations": int(st.session_state["pulse_invitations"] or 0),
    }


def _typed() -> dict[str, Any]:
    keys = [question.key for question in instrument(PRESENT).questions]
    return {
        "actor": actor(),
        "code": st.session_state["paper_code"].rpartition("/pulse/")[2],
        "given": {key: st.session_state[f"paper_{key}"] for key in keys},
    }


def _emptied() -> None:
    """Clear the form for the next sheet of paper."""
    st.session_state["paper_code"] = ""
    for question in instrument(PRESENT).questions:
        st.session_state[f"paper_{question.key}"] = "" if question.kind is QuestionKind.TEXT else None
