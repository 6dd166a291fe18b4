"""The approved minutes under an address of their own."""

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from lib.model import MinutesApproval
from lib.queries.minutes import minutes_of
from lib.services.meetings import close_meeting
from lib.services.minutes import approve_minutes, note_minute
from lib.storage.transaction import writing
from tests.hall import Hall, a_hall
from tests.printing.reading import pages


def a_closed_hall() -> Hall:
    hall = a_hall(residents=0, officers=0)
    note_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, text="The choir sang.")
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    return hall


def approved(hall: Hall) -> None:
    digest = minutes_of(hall.meeting_id).text_hash
    approve_minutes(actor=hall.facilitator, meeting_id=hall.meeting_id, text_hash=digest, second=hall.second)


def words_of(pdf: bytes) -> str:
    return " ".join(word.text for page in pages(pdf) for word in page.words)


def test_approved_minutes_are_read_in_the_browser(database: str, phone: TestClient) -> None:
    hall = a_closed_hall()
    approved(hall)
    answer = phone.get(f"/meetings/{hall.meeting_uuid}/minutes.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"].startswith('inline; filename="minutes-')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "The choir sang." in words_of(answer.content)
    assert "Approved by both sides on" in words_of(answer.content)


@pytest.mark.parametrize(("asked", "width"), [("", 210.0), ("?paper=letter", 215.9), ("?paper=tabloid", 210.0)])
def test_they_come_on_both_papers(sqlite_database: str, phone: TestClient, asked: str, width: float) -> None:
    hall = a_closed_hall()
    approved(hall)
    pdf = phone.get(f"/meetings/{hall.meeting_uuid}/minutes.pdf{asked}").content
    assert {round(page.width, 1) for page in pages(pdf)} == {width}


def test_they_say_when_they_are_not_what_was_approved(database: str, phone: TestClient) -> None:
    hall = a_closed_hall()
    approved(hall)
    with writing() as db:
        db.execute(update(MinutesApproval).values(text_hash="0" * 64))
    told = words_of(phone.get(f"/meetings/{hall.meeting_uuid}/minutes.pdf").content)
    assert "This text differs from what was approved." in told
    assert "Approved by" not in told


def test_a_draft_has_no_address(database: str, phone: TestClient) -> None:
    hall = a_closed_hall()
    answer = phone.get(f"/meetings/{hall.meeting_uuid}/minutes.pdf")
    assert answer.status_code == 404
    assert "once both sides have approved them" in answer.text
    assert "choir" not in answer.text


@pytest.mark.parametrize("name", ["x", "1", "0b9b6b9e-5c8a-4a53-9d0e-5a1f3f1c2d77"])
def test_a_meeting_that_does_not_exist_has_none(sqlite_database: str, phone: TestClient, name: str) -> None:
    assert phone.get(f"/meetings/{name}/minutes.pdf").status_code == 404
