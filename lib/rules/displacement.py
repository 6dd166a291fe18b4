"""Whether trouble only moved: what the neighbouring beats had while a goal's own area had less.

The weighted displacement quotient is that of K. J. Bowers and S. D. Johnson 2003, "Measuring the geographical
displacement and diffusion of benefit effects of crime prevention activity", Journal of Quantitative Criminology 19; how
it reads follows R. T. Guerette 2009, "Analyzing crime displacement and diffusion" (POP Center, tool guide 10).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lib.rules.comparing import Beside, Comparison, about, compared
from lib.rules.intervals import Interval
from lib.rules.windows import is_same_months, window_of


class Spill(StrEnum):
    """What can be said of the neighbours: more or fewer than expected beyond chance, or neither."""

    MORE = "more"
    FEWER = "fewer"
    NO_DETECTABLE_CHANGE = "no_detectable_change"


@dataclass(frozen=True)
class Displacement:
    """The neighbouring beats in the months that are compared. `quotient` is None where it has no meaning."""

    before: int
    after: int
    expected: Fraction
    interval: Interval | None
    spill: Spill
    quotient: Fraction | None
    sentence: str


def displacement_quotient(own: tuple[int, int], neighbours: tuple[int, int], other: tuple[int, int]) -> Fraction | None:
    """How much of what an area gained was lost in its neighbourhood, each area's events given as (before, after).

    (N1/C1 - N0/C0) / (A1/C1 - A0/C0) with neighbours N, the area A and the comparison area C: below 0 some of it moved,
    below -1 more than was gained; above 0 the neighbours gained too. None unless the area gained against the comparison
    area, and where that has no events.

    >>> displacement_quotient((50, 30), (40, 46), (60, 60))
    Fraction(-3, 10)
    """
    if 0 in other:
        return None
    gained = Fraction(own[1], other[1]) - Fraction(own[0], other[0])
    if gained >= 0:
        return None
    return (Fraction(neighbours[1], other[1]) - Fraction(neighbours[0], other[0])) / gained


def displacement(
    neighbours: Beside, found: Comparison, *, starts_on: date, other: Beside | None, has_gained: bool
) -> Displacement | None:
    """What the neighbours had, over the same months and against the same comparison area; None without their figures.

    `has_gained`: the goal's own area has fewer than expected beyond chance. Only then a quotient is given: without a
    gain there is nothing that could have moved.
    """
    before, after = (window_of(neighbours.series, window.months) for window in (found.before, found.after))
    if before is None or after is None:
        return None
    beside = compared(
        neighbours.series, before, after, starts_on=starts_on, same_months=is_same_months(before, after), other=other
    )
    spill = _spill(beside.interval)
    quotient = None
    if has_gained and found.other is not None:
        quotient = displacement_quotient(
            (found.before.events, found.after.events), (before.events, after.events), found.other
        )
    told = f"{neighbours.name}: {after.events:,} instead of {about(beside.expected)} expected"
    return Displacement(
        before=before.events,
        after=after.events,
        expected=beside.expected,
        interval=beside.interval,
        spill=spill,
        quotient=quotient,
        sentence=f"{told}; {_meaning(spill, has_gained=has_gained, quotient=quotient)}.",
    )


def _spill(interval: Interval | None) -> Spill:
    if interval is None or interval.includes(1):
        return Spill.NO_DETECTABLE_CHANGE
    return Spill.FEWER if interval.high < 1 else Spill.MORE


def _meaning(spill: Spill, *, has_gained: bool, quotient: Fraction | None) -> str:
    if spill is Spill.NO_DETECTABLE_CHANGE:
        return (
            "no detectable change, so nothing shows that trouble moved there" if has_gained else "no detectable change"
        )
    rarely = "chance alone would rarely do that"
    if not has_gained:
        return rarely
    if spill is Spill.FEWER:
        return f"{rarely}, so they may have gained too"
    if quotient is not None and quotient < -1:
        return f"{rarely}, so trouble may have moved there, and more of it than was gained"
    return f"{rarely}, so some of the trouble may have moved there"
