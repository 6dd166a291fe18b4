"""Sides that say little, one or two officers, and officers whose ballots are sealed behind witnessed keys."""

from dataclasses import replace
from fractions import Fraction

import pytest

from lib.rules.counting import Count
from lib.rules.tally import (
    Ending,
    Outcome,
    WitnessedKeys,
    tally_round,
    without_officers_figures,
    witnessed_keys,
)
from lib.rules.voting import RoundRule
from tests.rules.votes import A, B, C, D, endings, letters, placed, votes

TURNS, LOWER = RoundRule.TWO_KEYS_TURNS, RoundRule.LOWER_SHARE


class TestVotesThatSayLittle:
    def test_no_ballots_at_all(self) -> None:
        tally = tally_round(TURNS, [A, B], [], [], places=2)
        assert endings(tally) == {"A": "neither", "B": "neither"}
        assert (tally.residents, tally.officers, tally.advisory) == (Count(0, 0), Count(0, 0), False)
        assert tally.outcome_of(A) == Outcome(A, 0, None, False, 0, None, False, Ending.NEITHER)

    def test_no_candidates(self) -> None:
        tally = tally_round(TURNS, [], votes("3x-"), votes("3x-"), places=2)
        assert (tally.outcomes, tally.empty_places) == ((), 2)

    def test_only_blank_ballots_turn_no_key(self) -> None:
        tally = tally_round(TURNS, [A], votes("20x0"), votes("6x0"), places=1)
        assert endings(tally) == {"A": "neither"}
        assert tally.residents == Count(20, 20)

    def test_only_none_of_these_turns_no_key(self) -> None:
        tally = tally_round(TURNS, [A], votes("20x-"), votes("6x-"), places=1)
        assert endings(tally) == {"A": "neither"}
        assert tally.outcome_of(A).residents_approval == Fraction(0)

    def test_without_officers_a_goal_of_the_residents_is_contested_and_not_adopted(self) -> None:
        tally = tally_round(TURNS, [A], votes("20xA"), [], places=1)
        assert (endings(tally), tally.advisory, tally.adopts) == ({"A": "residents_only"}, False, True)
        assert letters([outcome.goal for outcome in tally.contested]) == "A"

    def test_without_residents_nothing_is_adopted(self) -> None:
        assert endings(tally_round(TURNS, [A], [], votes("6xA"), places=1)) == {"A": "officers_only"}


class TestAdvisory:
    @pytest.mark.parametrize("officers", ["1xAB", "2xAB", "1xAB 1x0", "2xAB 7x0", "1x0", "2x0"])
    def test_one_or_two_officers_adopt_nothing_and_show_nothing_per_goal(self, officers: str) -> None:
        tally = tally_round(TURNS, [A, B, C], votes("6xA 5xAB 1x-"), votes(officers), places=2)
        assert tally.advisory
        assert (tally.adopted, tally.contested) == ((), ())
        assert [outcome.officers_key for outcome in tally.outcomes] == [False, False, False]
        assert [outcome.officers_approvals for outcome in tally.outcomes] == [None, None, None]
        assert [outcome.officers_approval for outcome in tally.outcomes] == [None, None, None]
        assert letters(tally.ranking) == "AB"

    def test_the_result_is_the_same_whatever_the_two_officers_chose(self) -> None:
        residents = votes("6xA 5xAB 1xC")
        results = {
            tally_round(TURNS, [A, B, C], residents, votes(officers), places=2)
            for officers in ("2xA", "1xB 1xC", "2x-", "1xABC 1xA")
        }
        assert len(results) == 1

    def test_three_officers_are_enough(self) -> None:
        assert placed(tally_round(TURNS, [A], votes("6xA"), votes("2xA 1x-"), places=1)) == "A"

    def test_the_lower_share_ranks_by_residents_only(self) -> None:
        tally = tally_round(LOWER, [A, B, C], votes("6xA 7xB"), votes("2xA"), places=2)
        assert letters(tally.ranking) == "BA"


class TestSealedOfficers:
    RESIDENTS = votes("6xAB 3xC 1x- 2x0 4xBD")
    OFFICERS = votes("3xAB 1xAC 2xBC 1x-")

    def test_a_recount_from_witnessed_keys_reaches_the_same_result(self) -> None:
        counted = tally_round(TURNS, [A, B, C, D], self.RESIDENTS, self.OFFICERS, places=2, tie_seed="1")
        keys = witnessed_keys(counted)
        assert keys == WitnessedKeys(Count(7, 0), frozenset({A, B}))
        again = tally_round(TURNS, [A, B, C, D], self.RESIDENTS, keys, places=2, tie_seed="1")
        assert again == without_officers_figures(counted)

    def test_hiding_the_figures_leaves_everything_else(self) -> None:
        counted = tally_round(TURNS, [A, B], self.RESIDENTS[:6], self.OFFICERS[:3], places=2, tie_seed="1")
        hidden = without_officers_figures(counted)
        assert {outcome.officers_approvals for outcome in hidden.outcomes} == {None}
        assert [
            replace(outcome, officers_approvals=3, officers_approval=Fraction(1)) for outcome in hidden.outcomes
        ] == list(counted.outcomes)

    def test_witnessed_keys_of_one_or_two_officers_stay_advisory(self) -> None:
        tally = tally_round(TURNS, [A], votes("6xA"), WitnessedKeys(Count(2, 0), frozenset({A})), places=1)
        assert (tally.advisory, tally.outcome_of(A).officers_key) == (True, False)

    def test_keys_without_a_non_blank_ballot_count_for_nothing(self) -> None:
        tally = tally_round(TURNS, [A], votes("6xA"), WitnessedKeys(Count(4, 4), frozenset({A})), places=1)
        assert endings(tally) == {"A": "residents_only"}

    def test_keys_for_goals_outside_the_list_are_ignored(self) -> None:
        tally = tally_round(TURNS, [A], votes("6xA"), WitnessedKeys(Count(6, 0), frozenset({A, B})), places=1)
        assert endings(tally) == {"A": "adopted"}
