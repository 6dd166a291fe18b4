"""Questions about who gets mail, and about what. An address is never part of an answer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, or_, select

from lib.errors import NotFound
from lib.model import Beat, Concern, Following, Mail, Reader, Support
from lib.queries.concern_story import follow_digest
from lib.queries.places import BeatRow, categories
from lib.rules.ballots import crockford
from lib.rules.mail import MailState, same_address
from lib.rules.text import clipped
from lib.storage.secrets import keyed_digest
from lib.storage.transaction import reading

UNKNOWN_READER = "This link leads nowhere: the mails were ended, or it was never confirmed and is older than a week."

_TEXT = 160
"""Characters of a concern's text in the list of what is followed."""


@dataclass(frozen=True)
class FollowedRow:
    """A concern that a reader follows. Not `is_confirmed`: asked for, and nothing is sent about it yet."""

    uuid: UUID
    category: str
    beat: BeatRow
    text: str
    is_confirmed: bool


@dataclass(frozen=True)
class ReaderRow:
    """Whoever holds the link in our mails, and what they follow, the latest first."""

    id: int
    is_confirmed: bool
    followed: tuple[FollowedRow, ...]

    @property
    def is_all_confirmed(self) -> bool:
        return self.is_confirmed and all(row.is_confirmed for row in self.followed)


@dataclass(frozen=True)
class MailCounts:
    """Mails by how far they got, and the readers who confirmed and those who did not yet. `last_trouble`: what the mail
    server said when it last refused one."""

    waiting: int
    sending: int
    given_up: int
    sent: int
    readers: int
    unconfirmed: int
    last_trouble: str


def reader_secret(address: str) -> str:
    """The secret in the links of mails to an address: always the same, and nothing that is stored tells it."""
    return crockford(keyed_digest("reader link", same_address(address), 16)).lower()


def link_digest(secret: str) -> bytes:
    """What the reader's row keeps of the secret: SHA-256, whatever its case and the spaces around it."""
    return hashlib.sha256(b"reader" + secret.strip().lower().encode()).digest()


def concern_of_link(secret: str) -> int | None:
    """The id of the concern that a follow link is about, None for an unknown link. One statement."""
    digest = follow_digest(secret)
    supported = select(Support.concern_id).where(Support.follow_digest == digest)
    with reading() as db:
        return db.scalar(select(Concern.id).where(or_(Concern.follow_digest == digest, Concern.id.in_(supported))))


def reader_of(secret: str, language: str = "en") -> ReaderRow:
    """Whoever holds this link. Three statements, one for an unknown link. Raises NotFound."""
    with reading() as db:
        reader = db.scalar(select(Reader).where(Reader.link_digest == link_digest(secret)))
        if reader is None:
            raise NotFound(UNKNOWN_READER)
        names = {row.id: row.name for row in categories(language)}
        rows = db.execute(
            select(Concern, Beat, Following.began_at)
            .join(Following, Following.concern_id == Concern.id)
            .join(Beat, Beat.id == Concern.beat_id)
            .where(Following.reader_id == reader.id)
            .order_by(Following.began_at.desc(), Concern.id.desc())
        ).all()
    followed = tuple(
        FollowedRow(
            uuid=row.Concern.uuid,
            category=names.get(row.Concern.category_id, ""),
            beat=BeatRow(row.Beat.id, row.Beat.code, row.Beat.name, row.Beat.precinct),
            text=clipped(" ".join(row.Concern.text.split()), _TEXT),
            is_confirmed=is_told(row.began_at, reader.confirmed_at),
        )
        for row in rows
    )
    return ReaderRow(reader.id, reader.confirmed_at is not None, followed)


def is_told(began_at: datetime, confirmed_at: datetime | None) -> bool:
    """Whether a reader is told about something they follow: confirming counts for all that was asked for by then."""
    return confirmed_at is not None and began_at <= confirmed_at


def mail_counts() -> MailCounts:
    """Three statements."""
    with reading() as db:
        numbers = dict(db.execute(select(Mail.state, func.count()).group_by(Mail.state)).all())
        readers = db.execute(
            select(func.count(), func.coalesce(func.sum(case((Reader.confirmed_at.is_(None), 1), else_=0)), 0))
        ).one()
        trouble = db.scalar(select(Mail.trouble).where(Mail.trouble != "").order_by(Mail.sent_at.desc()).limit(1))
    return MailCounts(
        waiting=numbers.get(MailState.WAITING, 0),
        sending=numbers.get(MailState.SENDING, 0),
        given_up=numbers.get(MailState.GIVEN_UP, 0),
        sent=numbers.get(MailState.SENT, 0),
        readers=readers[0] - int(readers[1]),
        unconfirmed=int(readers[1]),
        last_trouble=trouble or "",
    )
