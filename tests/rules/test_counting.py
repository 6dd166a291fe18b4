"""Ballots of one side, and how they are written."""

from collections import Counter
from fractions import Fraction
from uuid import UUID

import pytest

from lib.errors import Invalid
from lib.rules.counting import Ballot, Count, ballot_of_text, choices_text, count_side

LAMPS, CARS = UUID(int=1), UUID(int=2)


def test_none_of_these_is_an_answer_and_a_blank_ballot_is_turnout_only() -> None:
    side = count_side([LAMPS, CARS], [Ballot(frozenset({LAMPS})), Ballot(none_of_these=True), Ballot()])
    assert side.count == Count(cast=3, blank=1)
    assert side.count.non_blank == 2
    assert (side.approvals(LAMPS), side.approval(LAMPS)) == (1, Fraction(1, 2))
    assert (side.approvals(CARS), side.approval(CARS)) == (0, Fraction(0))


def test_without_a_non_blank_ballot_there_is_no_share_and_no_key() -> None:
    side = count_side([LAMPS], [Ballot(), Ballot()])
    assert side.approval(LAMPS) is None
    assert side.keys_turned(Fraction(0)) == frozenset()


def test_grouped_ballots_count_as_often_as_they_were_cast() -> None:
    ballots = [Ballot(frozenset({LAMPS}))] * 3 + [Ballot(frozenset({LAMPS, CARS}))] * 2 + [Ballot()] * 4
    single, grouped = count_side([LAMPS, CARS], ballots), count_side([LAMPS, CARS], Counter(ballots))
    assert (single.count, grouped.count) == (Count(9, 4), Count(9, 4))
    assert [grouped.approvals(goal) for goal in (LAMPS, CARS)] == [5, 2]
    assert [single.approvals(goal) for goal in (LAMPS, CARS)] == [5, 2]


def test_a_ballot_for_a_goal_outside_the_list_is_refused() -> None:
    with pytest.raises(Invalid, match="not on the list"):
        count_side([LAMPS], [Ballot(frozenset({CARS}))])
    with pytest.raises(Invalid, match="not on the list"):
        count_side([LAMPS], {Ballot(frozenset({CARS})): 5})


def test_goals_and_none_of_these_together_are_refused() -> None:
    with pytest.raises(Invalid, match="not both"):
        Ballot(frozenset({LAMPS}), none_of_these=True)


@pytest.mark.parametrize(
    ("ballot", "text"),
    [
        (Ballot(), "[]"),
        (Ballot(none_of_these=True), '["none"]'),
        (
            Ballot(frozenset({CARS, LAMPS})),
            '["00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-000000000002"]',
        ),
    ],
)
def test_a_ballot_is_written_in_one_way_and_read_back(ballot: Ballot, text: str) -> None:
    assert choices_text(ballot) == text
    assert ballot_of_text(text) == ballot


@pytest.mark.parametrize(
    "text",
    ["", "none", "null", "7", "{}", '"none"', "[1]", "[null]", '["all"]', '["none","none"]', "[ ]",
     '["00000000-0000-0000-0000-000000000002","00000000-0000-0000-0000-000000000001"]'],
)  # fmt: skip
def test_anything_else_is_no_ballot(text: str) -> None:
    with pytest.raises(Invalid, match="not a ballot that can be read"):
        ballot_of_text(text)
