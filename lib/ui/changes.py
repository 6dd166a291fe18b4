"""After a write inside a fragment: what was read is forgotten and the whole page shown anew."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from lib.ui import goals_reads
from lib.ui.acting import acting

WORK = "goal_work"
"""Under this key every form about a goal tells what its click led to (`lib.ui.acting.told`)."""

_CHANGED = "goals_changed"


def begin() -> None:
    """At the top of a fragment that writes: after a write the whole page is shown anew."""
    if st.session_state.pop(_CHANGED, False):
        st.rerun()


def changed(_answer: Any = None) -> None:
    """After a write: forget what was read, and show the whole page anew."""
    goals_reads.forget()
    st.session_state[_CHANGED] = True


def submit(label: str, intention: Callable[..., Any], done: str, arguments: Callable[[], Mapping[str, Any]]) -> None:
    """The button of a form about a goal."""
    st.form_submit_button(label, on_click=acting(intention, arguments=arguments, done=done, key=WORK, after=changed))
