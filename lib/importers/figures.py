"""Adults per beat from a table: code, value, day, source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from lib.errors import Invalid
from lib.importers.columns import FIGURE_COLUMNS, find_columns, need_column
from lib.importers.dates import read_dates
from lib.importers.files import read_rows
from lib.importers.report import SHOWN, ImportReport, RefusedRow

_LARGEST = 100_000_000
_LONGEST_SOURCE = 300


@dataclass(frozen=True)
class FiguresFile:
    """`frame`: code (text), value (whole number), as_of (date), source, line; one row per code and day."""

    frame: pd.DataFrame
    report: ImportReport


def read_figures(
    path: Path, *, columns: Mapping[str, str] | None = None, as_of: date | None = None, source: str | None = None
) -> FiguresFile:
    """Read figures per beat. `as_of` and `source` hold for every row without its own; a year alone means its first day.

    Unreadable is a row without a code, with a value that is no whole number from 0 on, or without a day.
    Raises Invalid if the file is no table, a column is missing, or no row can be read.
    """
    rows = read_rows(path)
    header = rows.frame.columns
    found = find_columns(header, FIGURE_COLUMNS, columns)
    code = rows.frame[need_column(found, "code", header, "the beat's code", FIGURE_COLUMNS["code"])].str.strip()
    written = rows.frame[need_column(found, "value", header, "the figure", FIGURE_COLUMNS["value"])].str.strip()
    value = pd.to_numeric(written.str.replace(r"(?<=\d)[,  ](?=\d{3})", "", regex=True), errors="coerce")
    whole = value.notna() & (value >= 0) & (value <= _LARGEST) & (value == value.round())

    if "as_of" in found:
        text = rows.frame[found["as_of"]].str.strip()
        day = read_dates(text.where(~text.str.fullmatch(r"\d{4}"), text + "-01-01"), zone="UTC").day
    else:
        day = np.full(len(rows.frame), np.datetime64("NaT"), dtype="datetime64[D]")
    if as_of is not None:
        day = np.where(np.isnat(day), np.datetime64(as_of), day)
    origin = rows.frame[found["source"]].str.strip() if "source" in found else code.where(code == "", "")
    origin = origin.where(origin != "", source or path.name).str.slice(0, _LONGEST_SOURCE)

    reason = np.full(len(code), "", dtype=object)
    reason[np.isnat(day)] = "no day the figure is of; --as-of gives one for the whole file"
    reason[~whole.to_numpy(dtype=bool)] = "the value is no whole number from 0 on"
    reason[(code == "").to_numpy(dtype=bool)] = "no code"
    good = reason == ""
    if not good.any():
        raise Invalid(f"No row of {path.name} can be read; line {int(rows.lines[0])}: {reason[0]}.", "file")
    frame = pd.DataFrame({"code": code, "value": value, "as_of": day.astype("datetime64[s]"), "source": origin})
    frame["line"] = rows.lines
    frame = frame[good]
    repeats = frame.duplicated(["code", "as_of"]).to_numpy(dtype=bool)
    refused = [*rows.refused] + [
        RefusedRow(int(rows.lines[position]), reason[position], ",".join(rows.frame.iloc[position]))
        for position in np.flatnonzero(~good)
    ]
    report = ImportReport(
        rows=len(rows.frame) + len(rows.refused),
        taken=int(good.sum() - repeats.sum()),
        duplicate=int(repeats.sum()),
        unreadable=len(refused),
        notes=rows.notes,
        refused=tuple(sorted(refused, key=lambda row: row.line)),
        examples={"duplicate": frame.loc[repeats, "line"].head(SHOWN).tolist()},
    )
    frame = frame[~repeats].astype({"value": "int64"}).reset_index(drop=True)
    return FiguresFile(frame, report)
