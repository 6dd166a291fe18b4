"""Intervals against published figures."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from lib.rules.intervals import (
    Interval,
    difference_interval,
    poisson_interval,
    rate_ratio_interval,
    wilson_interval,
)


def rounded(interval: Interval, digits: int = 3) -> tuple[float, float]:
    return (round(interval.low, digits), round(interval.high, digits))


@pytest.mark.parametrize(
    ("positive", "n", "population", "expected"),
    [
        (33, 60, 2500, (0.4264, 0.6678)),
        (11, 12, 800, (0.6484, 0.985)),
        (81, 263, None, (0.2553, 0.3662)),
        (15, 148, None, (0.0624, 0.1605)),
        (0, 20, None, (0.0, 0.1611)),
        (1, 29, None, (0.0061, 0.1718)),
        (30, 60, 60, (0.5, 0.5)),
        (30, 60, 10, (0.5, 0.5)),
    ],
)
def test_wilson_intervals(positive: int, n: int, population: int | None, expected: tuple[float, float]) -> None:
    """The four without a population are those of Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3
    (81/263, 15/148, 0/20, 1/29); the two of the pulse are the product's own test vectors."""
    assert rounded(wilson_interval(positive, n, population), 4) == expected


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(n, 5000))))
def test_a_wilson_interval_holds_its_share_and_shrinks_with_the_population(case: tuple[int, int, int]) -> None:
    positive, n, population = case
    finite, unlimited = wilson_interval(positive, n, population), wilson_interval(positive, n)
    assert 0 <= finite.low <= positive / n <= finite.high <= 1
    assert finite.high - finite.low <= unlimited.high - unlimited.low + 1e-12


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((48, 80), (56, 70), (0.0524, 0.3339)),
        ((3, 10), (9, 10), (0.1705, 0.8090)),
        ((2, 7), (6, 7), (0.0582, 0.8062)),
        ((0, 29), (5, 56), (-0.0381, 0.1926)),
        ((0, 20), (0, 10), (-0.1611, 0.2775)),
    ],
)
def test_intervals_of_a_difference(
    before: tuple[int, int], after: tuple[int, int], expected: tuple[float, float]
) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10."""
    assert rounded(difference_interval(before, after), 4) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [(0, (0.0, 3.689)), (1, (0.025, 5.572)), (10, (4.795, 18.390)), (20, (12.217, 30.888)), (50, (37.111, 65.919))],
)
def test_exact_poisson_intervals(events: int, expected: tuple[float, float]) -> None:
    """Garwood 1936; the values stand in every table of exact Poisson limits."""
    assert rounded(poisson_interval(events)) == expected


@given(st.integers(1, 3000))
def test_a_poisson_interval_leaves_two_and_a_half_per_cent_on_each_side(events: int) -> None:
    low, high = poisson_interval(events)
    assert poisson.sf(events - 1, low) == pytest.approx(0.025, rel=1e-6)
    assert poisson.cdf(events, high) == pytest.approx(0.025, rel=1e-6)


def test_the_ratio_of_two_rates() -> None:
    """The example of `poisson.test` in R's documentation: 11 in 800 against 21 in 3011 person-years."""
    interval = rate_ratio_interval(21, 3011, 11, 800)
    assert interval is not None
    assert rounded(interval, 6) == (0.858426, 4.277266)


def test_the_ratio_of_two_rates_at_its_edges() -> None:
    assert rate_ratio_interval(0, 12, 0, 12) is None
    none_left = rate_ratio_interval(10, 12, 0, 12)
    assert none_left is not None
    assert none_left.low == 0
    assert 0 < none_left.high < 1
    out_of_nothing = rate_ratio_interval(0, 12, 10, 12)
    assert out_of_nothing is not None
    assert out_of_nothing.high == inf
    assert out_of_nothing.low > 1


@given(st.integers(1, 200), st.integers(1, 200))
def test_the_ratio_is_the_clopper_pearson_interval_of_its_share(before: int, after: int) -> None:
    interval = rate_ratio_interval(before, 12, after, 12)
    assert interval is not None
    low, high = (ratio / (1 + ratio) for ratio in interval)
    assert binom.sf(after - 1, before + after, low) == pytest.approx(0.025, rel=1e-6)
    assert binom.cdf(after, before + after, high) == pytest.approx(0.025, rel=1e-6)
    assert interval.includes(after / before)
