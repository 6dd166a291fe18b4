"""Votes drawn at random for properties of the rule: small enough to count by hand, mixed enough to turn keys."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st

from lib.rules.counting import Ballot
from lib.rules.tally import RoundTally, tally_round
from lib.rules.voting import RoundMode, RoundRule
from tests.rules.votes import GOALS

CANDIDATES = GOALS[:5]

examples = settings(max_examples=200, deadline=None, derandomize=True)
"""The same votes in every run; hypothesis still shrinks what fails."""


@dataclass(frozen=True)
class Vote:
    """Everything a round is counted from."""

    rule: RoundRule
    residents: tuple[Ballot, ...]
    officers: tuple[Ballot, ...]
    places: int
    seed: str = "4-1-6"
    mode: RoundMode = RoundMode.MEETING
    candidates: tuple[UUID, ...] = CANDIDATES

    def counted(self) -> RoundTally:
        return tally_round(
            self.rule,
            self.candidates,
            self.residents,
            self.officers,
            places=self.places,
            tie_seed=self.seed,
            mode=self.mode,
        )

    def but(self, **changes: object) -> "Vote":
        return replace(self, **changes)  # type: ignore[arg-type]


def placed(tally: RoundTally) -> list[UUID]:
    """The adopted goals by place."""
    return [outcome.goal for outcome in tally.adopted]


def said(side: Iterable[Ballot]) -> list[Ballot]:
    """The ballots that are not blank."""
    return [ballot for ballot in side if ballot.choices or ballot.none_of_these]


KINDS = [
    Ballot(),
    Ballot(none_of_these=True),
    *(Ballot(frozenset(chosen)) for size in range(1, 6) for chosen in combinations(CANDIDATES, size)),
]
"""Every ballot there is: blank, none of these, and all choices of five goals."""


def _side(most: int) -> st.SearchStrategy[tuple[Ballot, ...]]:
    return st.lists(st.sampled_from(KINDS), max_size=most).map(tuple)


def votes_of(rule: st.SearchStrategy[RoundRule], *, most_residents: int = 16) -> st.SearchStrategy[Vote]:
    """Whole votes, with none, few and many voters on either side."""
    return st.builds(Vote, rule, _side(most_residents), _side(8), st.integers(1, 6), st.sampled_from(["4-1-6", "2-5"]))


any_vote = votes_of(st.sampled_from(RoundRule))
turns_vote = votes_of(st.just(RoundRule.TWO_KEYS_TURNS))
