"""What is recorded on a beat by hour and weekday, and when concerns are raised there: counted where the rows are.

Neither database is asked for a time zone: the offsets of the city's zone in the window go into the statement, so that
SQLite, which knows none, and PostgreSQL count the same hours (docs/decisions/0022).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, case, cast, extract, func, literal, select
from sqlalchemy.orm import Session

from lib.model import Beat, Category, Concern, Incident
from lib.model.base import Instant
from lib.queries.places import city
from lib.rules.months import months_later
from lib.rules.shifts import Grid, utc_offsets
from lib.storage.transaction import reading


def incident_hours(beat_codes: Collection[str], months: Sequence[date]) -> Grid:
    """Recorded incidents of these beats in these months by weekday and hour of the city; the hour is None where no time
    of day is known. Two statements, none without months."""
    if not months:
        return {}
    zone = ZoneInfo(city().time_zone)
    last_on = months_later(months[-1], 1) - timedelta(days=1)
    with reading() as db:
        beats = select(Beat.id).where(Beat.code.in_(beat_codes))
        hour = _hour(db, Incident.occurred_at, zone, months[0], last_on)
        weekday = _weekday(db, Incident.occurred_on)
        rows = db.execute(
            select(weekday, hour, func.count())
            .where(Incident.beat_id.in_(beats), Incident.occurred_on.between(months[0], last_on))
            .group_by(weekday, hour)
        ).all()
    return _grid(rows)


def concern_hours(beat_codes: Collection[str], months: Sequence[date]) -> Grid:
    """Public concerns of these beats raised in these months, by weekday and hour of the city at which they were raised
    (not at which the thing happened); erased ones say the month only and are left out. Two statements, none without
    months."""
    if not months:
        return {}
    zone = ZoneInfo(city().time_zone)
    until = datetime.combine(months_later(months[-1], 1), time.min, zone)
    last_on = until.date() - timedelta(days=1)
    with reading() as db:
        hour = _hour(db, Concern.reported_at, zone, months[0], last_on)
        weekday = _weekday(db, _local(db, Concern.reported_at, zone, months[0], last_on))
        rows = db.execute(
            select(weekday, hour, func.count())
            .join(Category, Category.id == Concern.category_id)
            .where(
                Concern.beat_id.in_(select(Beat.id).where(Beat.code.in_(beat_codes))),
                Concern.reported_at >= datetime.combine(months[0], time.min, zone),
                Concern.reported_at < until,
                Concern.erased_at.is_(None),
                Category.is_public,
            )
            .group_by(weekday, hour)
        ).all()
    return _grid(rows)


def _grid(rows: Sequence[Any]) -> Grid:
    """Weekdays come with Sunday as 0, as both databases count them."""
    return {((int(day) + 6) % 7, None if hour is None else int(hour)): number for day, hour, number in rows}


def _hour(
    db: Session, instant: SQLColumnExpression[Any], zone: ZoneInfo, first_on: date, last_on: date
) -> ColumnElement[Any]:
    local = _local(db, instant, zone, first_on, last_on)
    if db.get_bind().dialect.name == "sqlite":
        return cast(func.strftime("%H", local), Integer)
    return extract("hour", local)


def _weekday(db: Session, day: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """0 is Sunday."""
    if db.get_bind().dialect.name == "sqlite":
        return cast(func.strftime("%w", day), Integer)
    return extract("dow", day)


def _local(
    db: Session, instant: SQLColumnExpression[Any], zone: ZoneInfo, first_on: date, last_on: date
) -> ColumnElement[Any]:
    """The city's wall clock at an instant of the window (a day of slack on both sides)."""
    begins = datetime.combine(first_on - timedelta(days=1), time.min, zone)
    ends = datetime.combine(last_on + timedelta(days=2), time.min, zone)
    offsets = [(since, int(offset.total_seconds())) for since, offset in utc_offsets(zone, begins, ends)]
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    steps: list[Any] = [f"{seconds:+d} seconds" if is_sqlite else seconds for _since, seconds in offsets]
    shift: ColumnElement[Any] = literal(steps[0])
    if len(offsets) > 1:
        shift = case(
            *(
                (instant < literal(until, Instant()), step)
                for (until, _seconds), step in zip(offsets[1:], steps[:-1], strict=True)
            ),
            else_=steps[-1],
        )
    if is_sqlite:
        # Its own reading rounds to milliseconds: the last moment of a day would fall into the next.
        return func.datetime(func.substr(instant, 1, 19), shift)
    # Years, months, weeks, days, hours, minutes, seconds.
    return func.timezone("UTC", instant) + func.make_interval(0, 0, 0, 0, 0, 0, shift)
