"""An advisory result names the day on which the vote is repeated, in the minutes, on the display and on its page."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from lib.api.app import api
from lib.clock import now
from lib.queries.meetings import meeting_detail
from lib.rules.lifecycle import Electorate, MeetingState
from lib.rules.months import day_in_words
from tests.builders import a_beat, a_meeting
from tests.hall import Hall, a_hall
from tests.pages.visiting import page_text, visit
from tests.web.conftest import phone_door


def advised(hall: Hall, *, officers: int = 2):
    """A published round of 21 residents and so many officers: with 2 it is advice."""
    row = hall.opened()
    for voter in range(21):
        hall.votes(row, voter, 0)
    for voter in range(officers):
        hall.votes(row, voter, 0, side=Electorate.OFFICERS)
    hall.counted(row)
    hall.published(row)
    return row


def everywhere(hall: Hall, row, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Minutes, display, result page on a screen and on a phone."""
    result = visit("result", monkeypatch, round=str(row.uuid))
    with TestClient(phone_door()) as phone:
        on_a_phone = phone.get(f"/results/{row.uuid}").text
    return (
        on_a_phone,
        meeting_detail(hall.meeting_uuid).decisions[0].text,
        page_text(visit("live", monkeypatch)),
        "\n".join(each.value for each in result.text),
    )


def test_an_advisory_result_names_the_next_planned_meeting(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    elsewhere = a_beat("K3", west=-122.30)
    a_meeting(elsewhere, "Elsewhere", starts_at=now() + timedelta(days=3), state=MeetingState.PLANNED)
    starts = (now() + timedelta(days=28)).replace(hour=20)
    a_meeting(hall.beat_id, "Next month", starts_at=starts, state=MeetingState.PLANNED)
    row = advised(hall)
    for text in everywhere(hall, row, monkeypatch):
        assert f"It is repeated on {day_in_words(starts.date())}." in text
    with TestClient(phone_door()) as phone:
        assert "Se repite el " in phone.get(f"/results/{row.uuid}?language=es").text
    assert TestClient(api).get(f"/rounds/{row.uuid}").json()["result"]["repeated_on"] == starts.date().isoformat()


def test_without_a_date_an_advisory_result_asks_for_one(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    for text in everywhere(hall, advised(hall), monkeypatch):
        assert "It has no date yet: plan the next meeting." in text


def test_a_result_that_adopts_is_not_repeated(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    for text in everywhere(hall, advised(hall, officers=4), monkeypatch):
        assert "repeated" not in text
        assert "no date yet" not in text
