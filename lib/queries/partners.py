"""Questions about who helps: partners, what they offer, what people can join, and what partners have promised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lib.errors import NotFound
from lib.model import (
    Activity,
    ActivityText,
    Beat,
    City,
    Commitment,
    Goal,
    Partner,
    Service,
    ServicePlace,
    ServiceText,
)
from lib.rules.lifecycle import CommitmentState, GoalState, Party, is_overdue
from lib.rules.partners import is_long_ago
from lib.storage.transaction import reading

ENGLISH = "en"

UNKNOWN_ACTIVITY = "This activity is not here any more. Look for another one on the page Help and services."


@dataclass(frozen=True)
class PartnerRow:
    id: int
    name: str
    phone: str
    website: str


@dataclass(frozen=True)
class Wording:
    """An entry's own texts in one language (ISO 639-1). `when`: a service's hours, an activity's rhythm."""

    language: str
    name: str
    description: str
    when: str


@dataclass(frozen=True)
class ServiceRow:
    """`beat` is the code of the only beat it is for, "" for the whole city; `checked_on`: last known to be right.
    `phone`: its own, else the partner's. `places`: codes of the beats in which it can be visited, where that is known.
    `language`: in which it is written; `translations`: what it says in others."""

    id: int
    name: str
    description: str
    needs: str
    hours: str
    languages: str
    checked_on: date
    beat: str
    partner_id: int
    partner: str
    phone: str
    website: str
    is_listed: bool = True
    language: str = ENGLISH
    places: tuple[str, ...] = ()
    translations: tuple[Wording, ...] = ()

    def said_in(self, language: str) -> Wording:
        """Its texts in a language where it has them, else as it is written."""
        own = Wording(self.language, self.name, self.description, self.hours)
        return _said_in(own, self.translations, language)

    def is_stale(self, today: date) -> bool:
        """Whether it was checked so long ago that this has to be said."""
        return is_long_ago(self.checked_on, today)


@dataclass(frozen=True)
class ActivityRow:
    """`next_at` is None where nobody has said when; `partner` and `phone` are "" where nobody runs it. `can_join`:
    somebody organises it who can be told of volunteers."""

    id: int
    uuid: UUID
    kind: str
    name: str
    description: str
    place: str
    rhythm: str
    next_at: datetime | None
    needs: str
    languages: str
    checked_on: date | None
    beat: str
    partner: str
    phone: str
    can_join: bool
    language: str = ENGLISH
    translations: tuple[Wording, ...] = ()

    def said_in(self, language: str) -> Wording:
        """Its texts in a language where it has them, else as it is written."""
        own = Wording(self.language, self.name, self.description, self.rhythm)
        return _said_in(own, self.translations, language)

    def is_stale(self, today: date) -> bool:
        """Whether it was checked so long ago that this has to be said; never checked says nothing."""
        return self.checked_on is not None and is_long_ago(self.checked_on, today)


