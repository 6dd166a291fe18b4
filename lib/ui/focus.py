"""Where the keyboard goes after a click that changes the page: Streamlit leaves it on a button that is gone."""

import json

import streamlit as st

_NEXT, _TURN = "focus_next", "focus_turn"

_SCRIPT = """<script>/* {turn} */ (() => {{
  let tries = 0;
  const look = () => {{
    const found = document.querySelector({selector});
    if (found) found.focus();
    else if (tries++ < 20) setTimeout(look, 100);
  }};
  setTimeout(look, 100);
}})()</script>"""


def focus_next(selector: str) -> None:
    """Put the keyboard's focus, once the page is drawn again, on the first element that fits a CSS selector. Called in
    a callback; `put_focus` does it."""
    st.session_state[_NEXT] = selector
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def put_focus() -> None:
    """Do what a callback asked for, once. At the end of the part that is drawn again. The turn in the text makes the
    browser run it once each time; without a script the focus stays where the browser leaves it."""
    selector = st.session_state.pop(_NEXT, None)
    if selector is not None:
        script = _SCRIPT.format(turn=st.session_state[_TURN], selector=json.dumps(selector))
        st.html(script, unsafe_allow_javascript=True)
