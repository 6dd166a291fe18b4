"""How often a live display is drawn.

The projector is drawn each second. When many watch at home as well, whoever came later is drawn every three seconds:
each drawing costs the server some milliseconds, which the phones in the hall need more. Whoever is signed in, as the
one who runs the projector is, keeps the second.
"""

from time import monotonic
from uuid import uuid4

import streamlit as st

ROOM_SECONDS = 1
CROWD_SECONDS = 3

FEW = 20
"""Displays that are drawn each second, whoever watches them."""

GONE_SECONDS = 15
"""A display that was not drawn for so long is closed."""

_KEY = "live_display_number"
_drawn: dict[str, float] = {}


def seconds_between(*, is_signed_in: bool) -> int:
    """The pace of this session's display, for as long as its page stays open."""
    mine, others = _session(), 0
    since = monotonic() - GONE_SECONDS
    for session, at in list(_drawn.items()):
        if at < since:
            _drawn.pop(session, None)
        elif session != mine:
            others += 1
    return ROOM_SECONDS if is_signed_in or others < FEW else CROWD_SECONDS


def note_drawn() -> None:
    """This session's display is open."""
    _drawn[_session()] = monotonic()


def _session() -> str:
    return str(st.session_state.setdefault(_KEY, uuid4().hex))
