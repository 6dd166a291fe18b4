"""How long concerns wait for a first answer, by beat and category."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, SQLColumnExpression, extract, func, literal, select
from sqlalchemy.orm import Session

from lib.model import Beat, Category, Concern
from lib.model.base import Instant
from lib.rules.answer_clock import WINDOW_DAYS, AnswerClock, answer_clock
from lib.storage.transaction import reading

WAITS = ["beat", "category", "days", "is_answered"]


@dataclass(frozen=True)
class ClockRow:
    """The clock of a beat (code), of a category (key), or of both; None stands for all."""

    beat: str | None
    category: str | None
    clock: AnswerClock


def answer_clocks(
    *,
    now: datetime,
    beat_codes: Collection[str] | None = None,
    days: int = WINDOW_DAYS,
    by_category: bool = True,
) -> tuple[ClockRow, ...]:
    """The clocks of the public concerns raised in the last so many days: of all together, then of each beat, then,
    with `by_category`, of each category and of each category in each beat. Those without a concern are absent. One
    statement.

    A concern that was erased says its month only, and a part that was split off was answered with the whole: neither
    is counted. One that was closed without an answer waits no longer from then on.
    """
    waits = first_answers(now=now, beat_codes=beat_codes, days=days)
    rows = [ClockRow(None, None, _clock(waits))]
    rows += [ClockRow(str(beat), None, _clock(group)) for beat, group in waits.groupby("beat", observed=True)]
    if by_category:
        rows += [
            ClockRow(None, str(category), _clock(group)) for category, group in waits.groupby("category", observed=True)
        ]
        rows += [
            ClockRow(str(beat), str(category), _clock(group))
            for (beat, category), group in waits.groupby(["beat", "category"], observed=True)
        ]
    return tuple(rows)


def first_answers(*, now: datetime, beat_codes: Collection[str] | None = None, days: int = WINDOW_DAYS) -> pd.DataFrame:
    """One row for each concern: beat, category, days (until the first answer, or waited so far), is_answered. One
    statement."""
    with reading() as db:
        until = func.coalesce(Concern.answered_at, Concern.closed_at, literal(now, Instant()))
        question = (
            select(Beat.code, Category.key, _days(db, Concern.reported_at, until), Concern.answered_at.is_not(None))
            .join(Beat, Beat.id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(
                Concern.reported_at >= now - timedelta(days=days),
                Concern.reported_at < now,
                Concern.erased_at.is_(None),
                Concern.split_from_id.is_(None),
                Category.is_public,
            )
        )
        if beat_codes is not None:
            question = question.where(Beat.code.in_(beat_codes))
        frame = pd.DataFrame([tuple(row) for row in db.execute(question)], columns=WAITS)
    return frame.astype({"beat": "category", "category": "category", "days": float, "is_answered": bool})


def _clock(waits: pd.DataFrame) -> AnswerClock:
    is_answered = waits["is_answered"].to_numpy()
    days = waits["days"].to_numpy()
    return answer_clock(days[is_answered].tolist(), days[~is_answered].tolist())


def _days(db: Session, begins: SQLColumnExpression[Any], ends: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """Days between two instants, computed where the rows are."""
    if db.get_bind().dialect.name == "sqlite":
        return func.julianday(ends) - func.julianday(begins)
    return extract("epoch", ends - begins) / 86400.0
