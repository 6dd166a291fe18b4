"""Minutes for reading: approved ones for everybody, as a page and as a PDF; drafts for those who write them."""

from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.meetings import MeetingDetail
from lib.queries.minutes import Minutes, differs_from_approved
from lib.queries.places import CityRow
from lib.rules.ballots import in_fours
from lib.rules.lifecycle import MeetingState
from lib.rules.minutes import MinuteKind, approval_words, in_sections
from lib.ui import voting_reads
from lib.ui.parts import card, meta, pill


def minutes_part(detail: MeetingDetail, city: CityRow, *, sees_drafts: bool) -> None:
    """The minutes of a meeting that has begun, as far as this visitor may read them."""
    meeting = detail.meeting
    if meeting.state is MeetingState.PLANNED:
        return
    with card("minutes", height="content"):
        st.header("Minutes", anchor=False)
        if meeting.state is MeetingState.MINUTED:
            minutes = voting_reads.minutes(meeting.id)
            differs = differs_from_approved(minutes, meeting)
            words = approval_words(
                [each.side for each in minutes.approvals], _day(meeting.minuted_at, city), differs=differs
            )
            st.html(pill("closed", words, "warning") if differs else pill("open", words, "verified"))
            st.html(minutes_html(minutes))
            with st.container(horizontal=True, vertical_alignment="center"):
                address = f"/meetings/{meeting.uuid}/minutes.pdf"
                st.link_button("Minutes as PDF, A4", address, icon=":material/picture_as_pdf:")
                st.link_button("Letter", f"{address}?paper=letter", icon=":material/picture_as_pdf:")
                of = "this" if differs else "the approved"
                st.html(meta(f"Fingerprint of {of} text: {in_fours(minutes.text_hash)}"))
        elif sees_drafts:
            minutes = voting_reads.minutes(meeting.id)
            st.html(pill("warn", "Draft. Only those who run meetings see it", "edit_note"))
            st.html(minutes_html(minutes) or meta("Nothing is noted yet."))
            st.link_button("Edit and approve", f"/run?meeting={meeting.uuid}", icon=":material/edit_note:")
        else:
            st.html(_not_yet(detail))


def minutes_html(minutes: Minutes) -> str:
    """The lines that stand, under their headings."""
    parts = []
    for heading, lines in in_sections((line.kind, line.text) for line in minutes.standing):
        items = "".join(f"<li>{escape(text)}</li>" for text in lines)
        parts.append(f'<h3>{heading}</h3><ul class="cb-minutes">{items}</ul>')
    return "".join(parts)


def _day(moment: datetime | None, city: CityRow) -> date | None:
    return moment.astimezone(ZoneInfo(city.time_zone)).date() if moment is not None else None


def _not_yet(detail: MeetingDetail) -> str:
    """What everybody may know before the minutes are approved: the decisions, which are published by themselves."""
    decisions = [minute.text for minute in detail.minutes if minute.kind is MinuteKind.DECISION]
    items = "".join(f"<li>{escape(text)}</li>" for text in decisions)
    decided = f'<h3>Decided</h3><ul class="cb-minutes">{items}</ul>' if decisions else ""
    return decided + meta("The minutes appear here once both sides have approved them.")
