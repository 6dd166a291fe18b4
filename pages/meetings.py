"""Meetings: which come, what happened since the last one, and the minutes of those that are over."""

import streamlit as st

from lib.rules.lifecycle import MeetingState
from lib.rules.rights import Right, may
from lib.ui import reads, voting_reads
from lib.ui.addresses import uuid_in_address
from lib.ui.goals_parts import dress
from lib.ui.meetings_parts import agenda_list, following_meeting, meeting_actions, meeting_summary, result_links
from lib.ui.minutes_parts import minutes_part
from lib.ui.parts import card, empty_state, page_title, plain
from lib.ui.session import actor, chosen_beat
from lib.ui.since_parts import since_part

dress()
city, beat, chosen = reads.city(), chosen_beat(), uuid_in_address("meeting")
if chosen is not None:
    detail = voting_reads.meeting_detail(chosen)
    is_over = detail.meeting.state in (MeetingState.CLOSED, MeetingState.MINUTED)
    page_title(detail.meeting.title)
    left, right = st.columns([1, 1])
    with left, card("when"):
        st.header("When and where", anchor=False)
        meeting_summary(detail.meeting, city)
        meeting_actions(detail.meeting, reads_more=False)
        result_links(detail)
    if is_over:
        with left:
            following_meeting(detail, city)
    with right, card("agenda"):
        st.header("What was on the agenda" if is_over else "What is on the agenda", anchor=False)
        if detail.agenda:
            st.html(agenda_list(detail, city))
        else:
            empty_state("No agenda yet", "The facilitators draft it from what is open in the beat.")
    minutes_part(detail, city, sees_drafts=may(actor(), Right.PLAN_MEETING))
    since = voting_reads.since(detail.meeting.beat_codes, detail.meeting.starts_at)
    if since is not None:
        with card("since", height="content"):
            since_part(since, city, detail.meeting.beat_codes[0], title="What had happened since the meeting before")
else:
    page_title(
        "Meetings", f"Beat {beat.label}" if beat else "Every beat. Choose yours on Home to see its meetings only."
    )
    code = beat.code if beat else None
    since = voting_reads.since((code,)) if code else None
    if since is not None:
        with card("since", height="content"):
            since_part(since, city, code)
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
