"""People who sign in. Residents who vote, report or answer are never persons."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, words
from lib.rules.lifecycle import Role, Side


class Person(Base):
    """`password_hash` is argon2id, empty for people who sign in through the city's own account only (OIDC).

    `pin_hash`, argon2id too, is for confirming as the second person on somebody else's screen; empty without a PIN.
    """

    __tablename__ = "person"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    side: Mapped[Side] = mapped_column(words(Side, "side"))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    pin_hash: Mapped[str] = mapped_column(String(200), default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True)


class PersonRole(Base):
    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"), primary_key=True)


class OfficerPosting(Base):
    """An officer serves a beat from a day until the day before another (None: still). `hours`: when to meet them."""

    __tablename__ = "officer_posting"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="from_before_to"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    hours: Mapped[str] = mapped_column(String(200), default="")


class SignIn(Base):
    """A running sign-in; the cookie holds a random value, this row its SHA-256. Sign-out deletes the row."""

    __tablename__ = "sign_in"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInFailure(Base):
    """A wrong password, kept for the slow-down only; `digest` is a keyed hash of the typed e-mail address."""

    __tablename__ = "sign_in_failure"

    id: Mapped[Id]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    failed_at: Mapped[datetime]
