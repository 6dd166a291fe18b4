"""Questions about one concern, and about those that wait on an officer's desk."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, case, func, or_, select
from sqlalchemy.orm import aliased

from lib.errors import NotFound
from lib.model import Beat, Category, CategoryText, Concern, ConcernAnswer, ConcernPlace, Person, Support
from lib.queries.places import BeatRow
from lib.rules.geography import PlaceKind
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.storage.transaction import reading

UNKNOWN = "This concern does not exist, or its reporter took it back."


@dataclass(frozen=True)
class AnswerRow:
    """What the officers said, and the status that the concern moved to."""

    status: ConcernStatus
    text: str
    answered_at: datetime
    by: str


@dataclass(frozen=True)
class FollowedConcern:
    """A concern as its reporter, or somebody who said "me too", sees it through their follow link, the oldest answer
    first. `is_reporter`: only they can take it back.

    `has_place` and `has_contact` say what else is kept, never what it is: a link can be passed on.
    """

    uuid: UUID
    category: str
    category_name: str
    beat: BeatRow
    place_kind: PlaceKind
    has_cell: bool
    text: str
    frequency: str
    status: ConcernStatus
    reported_at: datetime
    supports: int
    has_place: bool
    has_contact: bool
    officers_may_see: bool
    duplicate_of: UUID | None
    answers: tuple[AnswerRow, ...]
    is_reporter: bool = True


@dataclass(frozen=True)
class SupportableConcern:
    """A public concern as the page of "me too" shows it."""

    id: int
    uuid: UUID
    category: str
    category_name: str
    beat: BeatRow
    text: str
    status: ConcernStatus
    supports: int


class DeskOrder(StrEnum):
    """How the desk is sorted."""

    AGE = "age"
    SUPPORT = "support"


@dataclass(frozen=True)
class DeskConcern:
    """An open concern on an officer's desk; `last_answer` is "" before the first. `may_see_place`: something exact is
    kept and its reporter agreed that officers see it."""

    uuid: UUID
    category: str
    category_name: str
    icon: str
    colour: str
    beat: str
    text: str
    frequency: str
    status: ConcernStatus
    reported_at: datetime
    answered_at: datetime | None
    supports: int
    last_answer: str
    may_see_place: bool
    is_erased: bool


def follow_digest(secret: str) -> bytes:
    """What the row keeps of a follow link's secret: SHA-256, whatever its case and the spaces around it."""
    return hashlib.sha256(secret.strip().lower().encode()).digest()


def followed_concern(secret: str, language: str = "en") -> FollowedConcern:
    """The concern behind a follow link. Two statements, one for an unknown link. Raises NotFound."""
    name = _category_name(language)
    first = aliased(Concern)
    digest = follow_digest(secret)
    supported = select(Support.concern_id).where(Support.follow_digest == digest)
    with reading() as db:
        row = db.execute(
            select(
                Concern,
                Category.key,
                name.label("name"),
                Beat,
                ConcernPlace,
                _supports().label("supports"),
                first.uuid.label("duplicate_of"),
            )
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .outerjoin(ConcernPlace, ConcernPlace.concern_id == Concern.id)
            .outerjoin(first, first.id == Concern.duplicate_of_id)
            .where(or_(Concern.follow_digest == digest, Concern.id.in_(supported)))
        ).first()
        if row is None:
            raise NotFound("This link leads nowhere: it is mistyped, or the concern was erased.")
        concern, place = row.Concern, row.ConcernPlace
        answers = db.execute(
            select(ConcernAnswer.status, ConcernAnswer.text, ConcernAnswer.answered_at, Person.name)
            .join(Person, Person.id == ConcernAnswer.person_id)
            .where(ConcernAnswer.concern_id == concern.id)
            .order_by(ConcernAnswer.answered_at, ConcernAnswer.id)
        )
        return FollowedConcern(
            uuid=concern.uuid,
            category=row.key,
            category_name=row.name,
            beat=BeatRow(row.Beat.id, row.Beat.code, row.Beat.name, row.Beat.precinct),
            place_kind=concern.place_kind,
            has_cell=bool(concern.cell),
            text=concern.text,
            frequency=concern.frequency,
            status=concern.status,
            reported_at=concern.reported_at,
            supports=row.supports,
            has_place=place is not None and (place.longitude is not None or bool(place.address)),
            has_contact=place is not None and bool(place.contact),
            officers_may_see=place is not None and place.officers_may_see,
            duplicate_of=row.duplicate_of,
            answers=tuple(AnswerRow(*answer) for answer in answers),
            is_reporter=concern.follow_digest == digest,
        )


