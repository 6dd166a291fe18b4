"""What in a text may name somebody here: the country's phone numbers, the city's own places."""

import re

from sqlalchemy import select, union

from lib.model import Beat, City, MapFeature
from lib.rules.personal import Found, find_personal, phone_region
from lib.storage.transaction import reading

_WORD = re.compile(r"[^\W\d_]{3,}")


def personal_in(text: str) -> tuple[Found, ...]:
    """What may name a person or find a home in a text from this city (`rules.personal`). Two statements."""
    with reading() as db:
        zone = db.scalar(select(City.time_zone)) or "UTC"
    return find_personal(text, region=phone_region(zone), known_places=place_words())


def place_words() -> frozenset[str]:
    """The words, in lower case, of which city, beats, parks and schools are named. One statement."""
    named = (select(column).distinct() for column in (City.name, Beat.name, Beat.precinct, MapFeature.name))
    with reading() as db:
        names = db.scalars(union(*named)).all()
    return frozenset(word for name in names for word in _WORD.findall(name.casefold()))
