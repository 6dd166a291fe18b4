"""Partners and their services of a file: a plain table, or a directory in the Open Referral form (`hsds.py`)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from pathlib import Path
from re import compile as pattern

import numpy as np
import pandas as pd

from lib.errors import Invalid
from lib.importers import hsds
from lib.importers.columns import PARTNER_COLUMNS, find_columns, need_column
from lib.importers.dates import read_dates
from lib.importers.files import read_rows
from lib.importers.listing import Entry, Translation
from lib.importers.report import SHOWN, ImportReport, RefusedRow
from lib.rules.partners import (
    DESCRIPTION,
    LINE,
    NEEDS_LENGTH,
    PARTNER_NAME,
    SERVICE_NAME,
    clean_phone,
    clean_website,
)
from lib.rules.text import clean_text, clipped, counted

_TAG = pattern(r"<[^<>]{1,500}>")
_MARKDOWN = pattern(r"[*_`#]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
_LONGEST_ID = 60
_TRANSLATED = pattern(r"(name|description|hours)[ _-]([a-z]{2})")
_LANGUAGE = pattern(r"[a-z]{2}(-[a-z]{2,4})?")


@dataclass(frozen=True)
class PartnersFile:
    """`entries`: the services that can be taken, clean and within the columns' lengths, each with one phone number or
    "". `ids`: every id that stands in the file, refused or not. `inactive`: ids of services
    that the file says are no longer offered.
    """

    entries: tuple[Entry, ...]
    ids: frozenset[str]
    inactive: frozenset[str]
    report: ImportReport


def read_partners(path: Path, *, today: date, columns: Mapping[str, str] | None = None) -> PartnersFile:
    """Read partners with their services.

    Refused is a row without the name of a service or of its partner, with a phone number that cannot be dialled, with
    a check dated after `today`. Of rows with one id the first counts. Descriptions lose their HTML and are shortened.
    Raises Invalid if the file is no table and no directory, or no row can be read.
    """
    entries, refused, notes = hsds.read_directory(path) if hsds.is_directory(path) else _table(path, columns)
    taken: dict[str, Entry] = {}
    repeats: list[int] = []
    inactive, ids = set(), set()
    shortened = 0
    for entry in entries:
        key = _short(entry.id) or _own_id(entry)
        ids.add(key)
        if key in taken or key in inactive:
            repeats.append(entry.line)
            continue
        if not entry.is_active:
            inactive.add(key)
            continue
        try:
            clean, is_shortened = _cleaned(replace(entry, id=key, partner_id=_short(entry.partner_id)), today)
        except Invalid as refusal:
            refused.append(RefusedRow(entry.line, _reason(refusal), as_row(entry)))
            continue
        shortened += is_shortened
        taken[key] = clean
    if not taken and not inactive:
        first = min(refused, key=lambda row: row.line, default=RefusedRow(0, "no service", ""))
        raise Invalid(f"No row of {path.name} can be read; line {first.line}: {first.reason}.", "file")
    if repeats:
        repeating = counted(len(repeats), "row repeats", "rows repeat")
        notes.append(f"{repeating} the id of an earlier row: the first one counts.")
    if shortened:
        long = counted(shortened, "service has", "services have")
        notes.append(f"{long} longer texts than are shown here: they were shortened.")
    if inactive:
        ended = counted(len(inactive), "service is", "services are")
        notes.append(f"{ended} no longer offered, by the file’s own word, and not listed.")
    report = ImportReport(
        rows=len(taken) + len(inactive) + len(repeats) + len(refused),
        taken=len(taken) + len(inactive),
        duplicate=len(repeats),
        unreadable=len(refused),
        notes=tuple(notes),
        refused=tuple(sorted(refused, key=lambda row: row.line)),
        examples={"duplicate": repeats[:SHOWN]},
    )
    return PartnersFile(tuple(taken.values()), frozenset(ids), frozenset(inactive), report)


def as_row(entry: Entry) -> str:
    """What names a service in a report."""
    return f"{entry.id},{entry.partner},{entry.name}"[:500]


def _table(path: Path, columns: Mapping[str, str] | None) -> tuple[list[Entry], list[RefusedRow], list[str]]:
    """The rows of a plain table as entries, with those that could not be split into columns."""
    rows = read_rows(path)
    header = rows.frame.columns
    found = find_columns(header, PARTNER_COLUMNS, columns)
    need_column(found, "partner", header, "the partner’s name", PARTNER_COLUMNS["partner"])
    need_column(found, "name", header, "the service’s name", PARTNER_COLUMNS["name"])
    texts = {field: rows.frame[column].str.strip().tolist() for field, column in found.items()}
    spoken = _translated_columns(header, found.values())
    said = {
        column: rows.frame[column].str.strip().tolist() for columns in spoken.values() for column in columns.values()
    }
    days = _days(rows.frame[found["checked_on"]]) if "checked_on" in found else [None] * len(rows.frame)
    entries = []
    for at in range(len(rows.frame)):
        row = {field: values[at] for field, values in texts.items() if field != "checked_on"}
        written = texts["checked_on"][at] if "checked_on" in texts else ""
        phones = (row.pop("phone"),) if row.get("phone") else ()
        row.pop("phone", None)
        point = hsds.point_of({name: row.pop(name, "") for name in ("longitude", "latitude")})
        entries.append(
            Entry(
                line=int(rows.lines[at]),
                phones=phones,
                checked_on=days[at],
                checked=written,
                points=() if point is None else (point,),
                language=row.pop("text_language", "").lower(),
                translations=tuple(
                    Translation(language, **{field: said[column][at] for field, column in columns.items()})
                    for language, columns in spoken.items()
                    if said[columns["name"]][at] and said[columns["description"]][at]
                ),
                **row,  # type: ignore[arg-type]
            )
        )
    return entries, list(rows.refused), list(rows.notes)


def _translated_columns(header: Iterable[str], taken: Iterable[str]) -> dict[str, dict[str, str]]:
    """The columns of other languages, by language and field: `name_es` and `description_es`, with them `hours_es`. A
    language without both of the first is none."""
    found: dict[str, dict[str, str]] = {}
    for column in header:
        match = _TRANSLATED.fullmatch(str(column).strip().casefold())
        if match and column not in set(taken):
            found.setdefault(match[2], {})[match[1]] = column
    return {language: columns for language, columns in sorted(found.items()) if {"name", "description"} <= set(columns)}


def _days(written: pd.Series) -> list[date | None]:
    moments = read_dates(written.str.strip(), zone="UTC")
    days = moments.day.astype("datetime64[D]")
    return [None if np.isnat(day) else day.item() for day in days]


def _cleaned(entry: Entry, today: date) -> tuple[Entry, bool]:
    """The entry as it can be stored, and whether a text was shortened. Raises Invalid with the reason."""
    name = _line(entry.name, "service’s name", SERVICE_NAME, required=True)
    partner = _line(entry.partner, "partner’s name", PARTNER_NAME, required=True)
    if entry.checked and entry.checked_on is None:
        raise Invalid(f"“{entry.checked[:40]}” is no day of a check")
    if entry.checked_on is not None and entry.checked_on > today:
        raise Invalid("the check is dated in the future")
    description = _plain_text(entry.description)
    needs, hours, languages = map(_plain_text, (entry.needs, entry.hours, entry.languages))
    lengths = ((description, DESCRIPTION), (needs, NEEDS_LENGTH), (hours, LINE), (languages, LINE))
    clean = replace(
        entry,
        name=name,
        partner=partner,
        phones=(_dialled(entry.phones),),
        partner_phone=_dialled((entry.partner_phone,)) if entry.partner_phone else "",
        website=_website(entry.website),
        description=clipped(description, DESCRIPTION),
        needs=clipped(needs, NEEDS_LENGTH),
        hours=clipped(hours, LINE),
        languages=clipped(languages, LINE),
        language=entry.language if _LANGUAGE.fullmatch(entry.language) else "",
        translations=tuple(
            Translation(
                each.language,
                clipped(_plain_text(each.name), SERVICE_NAME),
                clipped(_plain_text(each.description), DESCRIPTION),
                clipped(_plain_text(each.hours), LINE),
            )
            for each in entry.translations
        ),
    )
    return clean, any(len(text) > longest for text, longest in lengths)


def _dialled(numbers: Iterable[str]) -> str:
    """The first number that can be dialled, "" where none is named. Raises Invalid where none of them can be."""
    named = [number.strip().strip("\"'").strip() for number in numbers]
    named = [number for number in named if number]
    for number in named:
        try:
            return clean_phone(number)
        except Invalid:
            continue
    if named:
        raise Invalid(f"the phone number “{named[0][:40]}” cannot be dialled")
    return ""


def _website(address: str) -> str:
    """The address where it is one; a wrong one is left out, for the phone number is what counts."""
    try:
        return clean_website(address)
    except Invalid:
        return ""


def _line(text: str, what: str, longest: int, *, required: bool) -> str:
    cleaned = _plain_text(text)
    if required and not cleaned:
        raise Invalid(f"no {what}")
    if len(cleaned) > longest:
        raise Invalid(f"a {what} of more than {longest} characters")
    return cleaned


def _plain_text(text: str) -> str:
    """One line without HTML and Markdown, which the standard allows in descriptions, also where they were encoded."""
    for _ in range(2):
        text = unescape(_MARKDOWN.sub("", _TAG.sub(" ", text)))
    return clean_text(_TAG.sub(" ", text), field="Text", longest=1_000_000)


def _own_id(entry: Entry) -> str:
    """The key of a row without an id: partner and name, so that the same row is the same service next time."""
    named = f"{entry.partner.strip().casefold()}\0{entry.name.strip().casefold()}\0{entry.beat.strip()}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def _short(text: str) -> str:
    """An id as it stands, or its digest where it is longer than any sensible id."""
    plain = text.strip()
    return plain if len(plain) <= _LONGEST_ID else hashlib.sha256(plain.encode()).hexdigest()[:_LONGEST_ID]


def _reason(refusal: Invalid) -> str:
    return refusal.sentence.rstrip(".")
