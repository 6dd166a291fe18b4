"""What residents tell: a concern, "me too", and taking a concern back. None of them signs in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, NotFound
from lib.model import Beat, Category, City, Concern, ConcernPhoto, ConcernPlace, ConcernReview, Following, Support
from lib.queries.concern_story import follow_digest
from lib.queries.places import BeatRow, city
from lib.queries.support_links import device_as_once_kept, device_on, link_of_device
from lib.queries.supports import supports_counted
from lib.rules.ballots import crockford
from lib.rules.geography import PlaceKind
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.rules.moderation import TextState
from lib.rules.personal import kinds_found
from lib.rules.states import words
from lib.services.concern_checks import PLACE, Checked, Place, check_concern
from lib.services.forgetting import first_of_month, forget_words_and_photos
from lib.services.log import record, text_digest, type_of_fact
from lib.services.photos import clean_photos
from lib.services.repeats import mark_repeats
from lib.services.splitting import erase_parts
from lib.storage.secrets import keyed_digest
from lib.storage.transaction import reading, writing

__all__ = [
    "NONCE_BYTES",
    "PLACE",
    "Checked",
    "Place",
    "Reported",
    "Supported",
    "check_concern",
    "erase_concern",
    "fresh_nonce",
    "report_concern",
    "reported_before",
    "support_concern",
    "support_secret",
]

NONCE_BYTES = 16


@dataclass(frozen=True)
class Reported:
    """A stored concern. `follow_secret` is known to its reporter alone; `was_known`: this form had been sent before;
    `is_held`: a moderator reads the words before everybody can."""

    uuid: UUID
    follow_secret: str
    beat: BeatRow
    was_known: bool
    is_held: bool


@dataclass(frozen=True)
class Supported:
    """Where support was counted, how much there is, and whether this device had given it before, there or to a concern
    that is merged with it."""

    concern_uuid: UUID
    supports: int
    was_known: bool


def fresh_nonce() -> bytes:
    """What a form carries so that sending it twice counts once."""
    return secrets.token_bytes(NONCE_BYTES)


def report_concern(
    *,
    category_id: int | None,
    text: str,
    frequency: str,
    place: Place,
    place_kind: PlaceKind,
    contact: str = "",
    officers_may_see: bool = False,
    photos: Sequence[bytes] = (),
    nonce: bytes | None = None,
    now: datetime | None = None,
) -> Reported:
    """Store a concern: the cell and its beat in the public row, everything finer apart from it.

    With a point the beat is that of the cell's centre (where that lies in the water: the nearest one). A text that may
    name a person or find a home is held for a moderator, and so is every photo. The same `nonce` again stores nothing
    and returns the first. Raises Invalid (as `check_concern`; photos), NotFound (beat).
    """
    at = now or clock.now()
    checked = check_concern(
        category_id=category_id,
        text=text,
        frequency=frequency,
        place=place,
        place_kind=place_kind,
        contact=contact,
        now=at,
    )
    found, pictures = checked.beat, clean_photos(photos)
    secret = _follow_secret(nonce or fresh_nonce())
    try:
        with writing() as db:
            known = _reported(db, secret)
            if known is not None:
                return known
            concern = Concern(
                category_id=checked.category_id,
                beat_id=found.id,
                cell=checked.cell,
                place_kind=place_kind,
                text="" if checked.personal else checked.text,
                text_state=TextState.HELD if checked.personal else TextState.SHOWN,
                frequency=frequency,
                status=ConcernStatus.NEW,
                reported_at=at,
                salt=secrets.token_bytes(16),
                follow_digest=follow_digest(secret),
            )
            db.add(concern)
            db.flush()
            if checked.personal:
                kinds = kinds_found(checked.personal)
                db.add(ConcernReview(concern_id=concern.id, original=checked.text, findings=kinds, held_at=at))
            db.add_all(ConcernPhoto(concern_id=concern.id, photo=picture, added_at=at) for picture in pictures)
            if place.point or checked.address or checked.contact:
                db.add(
                    ConcernPlace(
                        concern_id=concern.id,
                        longitude=place.point.longitude if place.point else None,
                        latitude=place.point.latitude if place.point else None,
                        address=checked.address,
                        contact=checked.contact,
                        officers_may_see=officers_may_see,
                    )
                )
            facts: dict[str, type_of_fact] = {
                "beat": found.code,
                "text_digest": text_digest(concern.salt or b"", checked.text),
                "text_state": concern.text_state.value,
                "photos": len(pictures),
            }
            record(db, None, "concern_reported", "concern", concern.uuid, **facts)
            return Reported(concern.uuid, secret, found, was_known=False, is_held=concern.text_state is TextState.HELD)
    except IntegrityError:
        # The same form arrived twice at once: the other one was faster.
        with writing() as db:
            known = _reported(db, secret)
        if known is None:
            raise
        return known


def reported_before(*, nonce: bytes) -> Reported | None:
    """What a form with this nonce has stored already, None if it has not been sent. Asks only."""
    with reading() as db:
        return _reported(db, _follow_secret(nonce))


def support_concern(*, concern_uuid: UUID, device: str, now: datetime | None = None) -> Supported:
    """Say "me too", once per device; support for a duplicate counts for the concern it duplicates. The device's own
    follow link (`support_secret`) leads to the concern from then on.

    `device` is the device's own random text; what is stored is a keyed hash of it, sealed for the concern: without the
    installation's secret nobody sees what else a device supports. Raises NotFound (unknown, not public, erased),
    Conflict (closed).
    """
    with writing() as db:
        concern = _public_concern(db, concern_uuid)
        if concern.status is ConcernStatus.DUPLICATE and concern.duplicate_of_id is not None:
            concern = _public_concern(db, db.get_one(Concern, concern.duplicate_of_id).uuid)
        if concern.status not in OPEN_CONCERN:
            raise Conflict(f"This concern is closed ({words(concern.status)}). If it goes on, please raise it again.")
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        zone = ZoneInfo(db.scalar(select(City.time_zone)) or "UTC")
        today = (now or clock.now()).astimezone(zone).date()
        kept, follow = device_on(concern.uuid, device), follow_digest(support_secret(concern.uuid, device))
        db.execute(
            update(Support)
            .where(Support.concern_id == concern.id, Support.device == device_as_once_kept(concern.uuid, device))
            .values(device=kept)
        )
        counted = db.execute(
            insert(Support)
            .values(concern_id=concern.id, device=kept, follow_digest=follow, supported_on=today)
            .on_conflict_do_nothing()
            .returning(Support.concern_id)
        ).first()
        if counted is None:
            # Support from before supporters had links gets its link now.
            db.execute(
                update(Support)
                .where(Support.concern_id == concern.id, Support.device == kept, Support.follow_digest.is_(None))
                .values(follow_digest=follow)
            )
        was_elsewhere = mark_repeats(db, concern.id) > 0 if counted is not None else False
        supports = db.scalar(select(supports_counted()).where(Concern.id == concern.id))
        return Supported(concern.uuid, supports or 0, was_known=counted is None or was_elsewhere)


def support_secret(concern_uuid: UUID, device: str) -> str:
    """The secret of a supporter's own follow link: the same each time, and nothing that is stored tells it."""
    return link_of_device(concern_uuid, device)


