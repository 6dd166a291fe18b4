"""Explained errors inside a part of a page: the sentence stands where the part would have stood.

The shell's own boundary does not reach into fragments, which are drawn again by themselves: below `@st.fragment` stands
`@explained(…)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.errors import Explained
from lib.ui.parts import plain


@contextmanager
def explained(*, title: str = "", is_said_elsewhere: bool = False) -> Iterator[None]:
    """Show an explained error as a sentence in place; the rest of the page goes on. With a `title` it stands for the
    whole page and leads back to where the page begins. `is_said_elsewhere`: another part of the page says it."""
    try:
        yield
    except Explained as problem:
        if is_said_elsewhere:
            return
        if title:
            st.title(plain(title), anchor=False)
        st.error(plain(problem.sentence), icon=":material/error:")
        if title:
            st.link_button("Start again", "?")
