"""Maps on Home: a beat with the numbers of its goals, and the city with the beats that agreed on some."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from lib.queries.comparison import BeatCompared
from lib.queries.goals import GoalCard
from lib.queries.places import BeatRow
from lib.rules.text import counted
from lib.ui import goals_reads, reads
from lib.ui.beat_svg import Disc, beat_svg
from lib.ui.goals_parts import COLOURS, look_of
from lib.ui.home_parts import SHOWN
from lib.ui.links import feed_link, page_link
from lib.ui.parts import meta


def map_part(beat: BeatRow, goals: Sequence[GoalCard], today: date) -> None:
    """The beat with the numbers of its goals, and the same numbers as a list for narrow screens and readers."""
    st.header("On the map", anchor=False)
    numbered = tuple((number, goal.id, look_of(goal).kind) for number, goal in enumerate(goals[:SHOWN], 1))
    st.image(_beat_picture(beat.code, numbered, today), alt=_picture_in_words(beat, goals), width="stretch")
    if goals:
        names = "".join(f"<p>{number} {escape(goal.title)}</p>" for number, goal in enumerate(goals[:SHOWN], 1))
        st.html(f'<div class="cb-map-list">{names}</div>')
    page_link("Concerns on the map", "concerns", icon=":material/map:", beat=beat.code)
    feed_link(beat.code)


def city_map_part(compared: Sequence[BeatCompared], today: date) -> None:
    """All beats, those with agreed goals in blue; the table beside it names them."""
    st.header("Every beat", anchor=False)
    agreed = tuple(row.beat.code for row in compared if row.agreed)
    said = f"Goals are agreed in {counted(len(agreed), 'beat')} of {len(compared)}"
    st.image(_city_picture(agreed, today), alt=f"Map of all beats. {said}.", width="stretch")
    st.html(meta(f"{said} (blue). Choose yours above, or in the table."))
    page_link("How it works", "how")


@st.cache_data(ttl=300, show_spinner=False)
def _city_picture(agreed: tuple[str, ...], today: date) -> str:
    return beat_svg(
        beats=reads.drawn_beats(today),
        parks=reads.drawn_features("park"),
        fills=dict.fromkeys(agreed, "#A0CDF4"),
        width=400,
        height=560,
        title="All beats",
    )


@st.cache_data(ttl=60, show_spinner=False)
def _beat_picture(code: str, numbered: tuple[tuple[int, int, str], ...], today: date) -> str:
    places = goals_reads.goal_places(tuple(goal_id for _, goal_id, _ in numbered))
    discs = [
        Disc(number, places[goal_id].longitude, places[goal_id].latitude, COLOURS.get(kind, COLOURS["quiet"]))  # type: ignore[call-overload]
        for number, goal_id, kind in numbered
        if goal_id in places
    ]
    return beat_svg(
        beats=reads.drawn_beats(today),
        selected=(code,),
        parks=reads.drawn_features("park"),
        discs=discs,
        width=300,
        height=315,
        title=f"Beat {code}",
    )


def _picture_in_words(beat: BeatRow, goals: Sequence[GoalCard]) -> str:
    numbers = "; ".join(f"{number} {goal.title}" for number, goal in enumerate(goals[:SHOWN], 1))
    return f"Map of beat {beat.label} and the beats around it." + (f" Goals: {numbers}." if numbers else "")
