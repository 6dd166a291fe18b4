"""What the form of a measure asks about areas, cached for the process for a minute."""

from datetime import date

import streamlit as st

from lib.queries import measure_areas, outlines
from lib.queries.measure_areas import SimilarBeat
from lib.queries.outlines import NamedPlace
from lib.rules.goals import MeasureKind
from lib.rules.months import month_of, months_later


@st.cache_data(ttl=60, show_spinner=False)
def similar_beats(beat_ids: tuple[int, ...], kind: MeasureKind, category: str, today: date) -> tuple[SimilarBeat, ...]:
    """The beats whose months were most like those of these beats."""
    return measure_areas.similar_beats(beat_ids, kind, category, today=today)


@st.cache_data(ttl=60, show_spinner=False)
def named_places(beat_ids: tuple[int, ...], today: date) -> tuple[NamedPlace, ...]:
    """Parks and schools in these beats."""
    return outlines.named_places(beat_ids, on=today)


@st.cache_data(ttl=60, show_spinner=False)
def inside_in_a_year(outline: str, category: str, beat_ids: tuple[int, ...], today: date) -> dict[str, int]:
    """Incidents in each street cell of an outline in the last twelve months before the present one."""
    this_month = month_of(today)
    since = months_later(this_month, -12)
    return outlines.incidents_by_cell(outline, category, beat_ids, since=since, before=this_month)
