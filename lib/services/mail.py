"""Mails: written into the database with the change that they tell of, sent afterwards, each one at most once.

A mail is taken to `sending` in a transaction of its own before it is handed over. Whatever happens in between, no other
process sends it too; and if this one dies there, nobody knows whether the mail arrived, so it is never sent again by
itself (docs/decisions/0023).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict
from lib.model import Mail, Person
from lib.rules.mail import (
    MOST_ATTEMPTS,
    MailKind,
    MailState,
    is_given_up,
    pause_before_next_try,
    trouble_in_words,
    without_addresses,
    written_mail,
)
from lib.rules.rights import Actor, Right, require
from lib.services.log import record
from lib.settings import settings
from lib.storage.post import Post, Refused, Unreached, Unsure, empty_outbox
from lib.storage.secrets import keyed_digest, seal, unseal
from lib.storage.transaction import reading, writing

HANDING_OVER = timedelta(hours=1)
"""No process hands a mail over for longer: a server has 30 seconds for each answer."""

UNKNOWN = "nobody knows whether it arrived"
"""The trouble of a mail that was written off."""


@dataclass(frozen=True)
class Sent:
    """What one run of sending did. `sent`: mails that the server took. `failed`: mails that it refused. `uncertain`:
    how many mails there are, of whatever run, of which nobody knows whether they arrived (or which another process
    hands over right now). `trouble`: why the run stopped early, "" if it did not."""

    sent: int
    failed: int
    uncertain: int
    trouble: str = ""


@dataclass(frozen=True)
class SealedMail:
    """A mail that is ready to be kept. `key` (at most 120 characters) says what it is for."""

    kind: MailKind
    key: str
    message: bytes
    reader_id: int | None
    written_at: datetime


def sealed_mail(
    *,
    kind: MailKind,
    key: str,
    to: str,
    subject: str,
    text: str,
    unsubscribe_url: str = "",
    reader_id: int | None = None,
    now: datetime | None = None,
) -> SealedMail:
    """A mail as `keep_mail` keeps it; with a `reader_id` it goes with its reader. Whoever writes many makes them before
    their transaction, which holds others up. Raises Invalid (to)."""
    at = now or clock.now()
    mail = written_mail(
        sender=settings().sender,
        to=to,
        subject=subject,
        text=text,
        message_id=f"{keyed_digest('message-id', key, 16).hex()}@{settings().mail_domain}",
        written_at=at,
        unsubscribe_url=unsubscribe_url,
    )
    return SealedMail(kind, key, seal(mail.as_bytes()), reader_id, at)


def keep_mail(db: Session, mail: SealedMail) -> bool:
    """Keep a mail inside the caller's transaction, to be sent once that is committed; False if its key is known:
    nothing is sent twice."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    written = db.execute(
        insert(Mail)
        .values(
            kind=mail.kind,
            key=mail.key,
            reader_id=mail.reader_id,
            message=mail.message,
            state=MailState.WAITING,
            attempts=0,
            written_at=mail.written_at,
            trouble="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Mail.id)
    ).first()
    return written is not None


def send_waiting(*, limit: int, now: datetime | None = None) -> Sent:
    """Send at most `limit` mails whose time has come, the oldest first. Any number of processes may do so at once.

    What the server refuses for now is tried again later, five times at most; what it refuses for good is given up. A
    server that cannot be reached ends the run and counts against no mail. One statement where nothing is due, and one
    for the count. Not inside another transaction. Raises Unavailable (the database, or the secret has changed).
    """
    at = now or clock.now()
    sent = failed = 0
    trouble = ""
    if _is_any_due(at):
        with Post() as post:
            while sent + failed < limit and (taken := _take(at)) is not None:
                try:
                    post.hand_over(unseal(taken.message))
                except Refused as refusal:
                    _put_back(taken, refusal)
                    failed += 1
                except Unreached as cause:
                    _put_back(taken, None)
                    trouble = without_addresses(str(cause))
                    break
                except Unsure:
                    continue
                else:
                    _mark(taken, state=MailState.SENT, message=None, attempts=taken.attempts + 1)
                    sent += 1
    return Sent(sent, failed, uncertain_mails(), trouble)


def tidy_outbox(*, now: datetime | None = None) -> int:
    """Delete mails that lie in the outbox longer than the setting OUTBOX_DAYS says; how many."""
    return empty_outbox(older_than=(now or clock.now()) - timedelta(days=settings().outbox_days))


