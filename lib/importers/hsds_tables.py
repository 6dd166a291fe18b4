"""The tables of a directory in the Open Referral form, put together into the objects that its JSON has."""

import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from lib.errors import Invalid
from lib.importers import textual
from lib.importers.files import DAMAGED, check_size, members
from lib.importers.report import RefusedRow

LARGEST = 200_000_000
"""Bytes, unpacked: a directory of a large state takes a tenth of it."""

_TABLES = {
    "service": ("service", "services"),
    "organization": ("organization", "organizations"),
    "phone": ("phone", "phones"),
    "schedule": ("schedule", "schedules"),
    "language": ("language", "languages"),
    "place": ("service_at_location", "service_at_locations", "services_at_location"),
    "location": ("location", "locations"),
    "attribute": ("attribute", "attributes"),
    "term": ("taxonomy_term", "taxonomy_terms"),
}


def tables_in(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in members(archive, (".csv",)):
        table = _table_named(PurePosixPath(entry.filename).stem)
        if table:
            found.setdefault(table, entry)
    return found


def _table_named(stem: str) -> str:
    return next((table for table, names in _TABLES.items() if stem.lower() in names), "")


def read_tables(path: Path, refused: list[RefusedRow]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table; `_line` is the row's line in its file. Raises Invalid without a table of services."""
    contents: dict[str, tuple[bytes, str]] = {}
    if path.is_dir():
        for file in sorted(path.rglob("*.csv")):
            table = _table_named(file.stem)
            if table and table not in contents:
                contents[table] = (file.read_bytes(), file.name)
    else:
        try:
            with zipfile.ZipFile(path) as archive:
                check_size(archive, path.name, LARGEST)
                for table, entry in tables_in(archive).items():
                    contents[table] = (archive.read(entry), entry.filename)
        except DAMAGED as cause:
            raise Invalid(f"{path.name} is a damaged zip file; download it again.", "file") from cause
        except RuntimeError as cause:
            raise Invalid(f"{path.name} is protected with a password; unpack it first.", "file") from cause
    if "service" not in contents:
        raise Invalid(f"{path.name} holds no table service.csv, as a directory in the Open Referral form does.", "file")
    tables: dict[str, list[dict[str, Any]]] = {}
    for table, (content, name) in contents.items():
        if table != "service" and len(content.strip().splitlines()) < 2:
            continue
        rows = textual.from_text(content, name)
        columns = [str(column) for column in rows.frame.columns]
        tables[table] = [
            {**dict(zip(columns, row, strict=True)), "_line": int(line)}
            for row, line in zip(rows.frame.itertuples(index=False, name=None), rows.lines, strict=True)
        ]
        if table == "service":
            refused += rows.refused
    return tables


def objects_of_tables(tables: Mapping[str, list[dict[str, Any]]]) -> list[tuple[int, Any]]:
    """The services of the tables as the objects that JSON has, with their lines."""
    organizations = {row.get("id", ""): dict(row) for row in tables.get("organization", [])}
    places = _by(tables.get("place", []), "service_id")
    locations = {row.get("id", ""): row for row in tables.get("location", [])}
    terms = {row.get("id", ""): row for row in tables.get("term", [])}
    for table in ("phone", "schedule", "language"):
        of_organization = _by(tables.get(table, []), "organization_id")
        for key, organization in organizations.items():
            organization[f"{table}s"] = of_organization.get(key, [])
    attributes = _by(tables.get("attribute", []), "link_id")
    related = {
        table: {of: _by(tables.get(table, []), of) for of in ("service_id", "service_at_location_id", "location_id")}
        for table in ("phone", "schedule", "language")
    }
    objects: list[tuple[int, Any]] = []
    for row in tables["service"]:
        thing: dict[str, Any] = dict(row)
        key = row.get("id", "")
        thing["organization"] = organizations.get(row.get("organization_id", ""), {})
        thing["service_at_locations"] = [
            {"location": {field: found[field] for field in ("latitude", "longitude") if field in found}}
            for place in places.get(key, [])
            if (found := locations.get(place.get("location_id", "")))
        ]
        for table, by in related.items():
            there = [
                each
                for place in places.get(key, [])
                for each in by["service_at_location_id"].get(place.get("id", ""), [])
            ]
            near = [
                each
                for place in places.get(key, [])
                for each in by["location_id"].get(place.get("location_id", ""), [])
            ]
            thing[f"{table}s"] = by["service_id"].get(key, []) or there or near
        thing["attributes"] = [
            {**each, "taxonomy_term": terms.get(each.get("taxonomy_term_id", ""), {})}
            for each in attributes.get(key, [])
        ]
        objects.append((row["_line"], thing))
    return objects


def _by(rows: Iterable[dict[str, Any]], column: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.get(column):
            found[row[column]].append(row)
    return found
