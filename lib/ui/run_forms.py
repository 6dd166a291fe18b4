"""The console's smaller forms: plan a meeting, change it, note a minute."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from lib.errors import Invalid
from lib.queries.meetings import MeetingDetail, MeetingRow
from lib.rules.minutes import MinuteKind
from lib.rules.rights import Actor
from lib.services import meeting_changes, meetings, minutes
from lib.ui import reads, voting_reads
from lib.ui.parts import plain
from lib.ui.run_telling import doing, said

ANEW = "run_anew"
"""Set where the whole page has to begin anew, not only the fragment that was pressed in."""

_PLANNED = "run_planned"
_WRITTEN = "%Y-%m-%d %H:%M"


def plan_meeting_form(person: Actor) -> None:
    """A new meeting: what, where, when, for which beats; then the way to it."""
    with st.form("plan_meeting", border=False):
        _meeting_fields("m", None)
        st.form_submit_button(
            "Plan the meeting",
            on_click=doing(
                meetings.plan_meeting,
                arguments=lambda: {"actor": person, **_meeting_typed("m")},
                done="The meeting is planned and shows on Home and Meetings.",
                place="plan_meeting",
                after=_planned,
            ),
        )
        said("plan_meeting")
    planned = st.session_state.get(_PLANNED)
    row = next((each for each in voting_reads.coming_meetings(None) if each.id == planned), None)
    if row is not None:
        st.link_button(plain(f"Go to “{row.title}”"), f"/run?meeting={row.uuid}", icon=":material/arrow_forward:")


def change_meeting_form(person: Actor, meeting: MeetingRow) -> None:
    """A planned meeting: its title, place, time and beats, and how it is cancelled."""
    stamp = f"c_{meeting.id}"
    with st.form(f"change_{meeting.id}", border=False):
        _meeting_fields(stamp, meeting)
        st.form_submit_button(
            "Keep the changes",
            on_click=doing(
                meeting_changes.change_meeting,
                arguments=lambda: {"actor": person, "meeting_id": meeting.id, **_meeting_typed(stamp)},
                done="Changed: Home, Meetings and the calendar show it like this.",
                place="change_meeting",
                after=lambda _nothing: st.cache_data.clear(),
            ),
        )
        said("change_meeting")
    _cancel(person, meeting)


def _cancel(person: Actor, meeting: MeetingRow) -> None:
    """In two presses."""
    asked = f"asked_cancel_{meeting.id}"
    said("cancel_meeting")
    if not st.session_state.get(asked):
        st.button(
            "Cancel this meeting",
            icon=":material/event_busy:",
            key=f"cancel_{meeting.id}",
            on_click=lambda: st.session_state.update({asked: True}),
        )
        return
    st.warning(
        "The meeting, its agenda, its prepared votes and its passes are removed; printed slips are good for nothing. "
        "This cannot be taken back.",
        icon=":material/warning:",
    )
    with st.container(horizontal=True):
        st.button("Keep it", key=f"cancel_not_{meeting.id}", on_click=lambda: st.session_state.pop(asked, None))
        st.button(
            "Yes, cancel the meeting",
            icon=":material/event_busy:",
            key=f"cancel_yes_{meeting.id}",
            on_click=doing(
                meeting_changes.cancel_meeting,
                arguments={"actor": person, "meeting_id": meeting.id},
                place="cancel_meeting",
                after=_cancelled,
            ),
        )


def minute_form(person: Actor, detail: MeetingDetail) -> None:
    """Note what was said or promised."""
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
        said("minute")


def _beat_label(code: str) -> str:
    return next((beat.label for beat in reads.beats() if beat.code == code), code)


def _meeting_fields(stamp: str, of: MeetingRow | None) -> None:
    """The fields of a meeting, empty or as they are kept."""
    zone = ZoneInfo(reads.city().time_zone)
    begins = of.starts_at.astimezone(zone).strftime(_WRITTEN) if of else ""
    minutes = int((of.ends_at - of.starts_at) / timedelta(minutes=1)) if of else 120
    st.text_input(
        "Title", of.title if of else "", key=f"{stamp}_title", max_chars=120, placeholder="Autumn meeting of beat K2"
    )
    st.text_input(
        "Place",
        of.place if of else "",
        key=f"{stamp}_place",
        max_chars=200,
        placeholder="Community Room, 105 Yesler Way",
    )
    st.text_input("How to get in, children, languages", of.access if of else "", key=f"{stamp}_access", max_chars=300)
    st.text_input("Name of the hall's Wi-Fi", of.wifi if of else "", key=f"{stamp}_wifi", max_chars=80)
    st.multiselect(
        "Beats",
        [beat.code for beat in reads.beats()],
        list(of.beat_codes) if of else None,
        key=f"{stamp}_beats",
        format_func=_beat_label,
    )
    left, right = st.columns(2)
    left.text_input(
        "Begins (year-month-day hour:minute)", begins, key=f"{stamp}_begins", placeholder="2027-01-14 18:30"
    )
    right.number_input("Minutes", min(15, minutes), max(600, minutes), minutes, step=15, key=f"{stamp}_minutes")


def _meeting_typed(stamp: str) -> dict[str, object]:
    """What the services of a meeting take, as it was typed. Raises Invalid."""
    typed = {name: st.session_state[f"{stamp}_{name}"] for name in ("title", "place", "access", "wifi")}
    try:
        begins = datetime.strptime(st.session_state[f"{stamp}_begins"].strip(), _WRITTEN)  # noqa: DTZ007
    except ValueError as cause:
        raise Invalid("Write when the meeting begins as 2027-01-14 18:30.", field=f"{stamp}_begins") from cause
    starts_at = begins.replace(tzinfo=ZoneInfo(reads.city().time_zone))
    return {
        **typed,
        "beat_codes": st.session_state[f"{stamp}_beats"],
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=int(st.session_state[f"{stamp}_minutes"])),
    }


def _planned(meeting_id: int) -> None:
    st.session_state[_PLANNED] = meeting_id
    st.cache_data.clear()


def _cancelled(_nothing: None) -> None:
    """The page begins anew with the meeting that comes next."""
    st.cache_data.clear()
    st.query_params.pop("meeting", None)
    st.session_state[ANEW] = True
