"""How long concerns wait for a first answer, by beat and category."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, SQLColumnExpression, extract, func, literal, select
from sqlalchemy.orm import Session

from lib.model import Beat, Category, Concern
from lib.model.base import Instant
from lib.rules.answer_clock import WINDOW_DAYS, AnswerClock, clocks_by_group
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
    rows = [*_clocks(waits), *_clocks(waits, "beat")]
    if by_category:
        rows += [*_clocks(waits, "category"), *_clocks(waits, "beat", "category")]
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


def _clocks(waits: pd.DataFrame, *by: str) -> list[ClockRow]:
    """A row for each value, or pair of values, of these columns that occurs, in their order."""
    group, groups = np.zeros(len(waits), int), 1
    for name in by:
        group = group * len(waits[name].cat.categories) + waits[name].cat.codes.to_numpy()
        groups *= len(waits[name].cat.categories)
    clocks = clocks_by_group(group, waits["days"].to_numpy(), waits["is_answered"].to_numpy(), groups)
    values = product(*([str(value) for value in waits[name].cat.categories] for name in by))
    of = [dict(zip(by, each, strict=True)) for each in values]
    return [
        ClockRow(named.get("beat"), named.get("category"), clock)
        for named, clock in zip(of, clocks, strict=True)
        if clock.n or not by
    ]


def _days(db: Session, begins: SQLColumnExpression[Any], ends: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """Days between two instants, computed where the rows are."""
    if db.get_bind().dialect.name == "sqlite":
        return func.julianday(ends) - func.julianday(begins)
    return extract("epoch", ends - begins) / 86400.0
