"""How long concerns wait for a first answer, and how they ended: the figures that the officers see of themselves."""

from datetime import date
from fractions import Fraction

from fastapi import APIRouter
from pydantic import BaseModel, Field

from lib import clock
from lib.api.answers import BeatCode, CategoryKey, errors
from lib.queries.answer_clock import answer_clocks
from lib.queries.concern_outcome import beat_outcomes
from lib.queries.places import city
from lib.rules.answer_clock import FEWEST, WINDOW_DAYS

router = APIRouter(tags=["concerns"], responses=errors(503))


class ClockAnswer(BaseModel):
    """A first-answer clock. Who still waits counts as waiting (Kaplan and Meier): leaving them out would flatter."""

    beat: str | None = Field(description="Code of the beat; null for all beats.")
    category: str | None = Field(description="Key of the category; null for all categories.")
    concerns: int = Field(description=f"Raised in the last {WINDOW_DAYS} days.")
    waiting: int = Field(description="Of these, how many nobody has answered yet.")
    median_days: float | None = Field(
        description=f"Half had a first answer within so many days; null where more than half wait, or below {FEWEST}."
    )
    ninetieth_days: float | None = Field(description="As before, for nine in ten.")


class OutcomeAnswer(BaseModel):
    """How the concerns of a beat ended. Solved is what officers say; the answers are those of who raised or shares
    it."""

    beat: str
    called_solved: int
    closed_otherwise: int = Field(description="No further action, or passed on. Merged concerns are in neither.")
    asked_about: int = Field(description="Called solved at least four weeks ago.")
    answers: int | None = Field(description="Null below three, so that nobody's answer can be guessed.")
    solved_or_better: int | None
    share_solved_or_better: float | None = Field(description="0 to 1.")


@router.get("/first-answers", summary="How long a first answer takes", responses=errors(422))
def first_answers(*, beat: BeatCode = None, category: CategoryKey = None) -> list[ClockAnswer]:
    """Clocks of all together, each beat, each category, and each category in each beat, as far as there are
    concerns."""
    rows = answer_clocks(now=clock.now(), beat_codes=None if beat is None else [beat])
    return [
        ClockAnswer(
            beat=row.beat,
            category=row.category,
            concerns=row.clock.n,
            waiting=row.clock.waiting,
            median_days=_rounded(row.clock.median),
            ninetieth_days=_rounded(row.clock.ninetieth),
        )
        for row in rows
        # With a beat, the rows of all beats together would say the same again.
        if (beat is None or row.beat is not None) and (category is None or row.category == category)
    ]


@router.get("/outcomes", summary="How concerns ended", responses=errors(404, 422))
def outcomes(*, beat: BeatCode = None) -> list[OutcomeAnswer]:
    """Every beat with a closed concern, by its code. 404 before the installation was given its city."""
    today: date = clock.today(city().time_zone)
    found = []
    for row in beat_outcomes(today=today):
        word = row.word if row.word.is_shown else None
        if beat is None or row.beat == beat:
            found.append(
                OutcomeAnswer(
                    beat=row.beat,
                    called_solved=row.solved,
                    closed_otherwise=row.closed_otherwise,
                    asked_about=row.asked,
                    answers=word.total if word else None,
                    solved_or_better=word.improved if word else None,
                    share_solved_or_better=float(Fraction(word.improved, word.total)) if word else None,
                )
            )
    return found


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 2)
