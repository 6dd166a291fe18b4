"""The residents' word: whether a goal was reached is theirs to say, from its due date on.

Whoever raised or supported a concern behind the goal is asked by follow link, and the room is asked at a meeting. A
goal is achieved only with their confirmation, and opens again when it gets worse. See docs/decisions/0013.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from lib.rules.goals import ResidentsWord
from lib.rules.states import GoalState
from lib.rules.text import counted, listed

SHOWN_FROM = 3
"""Answers of one source (follow links, or hands in a room) below which nothing is shown: few could be guessed."""

CONFIRMED_FROM = 3
"""Answers in all that a confirmation needs."""

REOPENED_BY = 2
"""How many times "worse" opens an achieved goal again, within `REOPENING_DAYS`."""

REOPENING_DAYS = 90

MOST_HANDS = 2000
"""More hands than any hall holds: a slip of the key."""

ANSWER_WORDS: Mapping[ResidentsWord, str] = {
    ResidentsWord.SOLVED: "Solved",
    ResidentsWord.BETTER: "Better",
    ResidentsWord.SAME: "The same",
    ResidentsWord.WORSE: "Worse",
}


@dataclass(frozen=True)
class WordCount:
    """Answers of one source or of all."""

    solved: int = 0
    better: int = 0
    same: int = 0
    worse: int = 0

    @classmethod
    def of(cls, numbers: Mapping[ResidentsWord, int]) -> "WordCount":
        return cls(**{word.value: numbers.get(word, 0) for word in ResidentsWord})

    def __add__(self, other: "WordCount") -> "WordCount":
        return WordCount(
            self.solved + other.solved, self.better + other.better, self.same + other.same, self.worse + other.worse
        )

    @property
    def total(self) -> int:
        return self.solved + self.better + self.same + self.worse

    @property
    def shares(self) -> tuple[tuple[ResidentsWord, int, Fraction], ...]:
        """Each answer with its number and its share of all (0 where nobody answered)."""
        numbers = zip(ResidentsWord, (self.solved, self.better, self.same, self.worse), strict=True)
        return tuple((word, number, Fraction(number, max(1, self.total))) for word, number in numbers)

    @property
    def improved(self) -> int:
        """Solved or better."""
        return self.solved + self.better

    @property
    def is_shown(self) -> bool:
        return self.total >= SHOWN_FROM

    @property
    def confirms(self) -> bool:
        """Whether residents confirm: at least three answers, and more than half of them solved or better.

        >>> WordCount(solved=1, better=1, same=1).confirms, WordCount(better=2, same=1, worse=1).confirms
        (True, False)
        >>> WordCount(solved=2).confirms
        False
        """
        return self.total >= CONFIRMED_FROM and 2 * self.improved > self.total

    @property
    def sentence(self) -> str:
        """The count as it is read.

        >>> WordCount(solved=2, better=3, worse=1).sentence
        '5 of 6 answers say solved or better: 2 solved, 3 better and 1 worse.'
        >>> WordCount(solved=2).sentence
        'Fewer than 3 answers so far. Totals are shown from 3 on, so that nobody’s answer can be guessed.'
        """
        if not self.is_shown:
            return (
                f"Fewer than {SHOWN_FROM} answers so far. Totals are shown from {SHOWN_FROM} on, "
                "so that nobody’s answer can be guessed."
            )
        numbers = ((self.solved, "solved"), (self.better, "better"), (self.same, "the same"), (self.worse, "worse"))
        said = listed([f"{number} {word}" for number, word in numbers if number])
        return f"{self.improved} of {counted(self.total, 'answer')} say solved or better: {said}."


def is_asked(state: GoalState, due_on: date | None, today: date) -> bool:
    """Whether residents are asked: an active goal from its measure's due date on, and an achieved one ever after, so
    that "worse" can open it again.

    >>> is_asked(GoalState.ACTIVE, date(2026, 6, 30), date(2026, 6, 29))
    False
    >>> is_asked(GoalState.ACTIVE, date(2026, 6, 30), date(2026, 6, 30))
    True
    """
    return state is GoalState.ACHIEVED or (state is GoalState.ACTIVE and due_on is not None and due_on <= today)


def asks_links_before(state: GoalState, due_on: date, ended_on: date | None) -> date:
    """The day before which a follow link must have been made to answer: the due date, for an achieved goal its end. So
    nobody makes links in order to answer with them.

    >>> asks_links_before(GoalState.ACTIVE, date(2026, 6, 30), None)
    datetime.date(2026, 6, 30)
    """
    return ended_on if state is GoalState.ACHIEVED and ended_on is not None else due_on


def counts_from(due_on: date, reopened_on: date | None) -> date:
    """The first day whose answers count: the due date, or the day on which the goal was opened again."""
    return due_on if reopened_on is None else max(due_on, reopened_on)


def reopens(worse: Iterable[tuple[date, int]], *, achieved_on: date, today: date) -> bool:
    """Whether an achieved goal opens again: two "worse" in 90 days, given after the day on which it was achieved.

    `worse`: of one source, days with how many said so on each. Follow links and hands are not added: it may be the same
    person. An answer of the day itself belongs to the closing.

    >>> day = date(2026, 6, 1)
    >>> reopens([(date(2026, 7, 1), 1), (date(2026, 8, 1), 1)], achieved_on=day, today=date(2026, 8, 1))
    True
    >>> reopens([(date(2026, 6, 2), 1), (date(2026, 12, 1), 1)], achieved_on=day, today=date(2026, 12, 1))
    False
    >>> reopens([(day, 5)], achieved_on=day, today=date(2026, 6, 2))
    False
    """
    since = today - timedelta(days=REOPENING_DAYS)
    return sum(number for on, number in worse if achieved_on < on <= today and on > since) >= REOPENED_BY
