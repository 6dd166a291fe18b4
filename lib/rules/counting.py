"""Ballots of one side, counted exactly: who approves a goal is kept as a set of ballots, never as a running number."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from lib.errors import Invalid
from lib.rules.ballots import canonical_json

NONE_OF_THESE = "none"
"""How "none of these" is written on a stored and published ballot."""

_APPROVED = ord("1")


@dataclass(frozen=True)
class Ballot:
    """What one voter chose: any number of goals, or none of these. Neither is a blank ballot.

    Raises Invalid for goals together with "none of these".
    """

    choices: frozenset[UUID] = frozenset()
    none_of_these: bool = False

    def __post_init__(self) -> None:
        if self.choices and self.none_of_these:
            raise Invalid("Choose goals, or “none of these”, but not both.", field="choices")

    @property
    def is_blank(self) -> bool:
        return not self.choices and not self.none_of_these


Ballots = Iterable[Ballot] | Mapping[Ballot, int]
"""Ballots one by one, or each different ballot with how often it was cast."""


@dataclass(frozen=True)
class Count:
    """Ballots of one side. Blank ones are turnout and nothing else."""

    cast: int
    blank: int

    @property
    def non_blank(self) -> int:
        return self.cast - self.blank


NOT_BLANK = ("none", "one or two", "three or more")
"""All that is published of how many ballots of a sealed side are not blank: what the rule needs, and no more."""


def not_blank(count: Count) -> str:
    """The word of `NOT_BLANK` for a side.

    >>> [not_blank(Count(6, blank)) for blank in (0, 3, 4, 6)]
    ['three or more', 'three or more', 'one or two', 'none']
    """
    return NOT_BLANK[0] if not count.non_blank else NOT_BLANK[1] if count.non_blank < 3 else NOT_BLANK[2]


def sealed_count(cast: int, word: str) -> Count:
    """A sealed side's count as far as it is published; a stand-in for the blank ballots that gives the same result.

    Raises Invalid for a word that does not fit the number.

    >>> [sealed_count(6, word) for word in NOT_BLANK]
    [Count(cast=6, blank=6), Count(cast=6, blank=5), Count(cast=6, blank=0)]
    >>> sealed_count(2, "one or two")
    Count(cast=2, blank=0)
    """
    fewest = {"none": 0, "one or two": 1, "three or more": 3}.get(word)
    if fewest is None or cast < fewest:
        raise Invalid("This cannot be said of a sealed side.")
    if not fewest:
        return Count(cast, cast)
    return Count(cast, cast - 1 if fewest == 1 and cast >= 3 else 0)


def as_sealed(count: Count) -> Count:
    """What stays of the count of a side whose ballots are destroyed."""
    return sealed_count(count.cast, not_blank(count))


@dataclass(frozen=True)
class CountedSide:
    """One side's ballots as sets: bit n of `supporters[goal]` is set when the nth ballot approves the goal.

    Sets of a hundred thousand ballots intersect in microseconds and count exactly. Without `supporters` only the count
    is known, and there are no figures to show.
    """

    count: Count
    supporters: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def has_figures(self) -> bool:
        return bool(self.supporters)

    def approvals(self, goal: UUID) -> int:
        """How many ballots approve the goal."""
        return self.supporters.get(goal, 0).bit_count()

    def approval(self, goal: UUID) -> Fraction | None:
        """Approving ballots / non-blank ballots, or None without a non-blank ballot."""
        return Fraction(self.approvals(goal), self.count.non_blank) if self.count.non_blank else None

    def keys_turned(self, threshold: Fraction) -> frozenset[UUID]:
        """The goals whose approval reaches the threshold; none without a non-blank ballot."""
        shares = {goal: self.approval(goal) for goal in self.supporters}
        return frozenset(goal for goal, share in shares.items() if share is not None and share >= threshold)


def count_side(candidates: Sequence[UUID], ballots: Ballots) -> CountedSide:
    """One side's ballots, counted. Raises Invalid for a ballot that names a goal outside the list."""
    weighted = list(ballots.items() if isinstance(ballots, Mapping) else ((ballot, 1) for ballot in ballots))
    cast = sum(weight for _, weight in weighted)
    marks = {goal: bytearray(b"0") * cast for goal in candidates}
    blank = first = 0
    for ballot, weight in weighted:
        if ballot.is_blank:
            blank += weight
        try:
            if weight == 1:
                for goal in ballot.choices:
                    marks[goal][first] = _APPROVED
            else:
                for goal in ballot.choices:
                    marks[goal][first : first + weight] = bytes([_APPROVED]) * weight
        except KeyError as error:
            raise Invalid("A ballot names a goal that is not on the list.", field="choices") from error
        first += weight
    return CountedSide(Count(cast, blank), {goal: int(b"0" + row, 2) for goal, row in marks.items()})


def choices_text(ballot: Ballot) -> str:
    """A ballot as it is stored and published: sorted goals, ["none"], or [] for a blank one, as canonical JSON.

    >>> choices_text(Ballot(none_of_these=True)), choices_text(Ballot())
    ('["none"]', '[]')
    """
    return canonical_json([NONE_OF_THESE] if ballot.none_of_these else sorted(str(goal) for goal in ballot.choices))


def ballot_of_text(text: str) -> Ballot:
    """The ballot that `choices_text` wrote. Raises Invalid for anything else."""
    try:
        words = json.loads(text)
        if words == [NONE_OF_THESE]:
            ballot = Ballot(none_of_these=True)
        else:
            ballot = Ballot(frozenset(map(_goal, words)))
            if words != sorted(set(words)):
                raise ValueError("not in order")
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid("This is not a ballot that can be read.", field="choices") from error
    if canonical_json(words) != text:
        raise Invalid("This is not a ballot that can be read.", field="choices")
    return ballot


@lru_cache(maxsize=4096)
def _goal(text: str) -> UUID:
    """A goal's name as ballots write it; many ballots name few goals, so each is read once. Raises ValueError."""
    goal = UUID(text)
    if str(goal) != text:
        raise ValueError("not as it is written on ballots")
    return goal
