"""Questions about the people who sign in, and the officers of a beat."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select

from lib.model import Beat, City, OfficerPosting, Person, PersonRole, SignIn
from lib.rules.lifecycle import Role, Side
from lib.rules.rights import Actor
from lib.storage.transaction import reading


@dataclass(frozen=True)
class PostingRow:
    """An officer's posting; `valid_to` is the first day it no longer holds, None while it goes on."""

    id: int
    person_id: int
    beat: str
    valid_from: date
    valid_to: date | None
    hours: str


@dataclass(frozen=True)
class PersonRow:
    id: int
    name: str
    email: str
    side: Side
    roles: frozenset[Role]
    is_active: bool
    has_password: bool
    postings: tuple[PostingRow, ...]


@dataclass(frozen=True)
class OfficerRow:
    """An officer of a beat as residents see them: who, and when to meet them."""

    person_id: int
    name: str
    hours: str
    since: date


@dataclass(frozen=True)
class Account:
    """What signing in needs to know of a person."""

    person_id: int
    name: str
    side: Side
    password_hash: str
    is_active: bool


def people() -> tuple[PersonRow, ...]:
    """Everybody who may sign in or once could, by name. Three statements."""
    with reading() as db:
        persons = db.execute(
            select(
                Person.id, Person.name, Person.email, Person.side, Person.is_active, Person.password_hash != ""
            ).order_by(Person.name, Person.id)
        ).all()
        roles: dict[int, set[Role]] = defaultdict(set)
        for person_id, role in db.execute(select(PersonRole.person_id, PersonRole.role)):
            roles[person_id].add(role)
        postings: dict[int, list[PostingRow]] = defaultdict(list)
        for row in db.execute(
            select(
                OfficerPosting.id,
                OfficerPosting.person_id,
                Beat.code,
                OfficerPosting.valid_from,
                OfficerPosting.valid_to,
                OfficerPosting.hours,
            )
            .join(Beat, Beat.id == OfficerPosting.beat_id)
            .order_by(Beat.code, OfficerPosting.valid_from)
        ):
            postings[row.person_id].append(PostingRow(*row))
    return tuple(
        PersonRow(number, name, email, side, frozenset(roles[number]), active, has, tuple(postings[number]))
        for number, name, email, side, active, has in persons
    )


def officers_of_beat(code: str, on: date) -> tuple[OfficerRow, ...]:
    """The active officers posted to a beat that day, with their hours, by name. One statement."""
    with reading() as db:
        rows = db.execute(
            select(Person.id, Person.name, OfficerPosting.hours, OfficerPosting.valid_from)
            .join(OfficerPosting, OfficerPosting.person_id == Person.id)
            .join(Beat, Beat.id == OfficerPosting.beat_id)
            .where(Beat.code == code, Person.is_active, _posted(on))
            .order_by(Person.name, Person.id)
        )
        return tuple(OfficerRow(*row) for row in rows)


def account(email: str) -> Account | None:
    """The account with this address (in lower case), None if there is none. One statement."""
    with reading() as db:
        row = db.execute(
            select(Person.id, Person.name, Person.side, Person.password_hash, Person.is_active).where(
                Person.email == email
            )
        ).first()
    return Account(*row) if row else None


def actor_of_session(value: str, now: datetime) -> Actor | None:
    """Who the running sign-in with this random value belongs to; None if it is unknown or expired or the person is
    inactive.

    Postings are those of today in the city's time zone. One statement, a second one for officers.
    """
    digest = session_digest(value)
    with reading() as db:
        rows = db.execute(
            select(
                Person.id,
                Person.name,
                Person.side,
                PersonRole.role,
                select(City.time_zone).scalar_subquery().label("zone"),
            )
            .join(SignIn, SignIn.person_id == Person.id)
            .outerjoin(PersonRole, PersonRole.person_id == Person.id)
            .where(SignIn.digest == digest, SignIn.expires_at > now, Person.is_active)
        ).all()
        if not rows:
            return None
        person = rows[0]
        roles = frozenset(row.role for row in rows if row.role is not None)
        beats: frozenset[str] = frozenset()
        if Role.OFFICER in roles:
            today = now.astimezone(ZoneInfo(person.zone or "UTC")).date()
            beats = frozenset(
                db.scalars(
                    select(Beat.code)
                    .join(OfficerPosting, OfficerPosting.beat_id == Beat.id)
                    .where(OfficerPosting.person_id == person.id, _posted(today))
                )
            )
    return Actor(person.id, person.name, person.side, roles, beats)


def session_digest(value: str) -> bytes:
    """What the row of a running sign-in keeps of its random value: SHA-256."""
    return hashlib.sha256(value.encode()).digest()


def active_coordinators() -> frozenset[int]:
    """Ids of the active coordinators. One statement."""
    with reading() as db:
        return frozenset(
            db.scalars(
                select(Person.id)
                .join(PersonRole, PersonRole.person_id == Person.id)
                .where(PersonRole.role == Role.COORDINATOR, Person.is_active)
            )
        )


def has_people() -> bool:
    """Whether anybody can sign in here at all. One statement."""
    with reading() as db:
        return bool(db.scalar(select(func.count()).select_from(Person)))


def _posted(on: date) -> ColumnElement[bool]:
    return and_(OfficerPosting.valid_from <= on, or_(OfficerPosting.valid_to.is_(None), OfficerPosting.valid_to > on))


@dataclass(frozen=True)
class PossibleWitness:
    """Somebody with a PIN who can confirm as the second person."""

    person_id: int
    name: str
    side: Side


def possible_witnesses(*, beside: int, side: Side) -> tuple[PossibleWitness, ...]:
    """Everybody who can confirm beside the person with this id and side; people of other sides first. One statement."""
    with reading() as db:
        rows = db.execute(
            select(Person.id, Person.name, Person.side).where(
                Person.is_active,
                Person.pin_hash != "",
                Person.id != beside,
                Person.id.in_(select(PersonRole.person_id)),
            )
        )
        known = [PossibleWitness(*row) for row in rows]
    return tuple(sorted(known, key=lambda one: (one.side is side, one.name)))
