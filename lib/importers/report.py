"""What every import ends in: how many rows were read, taken or not, and why, with line numbers."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHOWN = 5
"""Examples kept per kind, by line number."""


@dataclass(frozen=True)
class RefusedRow:
    """One row that could not be read: `line` as an editor counts it, why, and the row as it stood in the file."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True)
class ImportReport:
    """`rows = taken + duplicate + unreadable`; rows without coordinates or outside every beat are taken, counted apart.

    `duplicate` counts rows that are stored already or repeat the id of an earlier row; `refused` holds every unreadable
    row; `examples` gives the first line numbers of the other kinds.
    """

    rows: int
    taken: int
    without_coordinates: int = 0
    outside: int = 0
    duplicate: int = 0
    unreadable: int = 0
    notes: tuple[str, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    examples: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rows != self.taken + self.duplicate + self.unreadable:
            raise ValueError(
                f"{self.rows} rows are not {self.taken} taken + {self.duplicate} double + {self.unreadable} unreadable"
            )

    def counts(self) -> dict[str, int]:
        """The six figures, under the names they have everywhere."""
        return {
            "rows": self.rows,
            "taken": self.taken,
            "without_coordinates": self.without_coordinates,
            "outside": self.outside,
            "duplicate": self.duplicate,
            "unreadable": self.unreadable,
        }

    def as_json(self) -> dict[str, Any]:
        """The report for programs: the six figures, notes, and first examples by line number."""
        return {
            **self.counts(),
            "notes": list(self.notes),
            "examples": {
                **self.examples,
                "unreadable": [{"line": row.line, "reason": row.reason} for row in self.refused[:SHOWN]],
            },
        }

    def write_refused_csv(self, path: Path) -> None:
        """The same as a file."""
        path.write_bytes(self.refused_csv())

    def refused_csv(self) -> bytes:
        """All refused rows as a CSV that a spreadsheet opens: line, reason, the row as it stood in the file. What a
        spreadsheet would take for a formula begins with an apostrophe."""
        target = io.StringIO(newline="")
        writer = csv.writer(target)
        writer.writerow(["line", "reason", "row"])
        writer.writerows((row.line, _as_text(row.reason), _as_text(row.raw)) for row in self.refused)
        return target.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
