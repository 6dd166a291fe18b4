"""How safe people feel: with n and interval, hidden under 10, and no change called where chance explains it."""

from fractions import Fraction

import pytest

from lib.rules.intervals import Interval
from lib.rules.pulse import PulseChange, PulseShare, pulse_comparison, pulse_share


def plain(sentence: str) -> str:
    return sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_a_whole_share() -> None:
    share = pulse_share(33, 60, adults=2500)
    assert share.interval is not None
    assert share == PulseShare(60, 2500, False, 33, Fraction(11, 20), share.interval)
    assert [round(end, 3) for end in share.interval] == [0.426, 0.668]
    assert (share.is_hidden, share.is_warned) == (False, False)


@pytest.mark.parametrize("n", [0, 1, 9])
def test_fewer_than_ten_answers_are_hidden(n: int) -> None:
    share = pulse_share(n, n, adults=800)
    assert share == PulseShare(n, 800, False, None, None, None)
    assert share.is_hidden
    assert share.sentence == f"Not shown: {n} answer{'' if n == 1 else 's'}, at least 10 are needed."


def test_fewer_than_thirty_answers_are_shown_with_a_warning() -> None:
    share = pulse_share(11, 12, adults=800)
    assert share.is_warned
    assert plain(share.sentence) == (
        "92 % of 12 answers; likely 65 % to 98 % of all adults. Fewer than 30 answers: take it as a hint."
    )
    assert not pulse_share(15, 30, adults=800).is_warned
    assert pulse_share(5, 10, adults=800).is_warned


def test_volunteers_are_labelled_and_get_no_finite_population_correction() -> None:
    share = pulse_share(33, 60, adults=2500, volunteers=True)
    assert share.interval == pulse_share(33, 60).interval
    assert plain(share.sentence) == (
        "55 % of 60 answers; by chance 42 % to 67 %. Volunteer answers: the interval shows chance only."
    )


@pytest.mark.parametrize(
    ("before", "after", "adults", "change"),
    [
        ((33, 60), (45, 75), 2500, PulseChange.NO_DETECTABLE_CHANGE),
        ((90, 150), (115, 160), 2500, PulseChange.MORE),
        ((115, 160), (90, 150), 2500, PulseChange.LESS),
        ((33, 60), (45, 75), None, PulseChange.NO_DETECTABLE_CHANGE),
        ((50, 100), (50, 100), 2500, PulseChange.NO_DETECTABLE_CHANGE),
        ((9, 9), (45, 75), 2500, PulseChange.NOT_SHOWN),
        ((45, 75), (0, 9), 2500, PulseChange.NOT_SHOWN),
    ],
)
def test_a_change_is_called_only_beyond_chance(
    before: tuple[int, int], after: tuple[int, int], adults: int | None, change: PulseChange
) -> None:
    comparison = pulse_comparison(pulse_share(*before, adults=adults), pulse_share(*after, adults=adults))
    assert comparison.change is change
    assert (comparison.interval is None) == (change is PulseChange.NOT_SHOWN)


def test_every_comparison_is_a_sentence_with_both_n() -> None:
    first, second, third = pulse_share(33, 60), pulse_share(45, 75), pulse_share(5, 75, volunteers=True)
    assert plain(pulse_comparison(first, second).sentence) == (
        "60 % of 75 answers, 55 % of 60 answers before: no detectable change."
    )
    assert plain(pulse_comparison(second, third).sentence) == (
        "7 % of 75 answers, 60 % of 75 answers before: fewer, and chance alone would rarely do that. "
        "Volunteer answers: the interval shows chance only."
    )
    assert pulse_comparison(pulse_share(1, 3), second).sentence == (
        "Too few answers to compare: both waves need at least 10."
    )


def test_waves_with_different_frames_use_the_larger_one() -> None:
    mixed = pulse_comparison(pulse_share(90, 150, adults=900), pulse_share(115, 160, adults=2500))
    same = pulse_comparison(pulse_share(90, 150, adults=2500), pulse_share(115, 160, adults=2500))
    assert mixed.interval == same.interval
    one_unknown = pulse_comparison(pulse_share(90, 150), pulse_share(115, 160, adults=2500))
    assert isinstance(one_unknown.interval, Interval)
    assert one_unknown.interval == pulse_comparison(pulse_share(90, 150), pulse_share(115, 160)).interval
