"""Rows for the open-data API, page by page: what is public already, in the words of the tables."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from lib.model import Beat, Category, Concern, IncidentMonth
from lib.queries.places import city
from lib.queries.supports import supports_counted
from lib.rules.lifecycle import ConcernStatus
from lib.rules.moderation import TextState
from lib.storage.transaction import reading


@dataclass(frozen=True)
class PublicConcern:
    """The public row of a concern. `reported_on` is None once its reporter has erased it: then only the month is left.

    `cell` is the h3 cell that stands for the place, "" without one; `month` is its first day.
    """

    uuid: UUID
    category: str
    beat: str
    cell: str
    status: ConcernStatus
    reported_on: date | None
    month: date
    text: str
    supports: int
    duplicate_of: UUID | None
    text_state: TextState = TextState.SHOWN


@dataclass(frozen=True)
class RecordedMonth:
    """Recorded incidents of one category in one beat in one month (its first day)."""

    beat: str
    category: str
    month: date
    incidents: int


def public_concerns(
    *,
    beat: str | None = None,
    category: str | None = None,
    status: ConcernStatus | None = None,
    since: date | None = None,
    until: date | None = None,
    page: int = 1,
    per_page: int = 100,
) -> tuple[tuple[PublicConcern, ...], int]:
    """Concerns of public categories, newest first, and how many there are in all. `since` and `until` (both included)
    are days in the city. Three statements. Raises NotFound before there is a city."""
    zone = ZoneInfo(city().time_zone)
    wanted: list[ColumnElement[bool]] = [Category.is_public.is_(True)]
    if beat is not None:
        wanted.append(Beat.code == beat)
    if category is not None:
        wanted.append(Category.key == category)
    if status is not None:
        wanted.append(Concern.status == status)
    if since is not None:
        wanted.append(Concern.reported_at >= _midnight(since, zone))
    if until is not None and until < date.max:
        wanted.append(Concern.reported_at < _midnight(until + timedelta(days=1), zone))
    first = aliased(Concern)
    supports = supports_counted()
    question = (
        select(
            Concern.uuid,
            Category.key,
            Beat.code,
            Concern.cell,
            Concern.status,
            Concern.reported_at,
            Concern.erased_at,
            Concern.text,
            Concern.text_state,
            supports.label("supports"),
            first.uuid.label("duplicate_of"),
        )
        .join(Category, Category.id == Concern.category_id)
        .join(Beat, Beat.id == Concern.beat_id)
        .outerjoin(first, first.id == Concern.duplicate_of_id)
        .where(*wanted)
    )
    with reading() as db:
        total = db.scalar(
            select(func.count())
            .select_from(Concern)
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .where(*wanted)
        )
        rows = db.execute(
            question.order_by(Concern.reported_at.desc(), Concern.id.desc())
            .limit(per_page)
            .offset((page - 1) * per_page)
        ).all()
    concerns = []
    for row in rows:
        local = row.reported_at.astimezone(UTC if row.erased_at else zone).date()
        concerns.append(
            PublicConcern(
                uuid=row.uuid,
                category=row.key,
                beat=row.code,
                cell=row.cell,
                status=row.status,
                reported_on=None if row.erased_at else local,
                month=local.replace(day=1),
                text=row.text,
                supports=row.supports,
                duplicate_of=row.duplicate_of,
                text_state=row.text_state,
            )
        )
    return tuple(concerns), total or 0


def recorded_months(
    *,
    beat: str | None = None,
    category: str | None = None,
    since: date | None = None,
    until: date | None = None,
    page: int = 1,
    per_page: int = 100,
) -> tuple[tuple[RecordedMonth, ...], int]:
    """Recorded incidents per month, by month, beat and category, and how many rows there are in all. Days of `since`
    and `until` (both included) stand for their months. Two statements."""
    wanted: list[ColumnElement[bool]] = []
    if beat is not None:
        wanted.append(Beat.code == beat)
    if category is not None:
        wanted.append(IncidentMonth.category == category)
    if since is not None:
        wanted.append(IncidentMonth.month >= since.replace(day=1))
    if until is not None:
        wanted.append(IncidentMonth.month <= until)
    question = (
        select(Beat.code, IncidentMonth.category, IncidentMonth.month, IncidentMonth.incidents)
        .join(Beat, Beat.id == IncidentMonth.beat_id)
        .where(*wanted)
    )
    with reading() as db:
        total = db.scalar(select(func.count()).select_from(question.subquery()))
        rows = db.execute(
            question.order_by(IncidentMonth.month, Beat.code, IncidentMonth.category)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
        return tuple(RecordedMonth(*row) for row in rows), total or 0


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant a day begins in the city; the earliest and latest days that a calendar knows stand for themselves."""
    begins = datetime.combine(day, time.min, zone)
    return begins.astimezone(UTC) if date.min < day < date.max else begins.replace(tzinfo=UTC)
