"""A second implementation of the rule, written another way, reaches the same whole result.

The product follows *loads* over sets of ballots. Here every voter *earns* instead: one unit of money per unit of time,
and a goal is bought the moment its supporters own one unit together, which takes all they have. Both describe
sequential Phragmén. The lower of the two shares is counted by comparing goals pairwise in whole numbers.
"""

from collections import Counter
from fractions import Fraction
from functools import cmp_to_key
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.rules.counting import Ballot
from lib.rules.tally import Ending, RoundTally, Tie, tally_round
from lib.rules.voting import RoundMode, RoundRule
from tests.rules.drawn_votes import Vote, any_vote, examples, said
from tests.rules.votes import A, B, C, votes

Bought = list[tuple[UUID, Tie | None]]


class Purse:
    """One voter who earns and pays."""

    def __init__(self, ballot: Ballot) -> None:
        self.wants = ballot.choices
        self.money = Fraction(0)


def fans(goal: UUID, crowd: list[Purse]) -> list[Purse]:
    return [purse for purse in crowd if goal in purse.wants]


def roll(seed: str, goal: UUID) -> int:
    """The dice's opinion of a goal: the digest of "seed|goal" as one large number, the smallest wins."""
    return int.from_bytes(sha256(b"|".join((seed.encode(), str(goal).encode()))).digest(), "big")


def settle(level: list[UUID], votes_for: dict[UUID, int], seed: str) -> tuple[UUID, Tie | None]:
    """Who is first among goals that are level, and what decided."""
    if len(level) == 1:
        return level[0], None
    best = max(votes_for[goal] for goal in level)
    level = [goal for goal in level if votes_for[goal] == best]
    return (level[0], Tie.MORE_BALLOTS) if len(level) == 1 else (min(level, key=lambda g: roll(seed, g)), Tie.DICE)


def buy(goals: list[UUID], ballots: list[Ballot], seed: str) -> Bought:
    """Goals in the order in which their supporters can pay for them."""
    crowd = [Purse(ballot) for ballot in ballots]
    votes_for = {goal: len(fans(goal, crowd)) for goal in goals}
    bought: Bought = []
    left = set(goals)
    while left:
        wait = {goal: (1 - sum(purse.money for purse in fans(goal, crowd))) / votes_for[goal] for goal in left}
        passes = min(wait.values())
        for purse in crowd:
            purse.money += passes
        goal, tie = settle([each for each in left if wait[each] == passes], votes_for, seed)
        assert sum(purse.money for purse in fans(goal, crowd)) == 1
        for purse in fans(goal, crowd):
            purse.money = Fraction(0)
        left.remove(goal)
        bought.append((goal, tie))
    return bought


def rank(goals: list[UUID], ours: Counter[UUID], theirs: Counter[UUID], of: tuple[int, int], seed: str) -> Bought:
    """Goals by the lower of their two shares; `of` is how many said something on each side, 0 for a side unseen."""

    def lower(goal: UUID) -> tuple[int, int]:
        shares = [(side[goal], number) for side, number in ((ours, of[0]), (theirs, of[1])) if number]
        return min(shares, key=cmp_to_key(lambda one, other: one[0] * other[1] - other[0] * one[1]))

    def compare(one: UUID, other: UUID) -> int:
        (a, b), (c, d) = lower(one), lower(other)
        return c * b - a * d

    def full(one: UUID, other: UUID) -> int:
        return compare(one, other) or ours[other] - ours[one] or (1 if roll(seed, one) > roll(seed, other) else -1)

    ordered = sorted(goals, key=cmp_to_key(full))
    bought: Bought = []
    for place, goal in enumerate(ordered):
        level = [other for other in ordered[place:] if compare(goal, other) == 0]
        bought.append((goal, settle(level, dict(ours), seed)[1]))
    return bought


