"""Delimited text into rows: encoding, delimiter and line endings are found, every row that does not fit is named."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from lib.errors import Invalid
from lib.importers.files import Rows
from lib.importers.report import RefusedRow

DELIMITERS = ",\t;|"
_BLOCK = 64 * 1024 * 1024
_WIDEST = 2000


@dataclass(frozen=True)
class _Misfit:
    """A row with another number of values than the header; `number` counts the header as 1."""

    number: int
    text: str
    values: int


@dataclass
class _Misfits:
    """Misfits as the parser meets them."""

    met: list[_Misfit] = field(default_factory=list)

    def __call__(self, row: Any) -> str:
        self.met.append(_Misfit(row.number, row.text, row.actual_columns))
        return "skip"


def from_text(content: bytes, name: str) -> Rows:
    """Rows of a CSV, TSV or the like. Raises Invalid for a web page, something binary, or a header without rows."""
    _check_is_table(content, name)
    content, notes = _as_utf8(content)
    body = content.lstrip(b"\r\n")
    header, delimiter = _header(body, name)
    names = _unique(header)
    table, misfits = _parsed(body, names, delimiter, name)
    before = content[: len(content) - len(body)].count(b"\n") + sum(cell.count("\n") for cell in header)
    lines = before + _lines(table, misfits, has_inner_breaks=body.count(b"\n") > table.num_rows + len(misfits) + 1)
    fits = np.ones(len(lines), dtype=bool)
    fits[[misfit.number - 2 for misfit in misfits]] = False
    refused = tuple(
        RefusedRow(
            int(lines[misfit.number - 2]), f"{misfit.values} values where the header has {len(names)}", misfit.text
        )
        for misfit in misfits
    )
    frame, lines = table.to_pandas(types_mapper=_text_type), lines[fits]
    written = _has_text(frame)
    if not written.all():
        frame, lines = frame.loc[written].reset_index(drop=True), lines[written]
    if frame.empty and not refused:
        raise Invalid(f"{name} has a header and no rows.", "file")
    return Rows(frame, lines, refused, notes)


def _check_is_table(content: bytes, name: str) -> None:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script")):
        raise Invalid(
            f"{name} is a web page, not a table: the download probably answered with a sign-in or error page.", "file"
        )
    if start.startswith(b"<"):
        raise Invalid(f"{name} is XML, which holds no table we can read; look for CSV or JSON.", "file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(f"{name} is an old Excel file; save it as .xlsx or CSV and import that.", "file")
    if b"\x00" in content[:65536] or content.startswith(b"%PDF"):
        raise Invalid(f"{name} is not a table: it holds no text. CSV, TSV, XLSX and JSON can be read.", "file")


def _as_utf8(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The text in UTF-8 without a byte order mark; other encodings are guessed, and said so."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").encode(), ("Read as UTF-16.",)
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode(), ("Read as Windows-1252: the file is not UTF-8.",)
    return content, ()


def _header(body: bytes, name: str) -> tuple[list[str], str]:
    """The first row's names, and the delimiter that splits it into the most.

    Empty names at the end are dropped when the first row of values has none there either.
    """
    start = io.StringIO(body[:1_000_000].decode("utf-8", errors="ignore"), newline="")
    best: tuple[list[str], list[str], str] = ([], [], ",")
    for delimiter in DELIMITERS:
        start.seek(0)
        reader = csv.reader(start, delimiter=delimiter)
        try:
            row, following = next(reader, []), next(reader, [])
        except csv.Error:
            continue
        if len(row) > len(best[0]):
            best = (row, following, delimiter)
    header = [cell.strip() for cell in best[0]]
    while header and not header[-1] and 0 < len(best[1]) < len(header):
        header.pop()
    if not any(header) or len(header) > _WIDEST:
        raise Invalid(f"The first line of {name} names no columns.", "file")
    return header, best[2]


def _unique(header: list[str]) -> list[str]:
    """Names as columns need them: an empty one is numbered, a repeated one too."""
    names: dict[str, None] = {}
    for number, cell in enumerate(header, start=1):
        wanted = cell[:200] or f"column {number}"
        names[wanted if wanted not in names else f"{wanted} ({number})"] = None
    return list(names)


def _parsed(body: bytes, names: list[str], delimiter: str, name: str) -> tuple[Any, list[_Misfit]]:
    """An Arrow table of text, and the rows left out of it in the order of the file."""
    misfits = _Misfits()
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(body),
            # The parser numbers the rows only without threads.
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=_BLOCK, column_names=names, skip_rows_after_names=1
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=misfits
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as cause:
        raise Invalid(
            f"{name} cannot be split into columns; a quotation mark is probably left open.", "file"
        ) from cause
    return table, [misfit for misfit in misfits.met if misfit.number > 1]


def _lines(table: Any, misfits: list[_Misfit], *, has_inner_breaks: bool) -> NDArray[np.int64]:
    """The line of every row, misfits included: its number, plus the line breaks inside quoted values before it."""
    numbers = np.arange(2, table.num_rows + len(misfits) + 2, dtype=np.int64)
    if not has_inner_breaks:
        return numbers
    inner = np.zeros(len(numbers), dtype=np.int64)
    for misfit in misfits:
        inner[misfit.number - 2] = misfit.text.count("\n")
    fits = np.ones(len(numbers), dtype=bool)
    fits[[misfit.number - 2 for misfit in misfits]] = False
    for column in table.columns:
        inner[fits] += pc.count_substring(column, "\n").to_numpy()
    return numbers + np.cumsum(inner) - inner


def _has_text(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows with at least one value; an empty line of the file has none and is no row."""
    written = (frame.iloc[:, 0] != "").to_numpy(dtype=bool, copy=True)
    for position in range(1, frame.shape[1]):
        if written.all():
            break
        blank = np.flatnonzero(~written)
        written[blank] = (frame.iloc[blank, position] != "").to_numpy(dtype=bool)
    return written


def _text_type(kind: Any) -> Any:
    """Arrow text as pandas' own text type, so that no value is copied into a Python object."""
    return pd.StringDtype(na_value=np.nan) if kind == pa.string() else None
