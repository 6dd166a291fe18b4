"""What must hold for every vote: checked on generated votes, against a second implementation, and by brute force."""

from fractions import Fraction
from hashlib import sha256
from itertools import permutations
from uuid import UUID

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lib.rules.counting import Ballot
from lib.rules.tally import Ending, RoundTally, tally_round, without_officers_figures, witnessed_keys
from lib.rules.voting import RoundMode, RoundRule
from tests.rules.votes import GOALS

CANDIDATES = GOALS[:5]

ballots = st.one_of(
    st.frozensets(st.sampled_from(CANDIDATES), min_size=1).map(Ballot),
    st.just(Ballot(none_of_these=True)),
    st.just(Ballot()),
)
residents_votes = st.lists(ballots, max_size=16)
officers_votes = st.lists(ballots, max_size=8)
rules = st.sampled_from(RoundRule)
place_counts = st.integers(1, 6)

examples = settings(max_examples=200, deadline=None)


def by_hand(rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int, seed: str) -> list[UUID]:
    """The adopted goals by place, voter by voter with plain lists: a second implementation that shares no code."""
    said_r = [vote for vote in residents if vote.choices or vote.none_of_these]
    said_o = [vote for vote in officers if vote.choices or vote.none_of_these]
    if not said_r or len(said_o) < 3:
        return []
    for_r = {goal: [n for n, vote in enumerate(said_r) if goal in vote.choices] for goal in CANDIDATES}
    for_o = {goal: sum(goal in vote.choices for vote in said_o) for goal in CANDIDATES}
    running = [
        goal
        for goal in CANDIDATES
        if 2 * for_o[goal] >= len(said_o)
        and (2 * len(for_r[goal]) >= len(said_r) or places * len(for_r[goal]) >= len(said_r))
    ]
    dice = {goal: sha256(f"{seed}|{goal}".encode()).hexdigest() for goal in CANDIDATES}
    carried = [Fraction(0)] * len(said_r)
    adopted: list[UUID] = []
    while running and len(adopted) < places:
        if rule is RoundRule.LOWER_SHARE:
            cost = {
                goal: -min(Fraction(len(for_r[goal]), len(said_r)), Fraction(for_o[goal], len(said_o)))
                for goal in running
            }
        else:
            cost = {goal: (1 + sum(carried[n] for n in for_r[goal])) / Fraction(len(for_r[goal])) for goal in running}
        running.sort(key=lambda goal: (cost[goal], -len(for_r[goal]), dice[goal]))
        winner = running.pop(0)
        for n in for_r[winner]:
            carried[n] = cost[winner]
        adopted.append(winner)
    return adopted


def places_given(tally: RoundTally) -> list[UUID]:
    return [outcome.goal for outcome in tally.adopted]


@examples
@given(rules, residents_votes, officers_votes, place_counts, st.text(max_size=5))
def test_a_second_implementation_adopts_the_same_goals(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int, seed: str
) -> None:
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places, tie_seed=seed)
    assert places_given(tally) == by_hand(rule, residents, officers, places, seed)


@examples
@given(rules, residents_votes, officers_votes, place_counts)
def test_neither_side_can_impose_a_goal(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int
) -> None:
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places)
    for outcome in tally.adopted:
        for side, needed in ((residents, min(Fraction(1, 2), Fraction(1, places))), (officers, Fraction(1, 2))):
            said = [vote for vote in side if not vote.is_blank]
            assert sum(outcome.goal in vote.choices for vote in said) >= needed * len(said) > 0


@examples
@given(rules, residents_votes, officers_votes, place_counts)
def test_places_go_to_open_goals_only_and_none_stays_empty_while_a_goal_is_open(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int
) -> None:
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places)
    open_goals = [outcome for outcome in tally.outcomes if outcome.residents_key and outcome.officers_key]
    assert {outcome.goal for outcome in tally.adopted} <= {outcome.goal for outcome in open_goals}
    assert len(tally.adopted) == min(places, len(open_goals))
    assert [outcome.place for outcome in tally.adopted] == list(range(1, len(tally.adopted) + 1))
    assert tally.empty_places == 0 or not any(o.ending is Ending.OPEN_WITHOUT_PLACE for o in tally.outcomes)


@examples
@given(rules, residents_votes, officers_votes, place_counts, st.randoms(use_true_random=False))
def test_it_does_not_matter_who_cast_which_ballot_or_in_which_order(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int, random: object
) -> None:
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places)
    mixed_residents, mixed_officers = list(residents), list(officers)
    random.shuffle(mixed_residents)  # type: ignore[attr-defined]
    random.shuffle(mixed_officers)  # type: ignore[attr-defined]
    assert tally_round(rule, CANDIDATES, mixed_residents, mixed_officers, places=places) == tally


