"""Naming the city, its categories, and what is drawn on its map."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, select

from lib.errors import Invalid
from lib.model import Category, CategoryText, City, MapFeature
from lib.rules.rights import Actor, Right, require
from lib.services.log import record
from lib.services.standard_categories import STANDARD_CATEGORIES
from lib.storage.transaction import writing


def name_city(
    *,
    name: str,
    time_zone: str,
    emergency_number: str = "911",
    languages: Iterable[str] = ("en", "es"),
    is_demonstration: bool = False,
    actor: Actor | None = None,
    from_command_line: bool = False,
) -> None:
    """Name the city of this installation, or change how it is named; a new city gets the standard categories.

    On the command line the machine's owner acts and no sign-in is asked. Raises SignInNeeded, NotAllowed, Invalid (time
    zone unknown, name empty).
    """
    if not from_command_line:
        require(actor, Right.MANAGE_CITY)
    if not name.strip():
        raise Invalid("The city needs a name.", field="name")
    if not re.fullmatch(r"\+?[0-9][0-9 ]{1,18}", emergency_number):
        raise Invalid("Write the emergency number in digits, as in 911 or 112.", field="emergency_number")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as cause:
        raise Invalid(f"{time_zone!r} is no time zone; write it as in America/Chicago.", field="time_zone") from cause
    with writing() as db:
        city = db.get(City, 1)
        if city is None:
            city = City(id=1)
            db.add(city)
        city.name, city.time_zone, city.emergency_number = name.strip(), time_zone, emergency_number
        city.languages, city.is_demonstration = list(languages), is_demonstration
        known = set(db.scalars(select(Category.key)))
        for position, standard in enumerate(STANDARD_CATEGORIES):
            if standard.key not in known:
                category = Category(
                    key=standard.key,
                    icon=standard.key,
                    colour=standard.colour,
                    position=position,
                    is_public=standard.is_public,
                )
                db.add(category)
                db.flush()
                for language, words in (("en", standard.english), ("es", standard.spanish)):
                    db.add(CategoryText(category_id=category.id, language=language, **asdict(words)))
        record(db, actor, "city_named", "city", 1, is_demonstration=is_demonstration)


def draw_features(*, kind: str, features: Iterable[Mapping[str, Any]], source: str) -> int:
    """Replace what is drawn of one kind (ground, waterline, park, school, precinct) by GeoJSON features; how many."""
    with writing() as db:
        db.execute(delete(MapFeature).where(MapFeature.kind == kind))
        rows = [
            MapFeature(
                kind=kind,
                name=str(feature["properties"].get("name") or ""),
                drawn=json.dumps(feature["geometry"], separators=(",", ":")),
                source=source,
            )
            for feature in features
        ]
        db.add_all(rows)
        record(db, None, "features_drawn", "map_feature", kind, features=len(rows))
        return len(rows)
