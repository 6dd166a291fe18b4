"""Help and services, and How it works."""

from datetime import date

import pytest

from lib.model import Service
from lib.storage.transaction import writing
from tests.builders import a_beat, a_city, a_partner
from tests.pages.visiting import page_text, visit


def a_service(name: str, needs: str, beat_id: int | None = None) -> None:
    partner = a_partner(f"{name} people", phone="206-555-0101")
    with writing() as db:
        db.add(
            Service(
                partner_id=partner,
                beat_id=beat_id,
                name=name,
                description="Free & in confidence <b>",
                needs=needs,
                checked_on=date(2026, 4, 1),
            )
        )


def test_services_show_the_phone_number_first_and_as_text(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_service("Talk about drinking", "alcohol", a_beat("K2"))
    app = visit("services", monkeypatch, beat="K2")
    shown = page_text(app)
    assert app.exception == []
    assert shown.index('href="tel:2065550101"') < shown.index("Talk about drinking</h3>")
    assert "Free &amp; in confidence &lt;b&gt;" in shown
    assert "checked 1 April 2026" in shown
    assert "Call <b>911</b>" in shown


def test_services_are_searched_by_words(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_service("Talk about drinking", "alcohol neighbour drinks")
    a_service("Night shelter", "cold bed")
    app = visit("services", monkeypatch)
    app.text_input(key="services_words").input("my neighbour drinks").run()
    shown = page_text(app)
    assert ("Talk about drinking</h3>" in shown, "Night shelter</h3>" in shown) == (True, False)
    app.text_input(key="services_words").input("<script>x</script>").run()
    assert "Nothing found for these words" in page_text(app)


def test_nothing_entered_yet_is_said(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    shown = page_text(visit("services", monkeypatch))
    assert "No service is entered" in shown
    assert "No activity is entered" in shown


def test_how_it_works_names_rule_promises_and_limits(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    app = visit("how", monkeypatch)
    shown = page_text(app)
    assert app.exception == []
    for words in (
        "only if both sides carry it",
        "With fewer than 3 officers’ ballots nothing is adopted",
        "Your home cannot be found",
        "Under 10 answers no figure is shown",
        "copies the raw database",
        "Belenios",
    ):
        assert words in shown