def send_test_mail(*, actor: Actor | None, now: datetime | None = None) -> None:
    """Hand a mail to the coordinator's own address over at once, past the queue, to see whether the settings are right.

    Raises SignInNeeded, NotAllowed, Invalid (the person's address is none that can be written to), Conflict with what
    the server said, or what went wrong.
    """
    person = require(actor, Right.MANAGE_CITY)
    at = now or clock.now()
    with reading() as db:
        to = db.get_one(Person, person.person_id).email
    mail = written_mail(
        sender=settings().sender,
        to=to,
        subject="Test mail from Common Beat",
        text=f"If you read this, mails from {settings().address} arrive.\n",
        message_id=f"{secrets.token_hex(16)}@{settings().mail_domain}",
        written_at=at,
    )
    try:
        with Post() as post:
            post.hand_over(mail.as_bytes())
    except Refused as refusal:
        words = trouble_in_words(refusal.code, refusal.words)
        raise Conflict(f"The mail server refused the mail: {words}") from refusal
    except (Unreached, Unsure) as cause:
        words = without_addresses(str(cause))
        raise Conflict(f"The mail server could not be reached, or it broke off: {words}") from cause
    with writing() as db:
        record(db, person, "test_mail_sent", "person", person.person_id)


def write_off_uncertain(*, actor: Actor | None, now: datetime | None = None) -> int:
    """Count no longer the mails of which nobody knows whether they arrived, once a person has looked; how many. Those
    of the last hour stay: somebody may be handing them over. Raises SignInNeeded, NotAllowed."""
    person = require(actor, Right.MANAGE_CITY)
    with writing() as db:
        ended = db.scalars(
            update(Mail)
            .where(Mail.state == MailState.SENDING, Mail.sent_at < (now or clock.now()) - HANDING_OVER)
            .values(state=MailState.GIVEN_UP, message=None, trouble=UNKNOWN)
            .returning(Mail.id)
            .execution_options(synchronize_session=False)
        ).all()
        if ended:
            record(db, person, "uncertain_mails_written_off", "city", 1, mails=len(ended))
        return len(ended)


def uncertain_mails() -> int:
    """How many mails were handed over without anybody knowing whether they arrived. One statement."""
    with reading() as db:
        return db.scalar(select(func.count()).where(Mail.state == MailState.SENDING)) or 0


@dataclass(frozen=True)
class _Taken:
    id: int
    message: bytes
    attempts: int


def _is_any_due(at: datetime) -> bool:
    with reading() as db:
        return db.scalar(select(Mail.id).where(_due(at)).limit(1)) is not None


def _due(at: datetime) -> ColumnElement[bool]:
    """Mails that wait and have waited long enough since they were last handed over."""
    waited = [
        and_(Mail.attempts == attempts, Mail.sent_at <= at - pause_before_next_try(attempts))
        for attempts in range(MOST_ATTEMPTS)
    ]
    return and_(Mail.state == MailState.WAITING, or_(Mail.sent_at.is_(None), *waited))


def _take(at: datetime) -> _Taken | None:
    """Take one mail to `sending`, committed before it is handed over; None when nothing is due any more.

    PostgreSQL: rows that another process takes at this moment are passed by. SQLite has one writer at a time.
    """
    due = select(Mail.id).where(_due(at)).order_by(Mail.id).limit(1).with_for_update(skip_locked=True)
    with writing() as db:
        row = db.execute(
            update(Mail)
            .where(Mail.id == due.scalar_subquery(), Mail.state == MailState.WAITING)
            .values(state=MailState.SENDING, sent_at=at)
            .returning(Mail.id, Mail.message, Mail.attempts)
            .execution_options(synchronize_session=False)
        ).first()
        return None if row is None or row.message is None else _Taken(row.id, row.message, row.attempts)


def _put_back(taken: _Taken, refusal: Refused | None) -> None:
    """Let a mail wait again that was surely not taken, or give it up."""
    if refusal is None:
        _mark(taken, state=MailState.WAITING)
        return
    attempts = taken.attempts + 1
    trouble = trouble_in_words(refusal.code, refusal.words)
    if is_given_up(refusal.code, attempts):
        _mark(taken, state=MailState.GIVEN_UP, message=None, attempts=attempts, trouble=trouble)
    else:
        _mark(taken, state=MailState.WAITING, attempts=attempts, trouble=trouble)


def _mark(taken: _Taken, **values: object) -> None:
    with writing() as db:
        db.execute(
            update(Mail)
            .where(Mail.id == taken.id, Mail.state == MailState.SENDING)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
