"""After a write inside a fragment: what was read is forgotten and the whole page shown anew."""

from typing import Any

import streamlit as st

from lib.ui import goals_reads

_CHANGED = "goals_changed"


def begin() -> None:
    """At the top of a fragment that writes: after a write the whole page is shown anew."""
    if st.session_state.pop(_CHANGED, False):
        st.rerun()


def changed(_answer: Any = None) -> None:
    """After a write: forget what was read, and show the whole page anew."""
    goals_reads.forget()
    st.session_state[_CHANGED] = True
