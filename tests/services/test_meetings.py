"""Planning a meeting, its agenda, its doors and its minutes."""

from datetime import timedelta

import pytest

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.queries.meetings import (
    coming_meetings,
    meeting_calendar,
    meeting_detail,
    next_meeting,
    open_meetings,
    past_meetings,
)
from lib.rules.lifecycle import MeetingState
from lib.rules.minutes import MinuteKind
from lib.rules.rights import Actor
from lib.services.meetings import (
    add_agenda_item,
    close_meeting,
    drop_agenda_item,
    open_meeting,
    plan_meeting,
    reorder_agenda,
)
from lib.services.minutes import note_minute
from tests.builders import NOON, a_beat, a_city, a_coordinator, a_facilitator, a_person
from tests.counting import counted_statements
from tests.hall import a_hall


def planned(actor: Actor, title: str = "Spring meeting", days: int = 0, beats: tuple[str, ...] = ("K2",)) -> int:
    starts = NOON + timedelta(days=days)
    return plan_meeting(
        actor=actor,
        title=title,
        place="Community Room, 1400 Pine Street",
        access="Step-free entrance on Pine Street",
        wifi="CommonBeat",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        beat_codes=beats,
        now=starts,
    )


def test_a_planned_meeting_is_the_next_one_of_its_beats(database: str) -> None:
    a_city()
    a_beat("K2")
    a_beat("K3", west=-122.30)
    facilitator = a_facilitator()
    planned(facilitator, "Later", days=9)
    planned(facilitator, "Sooner", days=2, beats=("K2", "K3"))
    planned(facilitator, "Long ago", days=-40)
    assert [row.title for row in coming_meetings("K2", now=NOON)] == ["Sooner", "Later"]
    assert [row.title for row in past_meetings("K2", now=NOON)] == ["Long ago"]
    found = next_meeting("K3", now=NOON)
    assert found is not None
    assert (found.title, found.beat_codes, found.beat_labels) == (
        "Sooner",
        ("K2", "K3"),
        "K2 Quarter K2 and K3 Quarter K3",
    )
    assert next_meeting("K9", now=NOON) is None


def test_an_open_meeting_comes_first_however_late_it_runs(database: str) -> None:
    a_city()
    a_beat()
    facilitator = a_facilitator()
    open_meeting(actor=facilitator, meeting_id=planned(facilitator, "Running late", days=-1))
    planned(facilitator, "Tomorrow", days=1)
    assert [row.title for row in open_meetings()] == ["Running late"]
    assert [row.title for row in coming_meetings(now=NOON)] == ["Running late", "Tomorrow"]


def test_the_agenda_is_ordered_and_each_step_knows_when_it_begins(database: str) -> None:
    a_city()
    a_beat()
    coordinator = a_coordinator()
    meeting_id = planned(coordinator)
    uuid = coming_meetings(now=NOON)[0].uuid
    ids = [
        add_agenda_item(actor=coordinator, meeting_id=meeting_id, title=title, minutes=minutes)
        for title, minutes in (("What became of March", 15), ("The vote", 12), ("Close", 5))
    ]
    reorder_agenda(actor=coordinator, meeting_id=meeting_id, item_ids=[ids[2], ids[0], ids[1]])
    steps = [(step.position, step.title, step.starts_at - NOON) for step in meeting_detail(uuid).agenda]
    assert steps == [
        (1, "Close", timedelta()),
        (2, "What became of March", timedelta(minutes=5)),
        (3, "The vote", timedelta(minutes=20)),
    ]
    drop_agenda_item(actor=coordinator, meeting_id=meeting_id, item_id=ids[2])
    assert [(step.position, step.title) for step in meeting_detail(uuid).agenda] == [
        (1, "What became of March"),
        (2, "The vote"),
    ]
    with pytest.raises(Conflict):
        reorder_agenda(actor=coordinator, meeting_id=meeting_id, item_ids=ids)
    with pytest.raises(NotFound):
        drop_agenda_item(actor=coordinator, meeting_id=meeting_id, item_id=ids[2])


