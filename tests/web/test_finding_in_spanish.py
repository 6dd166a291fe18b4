"""A measure's finding in English and in Spanish: the same figures, and nothing of ours left in English."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from lib.rules.evidence import MeasureStanding, TypedReading, counted_standing, typed_standing
from lib.rules.goals import Direction
from lib.rules.months import months_later
from lib.rules.pulse import pulse_share
from lib.rules.standing import AskedWave, pulse_standing
from lib.web.languages import ENGLISH, _, day, months, speak
from tests.web.shown import english_words

BEGAN, DUE, TODAY = date(2026, 3, 12), date(2027, 3, 31), date(2026, 10, 5)


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    speak("es")
    yield
    speak(ENGLISH)


def by_month(before: list[int], after: list[int]) -> MeasureStanding:
    first = months_later(date(2026, 3, 1), -len(before))
    return counted_standing(
        {months_later(first, number): count for number, count in enumerate([*before, 9, *after])},
        baseline=Fraction(20),
        baseline_months=12,
        target=Fraction(10),
        direction=Direction.DOWN,
        starts_on=BEGAN,
        due_on=DUE,
        today=TODAY,
        unit="robos",
        source="",
    )


def typed(*values: int) -> MeasureStanding:
    return typed_standing(
        [TypedReading(date(2026, 5, number + 1), Fraction(value), "") for number, value in enumerate(values)],
        baseline=Fraction(1500),
        target=Fraction(10),
        direction=Direction.DOWN,
        starts_on=BEGAN,
        due_on=DUE,
        today=TODAY,
        unit="km/h",
    )


def asked(*waves: tuple[date, int, int, bool, str]) -> MeasureStanding:
    """Each wave: its day, how many feel safe of how many, whether they are volunteers, its wording."""
    return pulse_standing(
        [AskedWave(on, pulse_share(safe, n, volunteers=is_free), wording) for on, safe, n, is_free, wording in waves],
        baseline=Fraction(1, 2),
        target=Fraction(3, 5),
        direction=Direction.UP,
        starts_on=BEGAN,
        due_on=DUE,
        today=TODAY,
        source="",
    )


BEFORE, SINCE = date(2026, 1, 10), date(2026, 9, 10)
YEAR = [20] * 12

STANDINGS = {
    "no complete month": lambda: by_month(YEAR, []),
    "nothing before": lambda: by_month([], [1200] * 6),
    "a fall": lambda: by_month(YEAR, [10] * 6),
    "perhaps chance": lambda: by_month(YEAR, [19] * 6),
    "too few": lambda: by_month([0] * 11 + [1], [0] * 6),
    "no reading": typed,
    "one reading": lambda: typed(1200),
    "two readings": lambda: typed(1300, 1200),
    "no wave": asked,
    "one wave": lambda: asked((SINCE, 45, 75, False, "1")),
    "volunteers": lambda: asked((SINCE, 45, 75, True, "1")),
    "volunteers before": lambda: asked((BEFORE, 33, 60, True, "1"), (SINCE, 45, 75, False, "1")),
    "another wording": lambda: asked((BEFORE, 33, 60, False, "1"), (SINCE, 45, 75, False, "2")),
    "more": lambda: asked((BEFORE, 33, 90, False, "1"), (SINCE, 65, 75, False, "1")),
    "fewer": lambda: asked((BEFORE, 80, 90, False, "1"), (SINCE, 33, 75, False, "1")),
    "no change": lambda: asked((BEFORE, 33, 60, False, "1"), (SINCE, 45, 75, False, "1")),
}


@pytest.mark.parametrize("case", STANDINGS)
def test_the_same_figures_stand_in_both_languages(case: str) -> None:
    standing = STANDINGS[case]()
    said = standing.told.said(_, day, months)
    assert standing.told.english == standing.finding
    assert said != standing.finding
    assert sorted(re.findall(r"\d[\d,.]*\b", said)) == sorted(re.findall(r"\d[\d,.]*\b", standing.finding))
    assert english_words(said) == set()


def test_the_cases_are_all_that_can_be_said() -> None:
    assert len({STANDINGS[case]().told.pattern for case in STANDINGS}) == 12


def test_a_fall_reads_as_people_say_it() -> None:
    assert by_month(YEAR, [10] * 6).told.said(_, day, months) == (
        "60 (robos), abril a septiembre de 2026, cuando se esperaban cerca de 120; la sola casualidad rara vez haría "
        "eso."
    )


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ((), ""),
        ((date(2026, 4, 1),), "abril de 2026"),
        ((date(2025, 11, 1), date(2026, 2, 1)), "noviembre de 2025 a febrero de 2026"),
    ],
)
def test_a_run_of_months_reads_as_people_say_it(run: tuple[date, ...], said: str) -> None:
    assert months(run) == said
