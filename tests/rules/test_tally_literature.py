"""Small published examples of sequential Phragmén, with their sources, counted under our keys.

Their rules know no keys. Where every candidate reaches 1/k of the ballots the examples stand as printed; elsewhere the
number of places is raised until every goal is open, which changes no turn.
"""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.rules.counting import Ballot, count_side
from lib.rules.tally import RoundTally, Tie, tally_round
from lib.rules.turns import in_turns
from lib.rules.voting import RoundRule
from tests.rules.drawn_votes import examples, placed
from tests.rules.votes import GOALS, A, B, C, D, letters, votes


def counted(spelled: str, *, places: int, goals: Sequence[UUID] = GOALS, seed: str = "1") -> RoundTally:
    """Residents' ballots as spelled; the officers could work on everything."""
    officers = [Ballot(frozenset(goals))] * 3
    return tally_round(RoundRule.TWO_KEYS_TURNS, goals, votes(spelled), officers, places=places, tie_seed=seed)


def loads(spelled: str, order: str) -> list[Fraction]:
    """The largest load after each turn, by the definition: one voter after the other, for a given order of goals."""
    ballots = ["".join(letters(list(ballot.choices))) for ballot in votes(spelled)]
    carried = [Fraction(0)] * len(ballots)
    steps = []
    for goal in order:
        fans = [voter for voter, chosen in enumerate(ballots) if goal in chosen]
        load = (1 + sum(carried[voter] for voter in fans)) / Fraction(len(fans))
        for voter in fans:
            carried[voter] = load
        steps.append(load)
    return steps


class TestLacknerAndSkowron:
    """Martin Lackner and Piotr Skowron, "Multi-Winner Voting with Approval Preferences", Springer 2023. The loads are
    those printed by the authors' program abcvoting for these examples."""

    RUNNING = "3xAB 3xAC 2xAD 1xBCF 1xE 1xF 1xG"

    def test_example_2_9_the_running_example(self) -> None:
        """a first, then b and c level, then d: a, b, c, d with four places; f is next, e and g are level last."""
        for seed in ("1", "2", "3", "4"):
            tally = counted(self.RUNNING, places=12, seed=seed)
            order = letters(placed(tally))
            assert (order[0], set(order[1:3]), order[3:5], set(order[5:])) == ("A", {"B", "C"}, "DF", {"E", "G"})
            ties = [outcome.tie for outcome in tally.adopted]
            assert ties == [None, Tie.DICE, None, None, None, Tie.DICE, None]

    def test_example_2_9_reaches_the_printed_loads(self) -> None:
        printed = [Fraction(1, 8), Fraction(11, 32), Fraction(55, 128), Fraction(5, 8)]
        assert loads(self.RUNNING, "ABCD") == printed
        assert loads(self.RUNNING, "ACBD") == printed

    def test_example_2_12_where_equal_shares_and_turns_differ(self) -> None:
        """c, b, d with the loads 1/5, 1/3, 29/60; the method of equal shares elects a, c, d from the same ballots."""
        spelled = "3xCD 2xAB 2xAC 1xBD"
        tally = counted(spelled, places=3, goals=[A, B, C, D])
        assert letters(placed(tally)) == "CBD"
        assert {outcome.tie for outcome in tally.outcomes} == {None}
        assert loads(spelled, "CBD") == [Fraction(1, 5), Fraction(1, 3), Fraction(29, 60)]


class TestMoraAndOliver:
    """Xavier Mora and Maria Oliver, "Eleccions mitjançant el vot d'aprovació. El mètode de Phragmén i algunes
    variants", Butlletí de la Societat Catalana de Matemàtiques, 2015; the profiles as abcvoting gives them for
    proposition A.3 of Lackner and Skowron.

    Support for two goals at once may cost one of them its place. That is a limit of taking turns, not of the keys; one
    goal alone never loses by one approval more, as the same paper proves and test_tally_properties.py checks."""

    def test_one_voter_more_for_a_pair_may_cost_one_of_the_two_its_place(self) -> None:
        before = counted("10xAB 3xC 12xD 21xABC 6xCD", places=3, goals=[A, B, C, D])
        after = counted("11xAB 3xC 12xD 21xABC 6xCD", places=3, goals=[A, B, C, D])
        assert set(letters(placed(before))) == set("ABD")
        assert set(letters(placed(after))) in ({*"ACD"}, {*"BCD"})

    def test_a_voter_who_adds_a_pair_may_cost_one_of_the_two_its_place(self) -> None:
        before = counted("7xC 4xAB 1xABC 16xABD 4xCD", places=3, goals=[A, B, C, D])
        after = counted("6xC 4xAB 2xABC 16xABD 4xCD", places=3, goals=[A, B, C, D])
        assert set(letters(placed(before))) == set("ABC")
        assert set(letters(placed(after))) in ({*"ACD"}, {*"BCD"})


