"""What the live display asks: one snapshot a second for the whole process, however many screens watch."""

from uuid import UUID

import streamlit as st

from lib.queries.live import LiveSnapshot, live_snapshot
from lib.ui import reads
from lib.ui.beat_svg import beat_svg
from lib.ui.live_parts import svg_image


@st.cache_data(ttl=1, show_spinner=False)
def snapshot(meeting: UUID | None, round_uuid: UUID | None) -> LiveSnapshot:
    """The room's view, at most one second old. Raises NotFound without any meeting."""
    return live_snapshot(meeting, round_uuid=round_uuid)


@st.cache_data(ttl=600, show_spinner=False)
def map_image(codes: tuple[str, ...]) -> str:
    """The meeting's beats with parks, as the source of an image."""
    return svg_image(
        beat_svg(
            beats=reads.drawn_beats(reads.today()),
            selected=codes,
            parks=reads.drawn_features("park"),
            width=624,
            height=700,
        )
    )
