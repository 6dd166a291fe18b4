"""Following by mail: asked for through a follow link, confirmed from the mailbox, ended with one click.

Like support and residents' answers none of it is logged: the log is kept for good, and would tell when somebody asked.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import NotFound, TooMany
from lib.languages import ENGLISH, _, languages, speaking
from lib.model import Beat, Concern, Following, Mail, Reader
from lib.queries.following import UNKNOWN_READER, concern_of_link, link_digest, reader_secret
from lib.queries.places import categories, city
from lib.rules.mail import MailKind, MailState, clean_address, same_address
from lib.rules.mail_words import confirmation_letter
from lib.services.handover import day_of
from lib.services.mail import UNKNOWN, keep_mail, sealed_mail
from lib.settings import settings
from lib.storage.secrets import keyed_digest, seal
from lib.storage.transaction import reading, writing

UNKNOWN_LINK = "This link leads nowhere: it is mistyped, or the concern was erased."
MANY_ASKED = "Very many people asked for mail in the last hour. Please try again in an hour."

CONFIRMED_WITHIN = timedelta(days=7)
KEPT_SENT = timedelta(days=90)
UNCERTAIN_FOR = timedelta(days=30)

MOST_CONFIRMATIONS = 500
"""Mails to addresses that are not confirmed, in one hour, of the whole installation: more than a full hall asks for,
and too few for whoever would use us to write to strangers."""


def follow_by_mail(*, follow_secret: str, address: str, language: str = ENGLISH, now: datetime | None = None) -> None:
    """Ask for mail about the concern of a follow link. One mail asks whoever reads at the address to confirm; nothing
    else is sent before they did, and no address gets more than one such mail a day until it says yes: whatever is asked
    for until then is confirmed with the same button. What is asked for after a yes is asked about in a mail of its own.

    Nothing tells whether the address was known. Raises NotFound (link), Invalid (address), TooMany.
    """
    at = now or clock.now()
    to = clean_address(address)
    spoken = language if language in languages() else ENGLISH
    with writing() as db:
        concern_id = concern_of_link(follow_secret)
        if concern_id is None:
            raise NotFound(UNKNOWN_LINK)
        _require_calm(db, at)
        reader = _reader(db, to, spoken, at)
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        began = db.scalar(
            insert(Following)
            .values(reader_id=reader.id, concern_id=concern_id, began_at=at)
            .on_conflict_do_nothing()
            .returning(Following.reader_id)
        )
        if began is None and reader.confirmed_at is not None:
            known = db.get_one(Following, (reader.id, concern_id))
            if known.began_at <= reader.confirmed_at:
                return
        reader.asked_at = at
        _ask_to_confirm(db, reader, to, concern_id, at)


def confirm_reader(*, secret: str, now: datetime | None = None) -> None:
    """Confirm everything that was asked for at this address until now. Raises NotFound (link)."""
    with writing() as db:
        reader = _reader_of(db, secret)
        reader.confirmed_at = now or clock.now()


def stop_following(*, secret: str, concern_uuid: UUID) -> bool:
    """Follow one concern no more; with the last one the address is erased. Whether anything is still followed.

    Raises NotFound (link).
    """
    with writing() as db:
        reader = _reader_of(db, secret)
        concern_id = select(Concern.id).where(Concern.uuid == concern_uuid).scalar_subquery()
        db.execute(delete(Following).where(Following.reader_id == reader.id, Following.concern_id == concern_id))
        if db.scalar(select(Following.concern_id).where(Following.reader_id == reader.id).limit(1)) is not None:
            return True
        db.delete(reader)
        return False


def forget_reader(*, secret: str) -> None:
    """Erase the address behind the link, with all that it follows and every mail to it that waits. An unknown link has
    nothing left to erase: mail programs may send the same click twice."""
    with writing() as db:
        db.execute(delete(Reader).where(Reader.link_digest == link_digest(secret)))


def tidy_readers(*, now: datetime | None = None) -> int:
    """Erase addresses that were not confirmed within 7 days or follow nothing any more, requests that were not, and old
    mails; how many addresses went. One statement where there is nothing to do.

    A mail that may or may not have arrived keeps its text for 30 days; its row and those of sent mails go after 90.
    """
    at = now or clock.now()
    stale = _is_stale(at)
    unconfirmed = and_(
        Following.began_at < at - CONFIRMED_WITHIN,
        exists(select(Reader.id).where(Reader.id == Following.reader_id, Reader.confirmed_at < Following.began_at)),
    )
    old = and_(Mail.state.in_((MailState.SENT, MailState.GIVEN_UP)), Mail.written_at < at - KEPT_SENT)
    uncertain = and_(Mail.state == MailState.SENDING, Mail.written_at < at - UNCERTAIN_FOR)
    with reading() as db:
        asked = or_(*(exists(select(1).where(found)) for found in (stale, unconfirmed, old, uncertain)))
        if not db.scalar(select(asked)):
            return 0
    with writing() as db:
        db.execute(delete(Following).where(unconfirmed))
        gone = db.scalars(delete(Reader).where(_is_stale(at)).returning(Reader.id)).all()
        db.execute(delete(Mail).where(old))
        db.execute(update(Mail).where(uncertain).values(state=MailState.GIVEN_UP, message=None, trouble=UNKNOWN))
        return len(gone)


def _is_stale(at: datetime) -> ColumnElement[bool]:
    follows = exists(select(Following.concern_id).where(Following.reader_id == Reader.id))
    return or_(and_(Reader.confirmed_at.is_(None), Reader.asked_at < at - CONFIRMED_WITHIN), ~follows)


def _require_calm(db: Session, at: datetime) -> None:
    """Raises TooMany."""
    recent = select(func.count()).where(Mail.kind == MailKind.CONFIRMATION, Mail.written_at > at - timedelta(hours=1))
    if (db.scalar(recent) or 0) >= MOST_CONFIRMATIONS:
        raise TooMany(MANY_ASKED)


def _reader(db: Session, to: str, language: str, at: datetime) -> Reader:
    """The reader with this address, made if it is new, locked until the end of the transaction."""
    digest = keyed_digest("reader", same_address(to))
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    db.execute(
        insert(Reader)
        .values(
            address=seal(to.encode()),
            address_digest=digest,
            link_digest=link_digest(reader_secret(to)),
            language=language,
            asked_at=at,
        )
        .on_conflict_do_nothing()
    )
    return db.scalars(select(Reader).where(Reader.address_digest == digest).with_for_update()).one()


def _reader_of(db: Session, secret: str) -> Reader:
    reader = db.scalar(select(Reader).where(Reader.link_digest == link_digest(secret)).with_for_update())
    if reader is None:
        raise NotFound(UNKNOWN_READER)
    return reader


def _key(reader: Reader, on: date) -> str:
    """One mail a day, and one more after each yes: who never says yes is asked once a day at most."""
    said_yes = f":{reader.confirmed_at.isoformat()}" if reader.confirmed_at else ""
    return f"confirm:{reader.address_digest.hex()}:{on}{said_yes}"


def _ask_to_confirm(db: Session, reader: Reader, to: str, concern_id: int, at: datetime) -> None:
    secret = reader_secret(to)
    concern = db.get_one(Concern, concern_id)
    beat = db.get_one(Beat, concern.beat_id)
    names = {row.id: row.name for row in categories(reader.language)}
    end = f"{settings().address}/mail/off/{secret}"
    with speaking(reader.language):
        letter = confirmation_letter(
            _,
            city=city().name,
            category=names.get(concern.category_id, ""),
            beat=beat.name or beat.code,
            confirm=f"{settings().address}/mail/confirm/{secret}",
            end=end,
        )
    keep_mail(
        db,
        sealed_mail(
            kind=MailKind.CONFIRMATION,
            key=_key(reader, day_of(db, at)),
            to=to,
            subject=letter.subject,
            text=letter.text,
            unsubscribe_url=end,
            reader_id=reader.id,
            now=at,
        ),
    )
