"""Points: ten times a mean, with n and interval, hidden and warned of like shares, never called per cent."""

from fractions import Fraction

import pytest

from lib.rules.intervals import mean_difference_interval, mean_interval, wilson_interval
from lib.rules.pulse import PulseChange, may_show_parts, pulse_comparison, pulse_share
from lib.rules.pulse_means import PulseMean, mean_comparison, pulse_mean
from lib.rules.pulse_words import change_words, figure_words, group_words, interval_words


@pytest.mark.parametrize(
    ("positive", "n", "adults", "low", "high"), [(33, 60, 2500, 0.426, 0.668), (11, 12, 800, 0.648, 0.985)]
)
def test_the_intervals_of_shares_are_those_of_the_test_vectors(
    positive: int, n: int, adults: int, low: float, high: float
) -> None:
    share = pulse_share(positive, n, adults=adults)
    assert share.interval is not None
    assert [round(end, 3) for end in share.interval] == [low, high]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [((33, 60), (45, 75), PulseChange.NO_DETECTABLE_CHANGE), ((90, 150), (115, 160), PulseChange.MORE)],
)
def test_the_changes_are_those_of_the_test_vectors(
    before: tuple[int, int], after: tuple[int, int], change: PulseChange
) -> None:
    assert pulse_comparison(pulse_share(*before, adults=2500), pulse_share(*after, adults=2500)).change is change


def test_a_whole_mean() -> None:
    mean = pulse_mean([4, 6, 8] * 20, adults=2500)
    assert mean.interval is not None
    assert mean == PulseMean(60, 2500, False, (0, 0, 0, 0, 20, 0, 20, 0, 20, 0, 0), Fraction(6), mean.interval)
    # Student's t with 59 degrees of freedom: 2.00100; variance 160/59; correction 2440/2499.
    half = 2.0009953 * ((160 / 59) / 60 * (2440 / 2499)) ** 0.5
    assert tuple(mean.interval) == (pytest.approx(6 - half, abs=1e-5), pytest.approx(6 + half, abs=1e-5))
    assert mean.points == 60
    assert "%" not in mean.sentence
    assert "per cent" not in mean.sentence


@pytest.mark.parametrize("n", [0, 1, 9])
def test_fewer_than_ten_answers_are_hidden(n: int) -> None:
    mean = pulse_mean([7] * n, adults=800)
    assert mean == PulseMean(n, 800, False, None, None, None)
    assert (mean.is_hidden, mean.points) == (True, None)
    assert mean.sentence == f"Not shown: {n} answer{'' if n == 1 else 's'}, at least 10 are needed."


def test_fewer_than_thirty_are_warned_of_and_volunteers_labelled() -> None:
    mean = pulse_mean([3, 5, 7] * 4, adults=800, volunteers=True)
    assert mean.is_warned
    assert mean.interval == pulse_mean([3, 5, 7] * 4).interval
    assert "all adults" not in mean.sentence
    assert mean.sentence.endswith(
        "Fewer than 30 answers: take it as a hint. Volunteer answers: the interval shows chance only."
    )
    assert not pulse_mean([3, 5, 7] * 10).is_warned


def test_answers_that_are_all_the_same_do_not_make_the_figure_certain() -> None:
    low, high = mean_interval([8] * 12, 10, 2500)
    share = wilson_interval(8, 10)
    assert low < 8 < high
    assert high - low > 2
    assert (low, high) != (share.low * 10, share.high * 10)
    low, high = mean_interval([10] * 12, 10)
    assert (low < 10, high) == (True, 10)


def test_asking_everybody_leaves_no_chance() -> None:
    assert mean_interval([4, 6] * 10, 10, 20) == (5, 5)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ([5, 6, 7] * 20, [5, 6, 7] * 20, PulseChange.NO_DETECTABLE_CHANGE),
        ([5, 6, 7] * 20, [7, 8, 9] * 20, PulseChange.MORE),
        ([7, 8, 9] * 20, [5, 6, 7] * 20, PulseChange.LESS),
        ([2, 8] * 10, [3, 9] * 10, PulseChange.NO_DETECTABLE_CHANGE),
        ([5] * 9, [5, 6, 7] * 20, PulseChange.NOT_SHOWN),
    ],
)
def test_a_change_is_called_only_beyond_chance(before: list[int], after: list[int], change: PulseChange) -> None:
    comparison = mean_comparison(pulse_mean(before, adults=2500), pulse_mean(after, adults=2500))
    assert comparison.change is change
    if comparison.interval is not None:
        assert comparison.interval.includes(0) is (change is PulseChange.NO_DETECTABLE_CHANGE)


def test_two_samples_without_spread_differ_by_their_difference() -> None:
    assert mean_difference_interval([5] * 10, [7] * 10) == (2, 2)


def test_a_comparison_is_a_sentence_with_both_n() -> None:
    first, second = pulse_mean([5, 6, 7] * 20), pulse_mean([7, 8, 9] * 10, volunteers=True)
    assert mean_comparison(first, second).sentence == (
        "80 points of 30 answers, 60 points of 60 answers before: higher, and chance alone would rarely do that. "
        "Volunteer answers: the interval shows chance only."
    )


@pytest.mark.parametrize(
    ("sizes", "shown"), [([10, 10], True), ([9, 51], False), ([60, 0], False), ([10, 9, 41], False), ([], True)]
)
def test_where_one_part_is_hidden_no_part_is_shown(sizes: list[int], shown: bool) -> None:
    assert may_show_parts(sizes) is shown


def test_words_of_figures_never_mix_points_and_shares() -> None:
    share, mean = pulse_share(30, 60), pulse_mean([5, 6, 7] * 20)
    assert (figure_words(share).endswith("%"), figure_words(mean)) == (True, "60 points")
    assert interval_words(mean) == "58 to 62"
    assert (change_words(share, mean), change_words(None, mean), group_words(mean, None)) == ("", "", "")
    assert group_words(pulse_mean([8, 9] * 20), pulse_mean([2, 3] * 20)) == "higher, beyond chance"
