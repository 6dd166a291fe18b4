"""The append-only log. Entries are written with the change; one step links them into a hash chain shortly after.

Triggers refuse UPDATE and DELETE on both tables (promise 13). Entries hold ids and salted digests, never people's text.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id


class LogEntry(Base):
    """`actor_id` is a person's id, None for a resident or the system; `subject` a table, `subject_id` its row."""

    __tablename__ = "log_entry"
    __table_args__ = (Index("ix_log_entry_subject", "subject", "subject_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    happened_at: Mapped[datetime]
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]]


class LogLink(Base):
    """The chain: `position` without gaps, `digest` over the previous digest and the entry's canonical JSON."""

    __tablename__ = "log_link"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("log_entry.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
