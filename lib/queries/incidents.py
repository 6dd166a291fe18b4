"""Questions about recorded incidents for maps and desks, answered from the monthly counts, never row by row."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lib.model import Beat, IncidentMonth
from lib.queries.monthly import recorded_span
from lib.rules.months import complete_months
from lib.storage.transaction import reading


@dataclass(frozen=True)
class CategoryCount:
    """Recorded incidents of the city's own category over some months."""

    category: str
    incidents: int


def recorded_months(*, today: date, months: int | None) -> tuple[date, ...]:
    """The last complete months that recorded incidents cover, at most `months` of them (None: all), oldest first; empty
    before the first import. Five statements."""
    span = recorded_span(today=today)
    covered = () if span is None else complete_months(span.first_on, span.last_on)
    return covered if months is None else covered[-months:]


def incidents_by_beat(months: Collection[date], category: str | None = None) -> dict[str, int]:
    """Recorded incidents in these months by beat code, of one category or of all; beats without any are absent. One
    statement, none without months."""
    if not months:
        return {}
    question = (
        select(Beat.code, func.sum(IncidentMonth.incidents))
        .join(Beat, Beat.id == IncidentMonth.beat_id)
        .where(IncidentMonth.month >= min(months), IncidentMonth.month <= max(months))
        .group_by(Beat.code)
    )
    if category is not None:
        question = question.where(IncidentMonth.category == category)
    with reading() as db:
        return {code: int(incidents) for code, incidents in db.execute(question)}


def incidents_by_category(beat_codes: Collection[str] | None, months: Collection[date]) -> tuple[CategoryCount, ...]:
    """Recorded incidents in these months by the city's own category, the most frequent first; of these beats, or of all
    (None). One statement, none without months."""
    if not months:
        return ()
    incidents = func.sum(IncidentMonth.incidents)
    question = (
        select(IncidentMonth.category, incidents)
        .where(IncidentMonth.month >= min(months), IncidentMonth.month <= max(months))
        .group_by(IncidentMonth.category)
        .order_by(incidents.desc(), IncidentMonth.category)
    )
    if beat_codes is not None:
        question = question.join(Beat, Beat.id == IncidentMonth.beat_id).where(Beat.code.in_(beat_codes))
    with reading() as db:
        return tuple(CategoryCount(category, int(number)) for category, number in db.execute(question))
