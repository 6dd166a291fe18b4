"""Raise a concern: what happens, where, how often; then a link to follow what becomes of it."""

from pathlib import Path

import streamlit as st

from lib.ui import raise_parts, reads
from lib.ui.parts import empty_state, page_title

st.html(Path(raise_parts.__file__).with_name("concerns.css"))
raise_parts.emergency()
page_title("Raise a concern", "No account, no name. The officers of the beat read it and answer.")


@st.fragment
def form() -> None:
    """One fragment, so that a click is kept whatever else happens."""
    sent = st.session_state.get(raise_parts.SENT)
    if sent is not None:
        raise_parts.thanks(sent)
    else:
        raise_parts.concern_form()


if reads.beats():
    form()
    st.html('<p class="cb-meta">On a phone the <a href="/report" target="_self">plain form</a> is lighter.</p>')
else:
    empty_state(
        "This city has no beats yet",
        "The coordinator imports them from the city's own file; then concerns can be raised here.",
    )
