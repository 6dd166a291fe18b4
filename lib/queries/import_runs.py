"""Questions about the imports so far: which files were taken in, and what their reports said."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lib.model import ImportRun
from lib.storage.transaction import reading


@dataclass(frozen=True)
class ImportRunRow:
    """One file: what it was, when it was taken in, and the counts and notes of its report."""

    id: int
    kind: str
    file_name: str
    sha256: str
    source: str
    imported_at: datetime
    report: dict[str, Any] = field(hash=False)

    def counted(self, name: str) -> int | None:
        """One figure of the report (rows, taken, outside, …), None where this kind of import has none."""
        value = self.report.get(name)
        return value if isinstance(value, int) else None

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(str(note) for note in self.report.get("notes", []))


def import_runs(*, at_most: int = 50) -> tuple[ImportRunRow, ...]:
    """The imports so far, the latest first. One statement."""
    with reading() as db:
        rows = db.execute(
            select(
                ImportRun.id,
                ImportRun.kind,
                ImportRun.file_name,
                ImportRun.sha256,
                ImportRun.source,
                ImportRun.imported_at,
                ImportRun.report,
            )
            .order_by(ImportRun.imported_at.desc(), ImportRun.id.desc())
            .limit(at_most)
        )
        return tuple(ImportRunRow(*row) for row in rows)
