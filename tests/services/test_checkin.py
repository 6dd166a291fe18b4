"""Voluntary answers at the door: totals that lose nothing and tie nothing to anybody."""

import pytest
from sqlalchemy import inspect, select, text

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import CheckinAnswer, LogEntry
from lib.queries.checkin import answers_counted, who_is_missing
from lib.queries.meetings import meeting_detail
from lib.rules.lifecycle import Role, Side
from lib.rules.minutes import MinuteKind
from lib.services.checkin import count_answers, count_hands
from lib.services.meetings import close_meeting
from lib.storage.engine import engine
from lib.storage.transaction import reading
from tests.builders import a_person
from tests.hall import Hall, a_hall
from tests.services.test_vote_races import all_at_once


def totals() -> dict[tuple[str, str], int]:
    with reading() as db:
        rows = db.execute(select(CheckinAnswer.question, CheckinAnswer.answer, CheckinAnswer.number))
        return {(row[0], row[1]): row[2] for row in rows if row[2]}


def answer(hall: Hall, **answers: str) -> None:
    count_answers(actor=hall.facilitator, meeting_id=hall.meeting_id, answers=answers)


def test_answers_become_totals_and_nothing_else(database: str) -> None:
    hall = a_hall()
    with reading() as db:
        before = len(list(db.scalars(select(LogEntry.id))))
    answer(hall, age="25_39", part="lives", first="yes")
    answer(hall, age="25_39", part="", first="no")
    answer(hall, age="", part="", first="")
    assert totals() == {("age", "25_39"): 2, ("part", "lives"): 1, ("first", "yes"): 1, ("first", "no"): 1}
    assert answers_counted(hall.meeting_id) == {"age": 2, "part": 1, "first": 2}
    with reading() as db:
        assert len(list(db.scalars(select(LogEntry.id)))) == before
    columns = [column["name"] for column in inspect(engine()).get_columns("checkin_answer")]
    assert columns == ["meeting_id", "question", "answer", "number", "shown"]


def test_forty_answers_at_once_are_forty_counts(database: str) -> None:
    hall = a_hall()
    bands = ("16_24", "25_39", "40_64", "65_up")

    def give(place: int) -> None:
        answer(hall, age=bands[place % 4], first="yes" if place % 2 else "no")

    refused = [each for each in all_at_once([lambda place=place: give(place) for place in range(40)]) if each]  # type: ignore[misc]
    assert refused == []
    assert totals() == {**{("age", band): 10 for band in bands}, ("first", "yes"): 20, ("first", "no"): 20}


def test_the_databases_own_marks_do_not_tell_which_answers_came_together(postgres_database: str) -> None:
    hall = a_hall()
    answer(hall, age="16_24", first="yes")
    answer(hall, age="65_up", first="no")
    with reading() as db:
        marks = list(db.scalars(text("SELECT xmin::text FROM checkin_answer")))
    assert (len(marks), len(set(marks))) == (10, 1)


@pytest.mark.parametrize("wrong", [{"age": "130"}, {"shoe": "44"}, {"first": "yes'; --"}, {"part": "beat:K9"}])
def test_only_answers_from_the_list_are_counted(database: str, wrong: dict[str, str]) -> None:
    hall = a_hall()
    with pytest.raises(Invalid):
        answer(hall, **wrong)
    assert totals() == {}


def test_hands_replace_the_totals_of_their_question_and_the_door_goes_on_counting(database: str) -> None:
    hall = a_hall()
    answer(hall, age="25_39", first="yes")
    hands = {"yes": 12, "no": 30}
    count_hands(actor=hall.facilitator, meeting_id=hall.meeting_id, question="first", hands=hands)
    assert totals() == {("age", "25_39"): 1, ("first", "yes"): 12, ("first", "no"): 30}
    answer(hall, first="no")
    assert totals()["first", "no"] == 31
    with reading() as db:
        facts = [entry.facts for entry in db.scalars(select(LogEntry).where(LogEntry.action == "hands_counted"))]
    assert facts == [{"question": "first", "hands": 42}]