def erase_concern(*, follow_secret: str) -> None:
    """Erase what a reporter wrote, their photos, where exactly, and how to reach them; category, month and cell stay
    counted, and so does what a moderator kept back of it.

    The follow link ends with it, and mail about it. Raises NotFound if the link is unknown (or was used before).
    """
    with writing() as db:
        concern = db.scalar(
            select(Concern).where(Concern.follow_digest == follow_digest(follow_secret)).with_for_update()
        )
        if concern is None:
            raise NotFound("This link leads nowhere: it is mistyped, or the concern was erased.")
        concern.text, concern.frequency, concern.salt, concern.follow_digest = "", "", None, None
        concern.text_state = TextState.SHOWN
        concern.reported_at = first_of_month(concern.reported_at, ZoneInfo(city().time_zone))
        concern.erased_at = clock.now()
        db.execute(delete(ConcernPlace).where(ConcernPlace.concern_id == concern.id))
        forget_words_and_photos(db, [concern.id])
        erase_parts(db, concern, erased_at=concern.erased_at)
        db.flush()
        # Of its parts too, which were erased with it.
        erased = select(Concern.id).where(Concern.erased_at.is_not(None))
        db.execute(delete(Following).where(Following.concern_id.in_(erased)))
        record(db, None, "concern_erased", "concern", concern.uuid)


def _follow_secret(nonce: bytes) -> str:
    """The same form has the same follow link, and nothing that is stored tells it."""
    return crockford(keyed_digest("follow link", nonce.hex(), 16)).lower()


def _reported(db: Session, secret: str) -> Reported | None:
    row = db.execute(
        select(Concern.uuid, Concern.text_state, Beat.id, Beat.code, Beat.name, Beat.precinct)
        .join(Beat, Beat.id == Concern.beat_id)
        .where(Concern.follow_digest == follow_digest(secret))
    ).first()
    if row is None:
        return None
    return Reported(row[0], secret, BeatRow(*row[2:]), was_known=True, is_held=row.text_state is TextState.HELD)


def _public_concern(db: Session, concern_uuid: UUID) -> Concern:
    concern = db.scalar(
        select(Concern)
        .join(Category, Category.id == Concern.category_id)
        .where(Concern.uuid == concern_uuid, Concern.erased_at.is_(None), Category.is_public)
    )
    if concern is None:
        raise NotFound("This concern does not exist, or its reporter took it back.")
    return concern
