"""Help and services, and How it works."""

from datetime import date

import pytest

from lib.model import Commitment
from lib.rules.lifecycle import CommitmentState, Party
from lib.services.commitments import countersign_commitment
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_city, a_goal, a_partner, a_person
from tests.directory_builders import a_directory, a_service
from tests.pages.visiting import page_text, visit


def test_services_show_the_phone_number_first_and_as_text(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_service(a_partner(phone="206-555-0101"), beat_id=a_beat("K2"))
    app = visit("services", monkeypatch, beat="K2")
    shown = page_text(app)
    assert app.exception == []
    assert shown.index('href="tel:2065550101"') < shown.index("Talk about drinking</h3>")
    assert "Free &amp; in confidence &lt;b&gt;" in shown
    assert "checked 1 April 2026" in shown
    assert 'Call <b><a href="tel:911">911</a></b>' in shown


def test_services_are_found_by_need_and_say_why(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_directory()
    app = visit("services", monkeypatch, need="my neighbour drinks")
    shown = page_text(app)
    assert ("Talk about drinking</h3>" in shown, "Night shelter</h3>" in shown) == (True, False)
    assert "For alcohol and drugs" in shown
    app.text_input(key="services_words").input("mi vecino bebe").run()
    assert "Talk about drinking</h3>" in page_text(app)
    app.text_input(key="services_words").input("xyzzy").run()
    shown = page_text(app)
    assert ("Nothing fits these words" in shown, "City line</h3>" in shown) == (True, True)


def test_an_entry_that_nobody_checked_for_a_year_says_so(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_service(a_partner(), checked_on=date(2020, 4, 1))
    assert "Not checked for more than a year" in page_text(visit("services", monkeypatch))


def test_a_partner_s_promises_stand_in_the_directory(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    goal = a_goal(a_beat("K2"), "Quiet <nights>")
    with writing() as db:
        db.add(
            Commitment(
                goal_id=goal,
                party=Party.PARTNER,
                partner_id=a_partner("Harbour House"),
                owner="the office",
                deliverable="Two talks a month",
                due_on=date(2099, 8, 1),
                state=CommitmentState.ACCEPTED,
                offered_at=NOON,
            )
        )
    shown = page_text(visit("services", monkeypatch))
    assert "Two talks a month" in shown
    assert "0 promises kept, 1 open" in shown
    assert "Quiet &lt;nights&gt;</a>" in shown


def test_what_a_partner_broke_or_owes_since_long_is_said_as_plainly_as_what_it_kept(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    goal, partner = a_goal(beat), a_partner("Harbour House")
    officer = a_person(beats=(beat,))
    for deliverable, due_on, verdict in (
        ("Two talks a month", date(2019, 8, 1), CommitmentState.BROKEN),
        ("A lamp", date(2019, 9, 1), None),
        ("A bench", date(2099, 9, 1), None),
    ):
        with writing() as db:
            row = Commitment(
                goal_id=goal,
                party=Party.PARTNER,
                partner_id=partner,
                owner="the office",
                deliverable=deliverable,
                due_on=due_on,
                state=CommitmentState.ACCEPTED,
                offered_at=NOON,
            )
            db.add(row)
            db.flush()
            commitment = row.id
        if verdict:
            countersign_commitment(actor=officer, commitment_id=commitment, verdict=verdict, note="Nobody came.")
    shown = page_text(visit("services", monkeypatch))
    assert "0 promises kept, 1 broken, 1 overdue, 1 open" in shown
    places = [shown.index(part) for part in ("Broken</", "Two talks", "Overdue</", "A lamp", "Open</", "A bench")]
    assert places == sorted(places)


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
