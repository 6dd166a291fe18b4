"""Planning a wave and answering it: one answer for each invitation, within its days, and nothing else is stored."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from lib.errors import Conflict, Explained, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import BeatFigure, LogEntry, PulseAnswer, PulseInvitation, PulseSurvey
from lib.model.pulse import Sample
from lib.queries.pulse_results import pulse_results
from lib.queries.pulse_waves import has_answered, invited_wave, wave_progress
from lib.rules.ballots import invitation_digest, printed_token
from lib.rules.instrument import PRESENT
from lib.rules.lifecycle import Role, Side
from lib.rules.pulse import WaveState
from lib.services.pulse import (
    CLOSED,
    EARLY,
    USED,
    PlannedWave,
    answer_pulse,
    enter_paper_answer,
    plan_wave,
    withdraw_wave,
)
from lib.storage.transaction import reading, writing
from tests.builders import a_beat, a_city, a_coordinator, a_person
from tests.counting import counted_statements
from tests.pulse_builders import AFTER, DURING, EVERYTHING, LAST_DAY, TODAY, a_wave_asked, stored, swept, used

LEFT_OUT = dict.fromkeys(("after_dark", "by_day", "safety", "respect", "listens", "compared", "took_part")) | {
    "top_issue": ""
}


def all_at_once(doings: list[Callable[[], object]]) -> list[object]:
    """Start all from one barrier; what each returned, or the explained error it raised."""
    barrier = Barrier(len(doings), timeout=60)

    def run(doing: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return doing()
        except Explained as refusal:
            return refusal

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def planned(**changed: Any) -> PlannedWave:
    given: dict[str, Any] = {
        "beat_code": "K2",
        "wave_on": TODAY,
        "closes_on": LAST_DAY,
        "sample": Sample.RANDOM,
        "adults": 2500,
        "invitations": 10,
        "now": DURING - timedelta(days=1),
    }
    return plan_wave(**(given | changed))


def test_a_wave_has_as_many_codes_as_invitations_and_keeps_none_of_them(database: str) -> None:
    asked = a_wave_asked(invitations=30)
    assert len(set(asked.codes)) == 30
    assert {len(code) for code in asked.codes} == {16}
    with reading() as db:
        digests = list(db.scalars(select(PulseInvitation.digest)))
        survey = db.scalars(select(PulseSurvey)).one()
    assert sorted(digests) == sorted(invitation_digest(code) for code in asked.codes)
    assert (survey.adults, survey.invited, survey.wording, survey.code) == (2500, 30, PRESENT, "")


def test_the_number_of_adults_comes_from_the_beats_latest_figure(database: str) -> None:
    a_city()
    beat = a_beat("K2")
    with pytest.raises(Invalid, match="is not known"):
        planned(actor=a_coordinator(), adults=None)
    with writing() as db:
        for year, value in ((2010, 900), (2020, 1200)):
            db.add(BeatFigure(beat_id=beat, kind="adults", value=value, as_of=date(year, 4, 1), source="Census"))
    wave = planned(actor=a_coordinator("Ana Ruiz"), adults=None)
    with reading() as db:
        assert db.get_one(PulseSurvey, wave.survey_id).adults == 1200


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"wave_on": TODAY - timedelta(days=1)}, Invalid, "begins today or later"),
        ({"closes_on": TODAY - timedelta(days=1)}, Invalid, "open for 1 to 93 days"),
        ({"closes_on": TODAY + timedelta(days=93)}, Invalid, "open for 1 to 93 days"),
        ({"invitations": 0}, Invalid, "between 1 and 5,000"),
        ({"invitations": 5001}, Invalid, "between 1 and 5,000"),
        ({"adults": 0}, Invalid, "at least 1"),
        ({"adults": 9}, Invalid, "no smaller"),
        ({"beat_code": "Z9"}, NotFound, "no beat 'Z9'"),
    ],
)
def test_what_is_no_wave_is_refused(
    sqlite_database: str, changed: Mapping[str, Any], error: type[Explained], said: str
) -> None:
    a_city()
    a_beat("K2")
    with pytest.raises(error, match=said):
        planned(actor=a_coordinator(), **changed)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(PulseSurvey)) == 0


@pytest.mark.parametrize("shift", [0, 14, -14])
def test_one_beat_is_not_asked_twice_in_the_same_days(database: str, shift: int) -> None:
    asked = a_wave_asked()
    moved = {"wave_on": TODAY + timedelta(days=shift), "closes_on": LAST_DAY + timedelta(days=shift)}
    with pytest.raises(Conflict, match="has a wave in these days"):
        planned(actor=asked.coordinator, now=DURING - timedelta(days=40), **moved)


def test_the_same_wave_planned_twice_at_once_is_planned_once(database: str) -> None:
    a_city()
    a_beat("K2")
    coordinator = a_coordinator()
    told = all_at_once([lambda: planned(actor=coordinator)] * 4)
    assert sum(isinstance(each, PlannedWave) for each in told) == 1
    assert sum(isinstance(each, Conflict) for each in told) == 3
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(PulseInvitation)) == 10


@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.FACILITATOR, Role.AUDITOR])
def test_only_a_coordinator_runs_the_pulse(sqlite_database: str, role: Role | None) -> None:
    asked = a_wave_asked()
    actor = a_person("Kim", side=Side.NEITHER, roles=(role,)) if role else None
    refusal = NotAllowed if role else SignInNeeded
    with pytest.raises(refusal):
        planned(actor=actor)
    with pytest.raises(refusal):
        enter_paper_answer(actor=actor, code=asked.codes[0], given=EVERYTHING, now=DURING)
    with pytest.raises(refusal):
        withdraw_wave(actor=actor, survey_id=asked.wave.survey_id)
    assert (stored(), used()) == ([], 0)


def test_an_answer_is_stored_as_it_was_given(database: str) -> None:
    asked = a_wave_asked()
    answer_pulse(code=printed_token(asked.codes[3]).lower(), given=EVERYTHING, now=DURING)
    asked.answers(4, safety=0)
    assert sorted(stored(), key=lambda row: str(row["safety"])) == [
        LEFT_OUT | {"safety": 0},
        EVERYTHING | {"took_part": True},
    ]
    assert used() == 2


def test_one_invitation_is_one_answer(database: str) -> None:
    asked = a_wave_asked()
    asked.answers(0, after_dark=1)
    with pytest.raises(Conflict) as refusal:
        asked.answers(0, after_dark=4)
    assert refusal.value.sentence == USED
    assert stored() == [LEFT_OUT | {"after_dark": 1}]


def test_one_invitation_from_twenty_threads_is_one_answer(database: str) -> None:
    asked = a_wave_asked()
    told = all_at_once([lambda value=place % 11: asked.answers(0, safety=value) for place in range(20)])  # type: ignore[misc]
    assert sum(each is None for each in told) == 1
    assert {each.sentence for each in told if isinstance(each, Conflict)} == {USED}
    assert (len(stored()), used()) == (1, 1)


def test_forty_invitations_at_once_are_forty_answers(database: str) -> None:
    asked = a_wave_asked()
    told = all_at_once([lambda place=place: asked.answers(place, safety=place % 11) for place in range(40)])  # type: ignore[misc]
    assert told == [None] * 40
    assert sorted(str(row["safety"]) for row in stored()) == sorted(str(place % 11) for place in range(40))


@pytest.mark.parametrize(
    "given",
    [
        {"after_dark": 0},
        {"after_dark": 5},
        {"by_day": -1},
        {"safety": 11},
        {"respect": "7"},
        {"listens": 2.5},
        {"compared": 2},
        {"took_part": 2},
        {"top_issue": "x" * 161},
        {},
        {"top_issue": " \t "},
        {"after_dark": None, "unknown": 1},
    ],
)
def test_what_is_no_answer_is_refused_and_uses_no_invitation(sqlite_database: str, given: Mapping[str, Any]) -> None:
    asked = a_wave_asked()
    with pytest.raises(Invalid):
        answer_pulse(code=asked.codes[0], given=given, now=DURING)
    assert (stored(), used()) == ([], 0)


@pytest.mark.parametrize("code", ["", "nonsense", "0" * 16, "U" * 16, "ABCD-EFGH-JKMN-PQR"])
def test_an_unknown_code_answers_nothing(sqlite_database: str, code: str) -> None:
    a_wave_asked()
    with pytest.raises(NotFound, match="not known here"):
        answer_pulse(code=code, given=EVERYTHING, now=DURING)
    assert stored() == []


def test_a_wave_takes_answers_from_its_first_day_to_the_end_of_its_last(database: str) -> None:
    asked = a_wave_asked()
    first = DURING.replace(day=4, hour=0)
    for moment, said in ((first - timedelta(seconds=1), EARLY), (AFTER.replace(minute=0, second=0), CLOSED)):
        with pytest.raises(Conflict) as refusal:
            answer_pulse(code=asked.codes[0], given=EVERYTHING, now=moment)
        assert refusal.value.sentence == said
    answer_pulse(code=asked.codes[0], given=EVERYTHING, now=first)
    answer_pulse(code=asked.codes[1], given=EVERYTHING, now=AFTER.replace(day=18, hour=23, minute=59))
    assert len(stored()) == 2


def test_a_wave_that_was_cleaned_takes_no_answer_whatever_the_clock_says(database: str) -> None:
    asked = a_wave_asked()
    swept()
    with pytest.raises(Conflict) as refusal:
        asked.answers(0, after_dark=1)
    assert refusal.value.sentence == CLOSED


def test_paper_counts_as_a_phone_does(database: str) -> None:
    asked = a_wave_asked()
    enter_paper_answer(actor=asked.coordinator, code=asked.codes[0], given={"after_dark": 3}, now=DURING)
    with pytest.raises(Conflict):
        asked.answers(0, after_dark=1)
    assert stored() == [LEFT_OUT | {"after_dark": 3}]


def test_volunteers_share_a_code_and_answer_once_a_device(database: str) -> None:
    asked = a_wave_asked(sample=Sample.VOLUNTEER)
    (code,) = asked.codes
    with pytest.raises(Invalid, match="kept no cookie"):
        answer_pulse(code=code, given={"safety": 1}, now=DURING)
    for device in ("one", "other"):
        answer_pulse(code=code, given={"safety": 5}, device=device, now=DURING)
    told = all_at_once([lambda: answer_pulse(code=code, given={"safety": 9}, device="one", now=DURING)] * 8)
    assert {each.sentence for each in told if isinstance(each, Conflict)} == {USED}
    enter_paper_answer(actor=asked.coordinator, code=code, given={"safety": 6}, now=DURING)
    assert sorted(str(row["safety"]) for row in stored()) == ["5", "5", "6"]
    assert has_answered(asked.wave.survey_id, invitation_digest(code, "one"))
    assert not has_answered(asked.wave.survey_id, invitation_digest(code, "third"))


def test_a_code_says_which_wave_it_is_for(database: str) -> None:
    asked = a_wave_asked()
    with counted_statements() as sent:
        found = invited_wave(asked.codes[0], now=DURING)
    assert (found.beat.code, found.state, found.is_used, found.wording) == ("K2", WaveState.OPEN, False, PRESENT)
    assert len(sent) == 2
    asked.answers(0, safety=1)
    assert invited_wave(asked.codes[0], now=DURING).is_used
    assert invited_wave(asked.codes[1], now=AFTER).state is WaveState.CLOSED
    with pytest.raises(NotFound):
        invited_wave(asked.codes[1], now=AFTER + timedelta(days=91))


def test_a_wave_that_nobody_answered_can_be_taken_back(database: str) -> None:
    asked = a_wave_asked()
    withdraw_wave(actor=asked.coordinator, survey_id=asked.wave.survey_id)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(PulseInvitation)) == 0
    with pytest.raises(NotFound):
        withdraw_wave(actor=asked.coordinator, survey_id=asked.wave.survey_id)
    again = planned(actor=asked.coordinator)
    answer_pulse(code=again.codes[0], given={"safety": 1}, now=DURING)
    with pytest.raises(Conflict, match="has answered already"):
        withdraw_wave(actor=asked.coordinator, survey_id=again.survey_id)
    assert len(stored()) == 1


def test_its_coordinator_sees_how_many_answered_and_the_log_holds_totals_only(database: str) -> None:
    asked = a_wave_asked()
    for place in range(3):
        asked.answers(place, top_issue="a secret worry")
    with counted_statements() as sent:
        (progress,) = wave_progress(today=TODAY)
    assert (progress.answered, progress.invited, progress.state, progress.is_swept) == (3, 40, WaveState.OPEN, False)
    assert len(sent) == 1
    swept()
    with reading() as db:
        entries = {entry.action: entry.facts for entry in db.scalars(select(LogEntry))}
    assert entries["pulse_wave_closed"] == {"answers": 3}
    assert entries["pulse_wave_planned"]["invited"] == 40
    assert "secret" not in str(entries)


def test_nothing_shows_before_a_wave_is_closed_and_cleaned(database: str) -> None:
    asked = a_wave_asked()
    for place in range(12):
        asked.answers(place, after_dark=1 + place % 2)
    assert pulse_results("K2", today=TODAY) == ()
    assert pulse_results("K2", today=AFTER.date()) == ()
    swept()
    assert [wave.answered for wave in pulse_results("K2", today=AFTER.date())] == [12]
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(PulseAnswer)) == 12
