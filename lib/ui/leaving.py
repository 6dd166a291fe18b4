"""The control that leaves a page at once which somebody must not be seen reading: whoever is feared may come in."""

import streamlit as st

from lib.settings import ROOT

SCRIPT = ROOT / "lib" / "web" / "assets" / "leave.js"

ADDRESS = "/today"
"""A page of the phone door: light, about nothing in particular, and there without internet too."""


def leave_control() -> None:
    """Stays at the top of the window. `leave.js` replaces this page in the browser's history and listens for Shift,
    pressed three times; without it the link leads away all the same."""
    st.html(
        f'<div class="cb-leave"><a href="{ADDRESS}" target="_self" data-leave>Leave this page</a>'
        "<p><span>Or press Shift three times. </span>The browser’s history still shows this visit.</p></div>"
        f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>",
        unsafe_allow_javascript=True,
    )
