"""Questions about what waits for a moderator, what was decided, and what everybody may know of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from lib.errors import NotFound
from lib.model import Beat, Category, CategoryText, Concern, ConcernPhoto, ConcernReview, PersonRole
from lib.queries.places import city
from lib.rules.lifecycle import Role
from lib.rules.moderation import PhotoState, Reason, TextState
from lib.settings import settings
from lib.storage.transaction import reading

NO_PHOTO = "This photo is not here, or it was taken back."

WORDS, PHOTO = "words", "photo"
"""What was kept back, as the public log says it."""


@dataclass(frozen=True)
class HeldPhoto:
    uuid: UUID
    state: PhotoState
    reason: Reason | None


@dataclass(frozen=True)
class Moderated:
    """A concern as a moderator sees it: `original` as its reporter wrote it, `public` what everybody reads now."""

    uuid: UUID
    category: str
    category_name: str
    icon: str
    colour: str
    beat: str
    reported_at: datetime
    text_state: TextState
    original: str
    public: str
    findings: tuple[str, ...]
    reason: Reason | None
    photos: tuple[HeldPhoto, ...]


@dataclass(frozen=True)
class KeptBack:
    """A row of the public log: what was kept back in a month (its first day), why and by whom, never the words.

    `what` is `WORDS` or `PHOTO`; `decision` redacted or withheld; `role` the moderator's.
    """

    month: date
    beat: str
    category: str
    what: str
    decision: str
    reason: Reason
    role: str


def waiting_for_moderator(*, limit: int = 20) -> tuple[tuple[Moderated, ...], int]:
    """Concerns with held words or photos, the oldest first, and how many there are. Three statements, one where nothing
    waits."""
    held_photo = select(ConcernPhoto.concern_id).where(ConcernPhoto.state == PhotoState.HELD)
    waits = or_(Concern.text_state == TextState.HELD, Concern.id.in_(held_photo))
    with reading() as db:
        total = db.scalar(select(func.count()).select_from(Concern).where(waits, Concern.erased_at.is_(None))) or 0
    return (_moderated(waits, newest_first=False, limit=limit), total) if total else ((), 0)


def moderated_concerns(*, limit: int = 20) -> tuple[Moderated, ...]:
    """Concerns about whose words or photos somebody has decided, the latest first. Two statements."""
    decided = select(ConcernPhoto.concern_id).where(ConcernPhoto.state != PhotoState.HELD)
    reviewed = select(ConcernReview.concern_id).where(ConcernReview.decided_at.is_not(None))
    return _moderated(or_(Concern.id.in_(decided), Concern.id.in_(reviewed)), newest_first=True, limit=limit)


def moderated_concern(concern_uuid: UUID) -> Moderated:
    """One concern, to take something back later. Two statements. Raises NotFound (unknown, erased)."""
    found = _moderated(Concern.uuid == concern_uuid, newest_first=True, limit=1)
    if not found:
        raise NotFound("This concern does not exist, or its reporter took it back.")
    return found[0]


def held_words(concern_uuids: Collection[UUID]) -> Mapping[UUID, str]:
    """The reporters' own words of those of these concerns whose words are not public as they came, for the officers of
    their beats and nobody else: the caller has checked the posting. What is public or erased is absent. One statement.
    """
    with reading() as db:
        rows = db.execute(
            select(Concern.uuid, ConcernReview.original)
            .join(ConcernReview, ConcernReview.concern_id == Concern.id)
            .where(
                Concern.uuid.in_(concern_uuids),
                Concern.text_state != TextState.SHOWN,
                Concern.erased_at.is_(None),
            )
        )
        return {row.uuid: row.original for row in rows}


def concern_photo(photo_uuid: UUID, *, is_moderator: bool = False) -> tuple[bytes, PhotoState]:
    """A photo's JPEG: shown ones for everybody, held ones for moderators, of concerns of public categories. One
    statement. Raises NotFound."""
    seen = [PhotoState.SHOWN, *([PhotoState.HELD] if is_moderator else [])]
    with reading() as db:
        row = db.execute(
            select(ConcernPhoto.photo, ConcernPhoto.state)
            .join(Concern, Concern.id == ConcernPhoto.concern_id)
            .join(Category, Category.id == Concern.category_id)
            .where(ConcernPhoto.uuid == photo_uuid, ConcernPhoto.state.in_(seen), Category.is_public)
        ).first()
    if row is None or row.photo is None:
        raise NotFound(NO_PHOTO)
    return row.photo, row.state


def photos_of(concern_uuids: Collection[UUID]) -> Mapping[UUID, tuple[HeldPhoto, ...]]:
    """The photos of these concerns, whatever their state, in the order they came. One statement."""
    photos: dict[UUID, tuple[HeldPhoto, ...]] = {}
    with reading() as db:
        rows = db.execute(
            select(Concern.uuid.label("concern"), ConcernPhoto.uuid, ConcernPhoto.state, ConcernPhoto.reason)
            .join(Concern, Concern.id == ConcernPhoto.concern_id)
            .where(Concern.uuid.in_(concern_uuids))
            .order_by(ConcernPhoto.id)
        )
        for row in rows:
            photos[row.concern] = (*photos.get(row.concern, ()), HeldPhoto(row.uuid, row.state, row.reason))
    return photos


def every_shown_photo() -> Mapping[UUID, tuple[UUID, ...]]:
    """The public photos of every public concern, in the order they came. One statement."""
    photos: dict[UUID, tuple[UUID, ...]] = {}
    with reading() as db:
        rows = db.execute(
            select(Concern.uuid.label("concern"), ConcernPhoto.uuid)
            .join(Concern, Concern.id == ConcernPhoto.concern_id)
            .join(Category, Category.id == Concern.category_id)
            .where(ConcernPhoto.state == PhotoState.SHOWN, Category.is_public)
            .order_by(ConcernPhoto.id)
        )
        for row in rows:
            photos[row.concern] = (*photos.get(row.concern, ()), row.uuid)
    return photos


def photo_address(photo_uuid: UUID) -> str:
    """Where everybody finds a public photo, with this installation's own address."""
    return f"{settings().address}/concerns/photos/{photo_uuid}.jpg"


