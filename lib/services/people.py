"""The people who sign in: who they are, what they may do, which beats the officers among them serve.

Every function takes the acting coordinator, or `from_command_line=True`: there the machine's owner acts and no sign-in
is asked. Raises SignInNeeded or NotAllowed otherwise.
"""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound, SignInNeeded
from lib.model import Beat, City, OfficerPosting, Person, PersonRole
from lib.queries.people import active_coordinators
from lib.rules.lifecycle import Role, Side
from lib.rules.people import clean_email, clean_password
from lib.rules.rights import Actor, Right, require
from lib.rules.text import clean_text
from lib.services.handover import hand_over
from lib.services.log import record
from lib.services.passwords import hashed, is_right
from lib.services.sessions import end_sessions
from lib.storage.transaction import reading, writing

NAME_LENGTH = 120
HOURS_LENGTH = 200


def add_person(
    *,
    name: str,
    email: str,
    side: Side,
    roles: Collection[Role],
    password: str | None = None,
    actor: Actor | None = None,
    from_command_line: bool = False,
) -> int:
    """Add somebody who may sign in; the person's id. Without a password only the city's own sign-in lets them in.

    Raises Invalid (name, e-mail, password, no role, an officer who does not stand on the officers' side), Conflict if
    the address is taken.
    """
    _check(actor, from_command_line)
    address = clean_email(email)
    stored = hashed(clean_password(password, email=address)) if password is not None else ""
    called = clean_text(name, field="Name", longest=NAME_LENGTH, required=True)
    _check_roles(roles, side)
    try:
        with writing() as db:
            person = Person(name=called, email=address, side=side, password_hash=stored)
            db.add(person)
            db.flush()
            db.add_all(PersonRole(person_id=person.id, role=role) for role in sorted(set(roles)))
            record(db, actor, "person_added", "person", person.id, side=side, roles=_listed(roles))
            return person.id
    except IntegrityError as cause:
        raise Conflict(f"{address} already belongs to a person here.") from cause


def change_roles(
    *,
    person_id: int,
    roles: Collection[Role],
    side: Side | None = None,
    actor: Actor | None = None,
    from_command_line: bool = False,
) -> None:
    """Give a person exactly these roles, and another side if one is named. Who is no officer any more hands over.

    Raises NotFound, Invalid (no role, an officer on another side), Conflict for the last coordinator.
    """
    _check(actor, from_command_line)
    with writing() as db:
        person = _person(db, person_id)
        _check_roles(roles, side or person.side)
        if Role.COORDINATOR not in roles:
            _keep_a_coordinator(person_id)
        person.side = side or person.side
        db.execute(delete(PersonRole).where(PersonRole.person_id == person_id))
        db.add_all(PersonRole(person_id=person_id, role=role) for role in sorted(set(roles)))
        hand_over(db, on=_today(db), at=clock.now())
        record(db, actor, "roles_changed", "person", person_id, side=person.side, roles=_listed(roles))


def set_password(*, person_id: int, password: str, actor: Actor | None = None, from_command_line: bool = False) -> None:
    """Give a person a new password and end their sessions. Raises NotFound, Invalid."""
    _check(actor, from_command_line)
    _keep_password(person_id, password, actor)


def change_own_password(*, actor: Actor | None, present: str, password: str) -> None:
    """Change one's own password; every session of the person ends. Raises SignInNeeded, Invalid."""
    if actor is None:
        raise SignInNeeded("Please sign in first.")
    with reading() as db:
        kept = _person(db, actor.person_id).password_hash
    if not is_right(present, kept):
        raise Invalid("Your present password is not right.", field="present")
    _keep_password(actor.person_id, password, actor)


def deactivate_person(*, person_id: int, actor: Actor | None = None, from_command_line: bool = False) -> None:
    """Let a person sign in no more and end their sessions; what they did keeps their name, what they answered for
    waits for a successor (`lib/services/handover.py`).

    Raises NotFound, Conflict for the last coordinator.
    """
    _check(actor, from_command_line)
    with writing() as db:
        person = _person(db, person_id)
        _keep_a_coordinator(person_id)
        person.is_active = False
        hand_over(db, on=_today(db), at=clock.now())
        ended = end_sessions(db, person_id)
        record(db, actor, "person_deactivated", "person", person_id, sessions_ended=ended)


def reactivate_person(*, person_id: int, actor: Actor | None = None, from_command_line: bool = False) -> None:
    """Let a person sign in again, with the roles and the password they had. Raises NotFound."""
    _check(actor, from_command_line)
    with writing() as db:
        _person(db, person_id).is_active = True
        record(db, actor, "person_reactivated", "person", person_id)


