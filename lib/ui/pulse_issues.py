"""What people called the number one issue, for facilitators and coordinators: by alphabet, and each can become a
concern."""

from collections.abc import Sequence

import streamlit as st

from lib.queries.places import BeatRow
from lib.queries.pulse_waves import WaveProgress, top_issues, wave_progress
from lib.rules.pulse import HIDDEN_BELOW, WaveState
from lib.rules.rights import Right
from lib.rules.text import clipped, counted
from lib.ui import reads
from lib.ui.desk_parts import for_holders
from lib.ui.links import page_link
from lib.ui.parts import empty_state, meta

RAISED_TEXT = "raise_text"
"""The field of the form Raise a concern that an issue is put into."""

_SHORT = 90
_BEAT = "issues_beat"


def issues_of_beat(beat: BeatRow) -> None:
    """The issues of one beat's closed waves."""
    st.session_state[_BEAT] = beat.code
    _of_beat()


@st.fragment
@for_holders(Right.READ_ISSUES)
def _of_beat() -> None:
    st.header("Number one issues", anchor=False)
    st.html(
        meta(
            f"For facilitators and coordinators alone: words of residents, shown from {HIDDEN_BELOW} answers on, in no "
            "order of answering and beside no other answer."
        )
    )
    waves = wave_progress(today=reads.today())
    issues_chosen([wave for wave in waves if wave.beat.code == st.session_state[_BEAT]])


def issues_chosen(waves: Sequence[WaveProgress]) -> None:
    """Choose a closed wave, read its issues, and make one a concern."""
    closed = {wave.survey_id: wave for wave in waves if wave.state is WaveState.CLOSED}
    if not closed:
        empty_state("No wave has closed yet", "Issues show when a wave has closed and enough people answered.")
        return
    chosen = st.selectbox(
        "Number one issues of a wave",
        list(closed),
        index=None,
        key="pulse_issues",
        format_func=lambda number: f"{closed[number].beat.label}, {closed[number].wave_on:%B %Y}",
        placeholder="Choose a wave",
    )
    if chosen is None:
        return
    said = top_issues(chosen)
    if not said:
        empty_state("Nothing to show", f"Fewer than {HIDDEN_BELOW} people answered, or nobody named an issue.")
        return
    st.html(meta(f"{counted(len(said), 'answer')}, by alphabet."))
    for issue in said:
        st.text(issue)
    place = st.selectbox(
        "Make one of them a concern",
        range(len(said)),
        index=None,
        key=f"pulse_issue_{chosen}",
        format_func=lambda number: clipped(said[number], _SHORT),
        placeholder="Choose an issue",
    )
    if place is not None:
        st.session_state[RAISED_TEXT] = said[place]
        st.html(meta("The form opens with these words. Change them so that they name nobody, then say what and where."))
        page_link("Raise it as a concern", "raise", beat=closed[chosen].beat.code)
