"""Which address the room's QR codes carry, and the check with a phone before the meeting."""

from uuid import UUID

import streamlit as st

from lib.network import hall_address, is_of_this_machine, listens_to_the_hall, possible_addresses
from lib.queries import meetings
from lib.queries.meetings import MeetingRow
from lib.queries.room_address import PhoneCheckRow, phone_check
from lib.rules.rights import Actor
from lib.services.room_address import begin_phone_check, choose_room_address
from lib.ui import reads
from lib.ui.boundary import explained
from lib.ui.live_marks import clock_of, qr_image
from lib.ui.parts import plain
from lib.ui.run_telling import doing, said

OWN = "another address"


@st.fragment(run_every=2)
@explained()
def address_card(person: Actor, meeting_uuid: UUID) -> None:
    """The address in large, how to choose another one, and whether a phone has reached it. The meeting is read here and
    not by the page around, which is drawn less often."""
    meeting = meetings.meeting(meeting_uuid)
    st.text("Phones open this address. The QR codes of the display and of the slips carry it.")
    st.code(meeting.room_address, language=None)
    if not listens_to_the_hall() and meeting.room_address not in possible_addresses():
        st.warning(
            "Only this laptop can reach the product at the moment. Start it with “make run HOST=0.0.0.0”, so that "
            "the hall's phones can.",
            icon=":material/wifi_off:",
        )
    if meeting.address and not is_of_this_machine(meeting.address):
        st.warning(
            plain(
                f"{meeting.address} is none of this machine's own addresses, nor BASE_URL's. Whoever runs that machine "
                "sees the passes that phones bring there. Use it only if it leads here."
            ),
            icon=":material/gpp_maybe:",
        )
    _choice(person, meeting)
    _check(person, meeting, phone_check(meeting.id))


def _choice(person: Actor, meeting: MeetingRow) -> None:
    found = list(dict.fromkeys([meeting.room_address, hall_address(), *possible_addresses()]))
    st.selectbox("Address of this room", [*found, OWN], key="room_address")
    if st.session_state.get("room_address") == OWN:
        st.text_input("Another address", key="room_address_typed", placeholder="http://192.168.1.20:8501")
    st.button(
        "Use this address",
        icon=":material/lan:",
        on_click=doing(
            choose_room_address,
            arguments=lambda: {"actor": person, "meeting_id": meeting.id, "address": _wanted()},
            done="The QR codes carry this address from now on.",
            place="address",
        ),
    )
    said("address")


def _check(person: Actor, meeting: MeetingRow, last: PhoneCheckRow | None) -> None:
    st.subheader("Try it with my phone", anchor=False)
    st.button(
        "Show a code to scan",
        icon=":material/qr_code_2:",
        on_click=doing(
            begin_phone_check,
            arguments=lambda: {
                "actor": person,
                "meeting_id": meeting.id,
                "address": meetings.meeting(meeting.uuid).room_address,
            },
            place="phone_check",
        ),
    )
    said("phone_check")
    if last is None:
        return
    if last.address != meeting.room_address:
        st.text("The last check was for another address. Show a new code.")
    elif last.reached_at is None:
        st.html(
            f'<p><img alt="Code that opens {last.address}/try/{last.code}" width="220" '
            f'src="{qr_image(f"{last.address}/try/{last.code}")}"></p>'
        )
        st.text("Join the hall's Wi-Fi with a phone, then scan. This card says when the phone has arrived.")
    else:
        seen = clock_of(last.reached_at, reads.city())
        st.success(f"A phone reached this address at {seen}.", icon=":material/check_circle:")


def _wanted() -> str:
    chosen = str(st.session_state.get("room_address", ""))
    return str(st.session_state.get("room_address_typed", "")) if chosen == OWN else chosen
