"""Agencies and groups that help, what they offer, and what people can join."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id


class Partner(Base):
    __tablename__ = "partner"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    website: Mapped[str] = mapped_column(String(200), default="")


class Service(Base):
    """Something a partner does for people; `needs` are the words people would search with. No beat: the whole city."""

    __tablename__ = "service"

    id: Mapped[Id]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    beat_id: Mapped[int | None] = mapped_column(ForeignKey("beat.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400))
    needs: Mapped[str] = mapped_column(String(300), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    languages: Mapped[str] = mapped_column(String(120), default="")
    checked_on: Mapped[date]


class Activity(Base):
    """Something to join: youth evening, watch group, joint training (`kind`)."""

    __tablename__ = "activity"

    id: Mapped[Id]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400))
    place: Mapped[str] = mapped_column(String(160))
    rhythm: Mapped[str] = mapped_column(String(120))
    next_at: Mapped[datetime | None]
