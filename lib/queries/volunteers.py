"""Whose private link it is: a volunteer's for one activity, or an organiser's; and what stands behind it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from lib.errors import NotFound
from lib.model import Activity, Beat, SignUp
from lib.rules.ballots import crockford
from lib.storage.secrets import keyed_digest, unseal
from lib.storage.transaction import reading

UNKNOWN_LINK = "This link leads nowhere: it is mistyped, or it was ended, or the activity is not there any more."


@dataclass(frozen=True)
class VolunteerRow:
    """A volunteer as the organiser sees them: a first name, and a mark that names them in the organiser's form."""

    mark: str
    name: str
    confirmed_at: datetime | None


@dataclass(frozen=True)
class OrganisedActivity:
    """An activity behind its organiser's link, with everybody who confirmed, the first first."""

    id: int
    name: str
    beat: str
    volunteers: tuple[VolunteerRow, ...]


@dataclass(frozen=True)
class SignedUp:
    """What a volunteer joined, behind their own link. `uuid`: the activity's public id."""

    activity_id: int
    uuid: UUID
    activity: str
    is_confirmed: bool


def link_digest(secret: str) -> bytes:
    """What is stored of a link's secret: SHA-256, whatever its case and the spaces around it."""
    return hashlib.sha256(b"volunteers" + secret.strip().lower().encode()).digest()


def organiser_secret(activity_id: int, sealed_address: bytes) -> str:
    """The secret in an organiser's link. It ends with the address that it was made for; nothing that is stored tells
    it."""
    of = hashlib.sha256(sealed_address).hexdigest()
    return crockford(keyed_digest("organiser link", f"{activity_id}|{of}", 16)).lower()


def volunteer_secret(activity_id: int, address_digest: bytes, signed_up_at: datetime) -> str:
    """The secret in a volunteer's link: another one each time that they sign up."""
    of = f"{activity_id}|{address_digest.hex()}|{signed_up_at.astimezone(UTC).isoformat()}"
    return crockford(keyed_digest("sign-up link", of, 16)).lower()


def mark_of(digest: bytes) -> str:
    """A short name of a link in mail keys and forms; nobody gets from it to the link."""
    return digest.hex()[:16]


def organised_activity(secret: str) -> OrganisedActivity:
    """The activity behind an organiser's link. Raises NotFound. Two statements."""
    with reading() as db:
        row = db.execute(
            select(Activity.id, Activity.name, Beat.code)
            .join(Beat, Beat.id == Activity.beat_id)
            .where(Activity.organiser_digest == link_digest(secret))
        ).one_or_none()
        if row is None:
            raise NotFound(UNKNOWN_LINK)
        found = db.execute(
            select(SignUp.link_digest, SignUp.name, SignUp.confirmed_at)
            .where(SignUp.activity_id == row.id, SignUp.confirmed_at.is_not(None))
            .order_by(SignUp.confirmed_at, SignUp.id)
        ).all()
    volunteers = tuple(VolunteerRow(mark_of(each[0]), unseal(each[1]).decode(), each[2]) for each in found)
    return OrganisedActivity(row.id, row.name, row.code, volunteers)


def signed_up(secret: str) -> SignedUp:
    """What is behind a volunteer's link. Raises NotFound. One statement."""
    with reading() as db:
        row = db.execute(
            select(Activity.id, Activity.uuid, Activity.name, SignUp.confirmed_at)
            .join(Activity, Activity.id == SignUp.activity_id)
            .where(SignUp.link_digest == link_digest(secret))
        ).one_or_none()
    if row is None:
        raise NotFound(UNKNOWN_LINK)
    return SignedUp(*row[:3], row[3] is not None)
