"""The facilitator's console: the state in one line, the next step as the one big button, what the room sees."""

import streamlit as st

from lib.rules.lifecycle import MeetingState
from lib.rules.rights import Right
from lib.ui import live_reads, reads, run_forms, run_parts, voting_reads
from lib.ui.addresses import uuid_in_address
from lib.ui.parts import card, empty_state, page_title, plain
from lib.ui.session import acting_person

person = acting_person(Right.PLAN_MEETING)
chosen = uuid_in_address("meeting")
city = reads.city()


@st.fragment(run_every=2)
def console() -> None:
    """The running meeting. Read anew every two seconds, so that two consoles show the same."""
    detail = voting_reads.console_meeting(chosen)
    if detail is None:
        page_title("Run a meeting")
        empty_state("No meeting is planned", "Plan one below: title, place, time and its beats.")
        return
    shown = run_parts.present(detail)
    batches = voting_reads.batches(detail.meeting.id)
    snapshot = live_reads.snapshot(detail.meeting.uuid, None)
    page_title(
        run_parts.state_line(detail, shown, snapshot), f"{detail.meeting.title} · beat {detail.meeting.beat_labels}"
    )
    if shown is not None:
        st.html(run_parts.round_steps(shown))
    left, middle, right = st.columns([1, 1.48, 1])
    with left, card("next"):
        run_parts.next_card(person, detail, shown, run_parts.step_of(detail, batches))
    with middle, card("room"):
        st.header("The room sees now", anchor=False)
        st.html(run_parts.room_preview(snapshot, city))
        st.link_button("Open the live display", f"/live?meeting={detail.meeting.uuid}", icon=":material/cast:")
        st.html(run_parts.turnout_table(snapshot))
    with right, card("agenda"):
        st.header("Agenda", anchor=False)
        st.html(run_parts.agenda_table(detail.agenda, city))
        if batches:
            st.html(run_parts.batch_table(batches))


@st.fragment
def preparations() -> None:
    """What is prepared before and noted during the meeting."""
    detail = voting_reads.console_meeting(chosen)
    if detail is not None and detail.meeting.state in (MeetingState.PLANNED, MeetingState.OPEN):
        with st.expander("Prepare a vote", icon=":material/ballot:"):
            run_forms.plan_round_form(person, detail)
        with st.expander("Passes", icon=":material/confirmation_number:"):
            run_forms.mint_form(person, detail)
        with st.expander("Agenda: add a step", icon=":material/list:"):
            run_forms.agenda_form(person, detail)
    if detail is not None:
        with st.expander("Minutes: note something", icon=":material/edit_note:"):
            run_forms.minute_form(person, detail)
    with st.expander("Plan another meeting", icon=":material/event:"):
        run_forms.plan_meeting_form(person)


console()
preparations()
others = [each for each in voting_reads.coming_meetings(None) if each.uuid != chosen]
if others:
    st.header("Other meetings", anchor=False)
    for each in others:
        st.link_button(plain(f"{each.title} · {each.beat_labels}"), f"/run?meeting={each.uuid}")
