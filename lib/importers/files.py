"""Opening what cities publish, whatever it is called: rows of text with the line they stand on.

The kind is found from the content, not from the name: zip (also with nested folders and what macOS adds), gzip, xlsx,
JSON (a list of objects, as data.police.uk answers; GeoJSON points), and text with any delimiter, encoding, line ending.
"""

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.errors import Invalid
from lib.importers.report import RefusedRow

LARGEST = 2_000_000_000
"""Bytes, unpacked. Ten million recorded incidents take about half of it; a zip bomb takes more."""

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
"""What unpacking a damaged archive raises, depending on which of its bytes are wrong."""

TABLE_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".json", ".geojson", ".xlsx", ".gz")


@dataclass(frozen=True)
class Rows:
    """A file's rows as text (an absent value is ""), the line of each, what could not be split into columns, remarks.

    `lines` counts as an editor does (the header is line 1), in a spreadsheet its rows, in JSON the objects from 1.
    """

    frame: pd.DataFrame
    lines: NDArray[np.int64]
    refused: tuple[RefusedRow, ...] = ()
    notes: tuple[str, ...] = field(default=())


def read_rows(path: Path, *, largest: int = LARGEST) -> Rows:
    """All rows of a table file. Raises Invalid with a sentence if the file is absent, empty, too large or no table."""
    from lib.importers import records, textual

    content, name = unpacked(path, endings=TABLE_ENDINGS, largest=largest)
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise Invalid(f"{name} is empty.", "file")
    if start.startswith(b"PK\x03\x04"):
        return records.from_spreadsheet(content, name)
    if start[:1] in (b"{", b"["):
        return records.from_json(content, name)
    return textual.from_text(content, name)


def unpacked(path: Path, *, endings: tuple[str, ...], largest: int = LARGEST) -> tuple[bytes, str]:
    """The bytes of the one file in question, out of any zip or gzip around it, and its name.

    Raises Invalid if the file is absent, damaged, larger than `largest` bytes, or a zip without exactly one candidate.
    """
    try:
        with path.open("rb") as source:
            content = source.read(largest + 1)
    except IsADirectoryError:
        raise Invalid(f"{path} is a folder; name the file itself.", "file") from None
    except FileNotFoundError:
        raise Invalid(f"There is no file {path}.", "file") from None
    except OSError as cause:
        raise Invalid(f"{path} cannot be read: {cause.strerror}.", "file") from None
    name = path.name
    for _ in range(3):
        if content.startswith(b"\x1f\x8b"):
            content = _gunzipped(content, name, largest)
        elif content.startswith(b"PK\x03\x04") and not is_spreadsheet(content):
            content, name = _unzipped(content, name, endings, largest)
        else:
            break
    if len(content) > largest:
        raise _too_large(name, largest)
    return content, name


def is_spreadsheet(content: bytes) -> bool:
    """Whether a zip is an xlsx workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except DAMAGED:
        return False


def members(archive: zipfile.ZipFile, endings: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    """The files of an archive with one of these endings; what macOS and hidden files add is left out."""
    return [
        entry
        for entry in archive.infolist()
        if not entry.is_dir()
        and "__MACOSX" not in PurePosixPath(entry.filename).parts
        and not PurePosixPath(entry.filename).name.startswith(".")
        and entry.filename.lower().endswith(endings)
    ]


def check_size(archive: zipfile.ZipFile, name: str, largest: int = LARGEST) -> None:
    """Raises Invalid if unpacking would give more than `largest` bytes."""
    if sum(entry.file_size for entry in archive.infolist()) > largest:
        raise _too_large(name, largest)


def _unzipped(content: bytes, name: str, endings: tuple[str, ...], largest: int) -> tuple[bytes, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = members(archive, endings)
            if not found:
                inside = ", ".join(archive.namelist()[:8]) or "nothing"
                raise Invalid(f"{name} holds no file of a known kind ({', '.join(endings)}). Inside: {inside}.", "file")
            if len(found) > 1:
                inside = ", ".join(entry.filename for entry in found[:8])
                more = f" and {len(found) - 8} more" if len(found) > 8 else ""
                raise Invalid(f"{name} holds {len(found)} files: {inside}{more}. Unpack it and import each.", "file")
            with archive.open(found[0]) as source:
                # The size an archive states may be a lie, so reading stops at the limit.
                inner = source.read(largest + 1)
            return inner, PurePosixPath(found[0].filename).name
    except DAMAGED as cause:
        raise Invalid(f"{name} is a damaged zip file; download it again.", "file") from cause
    except RuntimeError as cause:
        raise Invalid(f"{name} is protected with a password; unpack it first.", "file") from cause


def _gunzipped(content: bytes, name: str, largest: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as source:
            return source.read(largest + 1)
    except DAMAGED as cause:
        raise Invalid(f"{name} is a damaged gz file; download it again.", "file") from cause


def _too_large(name: str, largest: int) -> Invalid:
    return Invalid(f"{name} unpacks to more than {largest:,} bytes, more than we take. Split it by year.", "file")
