"""What residents tell: a concern, "me too", and taking a concern back. None of them signs in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import Beat, Category, City, Concern, ConcernPhoto, ConcernPlace, ConcernReview, Following, Support
from lib.queries.beat_lookup import BeatLookup, beat_lookup
from lib.queries.concern_story import follow_digest
from lib.queries.places import BeatRow, beat, city
from lib.queries.support_links import link_of_device
from lib.queries.supports import supports_counted
from lib.rules.ballots import crockford
from lib.rules.concerns import CONTACT_LENGTH, Frequency
from lib.rules.geography import PlaceKind, Point, cell_centre, is_plausible_point, public_cell
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus, words
from lib.rules.moderation import TextState
from lib.rules.personal import Found, find_personal, kinds_found, phone_region
from lib.rules.text import LINE_LENGTH, STORY_LENGTH, clean_text
from lib.services.log import record, text_digest, type_of_fact
from lib.services.photos import clean_photos
from lib.services.splitting import erase_parts
from lib.settings import settings
from lib.storage.secrets import keyed_digest
from lib.storage.transaction import reading, writing

NONCE_BYTES = 16

CATEGORY, TEXT, FREQUENCY, PLACE, ADDRESS, CONTACT = (
    "Category",
    "What happens",
    "How often",
    "Place",
    "Address",
    "Contact",
)
"""What `Invalid.field` names."""


@dataclass(frozen=True)
class Place:
    """Where something happens: a point, or an address in words, or the beat only. Without a point it needs the beat."""

    point: Point | None = None
    address: str = ""
    beat_code: str = ""


@dataclass(frozen=True)
class Reported:
    """A stored concern. `follow_secret` is known to its reporter alone; `was_known`: this form had been sent before."""

    uuid: UUID
    follow_secret: str
    beat: BeatRow
    was_known: bool


@dataclass(frozen=True)
class Checked:
    """A concern that could be stored as it is: cleaned, placed, and `personal` what may name a person in its text."""

    category_id: int
    category: str
    text: str
    cell: str
    beat: BeatRow
    address: str
    contact: str
    personal: tuple[Found, ...]


@dataclass(frozen=True)
class Supported:
    """Where support was counted, how much there is, and whether this device had given it before."""

    concern_uuid: UUID
    supports: int
    was_known: bool


def fresh_nonce() -> bytes:
    """What a form carries so that sending it twice counts once."""
    return secrets.token_bytes(NONCE_BYTES)


def check_concern(
    *,
    category_id: int | None,
    text: str,
    frequency: str,
    place: Place,
    place_kind: PlaceKind,
    contact: str = "",
    now: datetime | None = None,
) -> Checked:
    """Look a concern over as `report_concern` does, without storing anything.

    Raises Invalid (category, also one that never becomes public; text, frequency, place outside every beat), NotFound
    (beat).
    """
    cleaned = clean_text(text, field=TEXT, longest=STORY_LENGTH, required=True, lines=True)
    address = clean_text(place.address, field=ADDRESS, longest=LINE_LENGTH)
    reachable = clean_text(contact, field=CONTACT, longest=CONTACT_LENGTH)
    if frequency not in set(Frequency) and frequency:
        raise Invalid("Choose how often it happens from the list.", field=FREQUENCY)
    cell, found = _placed(place, place_kind, now or clock.now())
    with reading() as db:
        category = None if category_id is None else db.get(Category, category_id)
        zone = db.scalar(select(City.time_zone)) or "UTC"
    if category is None:
        raise Invalid("Choose what it is about from the list.", field=CATEGORY)
    if not category.is_public:
        raise Invalid("This is not written down here, because it would be public. See whom to call.", field=CATEGORY)
    personal = find_personal(cleaned, region=phone_region(zone))
    return Checked(category.id, category.key, cleaned, cell, found, address, reachable, personal)


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
            return Reported(concern.uuid, secret, found, was_known=False)
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

    `device` is the device's own random text; what is stored is a keyed hash of it and the concern, so that nobody sees
    what else a device supports. Raises NotFound (unknown, not public, erased), Conflict (closed).
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
        digest, follow = device_digest(concern.uuid, device), follow_digest(support_secret(concern.uuid, device))
        counted = db.execute(
            insert(Support)
            .values(concern_id=concern.id, device=digest, follow_digest=follow, supported_on=today)
            .on_conflict_do_nothing()
            .returning(Support.concern_id)
        ).first()
        if counted is None:
            # Support from before supporters had links gets its link now.
            db.execute(
                update(Support)
                .where(Support.concern_id == concern.id, Support.device == digest, Support.follow_digest.is_(None))
                .values(follow_digest=follow)
            )
        supports = db.scalar(select(supports_counted()).where(Concern.id == concern.id))
        return Supported(concern.uuid, supports or 0, was_known=counted is None)


def device_digest(concern_uuid: UUID, device: str) -> bytes:
    """What is stored of a device that supports a concern: a keyed hash, another one for each concern."""
    return keyed_digest("support", f"{concern_uuid}|{device}", 16)


def support_secret(concern_uuid: UUID, device: str) -> str:
    """The secret of a supporter's own follow link: the same each time, and nothing that is stored tells it."""
    return link_of_device(concern_uuid, device)


