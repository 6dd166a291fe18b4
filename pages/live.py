"""The live display: what the room sees, drawn anew each second; with `?preview=` a rehearsal of any of its states."""

from pathlib import Path

import streamlit as st

from lib.ui.addresses import uuid_in_address
from lib.ui.live_pace import note_drawn, seconds_between
from lib.ui.live_screen import map_beside, rehearsal, rehearsal_index, room
from lib.ui.live_states import STATES
from lib.ui.session import actor

LIVE_CSS = Path(__file__).resolve().parent.parent / "lib" / "ui" / "live.css"

meeting, shown_round = uuid_in_address("meeting"), uuid_in_address("round")
preview = st.query_params.get("preview")


@st.fragment(run_every=seconds_between(is_signed_in=actor() is not None))
def display() -> None:
    """The display of this second: the meeting, or the state that is rehearsed."""
    note_drawn()
    if preview is None:
        room(meeting, shown_round)
    else:
        rehearsal(preview, meeting)


@st.fragment(run_every=60)
def beat_map() -> None:
    """The map beside a vote: an element of its own, because it does not change each second."""
    map_beside(meeting, is_rehearsal=preview is not None)


st.html(LIVE_CSS)
if preview is None or preview in STATES:
    display()
    beat_map()
else:
    rehearsal_index(meeting)
