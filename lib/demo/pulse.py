"""Answers to the pulse, invented: four half-yearly waves in ten beats, one by volunteers, one with too few answers; and
one wave that is open, for visitors to try.

In K2 the share feeling safe after dark rises from 47 to 58 in a hundred; elsewhere it wavers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lib.demo.geography import Geography

WORDING = "2026-1"
WAVES = 4
OPEN_DAYS = 21
GOAL_BEAT = "K2"
VOLUNTEERS = ("U2", 2)
"""Beat and wave (0 is the oldest) answered by volunteers."""

FEW_ANSWERS = ("F3", 1, 7)
"""Beat, wave, and how many answers came: too few to show."""

OPEN_BEAT, OPEN_CODE = "K3", "DEM0K3K3K3K3K3K3"
"""Where a wave of volunteers is open, and its public code: every visitor may answer at /pulse/ with it."""

_SAFE_AFTER_DARK: Mapping[str, tuple[float, ...]] = {
    "K2": (0.47, 0.48, 0.53, 0.58),
    "K3": (0.44, 0.45, 0.43, 0.46),
    "M2": (0.46, 0.44, 0.47, 0.45),
    "E2": (0.55, 0.53, 0.56, 0.55),
    "U2": (0.52, 0.54, 0.60, 0.55),
    "F3": (0.50, 0.51, 0.52, 0.49),
    "S3": (0.48, 0.50, 0.49, 0.52),
    "L3": (0.56, 0.55, 0.57, 0.58),
    "B1": (0.68, 0.67, 0.69, 0.68),
    "Q1": (0.79, 0.80, 0.78, 0.81),
}
"""Share feeling safe alone after dark, wave by wave."""

_K2_ANSWERS = (214, 196, 203, 218)

_LATER_QUESTIONS = ("by_day", "safety", "respect", "listens", "compared")

_ISSUES = (
    "cars driving too fast",
    "broken car windows",
    "dark streets",
    "drug dealing",
    "noise at night",
    "litter and dumping",
    "nothing to do for teenagers",
    "stolen packages",
    "people in crisis without help",
    "crossing the street safely",
    "needles in the park",
    "bike theft",
)


@dataclass(frozen=True)
class DemoPulseAnswer:
    after_dark: int | None
    by_day: int | None
    safety: int | None
    respect: int | None
    listens: int | None
    compared: int | None
    took_part: bool | None
    top_issue: str


@dataclass(frozen=True)
class DemoWave:
    """One wave in one beat; `invited` is 0 and `code` public for volunteers. Waves without answers are open."""

    beat: str
    wave_on: date
    closes_on: date
    wording: str
    is_volunteer: bool
    adults: int
    invited: int
    answers: tuple[DemoPulseAnswer, ...]
    code: str = ""


def demo_pulse(*, seed: int, today: date, geography: Geography) -> tuple[DemoWave, ...]:
    """Every wave, oldest first; all of them closed before today."""
    rng, who = np.random.default_rng([seed, 4]), np.random.default_rng([seed, 41])
    waves = []
    for number, wave_on in enumerate(_wave_days(today)):
        for beat, shares in _SAFE_AFTER_DARK.items():
            count = _K2_ANSWERS[number] if beat == GOAL_BEAT else int(rng.integers(120, 221))
            invited = round(count / float(rng.uniform(0.24, 0.36)))
            is_volunteer = (beat, number) == VOLUNTEERS
            if (beat, number) == FEW_ANSWERS[:2]:
                count, invited = FEW_ANSWERS[2], 40
            waves.append(
                DemoWave(
                    beat=beat,
                    wave_on=wave_on,
                    closes_on=wave_on + timedelta(days=OPEN_DAYS),
                    wording=WORDING,
                    is_volunteer=is_volunteer,
                    adults=geography.by_code[beat].adults,
                    invited=0 if is_volunteer else invited,
                    answers=_answers(
                        rng, who, shares[number], count, is_rising=beat == GOAL_BEAT and number >= WAVES - 2
                    ),
                )
            )
    return tuple(waves)


def demo_open_wave(*, today: date, geography: Geography) -> DemoWave:
    """The wave that is open from today on. Nobody has answered: what visitors say is theirs."""
    return DemoWave(
        beat=OPEN_BEAT,
        wave_on=today,
        closes_on=today + timedelta(days=OPEN_DAYS),
        wording=WORDING,
        is_volunteer=True,
        adults=geography.by_code[OPEN_BEAT].adults,
        invited=0,
        answers=(),
        code=OPEN_CODE,
    )


def _wave_days(today: date) -> list[date]:
    """The last four first days of April and October whose wave has closed."""
    days = [date(year, month, 1) for year in range(today.year - 3, today.year + 1) for month in (4, 10)]
    return [day for day in days if day + timedelta(days=OPEN_DAYS) < today][-WAVES:]


def _answers(
    rng: np.random.Generator, who: np.random.Generator, share: float, count: int, *, is_rising: bool
) -> tuple[DemoPulseAnswer, ...]:
    """Answers of which exactly that share (rounded) feels safe after dark; the other questions go with it. `who` draws
    who took part, about one in four."""
    safe = np.arange(count) < round(share * count)
    after_dark = np.where(safe, 1 + (rng.random(count) < 0.72), 3 + (rng.random(count) < 0.34))
    by_day = np.clip(after_dark - rng.integers(0, 3, count), 1, 4)
    safety = np.clip(np.round(9.2 - 1.6 * after_dark + rng.normal(0.6, 1.3, count)), 0, 10)
    respect = np.clip(np.round(rng.normal(6.6, 2.0, count) - 0.4 * (after_dark - 2)), 0, 10)
    listens = np.clip(np.round(respect - rng.normal(0.7, 1.4, count)), 0, 10)
    better = 0.34 if is_rising else 0.17
    compared = rng.choice([-1, 0, 1], count, p=[0.2, 0.8 - better, better])
    took_part, unsaid = who.random(count) < 0.26, who.random(count) < 0.035
    issues = np.where(rng.random(count) < 0.55, rng.choice(_ISSUES, count), "")
    # Nobody leaves out the first question, some leave out a later one.
    left_out = rng.random((5, count)) < 0.035
    columns = dict(zip(_LATER_QUESTIONS, (by_day, safety, respect, listens, compared), strict=True))
    return tuple(
        DemoPulseAnswer(
            after_dark=int(after_dark[row]),
            **{
                question: None if left_out[number, row] else int(column[row])
                for number, (question, column) in enumerate(columns.items())
            },
            took_part=None if unsaid[row] else bool(took_part[row]),
            top_issue=str(issues[row]),
        )
        for row in rng.permutation(count)
    )
