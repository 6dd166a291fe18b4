"""Proportion among the open goals, by brute force over every group and every set of goals of small votes.

A group is *l-cohesive* when it is at least l/k of the residents' non-blank ballots (k = places) and agrees on at least
l open goals. Justified representation (Aziz, Brill, Conitzer, Elkind, Freeman and Walsh, "Justified representation in
approval-based committee voting", Social Choice and Welfare 48, 2017): somebody in a 1-cohesive group approves an
adopted goal. Proportional justified representation (Sánchez-Fernández et al., "Proportional justified
representation", AAAI 2017): the members of an l-cohesive group together approve at least l adopted goals. Sequential
Phragmén has the second and so the first (Brill, Freeman, Janson and Lackner, AAAI 2017).

The rule of "lower of the two shares" promises neither: it ranks by size. A test shows it.
"""

from collections.abc import Iterator
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lib.rules.counting import Ballot
from lib.rules.tally import Ending, RoundTally, tally_round
from lib.rules.voting import RoundRule
from tests.rules.drawn_votes import CANDIDATES, KINDS, Vote, examples, placed, said
from tests.rules.votes import A, B, C, D, letters, votes

Group = tuple[Ballot, ...]

everything = Ballot(frozenset(CANDIDATES))
small_votes = st.builds(
    Vote,
    st.just(RoundRule.TWO_KEYS_TURNS),
    st.lists(st.sampled_from(KINDS), max_size=8).map(tuple),
    st.lists(st.sampled_from([everything, everything, *KINDS[7:]]), min_size=3, max_size=5).map(tuple),
    st.integers(1, 5),
)


def cohesive_groups(vote: Vote, tally: RoundTally) -> Iterator[tuple[Group, int]]:
    """Every group of residents with the largest l for which it is l-cohesive, from 1."""
    open_goals = {o.goal for o in tally.outcomes if o.ending in (Ending.ADOPTED, Ending.OPEN_WITHOUT_PLACE)}
    ballots = said(vote.residents)
    for size in range(1, len(ballots) + 1):
        for group in combinations(ballots, size):
            agreed = open_goals.intersection(*(ballot.choices for ballot in group))
            level = min(len(agreed), size * vote.places // len(ballots))
            if level:
                yield group, level


def served(group: Group, tally: RoundTally) -> int:
    """How many adopted goals the group's members approve together."""
    adopted = set(placed(tally))
    return len(adopted.intersection(frozenset().union(*(ballot.choices for ballot in group))))


@examples
@given(small_votes)
def test_every_cohesive_group_gets_its_share_of_the_places(vote: Vote) -> None:
    tally = vote.counted()
    for group, level in cohesive_groups(vote, tally):
        assert served(group, tally) >= level


@examples
@given(small_votes)
def test_a_group_large_enough_for_one_place_is_never_left_with_nothing(vote: Vote) -> None:
    """Justified representation itself: of the people who got nothing, no 1/k agree on an open goal."""
    tally = vote.counted()
    ballots = said(vote.residents)
    left_out = [ballot for ballot in ballots if not ballot.choices & set(placed(tally))]
    for outcome in tally.outcomes:
        if outcome.ending is Ending.OPEN_WITHOUT_PLACE:
            assert vote.places * sum(outcome.goal in ballot.choices for ballot in left_out) < len(ballots)


@examples
@given(small_votes)
def test_the_first_places_are_shared_fairly_before_the_last_is_given(vote: Vote) -> None:
    """After any number p of places, not only at the end: a group of at least l/p of the ballots that agrees on l of
    the goals has l of the first p."""
    order = placed(vote.counted())
    ballots = said(vote.residents)
    for given_so_far in range(1, len(order) + 1):
        first = set(order[:given_so_far])
        for goals in (frozenset(chosen) for size in (1, 2) for chosen in combinations(order, size)):
            group = [ballot for ballot in ballots if goals <= ballot.choices]
            if len(group) * given_so_far >= len(goals) * len(ballots) and group:
                assert len(first.intersection(frozenset().union(*(b.choices for b in group)))) >= len(goals)


def test_the_lower_of_the_two_shares_may_leave_a_large_minority_with_nothing() -> None:
    """Four of ten agree on D and three places are there, but the six take them all. Taking turns gives D a place."""
    residents, officers = votes("6xABC 4xD"), votes("3xABCD")
    tallies = {rule: tally_round(rule, [A, B, C, D], residents, officers, places=3, tie_seed="1") for rule in RoundRule}
    assert set(letters(placed(tallies[RoundRule.LOWER_SHARE]))) == set("ABC")
    assert "D" in letters(placed(tallies[RoundRule.TWO_KEYS_TURNS]))
    assert tallies[RoundRule.LOWER_SHARE].outcome_of(D).ending is Ending.OPEN_WITHOUT_PLACE


def test_the_brute_force_finds_what_it_looks_for() -> None:
    """A check of the check: handed a result that leaves a group out, it names the group."""
    vote = Vote(
        RoundRule.LOWER_SHARE, tuple(votes("6xABC 4xD")), tuple(votes("3xABCD")), 3, "1", candidates=(A, B, C, D)
    )
    tally = vote.counted()
    short = {
        letters(list(group[0].choices)) for group, level in cohesive_groups(vote, tally) if served(group, tally) < level
    }
    assert short == {"D"}
