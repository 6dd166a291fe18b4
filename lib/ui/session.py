"""Who is looking, and at which beat. Identity lives in the signed cookie, never in `st.session_state`."""

import streamlit as st

from lib.clock import now
from lib.queries.places import BeatRow
from lib.rules.rights import Actor, Right, require
from lib.services.sessions import SESSION_COOKIE, actor_of_cookie
from lib.ui import reads

BEAT = "beat"
"""Name of the chosen beat in the address bar, the same on every page."""

_KEPT = "chosen_beat_kept"


def actor() -> Actor | None:
    """The signed-in person, or None. Asks the server at every rerun: signing out elsewhere ends it here too."""
    return actor_of_cookie(st.context.cookies.get(SESSION_COOKIE), now())


def acting_person(right: Right) -> Actor:
    """The signed-in person if they hold the right. Raises SignInNeeded or NotAllowed, which the shell explains."""
    return require(actor(), right)


def keep_beat() -> None:
    """Carry the chosen beat from page to page: the navigation's own links leave the address bar empty."""
    code = st.query_params.get(BEAT, "")
    if code:
        st.session_state[_KEPT] = code
    elif st.session_state.get(_KEPT):
        st.query_params[BEAT] = st.session_state[_KEPT]


def chosen_beat() -> BeatRow | None:
    """The beat named in the address bar; None where none is named or the code is unknown."""
    code = st.query_params.get(BEAT, "")
    return next((beat for beat in reads.beats() if beat.code == code), None)


def choose_beat(code: str | None) -> None:
    """Put a beat into the address bar, or take it out."""
    st.session_state[_KEPT] = code
    if code:
        st.query_params[BEAT] = code
    elif BEAT in st.query_params:
        del st.query_params[BEAT]
