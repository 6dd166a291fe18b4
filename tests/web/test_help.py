"""Whom to call and what to join, on a phone: by need, for a beat, small, in English and Spanish."""

import doctest
from datetime import date

import pytest
from starlette.testclient import TestClient

from lib.services.partners import translate_service
from lib.web import help
from lib.web.quiet import is_never_logged
from tests.builders import a_beat, a_city, a_coordinator, a_partner
from tests.directory_builders import a_directory, a_service, an_activity
from tests.web.shown import english_words, shown

BUDGET = 15 * 1024


@pytest.fixture
def listed(sqlite_database: str) -> None:
    a_city()
    a_directory()


@pytest.mark.usefixtures("listed")
def test_the_phone_number_of_what_fits_comes_first(phone: TestClient) -> None:
    answer = phone.get("/help", params={"beat": "K2", "need": "my neighbour drinks"})
    page = answer.text
    assert answer.status_code == 200
    assert page.index('href="tel:2065550101"') < page.index("Talk about drinking</h3>")
    assert "For: alcohol and drugs" in page
    assert ("Night shelter" in page, "A closed office" in page) == (False, False)
    assert 'value="my neighbour drinks"' in page
    assert '<option value="K2" selected>' in page
    assert "In an emergency call" in page
    assert "<script" not in page


@pytest.mark.usefixtures("sqlite_database")
def test_a_long_page_leads_to_what_can_be_joined_before_its_numbers_begin(phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    an_activity(beat)
    for number in range(3):
        page = phone.get("/help").text
        assert '<a href="#join">' not in page
        a_service(a_partner(f"Partner {number}"), name=f"Service {number}")
    page = phone.get("/help").text
    assert page.index('<a href="#join">Something to join</a>') < page.index("<h3") < page.index('<h2 id="join">')


@pytest.mark.usefixtures("listed")
def test_what_is_typed_in_is_posted_and_stands_in_no_address(phone: TestClient) -> None:
    assert '<form method="post" action="/help"' in phone.get("/help").text
    answer = phone.post("/help", data={"need": "my husband hits me", "beat": "K2"})
    assert (answer.status_code, 'value="my husband hits me"' in answer.text) == (200, True)
    assert is_never_logged("/help?need=my+husband+hits+me")


@pytest.mark.usefixtures("listed")
def test_where_nothing_fits_the_number_for_any_question_comes_first(phone: TestClient) -> None:
    page = phone.get("/help?need=xyzzy").text
    assert "Nothing fits these words. Try one word only, or another word for the same thing." in page
    assert "City line</h3>" in page


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    "query",
    ["beat=Z9", "beat=%00", "need=%00%ff", "need=" + "x" * 5000, "need=%3Cscript%3Ealert(1)%3C/script%3E", "need="],
)
def test_nonsense_in_the_address_is_answered_with_a_page(phone: TestClient, query: str) -> None:
    answer = phone.get(f"/help?{query}")
    assert (answer.status_code, "<script>" in answer.text) == (200, False)


def test_texts_of_the_directory_are_never_markup(phone: TestClient, sqlite_database: str) -> None:
    """Promise 14."""
    a_city()
    beat = a_beat()
    a_service(a_partner("<img src=x>"), "<script>alert(1)</script>", phone='"><b>')
    an_activity(beat, "<script>alert(2)</script>", description="<img src=y>")
    page = phone.get("/help").text
    assert [part for part in ("<script>", "<img", '"><b>') if part in page] == []
    assert "&lt;script&gt;alert(1)" in page


def test_an_empty_directory_says_so(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    page = phone.get("/help").text
    assert ("No service is entered here yet." in page, "No activity is entered here yet." in page) == (True, True)


@pytest.mark.parametrize("query", ["", "need=xyzzy", "need=drogas", "need=ajedrez&beat=K2", "need=algo+para+14+anos"])
def test_the_page_speaks_spanish(phone: TestClient, sqlite_database: str, query: str) -> None:
    a_city()
    here, there = a_beat("K2"), a_beat("K3", west=-122.2)
    a_service(a_partner("Casa Abierta"), "Hablar del alcohol", needs="drogas", description="Gratis y en confianza.")
    a_service(a_partner("Línea 311"), "Una línea para todo", needs="ayuda general", description="", phone="311")
    an_activity(here, "Baile", description="Desde los 14 años", needs="jóvenes")
    an_activity(there, "Ajedrez", description="Para mayores de 60", kind="watch group")
    phone.cookies.set("beat_language", "es")
    page = phone.get(f"/help?{query}").text
    assert '<html lang="es">' in page
    assert {text: words for text in shown(page) if (words := english_words(text))} == {}


def test_a_full_page_fits_a_phone_s_budget(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    beat, partner = a_beat(), a_partner()
    for number in range(60):
        a_service(partner, f"Service {number}", checked_on=date(2020, 1, 1))
        an_activity(beat, f"Activity {number}")
    page = phone.get("/help")
    assert "40 more services are listed" in page.text
    assert len(page.content) < 2 * BUDGET
    assert len(phone.get("/help?need=drinks").content) < 2 * BUDGET


def test_other_phone_pages_lead_here(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    a_beat()
    for path in ("/report", "/nowhere", "/follow/00000000000000000000000000"):
        assert '<a href="/help">' in phone.get(path).text, path


def test_the_examples_hold() -> None:
    assert doctest.testmod(help).failed == 0


def test_texts_in_another_language_are_labelled_and_translations_shown(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    service = a_service(a_partner("Harbour House"), "Talk", description="Free talk")
    assert "<h3>Talk</h3>" in phone.get("/help").text
    phone.cookies.set("beat_language", "es")
    text = phone.get("/help").text
    assert ('<h3 lang="en">Talk</h3>' in text, '<p lang="en">Free talk</p>' in text) == (True, True)
    translate_service(
        actor=a_coordinator(), service_id=service, language="es", name="Conversación", description="Gratis"
    )
    text = phone.get("/help").text
    assert ("<h3>Conversación</h3>" in text, "<p>Gratis</p>" in text, "Free talk" in text) == (True, True, False)
    assert "Conversación" in phone.post("/help", data={"need": "conversacion", "beat": ""}).text


@pytest.mark.usefixtures("sqlite_database")
def test_what_several_beats_hold_is_listed_once_with_each_beats_place(phone: TestClient) -> None:
    a_city()
    beats = a_beat("K2"), a_beat("K3", west=-122.2)
    for beat in beats:
        an_activity(beat, "Calming a quarrel")
    an_activity(beats[1], "Chess evening")
    every = phone.get("/help").text
    assert [every.count(f"{name}</h3>") for name in ("Calming a quarrel", "Chess evening")] == [1, 1]
    lines = [line for line in shown(every) if line in ("Beat K2", "Beat K3", "beat K2", "beat K3")]
    assert lines == ["Beat K2", "Beat K3"]
    one = phone.get("/help", params={"beat": "K3"}).text
    assert (one.count("Calming a quarrel</h3>"), "<strong>Beat" in one) == (1, False)
