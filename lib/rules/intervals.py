"""Intervals that say how much chance there is in a figure. All are 95 % intervals, as pairs of floats.

Sources are named at each function. Nothing here decides what a figure means; `evidence` and `pulse` do.
"""

from collections.abc import Sequence
from math import exp, inf, sqrt
from typing import NamedTuple

from scipy.special import betaincinv, gammaincinv, stdtrit

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
    return _wilson(positive / n, n, population)


def _wilson(share: float, n: int, population: int | None) -> Interval:
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


def mean_interval(values: Sequence[int], top: int, population: int | None = None) -> Interval:
    """Interval of the mean of answers from 0 to `top`: Student's t with finite population correction (W. G. Cochran
    1977, "Sampling Techniques", 3rd edition, sections 2.6 to 2.8).

    Where all answers are the same the sample says nothing of their spread, and the interval of Wilson for the mean as
    a share of `top` is taken: no answers between 0 and `top` with this mean vary more (R. Bhatia and C. Davis 2000, "A
    better bound on the variance"). Needs at least two values.

    >>> [round(end, 2) for end in mean_interval([5, 6, 7, 8, 9, 5, 6, 7, 8, 9], 10)]
    [5.93, 8.07]
    """
    n, (mean, variance) = len(values), _moments(values)
    if variance == 0:
        low, high = _wilson(mean / top, n, population)
        return Interval(low * top, high * top)
    half = float(stdtrit(n - 1, 1 - _TAIL)) * sqrt(variance / n * _correction(n, population))
    return Interval(max(0.0, mean - half), min(float(top), mean + half))


def mean_difference_interval(before: Sequence[int], after: Sequence[int], population: int | None = None) -> Interval:
    """Interval of the difference of two means, after minus before: Welch's t with the degrees of freedom of
    Satterthwaite (B. L. Welch 1947, Biometrika 34), with finite population correction of each variance.

    Needs at least two values each. Two samples without any spread differ by exactly their difference.

    >>> [round(end, 2) for end in mean_difference_interval([5, 6, 7, 8, 9], [6, 7, 8, 9, 10])]
    [-1.31, 3.31]
    """
    (first, of_first), (second, of_second) = _moments(before), _moments(after)
    one = of_first / len(before) * _correction(len(before), population)
    other = of_second / len(after) * _correction(len(after), population)
    difference = second - first
    if one + other == 0:
        return Interval(difference, difference)
    freedom = (one + other) ** 2 / (one**2 / (len(before) - 1) + other**2 / (len(after) - 1))
    half = float(stdtrit(freedom, 1 - _TAIL)) * sqrt(one + other)
    return Interval(difference - half, difference + half)


def _moments(values: Sequence[int]) -> tuple[float, float]:
    """Mean and sample variance (n - 1)."""
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _correction(n: int, population: int | None) -> float:
    if population is None:
        return 1.0
    if population <= n:
        return 0.0
    return (population - n) / (population - 1)
