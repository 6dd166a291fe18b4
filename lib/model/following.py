"""Who asked for mail, and the mails themselves. An address is sealed, and deleted when its reader asks for no more."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, words
from lib.rules.mail import MailKind, MailState


class Reader(Base):
    """A mail address that gets one digest of everything it follows. Nothing is sent but one mail to confirm it before
    `confirmed_at`.

    `address_digest`: a keyed hash, so that an address is one reader. `link_digest`: SHA-256 of the secret in the mails
    to it, with which it is confirmed and unsubscribed. `told_until`: the digests sent so far tell of everything before.
    """

    __tablename__ = "reader"
    __table_args__ = (
        CheckConstraint("length(address_digest) = 32 AND length(link_digest) = 32", name="digest_length"),
    )

    id: Mapped[Id]
    address: Mapped[bytes] = mapped_column(LargeBinary)
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    link_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    language: Mapped[str] = mapped_column(String(8), default="en")
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_until: Mapped[datetime | None]


class Following(Base):
    """A concern that a reader follows, because they raised or supported it."""

    __tablename__ = "following"
    __table_args__ = ({"sqlite_with_rowid": False},)

    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True, index=True)
    began_at: Mapped[datetime]


class Mail(Base):
    """One mail, written before it is sent. `key` says what it is for, so that nothing is sent twice.

    `message` is the sealed mail; it goes once the mail was sent or given up. `sending` means that it was handed to the
    mail server and nobody knows whether it arrived there: it is never sent again by itself. `sent_at`: when it was last
    handed over, with or without success.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("(state IN ('waiting', 'sending')) = (message IS NOT NULL)", name="message_until_sent"),
        CheckConstraint("attempts >= 0", name="not_negative"),
    )

    id: Mapped[Id]
    kind: Mapped[MailKind] = mapped_column(words(MailKind, "kind"))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"), index=True)
    message: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[MailState] = mapped_column(words(MailState, "state"), default=MailState.WAITING, index=True)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(200), default="")
