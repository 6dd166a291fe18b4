"""How safe people feel, for everybody: figures with n and range, and what cannot be said is said."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from lib import clock
from lib.model import PulseAnswer, PulseSurvey
from lib.model.pulse import Sample
from lib.rules.lifecycle import GoalState
from lib.storage.transaction import writing
from lib.ui.pulse_charts import ENDS, STARTS, GoalMark, trend_chart, trend_in_words
from tests.builders import a_beat, a_city, a_coordinator, a_facilitator, a_goal, a_person, a_wave
from tests.goal_builders import judged_by
from tests.pages.visiting import page_text, visit

TODAY = clock.now().date()
BEFORE, LATELY = TODAY - timedelta(days=210), TODAY - timedelta(days=30)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_without_a_chosen_beat_the_beats_stand_by_code(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_wave(a_beat("K2"), LATELY, safe=33, unsafe=27)
    a_wave(a_beat("A<3", west=-122.2), LATELY, safe=20, unsafe=20, sample=Sample.VOLUNTEER)
    text = plain(page_text(visit("safety", monkeypatch)))
    assert "55 %" in text
    assert "43 % to 67 %" in text
    assert "volunteers" in text
    assert ("A&lt;3" in text, "A<3" in text) == (True, False)
    assert "not a ranking" in text


def test_a_beat_that_nobody_asked_says_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    assert "Nobody has been asked yet" in page_text(visit("safety", monkeypatch))
    app = visit("safety", monkeypatch, beat="K2")
    assert app.exception == []
    assert "Nobody in beat K2 has been asked yet" in page_text(app)


def test_a_beat_shows_its_last_wave_the_change_and_how_it_was_asked(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    a_wave(beat, BEFORE, safe=33, unsafe=27)
    a_wave(beat, LATELY, safe=45, unsafe=30)
    goal = a_goal(beat, state=GoalState.ACTIVE)
    judged_by(goal, starts_on=BEFORE + timedelta(days=40), due_on=TODAY + timedelta(days=300))
    app = visit("safety", monkeypatch, beat="K2")
    assert app.exception == []
    text = plain(page_text(app)) + plain(" ".join(block.value for block in app.text))
    for words in (
        "60 % of 75 answers; likely 49 % to 70 % of all adults.",
        "60 % of 75 answers, 55 % of 60 answers before: no detectable change.",
        "75 answers to 225 invitations: 33 % answered",
        "Own wording",
        "European Social Survey",
        "Crime Survey for England and Wales",
        "no detectable change",
        "Quieter Friday nights on Pine Street",
        "Each of the two groups needs at least 10 answers",
    ):
        assert words in text, words


def test_too_few_answers_show_no_figure_anywhere(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_wave(a_beat("K2"), LATELY, safe=7, unsafe=2)
    app = visit("safety", monkeypatch, beat="K2")
    assert app.exception == []
    text = plain(page_text(app))
    assert "Too few answers to show a figure" in text
    assert "78 %" not in text


def test_volunteers_are_labelled(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_wave(a_beat("K2"), LATELY, safe=20, unsafe=20, sample=Sample.VOLUNTEER)
    text = page_text(visit("safety", monkeypatch, beat="K2"))
    assert "Volunteer answers: the interval shows chance only." in text
    assert "nobody was invited" in text


def test_groups_are_shown_with_both_numbers(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    survey = a_wave(a_beat("K2"), LATELY, safe=0, unsafe=0)
    with writing() as db:
        rows = [{"survey_id": survey, "after_dark": 1 + place % 4, "took_part": place < 20} for place in range(60)]
        db.execute(insert(PulseAnswer), rows)
    text = plain(page_text(visit("safety", monkeypatch, beat="K2")))
    assert "50 % of 20" in text
    assert "50 % of 40" in text
    assert "no detectable difference" in text


def test_home_leads_there(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_wave(a_beat("K2"), LATELY, safe=33, unsafe=27)
    app = visit("home", monkeypatch, beat="K2")
    assert app.exception == []
    assert any("Every question, and how it was asked" in block.value for block in app.text)


def test_the_trend_marks_goals_that_begin_or_end_among_its_waves(sqlite_database: str) -> None:
    from lib.queries.pulse_results import pulse_results

    beat = a_beat("K2")
    for month in (1, 7):
        a_wave(beat, date(2025, month, 1), safe=33, unsafe=27)
    a_wave(beat, date(2026, 1, 1), safe=4, unsafe=1)
    waves = pulse_results("K2", today=date(2026, 5, 4))
    goals = (
        GoalMark(1, "Light", date(2025, 3, 1), date(2025, 9, 1), True),
        GoalMark(2, "Noise", date(2025, 3, 1), date(2029, 1, 1), False),
    )
    spec = trend_chart(waves, goals)
    labels = [
        value["label"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text"
        for value in layer["data"]["values"]
        if value["label"].startswith((STARTS, ENDS))
    ]
    assert labels == [f"{STARTS} 1, 2", f"{ENDS} 1"]
    dots = next(layer["data"]["values"] for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert [dot["on"] for dot in dots] == ["2025-01-01", "2025-07-01"]
    said = trend_in_words(waves, goals)
    assert "goal 1, Light, from 1 March 2025 to 1 September 2025" in said
    assert "Not shown: 5 answers" in said


def test_an_open_wave_changes_nothing_on_the_page(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_wave(a_beat("K2"), LATELY, safe=33, unsafe=27)
    before = page_text(visit("safety", monkeypatch, beat="K2"))
    a_wave(db_beat(), TODAY, safe=50, unsafe=0)
    assert page_text(visit("safety", monkeypatch, beat="K2")) == before


def db_beat() -> int:
    with writing() as db:
        return db.scalars(select(PulseSurvey.beat_id)).one()


def issues_told(beat: int, number: int) -> int:
    """The last wave of the beat names so many issues; its id."""
    with writing() as db:
        survey = db.scalars(
            select(PulseSurvey.id).where(PulseSurvey.beat_id == beat).order_by(PulseSurvey.wave_on.desc())
        ).first()
        assert survey is not None
        answers = db.scalars(select(PulseAnswer).where(PulseAnswer.survey_id == survey)).all()
        for place, answer in enumerate(answers[:number]):
            answer.top_issue = f"Cars <b>{place}</b>"
    return survey


def test_facilitators_read_the_issues_of_their_beat_and_make_one_a_concern(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    a_wave(beat, LATELY, safe=8, unsafe=4)
    survey = issues_told(beat, 3)
    app = visit("safety", monkeypatch, a_facilitator(), beat="K2")
    app.selectbox(key="pulse_issues").set_value(survey).run()
    assert app.exception == []
    assert [text.value for text in app.text if "Cars" in text.value] == [f"Cars <b>{place}</b>" for place in range(3)]
    app.selectbox(key=f"pulse_issue_{survey}").set_value(1).run()
    assert app.session_state["raise_text"] == "Cars <b>1</b>"
    assert "Raise it as a concern" in page_text(app)


def test_issues_of_few_answers_are_hidden_and_those_of_other_beats_are_not_offered(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat, other = a_beat("K2"), a_beat("K3", west=-122.2)
    for each in (beat, other):
        a_wave(each, LATELY, safe=5, unsafe=4)
    survey = issues_told(beat, 3)
    app = visit("safety", monkeypatch, a_coordinator(), beat="K2")
    assert len(app.selectbox(key="pulse_issues").options) == 1
    app.selectbox(key="pulse_issues").set_value(survey).run()
    text = page_text(app)
    assert "Fewer than 10 people answered" in text
    assert "Cars" not in text


@pytest.mark.parametrize("visitor", ["nobody", "officer"])
def test_nobody_else_reads_the_issues(sqlite_database: str, monkeypatch: pytest.MonkeyPatch, visitor: str) -> None:
    a_city()
    beat = a_beat("K2")
    a_wave(beat, LATELY, safe=8, unsafe=4)
    issues_told(beat, 3)
    actor = a_person("Max", beats=(beat,)) if visitor == "officer" else None
    assert "Number one issues" not in page_text(visit("safety", monkeypatch, actor, beat="K2"))
