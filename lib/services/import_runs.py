"""What every import shares: who may, that all of a file is taken or nothing, and what is kept about it."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from lib.clock import now
from lib.errors import Conflict
from lib.importers.beats import comparable_code
from lib.importers.report import ImportReport
from lib.model import ImportRun
from lib.queries.places import beats, city
from lib.rules.rights import Actor, Right, require
from lib.services.log import record
from lib.storage.transaction import reading, writing

Progress = Callable[[str, float], None]
"""Told what is being done and the share done (0–1)."""


@dataclass(frozen=True)
class Imported:
    """An import's report, with further counts by name (beats, beats_added, boundaries_added, …)."""

    report: ImportReport
    further: dict[str, int]


def check_allowed(actor: Actor | None, from_command_line: bool, *, dry_run: bool, into_demonstration: bool) -> None:
    """Whether this may be imported here: by whom, and not into the invented city by accident (promise 18)."""
    if not from_command_line:
        require(actor, Right.IMPORT_FILES)
    if dry_run or into_demonstration or not city().is_demonstration:
        return
    raise Conflict(
        "This database holds the demonstration city, whose events are invented. Import your own data into a database "
        "of its own (set DATABASE_URL, then: python -m lib city NAME --time-zone ZONE), or add --into-demonstration."
    )


def tell(progress: Progress | None, doing: str, share: float) -> None:
    if progress is not None:
        progress(doing, share)


@contextmanager
def reading_or_writing(*, dry_run: bool) -> Iterator[Session]:
    """A dry run only asks; an import holds off every other import until it is done."""
    if dry_run:
        with reading() as db:
            yield db
        return
    with writing() as db:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_xact_lock(727403)"))
        yield db


def beats_by_code(codes: pd.Series) -> pd.Series:
    """The stored beat of each code, <NA> where there is none; one that only differs in zeros or case is found."""
    stored = beats()
    alike = {comparable_code(beat.code): beat.id for beat in stored}
    exact = {beat.code: beat.id for beat in stored}
    found = [exact.get(code, alike.get(comparable_code(code))) for code in codes]
    return pd.Series(pd.array(found, dtype="Int64"), index=codes.index)


def keep_run(
    db: Session,
    actor: Actor | None,
    kind: str,
    *,
    path: Path,
    source: str,
    report: ImportReport,
    further: dict[str, int] | None = None,
) -> None:
    """What was taken in, for the coordinator's page, and one entry in the log."""
    digest = _digest(path)
    counts = {**report.counts(), **(further or {})}
    run = ImportRun(
        kind=kind,
        file_name=path.name[:260],
        sha256=digest,
        source=source[:300],
        imported_at=now(),
        report={**counts, "notes": list(report.notes)},
    )
    db.add(run)
    db.flush()
    record(db, actor, f"{kind}_imported", "import_run", run.id, sha256=digest, **counts)


def _digest(path: Path) -> str:
    """SHA-256 of a file; of a folder, that of its files one after the other, by name."""
    if path.is_dir():
        whole = hashlib.sha256()
        for file in sorted(each for each in path.rglob("*") if each.is_file()):
            whole.update(file.relative_to(path).as_posix().encode() + b"\0" + file.read_bytes())
        return whole.hexdigest()
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
