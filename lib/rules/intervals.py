"""Intervals that say how much chance there is in a figure. All are 95 % intervals, as pairs of floats.

Sources are named at each function. Nothing here decides what a figure means; `evidence` and `pulse` do.
"""

from math import inf, sqrt
from typing import NamedTuple

from scipy.special import betaincinv, gammaincinv

Z = 1.959963984540054
"""Standard normal quantile of 0.975."""

_TAIL = 0.025


class Interval(NamedTuple):
    """Both ends belong to it."""

    low: float
    high: float

    def includes(self, value: float) -> bool:
        """Whether the value lies within."""
        return self.low <= value <= self.high


def wilson_interval(positive: int, n: int, population: int | None = None) -> Interval:
    """Interval of a share: Wilson's score interval (E. B. Wilson 1927), with finite population correction.

    The correction multiplies the variance by (population - n) / (population - 1), so that asking everybody leaves no
    chance. Needs 0 <= positive <= n, n > 0; `population` None is an unlimited one; smaller than n counts as n.

    >>> [round(end, 3) for end in wilson_interval(33, 60, 2500)]
    [0.426, 0.668]
    """
    share = positive / n
    z2 = Z * Z * _correction(n, population)
    centre = share + z2 / (2 * n)
    half = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n)))
    low, high = (centre - half) / (1 + z2 / n), (centre + half) / (1 + z2 / n)
    # At 0 and n the ends are the share itself; rounding must not push it outside.
    return Interval(min(max(low, 0.0), share), max(min(high, 1.0), share))


def difference_interval(before: tuple[int, int], after: tuple[int, int], population: int | None = None) -> Interval:
    """Interval of the difference of two shares, after minus before, each given as (positive, n).

    Newcombe's hybrid score interval (R. G. Newcombe 1998, "Interval estimation for the difference between independent
    proportions: comparison of eleven methods", Statistics in Medicine 17, method 10), over `wilson_interval`.

    >>> [round(end, 4) for end in difference_interval((48, 80), (56, 70))]
    [0.0524, 0.3339]
    """
    first, second = before[0] / before[1], after[0] / after[1]
    low1, high1 = wilson_interval(*before, population)
    low2, high2 = wilson_interval(*after, population)
    difference = second - first
    return Interval(
        difference - sqrt((second - low2) ** 2 + (high1 - first) ** 2),
        difference + sqrt((high2 - second) ** 2 + (first - low1) ** 2),
    )


def poisson_interval(events: int) -> Interval:
    """Exact interval of the mean behind a count of events (F. Garwood 1936, "Fiducial limits for the Poisson
    distribution", Biometrika 28).

    >>> [round(end, 3) for end in poisson_interval(10)]
    [4.795, 18.39]
    """
    low = float(gammaincinv(events, _TAIL)) if events else 0.0
    return Interval(low, float(gammaincinv(events + 1, 1 - _TAIL)))


def rate_ratio_interval(before: int, before_months: float, after: int, after_months: float) -> Interval | None:
    """Exact interval of the ratio of two rates, after over before, from their counts and exposures.

    Given both counts together, the later one is binomial (Przyborowski and Wilenski 1940, Biometrika 31); its Clopper
    and Pearson interval is carried over to the ratio. None where there are no events at all. It takes events as
    independent; series in which events come in bursts vary more than it says.

    >>> [round(end, 4) for end in rate_ratio_interval(21, 3011, 11, 800)]
    [0.8584, 4.2773]
    """
    total = before + after
    if total == 0:
        return None
    exposure = before_months / after_months
    low = float(betaincinv(after, before + 1, _TAIL)) if after else 0.0
    high = float(betaincinv(after + 1, before, 1 - _TAIL)) if before else 1.0
    return Interval(low / (1 - low) * exposure, inf if high >= 1 else high / (1 - high) * exposure)


def _correction(n: int, population: int | None) -> float:
    if population is None:
        return 1.0
    if population <= n:
        return 0.0
    return (population - n) / (population - 1)
