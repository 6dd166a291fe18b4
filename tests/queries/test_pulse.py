"""The pulse of a beat: closed waves only, n and interval with every share, nothing under ten answers."""

from datetime import date
from fractions import Fraction

import pytest

from lib.model import PulseSurvey
from lib.model.pulse import Sample
from lib.queries.pulse import latest_pulse, pooled, pulse_waves, pulse_waves_of
from lib.storage.transaction import writing
from tests.builders import a_beat, a_wave
from tests.counting import counted_statements

TODAY = date(2026, 5, 4)


def test_a_wave_has_share_n_and_interval(database: str) -> None:
    beat = a_beat()
    a_wave(beat, date(2026, 3, 1), safe=33, unsafe=27, adults=2500)
    with counted_statements() as sent:
        (wave,) = pulse_waves("K2", today=TODAY)
    assert (wave.after_dark.share, wave.after_dark.n, wave.sample, wave.invited) == (
        Fraction(33, 60),
        60,
        Sample.RANDOM,
        180,
    )
    assert wave.after_dark.interval == (pytest.approx(0.426, abs=0.001), pytest.approx(0.668, abs=0.001))
    assert len(sent) == 1


def test_waves_come_in_their_order_and_only_once_they_have_closed(database: str) -> None:
    beat = a_beat()
    a_wave(beat, date(2026, 4, 25), safe=20, unsafe=20)
    a_wave(beat, date(2025, 9, 1), safe=20, unsafe=20)
    a_wave(beat, date(2025, 3, 1), safe=20, unsafe=20)
    assert [wave.wave_on for wave in pulse_waves("K2", today=TODAY)] == [date(2025, 3, 1), date(2025, 9, 1)]


def test_under_ten_answers_nothing_is_shown(database: str) -> None:
    a_wave(a_beat(), date(2026, 3, 1), safe=4, unsafe=5)
    (wave,) = pulse_waves("K2", today=TODAY)
    assert (wave.after_dark.is_hidden, wave.after_dark.share, wave.after_dark.positive) == (True, None, None)


def test_volunteers_are_labelled(database: str) -> None:
    a_wave(a_beat(), date(2026, 3, 1), safe=30, unsafe=30, sample=Sample.VOLUNTEER)
    (wave,) = pulse_waves("K2", today=TODAY)
    assert wave.is_volunteer
    assert "Volunteer answers" in wave.after_dark.sentence


def test_each_beat_is_named_with_its_last_wave(database: str) -> None:
    first, second = a_beat("K2"), a_beat("K3", west=-122.2)
    a_wave(first, date(2025, 9, 1), safe=10, unsafe=10)
    a_wave(first, date(2026, 3, 1), safe=15, unsafe=5)
    a_wave(second, date(2025, 9, 1), safe=5, unsafe=15)
    with counted_statements() as sent:
        latest = latest_pulse(today=TODAY)
    assert {code: (wave.wave_on, wave.after_dark.share) for code, wave in latest.items()} == {
        "K2": (date(2026, 3, 1), Fraction(3, 4)),
        "K3": (date(2025, 9, 1), Fraction(1, 4)),
    }
    assert len(sent) == 1


def test_a_wave_with_a_hidden_beat_is_not_pooled(database: str) -> None:
    """The sum less the shown beat would be the hidden one."""
    first, second = a_beat("K2"), a_beat("K3", west=-122.2)
    for beat, day, safe in ((first, 1, 12), (second, 1, 13), (first, 2, 12), (second, 2, 1)):
        a_wave(beat, date(2025, 9, day), safe=safe, unsafe=7)
    together = pooled(pulse_waves_of([first, second], today=TODAY))
    assert [(wave.asked_on, wave.share.n, wave.share.share, wave.share.adults, wave.wording) for wave in together] == [
        (date(2025, 9, 1), 39, Fraction(25, 39), 5000, "2026-1")
    ]


def test_pooled_beats_that_were_asked_differently_are_not_comparable(database: str) -> None:
    first, second = a_beat("K2"), a_beat("K3", west=-122.2)
    a_wave(first, date(2025, 9, 1), safe=12, unsafe=7)
    a_wave(second, date(2025, 9, 1), safe=12, unsafe=7, sample=Sample.VOLUNTEER)
    a_wave(first, date(2025, 10, 1), safe=12, unsafe=7)
    survey = a_wave(second, date(2025, 10, 1), safe=12, unsafe=7)
    with writing() as db:
        db.get_one(PulseSurvey, survey).wording = "2027-1"
    together = pooled(pulse_waves_of([first, second], today=TODAY))
    assert [(wave.share.volunteers, wave.wording, wave.is_comparable) for wave in together] == [
        (True, "2026-1", False),
        (False, "", False),
    ]
