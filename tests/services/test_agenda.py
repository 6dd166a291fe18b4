"""The agenda that writes itself: what it writes, what it leaves alone, who may let it."""

from datetime import date, timedelta

import pytest

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Meeting
from lib.queries.log import log_entries
from lib.queries.meetings import agenda, meeting
from lib.rules.lifecycle import GoalState, MeetingState
from lib.services.agenda import change_agenda_item, draft_agenda
from lib.services.meetings import add_agenda_item, begin_agenda_item, open_meeting
from tests.builders import NOON, a_beat, a_city, a_coordinator, a_facilitator, a_goal, a_meeting, a_person, uuid_of
from tests.meeting_builders import a_commitment, a_draft_round

AFTER = NOON + timedelta(days=9)
TODAY = date(2026, 5, 4)


def titles(meeting_id: int) -> list[tuple[str, int]]:
    return [(step.title, step.minutes) for step in agenda(meeting(uuid_of(Meeting, meeting_id)))]


def a_coming_meeting(beat: int) -> int:
    return a_meeting(beat, starts_at=AFTER, state=MeetingState.PLANNED)


def test_an_empty_agenda_is_written_from_what_is_open_and_fills_the_meeting(database: str) -> None:
    a_city()
    beat = a_beat()
    coming = a_coming_meeting(beat)
    vote = a_draft_round(coming)
    a_commitment(a_goal(beat, state=GoalState.ADOPTED), due_on=TODAY - timedelta(days=2))
    assert draft_agenda(actor=a_coordinator(), meeting_id=coming, now=NOON) == 5
    assert titles(coming) == [
        ("Welcome", 5),
        ("Overdue: Mend the lamps under the ramp", 10),
        ("Open floor: what else is on your mind?", 85),
        ("Vote: Which goals shall we take on next?", 15),
        ("What we promised today, and when we meet next", 5),
    ]
    steps = agenda(meeting(uuid_of(Meeting, coming)))
    assert [step.round_id for step in steps] == [None, None, None, vote, None]
    assert [step.topic for step in steps] == ["welcome", "overdue", "open_floor", "vote", "close"]
    assert log_entries()[0].facts == {"steps": 5, "kept": 0}


def test_drafting_again_follows_what_is_open_and_leaves_what_people_wrote(database: str) -> None:
    a_city()
    beat, facilitator = a_beat(), a_facilitator()
    coming = a_coming_meeting(beat)
    late = a_commitment(a_goal(beat, state=GoalState.ADOPTED), due_on=TODAY - timedelta(days=2))
    add_agenda_item(actor=facilitator, meeting_id=coming, title="The choir sings", minutes=10)
    draft_agenda(actor=facilitator, meeting_id=coming, now=NOON)
    overdue = agenda(meeting(uuid_of(Meeting, coming)))[1]
    assert overdue.source == f"commitment:{late}"
    change_agenda_item(actor=facilitator, meeting_id=coming, item_id=overdue.id, title="Lamps, at last", minutes=20)
    a_commitment(a_goal(beat, state=GoalState.ADOPTED), "Call the ward", due_on=TODAY - timedelta(days=1))
    draft_agenda(actor=facilitator, meeting_id=coming, now=NOON)
    draft_agenda(actor=facilitator, meeting_id=coming, now=NOON)
    assert titles(coming) == [
        ("Welcome", 5),
        ("Overdue: Call the ward", 10),
        ("Lamps, at last", 20),
        ("The choir sings", 10),
        ("Open floor: what else is on your mind?", 70),
        ("What we promised today, and when we meet next", 5),
    ]
    changed = next(step for step in agenda(meeting(uuid_of(Meeting, coming))) if step.title == "Lamps, at last")
    assert (changed.id, changed.topic, changed.source) == (overdue.id, "", f"commitment:{late}")


def test_a_step_that_has_begun_stays_first_when_the_rest_is_drafted_again(database: str) -> None:
    a_city()
    facilitator = a_facilitator()
    coming = a_coming_meeting(a_beat())
    draft_agenda(actor=facilitator, meeting_id=coming, now=NOON)
    open_meeting(actor=facilitator, meeting_id=coming)
    begin_agenda_item(
        actor=facilitator, meeting_id=coming, item_id=agenda(meeting(uuid_of(Meeting, coming)))[0].id, now=AFTER
    )
    a_draft_round(coming)
    draft_agenda(actor=facilitator, meeting_id=coming, now=AFTER)
    assert titles(coming) == [
        ("Welcome", 5),
        ("Open floor: what else is on your mind?", 90),
        ("Vote: Which goals shall we take on next?", 15),
        ("What we promised today, and when we meet next", 10),
    ]


def test_a_typed_vote_is_not_drafted_once_more(database: str) -> None:
    a_city()
    facilitator = a_facilitator()
    coming = a_coming_meeting(a_beat())
    vote = a_draft_round(coming)
    add_agenda_item(actor=facilitator, meeting_id=coming, title="We decide", minutes=20, round_id=vote)
    draft_agenda(actor=facilitator, meeting_id=coming, now=NOON)
    assert [title for title, _ in titles(coming)] == [
        "Welcome",
        "Open floor: what else is on your mind?",
        "We decide",
        "What we promised today, and when we meet next",
    ]


def test_an_evening_that_is_full_is_refused_and_stays_as_it_was(database: str) -> None:
    a_city()
    facilitator = a_facilitator()
    coming = a_coming_meeting(a_beat())
    add_agenda_item(actor=facilitator, meeting_id=coming, title="A long film", minutes=110)
    with pytest.raises(Invalid, match="take 110 of 120 minutes"):
        draft_agenda(actor=facilitator, meeting_id=coming, now=NOON)
    assert titles(coming) == [("A long film", 110)]


def test_only_who_plans_meetings_drafts_and_changes_and_only_before_it_is_over(database: str) -> None:
    a_city()
    beat, facilitator = a_beat(), a_facilitator()
    coming, over = a_coming_meeting(beat), a_meeting(beat, state=MeetingState.CLOSED)
    item = add_agenda_item(actor=facilitator, meeting_id=coming, title="Step", minutes=5)
    change = {"meeting_id": coming, "item_id": item, "title": "Other", "minutes": 5}
    for actor, error in ((None, SignInNeeded), (a_person(beats=(beat,)), NotAllowed)):
        with pytest.raises(error):
            draft_agenda(actor=actor, meeting_id=coming)
        with pytest.raises(error):
            change_agenda_item(actor=actor, **change)
    for wrong, error in (
        ({"title": " "}, Invalid),
        ({"title": "x" * 161}, Invalid),
        ({"minutes": 0}, Invalid),
        ({"minutes": 481}, Invalid),
        ({"item_id": item + 1}, NotFound),
        ({"meeting_id": over}, Conflict),
        ({"meeting_id": over + 99}, NotFound),
    ):
        with pytest.raises(error):
            change_agenda_item(actor=facilitator, **(change | wrong))
    with pytest.raises(Conflict):
        draft_agenda(actor=facilitator, meeting_id=over)
    assert titles(coming) == [("Step", 5)]
