"""Recorded incidents of a city's file: crime or calls for service, one row each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.errors import Invalid
from lib.importers.columns import INCIDENT_COLUMNS, find_columns, need_column, plain
from lib.importers.coordinates import read_coordinates
from lib.importers.dates import Moments, read_dates
from lib.importers.files import Rows, read_rows
from lib.importers.keys import row_keys
from lib.importers.report import SHOWN, ImportReport, RefusedRow
from lib.rules.text import counted

UNNAMED = "recorded incident"
"""Category of a file that has none and was given none."""

_LONGEST_CATEGORY = 120
_LONGEST_CODE = 32


@dataclass(frozen=True)
class IncidentsFile:
    """`frame` holds the rows that can be taken: source_key, category, occurred_on (date), occurred_at (UTC or NaT),
    precision ("day" or "month"), lon, lat (WGS 84, NaN without coordinates), stored_code ("" without), line.

    `report.taken` counts them all; what the database holds already and what lies outside every beat is for the service.
    """

    frame: pd.DataFrame
    report: ImportReport


def read_incidents(
    path: Path,
    *,
    time_zone: str,
    today: date,
    columns: Mapping[str, str] | None = None,
    category: str | None = None,
    crs: str | None = None,
    month_first: bool | None = None,
) -> IncidentsFile:
    """Read a file of recorded incidents.

    `columns` names columns that are not recognised (field → column, fields of `columns.INCIDENT_COLUMNS`), `category`
    is that of every row, `crs` that of projected coordinates. Unreadable is a row without a readable date, dated after
    `today`, without a category where there is a column for it, or with more or fewer values than the header.
    Raises Invalid if the file is no table, a column is missing, or no row can be read.
    """
    rows = read_rows(path)
    found = find_columns(rows.frame.columns, INCIDENT_COLUMNS, columns)
    date_column = need_column(found, "date", rows.frame.columns, "the date", INCIDENT_COLUMNS["date"])
    notes = list(rows.notes)

    times = rows.frame[found["time"]] if "time" in found and found["time"] != date_column else None
    moments = read_dates(rows.frame[date_column], zone=time_zone, times=times, month_first=month_first)
    (lon, lat), remarks = read_coordinates(rows.frame, found, crs=crs)
    notes += [*moments.notes, *remarks]
    categories, remark = _categories(rows.frame, found, category)
    notes += remark
    reason = _reasons(moments, categories, today)
    keys = row_keys(rows.frame, found)
    readable = reason == ""
    taken = readable & ~keys.is_repeat
    if not readable.any():
        first = rows.refused[0].reason if rows.refused else reason[0]
        line = rows.refused[0].line if rows.refused else int(rows.lines[0])
        raise Invalid(f"No row of {path.name} can be read; line {line}: {first}.", "file")

    is_month = np.full(len(rows.frame), plain(date_column) == "month") | moments.is_month
    frame = pd.DataFrame(
        {
            "source_key": keys.key,
            "category": categories,
            "occurred_on": moments.day.astype("datetime64[s]"),
            "occurred_at": moments.at,
            "precision": pd.Categorical.from_codes(is_month.astype(np.int8), categories=pd.Index(["day", "month"])),
            "lon": lon,
            "lat": lat,
            "stored_code": _codes(rows.frame, found),
            "line": rows.lines,
        }
    )
    repeats = readable & keys.is_repeat
    refused = [*rows.refused, *_refused(rows, reason)]
    if repeats.any():
        repeating = counted(int(repeats.sum()), "row repeats", "rows repeat")
        notes.append(f"{repeating} the id of an earlier row: the first one counts.")
    frame = frame if taken.all() else frame.loc[taken].reset_index(drop=True)
    unlocated = frame["line"].to_numpy()[np.isnan(frame["lon"].to_numpy())]
    report = ImportReport(
        rows=len(rows.frame) + len(rows.refused),
        taken=len(frame),
        without_coordinates=len(unlocated),
        duplicate=int(repeats.sum()),
        unreadable=len(refused),
        notes=tuple(notes),
        refused=tuple(sorted(refused, key=lambda row: row.line)),
        examples={
            "without_coordinates": unlocated[:SHOWN].tolist(),
            "duplicate": rows.lines[repeats][:SHOWN].tolist(),
        },
    )
    return IncidentsFile(frame, report)


def _categories(frame: pd.DataFrame, found: Mapping[str, str], given: str | None) -> tuple[pd.Series, list[str]]:
    if given is not None:
        return _same(given.strip() or UNNAMED, frame), []
    if "category" in found:
        return frame[found["category"]].str.strip(), []
    return _same(UNNAMED, frame), [
        f"No column with a category was recognised: every row is a “{UNNAMED}”; --category names it for the whole file."
    ]


def _same(value: str, frame: pd.DataFrame) -> pd.Series:
    return pd.Series(value, index=frame.index, dtype="str")


def _codes(frame: pd.DataFrame, found: Mapping[str, str]) -> pd.Series:
    if "beat" not in found:
        return _same("", frame)
    return frame[found["beat"]].str.strip().str.slice(0, _LONGEST_CODE)


def _reasons(moments: Moments, categories: pd.Series, today: date) -> Any:
    """Why each row is refused, "" if it is not."""
    reason = moments.reason.copy()
    open_ones = reason == ""
    reason[open_ones & (moments.day > np.datetime64(today))] = "dated in the future"
    reason[open_ones & (categories == "").to_numpy(dtype=bool)] = "no category"
    long = (categories.str.len() > _LONGEST_CATEGORY).to_numpy(dtype=bool)
    reason[open_ones & long] = f"a category of more than {_LONGEST_CATEGORY} characters"
    return reason


def _refused(rows: Rows, reason: Any) -> list[RefusedRow]:
    positions = np.flatnonzero(reason != "")
    values = rows.frame.iloc[positions].itertuples(index=False, name=None)
    return [
        RefusedRow(int(rows.lines[position]), reason[position], _as_csv(row))
        for position, row in zip(positions, values, strict=True)
    ]


def _as_csv(values: tuple[str, ...]) -> str:
    quoted = (f'"{value.replace(chr(34), chr(34) * 2)}"' if set(value) & set(',"\r\n') else value for value in values)
    return ",".join(quoted)
