"""The coordinator plans a wave, saves its invitations once, types in paper, and sees how many answered."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lib import clock
from lib.model import PulseInvitation, PulseSurvey
from lib.model.pulse import Sample
from lib.queries.places import beats
from lib.rules.ballots import printed_token
from lib.services import once
from lib.services.once import take_once
from lib.services.pulse import plan_wave
from lib.storage.transaction import reading
from lib.ui.pulse_printing import PLANNED, Printed
from tests.builders import a_beat, a_city, a_coordinator
from tests.pages.test_admin import button
from tests.pages.visiting import page_text, visit
from tests.printing.reading import pages
from tests.pulse_builders import EVERYTHING, stored

NOW = clock.now()


def test_a_wave_is_planned_and_its_invitations_can_be_saved(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    app = visit("admin", monkeypatch, a_coordinator())
    app.number_input(key="pulse_invitations").set_value(12)
    app.number_input(key="pulse_adults").set_value(900)
    button(app, "Plan the wave").click().run()  # type: ignore[attr-defined]
    assert app.exception == []
    assert "The wave is planned." in app.success[0].value.replace("\\", "")
    assert any("kept nowhere else" in warning.value for warning in app.warning)
    assert len(app.session_state[PLANNED].codes) == 12
    with reading() as db:
        survey = db.scalars(select(PulseSurvey)).one()
        assert (survey.adults, survey.invited, survey.sample) == (900, 12, Sample.RANDOM)
        assert db.scalar(select(func.count()).select_from(PulseInvitation)) == 12
    assert "0 answers to 12 invitations" in page_text(app)


def test_codes_are_fetched_once_as_invitations_or_questionnaires(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    a_beat("K2")
    coordinator = a_coordinator()
    app = visit("admin", monkeypatch, coordinator)
    app.number_input(key="pulse_invitations").set_value(3)
    app.number_input(key="pulse_adults").set_value(900)
    button(app, "Plan the wave").click().run()  # type: ignore[attr-defined]
    files = []
    once._files.clear()
    for printed in Printed:
        app.radio(key="pulse_printed").set_value(printed).run()
        (name,) = [name for name, each in once._files.items() if each.person_id == coordinator.person_id]
        files.append(len(pages(once._files[name].content)))
    assert files == [1, 6, 6, 12]
    assert take_once(name, person_id=coordinator.person_id) is not None
    app.run()
    assert PLANNED not in app.session_state
    assert "was fetched" in " ".join(each.value for each in app.success)


def test_what_is_no_wave_is_said(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    app = visit("admin", monkeypatch, a_coordinator())
    button(app, "Plan the wave").click().run()  # type: ignore[attr-defined]
    assert "How many adults live in this beat is not known" in app.error[0].value
    assert PLANNED not in app.session_state


def test_an_answer_on_paper_is_typed_in_and_the_form_cleared(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    coordinator = a_coordinator()
    wave = plan_wave(
        actor=coordinator,
        beat_code=beats()[0].code,
        wave_on=NOW.date(),
        closes_on=NOW.date() + timedelta(days=5),
        sample=Sample.RANDOM,
        adults=900,
        invitations=2,
        now=NOW,
    )
    app = visit("admin", monkeypatch, coordinator)
    app.text_input(key="paper_code").input(printed_token(wave.codes[0]).lower())
    for key, value in EVERYTHING.items():
        if key == "top_issue":
            app.text_input(key="paper_top_issue").input(str(value))
        else:
            app.radio(key=f"paper_{key}").set_value(value)
    button(app, "Count this answer").click().run()  # type: ignore[attr-defined]
    assert app.exception == []
    assert "Counted" in app.success[0].value
    assert stored() == [EVERYTHING | {"took_part": True}]
    assert (app.text_input(key="paper_code").value, app.radio(key="paper_safety").value) == ("", None)
    app.text_input(key="paper_code").input(wave.codes[0])
    app.radio(key="paper_safety").set_value(3)
    button(app, "Count this answer").click().run()  # type: ignore[attr-defined]
    assert "has been used" in app.error[0].value
    assert len(stored()) == 1


def test_a_wave_without_answers_is_taken_back(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    coordinator = a_coordinator()
    plan_wave(
        actor=coordinator,
        beat_code="K2",
        wave_on=NOW.date(),
        closes_on=NOW.date(),
        sample=Sample.VOLUNTEER,
        adults=900,
        now=NOW,
    )
    app = visit("admin", monkeypatch, coordinator)
    assert "of volunteers: nobody was invited" in page_text(app)
    button(app, "Take this wave back").click().run()  # type: ignore[attr-defined]
    assert "lead nowhere" in app.success[0].value
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(PulseSurvey)) == 0
