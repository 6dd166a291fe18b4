"""What the pages about concerns ask, cached for the process for a few seconds, and the figures they print."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from lib.queries import concerns, incidents, places
from lib.queries.concerns import ConcernFilter, ConcernRow, GoalGrown
from lib.queries.incidents import CategoryCount
from lib.queries.moderation import every_shown_photo, photo_address, shown_photos
from lib.queries.places import BeatRow
from lib.rules.concerns import STATUS_CHOICES, first_day
from lib.ui import reads

SECONDS = 15
DAYS_A_MONTH = 365.25 / 12
INCIDENT_MONTHS: Mapping[str, int | None] = {"30": 1, "90": 3, "365": 12, "all": None}
"""Complete months of recorded incidents that stand for a period."""


@dataclass(frozen=True)
class BeatFigures:
    """What is known of a beat in the period. Rates are by month, per 1,000 adults where said; None where the number of
    adults, or any recorded incident of the city, is missing."""

    beat: BeatRow
    concerns: int
    supports: int
    concerns_a_month: float
    concerns_per_adults: float | None
    incidents_a_month: float | None
    incidents_per_adults: float | None


@dataclass(frozen=True)
class Asked:
    """Which concerns are meant, in the words of the address, on a day in the city."""

    category: str | None
    period: str
    status: str
    today: date

    @property
    def filter(self) -> ConcernFilter:
        """What the questions take; days begin at midnight in the city."""
        first = first_day(self.period, self.today)
        zone = ZoneInfo(reads.city().time_zone)
        since = None if first is None else datetime.combine(first, time.min, zone)
        return ConcernFilter(self.category, since, None if self.status == "all" else STATUS_CHOICES[self.status])


@st.cache_data(ttl=SECONDS, show_spinner=False)
def counts(asked: Asked) -> pd.DataFrame:
    """Concerns by beat and category."""
    return concerns.concern_counts(asked.filter)


@st.cache_data(ttl=SECONDS, show_spinner=False, max_entries=64)
def located(asked: Asked) -> pd.DataFrame:
    """Where concerns lie: cell, category, beat."""
    return concerns.concerns_frame(asked.filter)


@st.cache_data(ttl=SECONDS, show_spinner=False, max_entries=64)
def listed(asked: Asked, beat_code: str | None, limit: int | None) -> tuple[ConcernRow, ...]:
    """Concerns in words, the newest first."""
    codes = None if beat_code is None else (beat_code,)
    return concerns.concern_list(asked.filter, beat_codes=codes, limit=limit)


@st.cache_data(ttl=SECONDS, show_spinner=False, max_entries=64)
def photos(concern_uuids: tuple[UUID, ...]) -> Mapping[UUID, tuple[UUID, ...]]:
    """The public photos of these concerns."""
    return shown_photos(concern_uuids)


def download(asked: Asked, beat_code: str | None) -> str:
    """The public rows as CSV, made when somebody asks for it."""
    addresses = {concern: tuple(map(photo_address, photos)) for concern, photos in every_shown_photo().items()}
    return concerns.as_csv(listed(asked, beat_code, None), reads.city().time_zone, addresses)


@st.cache_data(ttl=SECONDS, show_spinner=False)
def goals_grown(asked: Asked, beat_code: str | None) -> tuple[GoalGrown, ...]:
    """Goals that grew out of these concerns."""
    return concerns.goals_grown(asked.filter, beat_code)


def recorded_months(period: str, today: date) -> tuple[date, ...]:
    """The complete months of recorded incidents that stand for a period."""
    months = INCIDENT_MONTHS[period]
    return _every_month(today) if months is None else _every_month(today)[-months:]


@st.cache_data(ttl=60, show_spinner=False)
def _every_month(today: date) -> tuple[date, ...]:
    return incidents.recorded_months(today=today, months=None)


@st.cache_data(ttl=60, show_spinner=False)
def incidents_by_beat(months: tuple[date, ...], kind: str | None) -> dict[str, int]:
    """Recorded incidents by beat code."""
    return incidents.incidents_by_beat(months, kind)


@st.cache_data(ttl=60, show_spinner=False)
def incidents_by_category(beat_codes: tuple[str, ...] | None, months: tuple[date, ...]) -> tuple[CategoryCount, ...]:
    """Recorded incidents by the city's own category."""
    return incidents.incidents_by_category(beat_codes, months)


@st.cache_data(ttl=60, show_spinner=False)
def incident_kinds(today: date) -> tuple[str, ...]:
    """The city's own categories of recorded incidents, the most frequent first."""
    return tuple(each.category for each in incidents_by_category(None, recorded_months("all", today)))


@st.cache_data(ttl=60, show_spinner=False)
def adults() -> dict[str, int]:
    """Adults by beat code."""
    return places.adults_per_beat()


@st.cache_data(ttl=60, show_spinner=False)
def months_of(period: str, today: date) -> float:
    """How many months of reports a period holds; never less than one of 30 days, so that a young city's first reports
    are not blown up."""
    first_at = concerns.first_reported_at()
    first_report = today if first_at is None else first_at.astimezone(ZoneInfo(reads.city().time_zone)).date()
    first = max(first_day(period, today) or first_report, first_report)
    return max((today - first).days + 1, 30) / DAYS_A_MONTH


def beat_figures(asked: Asked, kind: str | None) -> tuple[BeatFigures, ...]:
    """Every beat's figures, by code; the same numbers stand on the map, in the sentence and in the tables."""
    counted = counts(asked).groupby("beat")[["concerns", "supports"]].sum()
    months, recorded = months_of(asked.period, asked.today), recorded_months(asked.period, asked.today)
    incidents_in, adults_in = incidents_by_beat(recorded, kind), adults()
    found = []
    for beat in reads.beats():
        number = int(counted["concerns"].get(beat.code, 0))
        rate = number / months
        incident_rate = incidents_in.get(beat.code, 0) / len(recorded) if recorded else None
        thousands = adults_in.get(beat.code, 0) / 1000
        found.append(
            BeatFigures(
                beat=beat,
                concerns=number,
                supports=int(counted["supports"].get(beat.code, 0)),
                concerns_a_month=rate,
                concerns_per_adults=rate / thousands if thousands else None,
                incidents_a_month=incident_rate,
                incidents_per_adults=incident_rate / thousands if thousands and incident_rate is not None else None,
            )
        )
    return tuple(found)


def forget() -> None:
    """Drop what was kept about concerns, after a write: the next run reads the new state."""
    for kept in (counts, located, listed, photos, goals_grown):
        kept.clear()
