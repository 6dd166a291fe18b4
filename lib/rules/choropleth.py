"""Classes of a map: a few steps with round breaks, from light to dark. No figure is a class of its own, never zero."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor, isfinite, log10

STEPS = 6

_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def class_breaks(values: Iterable[float | None], steps: int = STEPS) -> tuple[float, ...]:
    """Where the classes above the lowest begin, in rising order: at most steps - 1 round numbers.

    Each break is the round number nearest to a quantile, so that classes hold about equally many places; no class is
    empty. Counts (all values whole) get whole breaks. Equal values give no break, one class. None and NaN count for
    nothing.

    >>> class_breaks([0, 1, 3, 4, 7, 9, 12, 14, 21, 30, 44, 95])
    (3.0, 6.0, 10.0, 15.0, 30.0)
    >>> class_breaks([0.11, 0.34, 0.42, 0.58, 0.9, 1.3], steps=3)
    (0.4, 0.6)
    >>> class_breaks([5, 5, None])
    ()
    """
    known = sorted(float(value) for value in values if value is not None and isfinite(value))
    if not known:
        return ()
    whole = all(value.is_integer() for value in known)
    wanted = sorted({round_number(_quantile(known, step / steps), whole=whole) for step in range(1, steps)})
    breaks: list[float] = []
    below = 0
    for number in wanted:
        reached = bisect_left(known, number)
        if below < reached < len(known):
            breaks.append(number)
            below = reached
    return tuple(breaks)


def class_of(value: float | None, breaks: Sequence[float]) -> int | None:
    """The class of a value, 0 the lowest, or None without a figure. A break belongs to the class it begins.

    >>> [class_of(value, (3.0, 6.0)) for value in (0, 3, 5.9, 6, 100, None)]
    [0, 1, 1, 2, 2, None]
    """
    if value is None or not isfinite(value):
        return None
    return bisect_right(breaks, value)


def class_labels(breaks: Sequence[float], *, counts: bool) -> tuple[str, ...]:
    """What a legend says of each class, from the lowest. `counts`: whole numbers, so that the ends can be named.

    >>> class_labels((3.0, 6.0, 7.0), counts=True)
    ('under 3', '3 to 5', '6', '7 and more')
    >>> class_labels((0.5, 1.2), counts=False)
    ('under 0.5', '0.5 to under 1.2', '1.2 and more')
    """
    if not breaks:
        return ("all",)
    places = 0 if counts else max(0, *(_decimals(number) for number in breaks))
    written = [f"{number:,.{places}f}" for number in breaks]
    middle = []
    for (low, high), (first, beyond) in zip(pairwise(breaks), pairwise(written), strict=True):
        if not counts:
            middle.append(f"{first} to under {beyond}")
        else:
            middle.append(first if high - low <= 1 else f"{first} to {high - 1:,.0f}")
    return (f"under {written[0]}", *middle, f"{written[-1]} and more")


def round_number(value: float, *, whole: bool = False) -> float:
    """The nearest number that people would write on a legend; `whole` gives whole numbers only.

    >>> [round_number(value) for value in (0, 0.13, 1.7, 7.2, 17, 138, 4400)]
    [0.0, 0.12, 1.5, 8.0, 15.0, 150.0, 4000.0]
    >>> [round_number(value, whole=True) for value in (0.4, 1.7, 7.2, 17)]
    [0.0, 2.0, 7.0, 15.0]
    """
    if value < 1e-6:
        return 0.0
    if whole and value <= 10:
        return float(floor(value + 0.5))
    power = 10.0 ** floor(log10(value))
    nearest = min(_ROUND, key=lambda digit: abs(digit - value / power))
    return float(f"{nearest * power:.6g}")


def _decimals(number: float) -> int:
    return len(f"{number:.6f}".rstrip("0").split(".")[1])


def _quantile(ordered: Sequence[float], share: float) -> float:
    position = share * (len(ordered) - 1)
    low = floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)
