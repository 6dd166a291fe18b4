"""Found against expected: the comparison area's own change, bursts, bands, peaks; and published examples."""

from fractions import Fraction
from math import exp, log

import pytest

from lib.rules.comparing import Beside, peak_before
from lib.rules.dispersion import NO_SPREAD, Spread, dispersion, spread_around_mean, spread_between
from lib.rules.evidence import Change
from lib.rules.goals import Direction
from lib.rules.intervals import poisson_interval, rate_ratio_interval, relative_ratio_interval
from tests.rules.judged import START, judged, months_around


def test_the_relative_ratio_is_that_of_a_published_example() -> None:
    """A. P. Wheeler 2021, "Comparing the WDD vs the Wilson log IRR estimator": 50 to 30 beside 60 to 55."""
    interval = relative_ratio_interval((50, 30), (60, 55))
    assert interval is not None
    middle = (log(interval.low) + log(interval.high)) / 2
    assert middle == pytest.approx(-0.4238142, abs=1e-7)
    assert exp(middle) == pytest.approx(0.6545455, abs=1e-7)
    # Its standard error is the square root of 1/50 + 1/30 + 1/60 + 1/55.
    assert (log(interval.high) - middle) / 1.959963985 == pytest.approx(0.2969542, abs=1e-6)


def test_the_exact_interval_of_a_count_is_that_of_published_tables() -> None:
    """K. Ulm 1990, American Journal of Epidemiology 131: 18 events, 10.67 to 28.45."""
    assert [round(end, 2) for end in poisson_interval(18)] == [10.67, 28.45]
    assert [round(end, 3) for end in poisson_interval(0)] == [0.0, 3.689]


def test_bursts_widen_both_intervals_by_their_root() -> None:
    calm, wild = (relative_ratio_interval((500, 300), (600, 550), factor) for factor in (1.0, 4.0))
    assert calm is not None
    assert wild is not None
    assert log(wild.high / wild.low) == pytest.approx(2 * log(calm.high / calm.low))
    assert rate_ratio_interval(400, 12, 200, 12, 4.0) == rate_ratio_interval(100, 12, 50, 12)


def test_an_empty_area_has_no_ratio_and_a_single_zero_is_filled_with_halves() -> None:
    assert relative_ratio_interval((0, 0), (60, 55)) is None
    assert relative_ratio_interval((50, 30), (0, 0)) is None
    assert relative_ratio_interval((50, 0), (60, 55)) == relative_ratio_interval((50.5, 0.5), (60.5, 55.5))  # type: ignore[arg-type]


def test_two_series_that_keep_their_ratio_vary_by_chance_only() -> None:
    assert dispersion([spread_between([10, 30, 20], [20, 60, 40])]) == 1.0
    assert dispersion([spread_between([10, 30, 20] * 4, [20, 60, 40] * 4)]) == 1.0
    assert dispersion([spread_between([60, 0, 60, 0] * 3, [30, 30, 30, 30] * 3)]) > 10


def test_series_without_events_say_nothing_about_bursts() -> None:
    assert spread_between([0, 0], [4, 5]) == spread_between([4, 5], [0, 0]) == NO_SPREAD
    assert spread_around_mean([0, 0]) == spread_around_mean([7]) == NO_SPREAD
    assert dispersion([NO_SPREAD]) == 1.0


def test_few_months_make_the_factor_larger() -> None:
    few, many = (dispersion([Spread(2.0 * months, 1.0 * months, months)]) for months in (3, 300))
    assert few > 5 > many > 2


def test_the_comparison_area_says_what_would_have_happened_anyway() -> None:
    """20 a month before and 15 since; the other area went from 40 to 30 as well."""
    stands = judged(months_around([20] * 12, [15] * 12), comparison=months_around([40] * 12, [30] * 12))
    assert (stands.change, stands.headline) == (Change.NO_DETECTABLE_CHANGE, "No detectable change")
    assert (stands.expected, stands.comparison, stands.scale) == (Fraction(180), (480, 360), Fraction(1, 2))
    assert stands.sentence == (
        "180 burglaries in March 2026 to February 2027 instead of about 180 expected; that may be chance. "
        "Expected: 240 in the same months before, changed as in beats K1 and K3 (480 before, 360 since). "
        "Target: at most 10 a month by 31 March 2027, not reached yet: 15 a month. "
        "Source: recorded incidents, beat K2."
    )


def test_as_many_as_before_is_a_gain_where_everywhere_else_had_more() -> None:
    stands = judged(months_around([20] * 12, [20] * 12), comparison=months_around([40] * 12, [80] * 12))
    assert (stands.change, stands.headline) == (Change.MOVED, "Fewer than expected")
    assert stands.finding == (
        "240 burglaries in March 2026 to February 2027 instead of about 480 expected; "
        "chance alone would rarely do that."
    )
    worse = judged(months_around([20] * 12, [20] * 12), comparison=months_around([40] * 12, [20] * 12))
    assert (worse.change, worse.headline) == (Change.WORSE, "More than expected")


