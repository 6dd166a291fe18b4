"""What residents raised, as its public row: a cell instead of an address, never a reporter."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from lib.api.answers import (
    BeatCode,
    CategoryKey,
    Format,
    Page,
    PageNumber,
    PageSize,
    RowFormat,
    Since,
    Until,
    as_csv,
    errors,
    rows_or_csv,
)
from lib.queries.moderation import photo_address, shown_photos
from lib.queries.open_data import public_concerns
from lib.rules.lifecycle import ConcernStatus
from lib.rules.moderation import TextState

router = APIRouter(tags=["concerns"], responses=errors(503))


class ConcernAnswer(BaseModel):
    uuid: UUID
    category: str = Field(description="Key of the category, see /categories.")
    beat: str = Field(description="Code of the beat in which the cell's centre lies.")
    cell: str | None = Field(description="h3 cell of about 0.1 km² (home) or 0.015 km² (street); null without a place.")
    status: ConcernStatus
    reported_on: date | None = Field(description="Day in the city; null once the reporter has erased the text.")
    month: str = Field(description="Month of the report, as in 2026-05.", examples=["2026-05"])
    text: str = Field(description="What the resident wrote, plain text; empty once erased, or while not public.")
    text_state: TextState = Field(
        description="Whether the text is as it was written (shown), has parts taken out, each marked […] (redacted), "
        "or is not public: held until a moderator has read it, or withheld (see /withheld)."
    )
    supports: int = Field(description="How many devices said “me too”.")
    duplicate_of: UUID | None
    photos: list[str] = Field(
        description="Addresses of its photos (JPEG, without place, time and camera) that are public by now; in "
        "CSV with a space between them."
    )


class ConcernPage(Page):
    """Concerns, newest first."""

    rows: list[ConcernAnswer]


@router.get(
    "/concerns",
    summary="What residents raised",
    responses=errors(404, 422) | rows_or_csv(ConcernPage),
    response_model=ConcernPage,
)
def concerns(
    *,
    beat: BeatCode = None,
    category: CategoryKey = None,
    status: Annotated[ConcernStatus | None, Query(description="Only this status.")] = None,
    since: Since = None,
    until: Until = None,
    page: PageNumber = 1,
    per_page: PageSize = 100,
    written: RowFormat = Format.JSON,
) -> ConcernPage | Response:
    """Public rows, newest first, filtered and page by page. In CSV a text that a spreadsheet would run as a formula
    begins with an apostrophe."""
    found, total = public_concerns(
        beat=beat, category=category, status=status, since=since, until=until, page=page, per_page=per_page
    )
    photos = shown_photos([row.uuid for row in found])
    rows = [
        ConcernAnswer(
            uuid=row.uuid,
            category=row.category,
            beat=row.beat,
            cell=row.cell or None,
            status=row.status,
            reported_on=row.reported_on,
            month=f"{row.month:%Y-%m}",
            text=row.text,
            text_state=row.text_state,
            supports=row.supports,
            duplicate_of=row.duplicate_of,
            photos=[photo_address(photo) for photo in photos.get(row.uuid, ())],
        )
        for row in found
    ]
    if written is Format.CSV:
        written_rows = (row.model_dump() | {"photos": " ".join(row.photos)} for row in rows)
        return as_csv(written_rows, list(ConcernAnswer.model_fields), "concerns.csv")
    return ConcernPage(total=total, page=page, per_page=per_page, rows=rows)
