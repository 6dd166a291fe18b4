"""The console's smaller forms: plan a meeting, note a minute."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from lib.errors import Invalid
from lib.queries.meetings import MeetingDetail
from lib.rules.minutes import MinuteKind
from lib.rules.rights import Actor
from lib.services import meetings, minutes
from lib.ui import reads
from lib.ui.run_telling import doing, said


def plan_meeting_form(person: Actor) -> None:
    """A new meeting: what, where, when, for which beats."""
    said("plan_meeting")
    with st.form("plan_meeting", border=False):
        st.text_input("Title", key="m_title", max_chars=120, placeholder="Autumn meeting of beat K2")
        st.text_input("Place", key="m_place", max_chars=200, placeholder="Community Room, 105 Yesler Way")
        st.text_input("How to get in, children, languages", key="m_access", max_chars=300)
        st.text_input("Name of the hall's Wi-Fi", key="m_wifi", max_chars=80)
        st.multiselect("Beats", [beat.code for beat in reads.beats()], key="m_beats", format_func=_beat_label)
        left, right = st.columns(2)
        left.text_input("Begins (year-month-day hour:minute)", key="m_begins", placeholder="2027-01-14 18:30")
        right.number_input("Minutes", 15, 600, 120, step=15, key="m_minutes")
        st.form_submit_button(
            "Plan the meeting",
            on_click=doing(
                meetings.plan_meeting,
                arguments=lambda: _meeting_arguments(person),
                done="The meeting is planned and shows on Home and Meetings.",
                place="plan_meeting",
                after=lambda _id: st.cache_data.clear(),
            ),
        )


def minute_form(person: Actor, detail: MeetingDetail) -> None:
    """Note what was said or promised."""
    said("minute")
    with st.form("minute", border=False, clear_on_submit=True):
        st.selectbox(
            "Kind",
            [MinuteKind.NOTE, MinuteKind.PROMISE],
            key="n_kind",
            format_func=lambda kind: kind.value.capitalize(),
        )
        st.text_area("What was said or promised", key="n_text", max_chars=2000)
        st.form_submit_button(
            "Note it",
            on_click=doing(
                minutes.note_minute,
                arguments=lambda: {
                    "actor": person,
                    "meeting_id": detail.meeting.id,
                    "text": st.session_state["n_text"],
                    "kind": st.session_state["n_kind"],
                },
                done="Noted.",
                place="minute",
            ),
        )


def _beat_label(code: str) -> str:
    return next((beat.label for beat in reads.beats() if beat.code == code), code)


def _meeting_arguments(person: Actor) -> dict[str, object]:
    try:
        begins = datetime.strptime(st.session_state["m_begins"].strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007
    except ValueError as cause:
        raise Invalid("Write when the meeting begins as 2027-01-14 18:30.", field="m_begins") from cause
    starts_at = begins.replace(tzinfo=ZoneInfo(reads.city().time_zone))
    return {
        "actor": person,
        "title": st.session_state["m_title"],
        "place": st.session_state["m_place"],
        "access": st.session_state["m_access"],
        "wifi": st.session_state["m_wifi"],
        "beat_codes": st.session_state["m_beats"],
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=int(st.session_state["m_minutes"])),
    }
