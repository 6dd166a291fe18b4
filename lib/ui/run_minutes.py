"""The minutes on the console: lines to change and strike, drafting again, and the approval of both sides."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.meetings import MeetingDetail
from lib.queries.minutes import Minutes, MinutesLine, minutes_of, who_may_approve
from lib.queries.places import CityRow
from lib.rules.ballots import in_fours
from lib.rules.lifecycle import MeetingState, Side
from lib.rules.minutes import SECTIONS, MinuteKind
from lib.rules.rights import Actor
from lib.rules.text import STORY_LENGTH, clipped
from lib.services import minutes as writing
from lib.ui.minutes_parts import minutes_html
from lib.ui.parts import Column, meta, pill, table
from lib.ui.run_second import second_form
from lib.ui.run_telling import doing, said

_HEADINGS = dict(SECTIONS)
_SHORT = 110


def minutes_writing(person: Actor, detail: MeetingDetail, city: CityRow) -> None:
    """What stands in the minutes, and what can be done to it while they are not approved. Read fresh."""
    minutes = minutes_of(detail.meeting.id)
    if detail.meeting.state is MeetingState.MINUTED:
        st.html(pill("open", "Approved: nothing in these minutes changes any more", "verified"))
        st.html(minutes_html(minutes))
        st.link_button("As everybody reads them", f"/meetings?meeting={detail.meeting.uuid}")
        return
    about = {"actor": person, "meeting_id": detail.meeting.id}
    said("minutes")
    if minutes.lines:
        st.html(_lines_table(minutes, city))
        _change(about, minutes)
    if detail.meeting.state is MeetingState.CLOSED:
        st.button(
            "Draft what is missing",
            icon=":material/auto_fix_high:",
            key="draft_minutes",
            help="Adds what happened and is not noted yet. Struck lines stay struck, changed ones stay changed.",
            on_click=doing(
                writing.draft_minutes,
                arguments=about,
                done="Everything that happened is noted.",
                place="minutes",
            ),
        )
        _approve(person, about, minutes, city)


def _lines_table(minutes: Minutes, city: CityRow) -> str:
    zone = ZoneInfo(city.time_zone)
    rows = [
        (
            f"{line.noted_at.astimezone(zone):%H:%M}",
            _HEADINGS[line.kind] + (", struck" if line.is_struck else ""),
            line.text,
        )
        for line in minutes.lines
    ]
    return table("Lines in their order", [Column("At"), Column("What"), Column("Text")], rows)


def _change(about: Mapping[str, object], minutes: Minutes) -> None:
    """Other words or another place for one line, or strike it; decisions stand as their votes were published."""
    lines = {line.id: line for line in minutes.lines if line.kind is not MinuteKind.DECISION}
    if not lines:
        return
    chosen = st.selectbox("Change a line", list(lines), key="line_chosen", format_func=lambda key: _named(lines, key))
    line = lines[chosen]
    field = f"line_text_{line.id}"
    with st.form(f"line_{line.id}", border=False):
        st.text_area("Its words", line.text, key=field, max_chars=STORY_LENGTH, height=110)
        st.form_submit_button(
            "Change the words",
            on_click=doing(
                writing.change_minute,
                arguments=lambda: {**about, "minute_id": line.id, "text": st.session_state[field]},
                done="Changed. Whoever approved before approves again.",
                place="minutes",
            ),
        )
    order = st.container(horizontal=True)
    for is_up, label, glyph in ((True, "Move up", "arrow_upward"), (False, "Move down", "arrow_downward")):
        order.button(
            label,
            icon=f":material/{glyph}:",
            key=f"move_{is_up}_{line.id}",
            on_click=doing(
                writing.move_minute,
                arguments={**about, "minute_id": line.id, "is_up": is_up},
                done="Moved. Whoever approved before approves again.",
                place="minutes",
            ),
        )
    order.button(
        "Let it stand again" if line.is_struck else "Strike this line",
        icon=":material/undo:" if line.is_struck else ":material/strikethrough_s:",
        key=f"strike_{line.id}",
        on_click=doing(
            writing.strike_minute,
            arguments={**about, "minute_id": line.id, "is_struck": not line.is_struck},
            done="It stands again." if line.is_struck else "Struck. It can be taken back until both sides approve.",
            place="minutes",
        ),
    )


def _approve(person: Actor, about: Mapping[str, object], minutes: Minutes, city: CityRow) -> None:
    """Both facilitators on this screen, or one now and the other from their own."""
    st.subheader("Approve the minutes", anchor=False)
    zone = ZoneInfo(city.time_zone)
    for each in minutes.approvals:
        side = "" if each.side is Side.NEITHER else f", {each.side.value}"
        st.html(
            pill("open", f"{each.name}{side}: approved at {each.approved_at.astimezone(zone):%H:%M}", "check_circle")
        )
    st.text(f"{minutes.missing} With the last approval the minutes are public, and nothing in them changes any more.")
    st.html(meta(f"Fingerprint of this text: {in_fours(minutes.text_hash)}"))
    said("approve")
    text = {"meeting_id": about["meeting_id"], "text_hash": minutes.text_hash}
    second_form(
        "Approve together",
        writing.approve_minutes,
        person=person,
        key=f"approve_{about['meeting_id']}",
        arguments=text,
        done="Approved.",
        glyph="verified",
        place="approve",
        is_wide=True,
        among=who_may_approve(),
        after=lambda _is_done: st.cache_data.clear(),
    )
    if person.person_id not in {each.person_id for each in minutes.approvals}:
        st.button(
            "Approve for my side only, the other side follows later",
            key="approve_alone",
            icon=":material/check:",
            on_click=doing(
                writing.approve_minutes,
                arguments={"actor": person, **text},
                done="Your approval is kept as long as the text stays as it is.",
                place="approve",
                after=lambda _is_done: st.cache_data.clear(),
            ),
        )


def _named(lines: Mapping[int, MinutesLine], key: int) -> str:
    line = lines.get(key)
    return "–" if line is None else clipped(" ".join(line.text.split()), _SHORT)