class TestLists:
    """Where voters keep to disjoint lists, sequential Phragmén gives places as D'Hondt does, to the highest of the
    quotients votes / 1, votes / 2, votes / 3, … (E. Phragmén, "Till frågan om en proportionell valmetod",
    Statsvetenskaplig Tidskrift, 1899)."""

    def test_the_worked_example_of_aarhus_university(self) -> None:
        """Eight seats, four lists with 25, 31, 11 and 16 votes: B, A, D, B, A, C, B, A ("Counting of votes and
        allocation of mandates", university elections, medarbejdere.au.dk)."""
        assert self.seats({"A": 25, "B": 31, "C": 11, "D": 16}, places=8) == list("BADBACBA")

    @pytest.mark.parametrize(
        ("sizes", "places", "seats"),
        [
            ({"A": 100, "B": 80, "C": 30, "D": 20}, 8, "ABABACBA"),
            ({"A": 7, "B": 3}, 5, "AABAA"),
            ({"A": 60, "B": 40}, 2, "AB"),
        ],
    )
    def test_lists_worked_by_hand(self, sizes: dict[str, int], places: int, seats: str) -> None:
        """100/1, 80/1, 50, 40, 33.3, 30/1, 26.7, 25 …; 7, 3.5, 3, 2.33, 1.75; 60, 40."""
        order = self.seats(sizes, places=places)
        assert sorted(order) == sorted(seats)
        assert order == list(seats)

    @examples
    @given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.integers(1, 9))
    def test_any_lists_share_the_places_as_divisors_do(self, sizes: list[int], places: int) -> None:
        """Where two quotients are level either may come first, so quotients are compared, not lists."""
        votes_of = dict(zip("ABCD", sizes, strict=False))
        taken = dict.fromkeys(votes_of, 0)
        for name in self.turns(votes_of, places):
            quotients = {each: Fraction(votes_of[each], taken[each] + 1) for each in votes_of}
            assert quotients[name] == max(quotients.values())
            taken[name] += 1

    def seats(self, sizes: dict[str, int], *, places: int) -> list[str]:
        """The lists in the order of the places that a whole round gives them; each list has goals enough."""
        listed = self.lists(sizes, places)
        of = {goal: name for name, goals in listed.items() for goal in goals}
        residents = {Ballot(frozenset(goals)): sizes[name] for name, goals in listed.items()}
        officers = [Ballot(frozenset(of))] * 3
        # Every goal is open only with more places; the first ones are given alike.
        many = max(places, -(-sum(sizes.values()) // min(sizes.values())))
        tally = tally_round(RoundRule.TWO_KEYS_TURNS, sorted(of), residents, officers, places=many, tie_seed="1")
        return [of[goal] for goal in placed(tally)[:places]]

    def turns(self, sizes: dict[str, int], places: int) -> list[str]:
        """The same without keys, from the turns alone."""
        listed = self.lists(sizes, places)
        of = {goal: name for name, goals in listed.items() for goal in goals}
        side = count_side(sorted(of), {Ballot(frozenset(goals)): sizes[name] for name, goals in listed.items()})
        return [of[turn.goal] for turn in in_turns(sorted(of), side, "1")[:places]]

    @staticmethod
    def lists(sizes: dict[str, int], places: int) -> dict[str, list[UUID]]:
        return {
            name: [UUID(int=100 * (number + 1) + place) for place in range(places)] for number, name in enumerate(sizes)
        }
