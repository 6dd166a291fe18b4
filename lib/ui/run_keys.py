"""The keys of the console, as a list. Letters rest while somebody types in a field."""

import streamlit as st

from lib.ui.parts import Column, meta, table

KEYS = (
    ("G", "Go on: the big button, where it needs nobody else"),
    ("Enter", "In a PIN field: confirm together"),
    ("Esc", "Not yet: keep the vote or the meeting open"),
    ("M", "Two more minutes for an open vote"),
    ("V", "The room sees the vote"),
    ("L", "The room sees the lobby"),
    ("T", "The room sees the agenda"),
    ("B", "Cover the display"),
    ("A", "Begin the next step of the agenda"),
    ("N", "Next paper slip"),
)


def keys_list() -> None:
    """Every key, and when letters rest."""
    st.html(table("Keys", [Column("Key"), Column("What it does")], KEYS, hide_caption=True))
    rest = "Letters rest while you type in a field, and all but N while paper slips are typed in."
    st.html(meta(f"{rest} Tab and Enter reach everything else."))
