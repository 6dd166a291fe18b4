"""Intervals that say how much chance there is in a figure. All are 95 % intervals, as pairs of floats.

Sources are named at each function. Nothing here decides what a figure means; `evidence` and `pulse` do.
"""

from math import exp, inf, sqrt
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


def rate_ratio_interval(
    before: int, before_months: float, after: int, after_months: float, dispersion: float = 1.0
) -> Interval | None:
    """Exact interval of the ratio of two rates, after over before, from their counts and exposures.

    Given both counts together, the later one is binomial (Przyborowski and Wilenski 1940, Biometrika 31); its Clopper
    and Pearson interval is carried over to the ratio. None where there are no events at all. Where events come in
    bursts, `dispersion` (at least 1, see `rules/dispersion.py`) says how many of them tell as much as one.

    >>> [round(end, 4) for end in rate_ratio_interval(21, 3011, 11, 800)]
    [0.8584, 4.2773]
    >>> [round(end, 4) for end in rate_ratio_interval(21, 3011, 11, 800, dispersion=2)]
    [0.5653, 6.0527]
    """
    if before + after == 0:
        return None
    earlier, later = before / dispersion, after / dispersion
    exposure = before_months / after_months
    low = float(betaincinv(later, earlier + 1, _TAIL)) if after else 0.0
    high = float(betaincinv(later + 1, earlier, 1 - _TAIL)) if before else 1.0
    return Interval(low / (1 - low) * exposure, inf if high >= 1 else high / (1 - high) * exposure)


def relative_ratio_interval(own: tuple[int, int], other: tuple[int, int], dispersion: float = 1.0) -> Interval | None:
    """Interval of the relative incident rate ratio: (after / before) of one area over that of another.

    Counts are given as (before, after), both areas over the same months. On the log scale, with the variance
    `dispersion` times the sum of the four reciprocal counts (D. B. Wilson 2022, "The relative incident rate ratio
    effect size for count-based impact evaluations: when an odds ratio is not an odds ratio", Journal of Quantitative
    Criminology 38). Where a count is 0, one half is added to all four (J. B. S. Haldane 1956). None where an area has
    no events at all.

    >>> [round(end, 4) for end in relative_ratio_interval((50, 30), (60, 55))]
    [0.3657, 1.1714]
    """
    if sum(own) == 0 or sum(other) == 0:
        return None
    added = 0.0 if all((*own, *other)) else 0.5
    before, after, other_before, other_after = (count + added for count in (*own, *other))
    ratio = (after / before) / (other_after / other_before)
    width = Z * sqrt(dispersion * (1 / before + 1 / after + 1 / other_before + 1 / other_after))
    return Interval(ratio * exp(-width), ratio * exp(width))


def _correction(n: int, population: int | None) -> float:
    if population is None:
        return 1.0
    if population <= n:
        return 0.0
    return (population - n) / (population - 1)
