"""The page Meetings: what happened since last time, and minutes that only approval makes public."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from lib import clock
from lib.model import Meeting, MinutesApproval
from lib.queries.minutes import minutes_of
from lib.rules.lifecycle import GoalState, MeetingState
from lib.services.meetings import close_meeting
from lib.services.minutes import approve_minutes, note_minute
from lib.storage.transaction import writing
from tests.builders import a_beat, a_city, a_concern, a_coordinator, a_goal, a_meeting, a_person, uuid_of
from tests.hall import Hall, a_hall
from tests.meeting_builders import a_commitment
from tests.pages.visiting import page_text, visit

NOW = clock.now()
SAID = "The <b>choir</b> sang *loudly*."


def a_closed_hall() -> Hall:
    hall = a_hall(residents=0, officers=0)
    note_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, text=SAID)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    return hall


def test_a_draft_is_seen_by_those_who_run_meetings_and_by_nobody_else(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_closed_hall()
    here = {"meeting": str(hall.meeting_uuid)}
    for actor in (hall.facilitator, a_coordinator()):
        shown = page_text(visit("meetings", monkeypatch, actor, **here))
        assert "The &lt;b&gt;choir&lt;/b&gt; sang *loudly*." in shown
        assert "Draft. Only those who run meetings see it" in shown
    for actor in (None, a_person(beats=(hall.beat_id,))):
        app = visit("meetings", monkeypatch, actor, **here)
        shown = page_text(app)
        assert "choir" not in shown
        assert "The minutes appear here once both sides have approved them." in shown
        assert [button.label for button in app.download_button] == []


def test_approved_minutes_are_for_everybody_as_a_page_and_as_a_pdf(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_closed_hall()
    digest = minutes_of(hall.meeting_id).text_hash
    approve_minutes(actor=hall.facilitator, meeting_id=hall.meeting_id, text_hash=digest, second=hall.second)
    app = visit("meetings", monkeypatch, meeting=str(hall.meeting_uuid))
    shown = page_text(app)
    assert app.exception == []
    assert "Approved by both sides on " in shown
    assert "The &lt;b&gt;choir&lt;/b&gt; sang *loudly*." in shown
    assert f"{digest[:4]} {digest[4:8]} {digest[8:12]}" in shown
    assert [button.label for button in app.download_button] == []
    assert f"/meetings/{hall.meeting_uuid}/minutes.pdf" in [
        urlsplit(link.proto.url).path for link in app.get("link_button")
    ]
    assert "What was on the agenda" in [header.value for header in app.header]
    assert "No meeting is planned" in shown


def test_minutes_whose_text_is_not_the_approved_one_say_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_closed_hall()
    digest = minutes_of(hall.meeting_id).text_hash
    approve_minutes(actor=hall.facilitator, meeting_id=hall.meeting_id, text_hash=digest, second=hall.second)
    with writing() as db:
        db.execute(update(MinutesApproval).values(text_hash="0" * 64))
    shown = page_text(visit("meetings", monkeypatch, meeting=str(hall.meeting_uuid)))
    assert "This text differs from what was approved" in shown
    assert "Approved by" not in shown
    assert "Fingerprint of this text" in shown


def test_a_meeting_that_is_over_says_when_the_beat_meets_next(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_closed_hall()
    a_meeting(hall.beat_id, "Summer meeting", starts_at=NOW + timedelta(days=20), state=MeetingState.PLANNED)
    app = visit("meetings", monkeypatch, meeting=str(hall.meeting_uuid))
    assert "When we meet next" in [header.value for header in app.header]
    assert [button.label for button in app.download_button] == ["Add to calendar"]


def test_since_last_time_is_told_with_numbers_words_and_links(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    a_meeting(beat, starts_at=NOW - timedelta(days=30), state=MeetingState.MINUTED)
    a_concern(beat, reported_at=NOW - timedelta(days=1))
    goal = a_goal(beat, state=GoalState.ADOPTED)
    for number in range(6):
        a_commitment(goal, f"Mend <lamp> {number}", due_on=(NOW - timedelta(days=2)).date())
    app = visit("meetings", monkeypatch, beat="K2")
    shown = page_text(app)
    assert app.exception == []
    assert "<small>1 new concern</small>" in shown
    assert "<small>6 things</small>" in shown
    assert "Mend &lt;lamp&gt; 0</a>" in shown
    assert "<summary>and 2 more</summary>" in shown
    assert "No goal was adopted and no commitment taken on." in shown


def test_a_first_meeting_shows_no_last_time(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    first = a_meeting(a_beat(), starts_at=NOW + timedelta(days=3), state=MeetingState.PLANNED)
    for where in ({"beat": "K2"}, {"meeting": str(uuid_of(Meeting, first))}):
        app = visit("meetings", monkeypatch, **where)
        assert app.exception == []
        assert "ince last time" not in page_text(app)
        assert "Minutes" not in [header.value for header in app.header]
    assert "No agenda yet" in page_text(app)
