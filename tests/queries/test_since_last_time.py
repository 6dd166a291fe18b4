"""You said, we agreed, we did, we didn't: between the meeting before and now, and between two meetings."""

from datetime import date, timedelta

import pytest

from lib.model import Concern, Goal, LogEntry, Meeting
from lib.queries.meetings import meeting
from lib.queries.since_last_time import SaidAbout, SaidMost, SinceLastTime, Told, since_last_time
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, MeetingState, Party
from lib.storage.transaction import writing
from tests.builders import (
    NOON,
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_goal,
    a_meeting,
    a_published_outcome,
    uuid_of,
)
from tests.counting import counted_statements
from tests.meeting_builders import a_commitment, adopted_on, an_owed_answer, ended_on, supported

TODAY = date(2026, 5, 4)
BEFORE = NOON - timedelta(days=60)


def accepted(commitment_id: int, days_ago: int) -> None:
    with writing() as db:
        db.add(
            LogEntry(
                happened_at=NOON - timedelta(days=days_ago),
                actor_id=None,
                action="commitment_accepted",
                subject="commitment",
                subject_id=str(commitment_id),
                facts={},
            )
        )


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_before_any_meeting_there_is_no_last_time(database: str) -> None:
    a_city()
    a_concern(a_beat())
    assert since_last_time(["K2"], now=NOON) is None


def test_after_a_meeting_without_anything_nothing_is_claimed(database: str) -> None:
    a_city()
    last = a_meeting(a_beat(), starts_at=BEFORE, state=MeetingState.MINUTED)
    row = meeting(uuid_of(Meeting, last))
    assert since_last_time(["K2"], now=NOON) == SinceLastTime(row, NOON, (), (), (), (), ())


def test_what_was_said_agreed_done_and_not_done_since_the_last_meeting(database: str) -> None:
    a_city()
    beat, elsewhere = a_beat(), a_beat("K9", west=-122.2)
    last = a_meeting(beat, starts_at=BEFORE, state=MeetingState.CLOSED)
    a_concern(beat, reported_at=BEFORE - timedelta(minutes=1))
    a_concern(elsewhere, reported_at=NOON - timedelta(days=1))
    litter = a_category("litter")
    boxes = a_concern(beat, text="Boxes", category_id=litter, reported_at=NOON - timedelta(days=9))
    loud = a_concern(beat, text="Loud", reported_at=NOON - timedelta(days=3))
    most = a_concern(beat, text="Louder\nand louder", reported_at=NOON - timedelta(days=20))
    supported(most, 4)
    goal = a_goal(beat, "Lamps", state=GoalState.ADOPTED)
    adopted_on(goal, BEFORE.date())
    adopted_on(a_goal(beat, "Adopted earlier", state=GoalState.ADOPTED), days_ago(61))
    uuid = uuid_of(Goal, goal)
    new = a_commitment(goal, "Count the lamps", party=Party.RESIDENTS, due_on=days_ago(-20))
    accepted(new, 5)
    accepted(a_commitment(goal, "Taken on earlier", due_on=days_ago(-20)), 61)
    a_commitment(goal, "Mend a lamp", due_on=days_ago(9), state=CommitmentState.KEPT, settled_on=days_ago(8))
    a_commitment(goal, "Kept earlier", due_on=days_ago(90), state=CommitmentState.KEPT, settled_on=days_ago(80))
    a_commitment(goal, "Call back", due_on=days_ago(7), state=CommitmentState.BROKEN, settled_on=days_ago(6))
    a_commitment(goal, "Paint", due_on=days_ago(1))
    a_commitment(goal, "Due today", due_on=TODAY)
    a_commitment(goal, "Only offered", due_on=days_ago(1), state=CommitmentState.OFFERED)
    achieved, missed = (
        a_goal(beat, "Quiet", state=GoalState.ACHIEVED),
        a_goal(beat, "Slow cars", state=GoalState.NOT_ACHIEVED),
    )
    ended_on(achieved, days_ago(4))
    ended_on(missed, days_ago(3))
    contested = a_goal(beat, "Foot patrol", state=GoalState.PROPOSED)
    a_published_outcome(contested, last, outcome="officers_only")
    an_owed_answer(contested, due_on=days_ago(2), side=Electorate.RESIDENTS)
    assert since_last_time(["K2"], now=NOON) == SinceLastTime(
        meeting=meeting(uuid_of(Meeting, last)),
        until=NOON,
        said=(SaidAbout("noise", "#4B2A9B", "Noise", 2), SaidAbout("litter", "#4B2A9B", "Litter", 1)),
        most=(
            SaidMost(uuid_of(Concern, most), "Louder and louder", 4),
            SaidMost(uuid_of(Concern, loud), "Loud", 0),
            SaidMost(uuid_of(Concern, boxes), "Boxes", 0),
        ),
        agreed=(
            Told("Lamps", "Goal, adopted by both sides on 5 March 2026", uuid),
            Told("Count the lamps", "The residents took this on, by 24 May 2026", uuid),
        ),
        did=(
            Told("Quiet", "Goal achieved, confirmed by residents on 30 April 2026", uuid_of(Goal, achieved)),
            Told("Mend a lamp", "The officers kept this, countersigned by the residents", uuid),
        ),
        did_not=(
            Told("Slow cars", "Goal not achieved, ended on 1 May 2026", uuid_of(Goal, missed)),
            Told("Call back", "The officers did not keep this, say the residents", uuid),
            Told("Paint", "The officers owe this since 3 May 2026", uuid),
            Told("Foot patrol", "The residents owe a written answer since 2 May 2026", uuid_of(Goal, contested)),
        ),
    )


def test_between_two_meetings_only_that_time_counts(database: str) -> None:
    a_city()
    beat = a_beat()
    first = a_meeting(beat, "First", starts_at=BEFORE, state=MeetingState.MINUTED)
    a_meeting(beat, "Second", starts_at=NOON, state=MeetingState.CLOSED)
    goal = a_goal(beat, "Lamps", state=GoalState.ADOPTED)
    adopted_on(goal, TODAY)
    uuid = uuid_of(Goal, goal)
    a_commitment(goal, "Kept late", due_on=days_ago(9), state=CommitmentState.KEPT, settled_on=TODAY)
    a_commitment(goal, "Kept", due_on=days_ago(9), state=CommitmentState.KEPT, settled_on=days_ago(1))
    a_concern(beat, reported_at=NOON + timedelta(minutes=1))
    found = since_last_time(["K2"], now=NOON + timedelta(days=30), before=NOON)
    assert found is not None
    assert (found.meeting.id, found.until, found.concerns, found.agreed) == (first, NOON, 0, ())
    assert found.did == (Told("Kept", "The officers kept this, countersigned by the residents", uuid),)
    assert found.did_not == (Told("Kept late", "The officers owe this since 25 April 2026", uuid),)
    later = since_last_time(["K2"], now=NOON + timedelta(days=30))
    assert later is not None
    assert [told.title for told in (*later.agreed, *later.did, *later.did_not)] == ["Lamps", "Kept late"]


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_as_many_statements_however_much_happened(database: str, number: int) -> None:
    a_city()
    beat = a_beat()
    a_meeting(beat, starts_at=BEFORE, state=MeetingState.MINUTED)
    for _ in range(number):
        goal = a_goal(beat, state=GoalState.ADOPTED)
        a_commitment(goal, due_on=days_ago(2))
        a_concern(beat, reported_at=NOON - timedelta(days=2))
    with counted_statements() as sent:
        found = since_last_time(["K2"], now=NOON)
    assert found is not None
    assert (len(found.did_not), found.concerns, len(sent)) == (number, number, 11)
