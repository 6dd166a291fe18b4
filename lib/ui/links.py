"""Links between our own pages that stay in the running session: no new tab, no reload."""

from pathlib import Path
from urllib.parse import quote

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lib.settings import ROOT, settings
from lib.ui.parts import plain

FILES = {"raise": "raise_concern.py"}
"""Pages whose file is not named like their address."""

ONWARD = ":material/arrow_forward:"


def page_link(label: str, address: str, *, icon: str | None = ONWARD, **params: str) -> None:
    """A link to another page of ours, with what stands behind the question mark of its address.

    A page that runs by itself knows no others (tests do that): there the label stands without a link.
    """
    file = Path(ROOT, "pages", FILES.get(address, f"{address}.py"))
    try:
        st.page_link(
            file,
            label=plain(label),
            icon=icon,
            icon_position="right" if icon == ONWARD else "left",
            query_params=params or None,
        )
    except StreamlitAPIException:
        st.text(label)


def feed_link(beat_code: str) -> None:
    """A link to the Atom feed of a beat: everything public that happens there, for a feed reader or another site."""
    address = f"{settings().address}/feeds/beats/{quote(beat_code, safe='')}.atom"
    st.link_button("Atom feed of this beat", address, icon=":material/rss_feed:", type="tertiary")
