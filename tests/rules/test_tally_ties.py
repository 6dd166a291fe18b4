"""Ties, the dice, and exactness: every comparison is made in whole numbers, however large."""

from collections import Counter
from fractions import Fraction
from hashlib import sha256
from time import perf_counter
from uuid import UUID

import pytest

from lib.rules.counting import Ballot, Count
from lib.rules.tally import (
    Tie,
    residents_threshold,
    tally_round,
)
from lib.rules.voting import RoundRule
from tests.rules.votes import A, B, C, E, placed, votes

TURNS, LOWER = RoundRule.TWO_KEYS_TURNS, RoundRule.LOWER_SHARE


class TestTies:
    def test_a_level_load_goes_to_the_goal_with_more_ballots(self) -> None:
        # E comes first (8 ballots, 1/8 each). Then A costs (1 + 4/8)/6 = 1/4 and B 1/4: six ballots against four.
        tally = tally_round(TURNS, [B, A, E], votes("4xAE 2xA 4xE 4xB"), votes("6xABE"), places=4, tie_seed="1")
        assert placed(tally) == "EAB"
        assert tally.outcome_of(A).tie is Tie.MORE_BALLOTS
        assert not tally.needs_dice

    def test_the_dice_decide_what_is_still_level(self) -> None:
        residents, officers = votes("5xA 5xB"), votes("6xAB")
        for seed in ("4-1-6", "1-1-1", "2-5-3", "6-6-6"):
            first = min([A, B], key=lambda goal: sha256(f"{seed}|{goal}".encode()).hexdigest())
            tally = tally_round(TURNS, [A, B], residents, officers, places=1, tie_seed=seed)
            assert tally.adopted == (tally.outcome_of(first),)
            assert (tally.outcome_of(first).tie, tally.needs_dice) == (Tie.DICE, True)
        winners = {placed(tally_round(TURNS, [A, B], residents, officers, places=1, tie_seed=str(n))) for n in range(9)}
        assert winners == {"A", "B"}

    def test_a_tie_beyond_the_places_needs_no_dice(self) -> None:
        tally = tally_round(TURNS, [A, B, C], votes("9xABC 1xA"), votes("6xABC"), places=1)
        assert (placed(tally), tally.needs_dice) == ("A", False)

    def test_the_order_of_the_list_decides_nothing(self) -> None:
        residents, officers = votes("5xA 5xB"), votes("6xAB")
        one = tally_round(TURNS, [A, B], residents, officers, places=1, tie_seed="4-1-6")
        other = tally_round(TURNS, [B, A], residents, officers, places=1, tie_seed="4-1-6")
        assert placed(one) == placed(other)


def test_thresholds_are_exact_where_floats_are_not() -> None:
    """3 x (1/3) in floats is not 1 for every count; here 33,333 of 99,999 is exactly a third."""
    tally = tally_round(TURNS, [A, B], votes("33333xA 66666xB"), votes("3xAB"), places=3, tie_seed="1")
    assert residents_threshold(3) == tally.outcome_of(A).residents_approval == Fraction(1, 3)
    assert tally.outcome_of(A).residents_key


def test_a_city_of_ballots_is_counted_without_waiting() -> None:
    """200,000 ballots on 30 goals take about 0.4 s; the wide bound only catches a slip to a slow way of counting."""
    goals = [UUID(int=number) for number in range(30)]
    residents = [
        Ballot(frozenset(goals[(voter * step) % 30] for step in (1, 7, 11, 13))) for voter in range(1, 200_001)
    ]
    started = perf_counter()
    tally = tally_round(TURNS, goals, residents, [Ballot(frozenset(goals))] * 6, places=30, tie_seed="1")
    assert perf_counter() - started < 10
    assert tally.residents == Count(200_000, 0)


class TestExactness:
    def test_one_ballot_in_three_million_turns_the_key_or_does_not(self) -> None:
        whole = {Ballot(frozenset({A})): 1_000_000, Ballot(frozenset({B})): 2_000_000}
        short = {Ballot(frozenset({A})): 999_999, Ballot(frozenset({B})): 2_000_001}
        keys = [
            tally_round(TURNS, [A, B], side, votes("3xAB"), places=3).outcome_of(A).residents_key
            for side in (whole, short)
        ]
        assert keys == [True, False]

    def test_one_officer_of_a_million_and_one_is_the_half(self) -> None:
        officers = {Ballot(frozenset({A})): 500_000, Ballot(none_of_these=True): 500_000}
        assert tally_round(TURNS, [A], votes("1xA"), officers, places=1).outcome_of(A).officers_key
        officers[Ballot(none_of_these=True)] += 1
        assert not tally_round(TURNS, [A], votes("1xA"), officers, places=1).outcome_of(A).officers_key

    def test_a_tie_that_floating_point_would_miss_is_a_tie(self) -> None:
        """A has 5 of 7 ballots: load 1/5. Then B costs (1 + 3/5)/4 and C (1 + 1/5)/3: both 2/5, and B has the ballot
        more. In floats C’s load comes out below 0.4, and C would be next."""
        loads = [(1 + 0.6) / 4, (1 + 0.2) / 3]
        assert loads[1] < loads[0]
        tally = tally_round(TURNS, [A, B, C], votes("3xAB 1xBC 1xAC 1xC 1xA"), votes("3xABC"), places=3)
        assert placed(tally) == "ABC"
        assert tally.outcome_of(B).tie is Tie.MORE_BALLOTS

    @pytest.mark.parametrize("times", [1, 3, 70_001])
    def test_the_tie_stays_one_when_every_ballot_is_cast_many_times(self, times: int) -> None:
        residents = {ballot: n * times for ballot, n in Counter(votes("3xAB 1xBC 1xAC 1xC 1xA")).items()}
        tally = tally_round(TURNS, [A, B, C], residents, votes("3xABC"), places=3)
        assert (placed(tally), tally.outcome_of(B).tie) == ("ABC", Tie.MORE_BALLOTS)

    def test_one_ballot_in_a_hundred_thousand_decides_the_lower_share(self) -> None:
        residents = {Ballot(frozenset({A})): 50_001, Ballot(frozenset({B})): 50_000, Ballot(frozenset({A, B})): 9}
        tally = tally_round(LOWER, [A, B], residents, votes("3xAB"), places=2)
        assert (placed(tally), tally.outcome_of(A).tie) == ("AB", None)
