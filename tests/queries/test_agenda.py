"""What a meeting could speak about: what is open in its beats, since the meeting before."""

from datetime import date, timedelta

import pytest

from lib.model import Concern, Goal, Meeting
from lib.queries.agenda import open_matters
from lib.queries.meetings import last_meeting, meeting
from lib.rules.agenda import Matter, OpenMatters
from lib.rules.lifecycle import CommitmentState, ConcernStatus, GoalState, MeetingState
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
from tests.meeting_builders import (
    a_commitment,
    a_draft_round,
    a_reading,
    an_event,
    an_owed_answer,
    ended_on,
    erased,
    supported,
)

TODAY = date(2026, 5, 4)
BEFORE, AFTER = NOON - timedelta(days=60), NOON + timedelta(days=9)


def matters(meeting_id: int) -> OpenMatters:
    return open_matters(meeting(uuid_of(Meeting, meeting_id)), now=NOON)


def test_a_first_meeting_in_a_quiet_beat_has_nothing_open(database: str) -> None:
    a_city()
    assert matters(a_meeting(a_beat(), starts_at=AFTER, state=MeetingState.PLANNED)) == OpenMatters()


def test_everything_that_is_open_in_the_beat_is_found_with_its_reference(database: str) -> None:
    a_city()
    beat, elsewhere = a_beat(), a_beat("K9", west=-122.2)
    before = a_meeting(beat, starts_at=BEFORE, state=MeetingState.MINUTED)
    coming = a_meeting(beat, starts_at=AFTER, state=MeetingState.PLANNED)
    running = a_goal(beat, "Lamps", state=GoalState.ADOPTED)
    late = a_commitment(running, "Mend the lamps", due_on=TODAY - timedelta(days=1))
    handed_over = a_commitment(
        running, "Count the lamps", due_on=TODAY - timedelta(days=3), state=CommitmentState.UNACCEPTED
    )
    a_commitment(running, "Not due yet", due_on=TODAY)
    a_commitment(running, "Kept", due_on=TODAY - timedelta(days=9), state=CommitmentState.KEPT)
    a_commitment(a_goal(elsewhere), "Of another beat", due_on=TODAY - timedelta(days=9))
    back = a_goal(beat, "No needles", state=GoalState.ACTIVE)
    an_event(back, "reopened", NOON - timedelta(days=3))
    long_back = a_goal(beat, "Reopened long ago", state=GoalState.ACTIVE)
    an_event(long_back, "reopened", BEFORE - timedelta(days=3))
    achieved = a_goal(beat, "Quieter nights", state=GoalState.ACHIEVED)
    ended_on(achieved, TODAY - timedelta(days=5))
    ended_on(a_goal(beat, "Achieved long ago", state=GoalState.ACHIEVED), BEFORE.date() - timedelta(days=5))
    contested = a_goal(beat, "Foot patrol", state=GoalState.PROPOSED)
    a_published_outcome(contested, before, outcome="residents_only")
    an_owed_answer(contested, due_on=TODAY - timedelta(days=1))
    concern = a_concern(beat, text="Needles on\nthe steps", reported_at=NOON - timedelta(days=2))
    supported(concern, 3)
    vote = a_draft_round(coming)
    assert matters(coming) == OpenMatters(
        since=f"meeting:{uuid_of(Meeting, before)}",
        overdue=(
            Matter("Count the lamps", f"commitment:{handed_over}"),
            Matter("Mend the lamps", f"commitment:{late}"),
        ),
        reopened=(Matter("No needles", f"goal:{uuid_of(Goal, back)}"),),
        verdicts=(Matter("Quieter nights (achieved)", f"goal:{uuid_of(Goal, achieved)}"),),
        contested=(Matter("Foot patrol (the officers owe an answer, late)", f"goal:{uuid_of(Goal, contested)}"),),
        concerns=(Matter("Noise: Needles on the steps (3 supporters)", f"concern:{uuid_of(Concern, concern)}"),),
        votes=(Matter("Which goals shall we take on next?", f"round:{vote}"),),
    )


def test_a_measure_that_is_due_by_the_meeting_is_judged_there(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, "Quieter nights", state=GoalState.ACTIVE)
    far, near = (a_meeting(beat, starts_at=NOON.replace(month=month), state=MeetingState.PLANNED) for month in (11, 12))
    last = a_meeting(beat, starts_at=NOON.replace(month=12, day=31), state=MeetingState.PLANNED)
    assert (matters(far).verdicts, matters(near).verdicts) == ((), ())
    assert matters(last).verdicts == (Matter("Quieter nights (too early to say)", f"goal:{uuid_of(Goal, goal)}"),)


