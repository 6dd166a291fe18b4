"""Signing in and out. The browser holds a signed random value, the database its SHA-256; signing out deletes the row.

Wrong passwords make the next try wait (`lib/rules/people.py`). A device that signed in before keeps a signed name of
its own and waits for its own wrong tries only, so nobody can lock a person out by guessing from elsewhere.
"""

import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Invalid, NotAllowed, TooMany
from lib.model import Person, SignIn, SignInFailure
from lib.queries.people import Account, account, actor_of_session, session_digest
from lib.rules.people import PASSWORD_LONGEST, REMEMBERED, wait_before_next_try, wait_of_unknown_devices
from lib.rules.rights import Actor
from lib.rules.text import counted
from lib.services.log import record
from lib.services.passwords import hashed, is_outdated, is_right
from lib.settings import settings
from lib.storage.secrets import keyed_digest
from lib.storage.signing import sign, unsign
from lib.storage.transaction import writing

SESSION_COOKIE = "beat_session"

DEVICE_COOKIE = "beat_device"
DEVICE_SECONDS = 365 * 24 * 3600

WRONG = "The e-mail address or the password is not right."


@dataclass(frozen=True)
class SignedIn:
    """What the door puts into the two cookies: `session` and `device` are signed texts."""

    person_id: int
    session: str
    device: str


class SlowDown(TooMany):
    """Too many wrong passwords; the next try is judged after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong tries. Please wait {counted(seconds, 'second')}, then try again.")
        self.seconds = seconds


def sign_in(*, email: str, password: str, device: str = "", now: datetime | None = None) -> SignedIn:
    """Start a session for the person with this address and password.

    A try is counted before it is judged, so that many at once are slowed down like many in a row. Raises Invalid if the
    pair is wrong (the same for an unknown address, an inactive person, an account without a password), SlowDown
    with the seconds to wait, Unavailable.
    """
    at = now or clock.now()
    address = normalize("NFC", email).strip().lower()
    person = account(address)
    own_device = _device_of(device, person)
    digest = keyed_digest("sign-in", f"{address}|{own_device}")
    _count_try(digest, is_known=bool(own_device), at=at)
    typed = normalize("NFKC", password)
    kept = person.password_hash if person and person.is_active else ""
    if not is_right(typed[: PASSWORD_LONGEST + 1], kept) or person is None:
        raise Invalid(WRONG, field="password")
    with writing() as db:
        db.execute(delete(SignInFailure).where(SignInFailure.digest == digest))
        if is_outdated(kept):
            row = db.get_one(Person, person.person_id)
            row.password_hash = hashed(typed)
        return _start(db, person, own_device, at, "password")


def sign_in_with_city_account(
    *, email: str, is_verified: bool, device: str = "", now: datetime | None = None
) -> SignedIn:
    """Start a session for the person whose address the city's own sign-in (OIDC) has confirmed.

    Nobody becomes a person this way: a coordinator adds people first. Raises NotAllowed.
    """
    at = now or clock.now()
    person = account(normalize("NFC", email).strip().lower())
    if not is_verified:
        raise NotAllowed("Your city account has no confirmed e-mail address, so we cannot tell who you are.")
    if person is None or not person.is_active:
        raise NotAllowed("Your city account is not known here. Ask your coordinator to add you.")
    with writing() as db:
        return _start(db, person, _device_of(device, person), at, "city_account")


def actor_of_cookie(cookie: str | None, now: datetime) -> Actor | None:
    """The person whom a session cookie belongs to, None if it is altered, expired or signed out. One or two
    statements, none without a good signature."""
    value = _value(cookie)
    return actor_of_session(value, now) if value else None


def sign_out(*, cookie: str | None) -> None:
    """End the session of this cookie. Does nothing if there is none."""
    value = _value(cookie)
    if value is None:
        return
    with writing() as db:
        person_id = db.scalar(select(SignIn.person_id).where(SignIn.digest == session_digest(value)))
        if person_id is not None:
            db.execute(delete(SignIn).where(SignIn.digest == session_digest(value)))
            record(db, None, "signed_out", "person", person_id, everywhere=False)


def sign_out_everywhere(*, actor: Actor) -> int:
    """End every session of the person, on every device; how many."""
    with writing() as db:
        ended = end_sessions(db, actor.person_id)
        record(db, actor, "signed_out", "person", actor.person_id, everywhere=True, sessions=ended)
        return ended


def end_sessions(db: Session, person_id: int) -> int:
    """Delete a person's running sign-ins inside the caller's transaction; how many."""
    ended = db.scalars(delete(SignIn).where(SignIn.person_id == person_id).returning(SignIn.person_id)).all()
    return len(ended)


def _start(db: Session, person: Account, device: str, at: datetime, way: str) -> SignedIn:
    db.execute(delete(SignIn).where(SignIn.expires_at <= at))
    value = secrets.token_urlsafe(32)
    ends_at = at + timedelta(hours=settings().session_hours)
    db.add(SignIn(digest=session_digest(value), person_id=person.person_id, started_at=at, expires_at=ends_at))
    themselves = Actor(person.person_id, person.name, person.side, frozenset())
    record(db, themselves, "signed_in", "person", person.person_id, way=way)
    name = device or f"{person.person_id}.{secrets.token_urlsafe(16)}"
    return SignedIn(person.person_id, sign("session", value), sign("device", name))


def _value(cookie: str | None) -> str | None:
    return unsign("session", cookie, settings().session_hours * 3600) if cookie else None


def _device_of(cookie: str, person: Account | None) -> str:
    """The device's own name, if it signed in as this person before; else ""."""
    name = unsign("device", cookie, DEVICE_SECONDS) if cookie else None
    return name if name and person and name.startswith(f"{person.person_id}.") else ""


def _count_try(digest: bytes, *, is_known: bool, at: datetime) -> None:
    with writing() as db:
        if db.get_bind().dialect.name == "postgresql":
            lock = int.from_bytes(digest[:8], "big", signed=True)
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})
        db.execute(delete(SignInFailure).where(SignInFailure.failed_at <= at - REMEMBERED))
        mine = db.scalars(select(SignInFailure.failed_at).where(SignInFailure.digest == digest)).all()
        wait = wait_before_next_try(mine, at)
        if not is_known:
            recent = select(SignInFailure.failed_at).where(SignInFailure.failed_at > at - timedelta(minutes=1))
            wait = max(wait, wait_of_unknown_devices(db.scalars(recent).all(), at))
        if wait:
            raise SlowDown(math.ceil(wait.total_seconds()))
        db.add(SignInFailure(digest=digest, failed_at=at))
