"""What moderators kept back, for everybody who wants to check how often and why."""

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from lib.api.answers import Format, RowFormat, as_csv, errors, rows_or_csv
from lib.queries.moderation import kept_back
from lib.rules.moderation import REASON_WORDS, Reason

router = APIRouter(tags=["concerns"], responses=errors(503))


class WithheldAnswer(BaseModel):
    month: str = Field(description="Month of the decision, as in 2026-05.", examples=["2026-05"])
    beat: str = Field(description="Code of the beat.")
    category: str = Field(description="Key of the category, see /categories.")
    what: str = Field(description="words or photo.", examples=["words"])
    decision: str = Field(description="redacted (something taken out) or withheld (all of it).", examples=["redacted"])
    reason: Reason
    reason_in_words: str
    role: str = Field(description="Who decided: facilitator or coordinator.", examples=["facilitator"])


class WithheldAnswers(BaseModel):
    """The latest month first. Nothing of the words or photos themselves, and nothing that leads to a concern."""

    rows: list[WithheldAnswer]


@router.get(
    "/withheld",
    summary="What moderators kept back, and why",
    responses=errors(404, 422) | rows_or_csv(WithheldAnswers),
    response_model=WithheldAnswers,
)
def withheld(written: RowFormat = Format.JSON) -> WithheldAnswers | Response:
    """Words and photos of concerns that were redacted or withheld, without the words. A row goes when a
    moderator shows the words after all; it stays when the reporter erases the concern."""
    rows = [
        WithheldAnswer(
            month=f"{row.month:%Y-%m}",
            beat=row.beat,
            category=row.category,
            what=row.what,
            decision=row.decision,
            reason=row.reason,
            reason_in_words=REASON_WORDS[row.reason],
            role=row.role,
        )
        for row in kept_back()
    ]
    if written is Format.CSV:
        return as_csv((row.model_dump() for row in rows), list(WithheldAnswer.model_fields), "withheld.csv")
    return WithheldAnswers(rows=rows)
