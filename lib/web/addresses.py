"""Whose an address is: a page of Streamlit, another door's, or ours (which includes nobody's: we answer those 404s)."""

from lib.rules.rights import PAGES

STREAMLIT = frozenset({"_stcore", "media", "component", "static", "auth", "oauth2callback"})
"""First parts of the addresses that belong to Streamlit."""

STREAMLIT_FILES = frozenset({"index.html", "favicon.png", "manifest.json"})

OTHER_DOORS = frozenset({"api"})
"""Doors that answer for themselves, errors included."""


def is_somebody_elses(path: str) -> bool:
    """Whether a page, Streamlit itself or another door answers at this path."""
    first, _slash, rest = path.lstrip("/").partition("/")
    if first in STREAMLIT or first in OTHER_DOORS:
        return True
    if first == "" or (not rest and first in STREAMLIT_FILES):
        return not rest
    # Streamlit's browser side asks for its own files below the page it was opened at.
    return first in PAGES and (rest == "" or rest.partition("/")[0] in STREAMLIT)
