"""What the page Help and services asks, cached for the process: what is listed, never what somebody looks for."""

import streamlit as st

from lib.queries import partners
from lib.queries.partners import ActivityRow, PromiseRow, ServiceRow
from lib.ui import goals_reads

SECONDS = 60


@st.cache_data(ttl=SECONDS, show_spinner=False)
def services() -> tuple[ServiceRow, ...]:
    """What people can call."""
    return partners.services()


@st.cache_data(ttl=SECONDS, show_spinner=False)
def activities() -> tuple[ActivityRow, ...]:
    """What people can join."""
    return partners.activities()


@st.cache_data(ttl=SECONDS, show_spinner=False)
def promises() -> tuple[PromiseRow, ...]:
    """What every partner has promised."""
    return partners.promises()


def forget() -> None:
    """Drop what was kept about the directory, after a write."""
    for kept in (services, activities, promises, goals_reads.all_partners):
        kept.clear()
