"""Questions about who helps: partners, what they offer, and what people can join."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from lib.model import Activity, Beat, Partner, Service
from lib.rules.text import clean_text
from lib.storage.transaction import reading

LONGEST_SEARCH = 100

_SAYS_NOTHING = "a an and any at for has have help i in is me my of on or our some someone something the to we with"
SAYS_NOTHING = frozenset(_SAYS_NOTHING.split())
"""Words of a search that nearly every text has."""


@dataclass(frozen=True)
class PartnerRow:
    id: int
    name: str
    phone: str
    website: str


@dataclass(frozen=True)
class ServiceRow:
    """`beat` is the code of the only beat it is for, "" for the whole city; `checked_on`: last known to be right."""

    name: str
    description: str
    needs: str
    hours: str
    languages: str
    checked_on: date
    beat: str
    partner: str
    phone: str
    website: str


@dataclass(frozen=True)
class ActivityRow:
    """`next_at` is None where nobody has said when; `partner` and `phone` are "" where nobody runs it."""

    kind: str
    name: str
    description: str
    place: str
    rhythm: str
    next_at: datetime | None
    beat: str
    partner: str
    phone: str


def partners() -> tuple[PartnerRow, ...]:
    """Every partner, by name. One statement."""
    with reading() as db:
        rows = db.execute(
            select(Partner.id, Partner.name, Partner.phone, Partner.website).order_by(Partner.name, Partner.id)
        )
        return tuple(PartnerRow(*row) for row in rows)


def services(*, beat_code: str | None = None, words: str = "") -> tuple[ServiceRow, ...]:
    """What people can call: services for the whole city and those of the beat (of every beat without one), by name.

    With `words`, those in whose name, description, needs or partner at least one of them occurs, most of them first.
    One statement.
    """
    question = (
        select(
            Service.name,
            Service.description,
            Service.needs,
            Service.hours,
            Service.languages,
            Service.checked_on,
            func.coalesce(Beat.code, "").label("beat"),
            Partner.name.label("partner"),
            Partner.phone,
            Partner.website,
        )
        .join(Partner, Partner.id == Service.partner_id)
        .outerjoin(Beat, Beat.id == Service.beat_id)
    )
    if beat_code is not None:
        question = question.where(or_(Service.beat_id.is_(None), Beat.code == beat_code))
    found = _found(words, Service.name, Service.description, Service.needs, Partner.name)
    if found is not None:
        question = question.where(found > 0).order_by(found.desc())
    question = question.order_by(Service.name, Service.id)
    with reading() as db:
        return tuple(ServiceRow(**row._mapping) for row in db.execute(question))


def activities(*, beat_code: str | None = None, words: str = "") -> tuple[ActivityRow, ...]:
    """What people can join in a beat (or anywhere), the soonest first, searched as `services`. One statement."""
    question = (
        select(
            Activity.kind,
            Activity.name,
            Activity.description,
            Activity.place,
            Activity.rhythm,
            Activity.next_at,
            Beat.code.label("beat"),
            func.coalesce(Partner.name, "").label("partner"),
            func.coalesce(Partner.phone, "").label("phone"),
        )
        .join(Beat, Beat.id == Activity.beat_id)
        .outerjoin(Partner, Partner.id == Activity.partner_id)
    )
    if beat_code is not None:
        question = question.where(Beat.code == beat_code)
    found = _found(words, Activity.name, Activity.kind, Activity.description, Activity.place)
    if found is not None:
        question = question.where(found > 0).order_by(found.desc())
    question = question.order_by(Activity.next_at.is_(None), Activity.next_at, Activity.name, Activity.id)
    with reading() as db:
        return tuple(ActivityRow(**row._mapping) for row in db.execute(question))


def searched(words: str) -> tuple[str, ...]:
    """The words of a search that say something, in lower case and without a plural s.

    >>> searched("My neighbour drinks"), searched("Help with the  Dogs")
    (('neighbour', 'drink'), ('dog',))
    """
    cleaned = clean_text(words[:LONGEST_SEARCH], field="Search", longest=LONGEST_SEARCH).lower()
    said = [word.strip(".,;:!?") for word in cleaned.split()]
    return tuple(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in said
        if word and word not in SAYS_NOTHING
    )


def _found(words: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[int] | None:
    """How many of the words occur in at least one of the columns; None where nothing is searched."""
    counts = [
        case((or_(*(column.icontains(word, autoescape=True) for column in columns)), 1), else_=0)
        for word in searched(words)
    ]
    return sum(counts[1:], start=counts[0]) if counts else None