@pytest.mark.parametrize("hands", [{"yes": 1}, {"yes": 1, "no": -1}, {"yes": 1, "no": 5001}, {"yes": 1, "perhaps": 2}])
def test_hands_are_whole_counts_of_every_answer(database: str, hands: dict[str, int]) -> None:
    hall = a_hall()
    with pytest.raises(Invalid):
        count_hands(actor=hall.facilitator, meeting_id=hall.meeting_id, question="first", hands=hands)
    with pytest.raises(NotFound):
        count_hands(actor=hall.facilitator, meeting_id=hall.meeting_id, question="shoe", hands=hands)
    assert totals() == {}


def test_only_whoever_hands_out_passes_counts_answers(database: str) -> None:
    hall = a_hall()
    auditor = a_person("Ada Auditor", side=Side.NEITHER, roles=(Role.AUDITOR,))
    for actor, refusal in ((None, SignInNeeded), (auditor, NotAllowed)):
        with pytest.raises(refusal):
            count_answers(actor=actor, meeting_id=hall.meeting_id, answers={"first": "yes"})
        with pytest.raises(refusal):
            count_hands(actor=actor, meeting_id=hall.meeting_id, question="first", hands={"yes": 1, "no": 1})
    with pytest.raises(NotFound):
        count_answers(actor=hall.facilitator, meeting_id=99, answers={"first": "yes"})
    assert totals() == {}


def test_the_minutes_of_a_closed_meeting_say_who_was_in_the_room(database: str) -> None:
    hall = a_hall()
    for place in range(30):
        answer(hall, first="yes" if place < 12 else "no")
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    (minute,) = [line for line in meeting_detail(hall.meeting_uuid).minutes if line.source == "room"]
    assert minute.kind is MinuteKind.NOTE
    assert minute.text.replace("\N{NO-BREAK SPACE}", " ") == (
        "Who was in the room. Answers were voluntary and are counted in totals only. "
        "First time at such a meeting (30 answers): Yes 40 %, No 60 %. "
        "Votes are never re-weighted: every ballot counts the same, whoever is missing."
    )
    with reading() as db:
        facts = db.scalar(select(LogEntry.facts).where(LogEntry.action == "meeting_closed"))
    assert facts == {"answers_first": 30}
    with pytest.raises(Conflict):
        answer(hall, first="yes")


def test_a_meeting_without_answers_gets_no_such_minute(database: str) -> None:
    hall = a_hall()
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    assert [line.source for line in meeting_detail(hall.meeting_uuid).minutes] == ["opened", "closed"]


def test_no_two_looks_differ_by_fewer_than_ten_answers(database: str) -> None:
    hall = a_hall()

    def look() -> tuple[int, ...]:
        first = who_is_missing(hall.meeting_id)[2]
        return (first.n, *(line.number or 0 for line in first.lines))

    looks = [look()]
    for place in range(33):
        answer(hall, first="yes" if place % 3 else "no", age="16_24" if place % 2 else "")
        looks.append(look())
    assert dict.fromkeys(looks) == dict.fromkeys([(0, 0, 0), (10, 0, 0), (20, 13, 7), (30, 20, 10)])
    assert [looks.index(each) for each in dict.fromkeys(looks)] == [0, 10, 20, 30]
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    assert look() == (30, 20, 10)
    assert any("(30 answers)" in line.text for line in meeting_detail(hall.meeting_uuid).minutes)


def test_hands_are_shown_at_once_and_answers_after_them_by_tens(database: str) -> None:
    hall = a_hall()
    for _ in range(4):
        answer(hall, first="yes")
    count_hands(actor=hall.facilitator, meeting_id=hall.meeting_id, question="first", hands={"yes": 12, "no": 30})
    for more in range(11):
        assert who_is_missing(hall.meeting_id)[2].n == (42 if more < 10 else 52)
        answer(hall, first="no")
