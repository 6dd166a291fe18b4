"""What the page Help and services asks beside the directory, cached for the process."""

import streamlit as st

from lib.queries import partners
from lib.queries.partners import PromiseRow
from lib.ui import goals_reads

SECONDS = 60


@st.cache_data(ttl=SECONDS, show_spinner=False)
def promises() -> tuple[PromiseRow, ...]:
    """What every partner has promised."""
    return partners.promises()


def forget() -> None:
    """Drop what was kept about the directory, after a write."""
    for kept in (promises, goals_reads.all_partners):
        kept.clear()
