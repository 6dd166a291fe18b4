"""Voting at a shared screen: type the code of your slip, choose, cast."""

import streamlit as st

from lib import clock
from lib.ui import vote_parts
from lib.ui.boundary import explained
from lib.ui.parts import page_title

page_title("Vote", "On your own phone it is quicker: scan the code on your slip.", action=("Vote on a phone", "/join"))


@st.fragment
def station() -> None:
    """The whole screen is one fragment, so that a click is kept whatever else happens."""
    vote_parts.receipt()
    if vote_parts.RECEIPT in st.session_state:
        return
    with st.container(width=640):
        code = vote_parts.code_input()
        if code:
            with explained():
                vote_parts.ballot(vote_parts.admitted(code), clock.now())


station()
