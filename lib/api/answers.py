"""What the answers of this door have in common: errors, pages of rows, CSV, compact GeoJSON."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import Response

LARGEST_PAGE = 1000


class Error(BaseModel):
    """Every error looks like this, whatever its status."""

    error: str = Field(description="One sentence for a person.")


class Format(StrEnum):
    """How rows are written."""

    JSON = "json"
    CSV = "csv"


NO_NUL = r"^[^\x00]*$"

BeatCode = Annotated[
    str | None, Query(alias="beat", max_length=32, pattern=NO_NUL, description="Only this beat, by its code.")
]
CategoryKey = Annotated[
    str | None, Query(alias="category", max_length=120, pattern=NO_NUL, description="Only this category, by its key.")
]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000, description="Which page, from 1.")]
PageSize = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows on a page.")]


def _written_in_full(value: object) -> object:
    """Pydantic takes "0" for a day too (seconds since 1970); a day here is written as in 2026-01-31."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("a day is written as in 2026-01-31")
    return value


Day = Annotated[date, BeforeValidator(_written_in_full)]
Since = Annotated[Day | None, Query(alias="from", description="First day, as in 2026-01-31.")]
Until = Annotated[Day | None, Query(alias="to", description="Last day, included.")]
RowFormat = Annotated[Format, Query(alias="format", description="JSON, or CSV as a download.")]


class Page(BaseModel):
    """One page of rows. `total` counts the rows of every page."""

    total: int
    page: int
    per_page: int


class Geometry(BaseModel):
    """A GeoJSON geometry in WGS 84, longitude first."""

    type: str
    coordinates: list[Any]


class Feature(BaseModel):
    type: str = "Feature"
    properties: dict[str, Any]
    geometry: Geometry


class FeatureCollection(BaseModel):
    """GeoJSON (RFC 7946)."""

    type: str = "FeatureCollection"
    features: list[Feature]


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of these statuses."""
    said = {
        404: "There is no such thing, or it is not public.",
        422: "A parameter cannot be taken; the sentence names it.",
        503: "The database cannot be reached.",
    }
    return {status: {"model": Error, "description": said[status]} for status in statuses}


def rows_or_csv(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of an answer that is JSON or, with `format=csv`, a download."""
    return {200: {"model": model, "content": {"text/csv": {"schema": {"type": "string"}}}}}


def geojson(collection: Mapping[str, Any]) -> Response:
    """A FeatureCollection without a space too much: a city's outlines are read by phones."""
    body = json.dumps(collection, separators=(",", ":"), ensure_ascii=False)
    return Response(body, media_type="application/geo+json")


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], file: str) -> Response:
    """Rows as a CSV download (RFC 4180, UTF-8). A text that a spreadsheet would run as a formula gets an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return Response(
        target.getvalue(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def _cell(value: object) -> object:
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
