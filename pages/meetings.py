"""Meetings: which come, what was decided at past ones."""

import streamlit as st

from lib.ui import reads, voting_reads
from lib.ui.addresses import uuid_in_address
from lib.ui.meetings_parts import agenda_list, meeting_actions, meeting_summary, minutes_list, result_links
from lib.ui.parts import card, empty_state, page_title, plain
from lib.ui.session import chosen_beat

city, beat, chosen = reads.city(), chosen_beat(), uuid_in_address("meeting")
if chosen is not None:
    detail = voting_reads.meeting_detail(chosen)
    page_title(detail.meeting.title)
    left, right = st.columns([1, 1])
    with left, card("when"):
        st.header("When and where", anchor=False)
        meeting_summary(detail.meeting, city)
        meeting_actions(detail.meeting)
        result_links(detail)
    with right, card("agenda"):
        st.header("What is on the agenda", anchor=False)
        st.html(agenda_list(detail, city))
    if detail.minutes:
        with card("minutes", height="content"):
            minutes_list(detail)
else:
    page_title(
        "Meetings", f"Beat {beat.label}" if beat else "Every beat. Choose yours on Home to see its meetings only."
    )
    code = beat.code if beat else None
    st.header("Coming", anchor=False)
    coming = voting_reads.coming_meetings(code)
    if not coming:
        empty_state("No meeting is planned", "The facilitators of your beat announce the next one here.")
    for meeting in coming:
        with card(f"coming_{meeting.id}", height="content"):
            st.header(plain(meeting.title), anchor=False)
            meeting_summary(meeting, city)
            meeting_actions(meeting)
    st.header("Past", anchor=False)
    past = voting_reads.past_meetings(code)
    if not past:
        empty_state("No meeting was held yet", "Decisions and minutes of past meetings stay here.")
    for meeting in past:
        with card(f"past_{meeting.id}", height="content"):
            st.header(plain(meeting.title), anchor=False)
            meeting_summary(meeting, city)
            st.link_button("Decisions and minutes", f"/meetings?meeting={meeting.uuid}")
