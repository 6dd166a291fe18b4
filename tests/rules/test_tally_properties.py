"""What must hold for every vote, checked on votes drawn at random. Proportions stand in
test_tally_representation.py, the second implementation in test_tally_second_count.py."""

from collections import Counter
from fractions import Fraction
from itertools import permutations, takewhile
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.rules.counting import Ballot
from lib.rules.tally import Ending, Tie, tally_round, without_officers_figures, witnessed_keys
from lib.rules.voting import RoundMode, RoundRule
from tests.rules.drawn_votes import CANDIDATES, Vote, any_vote, examples, placed, said, turns_vote
from tests.rules.votes import letters, votes

some_goal = st.sampled_from(CANDIDATES)


class TestBothSides:
    @examples
    @given(any_vote)
    def test_no_goal_is_adopted_without_both_thresholds(self, vote: Vote) -> None:
        for goal in placed(vote.counted()):
            for side, needed in (
                (vote.residents, min(Fraction(1, 2), Fraction(1, vote.places))),
                (vote.officers, Fraction(1, 2)),
            ):
                assert sum(goal in ballot.choices for ballot in said(side)) >= needed * len(said(side)) > 0

    @examples
    @given(any_vote, some_goal, st.sampled_from([3, 40, 1000]))
    def test_neither_side_can_impose_a_goal_however_many_they_are(self, vote: Vote, goal: UUID, crowd: int) -> None:
        """All of one side for the goal, any number of them: without the other side's key it is not adopted."""
        adopted = goal in placed(vote.counted())
        for_it = Ballot(frozenset({goal}))
        residents = tally_round(vote.rule, CANDIDATES, {for_it: crowd}, vote.officers, places=vote.places)
        officers = tally_round(vote.rule, CANDIDATES, vote.residents, {for_it: crowd}, places=vote.places)
        if goal in placed(residents):
            assert vote.counted().outcome_of(goal).officers_key
        if goal in placed(officers):
            assert vote.counted().outcome_of(goal).residents_key
        if adopted:
            assert residents.outcome_of(goal).officers_key
            assert officers.outcome_of(goal).residents_key

    @examples
    @given(any_vote, st.sampled_from([2, 7, 1009]), st.sampled_from([2, 13]))
    def test_sides_are_never_added_up(self, vote: Vote, more_residents: int, more_officers: int) -> None:
        """A side many times as large weighs as much as before: shares count, never heads across the two sides."""
        assume(len(said(vote.officers)) not in (1, 2))
        assume(len(vote.officers) not in (1, 2))

        def grown(side: tuple[Ballot, ...], times: int) -> dict[Ballot, int]:
            return {ballot: number * times for ballot, number in Counter(side).items()}

        tally, again = (
            tally_round(vote.rule, CANDIDATES, residents, officers, places=vote.places, tie_seed=vote.seed)
            for residents, officers in (
                (vote.residents, vote.officers),
                (grown(vote.residents, more_residents), grown(vote.officers, more_officers)),
            )
        )
        assert [(o.goal, o.ending, o.place, o.tie) for o in again.outcomes] == [
            (o.goal, o.ending, o.place, o.tie) for o in tally.outcomes
        ]


class TestAnonymity:
    @examples
    @given(any_vote, st.randoms(use_true_random=False))
    def test_it_does_not_matter_who_cast_which_ballot_in_which_order_or_in_which_groups(
        self, vote: Vote, random: object
    ) -> None:
        mixed = [list(vote.residents), list(vote.officers)]
        for side in mixed:
            random.shuffle(side)  # type: ignore[attr-defined]
        tally = vote.counted()
        assert vote.but(residents=tuple(mixed[0]), officers=tuple(mixed[1])).counted() == tally
        grouped = [Counter(side) for side in mixed]
        assert tally == tally_round(
            vote.rule, CANDIDATES, grouped[0], grouped[1], places=vote.places, tie_seed=vote.seed
        )

    def test_all_orders_of_a_small_vote_give_one_result(self) -> None:
        cast = [Ballot(frozenset(CANDIDATES[:n])) for n in range(5)]
        results = {
            tally_round(RoundRule.TWO_KEYS_TURNS, CANDIDATES, list(order), cast[1:], places=2, tie_seed="1")
            for order in permutations(cast)
        }
        assert len(results) == 1


