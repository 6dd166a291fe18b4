"""What the desk and the page of concerns ask about pressures, clocks, outcomes and what recurs, cached for a minute."""

from datetime import date, timedelta
from uuid import UUID

import streamlit as st

from lib import clock
from lib.queries import answer_clock, concern_outcome, pressures, recurring
from lib.queries.answer_clock import ClockRow
from lib.queries.concern_marks import ConcernMark, concern_marks
from lib.queries.concern_outcome import BeatOutcome
from lib.queries.recurring import RecurringOnBeat
from lib.rules.months import months_later
from lib.rules.shifts import Pressures, pressures_of
from lib.settings import settings

SECONDS, LONG = 60, 300


@st.cache_data(ttl=LONG, show_spinner=False, max_entries=128)
def recorded(beat_codes: tuple[str, ...], months: tuple[date, ...]) -> Pressures | None:
    """Recorded incidents of some beats by hour, weekday and shift; None without months."""
    return _found(pressures.incident_hours(beat_codes, months), months)


@st.cache_data(ttl=LONG, show_spinner=False, max_entries=128)
def raised(beat_codes: tuple[str, ...], months: tuple[date, ...]) -> Pressures | None:
    """Concerns of some beats by the hour and weekday on which they were raised; None without months."""
    return _found(pressures.concern_hours(beat_codes, months), months)


@st.cache_data(ttl=SECONDS, show_spinner=False, max_entries=128)
def clocks(beat_codes: tuple[str, ...]) -> tuple[ClockRow, ...]:
    """First-answer clocks of some beats, by category too."""
    return answer_clock.answer_clocks(now=clock.now(), beat_codes=beat_codes)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def clocks_by_beat() -> tuple[ClockRow, ...]:
    """First-answer clocks of the city and of each beat."""
    return answer_clock.answer_clocks(now=clock.now(), by_category=False)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def outcomes(today: date) -> dict[str, BeatOutcome]:
    """How the concerns of each beat ended, by the beat's code."""
    return {outcome.beat: outcome for outcome in concern_outcome.beat_outcomes(today=today)}


@st.cache_data(ttl=LONG, show_spinner=False, max_entries=64)
def recurring_on(beat_code: str) -> RecurringOnBeat:
    """Places and themes that recur on a beat."""
    return recurring.recurring_on(beat_code, now=clock.now())


@st.cache_data(ttl=15, show_spinner=False, max_entries=64)
def marks(concern_uuids: tuple[UUID, ...], today: date) -> dict[UUID, ConcernMark]:
    """What stands beside concerns in a list."""
    return concern_marks(concern_uuids, today=today)


def _found(grid: object, months: tuple[date, ...]) -> Pressures | None:
    if not months:
        return None
    last_on = months_later(months[-1], 1) - timedelta(days=1)
    return pressures_of(grid, first_on=months[0], last_on=last_on, shift_begins=settings().shift_begins)  # type: ignore[arg-type]
