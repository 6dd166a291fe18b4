"""How much more the months of a series vary than chance alone would make them.

Independent events have a variance equal to their mean; crimes come in bursts and vary more (P. Marchant, P. D. Baxter
and S. Barber 2006, "Some statistical issues in the assessment of crime reduction interventions"). The factor is that of
a quasi-Poisson model, estimated from months that a season or a trend cannot explain: two series of the same months are
compared with each other, so that what both share cancels out. Deviations are summed before they are divided, so that
months with many events weigh as much as they do in the total that is judged.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scipy.special import stdtrit

from lib.rules.intervals import Z

ENOUGH_FREEDOM = 5
"""Degrees of freedom from which the compared months alone say how much months vary."""


class Spread(NamedTuple):
    """Squared deviations of some months, what chance alone would make them, and their degrees of freedom."""

    found: float
    by_chance: float
    freedom: float


NO_SPREAD = Spread(0.0, 0.0, 0.0)


def spread_between(first: Sequence[int], second: Sequence[int]) -> Spread:
    """How unsteadily two series of the same months keep their ratio. Nothing is known if either has no events.

    >>> [round(part, 2) for part in spread_between([10, 20, 30], [20, 40, 60])]
    [0.0, 110.0, 1.57]
    >>> round(spread_between([30, 0, 30], [20, 40, 60]).found, 2)
    1600.0
    """
    both = [a + b for a, b in zip(first, second, strict=True)]
    of_first, total = sum(first), sum(both)
    if not 0 < of_first < total:
        return NO_SPREAD
    share = of_first / total
    squared = sum([(a - share * n) ** 2 for a, n in zip(first, both, strict=True)])
    squares = sum([n * n for n in both])
    # Months of unequal size carry less than one degree of freedom each (F. E. Satterthwaite 1946).
    return Spread(squared / (share * (1 - share)), total - squares / total, total * total / squares - 1)


def spread_around_mean(events: Sequence[int]) -> Spread:
    """How much months differ from their mean. A season counts as spread: only for where nothing better is known.

    >>> spread_around_mean([10, 14, 12])
    Spread(found=8.0, by_chance=24.0, freedom=2)
    """
    total = sum(events)
    if total == 0 or len(events) < 2:
        return NO_SPREAD
    mean = total / len(events)
    return Spread(sum((count - mean) ** 2 for count in events), mean * (len(events) - 1), len(events) - 1)


def freedom_of(spreads: Iterable[Spread]) -> float:
    """Degrees of freedom of several spreads together."""
    return sum(spread.freedom for spread in spreads)


def dispersion(spreads: Sequence[Spread]) -> float:
    """The factor by which a variance is larger than that of independent events, never below 1.

    Being estimated from few months it is uncertain itself: it is enlarged so that a normal interval becomes the
    interval of Student's t with the same degrees of freedom. Without any spread it is 1.

    >>> dispersion([]), round(dispersion([Spread(60.0, 20.0, 10.0)]), 2)
    (1.0, 3.88)
    """
    by_chance = sum(spread.by_chance for spread in spreads)
    if by_chance <= 0:
        return 1.0
    found = sum(spread.found for spread in spreads) / by_chance
    quantile = float(stdtrit(max(freedom_of(spreads), 1.0), 0.975))
    return max(1.0, found * (quantile / Z) ** 2)
