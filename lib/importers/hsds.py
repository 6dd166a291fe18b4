"""A directory in the Open Referral form: Human Services Data Specification 3.x, as JSON or as a tabular data package.

JSON: a list of services, one service, a page of an API (`contents`), or organizations that hold their services. Tables:
a folder or zip with service.csv, organization.csv, phone.csv, schedule.csv, language.csv, service_at_location.csv,
attribute.csv, taxonomy_term.csv (also in the plural, as 3.0 named them). Tables are put together into the objects that
JSON has; fields as in https://docs.openreferral.org/en/3.0/hsds/schema_reference.html.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from lib.errors import Invalid
from lib.importers.files import DAMAGED, is_spreadsheet, unpacked
from lib.importers.hsds_tables import LARGEST, objects_of_tables, read_tables, tables_in
from lib.importers.listing import Entry
from lib.importers.report import RefusedRow

_LISTS = ("contents", "services", "organizations", "data", "results")
_DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
_EVERY_AGE = 99

Row = Mapping[str, Any]


def is_directory(path: Path) -> bool:
    """Whether a path holds a directory in this form: a folder or zip with a table of services, or JSON. Unreadable
    files are none: whoever reads them as a table says what is wrong."""
    if path.is_dir():
        return True
    try:
        with path.open("rb") as source:
            start = source.read(4096)
        if start.startswith(b"PK\x03\x04"):
            content = path.read_bytes()
            return not is_spreadsheet(content) and "service" in tables_in(zipfile.ZipFile(io.BytesIO(content)))
    except DAMAGED:
        return False
    if start.startswith(b"\x1f\x8b"):
        start = unpacked(path, endings=(".json", ".csv"), largest=LARGEST)[0][:4096]
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def read_directory(path: Path) -> tuple[list[Entry], list[RefusedRow], list[str]]:
    """Every service with what belongs to it, what is no service at all, and remarks. Raises Invalid."""
    refused: list[RefusedRow] = []
    if path.is_dir() or zipfile.is_zipfile(path):
        objects = objects_of_tables(read_tables(path, refused))
        notes: list[str] = []
    else:
        content, name = unpacked(path, endings=(".json",), largest=LARGEST)
        objects = list(enumerate(_objects_of_json(content, name), start=1))
        notes = ["Services are counted as objects, from 1."]
    entries = []
    for line, thing in objects:
        if not isinstance(thing, Mapping):
            refused.append(RefusedRow(line, "not an object with fields", json.dumps(thing)[:500]))
            continue
        entries.append(_entry(line, thing))
    return entries, refused, notes


def _objects_of_json(content: bytes, name: str) -> list[Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as cause:
        where = f" (line {cause.lineno})" if isinstance(cause, json.JSONDecodeError) else ""
        raise Invalid(f"{name} is not whole JSON{where}; download it again.", "file") from cause
    if isinstance(document, dict):
        document = next((document[key] for key in _LISTS if isinstance(document.get(key), list)), [document])
    services: list[Any] = []
    for thing in document:
        inside = thing.get("services") if isinstance(thing, dict) else None
        if isinstance(inside, list):
            about = {key: value for key, value in thing.items() if key != "services"}
            services += [{"organization": about, **each} if isinstance(each, dict) else each for each in inside]
        else:
            services.append(thing)
    if not services:
        raise Invalid(f"{name} holds no services.", "file")
    return services


def _entry(line: int, thing: Row) -> Entry:
    organization = _row(thing, "organization")
    places = _rows(thing, "service_at_locations")
    about = [thing, *places, *(_row(place, "location") for place in places)]
    checked = _text(thing.get("assured_date")) or _text(thing.get("last_modified"))
    return Entry(
        line=line,
        id=_text(thing.get("id")),
        partner_id=_text(organization.get("id")) or _text(thing.get("organization_id")),
        partner=_text(organization.get("name")),
        name=_text(thing.get("name")),
        description=f"{_text(thing.get('description'))} {_ages(thing)}",
        needs=_needs(thing),
        phones=_first(about, lambda each: tuple(_text(row.get("number")) for row in _rows(each, "phones")), ()),
        partner_phone=next((_text(row.get("number")) for row in _rows(organization, "phones")), ""),
        website=_text(organization.get("website")) or _text(thing.get("url")),
        hours=_first(about, lambda each: _hours(_rows(each, "schedules")), ""),
        languages=_first(about, lambda each: _languages(_rows(each, "languages")), ""),
        checked=checked,
        checked_on=_day(checked),
        is_active=_text(thing.get("status")).lower() in ("", "active"),
        points=tuple(dict.fromkeys(point for place in about[1:] if (point := point_of(place)) is not None)),
    )


def point_of(place: Row) -> tuple[float, float] | None:
    """Longitude and latitude of a place, None where it has none that can be; 0, 0 is how programs write "unknown".

    >>> point_of({"latitude": "47.6", "longitude": -122.3}), point_of({"latitude": 91, "longitude": 0})
    ((-122.3, 47.6), None)
    """
    try:
        lon, lat = float(_text(place.get("longitude"))), float(_text(place.get("latitude")))
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 and (lon, lat) != (0, 0) else None


def _first(about: Iterable[Row], of: Any, otherwise: Any) -> Any:
    """What the service says itself, else the place where it is offered."""
    return next((found for each in about if (found := of(each))), otherwise)


def _needs(thing: Row) -> str:
    terms = [
        _text(_row(each, "taxonomy_term").get("name")) or _text(each.get("value"))
        for each in _rows(thing, "attributes")
    ]
    return ", ".join(dict.fromkeys(term for term in (*terms, _text(thing.get("alternate_name"))) if term))


def _ages(thing: Row) -> str:
    """The ages that it is for, in words that the search reads."""
    low, high = (_number(thing.get(field)) for field in ("minimum_age", "maximum_age"))
    if high is not None and high < _EVERY_AGE:
        return f"For ages {low or 0} to {high}."
    return f"From {low} on." if low else ""


def _hours(schedules: Iterable[Row]) -> str:
    """Opening hours on one line: "Mon, Tue 9:00–17:00; Sat 10:00–12:00", or the schedule's own words."""
    said = []
    for row in schedules:
        days = ", ".join(
            _DAYS[day] for day in _text(row.get("byday")).upper().replace(" ", "").split(",") if day in _DAYS
        )
        opens, closes = (_clock(row.get(field)) for field in ("opens_at", "closes_at"))
        times = f"{opens}–{closes}" if opens and closes else opens
        line = " ".join(part for part in (days, times) if part) if times else _text(row.get("description"))
        if line and line not in said:
            said.append(line)
    return "; ".join(said)


def _languages(rows: Iterable[Row]) -> str:
    return ", ".join(
        dict.fromkeys(name for row in rows if (name := _text(row.get("name")) or _named(_text(row.get("code")))))
    )


def _named(code: str) -> str:
    """A language's English name, the code itself where it has none."""
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code


def _clock(value: Any) -> str:
    """A time of day without its seconds.

    >>> _clock("09:00:00"), _clock("17:30"), _clock(None)
    ('9:00', '17:30', '')
    """
    hours, colon, rest = _text(value).partition(":")
    return f"{int(hours)}:{rest[:2]}" if colon and hours.isdigit() else ""


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def _number(value: Any) -> int | None:
    try:
        return int(float(_text(value)))
    except (ValueError, OverflowError):
        return None


def _rows(thing: Row, name: str) -> list[Row]:
    found = thing.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _row(thing: Row, name: str) -> Row:
    found = thing.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str:
    if value is None or isinstance(value, (list, dict)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
