"""Recorded incidents as monthly counts: single incidents are for the city's own open-data portal to publish."""

from fastapi import APIRouter
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
from lib.queries.open_data import recorded_months

router = APIRouter(tags=["evidence"], responses=errors(503))


class MonthAnswer(BaseModel):
    beat: str
    category: str = Field(description="The city's own word for it.")
    month: str = Field(examples=["2026-05"])
    incidents: int


class MonthPage(Page):
    """Counts by month, beat and category. Without a row: no incident, or a month that the source does not cover."""

    rows: list[MonthAnswer]


@router.get(
    "/incidents/months",
    summary="Recorded incidents per month",
    responses=errors(422) | rows_or_csv(MonthPage),
    response_model=MonthPage,
)
def incident_months(
    *,
    beat: BeatCode = None,
    category: CategoryKey = None,
    since: Since = None,
    until: Until = None,
    page: PageNumber = 1,
    per_page: PageSize = 100,
    written: RowFormat = Format.JSON,
) -> MonthPage | Response:
    """Recorded incidents by month, beat and category, as imported from the city's file."""
    found, total = recorded_months(beat=beat, category=category, since=since, until=until, page=page, per_page=per_page)
    rows = [
        MonthAnswer(beat=row.beat, category=row.category, month=f"{row.month:%Y-%m}", incidents=row.incidents)
        for row in found
    ]
    if written is Format.CSV:
        return as_csv((row.model_dump() for row in rows), list(MonthAnswer.model_fields), "incident-months.csv")
    return MonthPage(total=total, page=page, per_page=per_page, rows=rows)
