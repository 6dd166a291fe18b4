"""Questions about one concern: its story behind a follow link, and what "me too" shows of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from lib.errors import NotFound
from lib.model import Beat, Category, CategoryText, Concern, ConcernPlace, Support
from lib.queries.concern_line import AnswerRow, answers_to, concern_line
from lib.queries.places import BeatRow
from lib.queries.support_links import device_as_once_kept, device_on
from lib.queries.supports import supports_counted
from lib.rules.geography import PlaceKind
from lib.rules.lifecycle import ConcernStatus
from lib.rules.moderation import TextState
from lib.storage.transaction import reading

UNKNOWN = "This concern does not exist, or its reporter took it back."


@dataclass(frozen=True)
class OnwardConcern:
    """What a followed concern goes on in, as everybody may read it: the one that it was merged into, or a part that was
    split from it (`is_part`)."""

    uuid: UUID
    category_name: str
    text: str
    status: ConcernStatus
    supports: int
    is_part: bool
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class FollowedConcern:
    """A concern as its reporter, or somebody who said "me too", sees it through their follow link, the oldest answer
    first. `is_reporter`: only they can take it back. `merged`: how many concerns
    were merged into it.

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
    onward: tuple[OnwardConcern, ...] = ()
    merged: int = 0
    text_state: TextState = TextState.SHOWN


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
    text_state: TextState = TextState.SHOWN


def follow_digest(secret: str) -> bytes:
    """What the row keeps of a follow link's secret: SHA-256, whatever its case and the spaces around it."""
    return hashlib.sha256(secret.strip().lower().encode()).digest()


def followed_concern(secret: str, language: str = "en") -> FollowedConcern:
    """The concern behind a follow link, with what it goes on in. Three statements, one for an unknown link. Raises
    NotFound."""
    name = category_name(language)
    first, other = aliased(Concern), aliased(Concern)
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
                supports_counted().label("supports"),
                first.uuid.label("duplicate_of"),
                select(func.count())
                .where(other.duplicate_of_id == Concern.id)
                .correlate(Concern)
                .scalar_subquery()
                .label("merged"),
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
        onward = db.execute(
            select(
                Concern.id,
                Concern.uuid,
                name.label("name"),
                Concern.text,
                Concern.status,
                supports_counted().label("supports"),
                Concern.split_from_id,
            )
            .join(Category, Category.id == Concern.category_id)
            .where(
                Concern.id.in_(select(concern_line([concern.id]).c.id)), Concern.id != concern.id, Category.is_public
            )
            .order_by(Concern.id)
        ).all()
        line = {concern.id, *(each.id for each in onward)}
        answers = answers_to(db, line)
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
            answers=answers.get(concern.id, ()),
            is_reporter=concern.follow_digest == digest,
            merged=row.merged,
            onward=tuple(
                OnwardConcern(
                    uuid=each.uuid,
                    category_name=each.name,
                    text=each.text,
                    status=each.status,
                    supports=each.supports,
                    is_part=each.split_from_id in line,
                    answers=answers.get(each.id, ()),
                )
                for each in onward
            ),
            text_state=concern.text_state,
        )


def supportable_concern(concern_uuid: UUID, language: str = "en") -> SupportableConcern:
    """The public concern with this name. One statement. Raises NotFound (unknown, not public, erased)."""
    with reading() as db:
        row = db.execute(
            select(
                Concern.id,
                Concern.uuid,
                Category.key,
                category_name(language).label("name"),
                Beat.id.label("beat_id"),
                Beat.code,
                Beat.name.label("beat_name"),
                Beat.precinct,
                Concern.text,
                Concern.status,
                Concern.text_state,
                supports_counted().label("supports"),
            )
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .where(Concern.uuid == concern_uuid, Concern.erased_at.is_(None), Category.is_public)
        ).first()
    if row is None:
        raise NotFound(UNKNOWN)
    beat = BeatRow(row.beat_id, row.code, row.beat_name, row.precinct)
    return SupportableConcern(
        row.id, row.uuid, row.key, row.name, beat, row.text, row.status, row.supports, row.text_state
    )


def is_supporter(concern_uuid: UUID, device: str) -> bool:
    """Whether a device (its own random text) said "me too" to a concern. One statement."""
    kept = (device_on(concern_uuid, device), device_as_once_kept(concern_uuid, device))
    with reading() as db:
        found = (
            select(Support.concern_id)
            .join(Concern, Concern.id == Support.concern_id)
            .where(Concern.uuid == concern_uuid, Support.device.in_(kept))
        )
        return db.scalar(found) is not None


def is_followed(secret: str) -> bool:
    """Whether a supporter's follow link is known. One statement."""
    with reading() as db:
        return db.scalar(select(Support.concern_id).where(Support.follow_digest == follow_digest(secret))) is not None


def category_name(language: str) -> ColumnElement[str]:
    """The category's name in a language, else in English, else its key, as a scalar subquery."""
    wanted, english = aliased(CategoryText), aliased(CategoryText)
    return func.coalesce(
        select(wanted.name).where(wanted.category_id == Category.id, wanted.language == language).scalar_subquery(),
        select(english.name).where(english.category_id == Category.id, english.language == "en").scalar_subquery(),
        Category.key,
    )