def erase_concern(*, follow_secret: str) -> None:
    """Erase what a reporter wrote, their photos, where exactly, and how to reach them; category, month and cell stay
    counted.

    The follow link ends with it, and mail about it. Raises NotFound if the link is unknown (or was used before).
    """
    with writing() as db:
        concern = db.scalar(
            select(Concern).where(Concern.follow_digest == follow_digest(follow_secret)).with_for_update()
        )
        if concern is None:
            raise NotFound("This link leads nowhere: it is mistyped, or the concern was erased.")
        local = concern.reported_at.astimezone(ZoneInfo(city().time_zone))
        concern.text, concern.frequency, concern.salt, concern.follow_digest = "", "", None, None
        concern.text_state = TextState.SHOWN
        # Noon in UTC is the same day, so the same month, in (nearly) every time zone.
        concern.reported_at = datetime(local.year, local.month, 1, 12, tzinfo=UTC)
        concern.erased_at = clock.now()
        for apart in (ConcernPlace, ConcernReview, ConcernPhoto):
            db.execute(delete(apart).where(apart.concern_id == concern.id))
        erase_parts(db, concern, erased_at=concern.erased_at)
        db.flush()
        # Of its parts too, which were erased with it.
        erased = select(Concern.id).where(Concern.erased_at.is_not(None))
        db.execute(delete(Following).where(Following.concern_id.in_(erased)))
        record(db, None, "concern_erased", "concern", concern.uuid)


def _follow_secret(nonce: bytes) -> str:
    """The same form has the same follow link, and nothing that is stored tells it."""
    return crockford(keyed_digest("follow link", nonce.hex(), 16)).lower()


def _placed(place: Place, kind: PlaceKind, at: datetime) -> tuple[str, BeatRow]:
    """The public cell ("" without a point) and the beat. Raises Invalid, NotFound."""
    if place.point is None:
        code = clean_text(place.beat_code, field=PLACE, longest=LINE_LENGTH)
        if not code:
            raise Invalid("Say where it is. Choose the beat, or a point.", field=PLACE)
        return "", beat(code)
    if not is_plausible_point(*place.point):
        raise Invalid("This is no point on the map. Choose it again.", field=PLACE)
    cell = public_cell(
        *place.point,
        kind,
        home_resolution=settings().home_cell_resolution,
        street_resolution=settings().street_cell_resolution,
    )
    lookup = beat_lookup(at.astimezone(ZoneInfo(city().time_zone)).date())
    found = _beat_of_cell(lookup, cell, place.point)
    if found is None:
        raise Invalid(
            f"This point lies outside every beat of {city().name}, in the water or beyond the city's limits. "
            "Choose a point on land, or choose the beat from the list.",
            field=PLACE,
        )
    return cell, found


def _beat_of_cell(lookup: BeatLookup, cell: str, point: Point) -> BeatRow | None:
    """The beat of the cell's centre. A cell at the shore may have its centre in the water while the point is on land:
    then the beat nearest to the centre, which tells no more than the cell does."""
    centre = cell_centre(cell)
    found = lookup.beat_at(centre)
    if found is None and lookup.beat_at(point) is not None:
        found = lookup.nearest(centre)
    return found


def _reported(db: Session, secret: str) -> Reported | None:
    row = db.execute(
        select(Concern.uuid, Beat.id, Beat.code, Beat.name, Beat.precinct)
        .join(Beat, Beat.id == Concern.beat_id)
        .where(Concern.follow_digest == follow_digest(secret))
    ).first()
    return Reported(row[0], secret, BeatRow(*row[1:]), was_known=True) if row else None


def _public_concern(db: Session, concern_uuid: UUID) -> Concern:
    concern = db.scalar(
        select(Concern)
        .join(Category, Category.id == Concern.category_id)
        .where(Concern.uuid == concern_uuid, Concern.erased_at.is_(None), Category.is_public)
    )
    if concern is None:
        raise NotFound("This concern does not exist, or its reporter took it back.")
    return concern
