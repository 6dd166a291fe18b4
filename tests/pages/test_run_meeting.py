"""The console's meeting itself: planned, reached, changed, cancelled, opened by mistake, ended early."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from lib.clock import now
from lib.queries.meetings import coming_meetings, meeting_detail
from lib.rules.lifecycle import MeetingState
from lib.services.meetings import open_meeting
from lib.services.rounds import close_round
from tests.builders import a_meeting
from tests.hall import Hall, a_hall
from tests.pages.run_console import is_there, press, said
from tests.pages.visiting import page_text, visit


def a_plan(hall: Hall) -> UUID:
    planned = a_meeting(hall.beat_id, "Next month", starts_at=now() + timedelta(days=30), state=MeetingState.PLANNED)
    return next(row.uuid for row in coming_meetings() if row.id == planned)


def fill_in(console, stamp: str, **texts: str) -> None:
    for name, text in texts.items():
        console.text_input(key=f"{stamp}_{name}").set_value(text)


def links(console) -> list[tuple[str, str]]:
    return [(each.proto.label.replace("\\", ""), each.proto.url) for each in console.get("link_button")]


def state_of(uuid: UUID) -> MeetingState:
    return meeting_detail(uuid).meeting.state


def test_a_planned_meeting_is_reached_by_a_link_beside_what_was_said(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    fill_in(console, "m", title="Autumn *meeting*", place="Library", begins="2100-01-14 18:30")
    console.multiselect(key="m_beats").set_value(["K2"])
    press(console, "Plan the meeting")
    assert "The meeting is planned" in said(console)
    uuid = next(row.uuid for row in coming_meetings() if row.title == "Autumn *meeting*")
    assert ("Go to “Autumn *meeting*”", f"/run?meeting={uuid}") in links(console)


def test_a_beginning_in_the_past_is_not_taken(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    fill_in(console, "m", title="Autumn meeting", place="Library", begins="2020-01-14 18:30")
    console.multiselect(key="m_beats").set_value(["K2"])
    press(console, "Plan the meeting")
    assert "This beginning is in the past." in said(console)
    assert [row.id for row in coming_meetings()] == [hall.meeting_id]


def test_what_was_said_stands_below_the_button_that_was_pressed(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above a long form it would be out of sight."""
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    for label, sentence in (
        ("Plan the meeting", "Write when the meeting begins"),
        ("Prepare the vote", "Choose the goals"),
        ("Add to the agenda", "Title"),
        ("Note it", "Text"),
    ):
        press(console, label)
        kinds = [(each.type, getattr(each, "label", None) or getattr(each, "value", "")) for each in _in_order(console)]
        button = next(at for at, (kind, text) in enumerate(kinds) if kind == "button" and text == label)
        kind, text = kinds[button + 1]
        assert kind == "error", (label, kinds[button : button + 3])
        assert sentence in text.replace("\\", "")


def test_a_planned_meeting_is_changed(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    uuid = a_plan(hall)
    row = meeting_detail(uuid).meeting
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(uuid))
    assert console.text_input(key=f"c_{row.id}_title").value == "Next month"
    fill_in(console, f"c_{row.id}", title="In two months", begins="2100-02-01 19:00")
    press(console, "Keep the changes")
    assert "Changed" in said(console)
    after = meeting_detail(uuid).meeting
    assert (after.title, after.place, after.starts_at.year) == ("In two months", row.place, 2100)
    assert after.ends_at - after.starts_at == row.ends_at - row.starts_at


def test_a_planned_meeting_is_cancelled_in_two_presses(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    uuid = a_plan(hall)
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(uuid))
    press(console, "Cancel this meeting")
    assert state_of(uuid) is MeetingState.PLANNED
    press(console, "Keep it")
    press(console, "Cancel this meeting")
    press(console, "Yes, cancel the meeting")
    assert not console.exception
    assert [row.id for row in coming_meetings()] == [hall.meeting_id]
    assert not is_there(visit("run", monkeypatch, hall.facilitator), "Cancel this meeting")


def test_an_opening_by_mistake_is_taken_back_until_a_vote_is_opened(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    uuid = a_plan(hall)
    open_meeting(actor=hall.facilitator, meeting_id=meeting_detail(uuid).meeting.id)
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(uuid))
    press(console, "Opened by mistake? Take it back")
    assert state_of(uuid) is MeetingState.PLANNED
    hall.opened()
    assert not is_there(
        visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid)), "Opened by mistake? Take it back"
    )


def test_a_meeting_ends_although_a_vote_is_prepared_but_not_while_one_is_uncounted(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.planned(goal_ids=hall.goal_ids[1:])
    console = visit("run", monkeypatch, hall.facilitator)
    assert not is_there(console, "End the meeting")
    close_round(actor=hall.facilitator, round_id=row.id)
    assert not is_there(console.run(), "End the meeting")
    hall.counted(row)
    hall.published(row)
    console.run()
    assert is_there(console, "Open the vote")
    assert "no vote can be traced" in page_text(console)
    press(console, "End the meeting")
    assert state_of(hall.meeting_uuid) is MeetingState.OPEN
    press(console, "Not yet")
    press(console, "End the meeting")
    press(console, "Yes, end the meeting")
    assert state_of(hall.meeting_uuid) is MeetingState.CLOSED
    assert "no vote can be traced" not in page_text(console.run())


def test_an_unknown_meeting_is_told_in_a_sentence_once(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(uuid4()))
    assert not console.exception
    assert [each.value for each in console.title] == ["Run a meeting"]
    assert len(console.error) == 1
    assert "This meeting does not exist" in said(console)
    assert ("Start again", "?") in links(console)
    assert "Traceback" not in page_text(console)


def _in_order(console) -> list:
    """Every element of the page in the order in which it is read."""
    found = []

    def walk(node) -> None:
        for child in getattr(node, "children", {}).values():
            if hasattr(child, "children"):
                walk(child)
            else:
                found.append(child)

    walk(console.main)
    return found
