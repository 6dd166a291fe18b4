"""Joining an activity: asked for on a page, confirmed from the mailbox, ended with one click.

Nothing of it is logged: the log is kept for good, and would tell when somebody joined.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, NotFound, TooMany
from lib.languages import ENGLISH, _, languages, speaking
from lib.model import Activity, Beat, City, Mail, SignUp
from lib.queries.partners import UNKNOWN_ACTIVITY
from lib.queries.volunteers import UNKNOWN_LINK, link_digest, mark_of, organiser_secret, volunteer_secret
from lib.rules.mail import MailKind, clean_address, same_address
from lib.rules.volunteer_words import Speech, confirm_words, joined_words
from lib.rules.volunteers import MOST_FOR_AN_ADDRESS, MOST_SIGN_UPS, clean_first_name
from lib.services.mail import keep_mail, sealed_mail
from lib.settings import settings
from lib.storage.secrets import keyed_digest, seal, unseal
from lib.storage.transaction import reading, writing

NOBODY_ORGANISES = "Nobody can be told of volunteers here at the moment. Come by, or call the number if there is one."
MANY_ASKED = "Very many people asked for mail in the last hour. Please try again in an hour."

CONFIRMED_WITHIN = timedelta(days=7)


def sign_up(*, activity_id: int, name: str, address: str, language: str = ENGLISH, now: datetime | None = None) -> None:
    """Ask to join. One mail asks whoever reads at the address to confirm; before they did, nobody is told.

    Nothing tells whether the address was known. Sign-ups that nobody confirmed in 7 days are erased here. Raises
    NotFound (activity), Conflict (nobody organises it), Invalid (name, address), TooMany.
    """
    at = now or clock.now()
    first_name, to = clean_first_name(name), clean_address(address)
    with writing() as db:
        activity = db.get(Activity, activity_id)
        if activity is None:
            raise NotFound(UNKNOWN_ACTIVITY)
        if activity.organiser is None:
            raise Conflict(NOBODY_ORGANISES)
        _forget_unconfirmed(db, at)
        _require_calm(db, at)
        digest = keyed_digest("sign-up", f"{activity_id}|{same_address(to)}")
        link = link_digest(volunteer_secret(activity_id, digest, at))
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        db.execute(
            insert(SignUp)
            .values(
                activity_id=activity_id,
                name=seal(first_name.encode()),
                address=seal(to.encode()),
                address_digest=digest,
                link_digest=link,
                signed_up_at=at,
            )
            .on_conflict_do_nothing()
        )
        row = db.scalars(select(SignUp).where(SignUp.activity_id == activity_id, SignUp.address_digest == digest)).one()
        if row.confirmed_at is None:
            row.name = seal(first_name.encode())
        _ask_to_confirm(db, row, activity, to, language, at)


def confirm_sign_up(*, secret: str, now: datetime | None = None) -> None:
    """Whoever reads at the address would join; the organiser is told, once. Raises NotFound (link)."""
    at = now or clock.now()
    with writing() as db:
        row = sign_up_of(db, secret)
        if row.confirmed_at is not None:
            return
        row.confirmed_at = at
        activity = db.get_one(Activity, row.activity_id)
        if activity.organiser is None:
            return
        words = joined_words(
            voices(db),
            activity=activity.name,
            name=unseal(row.name).decode(),
            city=city_name(db),
            link=organiser_link(activity.id, activity.organiser),
        )
        keep_mail(
            db,
            sealed_mail(
                kind=MailKind.SIGN_UP,
                key=f"joined:{mark_of(row.link_digest)}",
                to=unseal(activity.organiser).decode(),
                subject=words.subject,
                text=words.text,
                now=at,
            ),
        )


def leave_activity(*, secret: str) -> None:
    """Erase the name and address behind the link and every mail about them. An unknown link has nothing left to erase:
    mail programs may send the same click twice."""
    with writing() as db:
        digest = link_digest(secret)
        db.execute(delete(SignUp).where(SignUp.link_digest == digest))
        forget_mails(db, [digest])


def forget_mails(db: Session, digests: Sequence[bytes]) -> None:
    """Delete every mail to or about the volunteers with these links, and the record that it was sent."""
    for digest in digests:
        mark = mark_of(digest)
        db.execute(delete(Mail).where(or_(Mail.key.endswith(f":{mark}"), Mail.key.contains(f":{mark}:"))))


def sign_up_of(db: Session, secret: str) -> SignUp:
    """The sign-up behind a volunteer's link, locked until the end of the transaction. Raises NotFound."""
    row = db.scalar(select(SignUp).where(SignUp.link_digest == link_digest(secret)).with_for_update())
    if row is None:
        raise NotFound(UNKNOWN_LINK)
    return row


