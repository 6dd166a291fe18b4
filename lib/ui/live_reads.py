"""What the live display asks: one snapshot a second for the whole process, however many screens watch."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import streamlit as st

from lib import clock
from lib.queries.concern_cells import concerns_by_cell
from lib.queries.live import LiveSnapshot, join_address, live_snapshot
from lib.queries.meetings import AgendaRow, MeetingRow, agenda, meeting, meeting_detail, next_meeting
from lib.queries.places import BeatRow
from lib.queries.repeating import when_repeated
from lib.queries.results import round_result
from lib.queries.step_matter import StepMatter, step_matter
from lib.queries.voting import rounds
from lib.rules.choropleth import class_breaks, class_of
from lib.rules.lifecycle import RoundState
from lib.rules.text import counted
from lib.settings import settings
from lib.ui import reads
from lib.ui.beat_svg import beat_svg
from lib.ui.live_marks import Evening, svg_image
from lib.ui.live_preview import Stage, invented_stage
from lib.ui.maps import RAMP_ALONE


# Frozen rows that nobody changes: handed out as they are, without the copy that `cache_data` makes for each screen.
@st.cache_resource(ttl=0.5, show_spinner=False)
def snapshot(meeting: UUID | None, round_uuid: UUID | None) -> LiveSnapshot:
    """The room’s view, at most half a second old. Raises NotFound without any meeting."""
    return live_snapshot(meeting, round_uuid=round_uuid)


@st.cache_data(ttl=10, show_spinner=False)
def evening(meeting_uuid: UUID) -> Evening:
    """What a meeting decided in all its published votes, and when its beat meets again. Eight statements a vote. A goal
    that was voted on again counts as it ended the last time."""
    detail = meeting_detail(meeting_uuid)
    adopted: dict[UUID, str] = {}
    contested: set[UUID] = set()
    published = [row for row in detail.rounds if row.state is RoundState.PUBLISHED]
    for row in sorted(published, key=lambda each: (each.published_at is None, each.published_at, each.number)):
        result = round_result(row.uuid)
        contested -= {line.candidate.goal_uuid for line in result.lines}
        contested |= {outcome.goal for outcome in result.tally.contested}
        adopted |= {line.candidate.goal_uuid: line.candidate.title for line in result.lines if line.outcome.place}
    beat = detail.meeting.beat_codes[0] if detail.meeting.beats else None
    return Evening(tuple(adopted.values()), len(contested - set(adopted)), next_meeting(beat))


@st.cache_data(ttl=10, show_spinner=False)
def repeated(round_uuid: UUID) -> str:
    """When an advisory vote is held again; "" for any other published result."""
    found = round_result(round_uuid)
    return when_repeated(found.tally, found.meeting)


@st.cache_data(ttl=10, show_spinner=False)
def matter(step: AgendaRow, meeting: MeetingRow) -> StepMatter | None:
    """What the present step of the agenda is about."""
    return step_matter(step, meeting, now=clock.now())


@st.cache_data(ttl=30, show_spinner=False)
def stage(meeting_uuid: UUID | None) -> Stage:
    """What a rehearsal borrows: title, address, agenda and goals of this meeting, or of the next one, or invented ones.

    Turnout and figures are not asked for.
    """
    chosen = meeting(meeting_uuid) if meeting_uuid else next_meeting()
    if chosen is None:
        return invented_stage(clock.now(), beats=reads.beats(), join_address=f"{settings().phones_address}/join")
    votes = rounds(chosen.id)
    goals = {candidate.goal_uuid: candidate for row in votes for candidate in row.candidates}
    question = votes[0].question if votes else "Which goals shall we work on?"
    return Stage(chosen, agenda(chosen), question, tuple(goals.values()), join_address(chosen))


@dataclass(frozen=True)
class RoomMap:
    """The map beside a vote: the image's source, in words what it shows, the fewest and the most that a cell holds, and
    the colours in use from fewest to most."""

    source: str
    words: str
    fewest: int
    most: int
    colours: tuple[str, ...]


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
        ground=reads.drawn_features("ground"),
        waterlines=reads.drawn_features("waterline"),
        cells=colours,
        width=624,
        height=536,
    )
    total = counted(sum(counts.values()), "concern")
    words = f"{total} in 12 months" if counts else "No concerns yet"
    numbers, used = counts.values(), set(colours.values())
    in_use = tuple(colour for colour in RAMP_ALONE if colour in used)
    return RoomMap(svg_image(svg), words, min(numbers, default=0), max(numbers, default=0), in_use)
