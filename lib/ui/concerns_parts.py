"""Concerns on screen: a sentence, a map, tables and a list that say the same numbers. All text is escaped here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from lib.queries.concerns import ConcernRow, GoalGrown, density
from lib.queries.places import BeatRow, CategoryRow
from lib.rules.choropleth import class_breaks, class_of
from lib.rules.concerns import frequency_words, leading
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus, words
from lib.rules.months import day_in_words, months_in_words
from lib.rules.text import NO_BREAK, counted, listed
from lib.ui import maps, reads
from lib.ui.concerns_choice import COLOUR_LABELS, PERIOD_WORDS, Choice, Colour, Shown
from lib.ui.concerns_reads import BeatFigures
from lib.ui.desk_parts import wide
from lib.ui.parts import Column, Kind, Markup, bar, category_tile, icon, pill, table
from lib.ui.session import choose_beat

ANYWHERE = 8
"""h3 resolution of the hexagons over the whole city (about 0.7 km²); over one beat they are a step finer."""

ADDRESS = "/concerns"

STATUS_PILLS: Mapping[ConcernStatus, Kind] = {
    ConcernStatus.NEW: "warn",
    ConcernStatus.ACKNOWLEDGED: "info",
    ConcernStatus.INVESTIGATING: "info",
    ConcernStatus.PLANNED: "info",
    ConcernStatus.IN_PROGRESS: "info",
    ConcernStatus.SOLVED: "open",
}


@dataclass(frozen=True)
class Told:
    """What the page says in a sentence: the part in bold, and the rest."""

    bold: str
    rest: str

    @property
    def plain(self) -> str:
        return f"{self.bold}{self.rest}"


def sentence(choice: Choice, beat: BeatRow | None, counts: pd.DataFrame, names: Mapping[str, str], today: date) -> Told:
    """How many concerns, what most are about, how long the oldest has waited for an answer. `counts` is of the place."""
    place = f"in {beat.label if beat else reads.city().name}"
    total = int(counts["concerns"].sum())
    about = f" about {_small(names[choice.category])}" if choice.category else ""
    bold = f"{total:,} {'concern' if total == 1 else 'concerns'}" if total else "No concern"
    if choice.status in ("open", "closed"):
        bold = bold.replace("concern", f"{choice.status} concern", 1)
    elif choice.status != "all":
        about += f" with the status “{choice.status.replace('_', ' ')}”"
    rest = f"{about} {place} {PERIOD_WORDS[choice.period]}."
    most = (
        leading({str(key): int(number) for key, number in counts.groupby("category")["concerns"].sum().items()})
        if choice.category is None
        else ()
    )
    parts = [f"most are about {listed([_small(names[key]) for key in most])}"] if most and total > 2 else []
    waiting = counts["waiting_since"].min() if total else None
    if waiting is not None and not pd.isna(waiting):
        days = max(0, (today - waiting.astimezone(ZoneInfo(reads.city().time_zone)).date()).days)
        one = "it" if total == 1 else "the oldest"
        parts.append(
            f"{one} has waited {counted(days, 'day').replace(' ', NO_BREAK)} for an answer"
            if days
            else f"{one} came in today"
        )
    elif total and choice.status == "open":
        parts.append("it has an answer" if total == 1 else "all have an answer")
    joined = "; ".join(parts)
    return Told(bold, f"{rest} {joined[:1].upper()}{joined[1:]}." if joined else rest)


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
        [Column("Category"), Column("Share"), Column(_status_heading(choice), True), Column("Me too", True)],
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
        about = f" about {_small(names[goal.category])}" if goal.category in names else ""
        became = "became part of" if goal.concerns == 1 else "became"
        link = f'<a href="/goal?id={goal.uuid}" target="_self">{escape(goal.title)}</a>'
        lines.append(f"{icon('flag')} {escape(counted(goal.concerns, 'concern') + about)} {became} the goal {link}.")
    return "".join(f'<p class="cn-goal">{line}</p>' for line in lines)


def map_part(
    choice: Choice,
    beat: BeatRow | None,
    *,
    figures: Sequence[BeatFigures],
    located: pd.DataFrame,
    told: Told,
    months: Sequence[date],
    today: date,
) -> None:
    """The map with its legend. A click on a beat opens it."""
    is_small = maps.is_phone()
    height = 430 if is_small else 560
    is_points = choice.shown is Shown.POINTS
    values = {each.beat.code: figure_of(each, choice.colour) for each in figures}
    breaks = class_breaks(values.values()) if is_points else ()
    outlines = reads.drawn_beats(today)
    hexagons = None if is_points else _hexagons(located, ANYWHERE if beat is None else ANYWHERE + 1)
    code = beat.code if beat else None
    around = maps.drawn_around()
    deck = maps.beat_map(
        beats=outlines,
        classes={key: class_of(value, breaks) for key, value in values.items()} if is_points else {},
        selected=code,
        points=located if is_points else None,
        pins=maps.pins_of(reads.categories()),
        hexagons=hexagons,
        view=maps.view_of(outlines, code, width=360 if is_small else 860, height=height),
        around=around,
        is_small=is_small,
    )
    maps.show_map(
        deck,
        alt=f"Map. {told.plain} The same numbers stand in the tables on this page; a beat is also chosen in the list.",
        key="concerns_map",
        height=height,
        on_pick=choose_beat,
    )
    marks = {kind: kind for kind in ("school", "park") if kind in around}
    if is_points:
        unit = f"{_colour_words(choice)}{_months_words(choice, months)}"
        has_gaps = any(value is None for value in values.values())
        marks = {"dot": "concern in another beat" if beat else "concern"} | marks
        st.html(maps.legend(breaks, unit, marks=marks, has_gaps=has_gaps, credit=maps.CREDIT if around else ""))
    elif hexagons is not None:
        steps = class_breaks(hexagons["concerns"])
        unit = f"{_concerns_words(choice)} in a hexagon"
        credit = maps.CREDIT if around else ""
        st.html(maps.legend(steps, unit, ramp=maps.RAMP_ALONE, marks=marks, credit=credit))


def concern_items(rows: Sequence[ConcernRow], categories: Sequence[CategoryRow], back: str) -> str:
    """Concerns in words, as a list; each open one with a link that says "me too"."""
    known = {category.key: category for category in categories}
    zone = ZoneInfo(reads.city().time_zone)
    return f'<ul class="cn-list">{"".join(_item(row, known, zone, back) for row in rows)}</ul>'


def beats_table(figures: Sequence[BeatFigures], chosen: BeatRow | None, choice: Choice, months: Sequence[date]) -> str:
    """Every beat with the numbers that the map shows; by code, never ranked."""
    head = [
        Column("Beat"),
        Column(_concerns_words(choice), True),
        Column("Me too", True),
        *(Column(COLOUR_LABELS[colour], True) for colour in Colour),
    ]
    rows = [
        (
            _beat_link(each.beat),
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


def figure_of(figures: BeatFigures, colour: Colour) -> float | None:
    """The figure that the colour of a beat stands for."""
    return {
        Colour.CONCERNS: figures.concerns_a_month,
        Colour.CONCERNS_PER_ADULTS: figures.concerns_per_adults,
        Colour.INCIDENTS: figures.incidents_a_month,
        Colour.INCIDENTS_PER_ADULTS: figures.incidents_per_adults,
    }[colour]


def written(figure: float | None) -> str | None:
    """A rate with as many places as it bears; None stays None.

    >>> [written(figure) for figure in (None, 0.0, 0.044, 0.999, 3.21, 12.34, 1250.4)]
    [None, '0', '0.04', '1.0', '3.2', '12', '1,250']
    """
    if not figure:
        return None if figure is None else "0"
    return f"{figure:,.{2 if figure < 0.995 else 1 if figure < 9.95 else 0}f}"


def _hexagons(located: pd.DataFrame, resolution: int) -> pd.DataFrame:
    cells = density(located, resolution)
    breaks = class_breaks(cells["concerns"])
    steps = [class_of(number, breaks) or 0 for number in cells["concerns"]]
    return cells.assign(step=steps, label=[counted(int(number), "concern") for number in cells["concerns"]])


def _colour_words(choice: Choice) -> str:
    label = COLOUR_LABELS[choice.colour]
    if choice.colour.counts_incidents:
        return f"{label}{f' ({choice.kind})' if choice.kind else ''}"
    return label if choice.status == "all" else f"{_status_heading(choice)} {_small(label)}"


def _concerns_words(choice: Choice) -> str:
    return "Concerns" if choice.status == "all" else f"{_status_heading(choice)} concerns"


def _months_words(choice: Choice, months: Sequence[date]) -> str:
    if not choice.colour.counts_incidents:
        return ""
    return f", {months_in_words(months)}" if months else ": none was imported yet"


def _status_heading(choice: Choice) -> str:
    return "All" if choice.status == "all" else choice.status.replace("_", " ").capitalize()


def _item(row: ConcernRow, known: Mapping[str, CategoryRow], zone: ZoneInfo, back: str) -> str:
    category = known[row.category]
    local = row.reported_at.astimezone(zone).date()
    when = f"{local:%B %Y}" if row.is_erased else day_in_words(local)
    facts = " · ".join(part for part in (f"{row.beat}", when, frequency_words(row.frequency)) if part)
    said = f'<p class="cn-said">{escape(row.text)}</p>'
    if row.is_erased:
        said = '<p class="cn-said is-erased">Its reporter took the words back; it still counts.</p>'
    answer = f'<p class="cn-answer"><b>Officers:</b> {escape(row.answer)}</p>' if row.answer else ""
    state = pill(STATUS_PILLS.get(row.status, "quiet"), words(row.status).capitalize())
    return (
        f'<li><div class="cn-head">{category_tile(category.icon, category.colour)}<b>{escape(category.name)}</b>{state}'
        f'<span class="cn-facts">{escape(facts)}</span></div>{said}{answer}{_me_too(row, back)}</li>'
    )


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


def _beat_link(beat: BeatRow) -> Markup:
    params = {name: st.query_params[name] for name in st.query_params if name != "beat"}
    address = f"{ADDRESS}?{urlencode({'beat': beat.code} | params)}"
    return Markup(f'<a href="{escape(address)}" target="_self">{escape(beat.label)}</a>')


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def address_here() -> str:
    """This page's own address with everything that was chosen, for a link that leads back."""
    params = {name: st.query_params[name] for name in st.query_params}
    return ADDRESS + (f"?{urlencode(params)}" if params else "")