def volunteer_link(row: SignUp) -> str:
    """The address of a volunteer's own page."""
    return f"{settings().address}/sign-up/{volunteer_secret(row.activity_id, row.address_digest, row.signed_up_at)}"


def organiser_link(activity_id: int, sealed_address: bytes) -> str:
    """The address of an organiser's own page."""
    return f"{settings().address}/organiser/{organiser_secret(activity_id, sealed_address)}"


def voices(db: Session) -> list[Speech]:
    """The languages of the city that we speak, to write to somebody whose language is not known."""
    spoken = [code for code in db.scalar(select(City.languages)) or [ENGLISH] if code in languages()]
    return [_voice(code) for code in spoken or [ENGLISH]]


def city_name(db: Session) -> str:
    return db.scalar(select(City.name)) or ""


def _voice(code: str) -> Speech:
    def say(text: str, /) -> str:
        with speaking(code):
            return _(text)

    return say


def _require_calm(db: Session, at: datetime) -> None:
    """Raises TooMany."""
    recent = select(func.count()).where(Mail.kind == MailKind.SIGN_UP, Mail.written_at > at - timedelta(hours=1))
    if (db.scalar(recent) or 0) >= MOST_SIGN_UPS:
        raise TooMany(MANY_ASKED)


def tidy_sign_ups(*, now: datetime | None = None) -> None:
    """Erase sign-ups that nobody confirmed within a week. One statement where there is none."""
    at = now or clock.now()
    with reading() as db:
        if not db.scalar(select(exists(select(SignUp.id).where(_is_stale(at))))):
            return
    with writing() as db:
        _forget_unconfirmed(db, at)


def _is_stale(at: datetime) -> ColumnElement[bool]:
    return and_(SignUp.confirmed_at.is_(None), SignUp.signed_up_at < at - CONFIRMED_WITHIN)


def _forget_unconfirmed(db: Session, at: datetime) -> None:
    stale = _is_stale(at)
    digests = db.scalars(select(SignUp.link_digest).where(stale)).all()
    if digests:
        db.execute(delete(SignUp).where(stale))
        forget_mails(db, digests)


def _ask_to_confirm(db: Session, row: SignUp, activity: Activity, to: str, language: str, at: datetime) -> None:
    """One mail a day for each sign-up, and at most three a day to one address, whatever it is asked to join."""
    asked = keyed_digest("sign-up asked", f"{same_address(to)}|{at.date()}", 8).hex()
    sent = db.scalar(select(func.count()).where(Mail.kind == MailKind.SIGN_UP, Mail.key.startswith(f"asked:{asked}:")))
    if (sent or 0) >= MOST_FOR_AN_ADDRESS:
        return
    beat = db.get_one(Beat, activity.beat_id)
    with speaking(language):
        words = confirm_words(
            _, activity=activity.name, beat=beat.name or beat.code, city=city_name(db), link=volunteer_link(row)
        )
    keep_mail(
        db,
        sealed_mail(
            kind=MailKind.SIGN_UP,
            key=f"asked:{asked}:{mark_of(row.link_digest)}",
            to=to,
            subject=words.subject,
            text=words.text,
            unsubscribe_url=f"{volunteer_link(row)}/leave",
            now=at,
        ),
    )
