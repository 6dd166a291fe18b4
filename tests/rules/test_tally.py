"""The rule of the vote, in named cases: keys, places, endings. Small sides, ties and large numbers, properties and the
literature have files of their own."""

from collections import Counter
from fractions import Fraction

import pytest

from lib.errors import Invalid
from lib.rules.counting import Count
from lib.rules.tally import (
    Ending,
    Outcome,
    RoundTally,
    Tie,
    WitnessedKeys,
    tally_round,
)
from lib.rules.voting import RoundMode, RoundRule
from tests.rules.votes import A, B, C, D, E, endings, letters, placed, votes

TURNS, LOWER = RoundRule.TWO_KEYS_TURNS, RoundRule.LOWER_SHARE


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
