"""Choosing one's own PIN on a phone, and the page by which the console knows that a phone reaches it."""

import pytest
from starlette.testclient import TestClient

from lib.errors import Invalid
from lib.queries.room_address import phone_check
from lib.rules.lifecycle import Role, Side
from lib.services.people import add_person
from lib.services.room_address import begin_phone_check
from lib.services.witnesses import Witness, confirmed_by
from tests.builders import a_city, a_facilitator
from tests.hall import a_hall

PASSWORD = "four random words here"


def noor_signs_in(phone: TestClient) -> int:
    person_id = add_person(
        name="Noor Haddad",
        email="noor@example.org",
        side=Side.OFFICERS,
        roles=(Role.OFFICER,),
        password=PASSWORD,
        from_command_line=True,
    )
    phone.post("/signin", data={"email": "noor@example.org", "password": PASSWORD})
    return person_id


def test_a_pin_chosen_here_confirms_on_somebody_elses_screen(phone: TestClient, database: str) -> None:
    a_city()
    person_id = noor_signs_in(phone)
    assert phone.get("/pin").status_code == 200
    kept = phone.post("/pin", data={"present": PASSWORD, "pin": "2469", "again": "2469"})
    assert (kept.status_code, "Your PIN is kept" in kept.text, "2469" in kept.text) == (200, True, False)
    assert confirmed_by(actor=a_facilitator(), second=Witness(person_id, "2469")) == person_id


@pytest.mark.parametrize(
    ("present", "pin", "again", "said"),
    [
        ("wrong words entirely", "2469", "2469", "Your present password is not right."),
        (PASSWORD, "2469", "2496", "The two PINs differ."),
        (PASSWORD, "1111", "1111", "This PIN is too easy to guess."),
        (PASSWORD, "12", "12", "A PIN has 4 to 12 digits."),
    ],
    ids=["password", "typed twice", "too easy", "too short"],
)
def test_a_pin_is_refused_with_the_reason(
    phone: TestClient, sqlite_database: str, present: str, pin: str, again: str, said: str
) -> None:
    a_city()
    person_id = noor_signs_in(phone)
    answer = phone.post("/pin", data={"present": present, "pin": pin, "again": again})
    assert (answer.status_code, said in answer.text) == (422, True)
    with pytest.raises(Invalid):
        confirmed_by(actor=a_facilitator(), second=Witness(person_id, pin))


def test_somebody_who_is_not_signed_in_is_asked_to(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    answer = phone.get("/pin")
    assert (answer.status_code, "/signin?next=/pin" in answer.text.replace("%2F", "/")) == (401, True)
    assert phone.post("/pin", data={"pin": "2469", "again": "2469"}).status_code == 401


def test_a_phone_that_arrives_is_seen_on_the_console(phone: TestClient, database: str) -> None:
    hall = a_hall()
    code = begin_phone_check(actor=hall.facilitator, meeting_id=hall.meeting_id, address="http://192.168.1.20:8501")
    elsewhere = phone.get(f"/try/{code.lower()}")
    assert (elsewhere.status_code, "by another address" in elsewhere.text) == (409, True)
    assert phone_check(hall.meeting_id).reached_at is None
    answer = phone.get(f"/try/{code.lower()}", headers={"Host": "192.168.1.20:8501"})
    assert (answer.status_code, "It works" in answer.text) == (200, True)
    seen = phone_check(hall.meeting_id)
    assert seen is not None
    assert seen.reached_at is not None
    assert phone.get("/try/00000000").status_code == 404