@examples
@given(rules, residents_votes, officers_votes, place_counts, st.permutations(CANDIDATES))
def test_every_goal_is_treated_alike(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int, others: list[UUID]
) -> None:
    """Renaming the goals renames the result, unless dice decided, which are rolled for names."""
    renamed = dict(zip(CANDIDATES, others, strict=True))
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places)
    assume(not tally.needs_dice)

    def rename(side: list[Ballot]) -> list[Ballot]:
        return [Ballot(frozenset(renamed[goal] for goal in vote.choices), vote.none_of_these) for vote in side]

    again = tally_round(rule, CANDIDATES, rename(residents), rename(officers), places=places)
    assert places_given(again) == [renamed[goal] for goal in places_given(tally)]
    assert not again.needs_dice


@examples
@given(rules, residents_votes, officers_votes, place_counts, st.permutations(CANDIDATES))
def test_the_order_of_the_list_does_not_matter_even_with_dice(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int, listed: list[UUID]
) -> None:
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places, tie_seed="4-1-6")
    again = tally_round(rule, listed, residents, officers, places=places, tie_seed="4-1-6")
    assert sorted(again.outcomes, key=lambda o: o.goal) == sorted(tally.outcomes, key=lambda o: o.goal)
    assert again.in_order() == tally.in_order()


@examples
@given(rules, residents_votes, officers_votes, place_counts)
def test_a_place_more_never_drops_a_goal_while_the_keys_stay(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int
) -> None:
    fewer = tally_round(rule, CANDIDATES, residents, officers, places=places, tie_seed="1")
    more = tally_round(rule, CANDIDATES, residents, officers, places=places + 1, tie_seed="1")
    assume([outcome.residents_key for outcome in fewer.outcomes] == [o.residents_key for o in more.outcomes])
    assert places_given(more)[:places] == places_given(fewer)


@examples
@given(residents_votes, st.lists(ballots, min_size=3, max_size=8), place_counts)
def test_a_large_group_with_a_common_open_goal_gets_one_of_its_goals(
    residents: list[Ballot], officers: list[Ballot], places: int
) -> None:
    """Justified representation (Aziz et al. 2017) among the open goals, by brute force over every goal: if 1/k of the
    ballots agree on an open goal, at least one of these ballots approves something adopted."""
    tally = tally_round(RoundRule.TWO_KEYS_TURNS, CANDIDATES, residents, officers, places=places, tie_seed="1")
    adopted = set(places_given(tally))
    said = [vote for vote in residents if not vote.is_blank]
    for outcome in tally.outcomes:
        if outcome.ending in (Ending.ADOPTED, Ending.OPEN_WITHOUT_PLACE):
            unserved = [vote for vote in said if outcome.goal in vote.choices and not vote.choices & adopted]
            assert len(unserved) * places < len(said) or not unserved


@examples
@given(residents_votes, officers_votes, place_counts, st.sampled_from(["", "4-1-6"]))
def test_a_recount_from_witnessed_keys_reaches_the_same_result(
    residents: list[Ballot], officers: list[Ballot], places: int, seed: str
) -> None:
    rule = RoundRule.TWO_KEYS_TURNS
    counted = tally_round(rule, CANDIDATES, residents, officers, places=places, tie_seed=seed)
    again = tally_round(rule, CANDIDATES, residents, witnessed_keys(counted), places=places, tie_seed=seed)
    assert again == without_officers_figures(counted)


@examples
@given(rules, residents_votes, officers_votes, place_counts)
def test_only_dice_make_the_seed_matter(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int
) -> None:
    results = {
        tuple(places_given(tally_round(rule, CANDIDATES, residents, officers, places=places, tie_seed=seed)))
        for seed in "123456"
    }
    if not tally_round(rule, CANDIDATES, residents, officers, places=places).needs_dice:
        assert len(results) == 1


@examples
@given(rules, residents_votes, officers_votes, place_counts)
def test_blank_ballots_change_turnout_and_nothing_else(
    rule: RoundRule, residents: list[Ballot], officers: list[Ballot], places: int
) -> None:
    assume(sum(not vote.is_blank for vote in officers) > 2)
    officers = [vote for vote in officers if not vote.is_blank]
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places)
    more = tally_round(rule, CANDIDATES, [*residents, Ballot()], [*officers, Ballot()], places=places)
    assert more.outcomes == tally.outcomes


@examples
@given(residents_votes, officers_votes, place_counts)
def test_an_open_room_never_adopts_and_ranks_whatever_has_a_ballot(
    residents: list[Ballot], officers: list[Ballot], places: int
) -> None:
    rule = RoundRule.TWO_KEYS_TURNS
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places, mode=RoundMode.OPEN_ROOM)
    assert tally.adopted == ()
    assert set(tally.ranking) == {goal for goal in CANDIDATES if any(goal in vote.choices for vote in residents)}


def test_all_orders_of_a_small_vote_give_one_result() -> None:
    """Anonymity once more, exhaustively: 120 orders of five ballots."""
    cast = [Ballot(frozenset(CANDIDATES[:n])) for n in range(5)]
    results = {
        tally_round(RoundRule.TWO_KEYS_TURNS, CANDIDATES, list(order), cast[1:], places=2, tie_seed="1")
        for order in permutations(cast)
    }
    assert len(results) == 1
