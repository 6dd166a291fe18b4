"""Questions about what residents raised, for maps, tables and lists: public categories, public cells, nothing finer."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import ColumnElement, and_, case, func, select

from lib.model import Beat, Category, Concern, ConcernAnswer, Goal, GoalConcern
from lib.queries.supports import supports_counted
from lib.rules.geography import coarser_cell
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus, GoalState
from lib.rules.moderation import TextState
from lib.storage.transaction import reading

COUNTED = ["beat", "category", "concerns", "supports", "waiting_since"]
LOCATED = ["cell", "category", "beat"]
DENSITY = ["cell", "concerns"]
DOWNLOADED = ["uuid", "category", "beat", "cell", "status", "reported_on", "month", "text", "supports", "photos"]


@dataclass(frozen=True)
class ConcernFilter:
    """Which concerns are meant. `category` is a key, `since` an instant, `statuses` a set; None for all."""

    category: str | None = None
    since: datetime | None = None
    statuses: frozenset[ConcernStatus] | None = None


@dataclass(frozen=True)
class ConcernRow:
    """The public row of a concern; `answer` is what the officers said last, "" before. An erased one has no text, and
    its `reported_at` says no more than the month."""

    uuid: UUID
    category: str
    beat: str
    cell: str
    status: ConcernStatus
    text: str
    frequency: str
    reported_at: datetime
    is_erased: bool
    supports: int
    answer: str
    text_state: TextState = TextState.SHOWN


@dataclass(frozen=True)
class GoalGrown:
    """A goal that grew out of some of the concerns shown; `category` where they all share one, else ""."""

    uuid: UUID
    title: str
    state: GoalState
    concerns: int
    category: str


def concern_counts(wanted: ConcernFilter) -> pd.DataFrame:
    """Concerns by beat (code) and category (key): how many, how much support, since when the oldest waits for an answer
    (aware, NaT where none waits). Beats and categories without any are absent. One statement."""
    waiting = and_(Concern.answered_at.is_(None), Concern.status.in_(OPEN_CONCERN))
    supports = supports_counted()
    with reading() as db:
        rows = db.execute(
            select(
                Beat.code,
                Category.key,
                func.count(),
                func.sum(supports),
                func.min(case((waiting, Concern.reported_at))),
            )
            .join(Beat, Beat.id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(*_conditions(wanted))
            .group_by(Beat.code, Category.key)
            .order_by(Beat.code, Category.key)
        ).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=COUNTED)
    frame["waiting_since"] = pd.to_datetime(frame["waiting_since"], utc=True)
    return frame.astype({"concerns": int, "supports": int})


def concerns_frame(wanted: ConcernFilter) -> pd.DataFrame:
    """Where concerns lie: cell, category (key), beat (code), one row each, the newest last so that it is drawn on top.

    Concerns without a place are left out. One statement.
    """
    with reading() as db:
        rows = db.execute(
            select(Concern.cell, Category.key, Beat.code)
            .join(Beat, Beat.id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(Concern.cell != "", *_conditions(wanted))
            .order_by(Concern.reported_at, Concern.id)
        ).all()
    return pd.DataFrame([tuple(row) for row in rows], columns=LOCATED).astype("category")


def density(located: pd.DataFrame, resolution: int) -> pd.DataFrame:
    """How many of `concerns_frame`'s rows lie in each cell of a resolution, or a public cell's own, where that is
    coarser: columns cell, concerns. No statement."""
    cells = located["cell"].astype(str).value_counts()
    wider = cells.groupby([coarser_cell(cell, resolution) for cell in cells.index]).sum()
    return pd.DataFrame({"cell": wider.index, "concerns": wider.to_numpy()}, columns=DENSITY)


def concern_list(
    wanted: ConcernFilter, *, beat_codes: Collection[str] | None = None, limit: int | None = None
) -> tuple[ConcernRow, ...]:
    """Concerns in words, the newest first. One statement."""
    supports = supports_counted()
    answer = (
        select(ConcernAnswer.text)
        .where(ConcernAnswer.concern_id == Concern.id)
        .order_by(ConcernAnswer.answered_at.desc(), ConcernAnswer.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    question = (
        select(
            Concern.uuid,
            Category.key,
            Beat.code,
            Concern.cell,
            Concern.status,
            Concern.text,
            Concern.frequency,
            Concern.reported_at,
            Concern.erased_at.is_not(None),
            supports,
            func.coalesce(answer, ""),
            Concern.text_state,
        )
        .join(Beat, Beat.id == Concern.beat_id)
        .join(Category, Category.id == Concern.category_id)
        .where(*_conditions(wanted))
        .order_by(Concern.reported_at.desc(), Concern.id.desc())
        .limit(limit)
    )
    if beat_codes is not None:
        question = question.where(Beat.code.in_(beat_codes))
    with reading() as db:
        return tuple(ConcernRow(*row) for row in db.execute(question))


def goals_grown(wanted: ConcernFilter, beat_code: str | None) -> tuple[GoalGrown, ...]:
    """Goals that grew out of these concerns, those of the most concerns first, none withdrawn. One statement."""
    conditions = _conditions(wanted)
    if beat_code is not None:
        conditions.append(Beat.code == beat_code)
    category = case((func.min(Category.key) == func.max(Category.key), func.min(Category.key)), else_="")
    concerns = func.count().label("concerns")
    with reading() as db:
        rows = db.execute(
            select(Goal.uuid, Goal.title, Goal.state, concerns, category)
            .join(GoalConcern, GoalConcern.goal_id == Goal.id)
            .join(Concern, Concern.id == GoalConcern.concern_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(Goal.state != GoalState.WITHDRAWN, *conditions)
            .group_by(Goal.id, Goal.uuid, Goal.title, Goal.state)
            .order_by(concerns.desc(), Goal.id)
        )
        return tuple(GoalGrown(*row) for row in rows)


def first_reported_at() -> datetime | None:
    """When the oldest public concern was reported, None before the first. One statement."""
    with reading() as db:
        return db.scalar(
            select(func.min(Concern.reported_at)).join(Category, Category.id == Concern.category_id).where(_PUBLIC)
        )


def as_csv(
    rows: Collection[ConcernRow], time_zone: str, photos: Mapping[UUID, Sequence[str]] = MappingProxyType({})
) -> str:
    """Public rows as CSV (RFC 4180): a cell instead of a place, a day in the city, of an erased concern its month only;
    the addresses of public photos, with a space between them.

    A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(DOWNLOADED)
    for row in rows:
        day = _day(row, ZoneInfo(time_zone))
        writer.writerow(
            [
                row.uuid,
                row.category,
                row.beat,
                row.cell,
                row.status.value,
                "" if row.is_erased else day.isoformat(),
                f"{day:%Y-%m}",
                f"'{row.text}" if row.text[:1] in ("=", "+", "-", "@") else row.text,
                row.supports,
                " ".join(photos.get(row.uuid, ())),
            ]
        )
    return target.getvalue()


def _day(row: ConcernRow, zone: ZoneInfo) -> date:
    return row.reported_at.astimezone(UTC if row.is_erased else zone).date()


_PUBLIC = Category.is_public.is_(True)


def _conditions(wanted: ConcernFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_PUBLIC]
    if wanted.category is not None:
        conditions.append(Category.key == wanted.category)
    if wanted.since is not None:
        conditions.append(Concern.reported_at >= wanted.since)
    if wanted.statuses is not None:
        conditions.append(Concern.status.in_(wanted.statuses))
    return conditions
