"""Minutes for reading: approved ones for everybody, as a page and as a PDF; drafts for those who write them."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from lib.printing.minutes import PrintedMinutes, minutes_pdf
from lib.printing.paper import Paper
from lib.queries.meetings import MeetingDetail
from lib.queries.minutes import Minutes
from lib.queries.places import CityRow
from lib.rules.ballots import short_hash
from lib.rules.lifecycle import MeetingState, Side
from lib.rules.minutes import MinuteKind, in_sections
from lib.rules.months import day_in_words
from lib.settings import settings
from lib.ui import reads, voting_reads
from lib.ui.meetings_parts import when
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
            st.html(pill("open", approved_sentence(minutes, meeting.minuted_at, city), "verified"))
            st.html(minutes_html(minutes))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.download_button(
                    "Minutes as PDF",
                    printed_minutes(detail, minutes, city),
                    file_name=f"minutes-{meeting.starts_at:%Y-%m-%d}.pdf",
                    mime="application/pdf",
                    icon=":material/picture_as_pdf:",
                    on_click="ignore",
                )
                st.html(meta(f"Fingerprint of the approved text: {in_fours(minutes.text_hash)}"))
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


def approved_sentence(minutes: Minutes, at: datetime | None, city: CityRow) -> str:
    """Who approved, by side, and when."""
    sides = {each.side for each in minutes.approvals}
    by = "both sides" if {Side.RESIDENTS, Side.OFFICERS} <= sides else "two people"
    day = f" on {day_in_words(at.astimezone(ZoneInfo(city.time_zone)).date())}" if at is not None else ""
    return f"Approved by {by}{day}"


def in_fours(digest: str) -> str:
    """A fingerprint as it is read out.

    >>> in_fours("acea0884305f77")
    'acea 0884 305f'
    """
    short = short_hash(digest)
    return " ".join(short[at : at + 4] for at in range(0, len(short), 4))


def printed_minutes(detail: MeetingDetail, minutes: Minutes, city: CityRow) -> bytes:
    """The PDF, drawn once per text."""
    meeting = detail.meeting
    return _pdf(
        PrintedMinutes(
            title=meeting.title,
            beats=meeting.beat_labels,
            city=reads.city().name,
            when=when(meeting.starts_at, meeting.ends_at, city),
            place=meeting.place,
            sections=in_sections((line.kind, line.text) for line in minutes.standing),
            approved=f"{approved_sentence(minutes, meeting.minuted_at, city)}.",
            fingerprint=in_fours(minutes.text_hash),
            address=f"{settings().address}/meetings?meeting={meeting.uuid}",
        )
    )


@st.cache_data(ttl=600, max_entries=32, show_spinner=False)
def _pdf(minutes: PrintedMinutes) -> bytes:
    return minutes_pdf(minutes, paper=Paper.A4)


def _not_yet(detail: MeetingDetail) -> str:
    """What everybody may know before the minutes are approved: the decisions, which are published by themselves."""
    decisions = [minute.text for minute in detail.minutes if minute.kind is MinuteKind.DECISION]
    items = "".join(f"<li>{escape(text)}</li>" for text in decisions)
    decided = f'<h3>Decided</h3><ul class="cb-minutes">{items}</ul>' if decisions else ""
    return decided + meta("The minutes appear here once both sides have approved them.")
