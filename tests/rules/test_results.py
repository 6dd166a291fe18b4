"""What is read out: the rule before the vote, the result after it."""

import pytest

from lib.rules.results import outcome_sentence, result_sentence, rule_sentence
from lib.rules.tally import tally_round, without_officers_figures
from lib.rules.voting import RoundMode, RoundRule
from tests.rules.votes import A, B, C, D, E, votes

TURNS, LOWER = RoundRule.TWO_KEYS_TURNS, RoundRule.LOWER_SHARE


@pytest.mark.parametrize(
    ("rule", "places", "sentence"),
    [
        (
            TURNS,
            1,
            "A goal needs at least half of the residents’ ballots and at least half of the officers’ ballots; "
            "the place goes to the open goal that most residents’ ballots approve.",
        ),
        (
            TURNS,
            5,
            "A goal needs at least one in 5 of the residents’ ballots and at least half of the officers’ ballots; "
            "the 5 places go, one after the other, to the open goal whose supporters have waited longest.",
        ),
        (
            LOWER,
            4,
            "A goal needs at least a quarter of the residents’ ballots and at least half of the officers’ ballots; "
            "the 4 places go to the open goals with the highest shares, "
            "counting for each goal the lower of its two sides.",
        ),
    ],
)
def test_the_rule_is_one_plain_sentence(rule: RoundRule, places: int, sentence: str) -> None:
    assert rule_sentence(rule, places) == sentence


def test_an_open_room_says_that_it_adopts_nothing() -> None:
    assert rule_sentence(TURNS, 3, RoundMode.OPEN_ROOM) == (
        "This open room puts the goals in an order by the residents’ ballots; it adopts none of them."
    )


def test_every_ending_is_a_sentence() -> None:
    tally = tally_round(TURNS, [A, B, C, D, E], votes("8xABD 1xA 5xC 1x0"), votes("6xABC 2xA"), places=1)
    assert [outcome_sentence(outcome, tally) for outcome in tally.outcomes] == [
        "Adopted, place 1: residents (9 of 14 ballots) and officers (8 of 8 ballots) both carried it.",
        "Both sides carried it (residents: 8 of 14 ballots), but the one place went to other goals.",
        "Contested: officers carried it (6 of 8 ballots), residents did not (5 of 14 ballots; 7 needed). "
        "The residents owe a written answer, and a second vote follows.",
        "Contested: residents carried it (8 of 14 ballots), officers did not (0 of 8 ballots). "
        "The officers owe a written answer, and a second vote follows.",
        "Neither side carried it (residents: 0 of 14 ballots; 7 needed).",
    ]
    assert result_sentence(tally) == "1 goal adopted for 1 place, 2 contested."


def test_a_sealed_side_shows_its_keys_and_no_figures() -> None:
    tally = without_officers_figures(tally_round(TURNS, [A, B], votes("8xAB"), votes("6xA"), places=2))
    assert [outcome_sentence(outcome, tally) for outcome in tally.outcomes] == [
        "Adopted, place 1: residents (8 of 8 ballots) and officers both carried it.",
        "Contested: residents carried it (8 of 8 ballots), officers did not. "
        "The officers owe a written answer, and a second vote follows.",
    ]


def test_an_absent_or_silent_side_is_named() -> None:
    absent = tally_round(TURNS, [A], votes("1xA"), [], places=1)
    assert outcome_sentence(absent.outcomes[0], absent) == (
        "Contested: residents carried it (1 of 1 ballot), no officer voted. "
        "The officers owe a written answer, and a second vote follows."
    )
    silent = without_officers_figures(tally_round(TURNS, [A], votes("2xA"), votes("5x0"), places=1))
    assert outcome_sentence(silent.outcomes[0], silent) == (
        "Contested: residents carried it (2 of 2 ballots), all officers’ ballots were blank. "
        "The officers owe a written answer, and a second vote follows."
    )


def test_ties_are_told() -> None:
    ballots = tally_round(TURNS, [B, A, E], votes("4xAE 2xA 4xE 4xB"), votes("6xABE"), places=4)
    assert outcome_sentence(ballots.outcome_of(A), ballots) == (
        "Adopted, place 2: residents (6 of 14 ballots) and officers (6 of 6 ballots) both carried it. "
        "It was level with another goal; more residents’ ballots decided."
    )
    dice = tally_round(TURNS, [A, B], votes("1xA 1xB"), votes("6xAB"), places=1, tie_seed="4-1-6")
    assert outcome_sentence(dice.adopted[0], dice).endswith("It was level with another goal; the dice decided.")
    (left_over,) = (each for each in dice.outcomes if each.place is None)
    assert outcome_sentence(left_over, dice) == (
        "Both sides carried it (residents: 1 of 2 ballots), but the one place went to other goals. "
        "It was level with another goal; the dice decided."
    )
    assert result_sentence(dice) == "1 goal adopted for 1 place."
    still_open = tally_round(TURNS, [A, B], votes("1xA 1xB"), votes("6xAB"), places=1)
    assert result_sentence(still_open) == "1 goal adopted for 1 place, a tie is still open until the dice are rolled."


def test_an_advisory_round_says_why_nothing_is_adopted() -> None:
    tally = tally_round(TURNS, [A, B, C], votes("6xA 5xAB"), votes("2xA"), places=2)
    assert [outcome_sentence(outcome, tally) for outcome in tally.outcomes] == [
        "1st in the residents’ order (11 of 11 ballots); advisory, with only 2 officers’ ballots.",
        "2nd in the residents’ order (5 of 11 ballots); advisory, with only 2 officers’ ballots.",
        "Not in the residents’ order: no ballot names it; advisory, with only 2 officers’ ballots.",
    ]
    assert result_sentence(tally) == (
        "Advisory: with only 2 officers’ ballots nothing is adopted; "
        "the residents’ order stands in the minutes and the vote is repeated."
    )


def test_blank_ballots_of_officers_are_told_apart() -> None:
    tally = tally_round(TURNS, [A], votes("6xA"), votes("2xA 5x0"), places=1)
    assert outcome_sentence(tally.outcomes[0], tally) == (
        "1st in the residents’ order (6 of 6 ballots); advisory, with fewer than three of 7 officers’ ballots not "
        "blank."
    )


def test_an_open_room_ranks() -> None:
    tally = tally_round(TURNS, [A, B], votes("6xA 5xAB"), [], places=2, mode=RoundMode.OPEN_ROOM)
    assert outcome_sentence(tally.outcomes[1], tally) == (
        "2nd in the residents’ order (5 of 11 ballots); an open room ranks and never adopts."
    )
    assert result_sentence(tally) == "Open room: 2 goals in order by 11 ballots."
