"""The room's address on the console: chosen, warned about, and tried with a phone."""

import pytest

from lib.queries.meetings import meeting
from lib.queries.room_address import phone_check
from lib.services.room_address import choose_room_address
from tests.hall import Hall, a_hall
from tests.pages.run_console import press, said
from tests.pages.visiting import visit

HALL = "http://192.168.1.20:8501"


def choose(hall: Hall, address: str) -> None:
    choose_room_address(actor=hall.facilitator, meeting_id=hall.meeting_id, address=address)


def test_the_code_to_scan_is_for_the_address_as_it_is_at_the_click(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    choose(hall, HALL)
    press(console, "Show a code to scan")
    check = phone_check(hall.meeting_id)
    assert check is not None
    assert check.address == HALL
    assert HALL in [each.value for each in console.code]


def test_a_chosen_address_is_still_warned_about_while_nobody_else_is_let_in(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    choose(hall, HALL)
    assert "Only this laptop can reach the product" in said(visit("run", monkeypatch, hall.facilitator))


def test_an_address_that_is_none_is_refused_beside_its_button_and_without_backslashes(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    press(console, "Show a code to scan")
    choose(hall, HALL)
    console.run()
    texts = [each.value for each in console.text]
    assert "The last check was for another address. Show a new code." in texts
    next(each for each in console.selectbox if each.label == "Address of this room").select("another address").run()
    next(each for each in console.text_input if each.label == "Another address").set_value("http://a b")
    press(console, "Use this address")
    assert "Write the address as in" in said(console)
    assert meeting(hall.meeting_uuid).room_address == HALL
