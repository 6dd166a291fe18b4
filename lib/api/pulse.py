"""How safe people feel, as shares and points: hidden figures are absent, and no single answer is ever here."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from lib import clock
from lib.api.answers import NO_NUL, errors
from lib.queries import places
from lib.queries.pulse_results import WaveResults, pulse_results
from lib.rules.instrument import INSTRUMENTS, Sample
from lib.rules.pulse import PulseShare
from lib.rules.pulse_means import PulseMean

router = APIRouter(tags=["pulse"], responses=errors(503))


class FigureAnswer(BaseModel):
    """A figure with everything that it must be read with."""

    n: int = Field(description="Answers to this question.")
    value: float = Field(description="A share from 0 to 1, or a mean from 0 to 10; see `unit`.")
    unit: str = Field(description="“share”, or “mean of 0 to 10”, which is never per cent.")
    low: float = Field(description="Lower end of the 95 % interval, with finite population correction.")
    high: float = Field(description="Upper end.")


class GroupsAnswer(BaseModel):
    """Those who took part in the last 12 months, and everybody else who answered. Absent where one has under 10."""

    took_part: FigureAnswer
    others: FigureAnswer


class WaveAnswer(BaseModel):
    """One closed wave in one beat. A figure of under 10 answers is absent."""

    wave_on: date
    closes_on: date
    wording: str = Field(description="Version of the wording, see /pulse/wordings.")
    sample: Sample = Field(description="For “volunteer” the interval shows chance only.")
    adults: int = Field(description="Adults in the beat, the sampling frame.")
    invited: int = Field(description="Invitations; 0 for volunteers.")
    answered: int
    figures: dict[str, FigureAnswer] = Field(description="By question; “compared” once for each of its answers.")
    groups: dict[str, GroupsAnswer]


class QuestionAnswer(BaseModel):
    key: str
    source: str
    is_own_wording: bool
    values: list[int] = Field(description="What is stored for each answer; empty for words.")
    words: dict[str, list[str]] = Field(description="By language: the question, then its answers.")


@router.get(
    "/pulse", summary="How safe people of a beat feel", responses=errors(404, 422), response_model=list[WaveAnswer]
)
def pulse(
    *, beat: Annotated[str, Query(max_length=32, pattern=NO_NUL, description="The beat, by its code.")]
) -> list[WaveAnswer]:
    """Every closed wave of one beat, oldest first. Waves of different wordings are no series."""
    row = places.beat(beat)
    return [_wave(wave) for wave in pulse_results(row.code, today=clock.today(places.city().time_zone))]


@router.get("/pulse/wordings", summary="What the pulse asks, word for word")
def wordings() -> dict[str, list[QuestionAnswer]]:
    """Every version of the wording, with the source of each question."""
    return {
        version: [
            QuestionAnswer(
                key=question.key,
                source=question.source,
                is_own_wording=question.is_own_wording,
                values=list(question.values),
                words={code: [words.ask, *words.answers] for code, words in question.words.items()},
            )
            for question in instrument.questions
        ]
        for version, instrument in INSTRUMENTS.items()
    }


def _wave(wave: WaveResults) -> WaveAnswer:
    figures: dict[str, PulseShare | PulseMean] = {
        **wave.shares,
        **wave.means,
        **{f"compared: {name}": share for name, share in wave.compared.items()},
    }
    groups = {}
    for key, group in wave.groups.items():
        took_part, others = _figure(group.took_part), _figure(group.others)
        if took_part is not None and others is not None:
            groups[key] = GroupsAnswer(took_part=took_part, others=others)
    return WaveAnswer(
        wave_on=wave.wave_on,
        closes_on=wave.closes_on,
        wording=wave.wording,
        sample=wave.sample,
        adults=wave.adults,
        invited=wave.invited,
        answered=wave.answered,
        figures={key: shown for key, figure in figures.items() if (shown := _figure(figure)) is not None},
        groups=groups,
    )


def _figure(figure: PulseShare | PulseMean | None) -> FigureAnswer | None:
    """The figure, None while it is hidden."""
    if figure is None or figure.interval is None:
        return None
    value = figure.share if isinstance(figure, PulseShare) else figure.mean
    unit = "share" if isinstance(figure, PulseShare) else "mean of 0 to 10"
    low, high = figure.interval
    return FigureAnswer(n=figure.n, value=float(value or 0), unit=unit, low=low, high=high)
