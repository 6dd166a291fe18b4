"""What every page asks: the city, its beats and categories, cached for the process. ORM objects are never cached."""

from datetime import date
from typing import Any

import streamlit as st

from lib import clock
from lib.queries import places
from lib.queries.places import BeatRow, CategoryRow, CityRow


@st.cache_data(ttl=60, show_spinner=False)
def city() -> CityRow:
    """The city. Raises NotFound before it was named."""
    return places.city()


@st.cache_data(ttl=60, show_spinner=False)
def beats() -> tuple[BeatRow, ...]:
    """Every beat, by code."""
    return places.beats()


@st.cache_data(ttl=60, show_spinner=False)
def categories(language: str = "en") -> tuple[CategoryRow, ...]:
    """Every category in its order."""
    return places.categories(language)


@st.cache_data(ttl=300, show_spinner=False)
def drawn_beats(on: date) -> dict[str, Any]:
    """The outlines valid on a day, for drawing."""
    return places.drawn_beats(on)


@st.cache_data(ttl=300, show_spinner=False)
def drawn_features(kind: str) -> dict[str, Any]:
    """What is drawn under the beats: ground, waterline, park, school or precinct."""
    return places.drawn_features(kind)


def today() -> date:
    """The calendar date in the city."""
    return clock.today(city().time_zone)
