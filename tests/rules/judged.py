"""Goals that are judged in tests: series of months around a start on 1 March 2026, and how they stand."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from lib.rules.comparing import Beside
from lib.rules.evidence import MeasureStanding, counted_standing
from lib.rules.goals import Direction
from lib.rules.months import months_later

START = date(2026, 3, 1)


def months_around(before: Sequence[int], after: Sequence[int]) -> dict[date, int]:
    """Events of the months before March 2026, and of March 2026 and later."""
    first = months_later(START, -len(before))
    return {months_later(first, number): int(events) for number, events in enumerate([*before, *after])}


def judged(
    own: dict[date, int],
    *,
    comparison: dict[date, int] | None = None,
    neighbours: dict[date, int] | None = None,
    direction: Direction = Direction.DOWN,
) -> MeasureStanding:
    """How a goal about burglaries stands after the last of its months."""
    return counted_standing(
        own,
        baseline=Fraction(20),
        baseline_months=12,
        target=Fraction(10) if direction is Direction.DOWN else Fraction(30),
        direction=direction,
        starts_on=START,
        due_on=date(2027, 3, 31),
        today=months_later(max(own), 1),
        unit="burglaries",
        source="recorded incidents, beat K2",
        comparison=None if comparison is None else Beside("beats K1 and K3", comparison),
        neighbours=None if neighbours is None else Beside("Neighbouring beats", neighbours),
    )
