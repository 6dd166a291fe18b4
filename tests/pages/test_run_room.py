"""Who is not in the room, on the facilitator's console."""

import pytest

from lib.queries.checkin import answers_counted, who_is_missing
from lib.services.checkin import count_hands
from lib.services.meetings import close_meeting
from lib.services.room_address import choose_room_address
from tests.hall import a_hall
from tests.pages.test_admin import button
from tests.pages.visiting import page_text, visit


def test_counted_hands_stand_in_the_table_with_small_numbers_hidden(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    app = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
    assert "Fewer than 10 answers so far." in page_text(app)
    for band, number in {"16_24": 3, "25_39": 12, "40_64": 20, "65_up": 9}.items():
        app.number_input(key=f"hands_age_{band}").set_value(number)
    button(app, "Take these hands").click().run()  # type: ignore[attr-defined]
    assert "now stand for this question" in app.success[0].value
    assert answers_counted(hall.meeting_id) == {"age": 44}
    text = page_text(app)
    assert "Age, 44 answers" in text and "not shown" in text and "Votes are never re-weighted" in text
    assert [line.number for line in who_is_missing(hall.meeting_id)[0].lines] == [None, 12, 20, None]
    assert "has not entered all age bands" in text


def test_after_the_meeting_nothing_is_counted_any_more(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    count_hands(actor=hall.facilitator, meeting_id=hall.meeting_id, question="first", hands={"yes": 12, "no": 30})
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    app = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
    assert "First time at such a meeting, 42 answers" in page_text(app)
    assert "Take these hands" not in [each.label for each in app.button]


def test_an_address_of_another_machine_is_warned_about(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    sentence = "is none of this machine's own addresses"

    def is_warned() -> bool:
        app = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
        return any(sentence in each.value for each in app.warning)

    assert not is_warned()
    choose_room_address(actor=hall.facilitator, meeting_id=hall.meeting_id, address="http://192.0.2.7:8501")
    assert is_warned()
    choose_room_address(actor=hall.facilitator, meeting_id=hall.meeting_id, address="http://127.0.0.1:8501")
    assert not is_warned()