def shown_photos(concern_uuids: Collection[UUID]) -> Mapping[UUID, tuple[UUID, ...]]:
    """The public photos of these concerns, in the order they came. One statement."""
    return {
        concern: names
        for concern, photos in photos_of(concern_uuids).items()
        if (names := tuple(photo.uuid for photo in photos if photo.state is PhotoState.SHOWN))
    }


def kept_back() -> tuple[KeptBack, ...]:
    """What was redacted or withheld of concerns of public categories, the latest month first, without a word of it.

    Of what its reporter has erased since the row stays. Three statements. Raises NotFound before there is a city.
    """
    zone = ZoneInfo(city().time_zone)
    with reading() as db:
        words = db.execute(
            select(
                ConcernReview.decided_at,
                Beat.code,
                Category.key,
                ConcernReview.decision,
                ConcernReview.reason,
                _is_coordinator(ConcernReview.person_id),
            )
            .join(Concern, Concern.id == ConcernReview.concern_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(ConcernReview.decision.in_((TextState.REDACTED, TextState.WITHHELD)), Category.is_public)
        ).all()
        photos = db.execute(
            select(
                ConcernPhoto.decided_at,
                Beat.code,
                Category.key,
                ConcernPhoto.state,
                ConcernPhoto.reason,
                _is_coordinator(ConcernPhoto.person_id),
            )
            .join(Concern, Concern.id == ConcernPhoto.concern_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(ConcernPhoto.state == PhotoState.WITHHELD, Category.is_public)
        ).all()
    rows = [
        KeptBack(
            (at or datetime.min.replace(tzinfo=UTC)).astimezone(zone).date().replace(day=1),
            beat,
            category,
            what,
            decision.value,
            reason,
            (Role.COORDINATOR if is_coordinator else Role.FACILITATOR).value,
        )
        for what, found in ((WORDS, words), (PHOTO, photos))
        for at, beat, category, decision, reason, is_coordinator in found
        if reason is not None
    ]
    return tuple(
        sorted(
            rows, key=lambda row: (-row.month.toordinal(), row.beat, row.category, row.what, row.decision, row.reason)
        )
    )


def _moderated(wanted: ColumnElement[bool], *, newest_first: bool, limit: int) -> tuple[Moderated, ...]:
    name = (
        select(CategoryText.name)
        .where(CategoryText.category_id == Category.id, CategoryText.language == "en")
        .scalar_subquery()
    )
    order = (
        (func.coalesce(ConcernReview.decided_at, Concern.reported_at).desc(), Concern.id.desc())
        if newest_first
        else (Concern.reported_at, Concern.id)
    )
    with reading() as db:
        rows = db.execute(
            select(
                Concern.uuid,
                Category.key,
                func.coalesce(name, Category.key).label("name"),
                Category.icon,
                Category.colour,
                Beat.code,
                Concern.reported_at,
                Concern.text_state,
                func.coalesce(ConcernReview.original, Concern.text).label("original"),
                Concern.text,
                ConcernReview.findings,
                ConcernReview.reason,
            )
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .outerjoin(ConcernReview, ConcernReview.concern_id == Concern.id)
            .where(wanted, Concern.erased_at.is_(None))
            .order_by(*order)
            .limit(limit)
        ).all()
    photos = photos_of([row.uuid for row in rows])
    return tuple(
        Moderated(
            uuid=row.uuid,
            category=row.key,
            category_name=row.name,
            icon=row.icon,
            colour=row.colour,
            beat=row.code,
            reported_at=row.reported_at,
            text_state=row.text_state,
            original=row.original,
            public=row.text,
            findings=tuple(row.findings or ()),
            reason=row.reason,
            photos=photos.get(row.uuid, ()),
        )
        for row in rows
    )


def _is_coordinator(person_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    return (
        select(func.count())
        .where(PersonRole.person_id == person_id, PersonRole.role == Role.COORDINATOR)
        .scalar_subquery()
        > 0
    )
