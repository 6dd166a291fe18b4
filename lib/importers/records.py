"""Rows out of what is no delimited text: lists of JSON objects, GeoJSON points, Excel workbooks."""

import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from lib.errors import Invalid
from lib.importers.files import Rows, check_size
from lib.importers.report import RefusedRow

_WRAPPERS = ("data", "results", "records", "rows", "items", "crimes", "incidents", "value")


def from_json(content: bytes, name: str) -> Rows:
    """Rows of a list of objects, also wrapped in one object; nested objects become columns like "location.latitude".

    GeoJSON points become the columns longitude and latitude. Raises Invalid if the text is no JSON or no such list.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as cause:
        where = f" (line {cause.lineno})" if isinstance(cause, json.JSONDecodeError) else ""
        raise Invalid(f"{name} is not whole JSON{where}; download it again.", "file") from cause
    if isinstance(document, dict) and isinstance(document.get("features"), list):
        objects: list[Any] = [_feature(feature) for feature in document["features"]]
    elif isinstance(document, dict):
        objects = next((document[key] for key in _WRAPPERS if isinstance(document.get(key), list)), [document])
    else:
        objects = document
    if not objects:
        raise Invalid(f"{name} holds an empty list.", "file")
    refused, flat, lines = [], [], []
    for number, item in enumerate(objects, start=1):
        if isinstance(item, dict) and item:
            flat.append(_flattened(item))
            lines.append(number)
        else:
            refused.append(RefusedRow(number, "not an object with fields", json.dumps(item)[:500]))
    if not flat:
        raise Invalid(f"{name} holds no list of objects; the answer of an API or GeoJSON can be read.", "file")
    names = dict.fromkeys(key for item in flat for key in item)
    frame = pd.DataFrame({key: [item.get(key, "") for item in flat] for key in names}, dtype="str")
    return Rows(frame, np.array(lines, dtype=np.int64), tuple(refused), ("Rows are counted as objects, from 1.",))


def from_spreadsheet(content: bytes, name: str) -> Rows:
    """Rows of the first worksheet that has any. Raises Invalid for a damaged or empty workbook."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_size(archive, name)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [(sheet.title, list(sheet.iter_rows(values_only=True))) for sheet in book.worksheets]
    except Invalid:
        raise
    except Exception as cause:  # the library passes on whatever its parsers of zip and XML raise
        raise Invalid(f"{name} is a damaged Excel file; save it again, or as CSV.", "file") from cause
    filled = [(title, cells) for title, cells in sheets if len([row for row in cells if _is_filled(row)]) > 1]
    if not filled:
        raise Invalid(f"{name} has no worksheet with a header and rows.", "file")
    title, cells = filled[0]
    start = next(number for number, row in enumerate(cells) if _is_filled(row))
    names: dict[str, None] = {}
    for number, cell in enumerate(cells[start], start=1):
        wanted = _text(cell).strip() or f"column {number}"
        names[wanted if wanted not in names else f"{wanted} ({number})"] = None
    kept = [(number, row) for number, row in enumerate(cells[start + 1 :], start=start + 2) if _is_filled(row)]
    columns = {
        key: [_text(row[position]) if position < len(row) else "" for _, row in kept]
        for position, key in enumerate(names)
    }
    notes = [f"Read from the worksheet “{title}”."] if len(filled) > 1 else []
    lines = np.array([number for number, _ in kept], dtype=np.int64)
    return Rows(pd.DataFrame(columns, dtype="str"), lines, (), tuple(notes))


def _feature(feature: Any) -> Any:
    """A GeoJSON feature as a flat object; only points give coordinates."""
    if not isinstance(feature, dict):
        return feature
    fields = dict(feature.get("properties") or {})
    if "id" in feature:
        fields.setdefault("id", feature["id"])
    shape = feature.get("geometry") or {}
    pair = shape.get("coordinates") if isinstance(shape, dict) and shape.get("type") == "Point" else None
    if isinstance(pair, list) and len(pair) >= 2:
        # The geometry goes before fields of the same name, which portals keep in feet beside it.
        taken = ("longitude", "latitude", "lon", "lat", "lng", "long")
        fields = {key: value for key, value in fields.items() if key.lower() not in taken}
        fields |= {"longitude": pair[0], "latitude": pair[1]}
    return fields


def _flattened(item: dict[str, Any], above: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in item.items():
        if isinstance(value, dict) and above.count(".") < 5:
            flat |= _flattened(value, f"{above}{key}.")
        else:
            flat[f"{above}{key}"] = _text(value)
    return flat


def _text(value: Any) -> str:
    """A cell's value as the text a CSV would hold: dates in ISO form, whole numbers without a point, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, (date, datetime)):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _is_filled(row: tuple[Any, ...]) -> bool:
    return any(cell is not None and cell != "" for cell in row)
