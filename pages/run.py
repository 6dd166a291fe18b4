"""The facilitator's console: the state in one line, the next step as the one big button, what the room sees."""

import streamlit as st

from lib.rules.console import Step
from lib.rules.lifecycle import MeetingState
from lib.rules.rights import Right
from lib.ui import reads, run_forms, run_parts, run_reads, voting_reads
from lib.ui.addresses import uuid_in_address
from lib.ui.boundary import explained
from lib.ui.parts import card, empty_state, page_title, plain
from lib.ui.run_address import address_card
from lib.ui.run_agenda import agenda_card, agenda_forms
from lib.ui.run_contested import contested_card
from lib.ui.run_hands import hands_card
from lib.ui.run_keys import keys_list
from lib.ui.run_minutes import minutes_writing
from lib.ui.run_passes import passes_forms
from lib.ui.run_pin import pin_form
from lib.ui.run_room import room_part
from lib.ui.run_steps import next_card
from lib.ui.run_votes import votes_forms
from lib.ui.session import acting_person

person = acting_person(Right.PLAN_MEETING)
chosen = run_reads.kept_meeting(uuid_in_address("meeting"))
run_parts.style()


@st.fragment(run_every=2)
@explained(title="Run a meeting")
def console() -> None:
    """The running meeting. Read anew every two seconds, so that two consoles show the same."""
    of = run_reads.console(person, chosen)
    if of is None:
        page_title("Run a meeting")
        empty_state("No meeting is planned", "Plan one below: title, place, time and its beats.")
        return
    page_title(run_parts.state_line(of), f"{of.detail.meeting.title} · beat {of.detail.meeting.beat_labels}")
    if of.shown is not None and of.detail.meeting.state in (MeetingState.PLANNED, MeetingState.OPEN):
        st.html(run_parts.round_steps(of, of.shown))
    is_wide = of.may_run and of.step in (Step.RECONCILE, Step.COUNT_ROUND, Step.ROLL_DICE)
    left, middle, right = st.columns([1.6, 1.1, 0.9] if is_wide else [1, 1.48, 1])
    with left, card("next"):
        next_card(of)
    with middle, card("room"):
        run_parts.room_card(of)
    with right, card("agenda"):
        agenda_card(of)


@st.fragment(run_every=6)
@explained(is_said_elsewhere=True)
def preparations() -> None:
    """What is prepared before and noted during the meeting."""
    if st.session_state.pop(run_forms.ANEW, False):
        st.rerun()
    of = run_reads.console(person, chosen)
    if of is not None and of.detail.meeting.state in (MeetingState.PLANNED, MeetingState.OPEN):
        if of.may_run:
            with st.expander("Votes", icon=":material/ballot:"):
                votes_forms(of)
        with st.expander("Passes", icon=":material/confirmation_number:"):
            passes_forms(of)
        with st.expander("Agenda", icon=":material/list:"):
            agenda_forms(person, of.detail)
        with st.expander("The room's address, and a try with a phone", icon=":material/lan:"):
            address_card(person, of.detail.meeting.uuid)
        if of.detail.meeting.state is MeetingState.OPEN:
            with st.expander("Hands: what has become of our goals?", icon=":material/front_hand:"):
                hands_card(person, of.detail.meeting, reads.today())
        with st.expander("Contested goals: what is owed", icon=":material/balance:"):
            contested_card(person, of.detail.meeting, reads.today())
    if of is not None and of.detail.meeting.state is MeetingState.PLANNED:
        with st.expander("Change or cancel this meeting", icon=":material/edit_calendar:"):
            run_forms.change_meeting_form(person, of.detail.meeting)
    if of is not None:
        is_over = of.detail.meeting.state in (MeetingState.CLOSED, MeetingState.MINUTED)
        with st.expander("Minutes", icon=":material/edit_note:", expanded=is_over):
            minutes_writing(person, of.detail, of.city)
            if of.detail.meeting.state is not MeetingState.MINUTED:
                run_forms.minute_form(person, of.detail)
    with st.expander("Plan another meeting", icon=":material/event:"):
        run_forms.plan_meeting_form(person)
    with st.expander("Your PIN", icon=":material/pin:"):
        pin_form(person)
    with st.expander("Keys", icon=":material/keyboard:"):
        keys_list()


console()
preparations()
room_part(chosen)
others = [each for each in voting_reads.coming_meetings(None) if each.uuid != chosen]
if others:
    with st.expander("Other meetings", icon=":material/calendar_month:"):
        for each in others:
            st.link_button(plain(f"{each.title} · {each.beat_labels}"), f"/run?meeting={each.uuid}", type="tertiary")
