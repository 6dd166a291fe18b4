"""The finished picture of the concerns for one choice: drawn once, shown to everybody who chose the same.

A run of the page then only hands out what is ready. Everything in one picture was counted at one moment, so its numbers
agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from lib.queries.concerns import density
from lib.queries.places import BeatRow
from lib.rules.choropleth import class_breaks, class_of
from lib.rules.text import counted
from lib.ui import concerns_reads, maps, reads
from lib.ui.concerns_choice import Choice, Shown
from lib.ui.concerns_parts import beats_table, category_table, goals_note
from lib.ui.concerns_reads import SECONDS, Asked, BeatFigures
from lib.ui.concerns_told import Told, colour_words, concerns_words, figure_of, months_words, sentence
from lib.ui.session import choose_beat

ANYWHERE = 8
"""h3 resolution of the hexagons over the whole city (about 0.7 km²); over one beat they are a step finer."""


@dataclass(frozen=True)
class Picture:
    """What the page shows of a choice: the sentence and, as finished markup, tables, legend and goals ("" for none)."""

    total: int
    told: Told
    deck: maps.CompactDeck
    height: int
    legend: str
    categories: str
    goals: str
    beats: str


@st.cache_resource(ttl=SECONDS, show_spinner=False, max_entries=32)
def picture(choice: Choice, beat_code: str | None, today: date, is_small: bool) -> Picture:
    """The picture for a choice and a beat (None: the whole city), for a phone's or a wide screen."""
    asked = Asked(choice.category, choice.period, choice.status, today)
    beat = next((each for each in reads.beats() if each.code == beat_code), None)
    categories = reads.categories()
    names = {category.key: category.name for category in categories}
    counts = concerns_reads.counts(asked)
    here = counts if beat is None else counts[counts["beat"] == beat.code]
    figures = concerns_reads.beat_figures(asked, choice.kind)
    months = concerns_reads.recorded_months(choice.period, today)
    told = sentence(choice, beat, here, names, today)
    height = 430 if is_small else 500
    deck, legend = _map(
        choice, beat, figures, concerns_reads.located(asked), months, (360 if is_small else 860, height)
    )
    grown = concerns_reads.goals_grown(asked, beat_code)
    return Picture(
        total=int(here["concerns"].sum()),
        told=told,
        deck=deck,
        height=height,
        legend=legend,
        categories=category_table(here, categories, choice, told.plain),
        goals=goals_note(grown, names),
        beats=beats_table(figures, beat, choice, months),
    )


def forget() -> None:
    """Drop what was kept and drawn, after a write: the next run shows the new state."""
    concerns_reads.forget()
    picture.clear()


def map_part(shown: Picture) -> None:
    """The map with its legend. A click on a beat opens it."""
    maps.show_map(
        shown.deck,
        alt=f"Map. {shown.told.plain} The same numbers stand in the tables on this page; a beat is also chosen in the "
        "list.",
        key="concerns_map",
        height=shown.height,
        on_pick=choose_beat,
    )
    st.html(shown.legend)


def _map(
    choice: Choice,
    beat: BeatRow | None,
    figures: Sequence[BeatFigures],
    located: pd.DataFrame,
    months: Sequence[date],
    size: tuple[int, int],
) -> tuple[maps.CompactDeck, str]:
    """The map of so many pixels, and its legend."""
    is_points = choice.shown is Shown.POINTS
    values = {each.beat.code: figure_of(each, choice.colour) for each in figures}
    breaks = class_breaks(values.values()) if is_points else ()
    hexagons = None if is_points else _hexagons(located, ANYWHERE if beat is None else ANYWHERE + 1)
    outlines, around = reads.drawn_beats(reads.today()), maps.drawn_around()
    code = beat.code if beat else None
    deck = maps.beat_map(
        beats=outlines,
        classes={key: class_of(value, breaks) for key, value in values.items()} if is_points else {},
        selected=code,
        points=located if is_points else None,
        pins=maps.pins_of(reads.categories()),
        hexagons=hexagons,
        view=maps.view_of(outlines, code, width=size[0], height=size[1]),
        around=around,
        is_small=size[0] < 500,
    )
    marks = {kind: kind for kind in ("school", "park") if kind in around}
    credit = maps.CREDIT if around else ""
    if hexagons is not None:
        unit = f"{concerns_words(choice)} in a hexagon"
        steps = class_breaks(hexagons["concerns"])
        return deck, maps.legend(steps, unit, ramp=maps.RAMP_ALONE, marks=marks, credit=credit)
    unit = f"{colour_words(choice)}{months_words(choice, months)}"
    has_gaps = any(value is None for value in values.values())
    marks = {"dot": "concern in another beat" if beat else "concern"} | marks
    return deck, maps.legend(breaks, unit, marks=marks, has_gaps=has_gaps, credit=credit)


def _hexagons(located: pd.DataFrame, resolution: int) -> pd.DataFrame:
    cells = density(located, resolution)
    breaks = class_breaks(cells["concerns"])
    steps = [class_of(number, breaks) or 0 for number in cells["concerns"]]
    return cells.assign(step=steps, label=[counted(int(number), "concern") for number in cells["concerns"]])
