"""What the verdict does when the truth is known: 2,000 goals each, with fixed seeds.

Without a true effect at most 7 % are called moved or worse; a true halving of 20 events a month is found in at least
80 % within a year. Months may come in bursts (negative binomial), with a season, and with a trend in both areas.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lib.rules.evidence import Change
from tests.rules.judged import judged, months_around

GOALS = 2000
SEASON = 1 + 0.4 * np.sin(np.arange(12) * np.pi / 6)

Draw = Callable[[Any], Any]


def drawn(seed: int, size: float | None) -> Draw:
    """Months with these means: Poisson, or negative binomial with the variance mean + mean² / size."""
    rng = np.random.default_rng(seed)
    return lambda mean: rng.poisson(mean) if size is None else rng.negative_binomial(size, size / (size + mean))


def verdicts(
    draw: Draw,
    *,
    own: float,
    other: float | None,
    months: int = 12,
    effect: float = 1.0,
    trend: float = 1.0,
    years: int = 2,
) -> Counter[Change]:
    """What is said of 2,000 goals. `effect` is in the goal's area only, `trend` in both since the start."""
    before = np.tile(SEASON, (GOALS, years))
    after = np.tile(SEASON[:months], (GOALS, 1)) * trend
    own_before, own_after = draw(own * before), draw(own * effect * after)
    beside = None if other is None else (draw(other * before), draw(other * after))
    return Counter(
        judged(
            months_around(own_before[goal], own_after[goal]),
            comparison=None if beside is None else months_around(beside[0][goal], beside[1][goal]),
        ).change
        for goal in range(GOALS)
    )


def share(found: Counter[Change], *changes: Change) -> float:
    return sum(found[change] for change in changes) / GOALS


@pytest.mark.parametrize(
    ("own", "other", "months", "trend", "years", "size"),
    [
        (20, 60, 12, 1.0, 2, None),
        (20, 60, 12, 1.4, 2, 10.0),
        (20, 20, 12, 0.7, 1, 4.0),
        (20, 60, 3, 1.4, 1, 10.0),
        (2, 20, 6, 1.4, 2, 4.0),
        (60, 300, 12, 0.7, 2, 4.0),
        (20, None, 12, 1.0, 2, None),
        (20, None, 3, 1.0, 2, 10.0),
        (60, None, 12, 1.0, 1, 4.0),
    ],
)
def test_without_an_effect_few_goals_are_called_moved_or_worse(
    own: float, other: float | None, months: int, trend: float, years: int, size: float | None
) -> None:
    found = verdicts(drawn(2026, size), own=own, other=other, months=months, trend=trend, years=years)
    assert share(found, Change.MOVED, Change.WORSE) <= 0.07


@pytest.mark.parametrize(
    ("other", "trend", "size"), [(20, 1.0, None), (60, 1.3, 20.0), (60, 0.8, 20.0), (None, 1.0, 20.0)]
)
def test_a_true_halving_of_twenty_a_month_is_found_within_a_year(
    other: float | None, trend: float, size: float | None
) -> None:
    found = verdicts(drawn(2026, size), own=20, other=other, effect=0.5, trend=trend)
    assert share(found, Change.MOVED) >= 0.8
    assert found[Change.WORSE] == 0


def test_a_fall_that_both_areas_share_is_not_called_a_success() -> None:
    """Alone the goal's area would nearly always seem to have moved; beside the other area it seldom does."""
    alone = verdicts(drawn(2026, None), own=20, other=None, trend=0.5)
    beside = verdicts(drawn(2026, None), own=20, other=60, trend=0.5)
    assert share(alone, Change.MOVED) > 0.95
    assert share(beside, Change.MOVED, Change.WORSE) <= 0.07
