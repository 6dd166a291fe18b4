"""The first-answer clock: how long it takes until somebody answers, with those who still wait counted as waiting.

Leaving out the ones that nobody has answered yet would make a slow desk look quick. They are right-censored: known to
have waited so long, and how much longer nobody knows. The survival curve (Kaplan and Meier 1958) uses both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.rules.text import counted

FEWEST = 10
"""Concerns below which no figure is said."""

WINDOW_DAYS = 365


@dataclass(frozen=True)
class AnswerClock:
    """`n` concerns, `waiting` of them without an answer. `median` and `ninetieth`: days within which half, nine in ten
    have had a first answer; None where too many still wait to know, and below `FEWEST` concerns."""

    n: int
    waiting: int
    median: float | None
    ninetieth: float | None

    @property
    def is_enough(self) -> bool:
        return self.n >= FEWEST

    @property
    def half(self) -> str:
        """The median in words: "5 days", "more than half still wait", "too few to say"."""
        return self._words(self.median, "more than half still wait")

    @property
    def nine_in_ten(self) -> str:
        """The 90th percentile in words."""
        return self._words(self.ninetieth, "more than one in ten still wait")

    @property
    def sentence(self) -> str:
        """The clock as it is read, n and those waiting included.

        >>> AnswerClock(40, 3, 5.2, 31.0).sentence
        'Of 40 concerns, half had a first answer within 5.2 days, nine in ten within 31 days; 3 still wait.'
        >>> AnswerClock(12, 8, None, None).sentence
        'Of 12 concerns, more than half still wait for a first answer: 8.'
        >>> AnswerClock(12, 4, 2.0, None).sentence
        'Of 12 concerns, half had a first answer within 2 days; more than one in ten still wait: 4.'
        >>> AnswerClock(9, 1, None, None).sentence
        '9 concerns are too few to say how long a first answer takes; 1 still waits.'
        >>> AnswerClock(0, 0, None, None).sentence
        'No concern was raised.'
        """
        if not self.n:
            return "No concern was raised."
        still = f"{self.waiting:,} still {'waits' if self.waiting == 1 else 'wait'}" if self.waiting else ""
        if not self.is_enough:
            are = "is" if self.n == 1 else "are"
            too_few = f"{counted(self.n, 'concern')} {are} too few to say how long a first answer takes"
            return f"{too_few}; {still}." if still else f"{too_few}."
        of = f"Of {counted(self.n, 'concern')}"
        if self.median is None:
            return f"{of}, more than half still wait for a first answer: {self.waiting:,}."
        said = f"{of}, half had a first answer within {days_in_words(self.median)}"
        if self.ninetieth is None:
            return f"{said}; more than one in ten still wait: {self.waiting:,}."
        said += f", nine in ten within {days_in_words(self.ninetieth)}"
        return f"{said}; {still}." if still else f"{said}."

    def _words(self, days: float | None, without: str) -> str:
        if not self.is_enough:
            return "too few to say"
        return without if days is None else days_in_words(days)


def answer_clock(answered: Sequence[float], waiting: Sequence[float]) -> AnswerClock:
    """The clock of some concerns: days until the first answer, and days that the others have waited so far.

    >>> answer_clock([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [])
    AnswerClock(n=10, waiting=0, median=5.0, ninetieth=9.0)
    >>> answer_clock([1, 2, 3, 4, 5], [100] * 5).ninetieth is None
    True
    >>> answer_clock([1, 2, 3, 4], [100] * 6).median is None
    True
    >>> answer_clock([1, 2, 3], [])
    AnswerClock(n=3, waiting=0, median=None, ninetieth=None)
    """
    days = np.array([*answered, *waiting], float)
    return clocks_by_group(np.zeros(len(days), int), days, np.arange(len(days)) < len(answered), 1)[0]


def clocks_by_group(
    group: NDArray[np.integer[Any]], days: NDArray[np.floating[Any]], is_answered: NDArray[np.bool_], groups: int
) -> list[AnswerClock]:
    """The clock of each of so many groups, sorted once for all of them. One element per concern: the number of its
    group, from 0; days until its first answer or waited so far; whether it was answered.

    >>> clocks_by_group(np.array([1, 1]), np.array([2.0, 3.0]), np.array([True, False]), 2)
    [AnswerClock(n=0, waiting=0, median=None, ninetieth=None), AnswerClock(n=2, waiting=1, median=None, ninetieth=None)]
    """
    # Clocks of two machines may differ: nothing was answered before it was raised.
    days = np.maximum(days, 0.0)
    # Who was answered at the very moment at which another's wait is cut off was still waiting then: answers first.
    order = np.lexsort((~is_answered, days, group))
    counts = np.bincount(group, minlength=groups)
    ends = np.cumsum(counts)
    parts = [order[begin:end] for begin, end in zip(ends - counts, ends, strict=True)]
    return [_clock(days[part], is_answered[part]) for part in parts]


def days_in_words(days: float) -> str:
    """A number of days as people say it; under two days in hours.

    >>> days_in_words(0.02), days_in_words(0.5), days_in_words(5.25), days_in_words(31.4), days_in_words(3.0)
    ('under an hour', '12 hours', '5.2 days', '31 days', '3 days')
    """
    if days < 1 / 24:
        return "under an hour"
    if days < 2:
        return counted(round(days * 24), "hour")
    return f"{days:.0f} days" if days >= 10 else f"{days:.1f}".removesuffix(".0") + " days"


def _clock(days: NDArray[np.floating[Any]], is_answered: NDArray[np.bool_]) -> AnswerClock:
    """The clock of concerns sorted by days, of equal ones the answered first.

    Each answer leaves of those who wait the share of all others who had waited as long; several on one day multiply to
    the share that the day leaves.
    """
    n = len(days)
    waiting = n - int(is_answered.sum())
    if n < FEWEST:
        return AnswerClock(n, waiting, None, None)
    still = np.cumprod(1 - is_answered / np.arange(n, 0, -1))
    return AnswerClock(n, waiting, _reached(days, still, 0.5), _reached(days, still, 0.1))


def _reached(days: NDArray[np.floating[Any]], still: NDArray[np.floating[Any]], share: float) -> float | None:
    """The first day at which no more than this share still waits, None where the curve does not come so far."""
    # The curve is a product of fractions: its half may come out a last digit above one half.
    at = int(np.argmax(still <= share + 1e-9))
    return float(days[at]) if still[at] <= share + 1e-9 else None
