"""The console drafts the agenda, shows it to the room, and leads from a closed meeting to approved minutes."""

from datetime import timedelta

import pytest

from lib import clock
from lib.queries.meetings import agenda, meeting
from lib.queries.minutes import minutes_of
from lib.rules.lifecycle import GoalState, MeetingState
from lib.rules.voting import Display
from lib.services.agenda import draft_agenda
from lib.services.meetings import add_agenda_item, begin_agenda_item, close_meeting
from lib.services.minutes import note_minute
from tests.builders import a_goal
from tests.hall import a_hall
from tests.meeting_builders import a_commitment
from tests.pages.run_console import press, press_together, said
from tests.pages.visiting import page_text, visit


def test_the_draft_is_shown_before_it_is_written(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    due_on = clock.now().date() - timedelta(days=3)
    a_commitment(a_goal(hall.beat_id, state=GoalState.ADOPTED), "Mend <b>two</b> lamps", due_on=due_on)
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
    assert "Overdue: Mend &lt;b&gt;two&lt;/b&gt; lamps" in page_text(console)
    assert agenda(meeting(hall.meeting_uuid)) == ()
    press(console, "Write this agenda")
    assert [step.title for step in agenda(meeting(hall.meeting_uuid))] == [
        "Welcome",
        "Overdue: Mend <b>two</b> lamps",
        "Open floor: what else is on your mind?",
        "What we promised today, and when we meet next",
    ]
    assert "The agenda is written" in said(console)


def test_a_step_is_changed_and_stays_when_the_agenda_is_drafted_again(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall(residents=0, officers=0)
    draft_agenda(actor=hall.facilitator, meeting_id=hall.meeting_id)
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
    next(each for each in console.text_input if each.label == "Its title").set_value("Tea first")
    press(console, "Change this step")
    assert agenda(meeting(hall.meeting_uuid))[0].title == "Tea first"
    draft_agenda(actor=hall.facilitator, meeting_id=hall.meeting_id)
    assert "Tea first" in [step.title for step in agenda(meeting(hall.meeting_uuid))]


def test_a_full_evening_says_why_nothing_is_drafted(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    add_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, title="A long film", minutes=119)
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
    next(each for each in console.toggle if each.label.startswith("Draft from")).set_value(True).run()
    assert "The steps that stay take 119 of 120 minutes" in said(console)


def test_the_room_is_shown_the_agenda(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    due_on = clock.now().date() - timedelta(days=3)
    a_commitment(a_goal(hall.beat_id, state=GoalState.ADOPTED), "Mend the lamps", due_on=due_on)
    draft_agenda(actor=hall.facilitator, meeting_id=hall.meeting_id)
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
    press(console, "The agenda")
    assert meeting(hall.meeting_uuid).display is Display.AGENDA
    assert "What we speak about" in page_text(visit("live", monkeypatch))
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
    press(console, "Begin\\: Welcome")
    press(console, "Begin\\: Overdue\\: Mend the lamps")
    room = page_text(visit("live", monkeypatch))
    assert "10 minutes left" in room
    assert f"The officers · due {due_on.day} {due_on:%B %Y}" in room


def test_from_a_closed_meeting_to_approved_minutes(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    note_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, text="The choir sang.")
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid))
    assert "Next\\: approve the minutes" in [each.value for each in console.header]
    next(each for each in console.text_area if each.label == "Its words").set_value("We met in the hall.")
    press(console, "Change the words")
    chosen = next(each for each in console.selectbox if each.label == "Change a line")
    chosen.select(next(line.id for line in minutes_of(hall.meeting_id).lines if line.text == "The choir sang.")).run()
    press(console, "Strike this line")
    press(console, "Draft what is missing")
    assert [(line.text[:12], line.is_struck) for line in minutes_of(hall.meeting_id).lines] == [
        ("We met in th", False),
        ("The choir sa", True),
        ("The meeting ", False),
    ]
    press(console, "Approve for my side only, the other side follows later")
    assert "A facilitator of the officers’ side has not approved yet." in page_text(console)
    press_together(console, "Approve together", hall, pin="0000")
    assert "PIN is not right" in said(console)
    press_together(console, "Approve together", hall)
    assert meeting(hall.meeting_uuid).state is MeetingState.MINUTED
    assert "Approved: nothing in these minutes changes any more" in page_text(console)


def test_a_long_agenda_stands_round_its_present_step(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    about = {"actor": hall.facilitator, "meeting_id": hall.meeting_id}
    ids = [add_agenda_item(**about, title=f"Step {number}", minutes=5) for number in range(1, 15)]
    shown = page_text(visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid)))
    wanted = ("Step 1<", "Step 8<", "Step 9<", "and 6 more steps")
    assert [words in shown for words in wanted] == [True, True, False, True]
    begin_agenda_item(**about, item_id=ids[4])
    shown = page_text(visit("run", monkeypatch, hall.facilitator, meeting=str(hall.meeting_uuid)))
    assert "3 earlier steps done" in shown
    assert "<span>Step 4 <small" in shown
    assert "<b>Step 5</b>" in shown
    assert "and 3 more steps" in shown
    assert "Step 2<" not in shown
