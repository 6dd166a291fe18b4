"""Who is in the room, beside the figures of the meeting's beats."""

from datetime import date
from fractions import Fraction

from lib.model import BeatFigure, CheckinAnswer, MeetingBeat
from lib.queries.checkin import FigureRow, beat_figures, questions_asked, room_sentence, who_is_missing
from lib.storage.transaction import writing
from tests.builders import a_beat, a_city, a_meeting
from tests.counting import counted_statements

AGES = {"adults_16_24": 900, "adults_25_39": 1100, "adults_40_64": 1500, "adults_65_up": 500}


def figures_entered(beat_id: int, values: dict[str, int], as_of: date = date(2020, 4, 1)) -> None:
    with writing() as db:
        db.add_all(
            BeatFigure(beat_id=beat_id, kind=kind, value=value, as_of=as_of, source="Census")
            for kind, value in values.items()
        )


def answered(meeting_id: int, question: str, **numbers: int) -> None:
    with writing() as db:
        db.add_all(
            CheckinAnswer(meeting_id=meeting_id, question=question, answer=answer, number=number, shown=number)
            for answer, number in numbers.items()
        )


def test_the_room_is_compared_with_the_latest_figures_of_its_beat(database: str) -> None:
    a_city()
    beat = a_beat()
    meeting = a_meeting(beat)
    figures_entered(beat, dict.fromkeys(AGES, 1), date(2010, 4, 1))
    figures_entered(beat, AGES)
    answered(meeting, "age", **{"16_24": 6, "25_39": 14, "40_64": 30, "65_up": 10})
    with counted_statements() as statements:
        age, part, first = who_is_missing(meeting)
    assert len(statements) == 3
    assert (age.n, age.source) == (60, "Census, 2020-04-01")
    assert [(line.share, line.beat_share) for line in age.lines] == [
        (Fraction(1, 10), Fraction(9, 40)),
        (Fraction(7, 30), Fraction(11, 40)),
        (Fraction(1, 2), Fraction(3, 8)),
        (Fraction(1, 6), Fraction(1, 8)),
    ]
    assert age.fewer == ("16 to 24",)
    assert (part.n, first.n) == (0, 0)
    assert "Fewer in the room than in the beat: 16 to 24." in room_sentence(meeting)


def test_a_beat_that_lacks_one_age_band_is_compared_in_none(database: str) -> None:
    a_city()
    beat = a_beat()
    meeting = a_meeting(beat)
    figures_entered(beat, {kind: value for kind, value in AGES.items() if kind != "adults_65_up"})
    answered(meeting, "age", **{"16_24": 6, "25_39": 14, "40_64": 30, "65_up": 10})
    assert {line.beat_share for line in who_is_missing(meeting)[0].lines} == {None}


def test_a_meeting_of_two_beats_asks_where_people_live_and_compares_by_adults(database: str) -> None:
    a_city()
    first, second = a_beat("K2"), a_beat("K3", west=-122.30)
    meeting = a_meeting(first)
    with writing() as db:
        db.add(MeetingBeat(meeting_id=meeting, beat_id=second))
    assert list(questions_asked(meeting)[1].answers) == ["beat:K2", "beat:K3", "elsewhere"]
    answered(meeting, "part", **{"beat:K2": 30, "beat:K3": 10, "elsewhere": 20})
    assert {line.beat_share for line in who_is_missing(meeting)[1].lines} == {None}
    for beat, adults in ((first, 1000), (second, 3000)):
        figures_entered(beat, {"adults": adults})
    assert [line.beat_share for line in who_is_missing(meeting)[1].lines] == [Fraction(1, 4), Fraction(3, 4), None]


def test_figures_are_the_latest_of_each_kind(database: str) -> None:
    a_city()
    beat = a_beat()
    figures_entered(beat, {"adults": 2000, "adults_16_24": 300}, date(2010, 4, 1))
    figures_entered(beat, {"adults": 2500})
    assert beat_figures(["K2", "K9"]) == (
        FigureRow("K2", "adults", 2500, date(2020, 4, 1), "Census"),
        FigureRow("K2", "adults_16_24", 300, date(2010, 4, 1), "Census"),
    )


def test_a_room_where_nobody_answered_says_nothing(database: str) -> None:
    a_city()
    assert room_sentence(a_meeting(a_beat())) == ""