def post_officer(
    *,
    person_id: int,
    beat: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    hours: str = "",
    actor: Actor | None = None,
    from_command_line: bool = False,
) -> int:
    """Post an officer to a beat from a day (today in the city if none is named) until the day before `valid_to`.

    `hours` says when and where residents meet them. Returns the posting's id. Raises NotFound (person, beat), Invalid
    (no officer, days in the wrong order, hours too long), Conflict if the officer serves the beat on these days.
    """
    _check(actor, from_command_line)
    when = clean_text(hours, field="Hours", longest=HOURS_LENGTH)
    with writing() as db:
        _person(db, person_id)
        if db.get(PersonRole, (person_id, Role.OFFICER)) is None:
            raise Invalid("Only somebody with the role officer can be posted to a beat.", field="person")
        beat_id = db.scalar(select(Beat.id).where(Beat.code == beat))
        if beat_id is None:
            raise NotFound(f"There is no beat {beat[:32]!r}. Choose one from the list.")
        start = valid_from or _today(db)
        if valid_to is not None and valid_to <= start:
            raise Invalid("A posting ends after the day it starts on.", field="valid_to")
        overlapping = select(OfficerPosting.id).where(
            OfficerPosting.person_id == person_id,
            OfficerPosting.beat_id == beat_id,
            or_(OfficerPosting.valid_to.is_(None), OfficerPosting.valid_to > start),
        )
        if valid_to is not None:
            overlapping = overlapping.where(OfficerPosting.valid_from < valid_to)
        if db.scalar(overlapping.limit(1)) is not None:
            raise Conflict(f"This officer already serves beat {beat} on some of these days.")
        posting = OfficerPosting(person_id=person_id, beat_id=beat_id, valid_from=start, valid_to=valid_to, hours=when)
        db.add(posting)
        db.flush()
        record(
            db,
            actor,
            "officer_posted",
            "officer_posting",
            posting.id,
            person=person_id,
            beat=beat,
            valid_from=str(start),
        )
        return posting.id


def end_posting(
    *,
    posting_id: int,
    last_day: date | None = None,
    actor: Actor | None = None,
    from_command_line: bool = False,
) -> None:
    """End a posting after `last_day` (yesterday in the city if none is named, so that it holds no more today).

    A posting that would never have held is removed. Once it holds no more, what the officer answered for there waits
    for a successor. Raises NotFound.
    """
    _check(actor, from_command_line)
    with writing() as db:
        posting = db.get(OfficerPosting, posting_id)
        if posting is None:
            raise NotFound("This posting is not there any more.")
        ends = last_day + timedelta(days=1) if last_day else _today(db)
        if ends <= posting.valid_from:
            db.delete(posting)
        else:
            posting.valid_to = ends
        hand_over(db, on=_today(db), at=clock.now())
        record(db, actor, "posting_ended", "officer_posting", posting_id, valid_to=str(ends))


def _check(actor: Actor | None, from_command_line: bool) -> None:
    if not from_command_line:
        require(actor, Right.MANAGE_PEOPLE)


def _check_roles(roles: Collection[Role], side: Side) -> None:
    if not roles:
        raise Invalid("A person needs at least one role.", field="roles")
    if Role.OFFICER in roles and side is not Side.OFFICERS:
        raise Invalid("An officer stands on the officers' side.", field="side")


def _person(db: Session, person_id: int) -> Person:
    person = db.get(Person, person_id)
    if person is None:
        raise NotFound("This person is not here any more.")
    return person


def _keep_password(person_id: int, password: str, actor: Actor | None) -> None:
    """Hashing takes a while, so it is done before the transaction that others may wait for."""
    with reading() as db:
        email = _person(db, person_id).email
    stored = hashed(clean_password(password, email=email))
    with writing() as db:
        _person(db, person_id).password_hash = stored
        ended = end_sessions(db, person_id)
        record(db, actor, "password_set", "person", person_id, sessions_ended=ended)


def _keep_a_coordinator(person_id: int) -> None:
    """Without a coordinator nobody could manage people in the browser again."""
    if active_coordinators() == {person_id}:
        raise Conflict("This is the only coordinator. Make somebody else coordinator first.")


def _today(db: Session) -> date:
    return clock.today(db.scalar(select(City.time_zone)) or "UTC")


def _listed(roles: Collection[Role]) -> str:
    return " ".join(sorted(set(roles)))
