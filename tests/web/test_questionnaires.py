"""The pulse's questions to print: drawn for each asking, with the public code for whoever runs the pulse alone."""

import pytest
from starlette.testclient import TestClient

from lib.clock import now
from lib.model.pulse import Sample
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Role, Side
from lib.services.people import add_person
from lib.services.sessions import SESSION_COOKIE, sign_in_with_city_account
from lib.web.quiet import is_never_logged
from tests.builders import a_city
from tests.printing.reading import pages
from tests.pulse_builders import a_wave_asked

PATH = "/pulse/questionnaire.pdf"


def words_of(pdf: bytes) -> str:
    return " ".join(word.text for page in pages(pdf) for word in page.words)


def signed_in(phone: TestClient, role: Role) -> None:
    email = f"{role}@example.org"
    add_person(
        name="Ana", email=email, side=Side.NEITHER, roles=(role,), password="long enough it is", from_command_line=True
    )
    session = sign_in_with_city_account(email=email, is_verified=True, now=now()).session
    phone.cookies.set(SESSION_COOKIE, session)


def test_it_is_a_pdf_that_nobody_keeps(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    answer = phone.get(PATH)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    assert is_never_logged(PATH)
    assert "How safe do you feel?" in words_of(answer.content)


@pytest.mark.parametrize(("paper", "width"), [("a4", 210.0), ("letter", 215.9), ("Letter", 215.9), ("x", 210.0)])
def test_it_comes_on_both_papers(sqlite_database: str, phone: TestClient, paper: str, width: float) -> None:
    a_city()
    assert round(pages(phone.get(PATH, params={"paper": paper}).content)[0].width, 1) == width


def test_it_names_the_wave_of_its_beat_and_speaks_spanish(sqlite_database: str, phone: TestClient) -> None:
    wave = a_wave_asked(now=now()).wave

    said = words_of(phone.get(PATH, params={"beat": "K2", "spoken": "es"}).content)
    assert "Sector K2" in said
    assert f"{wave.closes_on.year}: a quien la trajo" in said
    assert "Copie aquí el código de su invitación" in said


@pytest.mark.parametrize("beat", ["K3", "<b>", "K2' OR 1=1"])
def test_a_beat_without_a_wave_says_so(sqlite_database: str, phone: TestClient, beat: str) -> None:
    a_wave_asked(now=now())
    answer = phone.get(PATH, params={"beat": beat})
    assert answer.status_code == 404
    assert "No survey runs in this beat" in answer.text


def test_the_public_code_is_printed_for_whoever_runs_the_pulse_alone(sqlite_database: str, phone: TestClient) -> None:
    wave = a_wave_asked(sample=Sample.VOLUNTEER, now=now()).wave
    code = printed_token(wave.codes[0])
    assert code not in words_of(phone.get(PATH, params={"beat": "K2"}).content)
    signed_in(phone, Role.FACILITATOR)
    assert code not in words_of(phone.get(PATH, params={"beat": "K2"}).content)
    signed_in(phone, Role.COORDINATOR)
    assert code in words_of(phone.get(PATH, params={"beat": "K2"}).content)


def test_an_unknown_language_falls_back_to_english(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    assert "How safe do you feel?" in words_of(phone.get(PATH, params={"spoken": "../../etc"}).content)
