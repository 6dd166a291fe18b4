"""Letters between an organiser and volunteers, passed on so that neither learns the other's address."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, NotFound, TooMany
from lib.model import Activity, Mail, SignUp
from lib.queries.volunteers import UNKNOWN_LINK, link_digest, mark_of
from lib.rules.mail import MailKind
from lib.rules.volunteer_words import letter_to_organiser_words, letter_to_volunteer_words
from lib.rules.volunteers import MOST_FROM_ORGANISER, MOST_FROM_VOLUNTEER, clean_letter
from lib.services.mail import keep_mail, sealed_mail
from lib.services.volunteers import city_name, organiser_link, sign_up_of, voices, volunteer_link
from lib.storage.secrets import unseal
from lib.storage.transaction import writing

TOO_MANY_LETTERS = "These are too many messages for one day. Please go on tomorrow."
NOT_CONFIRMED = "Please confirm first that you would like to join."
GONE = "This person has left the activity."
NO_ORGANISER = "Nobody organises this activity at the moment, so nobody can be written to."


def write_to_organiser(*, secret: str, letter: str, now: datetime | None = None) -> None:
    """Pass a volunteer's letter on to the organiser. Raises NotFound (link), Conflict (not confirmed, nobody organises
    it), Invalid (letter), TooMany."""
    at, text = now or clock.now(), clean_letter(letter)
    with writing() as db:
        row = sign_up_of(db, secret)
        if row.confirmed_at is None:
            raise Conflict(NOT_CONFIRMED)
        activity = db.get_one(Activity, row.activity_id)
        if activity.organiser is None:
            raise Conflict(NO_ORGANISER)
        begins = f"to-organiser:{mark_of(row.link_digest)}:{at.date()}:"
        number = _letters_so_far(db, begins)
        if number >= MOST_FROM_VOLUNTEER:
            raise TooMany(TOO_MANY_LETTERS)
        words = letter_to_organiser_words(
            voices(db),
            activity=activity.name,
            name=unseal(row.name).decode(),
            letter=text,
            city=city_name(db),
            link=organiser_link(activity.id, activity.organiser),
        )
        keep_mail(
            db,
            sealed_mail(
                kind=MailKind.RELAY,
                key=f"{begins}{number}",
                to=unseal(activity.organiser).decode(),
                subject=words.subject,
                text=words.text,
                now=at,
            ),
        )


def write_to_volunteers(*, secret: str, letter: str, mark: str = "", now: datetime | None = None) -> int:
    """Pass an organiser's letter on to everybody who confirmed, each in a mail of their own, or to the one with this
    mark; to how many. Raises NotFound (link), Conflict (nobody to write to), Invalid (letter), TooMany."""
    at, text = now or clock.now(), clean_letter(letter)
    with writing() as db:
        activity = db.scalar(select(Activity).where(Activity.organiser_digest == link_digest(secret)).with_for_update())
        if activity is None:
            raise NotFound(UNKNOWN_LINK)
        rows = db.scalars(
            select(SignUp).where(SignUp.activity_id == activity.id, SignUp.confirmed_at.is_not(None))
        ).all()
        chosen = [row for row in rows if not mark or mark_of(row.link_digest) == mark]
        if not chosen:
            raise Conflict(GONE)
        own = mark_of(link_digest(secret))
        number = _letters_of_organiser(db, own, at.date())
        if number >= MOST_FROM_ORGANISER:
            raise TooMany(TOO_MANY_LETTERS)
        said, city = voices(db), city_name(db)
        for row in chosen:
            words = letter_to_volunteer_words(
                said, activity=activity.name, letter=text, city=city, link=volunteer_link(row)
            )
            keep_mail(
                db,
                sealed_mail(
                    kind=MailKind.RELAY,
                    key=f"to-volunteer:{own}:{at.date()}:{number}:{mark_of(row.link_digest)}",
                    to=unseal(row.address).decode(),
                    subject=words.subject,
                    text=words.text,
                    unsubscribe_url=f"{volunteer_link(row)}/leave",
                    now=at,
                ),
            )
        return len(chosen)


def _letters_so_far(db: Session, begins: str) -> int:
    return len(db.scalars(select(Mail.id).where(Mail.key.startswith(begins))).all())


def _letters_of_organiser(db: Session, mark: str, day: date) -> int:
    """How many letters were written with this link today, a letter to everybody counted once.

    The next number is one above the highest, so that a volunteer who leaves, whose mails are deleted, makes no two
    letters share a key.
    """
    keys = db.scalars(select(Mail.key).where(Mail.key.startswith(f"to-volunteer:{mark}:{day}:"))).all()
    return max((int(key.split(":")[3]) + 1 for key in keys), default=0)
