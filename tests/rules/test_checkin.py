"""Who is not in the room: what is shown of the answers, and what nobody can work out from it."""

from collections import defaultdict
from fractions import Fraction
from itertools import product

import pytest

from lib.rules.checkin import (
    AGE_QUESTION,
    FEWEST_ANSWERS,
    FIRST_QUESTION,
    NEVER_WEIGHTED,
    Question,
    QuestionInRoom,
    question_in_room,
    questions_of,
    room_in_words,
    shown_numbers,
)


@pytest.mark.parametrize(("cells", "most"), [(2, 40), (3, 22), (4, 14)])
def test_no_hidden_number_can_be_worked_out_from_what_is_shown(cells: int, most: int) -> None:
    """Every table is published; whoever knows the rule and the sum sorts them by what they would see."""
    seen: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for table in product(range(most + 1), repeat=cells):
        # A view is told whole only if no table that is too large for this list looks the same.
        if FEWEST_ANSWERS <= sum(table) <= most:
            seen[sum(table), shown_numbers(table)].append(table)
    assert seen
    for (_n, view), tables in seen.items():
        for place, shown in enumerate(view):
            possible = {table[place] for table in tables}
            if shown is None:
                assert len(possible) >= 2, (view, tables)
            else:
                assert possible == {shown} and shown >= 5


def test_a_number_under_five_is_never_shown() -> None:
    for table in product(range(13), repeat=3):
        assert all(shown is None or shown >= 5 for shown in shown_numbers(table))


def test_with_fewer_than_ten_answers_nothing_is_shown() -> None:
    room = question_in_room(FIRST_QUESTION, {"yes": 5, "no": 4}, {"yes": 10, "no": 10})
    assert [(line.number, line.share) for line in room.lines] == [(None, None), (None, None)]
    assert (room.is_too_few, room.n, "too few answers" in room.sentence) == (True, 9, True)
    assert not question_in_room(FIRST_QUESTION, {"yes": 5, "no": 5}).is_too_few


def test_shares_count_only_answers_that_the_figures_know() -> None:
    question = questions_of({"K2": "K2", "K3": "K3"})[1]
    room = question_in_room(
        question, {"beat:K2": 30, "beat:K3": 10, "elsewhere": 20}, {"beat:K2": 1000, "beat:K3": 3000}, "a count"
    )
    assert [(line.number, line.share, line.beat_share) for line in room.lines] == [
        (30, Fraction(3, 4), Fraction(1, 4)),
        (10, Fraction(1, 4), Fraction(3, 4)),
        (20, None, None),
    ]
    assert [line.gap.partition(":")[0] for line in room.lines] == [
        "More than in the beat",
        "Fewer than in the beat",
        "",
    ]
    assert room.fewer == ("I live in K3",)


def test_a_hidden_answer_is_not_given_away_by_the_shares_beside_it() -> None:
    """Two rooms that look alike in numbers look alike in everything."""
    question = questions_of({"K2": "K2", "K3": "K3"})[1]
    beat = {"beat:K2": 1000, "beat:K3": 3000}
    for one, other in (((30, 5, 4), (30, 7, 2)), ((30, 6, 0), (30, 2, 4))):
        answered = [dict(zip(question.answers, table, strict=True)) for table in (one, other)]
        assert question_in_room(question, answered[0], beat) == question_in_room(question, answered[1], beat)


def test_answers_of_nobody_known_are_not_counted() -> None:
    assert question_in_room(FIRST_QUESTION, {"yes": 20, "no": 20, "maybe": 99}).n == 40


def test_a_beat_without_figures_is_not_compared() -> None:
    room = question_in_room(AGE_QUESTION, {"16_24": 10, "25_39": 10, "40_64": 10, "65_up": 10}, {}, "nothing")
    assert {(line.share, line.beat_share, line.gap) for line in room.lines} == {(Fraction(1, 4), None, "")}
    assert room.source == ""


def test_the_minutes_name_the_gap_its_source_and_that_no_vote_is_weighted() -> None:
    beat = {"16_24": 900, "25_39": 1100, "40_64": 1500, "65_up": 500}
    age = question_in_room(AGE_QUESTION, {"16_24": 6, "25_39": 14, "40_64": 30, "65_up": 10}, beat, "Census 2020")
    said = room_in_words([age, question_in_room(FIRST_QUESTION, {"yes": 2, "no": 1}), a_question_nobody_answered()])
    assert said.replace("\N{NO-BREAK SPACE}", " ") == (
        "Who was in the room. Answers were voluntary and are counted in totals only. "
        "Age (60 answers): 16 to 24 10 % (in the beat 23 %), 25 to 39 23 % (in the beat 28 %), "
        "40 to 64 50 % (in the beat 38 %), 65 or older 17 % (in the beat 13 %). "
        "Fewer in the room than in the beat: 16 to 24. "
        "First time at such a meeting: too few answers to show (3; at least 10 are needed). "
        f"Figures of the beat: Census 2020. {NEVER_WEIGHTED}"
    )


def a_question_nobody_answered() -> QuestionInRoom:
    return question_in_room(Question("part", "This beat", {"lives": "I live here"}), {})
