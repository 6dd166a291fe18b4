"""Questions about the append-only log: who did what, when, and where the chain stands."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pandas as pd
from sqlalchemy import Select, func, select

from lib.model import LogEntry, LogLink, Person
from lib.storage.transaction import reading


@dataclass(frozen=True)
class LogFilter:
    """Which entries: each field narrows, an empty one does not. `since` is included, `until` is not."""

    action: str = ""
    subject: str = ""
    subject_id: str = ""
    actor_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class LogRow:
    """One entry. `actor` is None for residents and the system; `position` and `digest` are None until it is chained."""

    id: int
    happened_at: datetime
    actor: str | None
    action: str
    subject: str
    subject_id: str
    facts: dict[str, Any] = field(hash=False)
    position: int | None
    digest: str | None


@dataclass(frozen=True)
class LogState:
    """How many entries there are, how many are chained, and the last link's digest ("" before the first)."""

    entries: int
    linked: int
    last_digest: str


EVERYTHING = LogFilter()


def log_entries(wanted: LogFilter = EVERYTHING, *, page: int = 1, per_page: int = 50) -> tuple[LogRow, ...]:
    """One page of entries, newest first. One statement."""
    question = _entries(wanted).order_by(LogEntry.id.desc()).limit(per_page).offset((page - 1) * per_page)
    with reading() as db:
        return tuple(LogRow(*row) for row in db.execute(question))


def log_count(wanted: LogFilter = EVERYTHING) -> int:
    """How many entries the filter leaves. One statement."""
    with reading() as db:
        return db.scalar(select(func.count()).select_from(_entries(wanted).subquery())) or 0


def log_frame(wanted: LogFilter = EVERYTHING, *, at_most: int = 100_000) -> pd.DataFrame:
    """Entries for a download, oldest first: position, id, happened_at (UTC), actor_id, action, subject, subject_id,
    facts (JSON), digest. One statement.

    Actors are numbers: a download holds no names.
    """
    columns = (
        LogLink.position,
        LogEntry.id,
        LogEntry.happened_at,
        LogEntry.actor_id,
        LogEntry.action,
        LogEntry.subject,
        LogEntry.subject_id,
        LogEntry.facts,
        LogLink.digest,
    )
    with reading() as db:
        rows = db.execute(_entries(wanted).with_only_columns(*columns).order_by(LogEntry.id).limit(at_most)).all()
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    frame["facts"] = [json.dumps(facts, sort_keys=True, ensure_ascii=False) for facts in frame["facts"]]
    return frame.astype({"position": "Int64", "actor_id": "Int64"})


def log_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The actions and the subjects that occur, by alphabet. Two statements."""
    with reading() as db:
        actions = db.scalars(select(LogEntry.action).distinct().order_by(LogEntry.action)).all()
        subjects = db.scalars(select(LogEntry.subject).distinct().order_by(LogEntry.subject)).all()
    return tuple(actions), tuple(subjects)


def log_state() -> LogState:
    """How far the chain has come. Three statements."""
    with reading() as db:
        entries = db.scalar(select(func.count()).select_from(LogEntry)) or 0
        linked = db.scalar(select(func.count()).select_from(LogLink)) or 0
        last = db.scalar(select(LogLink.digest).order_by(LogLink.position.desc()).limit(1))
    return LogState(entries, linked, last or "")


def published_link(round_uuid: UUID) -> tuple[int, str] | None:
    """The link of the entry with which a round was published: its position and digest; None before it is chained.

    Printed with the result, it shows later whether the end of the log was cut off. One statement.
    """
    question = (
        select(LogLink.position, LogLink.digest)
        .join(LogEntry, LogEntry.id == LogLink.entry_id)
        .where(LogEntry.action == "round_published", LogEntry.subject_id == str(round_uuid))
        .order_by(LogLink.position)
        .limit(1)
    )
    with reading() as db:
        found = db.execute(question).first()
    return (found.position, found.digest) if found else None


def _entries(wanted: LogFilter) -> Select[Any]:
    question = (
        select(
            LogEntry.id,
            LogEntry.happened_at,
            Person.name,
            LogEntry.action,
            LogEntry.subject,
            LogEntry.subject_id,
            LogEntry.facts,
            LogLink.position,
            LogLink.digest,
        )
        .outerjoin(Person, Person.id == LogEntry.actor_id)
        .outerjoin(LogLink, LogLink.entry_id == LogEntry.id)
    )
    for column, value in (
        (LogEntry.action, wanted.action),
        (LogEntry.subject, wanted.subject),
        (LogEntry.subject_id, wanted.subject_id),
    ):
        if value:
            question = question.where(column == value)
    if wanted.actor_id is not None:
        question = question.where(LogEntry.actor_id == wanted.actor_id)
    if wanted.since is not None:
        question = question.where(LogEntry.happened_at >= wanted.since)
    if wanted.until is not None:
        question = question.where(LogEntry.happened_at < wanted.until)
    return question
