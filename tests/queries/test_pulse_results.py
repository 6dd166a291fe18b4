"""What a beat answered: every question with n and interval, and nothing that gives back what is hidden."""

from datetime import date
from fractions import Fraction

from sqlalchemy import insert, update

from lib.model import PulseAnswer, PulseSurvey
from lib.model.pulse import Sample
from lib.queries.pulse_results import Groups, WaveResults, pulse_results
from lib.queries.pulse_waves import top_issues
from lib.rules.pulse import PulseShare
from lib.storage.transaction import writing
from tests.builders import a_beat, a_wave
from tests.counting import counted_statements

TODAY = date(2026, 5, 4)


def a_full_wave(beat_id: int, *, took_part: int, others: int, unsaid: int = 0, **more: object) -> WaveResults:
    """A wave in which everybody answered everything; so many took part, did not, or left that out."""
    survey = a_wave(beat_id, date(2026, 3, 1), safe=0, unsafe=0, **more)  # type: ignore[arg-type]
    said = [True] * took_part + [False] * others + [None] * unsaid
    with writing() as db:
        db.execute(
            insert(PulseAnswer),
            [
                {
                    "survey_id": survey,
                    "after_dark": 1 + number % 4,
                    "by_day": 1 + number % 2,
                    "safety": number % 11,
                    "respect": 8,
                    "listens": 6,
                    "compared": number % 3 - 1,
                    "took_part": part,
                    "top_issue": f"issue {number:02d}" if number % 2 else "",
                }
                for number, part in enumerate(said)
            ],
        )
        db.execute(update(PulseSurvey).values(invited=200))
    (found,) = pulse_results("K2", today=TODAY)
    return found


def test_every_question_has_its_figure(database: str) -> None:
    wave = a_full_wave(a_beat(), took_part=20, others=40)
    assert (wave.answered, wave.invited, wave.response) == (60, 200, Fraction(3, 10))
    assert {key: (share.share, share.n) for key, share in wave.shares.items()} == {
        "after_dark": (Fraction(1, 2), 60),
        "by_day": (Fraction(1), 60),
    }
    assert {key: (mean.points, mean.n) for key, mean in wave.means.items()} == {
        "safety": (48, 60),
        "respect": (80, 60),
        "listens": (60, 60),
    }
    assert {name: share.share for name, share in wave.compared.items()} == dict.fromkeys(
        ("better", "the same", "worse"), Fraction(1, 3)
    )
    took_part = wave.groups["after_dark"].took_part
    assert isinstance(took_part, PulseShare)
    assert (took_part.n, took_part.share) == (20, Fraction(1, 2))


def test_it_takes_two_statements_however_many_waves(database: str) -> None:
    beat = a_beat()
    for waves in (1, 3):
        for month in range(waves):
            a_wave(beat, date(2024 + waves, 1 + month, 1), safe=10, unsafe=10)
        with counted_statements() as sent:
            pulse_results("K2", today=TODAY)
        assert len(sent) == 2
    assert pulse_results("Z9", today=TODAY) == ()


def test_where_one_group_is_hidden_so_is_the_other(database: str) -> None:
    wave = a_full_wave(a_beat(), took_part=9, others=51)
    assert wave.shares["after_dark"].n == 60
    assert set(wave.groups.values()) == {Groups(None, None)}


def test_who_left_the_question_out_is_counted_with_the_others_and_never_a_hidden_third(database: str) -> None:
    """Shown beside the whole, two groups of three would give the third back by subtraction."""
    wave = a_full_wave(a_beat(), took_part=20, others=36, unsaid=4)
    group = wave.groups["after_dark"]
    assert group.took_part is not None
    assert group.others is not None
    assert group.took_part.n + group.others.n == wave.shares["after_dark"].n


def test_groups_are_hidden_question_by_question(database: str) -> None:
    beat = a_beat()
    survey = a_wave(beat, date(2026, 3, 1), safe=0, unsafe=0)
    with writing() as db:
        rows = [
            {"survey_id": survey, "after_dark": 1, "safety": None if number < 5 else 7, "took_part": number < 12}
            for number in range(40)
        ]
        db.execute(insert(PulseAnswer), rows)
    (wave,) = pulse_results("K2", today=TODAY)
    assert wave.groups["after_dark"].took_part is not None
    assert wave.groups["safety"] == Groups(None, None)
    assert wave.groups["by_day"] == Groups(None, None)


def test_under_ten_answers_no_figure_is_there(database: str) -> None:
    wave = a_full_wave(a_beat(), took_part=5, others=4)
    figures = [*wave.shares.values(), *wave.means.values(), *wave.compared.values()]
    assert all(figure.is_hidden and figure.interval is None for figure in figures)
    assert all(share.positive is None for share in wave.shares.values())
    assert all(mean.counts is None for mean in wave.means.values())


def test_volunteers_are_labelled_and_have_no_response_rate(database: str) -> None:
    a_wave(a_beat(), date(2026, 3, 1), safe=20, unsafe=20, sample=Sample.VOLUNTEER)
    (wave,) = pulse_results("K2", today=TODAY)
    assert (wave.is_volunteer, wave.response) == (True, None)
    assert "Volunteer answers" in wave.shares["after_dark"].sentence


def test_issues_stand_by_alphabet_and_only_of_a_clean_wave_with_answers_enough(database: str) -> None:
    beat = a_beat()
    a_full_wave(beat, took_part=10, others=0)
    survey_id = 1
    assert top_issues(survey_id) == ("issue 01", "issue 03", "issue 05", "issue 07", "issue 09")
    with writing() as db:
        db.execute(update(PulseSurvey).values(swept_at=None))
    assert top_issues(survey_id) == ()
    few = a_wave(beat, date(2025, 3, 1), safe=0, unsafe=0)
    with writing() as db:
        db.execute(insert(PulseAnswer), [{"survey_id": few, "top_issue": "noise"}] * 9)
    assert top_issues(few) == ()
