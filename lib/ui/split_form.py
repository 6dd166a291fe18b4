"""Splitting a concern that tells of two things, on the desk."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from lib.queries.desk import DeskConcern
from lib.services.splitting import split_concern
from lib.ui import reads
from lib.ui.acting import acting
from lib.ui.session import actor

DONE = "It is two concerns now. Whoever raised it sees both behind the follow link."


def split_form(concern: DeskConcern, *, after: Callable[[object], None]) -> None:
    """What the second concern is about, its words, and what everybody reads in both stories."""
    key = f"split_{concern.uuid}"
    names = {category.key: category.name for category in reads.categories() if category.is_public}
    with st.form(key, border=False):
        st.text("It tells of two things? The second one gets a story of its own; this one keeps its words.")
        st.selectbox(
            "What the second one is about", list(names), format_func=names.__getitem__, index=None, key=f"{key}_about"
        )
        st.text_area("The second concern, in your words", key=f"{key}_part", height=80)
        st.text_area(
            "What everybody can read in both stories",
            value="These are two things, so each has a story of its own now.",
            key=f"{key}_text",
            height=70,
        )
        st.form_submit_button(
            "Split it",
            on_click=acting(
                split_concern, arguments=lambda: _given(concern.uuid, key), done=DONE, key="desk", after=after
            ),
        )


def _given(concern_uuid: UUID, key: str) -> dict[str, object]:
    return {
        "actor": actor(),
        "concern_uuid": concern_uuid,
        "category_key": st.session_state[f"{key}_about"],
        "part": st.session_state[f"{key}_part"],
        "text": st.session_state[f"{key}_text"],
    }