def supportable_concern(concern_uuid: UUID, language: str = "en") -> SupportableConcern:
    """The public concern with this name. One statement. Raises NotFound (unknown, not public, erased)."""
    with reading() as db:
        row = db.execute(
            select(
                Concern.id,
                Concern.uuid,
                Category.key,
                _category_name(language).label("name"),
                Beat.id.label("beat_id"),
                Beat.code,
                Beat.name.label("beat_name"),
                Beat.precinct,
                Concern.text,
                Concern.status,
                _supports().label("supports"),
            )
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .where(Concern.uuid == concern_uuid, Concern.erased_at.is_(None), Category.is_public)
        ).first()
    if row is None:
        raise NotFound(UNKNOWN)
    beat = BeatRow(row.beat_id, row.code, row.beat_name, row.precinct)
    return SupportableConcern(row.id, row.uuid, row.key, row.name, beat, row.text, row.status, row.supports)


def is_supporter(concern_id: int, device_digest: bytes) -> bool:
    """Whether a device (by its keyed hash) said "me too" to a concern. One statement."""
    with reading() as db:
        return (
            db.scalar(
                select(Support.concern_id).where(Support.concern_id == concern_id, Support.device == device_digest)
            )
            is not None
        )


def is_followed(secret: str) -> bool:
    """Whether a supporter's follow link is known. One statement."""
    with reading() as db:
        return db.scalar(select(Support.concern_id).where(Support.follow_digest == follow_digest(secret))) is not None


def desk_concerns(
    beat_codes: Collection[str], *, order: DeskOrder = DeskOrder.AGE, limit: int = 20, language: str = "en"
) -> tuple[tuple[DeskConcern, ...], int]:
    """Open concerns of these beats and how many there are in all. Those without any answer come first; then by age
    (the oldest first) or by support. Two statements."""
    wanted = (Beat.code.in_(beat_codes), Concern.status.in_(OPEN_CONCERN))
    supports = _supports()
    unanswered_first = case((Concern.answered_at.is_(None), 0), else_=1)
    sorting = (
        (unanswered_first, Concern.reported_at, Concern.id)
        if order is DeskOrder.AGE
        else (supports.desc(), Concern.reported_at, Concern.id)
    )
    last_answer = (
        select(ConcernAnswer.text)
        .where(ConcernAnswer.concern_id == Concern.id)
        .order_by(ConcernAnswer.answered_at.desc(), ConcernAnswer.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    may_see = (
        select(func.count())
        .where(ConcernPlace.concern_id == Concern.id, ConcernPlace.officers_may_see)
        .scalar_subquery()
    )
    with reading() as db:
        total = db.scalar(
            select(func.count()).select_from(Concern).join(Beat, Beat.id == Concern.beat_id).where(*wanted)
        )
        rows = db.execute(
            select(
                Concern.uuid,
                Category.key,
                _category_name(language),
                Category.icon,
                Category.colour,
                Beat.code,
                Concern.text,
                Concern.frequency,
                Concern.status,
                Concern.reported_at,
                Concern.answered_at,
                supports.label("supports"),
                func.coalesce(last_answer, ""),
                may_see > 0,
                Concern.erased_at.is_not(None),
            )
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .where(*wanted)
            .order_by(*sorting)
            .limit(limit)
        )
        return tuple(DeskConcern(*tuple(row)) for row in rows), total or 0


def _supports() -> ScalarSelect[int]:
    return select(func.count()).where(Support.concern_id == Concern.id).scalar_subquery()


def _category_name(language: str) -> ColumnElement[str]:
    """The category's name in a language, else in English, else its key, as a scalar subquery."""
    wanted, english = aliased(CategoryText), aliased(CategoryText)
    return func.coalesce(
        select(wanted.name).where(wanted.category_id == Category.id, wanted.language == language).scalar_subquery(),
        select(english.name).where(english.category_id == Category.id, english.language == "en").scalar_subquery(),
        Category.key,
    )
