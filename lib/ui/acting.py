"""How a page writes: a callback that tells a service, and the sentence about it at the widget's place.

`on_click=acting(...)` inside a fragment keeps the click when another widget is touched or the socket drops;
`if st.button(): save()` loses it.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from lib.errors import Explained
from lib.ui.parts import plain

_log = logging.getLogger(__name__)

OUR_FAULT = "Something went wrong on our side and was noted. Nothing was changed; please try again."


def acting(
    intention: Callable[..., Any],
    *,
    arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None,
    done: str = "",
    key: str = "told",
    after: Callable[[Any], None] | None = None,
) -> Callable[[], None]:
    """A callback that calls `intention(**arguments)` and remembers what to tell under `key` (see `told`).

    `arguments` as a function is asked at the click, so that it reads the widgets' present values. `after` gets the
    service's answer, for instance to clear a form or to remember a new row.
    """

    def callback() -> None:
        try:
            given = arguments() if callable(arguments) else (arguments or {})
            answer = intention(**given)
            if after is not None:
                after(answer)
        except Explained as problem:
            st.session_state[_slot(key)] = ("error", problem.sentence)
        except Exception:
            _log.exception("a write from a page failed")
            st.session_state[_slot(key)] = ("error", OUR_FAULT)
        else:
            if done:
                st.session_state[_slot(key)] = ("success", done)

    return callback


def told(key: str = "told") -> None:
    """Show, once, what the last click under this key led to."""
    kind, sentence = st.session_state.pop(_slot(key), ("", ""))
    if kind == "error":
        st.error(plain(sentence), icon=":material/error:")
    elif kind == "success":
        st.success(plain(sentence), icon=":material/check_circle:")


def _slot(key: str) -> str:
    return f"told:{key}"
