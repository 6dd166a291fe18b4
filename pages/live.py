"""The live display: what the room sees, drawn anew each second."""

from html import escape
from pathlib import Path

import streamlit as st

from lib.errors import Explained
from lib.rules.lifecycle import RoundState
from lib.ui import live_reads, reads
from lib.ui.addresses import uuid_in_address
from lib.ui.live_parts import live_html, live_shares, notice_html

LIVE_CSS = Path(__file__).resolve().parent.parent / "lib" / "ui" / "live.css"
SHARES = "live_shares_drawn"

meeting, shown_round = uuid_in_address("meeting"), uuid_in_address("round")


@st.fragment(run_every=1)
def display() -> None:
    """The finished display of this second; all screens of the process share one snapshot."""
    try:
        snapshot = live_reads.snapshot(meeting, shown_round)
    except Explained as problem:
        st.html(notice_html(problem.sentence))
        return
    st.html(live_html(snapshot, reads.city(), st.session_state.get(SHARES, {})))
    st.session_state[SHARES] = live_shares(snapshot)


@st.fragment(run_every=5)
def beat_map() -> None:
    """The map beside a running vote: an element of its own, because it does not change each second."""
    try:
        snapshot = live_reads.snapshot(meeting, shown_round)
    except Explained:
        return
    if snapshot.state not in (None, RoundState.PUBLISHED):
        drawn = live_reads.room_map(snapshot.meeting.beats)
        words = f"Map of beat {snapshot.meeting.beat_labels}: {drawn.words}; darker cells hold more"
        st.html(
            f'<div class="lv-side-map"><b>{escape(drawn.words)}</b>'
            f'<img alt="{escape(words)}" src="{drawn.source}"></div>'
        )


st.html(LIVE_CSS)
display()
beat_map()