@dataclass(frozen=True)
class PromiseRow:
    """What a partner has promised for a goal: accepted (still open, or overdue), kept or broken."""

    partner_id: int
    deliverable: str
    due_on: date
    state: CommitmentState
    goal: UUID
    goal_title: str

    @property
    def is_kept(self) -> bool:
        return self.state is CommitmentState.KEPT

    @property
    def is_broken(self) -> bool:
        return self.state is CommitmentState.BROKEN

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and nobody has said what became of it."""
        return is_overdue(self.due_on, self.state, today)


def partners() -> tuple[PartnerRow, ...]:
    """Every partner, by name. One statement."""
    with reading() as db:
        rows = db.execute(
            select(Partner.id, Partner.name, Partner.phone, Partner.website).order_by(Partner.name, Partner.id)
        )
        return tuple(PartnerRow(*row) for row in rows)


def services(*, beat_code: str | None = None, unlisted: bool = False) -> tuple[ServiceRow, ...]:
    """What people can call: services for the whole city and those of the beat (of every beat without one), by name.

    `unlisted`: also those that are no longer shown to the public. Four statements.
    """
    question = (
        select(
            Service.id,
            Service.name,
            Service.description,
            Service.needs,
            Service.hours,
            Service.languages,
            Service.checked_on,
            func.coalesce(Beat.code, "").label("beat"),
            Partner.id.label("partner_id"),
            Partner.name.label("partner"),
            func.coalesce(func.nullif(Service.phone, ""), Partner.phone).label("phone"),
            Partner.website,
            Service.is_listed,
            Service.language,
        )
        .join(Partner, Partner.id == Service.partner_id)
        .outerjoin(Beat, Beat.id == Service.beat_id)
        .order_by(Service.name, Service.id)
    )
    if not unlisted:
        question = question.where(Service.is_listed)
    if beat_code is not None:
        question = question.where(or_(Service.beat_id.is_(None), Beat.code == beat_code))
    with reading() as db:
        rows = db.execute(question).all()
        usual, said = _usual_language(db), _translations(db, ServiceText.service_id, ServiceText.hours)
        places: dict[int, list[str]] = {}
        visited = select(ServicePlace.service_id, Beat.code).join(Beat, Beat.id == ServicePlace.beat_id)
        for service_id, code in db.execute(visited.order_by(ServicePlace.service_id, Beat.code)):
            places.setdefault(service_id, []).append(code)
    return tuple(
        ServiceRow(
            **{**row._mapping, "language": row.language or usual},
            places=tuple(places.get(row.id, ())),
            translations=tuple(said.get(row.id, ())),
        )
        for row in rows
    )


def activities(*, beat_code: str | None = None) -> tuple[ActivityRow, ...]:
    """What people can join in a beat (or anywhere), the soonest first. Three statements."""
    question = _activities().order_by(Activity.next_at.is_(None), Activity.next_at, Activity.name, Activity.id)
    if beat_code is not None:
        question = question.where(Beat.code == beat_code)
    with reading() as db:
        return _as_activities(db, db.execute(question).all())


def activity(uuid: UUID) -> ActivityRow:
    """One activity. Raises NotFound. Three statements."""
    with reading() as db:
        found = _as_activities(db, db.execute(_activities().where(Activity.uuid == uuid)).all())
    if not found:
        raise NotFound(UNKNOWN_ACTIVITY)
    return found[0]


def promises(partner_ids: Iterable[int] | None = None) -> tuple[PromiseRow, ...]:
    """What partners (all, or these) have promised, and what they kept and did not, for goals that were not withdrawn;
    the soonest due first. One statement."""
    question = (
        select(
            Commitment.partner_id,
            Commitment.deliverable,
            Commitment.due_on,
            Commitment.state,
            Goal.uuid.label("goal"),
            Goal.title.label("goal_title"),
        )
        .join(Goal, Goal.id == Commitment.goal_id)
        .where(
            Commitment.party == Party.PARTNER,
            Commitment.state.in_([CommitmentState.ACCEPTED, CommitmentState.KEPT, CommitmentState.BROKEN]),
            Goal.state != GoalState.WITHDRAWN,
        )
        .order_by(Commitment.due_on, Commitment.id)
    )
    if partner_ids is not None:
        question = question.where(Commitment.partner_id.in_(list(partner_ids)))
    with reading() as db:
        return tuple(PromiseRow(**row._mapping) for row in db.execute(question))


def _as_activities(db: Session, rows: Sequence[Row[Any]]) -> tuple[ActivityRow, ...]:
    usual, said = _usual_language(db), _translations(db, ActivityText.activity_id, ActivityText.rhythm)
    return tuple(
        ActivityRow(**{**row._mapping, "language": row.language or usual}, translations=tuple(said.get(row.id, ())))
        for row in rows
    )


def _usual_language(db: Session) -> str:
    """In which an entry is written that does not say so: the city's first."""
    return next(iter(db.scalar(select(City.languages)) or ()), ENGLISH)


def _translations(
    db: Session, of: InstrumentedAttribute[int], when: InstrumentedAttribute[str]
) -> dict[int, list[Wording]]:
    table = of.class_
    found: dict[int, list[Wording]] = {}
    for row_id, *texts in db.execute(
        select(of, table.language, table.name, table.description, when).order_by(of, table.language)
    ):
        found.setdefault(row_id, []).append(Wording(*texts))
    return found


def _said_in(own: Wording, translations: Sequence[Wording], language: str) -> Wording:
    found = own if own.language == language else next((each for each in translations if each.language == language), own)
    # A translation that leaves the hours out shows them as they are: figures are read everywhere.
    return found if found.when else replace(found, when=own.when)


def _activities() -> Any:
    return (
        select(
            Activity.id,
            Activity.uuid,
            Activity.kind,
            Activity.name,
            Activity.description,
            Activity.place,
            Activity.rhythm,
            Activity.next_at,
            Activity.needs,
            Activity.languages,
            Activity.checked_on,
            Beat.code.label("beat"),
            func.coalesce(Partner.name, "").label("partner"),
            func.coalesce(Partner.phone, "").label("phone"),
            Activity.organiser.is_not(None).label("can_join"),
            Activity.language,
        )
        .join(Beat, Beat.id == Activity.beat_id)
        .outerjoin(Partner, Partner.id == Activity.partner_id)
    )
