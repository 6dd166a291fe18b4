"""A goal judged by the pulse: waves compared by the interval of their difference, hidden waves not there."""

from datetime import date
from fractions import Fraction

import pytest

from lib.rules.evidence import Change, MeasureStanding
from lib.rules.goals import Direction
from lib.rules.pulse import pulse_share
from lib.rules.standing import AskedWave, pulse_standing

WAVE = date(2026, 9, 1)


def standing(*waves: tuple[date, tuple[int, int]], direction: Direction = Direction.UP) -> MeasureStanding:
    return standing_of(*(asked(day, counts) for day, counts in waves), direction=direction)


def asked(day: date, counts: tuple[int, int], *, volunteers: bool = False, wording: str = "2026-1") -> AskedWave:
    return AskedWave(day, pulse_share(*counts, volunteers=volunteers), wording)


def standing_of(*waves: AskedWave, direction: Direction = Direction.UP) -> MeasureStanding:
    return pulse_standing(
        waves,
        baseline=Fraction(33, 60),
        target=Fraction(7, 10) if direction is Direction.UP else Fraction(4, 10),
        direction=direction,
        starts_on=date(2026, 5, 1),
        due_on=date(2027, 5, 1),
        today=date(2026, 12, 1),
        source="pulse of beat K2",
    )


def test_without_a_wave_since_the_start_it_is_too_early() -> None:
    early = standing((date(2026, 3, 1), (33, 60)))
    assert (early.change, early.latest, early.reached, early.way) == (Change.TOO_EARLY, None, False, 0)
    assert "no wave of the pulse since 1 May 2026. Before: 55\N{NO-BREAK SPACE}% felt safe." in early.sentence


def test_a_hidden_wave_is_as_good_as_none() -> None:
    assert standing((date(2026, 3, 1), (33, 60)), (WAVE, (9, 9))).change is Change.TOO_EARLY


@pytest.mark.parametrize(
    ("after", "direction", "change", "headline"),
    [
        ((45, 75), Direction.UP, Change.NO_DETECTABLE_CHANGE, "No detectable change"),
        ((140, 150), Direction.UP, Change.MOVED, "More feel safe"),
        ((30, 150), Direction.UP, Change.WORSE, "Fewer feel safe"),
        ((140, 150), Direction.DOWN, Change.WORSE, "More feel safe"),
        ((30, 150), Direction.DOWN, Change.MOVED, "Fewer feel safe"),
    ],
)
def test_a_change_is_one_only_beyond_chance(
    after: tuple[int, int], direction: Direction, change: Change, headline: str
) -> None:
    stands = standing((date(2026, 3, 1), (33, 60)), (WAVE, after), direction=direction)
    assert (stands.change, stands.headline, stands.latest) == (change, headline, Fraction(*after))


def test_without_a_wave_from_before_nothing_is_said_about_chance() -> None:
    stands = standing((WAVE, (56, 70)))
    assert (stands.change, stands.reached, stands.headline) == (Change.NOT_TESTED, True, "Target reached")
    assert "whether it is chance cannot be said" in stands.sentence
    assert "Target: at least 70\N{NO-BREAK SPACE}% by 1 May 2027, reached." in stands.sentence


BEFORE = asked(date(2026, 3, 1), (33, 60))


def test_volunteers_prove_and_reach_nothing() -> None:
    stands = standing_of(BEFORE, asked(WAVE, (140, 150), volunteers=True))
    assert (stands.change, stands.latest, stands.reached, stands.way, stands.headline) == (
        Change.NOT_TESTED,
        None,
        False,
        0,
        "Not compared",
    )
    assert "volunteers answered, who stand for nobody but themselves" in stands.sentence
    assert "Target: at least 70\N{NO-BREAK SPACE}% by 1 May 2027." in stands.sentence


def test_a_later_wave_of_volunteers_takes_nothing_from_a_random_one() -> None:
    random = asked(WAVE, (140, 150))
    assert standing_of(BEFORE, random, asked(date(2026, 11, 1), (10, 90), volunteers=True)) == standing_of(
        BEFORE, random
    )


def test_volunteers_before_are_no_baseline() -> None:
    stands = standing_of(asked(date(2026, 3, 1), (33, 60), volunteers=True), asked(WAVE, (140, 150)))
    assert (stands.change, stands.reached) == (Change.NOT_TESTED, False)
    assert "before, volunteers answered" in stands.finding


@pytest.mark.parametrize("wording", ["2027-1", ""])
def test_a_wave_in_other_words_proves_and_reaches_nothing(wording: str) -> None:
    stands = standing_of(BEFORE, asked(WAVE, (140, 150), wording=wording))
    assert (stands.change, stands.latest, stands.reached) == (Change.NOT_TESTED, None, False)
    assert "two wordings are not compared" in stands.finding


def test_the_last_wave_in_the_same_words_is_judged() -> None:
    same, other = asked(date(2026, 8, 1), (140, 150)), asked(WAVE, (20, 150), wording="2027-1")
    assert standing_of(BEFORE, same, other) == standing_of(BEFORE, same)


LOW = asked(date(2026, 3, 1), (60, 150))


def test_a_goal_of_the_pulse_has_no_area_to_compare_with_and_says_so() -> None:
    stands = standing_of(BEFORE, asked(WAVE, (140, 150)))
    assert (stands.basis, stands.notes) == ("There is no area to compare with.", ())
    assert "There is no area to compare with. Target:" in stands.sentence


def test_a_rise_from_a_low_point_comes_in_part_by_itself() -> None:
    stands = standing_of(asked(date(2025, 9, 1), (105, 150)), LOW, asked(WAVE, (110, 150)))
    (note,) = stands.notes
    assert note.replace("\N{NO-BREAK SPACE}", " ") == (
        "The last wave before the goal lay clearly below the one before it: 40 %, against 70 %. "
        "Part of a rise from a low point comes by itself."
    )
    assert note in stands.sentence


@pytest.mark.parametrize(
    ("earlier", "direction"),
    [
        (asked(date(2025, 9, 1), (65, 150)), Direction.UP),
        (asked(date(2025, 9, 1), (105, 150)), Direction.DOWN),
        (asked(date(2025, 9, 1), (105, 150), volunteers=True), Direction.UP),
        (asked(date(2025, 9, 1), (105, 150), wording="2025-1"), Direction.UP),
    ],
)
def test_without_a_low_point_there_is_no_such_note(earlier: AskedWave, direction: Direction) -> None:
    assert standing_of(earlier, LOW, asked(WAVE, (110, 150)), direction=direction).notes == ()
