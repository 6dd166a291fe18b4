"""Questions about events per month: recorded incidents and concerns, complete months only, zeros filled in."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.model import Category, Concern, Incident, IncidentMonth
from lib.queries.places import city
from lib.rules.goals import MeasureKind
from lib.rules.months import complete_months, month_of, months_later
from lib.rules.windows import monthly_series
from lib.storage.transaction import reading

NEARLY_WHOLE_DAYS = 3
"""A source that begins in the first, or ends in the last, three days of a month covers it: quiet days leave no row."""


@dataclass(frozen=True)
class Counted:
    """What is counted: incidents of the city's own category, or concerns of a category's key, in some beats."""

    kind: MeasureKind
    category: str
    beat_ids: frozenset[int]


@dataclass(frozen=True)
class Span:
    """The days that a source covers, nearly whole months made whole (see `NEARLY_WHOLE_DAYS`)."""

    first_on: date
    last_on: date


def monthly_events(wanted: Collection[Counted], *, since: date, today: date) -> dict[Counted, dict[date, int]]:
    """Events per complete month from the month of `since` on, oldest first; empty where no complete month is covered.

    At most nine statements, however much is wanted: six for incidents, three for concerns; none for what is not asked.
    """
    with reading() as db:
        incidents = [each for each in wanted if each.kind is MeasureKind.INCIDENTS]
        concerns = [each for each in wanted if each.kind is MeasureKind.CONCERNS]
        return _incidents(db, incidents, month_of(since), today) | _concerns(db, concerns, month_of(since), today)


def incident_categories(beat_ids: Collection[int]) -> tuple[str, ...]:
    """The city's own words for the incidents recorded in these beats, the most frequent first. One statement."""
    with reading() as db:
        return tuple(
            db.scalars(
                select(IncidentMonth.category)
                .where(IncidentMonth.beat_id.in_(beat_ids))
                .group_by(IncidentMonth.category)
                .order_by(func.sum(IncidentMonth.incidents).desc(), IncidentMonth.category)
            )
        )


def recorded_span(*, today: date) -> Span | None:
    """The days covered by recorded incidents, over the whole city; None before the first import. Five statements.

    A source that dates by month only (everything on a 1st) covers its last month whole.
    """
    with reading() as db:
        return _recorded_span(db, today)


def _incidents(db: Session, wanted: Collection[Counted], since: date, today: date) -> dict[Counted, dict[date, int]]:
    span = _recorded_span(db, today) if wanted else None
    if span is None:
        return {each: {} for each in wanted}
    rows = db.execute(
        select(IncidentMonth.beat_id, IncidentMonth.category, IncidentMonth.month, IncidentMonth.incidents).where(
            IncidentMonth.beat_id.in_(frozenset().union(*(each.beat_ids for each in wanted))),
            IncidentMonth.category.in_({each.category for each in wanted}),
            IncidentMonth.month >= since,
        )
    )
    recorded: dict[tuple[int, str], list[tuple[date, int]]] = defaultdict(list)
    for beat_id, category, month, incidents in rows:
        recorded[beat_id, category].append((month, incidents))
    months = complete_months(max(span.first_on, since), span.last_on)
    series = {}
    for each in wanted:
        counts = dict.fromkeys(months, 0)
        for beat_id in each.beat_ids:
            for month, incidents in recorded.get((beat_id, each.category), ()):
                if month in counts:
                    counts[month] += incidents
        series[each] = counts
    return series


def _concerns(db: Session, wanted: Collection[Counted], since: date, today: date) -> dict[Counted, dict[date, int]]:
    first_at = db.scalar(select(func.min(Concern.reported_at))) if wanted else None
    if first_at is None:
        return {each: {} for each in wanted}
    zone = ZoneInfo(city().time_zone)
    since = max(_first_day(first_at.astimezone(zone).date()), since)
    rows = db.execute(
        select(Concern.beat_id, Category.key, Concern.reported_at)
        .join(Category, Category.id == Concern.category_id)
        .where(
            Concern.beat_id.in_(frozenset().union(*(each.beat_ids for each in wanted))),
            Category.key.in_({each.category for each in wanted}),
            Concern.reported_at >= datetime(since.year, since.month, since.day, tzinfo=zone),
        )
    ).all()
    series = {}
    for each in wanted:
        counts: dict[date, int] = {}
        for beat_id, category, reported_at in rows:
            if category == each.category and beat_id in each.beat_ids:
                month = month_of(reported_at.astimezone(zone).date())
                counts[month] = counts.get(month, 0) + 1
        series[each] = monthly_series(counts, since, today - timedelta(days=1))
    return series


def _recorded_span(db: Session, today: date) -> Span | None:
    first_month = db.scalar(select(func.min(IncidentMonth.month)))
    last_month = db.scalar(select(func.max(IncidentMonth.month)))
    if first_month is None or last_month is None:
        return None
    month_before = months_later(last_month, -1)
    first_on = _earliest_day(db, first_month) or first_month
    last_on = _latest_day(db, last_month) or last_month
    before_on = _latest_day(db, month_before)
    dates_months_only = last_on == last_month and before_on == month_before
    next_month = months_later(last_month, 1)
    is_whole = dates_months_only or (next_month - last_on).days <= NEARLY_WHOLE_DAYS
    last_whole = next_month - timedelta(days=1) if is_whole else last_on
    return Span(_first_day(first_on), min(last_whole, today - timedelta(days=1)))


def _latest_day(db: Session, month: date) -> date | None:
    """The last day of a month with an incident: one index look-up per beat and category instead of reading all."""
    each = (
        select(func.max(Incident.occurred_on))
        .where(
            Incident.beat_id == IncidentMonth.beat_id,
            Incident.category == IncidentMonth.category,
            Incident.occurred_on < months_later(month, 1),
        )
        .scalar_subquery()
    )
    return db.scalar(select(func.max(each)).where(IncidentMonth.month == month))


def _earliest_day(db: Session, month: date) -> date | None:
    """The first day of a month with an incident, as `_latest_day`."""
    each = (
        select(func.min(Incident.occurred_on))
        .where(
            Incident.beat_id == IncidentMonth.beat_id,
            Incident.category == IncidentMonth.category,
            Incident.occurred_on >= month,
        )
        .scalar_subquery()
    )
    return db.scalar(select(func.min(each)).where(IncidentMonth.month == month))


def _first_day(day: date) -> date:
    return month_of(day) if day.day <= NEARLY_WHOLE_DAYS else day
