"""Answers from 0 to 10 as points: their mean times ten, with n and interval. Points are never called per cent.

Hiding and warning are as for shares (`lib/rules/pulse.py`): fewer than 10 answers are hidden, fewer than 30 warned of.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from lib.rules.instrument import SCALE
from lib.rules.intervals import Interval, mean_difference_interval, mean_interval
from lib.rules.pulse import HIDDEN_BELOW, VOLUNTEERS, Answered, PulseChange, one_population
from lib.rules.text import counted

TOP = SCALE[-1]


@dataclass(frozen=True)
class PulseMean(Answered):
    """The mean of the answers to one question in one wave, from 0 to 10. All but n is None while hidden.

    `counts` is how many gave each answer, from 0 to 10. `interval` is in answers too, not in points.
    """

    counts: tuple[int, ...] | None
    mean: Fraction | None
    interval: Interval | None

    @property
    def points(self) -> int | None:
        """Ten times the mean, halves rounded up; None while hidden."""
        return None if self.mean is None else in_points(self.mean)

    @property
    def sentence(self) -> str:
        """The figure as it is read, always with n and interval.

        >>> print(pulse_mean([5, 6, 7, 8, 9] * 8, adults=2500).sentence)
        70 points of 100, mean of 40 answers; likely 65 to 75 points for all adults.
        """
        if self.mean is None or self.interval is None:
            return self.why_hidden
        figure = f"{in_points(self.mean)} points of 100, mean of {counted(self.n, 'answer')}"
        low, high = in_points(self.interval.low), in_points(self.interval.high)
        return self.in_words(figure, str(low), f"{high} points", of="for")


@dataclass(frozen=True)
class MeanComparison:
    """Two means compared; `interval` is that of their difference in answers, after minus before."""

    before: PulseMean
    after: PulseMean
    change: PulseChange
    interval: Interval | None
    sentence: str


def in_points(mean: Fraction | float) -> int:
    """A mean from 0 to 10 in points from 0 to 100, halves rounded up.

    >>> in_points(Fraction(13, 2)), in_points(6.25), in_points(10)
    (65, 63, 100)
    """
    return floor(Fraction(mean) * 10 + Fraction(1, 2))


def pulse_mean(answers: Iterable[int], *, adults: int | None = None, volunteers: bool = False) -> PulseMean:
    """The mean of answers from 0 to 10, of `adults` living there. As for `pulse_share`, volunteers get no finite
    population correction."""
    tally = Counter(answers)
    n = tally.total()
    if n < HIDDEN_BELOW:
        return PulseMean(n, adults, volunteers, None, None, None)
    counts = tuple(tally[answer] for answer in SCALE)
    given = _answers(counts)
    interval = mean_interval(given, TOP, None if volunteers else adults)
    return PulseMean(n, adults, volunteers, counts, Fraction(sum(given), n), interval)


def mean_comparison(before: PulseMean, after: PulseMean) -> MeanComparison:
    """Whether a later wave, or another group, differs by more than chance: zero lies outside the interval of the
    difference."""
    if before.counts is None or after.counts is None or before.mean is None or after.mean is None:
        sentence = f"Too few answers to compare: both need at least {HIDDEN_BELOW}."
        return MeanComparison(before, after, PulseChange.NOT_SHOWN, None, sentence)
    volunteers = before.volunteers or after.volunteers
    adults = one_population(before, after)
    interval = mean_difference_interval(_answers(before.counts), _answers(after.counts), adults)
    figures = (
        f"{in_points(after.mean)} points of {counted(after.n, 'answer')}, "
        f"{in_points(before.mean)} points of {counted(before.n, 'answer')} before"
    )
    if interval.includes(0):
        change, meaning = PulseChange.NO_DETECTABLE_CHANGE, "no detectable change"
    elif after.mean > before.mean:
        change, meaning = PulseChange.MORE, "higher, and chance alone would rarely do that"
    else:
        change, meaning = PulseChange.LESS, "lower, and chance alone would rarely do that"
    sentence = f"{figures}: {meaning}." + (f" {VOLUNTEERS}" if volunteers else "")
    return MeanComparison(before, after, change, interval, sentence)


def _answers(counts: tuple[int, ...]) -> list[int]:
    return [answer for answer, number in enumerate(counts) for _ in range(number)]
