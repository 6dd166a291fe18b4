"""Concerns on screen: the sentence, tables and the list in residents' own words. All text is escaped here."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from lib.queries.concern_marks import ConcernMark
from lib.queries.concerns import ConcernRow, GoalGrown
from lib.queries.places import BeatRow, CategoryRow
from lib.rules.concern_outcome import said_by
from lib.rules.concerns import frequency_words
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.rules.moderation import STATE_SENTENCES
from lib.rules.months import day_in_words, months_in_words
from lib.rules.rights import may_moderate
from lib.rules.states import words
from lib.rules.text import counted
from lib.ui import concerns_reads, pressure_reads, reads
from lib.ui.concerns_choice import COLOUR_LABELS, PERIOD_WORDS, Choice, Colour, address_of
from lib.ui.concerns_reads import Asked, BeatFigures
from lib.ui.concerns_told import Told, concerns_words, figure_of, small, status_heading, written
from lib.ui.desk_parts import wide
from lib.ui.parts import Column, Kind, Markup, bar, category_tile, icon, pill, table
from lib.ui.session import actor

SHOWN, STEP = "concerns_rows", 12

STATUS_PILLS: Mapping[ConcernStatus, Kind] = {
    ConcernStatus.NEW: "warn",
    ConcernStatus.ACKNOWLEDGED: "info",
    ConcernStatus.INVESTIGATING: "info",
    ConcernStatus.PLANNED: "info",
    ConcernStatus.IN_PROGRESS: "info",
    ConcernStatus.SOLVED: "open",
}


def sentence_markup(told: Told, where: str) -> None:
    """The sentence, beside the map on a wide screen and above it on a phone: one of the two is not displayed."""
    st.html(f'<p class="cb-say cn-{where}"><b>{escape(told.bold)}</b>{escape(told.rest)}</p>')


def category_table(counts: pd.DataFrame, categories: Sequence[CategoryRow], choice: Choice, caption: str) -> str:
    """The legend of the pins and the counts by category, the largest first."""
    sums = counts.groupby("category")[["concerns", "supports"]].sum()
    known = {category.key: category for category in categories}
    rows = [
        (known[key], int(row.concerns), int(row.supports))
        for key, row in sums.sort_values(["concerns", "supports"], ascending=False).iterrows()
        if key in known
    ]
    largest = max((number for _category, number, _supports in rows), default=1)
    return table(
        caption,
        [Column("Category"), Column("Share"), Column(status_heading(choice), True), Column("Me too", True)],
        [
            (_named(category), Markup(bar(number / largest, category.colour)), number, supports)
            for category, number, supports in rows
        ],
        total=("All", Markup(""), sum(row[1] for row in rows), sum(row[2] for row in rows)),
        hide_caption=True,
    )


def goals_note(grown: Sequence[GoalGrown], names: Mapping[str, str]) -> str:
    """What became of these concerns: the goals that grew out of them, as links."""
    lines = []
    for goal in grown[:3]:
        about = f" about {small(names[goal.category])}" if goal.category in names else ""
        became = "became part of" if goal.concerns == 1 else "became"
        link = f'<a href="/goal?id={goal.uuid}" target="_self">{escape(goal.title)}</a>'
        lines.append(f"{icon('flag')} {escape(counted(goal.concerns, 'concern') + about)} {became} the goal {link}.")
    return "".join(f'<p class="cn-goal">{line}</p>' for line in lines)


def jumps(total: int) -> str:
    """Where to read on further down the page."""
    return (
        f'<p class="cn-jumps"><a href="#read-all" target="_self">{icon("list")} Read all {total:,}</a>'
        f'<a href="#compare-beats" target="_self">{icon("table_chart")} Compare beats</a></p>'
    )


def own_words(asked: Asked, beat_code: str | None, *, total: int, back: str) -> None:
    """The concerns in words, some at a time, and all of them as a download."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("In residents’ own words", anchor="read-all", width="stretch")
        st.download_button(
            "Download (CSV)",
            lambda: concerns_reads.download(asked, beat_code),
            file_name="concerns.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    limit = int(st.session_state.setdefault(SHOWN, STEP))
    rows = concerns_reads.listed(asked, beat_code, limit)
    marks = pressure_reads.marks(tuple(row.uuid for row in rows), asked.today)
    photos = concerns_reads.photos(tuple(row.uuid for row in rows))
    st.html(concern_items(rows, reads.categories(), back, marks, photos=photos, is_moderator=may_moderate(actor())))
    if total > limit:
        more = {SHOWN: limit + 4 * STEP}
        st.button(f"Show more ({total - limit:,} left)", on_click=st.session_state.update, args=(more,))


def concern_items(
    rows: Sequence[ConcernRow],
    categories: Sequence[CategoryRow],
    back: str,
    marks: Mapping[UUID, ConcernMark] | None = None,
    *,
    photos: Mapping[UUID, Sequence[UUID]] = MappingProxyType({}),
    is_moderator: bool = False,
) -> str:
    """Concerns in words with their public photos, as a list; each open one with a link that says "me too", and with
    what is marked of it."""
    known = {category.key: category for category in categories}
    zone = ZoneInfo(reads.city().time_zone)
    items = "".join(
        _item(row, known, zone, back, (marks or {}).get(row.uuid), photos.get(row.uuid, ()), is_moderator)
        for row in rows
    )
    return f'<ul class="cn-list">{items}</ul>'


def beats_table(figures: Sequence[BeatFigures], chosen: BeatRow | None, choice: Choice, months: Sequence[date]) -> str:
    """Every beat with the numbers that the map shows; by code, never ranked."""
    head = [
        Column("Beat"),
        Column(concerns_words(choice), True),
        Column("Me too", True),
        *(Column(COLOUR_LABELS[colour], True) for colour in Colour),
    ]
    rows = [
        (
            _beat_link(each.beat, choice),
            each.concerns,
            each.supports,
            *(written(figure_of(each, colour)) for colour in Colour),
        )
        for each in figures
    ]
    at = next((place for place, each in enumerate(figures) if each.beat == chosen), None)
    incidents = f" Recorded incidents: {months_in_words(months)}." if months else ""
    caption = f"Reported {PERIOD_WORDS[choice.period]}. Places differ too much for a ranking.{incidents}"
    return f'<div class="cn-beats">{wide(table(caption, head, rows, chosen=at), "Beats side by side", 52)}</div>'


def _item(
    row: ConcernRow,
    known: Mapping[str, CategoryRow],
    zone: ZoneInfo,
    back: str,
    mark: ConcernMark | None,
    photos: Sequence[UUID],
    is_moderator: bool,
) -> str:
    category = known[row.category]
    local = row.reported_at.astimezone(zone).date()
    when = f"{local:%B %Y}" if row.is_erased else day_in_words(local)
    facts = " · ".join(part for part in (f"{row.beat}", when, frequency_words(row.frequency)) if part)
    said = f'<p class="cn-said">{escape(row.text)}</p>'
    if row.is_erased:
        said = '<p class="cn-said is-erased">Its reporter took the words back; it still counts.</p>'
    elif row.text_state in STATE_SENTENCES:
        said = f'<p class="cn-said is-erased">{STATE_SENTENCES[row.text_state]}</p>'
    answer = f'<p class="cn-answer"><b>{said_by(row.answer)}:</b> {escape(row.answer)}</p>' if row.answer else ""
    said += pictures(photos)
    state = pill(STATUS_PILLS.get(row.status, "quiet"), words(row.status).capitalize())
    decide = ""
    if is_moderator and not row.is_erased:
        decide = f'<p><a href="/moderation?concern={row.uuid}" target="_self">Moderate</a></p>'
    return (
        f'<li><div class="cn-head">{category_tile(category.icon, category.colour)}<b>{escape(category.name)}</b>{state}'
        f'<span class="cn-facts">{escape(facts)}</span></div>{said}{answer}{marked(mark)}{decide}{_me_too(row, back)}</li>'
    )


def marked(mark: ConcernMark | None) -> str:
    """Whom a concern was passed on to, what belongs to it, and what people say became of it, as lines."""
    if mark is None:
        return ""
    lines = []
    if mark.partner:
        number = f' <a href="tel:{escape(mark.phone.replace(" ", ""))}">{escape(mark.phone)}</a>' if mark.phone else ""
        lines.append(f"{icon('forward')} Passed on to <b>{escape(mark.partner)}</b>{number}")
    if mark.merged:
        lines.append(f"{icon('merge')} {escape(counted(mark.merged, 'other concern'))} merged into it")
    if mark.parts:
        lines.append(f"{icon('call_split')} {escape(counted(mark.parts, 'part'))} split from it")
    if mark.is_merged:
        lines.append(f"{icon('merge')} Goes on, and is counted, with another concern")
    if mark.is_part:
        lines.append(f"{icon('call_split')} Was a part of another concern")
    if mark.outcome is not None:
        lines.append(f"{icon('groups')} <b>Residents:</b> {escape(mark.outcome.sentence)}")
    return "".join(f'<p class="cn-facts cn-mark">{line}</p>' for line in lines)


def pictures(photos: Sequence[UUID]) -> str:
    """Public photos small, each of which opens large; "" without any."""
    items = "".join(
        f'<a href="/concerns/photos/{photo}.jpg" target="_blank"><img src="/concerns/photos/{photo}.jpg" '
        f'alt="Photo {number} of this concern, opened large in a new tab" loading="lazy"></a>'
        for number, photo in enumerate(photos, start=1)
    )
    return f'<p class="cn-photos">{items}</p>' if items else ""


def _me_too(row: ConcernRow, back: str) -> str:
    if row.status not in OPEN_CONCERN or row.is_erased:
        return (
            f'<p class="cn-facts">{escape(counted(row.supports, "device"))} said “me too”</p>' if row.supports else ""
        )
    number = f'<span class="cn-number">{row.supports:,}</span>' if row.supports else ""
    address = f"/me-too/{row.uuid}?{urlencode({'back': back})}"
    return (
        f'<p><a class="cn-metoo" href="{escape(address)}" target="_self">{icon("add_reaction")} Me too{number}</a></p>'
    )


def _named(category: CategoryRow) -> Markup:
    return Markup(
        f'<span class="cn-named">{category_tile(category.icon, category.colour)}{escape(category.name)}</span>'
    )


def _beat_link(beat: BeatRow, choice: Choice) -> Markup:
    address = address_of(choice, beat.code)
    return Markup(f'<a href="{escape(address)}" target="_self">{escape(beat.label)}</a>')
