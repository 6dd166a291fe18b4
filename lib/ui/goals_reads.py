"""What the pages about goals ask, cached for the process for a few seconds; forgotten by whoever writes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import streamlit as st

from lib.clock import now
from lib.queries import comparison, goal_story, goals, lineage, meetings, monthly, partners, people, pulse
from lib.queries.comparison import BeatCompared
from lib.queries.contested import ContestedGoal, contested_goal
from lib.queries.goal_story import GoalStory
from lib.queries.goal_voices import GoalVoices, goal_voices
from lib.queries.goals import GoalCard
from lib.queries.lineage import ProposableRow
from lib.queries.meetings import AgendaRow, MeetingRow
from lib.queries.partners import PartnerRow
from lib.queries.people import OfficerRow
from lib.queries.pulse import PulseWave
from lib.queries.pulse_results import WaveResults
from lib.queries.pulse_results import pulse_results as results_of_pulse
from lib.queries.residents_word import WordOfResidents, word_of_residents
from lib.rules.geography import Point
from lib.rules.lifecycle import GoalState

SECONDS = 15


@dataclass(frozen=True)
class NextMeeting:
    """The meeting that is open or comes next, its agenda and its calendar file."""

    meeting: MeetingRow
    agenda: tuple[AgendaRow, ...]
    calendar: bytes


@st.cache_data(ttl=SECONDS, show_spinner=False)
def goal_cards(beat_code: str | None, states: Collection[GoalState] | None, today: date) -> tuple[GoalCard, ...]:
    """Goals of a beat or of all, in some or all states."""
    return goals.goal_cards(today=today, beat_code=beat_code, states=states)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def goal_places(goal_ids: tuple[int, ...]) -> dict[int, Point]:
    """Where goals lie, by their concerns' cells."""
    return goals.goal_places(goal_ids)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def story(goal_uuid: UUID, today: date) -> GoalStory:
    """Everything about one goal. Raises NotFound."""
    return goal_story.goal_story(goal_uuid, today=today)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def voices(goal_uuid: UUID) -> GoalVoices:
    """Arguments, evidence and earlier stories of one goal."""
    return goal_voices(goal_uuid)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def residents_word(goal_uuid: UUID, today: date) -> WordOfResidents:
    """What residents say became of one goal. Raises NotFound."""
    return word_of_residents(goal_uuid, today=today)


def open_meetings_of(beat_codes: Collection[str]) -> list[MeetingRow]:
    """Meetings of these beats that are open at this moment, never cached."""
    return [row for row in meetings.open_meetings() if set(row.beat_codes) & set(beat_codes)]


@st.cache_data(ttl=SECONDS, show_spinner=False)
def contested(goal_uuid: UUID) -> ContestedGoal | None:
    """What is owed for a goal that one side only carried."""
    return contested_goal(goal_uuid)


@st.cache_data(ttl=60, show_spinner=False)
def beats_compared(today: date) -> tuple[BeatCompared, ...]:
    """Beats side by side."""
    return comparison.beats_compared(today=today)


@st.cache_data(ttl=60, show_spinner=False)
def pulse_waves(beat_code: str, today: date) -> tuple[PulseWave, ...]:
    """The closed waves of a beat."""
    return pulse.pulse_waves(beat_code, today=today)


@st.cache_data(ttl=60, show_spinner=False)
def pulse_results(beat_code: str, today: date) -> tuple[WaveResults, ...]:
    """Every question of the closed waves of a beat."""
    return results_of_pulse(beat_code, today=today)


@st.cache_data(ttl=60, show_spinner=False)
def officers(beat_code: str, on: date) -> tuple[OfficerRow, ...]:
    """The officers of a beat and when to meet them."""
    return people.officers_of_beat(beat_code, on)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def next_meeting(beat_code: str | None) -> NextMeeting | None:
    """The meeting that is open or comes next, None without one."""
    row = meetings.next_meeting(beat_code, now=now())
    if row is None:
        return None
    return NextMeeting(row, meetings.agenda(row), meetings.meeting_calendar(row.uuid))


@st.cache_data(ttl=60, show_spinner=False)
def incident_categories(beat_ids: tuple[int, ...]) -> tuple[str, ...]:
    """The city's own words for what is recorded in these beats."""
    return monthly.incident_categories(beat_ids)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def proposable_concerns(beat_code: str) -> tuple[ProposableRow, ...]:
    """Open concerns of a beat that a goal could grow out of."""
    return lineage.proposable_concerns([beat_code])


@st.cache_data(ttl=60, show_spinner=False)
def all_partners() -> tuple[PartnerRow, ...]:
    """Every partner."""
    return partners.partners()


def forget() -> None:
    """Drop what was kept about goals, after a write: the next run reads the new state."""
    for kept in (
        goal_cards,
        goal_places,
        story,
        voices,
        residents_word,
        contested,
        beats_compared,
        proposable_concerns,
    ):
        kept.clear()