class TestNeutrality:
    @examples
    @given(any_vote, st.permutations(CANDIDATES))
    def test_renaming_the_goals_renames_the_result_up_to_the_first_place_decided_by_dice(
        self, vote: Vote, others: list[UUID]
    ) -> None:
        """Dice are rolled for names, so from there on names matter, and nothing else may."""
        renamed = dict(zip(CANDIDATES, others, strict=True))

        def rename(side: tuple[Ballot, ...]) -> tuple[Ballot, ...]:
            return tuple(
                Ballot(frozenset(renamed[goal] for goal in ballot.choices), ballot.none_of_these) for ballot in side
            )

        tally = vote.counted()
        again = vote.but(residents=rename(vote.residents), officers=rename(vote.officers)).counted()
        sure = [o.goal for o in takewhile(lambda o: o.tie is not Tie.DICE, tally.adopted)]
        assert placed(again)[: len(sure)] == [renamed[goal] for goal in sure]
        assert again.needs_dice == tally.needs_dice
        for outcome in tally.outcomes:
            other = again.outcome_of(renamed[outcome.goal])
            assert (other.residents_key, other.officers_key) == (outcome.residents_key, outcome.officers_key)
            if not tally.needs_dice:
                assert (other.ending, other.place, other.tie) == (outcome.ending, outcome.place, outcome.tie)

    @examples
    @given(any_vote, st.permutations(CANDIDATES))
    def test_the_order_of_the_list_does_not_matter_even_with_dice(self, vote: Vote, listed: list[UUID]) -> None:
        tally, again = vote.counted(), vote.but(candidates=tuple(listed)).counted()
        assert sorted(again.outcomes, key=lambda o: o.goal) == sorted(tally.outcomes, key=lambda o: o.goal)
        assert again.in_order() == tally.in_order()

    @examples
    @given(any_vote)
    def test_only_dice_make_the_seed_matter(self, vote: Vote) -> None:
        tallies = [vote.but(seed=seed).counted() for seed in "123456"]
        assert len({tally.needs_dice for tally in tallies}) == 1
        if not tallies[0].needs_dice:
            assert len({tuple(placed(tally)) for tally in tallies}) == 1


class TestPlaces:
    @examples
    @given(any_vote)
    def test_places_go_to_open_goals_only_and_none_stays_empty_while_a_goal_is_open(self, vote: Vote) -> None:
        tally = vote.counted()
        open_goals = {outcome.goal for outcome in tally.outcomes if outcome.residents_key and outcome.officers_key}
        assert set(placed(tally)) <= open_goals
        assert len(tally.adopted) == min(vote.places, len(open_goals))
        assert [outcome.place for outcome in tally.adopted] == list(range(1, len(tally.adopted) + 1))
        assert tally.empty_places == 0 or not any(o.ending is Ending.OPEN_WITHOUT_PLACE for o in tally.outcomes)

    @examples
    @given(any_vote)
    def test_a_place_more_never_drops_a_goal_while_the_keys_stay(self, vote: Vote) -> None:
        """The threshold falls with the places, so the keys stay exactly when it opens no further goal."""
        fewer, more = vote.counted(), vote.but(places=vote.places + 1).counted()
        keys = [[outcome.residents_key for outcome in tally.outcomes] for tally in (fewer, more)]
        assume(keys[0] == keys[1])
        assert placed(more)[: vote.places] == placed(fewer)

    @examples
    @given(any_vote)
    def test_a_second_place_never_drops_the_goal_that_had_the_only_one(self, vote: Vote) -> None:
        """One place and two have the same thresholds, so here the keys always stay."""
        only = placed(vote.but(places=1).counted())
        assert placed(vote.but(places=2).counted())[:1] == only

    @examples
    @given(any_vote)
    def test_a_place_more_never_closes_a_goal(self, vote: Vote) -> None:
        fewer, more = vote.counted(), vote.but(places=vote.places + 1).counted()
        for outcome in fewer.outcomes:
            assert more.outcome_of(outcome.goal).residents_key or not outcome.residents_key

    def test_a_place_more_may_drop_a_goal_when_it_opens_another(self) -> None:
        """Why the sentence above needs its condition. With two places C has 3 of 8 ballots and is not open: B comes
        first (load 1/5), then A (1 + 2/5)/4 = 7/20 before D (1 + 3/5)/4 = 2/5. With three places a third is enough:
        B, then C (1/3), whose supporters A shares, so that D (29/60) now comes before A (31/60)."""
        residents, officers = votes("2xBD 1xAB 1xC 1xACD 1xAC 1xABD 1xB"), votes("3xABCD")
        two, three = (
            tally_round(RoundRule.TWO_KEYS_TURNS, CANDIDATES[:4], residents, officers, places=places)
            for places in (2, 3)
        )
        assert (letters(placed(two)), letters(placed(three))) == ("BA", "BCD")
        assert not two.needs_dice
        assert not three.needs_dice

    @examples
    @given(any_vote, some_goal)
    def test_a_goal_without_a_place_can_be_struck_off_without_moving_the_others(self, vote: Vote, goal: UUID) -> None:
        """Goals without hope neither help nor harm: nobody gains by filling the list."""
        before = placed(vote.counted())
        assume(goal not in before)

        def without(side: tuple[Ballot, ...]) -> tuple[Ballot, ...]:
            return tuple(
                Ballot(ballot.choices - {goal}, none_of_these=not ballot.is_blank and ballot.choices <= {goal})
                for ballot in side
            )

        others = tuple(each for each in CANDIDATES if each != goal)
        struck = vote.but(candidates=others, residents=without(vote.residents), officers=without(vote.officers))
        assert placed(struck.counted()) == before