def second_count(vote: Vote) -> dict[str, object]:
    """The whole result of a vote, from its ballots and nothing of the product."""
    ours, theirs = said(vote.residents), said(vote.officers)
    for_us, for_them = (Counter(goal for ballot in side for goal in ballot.choices) for side in (ours, theirs))
    few = 1 <= len(vote.officers) <= 2 or 1 <= len(theirs) <= 2
    adopts = vote.mode is RoundMode.MEETING and not few
    k = vote.places
    first_key = {g for g in vote.candidates if ours and max(2, k) * for_us[g] >= len(ours)}
    second_key = {g for g in vote.candidates if adopts and theirs and 2 * for_them[g] >= len(theirs)}
    runs = [g for g in vote.candidates if (g in first_key & second_key if adopts else for_us[g])]
    if vote.rule is RoundRule.LOWER_SHARE:
        order = rank(runs, for_us, for_them, (len(ours), len(theirs) if adopts else 0), vote.seed)
    else:
        order = buy(runs, ours, vote.seed)
    places = {goal: place for place, (goal, _) in enumerate(order[:k], 1)} if adopts else {}

    def ending(goal: UUID) -> Ending:
        if goal in places:
            return Ending.ADOPTED
        if goal in first_key:
            return Ending.OPEN_WITHOUT_PLACE if goal in second_key else Ending.RESIDENTS_ONLY
        return Ending.OFFICERS_ONLY if goal in second_key else Ending.NEITHER

    return {
        "places": places,
        "ties": {goal: tie for goal, tie in order[:k] if adopts},
        "endings": {goal: ending(goal) for goal in vote.candidates},
        "residents": {goal: for_us[goal] for goal in vote.candidates},
        "officers": {goal: for_them[goal] if adopts else None for goal in vote.candidates},
        "ranking": () if adopts else tuple(goal for goal, _ in order),
        "advisory": vote.mode is RoundMode.MEETING and few,
        "dice": Tie.DICE in [tie for _, tie in order[:k]],
    }


def as_counted(tally: RoundTally) -> dict[str, object]:
    """The product's result in the shape of the second count."""
    return {
        "places": {outcome.goal: outcome.place for outcome in tally.adopted},
        "ties": {outcome.goal: outcome.tie for outcome in tally.adopted},
        "endings": {outcome.goal: outcome.ending for outcome in tally.outcomes},
        "residents": {outcome.goal: outcome.residents_approvals for outcome in tally.outcomes},
        "officers": {outcome.goal: outcome.officers_approvals for outcome in tally.outcomes},
        "ranking": tally.ranking,
        "advisory": tally.advisory,
        "dice": tally.needs_dice,
    }


@settings(examples, max_examples=600)
@given(any_vote, st.sampled_from(RoundMode))
def test_a_second_implementation_reaches_the_same_whole_result(vote: Vote, mode: RoundMode) -> None:
    vote = vote.but(mode=mode)
    assert as_counted(vote.counted()) == second_count(vote)


@pytest.mark.parametrize("rule", RoundRule, ids=str)
@pytest.mark.parametrize("residents", ["", "6x0", "6x-", "7xA 1x-", "5xA 5xB", "3xAB 3xBC 3xCA"])
@pytest.mark.parametrize("officers", ["", "1xA", "2xAB", "3xABC", "4x0", "4x-", "2x- 2x0", "1xA 4x0"])
def test_it_agrees_where_hardly_anybody_says_anything(rule: RoundRule, residents: str, officers: str) -> None:
    for places in (1, 2, 3):
        vote = Vote(rule, tuple(votes(residents)), tuple(votes(officers)), places, candidates=(A, B, C))
        assert as_counted(vote.counted()) == second_count(vote)


def test_it_agrees_on_thirty_goals_with_a_hall_of_ballots() -> None:
    """300 ballots on 30 goals, the loads have denominators of up to 39 digits; every place is given."""
    goals = tuple(UUID(int=7 * number + 1) for number in range(30))
    residents = tuple(
        Ballot(frozenset(goals[(voter * step + voter // 30) % 30] for step in (1, 2, 5, 7, 11, 13, 17)))
        for voter in range(300)
    )
    vote = Vote(
        RoundRule.TWO_KEYS_TURNS, residents, (Ballot(frozenset(goals)),) * 6, 30, seed="6-6-1", candidates=goals
    )
    tally = vote.counted()
    assert len(tally.adopted) == 30
    assert as_counted(tally) == second_count(vote)
    assert tally == tally_round(
        vote.rule, goals, Counter(residents), Counter(vote.officers), places=30, tie_seed="6-6-1"
    )
