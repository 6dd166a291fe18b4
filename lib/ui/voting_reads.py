"""What the voting pages ask. Consoles read fresh: a facilitator must see the state as it is."""

from datetime import datetime
from uuid import UUID

import streamlit as st

from lib import clock
from lib.queries import meetings, voting
from lib.queries.agenda import agenda_draft as drafted
from lib.queries.meetings import MeetingDetail, MeetingRow
from lib.queries.minutes import Minutes, minutes_of
from lib.queries.results import PublishedRow, RoundResult, published_rounds, round_result
from lib.queries.since_last_time import SinceLastTime, since_last_time
from lib.queries.votable import VotableGoal, votable_goals
from lib.queries.voting import BatchRow
from lib.rules.agenda import DraftItem, KeptItem


def console_meeting(meeting: UUID | None) -> MeetingDetail | None:
    """The meeting named in the address, else the one that is open or comes next; None without any."""
    if meeting is None:
        coming = meetings.next_meeting()
        if coming is None:
            return None
        meeting = coming.uuid
    return meetings.meeting_detail(meeting)


def batches(meeting_id: int) -> tuple[BatchRow, ...]:
    """The batches of passes of a meeting."""
    return voting.pass_batches(meeting_id)


def goals_for(meeting: MeetingRow) -> tuple[VotableGoal, ...]:
    """Goals that can stand on a ballot of this meeting."""
    return votable_goals([beat.id for beat in meeting.beats])


@st.cache_data(ttl=5, show_spinner=False)
def coming_meetings(beat: str | None) -> tuple[MeetingRow, ...]:
    """Meetings that are open or come, the next first."""
    return meetings.coming_meetings(beat, at_most=20)


@st.cache_data(ttl=5, show_spinner=False)
def past_meetings(beat: str | None) -> tuple[MeetingRow, ...]:
    """Meetings that are over, the latest first."""
    return meetings.past_meetings(beat, at_most=20)


@st.cache_data(ttl=5, show_spinner=False)
def meeting_detail(meeting: UUID) -> MeetingDetail:
    """One meeting with agenda, rounds and minutes. Raises NotFound."""
    return meetings.meeting_detail(meeting)


@st.cache_data(ttl=5, show_spinner=False)
def agenda_draft(meeting: MeetingRow) -> tuple[DraftItem | KeptItem, ...]:
    """The agenda as a draft would leave it. Raises Invalid where what stays leaves no room."""
    return drafted(meeting, now=clock.now())


@st.cache_data(ttl=5, show_spinner=False)
def minutes(meeting_id: int) -> Minutes:
    """The minutes of a meeting with their approvals."""
    return minutes_of(meeting_id)


@st.cache_data(ttl=30, show_spinner=False)
def since(beats: tuple[str, ...], before: datetime | None = None) -> SinceLastTime | None:
    """What happened in these beats since their last meeting that began before this moment; None without one."""
    return since_last_time(beats, now=clock.now(), before=before)


@st.cache_data(ttl=60, show_spinner=False)
def calendar(meeting: UUID) -> bytes:
    """The meeting as a calendar file."""
    return meetings.meeting_calendar(meeting)


@st.cache_data(ttl=5, show_spinner=False)
def published(beat: str | None) -> tuple[PublishedRow, ...]:
    """Published rounds, the latest first."""
    return published_rounds(beat)


@st.cache_data(ttl=30, show_spinner=False)
def result(round_uuid: UUID) -> RoundResult:
    """A published result. Raises NotFound."""
    return round_result(round_uuid)
