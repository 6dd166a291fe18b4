"""What the live display asks: one snapshot a second for the whole process, however many screens watch."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import streamlit as st

from lib import clock
from lib.queries.concern_cells import concerns_by_cell
from lib.queries.live import LiveSnapshot, live_snapshot
from lib.queries.places import BeatRow
from lib.rules.choropleth import class_breaks, class_of
from lib.rules.text import counted
from lib.ui import reads
from lib.ui.beat_svg import beat_svg
from lib.ui.live_parts import svg_image
from lib.ui.maps import RAMP_ALONE


@st.cache_data(ttl=1, show_spinner=False)
def snapshot(meeting: UUID | None, round_uuid: UUID | None) -> LiveSnapshot:
    """The room's view, at most one second old. Raises NotFound without any meeting."""
    return live_snapshot(meeting, round_uuid=round_uuid)


@dataclass(frozen=True)
class RoomMap:
    """The map beside a vote: the image's source, and in words what its colours mean."""

    source: str
    words: str


@st.cache_data(ttl=60, show_spinner=False)
def room_map(beats: tuple[BeatRow, ...]) -> RoomMap:
    """The meeting's beats with the concerns of the last twelve months, by cell."""
    counts = concerns_by_cell([beat.id for beat in beats], since=clock.now() - timedelta(days=365))
    breaks = class_breaks(list(counts.values()), steps=len(RAMP_ALONE))
    colours = {cell: RAMP_ALONE[class_of(number, breaks) or 0] for cell, number in counts.items()}
    codes = tuple(beat.code for beat in beats)
    svg = beat_svg(
        beats=reads.drawn_beats(reads.today()),
        selected=codes,
        fills=dict.fromkeys(codes, "#FFFFFF"),
        parks=reads.drawn_features("park"),
        cells=colours,
        width=624,
        height=640,
    )
    total = counted(sum(counts.values()), "concern")
    return RoomMap(svg_image(svg), f"{total} in 12 months" if counts else "No concerns yet")
