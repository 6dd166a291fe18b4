"""Since last time: you said, we agreed, we did, we didn't. Each with its number and, where there is room, in words."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.places import CityRow
from lib.queries.since_last_time import SinceLastTime, Told
from lib.rules.months import day_in_words
from lib.rules.text import counted
from lib.ui.links import page_link
from lib.ui.parts import category_tile, icon

LISTED = 4
"""Lines of a kind that are shown at once."""


def figures(since: SinceLastTime) -> tuple[tuple[str, int], ...]:
    """The four numbers with their words, in their order."""
    return (
        ("You said", since.concerns),
        ("We agreed", len(since.agreed)),
        ("We did", len(since.did)),
        ("We didn’t", len(since.did_not)),
    )


def since_strip(since: SinceLastTime, city: CityRow) -> str:
    """The four numbers in one line."""
    items = "".join(
        f'<li class="{"is-late" if words == "We didn’t" and number else ""}">{words} <b>{number:,}</b></li>'
        for words, number in figures(since)
    )
    return f'<div class="cb-since"><p>Since {_day(since.meeting.starts_at, city)}</p><ul>{items}</ul></div>'


def since_part(since: SinceLastTime, city: CityRow, beat: str | None, *, title: str = "Since last time") -> None:
    """The four columns: the number, then what stands behind it."""
    st.header(title, anchor=False)
    st.html(
        f'<p class="cb-meta">From the meeting of {_day(since.meeting.starts_at, city)}, and what was agreed there, '
        f"to {_day(since.until, city)}.</p>"
    )
    columns = st.columns(4, gap="medium")
    with columns[0]:
        st.html(_head("You said", "campaign", counted(since.concerns, "new concern")) + _said(since))
        if since.concerns:
            page_link("Concerns", "concerns", **({"beat": beat} if beat else {}))
    for column, words, glyph, told, nothing in (
        (columns[1], "We agreed", "handshake", since.agreed, "No goal was adopted and no commitment taken on."),
        (columns[2], "We did", "check_circle", since.did, "Nothing was countersigned as kept, no goal achieved."),
        (columns[3], "We didn’t", "error", since.did_not, "Nothing is overdue, broken or left unanswered."),
    ):
        with column:
            st.html(_head(words, glyph, counted(len(told), "thing")) + _told(told, nothing))


def _head(words: str, glyph: str, number: str) -> str:
    kind = {"We did": "is-open", "We didn’t": "is-closed"}.get(words, "is-info")
    return f'<h3 class="cb-since-head {kind}">{icon(glyph)}{words}<small>{escape(number)}</small></h3>'


def _said(since: SinceLastTime) -> str:
    if not since.concerns:
        return '<p class="cb-since-none">No new concern was raised.</p>'
    by_category = "".join(
        f"<li>{category_tile(about.category, about.colour)}<span>{escape(about.name)} <b>{about.concerns:,}</b></span></li>"
        for about in since.said[:LISTED]
    )
    rest = sum(about.concerns for about in since.said[LISTED:])
    more = f"<li><span></span><span>and {rest:,} about other things</span></li>" if rest else ""
    most = "".join(
        f"<li><q>{escape(each.text)}</q><small>{counted(each.supports, 'supporter')}</small></li>"
        for each in since.most
        if each.supports
    )
    return f'<ul class="cb-since-said">{by_category}{more}</ul><ul class="cb-since-told">{most}</ul>'


def _told(told: Sequence[Told], nothing: str) -> str:
    if not told:
        return f'<p class="cb-since-none">{nothing}</p>'
    rows = [
        f'<li><a href="/goal?id={each.goal}" target="_self">{escape(each.title)}</a><small>{escape(each.note)}</small></li>'
        for each in told
    ]
    shown = f'<ul class="cb-since-told">{"".join(rows[:LISTED])}</ul>'
    if len(rows) <= LISTED:
        return shown
    rest = f'<ul class="cb-since-told">{"".join(rows[LISTED:])}</ul>'
    return f"{shown}<details><summary>and {len(rows) - LISTED} more</summary>{rest}</details>"


def _day(instant: datetime, city: CityRow) -> str:
    return day_in_words(instant.astimezone(ZoneInfo(city.time_zone)).date())
