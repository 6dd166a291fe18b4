"""Recorded incidents as the police publish them, their monthly counts, and the imports they came from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id


class ImportRun(Base):
    """One file taken in: what it was and the report that was shown (counts only)."""

    __tablename__ = "import_run"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(260))
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(300))
    imported_at: Mapped[datetime]
    report: Mapped[dict[str, Any]]


class Incident(Base):
    """A recorded crime or call, imported and never typed in.

    `beat_id` is the boundary at `occurred_on`; `stored_code` is the city's own code, another fact. `source` and
    `source_key` identify the row, so importing a file again adds nothing. `occurred_at` is known for some sources only.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("uq_incident_source", "source", "source_key", unique=True),
        Index("ix_incident_beat_category", "beat_id", "category", "occurred_on"),
        CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="whole_point"),
    )

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(80))
    source_key: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(120))
    occurred_on: Mapped[date]
    occurred_at: Mapped[datetime | None]
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    beat_id: Mapped[int | None] = mapped_column(ForeignKey("beat.id"))
    stored_code: Mapped[str] = mapped_column(String(32), default="")


class IncidentMonth(Base):
    """Incidents of one category in one beat in one month (`month` is its first day), kept right by each import."""

    __tablename__ = "incident_month"
    __table_args__ = ({"sqlite_with_rowid": False},)

    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(120), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    incidents: Mapped[int]
