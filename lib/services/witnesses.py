"""The second person: opening, sealing, publishing, voiding and paper need two, and the second types an own PIN.

A PIN confirms on somebody else's screen and signs nobody in. What is kept of it is an argon2id hash over a keyed
digest, so that a copy of the database without the installation's secret cannot be searched for four digits.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from lib import clock
from lib.errors import Conflict, Invalid, NotFound, SignInNeeded
from lib.model import Person, SignInFailure
from lib.rules.people import REMEMBERED, clean_pin, wait_before_next_try
from lib.rules.rights import Actor
from lib.services.log import record
from lib.services.passwords import hashed, is_right
from lib.services.sessions import SlowDown
from lib.storage.secrets import keyed_digest
from lib.storage.transaction import reading, writing

SECOND_NEEDED = "This needs two people. Let a second person choose their name and type their own PIN."
WRONG_PIN = "This PIN is not right. The second person types the PIN they chose themselves."


@dataclass(frozen=True)
class Witness:
    """Who confirms beside the person who is signed in. The PIN is never shown, logged or kept."""

    person_id: int
    pin: str = field(repr=False)


def confirmed_by(*, actor: Actor | None, second: Witness | None, now: datetime | None = None) -> int:
    """The id of the second person, if they are somebody else who may confirm and their PIN is right. Without `actor`
    the machine's owner acts on the command line.

    Called before the writing transaction begins: checking takes as long as a password does, and ballots must not wait
    for it. Raises Invalid (field "pin": nobody, no PIN, wrong PIN), Conflict (the same person), SlowDown.
    """
    if second is None or not second.pin.strip():
        raise Invalid(SECOND_NEEDED, field="pin")
    if actor is not None and second.person_id == actor.person_id:
        raise Conflict("The second person must be somebody else than the one who is signed in.")
    at = now or clock.now()
    digest = keyed_digest("pin tries", str(second.person_id))
    with reading() as db:
        kept = db.scalar(select(Person.pin_hash).where(Person.id == second.person_id, Person.is_active)) or ""
    _count_try(digest, at)
    typed = "".join(second.pin.split())
    if not is_right(_bound(second.person_id, typed), kept):
        raise Invalid(WRONG_PIN, field="pin")
    with writing() as db:
        db.execute(delete(SignInFailure).where(SignInFailure.digest == digest))
    return second.person_id


def set_own_pin(*, actor: Actor | None, password: str, pin: str) -> None:
    """Choose one's own PIN; the present password proves who asks, where the account has one.

    Raises SignInNeeded, Invalid (password, PIN).
    """
    if actor is None:
        raise SignInNeeded("Please sign in first.")
    with reading() as db:
        kept = db.scalar(select(Person.password_hash).where(Person.id == actor.person_id)) or ""
    if kept and not is_right(password, kept):
        raise Invalid("Your present password is not right.", field="present")
    _keep_pin(actor.person_id, pin, actor)


def set_pin_from_command_line(*, person_id: int, pin: str) -> None:
    """Give a person a PIN on the machine itself, where its owner acts. Raises NotFound, Invalid (PIN)."""
    _keep_pin(person_id, pin, None)


def _keep_pin(person_id: int, pin: str, actor: Actor | None) -> None:
    kept = pin_hash(person_id, pin)
    with writing() as db:
        person = db.get(Person, person_id)
        if person is None:
            raise NotFound("This person does not exist.")
        person.pin_hash = kept
        record(db, actor, "pin_set", "person", person_id)


def pin_hash(person_id: int, pin: str) -> str:
    """What is kept of a person's PIN. Raises Invalid (see `clean_pin`)."""
    return hashed(_bound(person_id, clean_pin(pin)))


def _bound(person_id: int, pin: str) -> str:
    return keyed_digest("pin", f"{person_id}:{pin}").hex()


def _count_try(digest: bytes, at: datetime) -> None:
    """Count the try before it is judged, so that many at once are slowed down like many in a row."""
    with writing() as db:
        db.execute(delete(SignInFailure).where(SignInFailure.failed_at <= at - REMEMBERED))
        mine = db.scalars(select(SignInFailure.failed_at).where(SignInFailure.digest == digest)).all()
        wait = wait_before_next_try(mine, at)
        if wait:
            raise SlowDown(math.ceil(wait.total_seconds()))
        db.add(SignInFailure(digest=digest, failed_at=at))