@pytest.mark.parametrize(("before", "since", "words"), [(0, 5, "0 before, 60 since"), (4, 0, "48 before, 0 since")])
def test_a_comparison_area_that_had_too_few_is_left_aside_and_that_is_said(before: int, since: int, words: str) -> None:
    stands = judged(months_around([20] * 12, [10] * 12), comparison=months_around([before] * 12, [since] * 12))
    assert (stands.change, stands.comparison, stands.scale) == (Change.MOVED, None, None)
    assert stands.basis.endswith(f"Too few in beats K1 and K3 to compare with ({words}).")


def test_too_few_events_say_so_only_where_even_none_would_have_said_nothing() -> None:
    few = judged(months_around([1, 0, 0] * 4, [0] * 3))
    assert few.change is Change.NO_DETECTABLE_CHANGE
    assert few.finding.endswith("; too few to say anything.")
    enough = judged(months_around([10] * 12, [9] * 12))
    assert enough.finding.endswith("; that may be chance.")
    rise = judged(months_around([1, 0, 0] * 4, [30] * 3))
    assert rise.change is Change.WORSE
    beside = judged(months_around([1, 0, 0] * 4, [0] * 3), comparison=months_around([40] * 12, [40] * 3))
    assert beside.finding.endswith("; too few to say anything.")


def test_months_in_bursts_are_no_proof() -> None:
    """The same 240 and 180 events: spread evenly they differ beyond chance, in bursts they do not."""
    steady = judged(months_around([20] * 12, [14] * 12))
    bursts = judged(months_around([60, 0, 0] * 4, [0, 42, 0] * 4))
    assert (steady.change, bursts.change) == (Change.MOVED, Change.NO_DETECTABLE_CHANGE)


def test_the_band_follows_the_comparison_area_month_by_month() -> None:
    stands = judged(months_around([20] * 12, [15] * 3), comparison=months_around([40] * 12, [40, 60, 20]))
    assert [month.events for month in stands.band] == [20, 30, 10]
    assert all(0 <= month.low < month.events < month.high for month in stands.band)
    assert sum(month.events for month in stands.band) == stands.expected


def test_without_a_comparison_area_the_band_is_the_year_before() -> None:
    stands = judged(months_around([10, 20, 30] * 4, [15] * 3))
    assert [month.events for month in stands.band] == [10, 20, 30]
    assert stands.expected == 60


def test_a_goal_chosen_at_a_peak_says_that_part_of_a_fall_comes_by_itself() -> None:
    told = "The year before the goal was a peak: 240, against 120 in the year before it."
    peak = judged(months_around([10] * 12 + [20] * 12, [12] * 6))
    assert peak.notes == (f"{told} Part of a fall from a peak comes by itself.",)
    assert told in peak.sentence
    assert judged(months_around([20] * 24, [12] * 6)).notes == ()
    assert judged(months_around([20] * 12, [12] * 6)).notes == ()


def test_what_the_comparison_area_went_through_as_well_is_no_peak() -> None:
    own = months_around([10] * 12 + [20] * 12, [12] * 6)
    assert peak_before(own, START) is not None
    assert judged(own, comparison=months_around([20] * 12 + [40] * 12, [30] * 6)).notes == ()
    assert len(judged(own, comparison=months_around([40] * 24, [30] * 6)).notes) == 1


def test_a_low_point_matters_where_more_is_wanted() -> None:
    low = judged(months_around([20] * 12 + [10] * 12, [12] * 6), direction=Direction.UP)
    assert low.notes == (
        "The year before the goal was a low point: 120, against 240 in the year before it. "
        "Part of a rise from a low point comes by itself.",
    )
    assert judged(months_around([10] * 12 + [20] * 12, [12] * 6), direction=Direction.UP).notes == ()


def test_no_sentence_holds_a_percentage_or_a_probability() -> None:
    stands = judged(
        months_around([10] * 12 + [20] * 12, [12] * 6),
        comparison=months_around([40] * 24, [40] * 6),
        neighbours=months_around([30] * 24, [50] * 6),
    )
    assert "%" not in stands.sentence
    assert "p =" not in stands.sentence
    assert "improve" not in stands.sentence.lower()


def test_events_of_an_area_beside_are_summed_over_a_window() -> None:
    from lib.rules.windows import Window

    area = Beside("beat K1", months_around([5, 6, 7], []))
    assert area.events_in(Window(tuple(area.series)[1:], 0)) == 13
