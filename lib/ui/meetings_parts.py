"""Meetings for reading: when and where, the agenda, what was decided and promised."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.meetings import MeetingDetail, MeetingRow
from lib.queries.places import CityRow
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.minutes import MinuteKind
from lib.ui import voting_reads
from lib.ui.parts import Column, pill, plain, table


def when(starts_at: datetime, ends_at: datetime, city: CityRow) -> str:
    """Day and hours in the city's time zone, as people say them."""
    zone = ZoneInfo(city.time_zone)
    begins, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    return f"{begins:%A} {begins.day} {begins:%B %Y}, {_hour(begins)} to {_hour(ends)}"


def meeting_summary(meeting: MeetingRow, city: CityRow) -> None:
    """What somebody needs to come: day, place, access."""
    if meeting.state is MeetingState.OPEN:
        st.html(pill("open", "Open now", "sensors"))
    st.text(when(meeting.starts_at, meeting.ends_at, city))
    st.text(f"{meeting.place} · beat {meeting.beat_labels}")
    if meeting.access:
        st.caption(plain(meeting.access))


def meeting_actions(meeting: MeetingRow) -> None:
    """Add to the calendar, watch, vote."""
    with st.container(horizontal=True):
        st.download_button(
            "Add to calendar",
            voting_reads.calendar(meeting.uuid),
            file_name="meeting.ics",
            mime="text/calendar",
            icon=":material/event:",
            key=f"ics-{meeting.uuid}",
            on_click="ignore",
        )
        st.link_button("Read more", f"/meetings?meeting={meeting.uuid}")
        if meeting.state is MeetingState.OPEN:
            st.link_button("Live display", f"/live?meeting={meeting.uuid}", icon=":material/cast:")


def agenda_list(detail: MeetingDetail, city: CityRow) -> str:
    """The agenda with planned times."""
    zone = ZoneInfo(city.time_zone)
    rows = [(_hour(step.starts_at.astimezone(zone)), step.title, f"{step.minutes} min") for step in detail.agenda]
    return table("Agenda", [Column("Begins"), Column("Step"), Column("Time", True)], rows)


def minutes_list(detail: MeetingDetail) -> None:
    """Decisions first, then promises and notes."""
    for kind, title in ((MinuteKind.DECISION, "Decided"), (MinuteKind.PROMISE, "Promised"), (MinuteKind.NOTE, "Noted")):
        lines = [minute.text for minute in detail.minutes if minute.kind is kind]
        if lines:
            st.header(title, anchor=False)
            for line in lines:
                st.text(f"• {line}")


def result_links(detail: MeetingDetail) -> None:
    """The published rounds of the meeting."""
    for shown in detail.rounds:
        if shown.state is RoundState.PUBLISHED:
            st.link_button(
                plain(f"Result of round {shown.number}: {shown.question}"),
                f"/result?round={shown.uuid}",
                icon=":material/how_to_vote:",
            )


def _hour(instant: datetime) -> str:
    return f"{instant.hour % 12 or 12}:{instant:%M} {'am' if instant.hour < 12 else 'pm'}"
