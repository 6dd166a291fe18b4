"""Explained errors inside a part of a page: the sentence stands where the part would have stood."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.errors import Explained
from lib.ui.parts import plain


@contextmanager
def explained() -> Iterator[None]:
    """Show an explained error as a sentence in place; the rest of the page goes on."""
    try:
        yield
    except Explained as problem:
        st.error(plain(problem.sentence), icon=":material/error:")
