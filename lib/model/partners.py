"""Agencies and groups that help, what they offer, and what people can join."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, PublicId

_NAMED_ABROAD = text("external_id <> ''")


class Partner(Base):
    """`external_id`: the source it was imported from and its name there ("City directory/…", HSDS: organization.id),
    "" for what was typed in."""

    __tablename__ = "partner"
    __table_args__ = (
        Index(
            "uq_partner_external_id",
            "external_id",
            unique=True,
            sqlite_where=_NAMED_ABROAD,
            postgresql_where=_NAMED_ABROAD,
        ),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    external_id: Mapped[str] = mapped_column(String(120), default="", server_default="")


class Service(Base):
    """Something a partner does for people; `needs` are the words people would search with. No beat: the whole city.

    `phone` is its own where it differs from the partner's. `is_listed` is False once it is gone from the file it came
    from. `external_id` as in `Partner` (HSDS: service.id). `language`: in which its texts are written, "" where nobody
    said so: then the city's first.
    """

    __tablename__ = "service"
    __table_args__ = (
        Index(
            "uq_service_external_id",
            "external_id",
            unique=True,
            sqlite_where=_NAMED_ABROAD,
            postgresql_where=_NAMED_ABROAD,
        ),
    )

    id: Mapped[Id]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    beat_id: Mapped[int | None] = mapped_column(ForeignKey("beat.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400))
    needs: Mapped[str] = mapped_column(String(300), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    languages: Mapped[str] = mapped_column(String(120), default="")
    checked_on: Mapped[date]
    phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    is_listed: Mapped[bool] = mapped_column(default=True, server_default=true())
    external_id: Mapped[str] = mapped_column(String(120), default="", server_default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")


class ServicePlace(Base):
    """A beat in which a service can be visited, by the points of its file. It is for everybody all the same."""

    __tablename__ = "service_place"
    __table_args__ = ({"sqlite_with_rowid": False},)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), primary_key=True, index=True)


class ServiceText(Base):
    """A service in another language (ISO 639-1) than the one it is written in."""

    __tablename__ = "service_text"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400))
    hours: Mapped[str] = mapped_column(String(120), default="", server_default="")


class Activity(Base):
    """Something to join: youth evening, watch group, joint training (`kind`).

    `needs`, `languages`, `checked_on` as in `Service`. `organiser`: the sealed mail address of whoever runs it, empty
    where nobody can be reached; then nobody can sign up. `organiser_digest`: SHA-256 of the secret in the organiser's
    own link. `language` as in `Service`.
    """

    __tablename__ = "activity"

    id: Mapped[Id]
    uuid: Mapped[PublicId]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400))
    place: Mapped[str] = mapped_column(String(160))
    rhythm: Mapped[str] = mapped_column(String(120))
    next_at: Mapped[datetime | None]
    needs: Mapped[str] = mapped_column(String(300), default="", server_default="")
    languages: Mapped[str] = mapped_column(String(120), default="", server_default="")
    checked_on: Mapped[date | None]
    organiser: Mapped[bytes | None] = mapped_column(LargeBinary)
    organiser_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")


class ActivityText(Base):
    """An activity in another language (ISO 639-1) than the one it is written in."""

    __tablename__ = "activity_text"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400))
    rhythm: Mapped[str] = mapped_column(String(120), default="", server_default="")


class SignUp(Base):
    """Somebody who would join an activity. Name and mail address are sealed; the organiser never sees the address.

    `address_digest`: a keyed hash, so that an address signs up once. `link_digest`: SHA-256 of the secret in the mails
    to it, with which it is confirmed, answered and taken back. Nothing is passed on before `confirmed_at`.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        UniqueConstraint("activity_id", "address_digest"),
        CheckConstraint("length(address_digest) = 32 AND length(link_digest) = 32", name="digest_length"),
    )

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    link_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    signed_up_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