def test_minutes_are_kept_in_order_and_a_decision_is_never_typed(database: str) -> None:
    hall = a_hall()
    note_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, text="Sergeant Ruiz spoke.", now=NOON)
    note_minute(
        actor=hall.facilitator,
        meeting_id=hall.meeting_id,
        text="Lamps by June.\n<b>Promised</b>",
        kind=MinuteKind.PROMISE,
        now=NOON + timedelta(minutes=1),
    )
    with pytest.raises(Invalid):
        note_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, text="We decided", kind=MinuteKind.DECISION)
    detail = meeting_detail(hall.meeting_uuid)
    assert [(minute.kind, minute.text) for minute in detail.minutes] == [
        (MinuteKind.NOTE, "Sergeant Ruiz spoke."),
        (MinuteKind.PROMISE, "Lamps by June.\n<b>Promised</b>"),
    ]
    assert detail.decisions == ()


def test_a_meeting_ends_only_when_its_rounds_are_counted(database: str) -> None:
    hall = a_hall()
    hall.opened()
    with pytest.raises(Conflict, match="Round 1 has not been counted"):
        close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)


def test_doors_open_and_close_once(database: str) -> None:
    a_city()
    a_beat()
    facilitator = a_facilitator()
    meeting_id = planned(facilitator)
    open_meeting(actor=facilitator, meeting_id=meeting_id)
    with pytest.raises(Conflict):
        open_meeting(actor=facilitator, meeting_id=meeting_id)
    close_meeting(actor=facilitator, meeting_id=meeting_id)
    assert past_meetings(now=NOON)[0].state is MeetingState.CLOSED
    with pytest.raises(Conflict):
        add_agenda_item(actor=facilitator, meeting_id=meeting_id, title="Too late", minutes=5)


def test_only_those_who_convene_may_plan_and_only_a_facilitator_opens(database: str) -> None:
    a_city()
    a_beat()
    with pytest.raises(SignInNeeded):
        plan_meeting(
            actor=None, title="x", place="y", starts_at=NOON, ends_at=NOON + timedelta(hours=1), beat_codes=["K2"]
        )
    with pytest.raises(NotAllowed):
        planned(a_person())
    meeting_id = planned(a_coordinator())
    with pytest.raises(NotAllowed):
        open_meeting(actor=a_coordinator("Another"), meeting_id=meeting_id)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"title": "  "}, Invalid),
        ({"title": "x" * 121}, Invalid),
        ({"ends_at": NOON}, Invalid),
        ({"starts_at": NOON - timedelta(days=1)}, Invalid),
        ({"beat_codes": []}, Invalid),
        ({"beat_codes": ["K2", "nowhere"]}, NotFound),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(database: str, wrong: dict[str, object], error: type[Exception]) -> None:
    a_city()
    a_beat()
    wishes: dict[str, object] = {
        "actor": a_facilitator(),
        "title": "Spring meeting",
        "place": "Community Room",
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=2),
        "beat_codes": ["K2"],
        "now": NOON,
    }
    with pytest.raises(error):
        plan_meeting(**(wishes | wrong))  # type: ignore[arg-type]
    assert coming_meetings(now=NOON) == ()


def test_a_meeting_is_a_calendar_event(database: str) -> None:
    from icalendar import Calendar

    a_city()
    a_beat()
    facilitator = a_facilitator()
    meeting_id = planned(facilitator, "Spring; meeting, with commas")
    add_agenda_item(actor=facilitator, meeting_id=meeting_id, title="The vote", minutes=12)
    row = coming_meetings(now=NOON)[0]
    made_at = NOON - timedelta(days=3)
    (event,) = Calendar.from_ical(meeting_calendar(row.uuid, now=made_at)).walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstamp"), event.decoded("dtstart"), str(event["location"])) == (
        "Spring; meeting, with commas",
        made_at,
        NOON,
        "Community Room, 1400 Pine Street",
    )
    assert "The vote (12 min)" in str(event["description"])


@pytest.mark.parametrize("number", [1, 3])
def test_lists_of_meetings_take_two_statements_however_long(database: str, number: int) -> None:
    a_city()
    a_beat()
    facilitator = a_facilitator()
    for day in range(number):
        meeting_id = planned(facilitator, days=day)
        for _ in range(number):
            add_agenda_item(actor=facilitator, meeting_id=meeting_id, title="Step", minutes=5)
            note_minute(actor=facilitator, meeting_id=meeting_id, text="Said")
    with counted_statements() as sent:
        rows = coming_meetings(now=NOON)
    assert (len(rows), len(sent)) == (number, 2)
    with counted_statements() as sent:
        meeting_detail(rows[0].uuid)
    assert len(sent) == 5
