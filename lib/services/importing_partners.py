"""Importing a directory of partners and their services. All of a file or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from lib.clock import today
from lib.errors import Invalid
from lib.importers.assigning import assign_beats
from lib.importers.listing import Entry
from lib.importers.partners import as_row, read_partners
from lib.importers.report import SHOWN, RefusedRow
from lib.queries.places import boundaries, city
from lib.rules.rights import Actor, Right, require
from lib.rules.text import counted
from lib.services.import_runs import (
    Imported,
    Progress,
    beats_by_code,
    check_allowed,
    keep_run,
    reading_or_writing,
    tell,
)
from lib.services.partner_rows import LONGEST_SOURCE, store_services

DEFAULT_SOURCE = "directory"

LARGEST_UPLOAD = 20_000_000
"""Bytes: what the page Admin takes; the command takes more."""


def import_partners(
    *,
    path: Path,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    dry_run: bool = False,
    into_demonstration: bool = False,
    actor: Actor | None = None,
    from_command_line: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Import partners and services from a table or an Open Referral directory; what is stored as it stands in the file
    counts as duplicate, and services of the same `source` that the file names no more are unlisted.

    `source` is the name under which ids are unique; without one it is "directory". Rows that name a beat that is not
    stored are refused. Raises SignInNeeded, NotAllowed, NotFound (no city yet), Conflict (demonstration city), Invalid
    (the file; the source), Unavailable.
    """
    check_allowed(actor, from_command_line, dry_run=dry_run, into_demonstration=into_demonstration)
    named = (source or DEFAULT_SOURCE).strip()
    if not 0 < len(named) <= LONGEST_SOURCE:
        raise Invalid(f"The source needs a name of 1 to {LONGEST_SOURCE} characters.", "source")
    day = today(city().time_zone)
    tell(progress, "Reading the file", 0.0)
    file = read_partners(path, today=day, columns=columns)
    tell(progress, "Comparing with what is stored", 0.6)
    with reading_or_writing(dry_run=dry_run) as db:
        codes = pd.Series(sorted({entry.beat for entry in file.entries}), dtype="str")
        beats = {code: int(beat) for code, beat in zip(codes, beats_by_code(codes), strict=True) if beat is not pd.NA}
        taken = [entry for entry in file.entries if not entry.beat or entry.beat in beats]
        refused = [
            RefusedRow(entry.line, f"no beat “{entry.beat[:32]}” is stored", as_row(entry))
            for entry in file.entries
            if entry.beat and entry.beat not in beats
        ]
        if not taken and not file.inactive:
            raise Invalid(f"No row of {path.name} can be read; line {refused[0].line}: {refused[0].reason}.", "file")
        visited, outside = _visited(taken, day)
        changes = store_services(
            db,
            taken,
            source=named,
            beats=beats,
            places=visited,
            ids=file.ids,
            inactive=file.inactive,
            today=day,
            dry_run=dry_run,
        )
        notes = list(file.report.notes)
        if visited:
            notes.append(
                f"{counted(len(visited), 'service')} can be visited in "
                f"{counted(len(frozenset().union(*visited.values())), 'beat')}, by the points of the file."
            )
        if outside:
            notes.append(f"{counted(outside, 'place')} {'lies' if outside == 1 else 'lie'} outside every beat.")
        if changes.kept_unlisted:
            notes.append(
                f"{counted(changes.kept_unlisted, 'service')} of the file stay off the list here, as they were; list "
                "them again on the page Admin if that is right."
            )
        report = replace(
            file.report,
            taken=changes.added + changes.changed + len(file.inactive),
            duplicate=file.report.duplicate + changes.same,
            unreadable=file.report.unreadable + len(refused),
            refused=tuple(sorted((*file.report.refused, *refused), key=lambda row: row.line)),
            notes=tuple(notes),
            examples={"duplicate": [*file.report.examples.get("duplicate", []), *changes.lines][:SHOWN]},
        )
        further = {
            "partners_added": changes.partners_added,
            "partners_changed": changes.partners_changed,
            "services_added": changes.added,
            "services_changed": changes.changed,
            "services_unlisted": changes.unlisted,
        }
        if not dry_run and changes.any:
            keep_run(db, actor, "partners", path=path, source=named, report=report, further=further)
    tell(progress, "Done", 1.0)
    return Imported(report, further)


def import_uploaded_partners(
    *,
    actor: Actor | None,
    file_name: str,
    content: bytes,
    source: str | None = None,
    dry_run: bool = False,
    into_demonstration: bool = False,
) -> Imported:
    """As `import_partners`, of a file that came through a page. It lies on the disk while it is read, and no longer.

    Raises also Invalid (no file, too large).
    """
    require(actor, Right.IMPORT_FILES)
    if not content:
        raise Invalid("Choose a file first; this one is empty.", "file")
    if len(content) > LARGEST_UPLOAD:
        raise Invalid("This file is larger than 20 MB. Import it on the command line: docs/directory.md.", "file")
    with TemporaryDirectory(prefix="common-beat-") as folder:
        path = Path(folder) / _safe_name(file_name)
        path.write_bytes(content)
        return import_partners(
            path=path,
            source=source,
            dry_run=dry_run,
            into_demonstration=into_demonstration,
            actor=actor,
        )


def _safe_name(file_name: str) -> str:
    """The file's name as it is shown in reports, without a way out of its folder.

    >>> _safe_name("../../etc/passwd"), _safe_name(".."), _safe_name("C:\\help\\services.csv")
    ('passwd', 'file', 'services.csv')
    """
    last = file_name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable())[-80:].lstrip(".")
    return shown or "file"


def _visited(entries: Sequence[Entry], day: date) -> tuple[dict[str, frozenset[int]], int]:
    """The beats in which each service can be visited, by its id in the file, and how many places lie in none."""
    rows = [(entry.id, *point) for entry in entries for point in entry.points]
    areas = boundaries(day)
    if not rows or areas.empty:
        return {}, 0
    points = pd.DataFrame(rows, columns=["id", "lon", "lat"]).assign(occurred_on=pd.Timestamp(day))
    beats = assign_beats(points, areas)
    found: dict[str, set[int]] = {}
    for service, beat in zip(points["id"], beats, strict=True):
        if beat is not pd.NA:
            found.setdefault(service, set()).add(int(beat))
    return {service: frozenset(ids) for service, ids in found.items()}, int(beats.isna().sum())
