"""Ways out of an open meeting beside the next step, and buttons that are pressed twice."""

import streamlit as st

from lib.queries.opening import what_happened
from lib.rules.console import Step
from lib.rules.lifecycle import UNCOUNTED
from lib.services import meetings
from lib.services.meeting_changes import take_back_opening
from lib.ui.parts import plain
from lib.ui.run_reads import Console
from lib.ui.run_telling import doing

BIG_BUTTON_KEY = "G"
"""A letter, since letters rest while somebody types: Ctrl+Enter sends a text area's form."""


def ways_out(of: Console) -> None:
    """The evening may end before every prepared vote was held; a meeting opened by mistake is closed again."""
    if of.step is not Step.CLOSE_MEETING and not any(each.state in UNCOUNTED for each in of.detail.rounds):
        _end_early(of)
    meeting_id = of.detail.meeting.id
    if of.last is None and not what_happened(meeting_id):
        st.button(
            "Opened by mistake? Take it back",
            type="tertiary",
            icon=":material/undo:",
            key=f"take_back_{meeting_id}",
            on_click=doing(take_back_opening, arguments={"actor": of.person, "meeting_id": meeting_id}),
        )


def _end_early(of: Console) -> None:
    meeting_id = of.detail.meeting.id
    if asks(
        f"end_early_{meeting_id}",
        "End the meeting",
        question="Votes that are only prepared are not held, and passes are good for nothing any more. This cannot be "
        "taken back.",
        keep="Not yet",
        is_main=False,
    ):
        st.button(
            "Yes, end the meeting",
            icon=":material/meeting_room:",
            key=f"end_early_yes_{meeting_id}",
            width="stretch",
            on_click=doing(meetings.close_meeting, arguments={"actor": of.person, "meeting_id": meeting_id}),
        )


def asks(key: str, label: str, *, question: str, keep: str, is_main: bool = True) -> bool:
    """A button in two presses: whether the first was made. A double click never does what cannot be undone."""
    asked = f"asked_{key}"
    if not st.session_state.get(asked):
        st.button(
            label,
            type="primary" if is_main else "tertiary",
            width="stretch" if is_main else "content",
            icon=None if is_main else ":material/meeting_room:",
            key=f"ask_{key}",
            shortcut=BIG_BUTTON_KEY if is_main else None,
            on_click=lambda: st.session_state.update({asked: True}),
        )
        return False
    st.warning(plain(question), icon=":material/warning:")
    st.button(
        keep, width="stretch", key=f"keep_{key}", shortcut="Esc", on_click=lambda: st.session_state.pop(asked, None)
    )
    return True
