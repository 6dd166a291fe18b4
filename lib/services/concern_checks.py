"""Looking a concern over before it is stored: its words, where it is, and what in it may name somebody."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lib import clock
from lib.errors import Invalid
from lib.model import Category
from lib.queries.beat_lookup import BeatLookup, beat_lookup
from lib.queries.personal import personal_in
from lib.queries.places import BeatRow, beat, city
from lib.rules.concerns import CONTACT_LENGTH, Frequency
from lib.rules.geography import PlaceKind, Point, cell_centre, is_plausible_point, public_cell
from lib.rules.personal import Found
from lib.rules.text import LINE_LENGTH, STORY_LENGTH, clean_text
from lib.settings import settings
from lib.storage.transaction import reading

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
    if category is None:
        raise Invalid("Choose what it is about from the list.", field=CATEGORY)
    if not category.is_public:
        raise Invalid("This is not written down here, because it would be public. See whom to call.", field=CATEGORY)
    return Checked(category.id, category.key, cleaned, cell, found, address, reachable, personal_in(cleaned))


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
