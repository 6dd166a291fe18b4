"""Meetings for reading: when and where, and what is on the agenda."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.meetings import MeetingDetail, MeetingRow
from lib.queries.places import CityRow
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.months import day_and_hours, hour_in_words
from lib.ui import voting_reads
from lib.ui.parts import Column, card, empty_state, pill, plain, table


def when(starts_at: datetime, ends_at: datetime, city: CityRow) -> str:
    """Day and hours in the city's time zone, as people say them."""
    zone = ZoneInfo(city.time_zone)
    return day_and_hours(starts_at.astimezone(zone), ends_at.astimezone(zone))


def meeting_summary(meeting: MeetingRow, city: CityRow) -> None:
    """What somebody needs to come: day, place, access."""
    if meeting.state is MeetingState.OPEN:
        st.html(pill("open", "Open now", "sensors"))
    st.text(when(meeting.starts_at, meeting.ends_at, city))
    st.text(f"{meeting.place} · beat {meeting.beat_labels}")
    if meeting.access:
        st.caption(plain(meeting.access))


def meeting_actions(meeting: MeetingRow, *, reads_more: bool = True) -> None:
    """Add to the calendar where it still comes, read more, watch."""
    with st.container(horizontal=True):
        if meeting.state in (MeetingState.PLANNED, MeetingState.OPEN):
            st.download_button(
                "Add to calendar",
                voting_reads.calendar(meeting.uuid),
                file_name="meeting.ics",
                mime="text/calendar",
                icon=":material/event:",
                key=f"ics-{meeting.uuid}",
                on_click="ignore",
            )
        if reads_more:
            st.link_button("Read more", f"/meetings?meeting={meeting.uuid}")
        if meeting.state is MeetingState.OPEN:
            st.link_button("Live display", f"/live?meeting={meeting.uuid}", icon=":material/cast:")


def agenda_list(detail: MeetingDetail, city: CityRow) -> str:
    """The agenda with planned times."""
    zone = ZoneInfo(city.time_zone)
    rows = [
        (hour_in_words(step.starts_at.astimezone(zone)), step.title, f"{step.minutes} min") for step in detail.agenda
    ]
    return table("Agenda", [Column("Begins"), Column("Step"), Column("Time", True)], rows)


def result_links(detail: MeetingDetail) -> None:
    """The published rounds of the meeting."""
    for shown in detail.rounds:
        if shown.state is RoundState.PUBLISHED:
            st.link_button(
                plain(f"Result of round {shown.number}: {shown.question}"),
                f"/result?round={shown.uuid}",
                icon=":material/how_to_vote:",
            )


def following_meeting(detail: MeetingDetail, city: CityRow) -> None:
    """When the beat of a meeting that is over meets again, to take along."""
    codes = detail.meeting.beat_codes
    coming = voting_reads.coming_meetings(codes[0]) if codes else ()
    with card("following", height="content"):
        st.header("When we meet next", anchor=False)
        if not coming:
            empty_state("No meeting is planned", "The facilitators of this beat announce the next one here.")
            return
        meeting_summary(coming[0], city)
        meeting_actions(coming[0])