def test_a_goal_whose_verdict_changed_since_the_last_meeting_is_spoken_of(database: str) -> None:
    a_city()
    beat = a_beat()
    a_meeting(beat, starts_at=BEFORE, state=MeetingState.CLOSED)
    coming = a_meeting(beat, starts_at=AFTER, state=MeetingState.PLANNED)
    turned, same = (a_goal(beat, title, state=GoalState.ACTIVE) for title in ("Quieter nights", "Slow cars"))
    for goal, days, value in ((turned, 70, 8), (turned, 1, 3), (same, 70, 8), (same, 1, 7)):
        a_reading(goal, TODAY - timedelta(days=days), value)
    assert matters(coming).verdicts == (Matter("Quieter nights (target reached)", f"goal:{uuid_of(Goal, turned)}"),)


def test_a_reopened_goal_is_one_step_and_not_two(database: str) -> None:
    a_city()
    beat = a_beat()
    a_meeting(beat, starts_at=BEFORE, state=MeetingState.CLOSED)
    coming = a_meeting(beat, starts_at=NOON.replace(month=12, day=31), state=MeetingState.PLANNED)
    goal = a_goal(beat, "Quieter nights", state=GoalState.ACTIVE)
    an_event(goal, "reopened", NOON)
    found = matters(coming)
    assert (len(found.reopened), found.verdicts) == (1, ())


def test_only_public_new_open_concerns_that_still_have_words_are_taken_up(database: str) -> None:
    a_city()
    beat = a_beat()
    a_meeting(beat, starts_at=BEFORE, state=MeetingState.CLOSED)
    coming = a_meeting(beat, starts_at=AFTER, state=MeetingState.PLANNED)
    new = NOON - timedelta(days=1)
    a_concern(beat, text="From before", reported_at=BEFORE - timedelta(days=1))
    a_concern(beat, text="Solved", reported_at=new, status=ConcernStatus.SOLVED)
    erased(a_concern(beat, text="Erased", reported_at=new))
    a_concern(a_beat("K9", west=-122.2), text="Elsewhere", reported_at=new)
    for number in range(4):
        supported(a_concern(beat, category_id=a_category(), text=f"Number {number}", reported_at=new), number)
    assert [concern.title for concern in matters(coming).concerns] == [
        "Noise: Number 3 (3 supporters)",
        "Noise: Number 2 (2 supporters)",
        "Noise: Number 1 (1 supporter)",
    ]


def test_the_meeting_before_is_the_last_that_ended_in_one_of_the_beats(database: str) -> None:
    a_city()
    beat, other = a_beat(), a_beat("K9", west=-122.2)
    a_meeting(beat, "First", starts_at=BEFORE - timedelta(days=30), state=MeetingState.MINUTED)
    a_meeting(other, "Elsewhere", starts_at=NOON, state=MeetingState.CLOSED)
    a_meeting(beat, "Second", starts_at=BEFORE, state=MeetingState.CLOSED)
    a_meeting(beat, "Never opened", starts_at=NOON - timedelta(days=2), state=MeetingState.PLANNED)
    titles = []
    for codes, at in ((["K2"], AFTER), (["K2", "K9"], AFTER), (["K2"], BEFORE), (["K1"], AFTER)):
        found = last_meeting(codes, before=at)
        titles.append(found.title if found else None)
    assert titles == ["Second", "Elsewhere", "First", None]


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_open_takes_as_many_statements_however_much_it_is(database: str, number: int) -> None:
    a_city()
    beat = a_beat()
    a_meeting(beat, starts_at=BEFORE, state=MeetingState.MINUTED)
    coming = meeting(uuid_of(Meeting, a_meeting(beat, starts_at=AFTER, state=MeetingState.PLANNED)))
    for each in range(number):
        goal = a_goal(beat, f"Goal {each}", state=GoalState.ADOPTED)
        a_commitment(goal, due_on=TODAY - timedelta(days=1))
        a_concern(beat, reported_at=NOON - timedelta(days=1))
        a_draft_round(coming.id, number=each + 1)
    with counted_statements() as sent:
        found = open_matters(coming, now=NOON)
    assert (len(found.overdue), len(found.votes), len(sent)) == (number, number, 10)