class TestOneBallot:
    @examples
    @given(any_vote, st.sampled_from(["residents", "officers"]), st.integers(0, 15))
    def test_an_approval_more_never_costs_a_goal_its_place(self, vote: Vote, side: str, voter: int) -> None:
        """Of a voter who said something already; a blank ballot that speaks also raises the bar for the other goals."""
        cast = [ballot for ballot in getattr(vote, side) if ballot.choices]
        for goal in placed(vote.counted()):
            chosen = cast[voter % len(cast)]
            others = list(getattr(vote, side))
            others.remove(chosen)
            others.append(Ballot(chosen.choices | {goal}))
            after = vote.but(**{side: tuple(others)}).counted().outcome_of(goal).place
            assert after is not None
            assert after <= (vote.counted().outcome_of(goal).place or 0)

    @examples
    @given(any_vote)
    def test_blank_ballots_change_turnout_and_nothing_else(self, vote: Vote) -> None:
        vote = vote.but(officers=tuple(said(vote.officers)))
        assume(len(vote.officers) not in (0, 1, 2))
        more = vote.but(residents=(*vote.residents, Ballot()), officers=(*vote.officers, Ballot())).counted()
        assert more.outcomes == vote.counted().outcomes
        assert (more.residents.cast, more.officers.cast) == (len(vote.residents) + 1, len(vote.officers) + 1)

    @examples
    @given(any_vote)
    def test_none_of_these_turns_no_key_that_was_not_turned(self, vote: Vote) -> None:
        assume(len(said(vote.officers)) > 2)
        none = Ballot(none_of_these=True)
        tally = vote.counted()
        against = vote.but(residents=(*vote.residents, none), officers=(*vote.officers, none)).counted()
        for outcome in against.outcomes:
            before = tally.outcome_of(outcome.goal)
            assert before.residents_key or not outcome.residents_key
            assert before.officers_key or not outcome.officers_key


@examples
@given(turns_vote, st.sampled_from(["", "4-1-6"]))
def test_a_recount_from_witnessed_keys_reaches_the_same_result(vote: Vote, seed: str) -> None:
    counted = vote.but(seed=seed).counted()
    again = tally_round(
        vote.rule, CANDIDATES, vote.residents, witnessed_keys(counted), places=vote.places, tie_seed=seed
    )
    assert again == without_officers_figures(counted)


@examples
@given(any_vote)
def test_an_open_room_never_adopts_and_ranks_whatever_has_a_ballot(vote: Vote) -> None:
    tally = vote.but(mode=RoundMode.OPEN_ROOM).counted()
    assert (tally.adopted, tally.contested) == ((), ())
    assert set(tally.ranking) == {goal for goal in CANDIDATES if any(goal in b.choices for b in vote.residents)}


@examples
@given(any_vote, any_vote, st.sampled_from(["", "1x0", "2x0", "1xA", "2xABCDE", "1xAB 1x-", "1xC 5x0", "2xD 9x0"]))
def test_one_or_two_officers_adopt_nothing_and_leave_no_trace_of_what_they_chose(
    vote: Vote, other: Vote, officers: str
) -> None:
    """The same turnout with other choices gives the same result, whatever the residents do."""
    few = votes(officers)
    chosen = said(few)
    swapped = [*([Ballot(none_of_these=True)] * len(chosen)), *([Ballot()] * (len(few) - len(chosen)))]
    tally = vote.but(officers=tuple(few)).counted()
    assert tally == vote.but(officers=tuple(swapped)).counted()
    assert tally.adopted == ()
    assert tally.advisory is bool(few)
    assert other.but(officers=tuple(few)).counted().adopted == ()


@pytest.mark.parametrize("rule", RoundRule, ids=str)
def test_one_goal_is_adopted_exactly_when_half_of_each_side_wants_it(rule: RoundRule) -> None:
    goal = CANDIDATES[0]
    for ours in range(7):
        for theirs in range(6):
            tally = tally_round(
                rule,
                [goal],
                [Ballot(frozenset({goal}))] * ours + [Ballot(none_of_these=True)] * (6 - ours),
                [Ballot(frozenset({goal}))] * theirs + [Ballot(none_of_these=True)] * (5 - theirs),
                places=1,
            )
            assert bool(tally.adopted) is (ours >= 3 and theirs >= 3)
