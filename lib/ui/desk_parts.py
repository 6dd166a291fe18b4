"""Parts that the pages for people who sign in share."""

from collections.abc import Callable
from functools import wraps
from html import escape

import streamlit as st

from lib.errors import Explained, SignInNeeded
from lib.rules.rights import Right
from lib.ui.session import acting_person


def wide(table: str, label: str, rem: int = 46) -> str:
    """A table with more columns than a phone has room for: it keeps its width there and is swiped sideways.

    The table's own frame is reached and scrolled by keyboard; `label` names the region for screen readers.
    """
    return f'<div role="region" aria-label="{escape(label)}" class="cb-wide" style="--least:{rem}rem">{table}</div>'


def for_holders(right: Right) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """A fragment's body that asks for the right each time it runs: a fragment runs again without its page, so whoever
    was signed out meanwhile would go on reading there."""

    def guarded(part: Callable[[], None]) -> Callable[[], None]:
        @wraps(part)
        def run() -> None:
            try:
                acting_person(right)
                part()
            except Explained as problem:
                st.text(problem.sentence)
                if isinstance(problem, SignInNeeded):
                    st.link_button("Sign in", "/signin", type="primary")

        return run

    return guarded
