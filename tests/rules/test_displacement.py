"""Whether trouble only moved: the quotient by its published formula, and what is said of the neighbours."""

from fractions import Fraction

import pytest

from lib.rules.displacement import Spill, displacement_quotient
from tests.rules.judged import judged, months_around


@pytest.mark.parametrize(
    ("neighbours", "quotient"),
    [
        ((40, 40), Fraction(0)),
        ((40, 46), Fraction(-3, 10)),
        ((40, 60), Fraction(-1)),
        ((40, 80), Fraction(-2)),
        ((40, 30), Fraction(1, 2)),
    ],
)
def test_the_quotient_reads_as_its_guide_says(neighbours: tuple[int, int], quotient: Fraction) -> None:
    """Guerette 2009, appendices B and C: below 0 displacement, below -1 more than was gained, above 0 diffusion."""
    assert displacement_quotient((50, 30), neighbours, (60, 60)) == quotient


def test_the_quotient_follows_the_formula_where_the_comparison_area_changes_too() -> None:
    """(Da/Ca - Db/Cb) / (Ra/Ca - Rb/Cb), Guerette 2009, appendix B; counts of A. P. Wheeler's example for `wdd`."""
    found = displacement_quotient((207, 110), (178, 157), (308, 318))
    expected = (Fraction(157, 318) - Fraction(178, 308)) / (Fraction(110, 318) - Fraction(207, 308))
    assert found == expected


def test_without_a_gain_or_a_comparison_nothing_can_have_moved() -> None:
    assert displacement_quotient((30, 50), (40, 46), (60, 60)) is None
    assert displacement_quotient((50, 50), (40, 46), (60, 60)) is None
    assert displacement_quotient((50, 30), (40, 46), (60, 0)) is None
    assert displacement_quotient((50, 30), (40, 46), (0, 60)) is None


OWN = months_around([20] * 12, [10] * 12)
BESIDE = months_around([40] * 12, [40] * 12)


def test_neighbours_who_had_no_more_are_said_to_show_nothing() -> None:
    spill = judged(OWN, comparison=BESIDE, neighbours=months_around([30] * 12, [30] * 12)).displacement
    assert spill is not None
    assert (spill.before, spill.after, spill.expected, spill.spill, spill.quotient) == (
        360, 360, Fraction(360), Spill.NO_DETECTABLE_CHANGE, Fraction(0)
    )  # fmt: skip
    assert spill.sentence == (
        "Neighbouring beats: 360 instead of about 360 expected; "
        "no detectable change, so nothing shows that trouble moved there."
    )


@pytest.mark.parametrize(
    ("since", "spill", "words"),
    [
        (38, Spill.MORE, "so some of the trouble may have moved there"),
        (60, Spill.MORE, "so trouble may have moved there, and more of it than was gained"),
        (20, Spill.FEWER, "so they may have gained too"),
    ],
)
def test_neighbours_who_had_more_or_fewer_beyond_chance_are_told(since: int, spill: Spill, words: str) -> None:
    stands = judged(OWN, comparison=BESIDE, neighbours=months_around([30] * 12, [since] * 12))
    assert stands.displacement is not None
    assert stands.displacement.spill is spill
    assert stands.displacement.sentence.endswith(f"chance alone would rarely do that, {words}.")
    assert stands.displacement.sentence in stands.notes


def test_without_a_gain_no_displacement_is_claimed_and_no_quotient_given() -> None:
    stands = judged(
        months_around([20] * 12, [20] * 12), comparison=BESIDE, neighbours=months_around([30] * 12, [50] * 12)
    )
    assert stands.displacement is not None
    assert stands.displacement.quotient is None
    assert stands.displacement.sentence.endswith("chance alone would rarely do that.")


def test_without_a_comparison_area_neighbours_are_held_against_their_own_past() -> None:
    spill = judged(OWN, neighbours=months_around([30] * 12, [50] * 12)).displacement
    assert spill is not None
    assert (spill.expected, spill.spill, spill.quotient) == (Fraction(360), Spill.MORE, None)


def test_neighbours_without_figures_are_not_mentioned() -> None:
    assert judged(OWN, comparison=BESIDE, neighbours=months_around([30] * 2, [30] * 12)).displacement is None
