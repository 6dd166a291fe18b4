"""The rule of the vote, in named cases. Properties stand in test_tally_properties.py."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from time import perf_counter
from uuid import UUID

import pytest

from lib.errors import Invalid
from lib.rules.counting import Ballot, Count
from lib.rules.tally import (
    Ending,
    Outcome,
    RoundTally,
    Tie,
    WitnessedKeys,
    residents_threshold,
    tally_round,
    without_officers_figures,
    witnessed_keys,
)
from lib.rules.voting import RoundMode, RoundRule
from tests.rules.votes import GOALS, A, B, C, D, E, letters, votes

TURNS, LOWER = RoundRule.TWO_KEYS_TURNS, RoundRule.LOWER_SHARE


def endings(tally: RoundTally) -> dict[str, str]:
    return {letters([outcome.goal]): outcome.ending.value for outcome in tally.outcomes}


def placed(tally: RoundTally) -> str:
    return letters([outcome.goal for outcome in tally.adopted])


def test_a_whole_result() -> None:
    tally = tally_round(TURNS, [A, B, C, D], votes("6xAB 3xC 1x- 2x0"), votes("3xA 1xAC 2xC"), places=1)
    assert tally == RoundTally(
        rule=TURNS,
        mode=RoundMode.MEETING,
        places=1,
        residents=Count(12, 2),
        officers=Count(6, 0),
        outcomes=(
            Outcome(A, 6, Fraction(3, 5), True, 4, Fraction(2, 3), True, Ending.ADOPTED, place=1),
            Outcome(B, 6, Fraction(3, 5), True, 0, Fraction(0), False, Ending.RESIDENTS_ONLY),
            Outcome(C, 3, Fraction(3, 10), False, 3, Fraction(1, 2), True, Ending.OFFICERS_ONLY),
            Outcome(D, 0, Fraction(0), False, 0, Fraction(0), False, Ending.NEITHER),
        ),
        advisory=False,
        ranking=(),
        needs_dice=False,
        tie_seed="",
    )
    assert (tally.adopts, letters([o.goal for o in tally.contested]), tally.empty_places) == (True, "BC", 0)


def test_the_published_running_example_of_sequential_phragmen() -> None:
    """Lackner and Skowron, "Multi-Winner Voting with Approval Preferences" (2023), examples 2.1 and 2.9: a first, then
    b and c level, then d. The package abcvoting reaches the same loads 1/8, 11/32, 55/128, 5/8."""
    residents = votes("3xAB 3xAC 2xAD 1xBCF 1xE 1xF 1xG")
    everything = votes("3xABCDEFG")
    # Their rule knows no keys: the places are so many that every goal is open (1/12 of the ballots).
    tally = tally_round(TURNS, GOALS, residents, everything, places=12, tie_seed="1")
    order = placed(tally)
    assert order[0] == "A"
    assert set(order[1:3]) == {"B", "C"}
    assert order[3:5] == "DF"
    assert set(order[5:]) == {"E", "G"}
    assert [tally.outcome_of(goal).tie for goal in (A, D)] == [None, None]
    assert Tie.DICE in {tally.outcome_of(B).tie, tally.outcome_of(C).tie}


def test_a_minority_of_a_quarter_gets_one_of_four_places() -> None:
    """Pooled approval would give all four places to the 75."""
    tally = tally_round(TURNS, [A, B, C, D, E], votes("75xABCD 25xE"), votes("6xABCDE"), places=4, tie_seed="1")
    assert "E" in placed(tally)
    assert tally.outcome_of(E).place == 4


def test_a_goal_without_officers_is_contested() -> None:
    tally = tally_round(TURNS, [A, B], votes("10xAB 6xA"), votes("4xB 2x-"), places=1)
    assert endings(tally) == {"A": "residents_only", "B": "adopted"}
    assert letters([outcome.goal for outcome in tally.contested]) == "A"


def test_officers_cannot_adopt_what_residents_do_not_carry() -> None:
    tally = tally_round(TURNS, [A, B], votes("10xA 3xB"), votes("6xB"), places=1)
    assert endings(tally) == {"A": "residents_only", "B": "officers_only"}
    assert tally.adopted == ()
    assert tally.empty_places == 1


@pytest.mark.parametrize(
    ("places", "residents", "turned"),
    [
        (1, "5xA 5xB", True),
        (1, "4xA 5xB", False),
        (2, "5xA 5xB", True),
        (2, "4xA 5xB", False),
        (3, "1xA 2xB", True),
        (3, "33xA 67xB", False),
        (4, "1xA 3xB", True),
        (4, "24xA 76xB", False),
        (10, "1xA 9xB", True),
        (10, "1xA 9xB 1x-", False),
        (10, "1xA 9xB 5x0", True),
    ],
)
def test_residents_turn_their_key_at_half_or_at_one_share_in_places(places: int, residents: str, turned: bool) -> None:
    tally = tally_round(TURNS, [A, B], votes(residents), votes("6xAB"), places=places, tie_seed="1")
    assert tally.outcome_of(A).residents_key is turned


@pytest.mark.parametrize(("officers", "turned"), [("3xA 3xB", True), ("2xA 3xB", False), ("2xA 2xB 9x0", True)])
def test_officers_turn_their_key_at_half_of_their_non_blank_ballots(officers: str, turned: bool) -> None:
    tally = tally_round(TURNS, [A, B], votes("9xA"), votes(officers), places=5)
    assert tally.outcome_of(A).officers_key is turned


def test_places_that_no_open_goal_can_fill_stay_empty() -> None:
    tally = tally_round(TURNS, [A, B], votes("9xA 8xB"), votes("6xA"), places=3)
    assert (placed(tally), tally.empty_places) == ("A", 2)


def test_an_open_goal_without_a_place_says_so() -> None:
    tally = tally_round(TURNS, [A, B], votes("9xAB 2xA"), votes("6xAB"), places=1)
    assert endings(tally) == {"A": "adopted", "B": "open_without_place"}


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


def test_an_open_room_ranks_every_goal_with_a_ballot_and_adopts_none() -> None:
    tally = tally_round(TURNS, [A, B, C, D], votes("5xAB 2xC 4xB"), votes("6xABCD"), places=2, mode=RoundMode.OPEN_ROOM)
    assert letters(tally.ranking) == "BAC"
    assert (tally.adopted, tally.contested, tally.adopts, tally.advisory) == ((), (), False, False)
    assert {outcome.place for outcome in tally.outcomes} == {None}
    assert letters([outcome.goal for outcome in tally.in_order()]) == "BACD"


class TestLowerShare:
    def test_it_ranks_open_goals_by_the_lower_of_their_two_shares(self) -> None:
        """The lower shares are 5/8 for A, 7/10 for B and 1/2 for C."""
        tally = tally_round(LOWER, [A, B, C], votes("6xABC 1xAB 3xA"), votes("4xABC 1xAB 3xB"), places=2)
        assert [outcome.officers_approval for outcome in tally.outcomes] == [
            Fraction(5, 8),
            Fraction(1),
            Fraction(1, 2),
        ]
        assert placed(tally) == "BA"
        assert endings(tally)["C"] == "open_without_place"

    def test_equal_lower_shares_go_to_more_residents(self) -> None:
        """A has 8/10 and 5/10, B has 5/10 and 9/10: the lower share of both is a half."""
        tally = tally_round(LOWER, [B, A], votes("3xAB 5xA 2xB"), votes("4xAB 1xA 5xB"), places=2)
        assert placed(tally) == "AB"
        assert tally.outcome_of(A).tie is Tie.MORE_BALLOTS
        assert not tally.needs_dice

    def test_it_cannot_be_counted_from_witnessed_keys(self) -> None:
        with pytest.raises(Invalid, match="officers’ figures"):
            tally_round(LOWER, [A], votes("3xA"), WitnessedKeys(Count(6, 0), frozenset({A})), places=1)


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


def test_the_result_page_lists_places_then_open_then_contested_then_neither() -> None:
    tally = tally_round(TURNS, [E, D, C, B, A], votes("8xABD 1xA 5xC"), votes("6xABC"), places=1)
    assert [(letters([outcome.goal]), outcome.ending.value) for outcome in tally.in_order()] == [
        ("A", "adopted"),
        ("B", "open_without_place"),
        ("D", "residents_only"),
        ("C", "officers_only"),
        ("E", "neither"),
    ]


def test_fewer_than_one_place_and_doubled_goals_are_refused() -> None:
    with pytest.raises(Invalid, match="at least one place"):
        tally_round(TURNS, [A], [], [], places=0)
    with pytest.raises(Invalid, match="twice"):
        tally_round(TURNS, [A, A], [], [], places=1)


def test_an_unknown_goal_has_no_outcome() -> None:
    with pytest.raises(KeyError):
        tally_round(TURNS, [A], [], [], places=1).outcome_of(B)


def test_grouped_and_single_ballots_give_the_same_result() -> None:
    residents, officers = votes("6xAB 3xC 1x- 2x0 4xBD"), votes("3xAB 1xAC 2xBC 1x-")
    single = tally_round(TURNS, [A, B, C, D], residents, officers, places=2, tie_seed="1")
    grouped = tally_round(TURNS, [A, B, C, D], Counter(residents), Counter(officers), places=2, tie_seed="1")
    assert grouped == single


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
