"""The room is asked on the console what has become of the goals that are due."""

from datetime import timedelta

import pytest

from lib import clock
from lib.model import Goal, Meeting
from lib.queries.residents_word import goals_for_room, word_of_residents
from lib.rules.lifecycle import GoalState, MeetingState, Side
from lib.rules.residents_word import WordCount
from tests.builders import a_beat, a_city, a_facilitator, a_goal, a_meeting, uuid_of
from tests.counting import counted_statements
from tests.goal_builders import due
from tests.pages.run_console import press, said
from tests.pages.visiting import page_text, visit

TODAY = clock.now().date()


def a_due_goal(beat: int, title: str = "Quieter Friday nights", *, days: int = 1) -> int:
    goal_id = a_goal(beat, title, state=GoalState.ACTIVE)
    due(goal_id, TODAY - timedelta(days=days))
    return goal_id


def test_hands_are_written_down_during_the_meeting(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    goal = uuid_of(Goal, a_due_goal(beat))
    meeting_id = a_meeting(beat, state=MeetingState.OPEN)
    console = visit("run", monkeypatch, a_facilitator(), meeting=str(uuid_of(Meeting, meeting_id)))
    assert "not asked yet" in page_text(console)
    for word, number in (("solved", 4), ("worse", 1)):
        console.number_input(key=f"room_{word}_{goal}").set_value(number)
    press(console, "Write down the hands")
    assert "The hands are written down." in said(console)
    assert word_of_residents(goal, today=TODAY).by_hands == WordCount(solved=4, worse=1)
    assert "5 hands: 4 solved, 1 worse" in page_text(console)


def test_the_officers_facilitator_sees_the_goals_and_counts_nothing(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    a_due_goal(beat)
    meeting_id = a_meeting(beat, state=MeetingState.OPEN)
    lee = a_facilitator("Lee Marsh", side=Side.OFFICERS)
    console = visit("run", monkeypatch, lee, meeting=str(uuid_of(Meeting, meeting_id)))
    assert "Write down the hands" not in [button.label for button in console.button]
    assert any("facilitator of the residents" in text.value for text in console.text)


@pytest.mark.parametrize("number", [1, 3])
def test_the_goals_that_are_due_take_two_statements(sqlite_database: str, number: int) -> None:
    a_city()
    beat, other = a_beat("K2"), a_beat("K3", west=-122.2)
    wanted = [a_due_goal(beat, f"Goal {place}", days=9 - place) for place in range(number)]
    a_due_goal(other)
    due(a_goal(beat, "Later", state=GoalState.ACTIVE), TODAY + timedelta(days=9))
    a_goal(beat, "Only proposed")
    meeting_id = a_meeting(beat, state=MeetingState.OPEN)
    with counted_statements() as statements:
        goals = goals_for_room(meeting_id, today=TODAY)
    assert [goal.uuid for goal in goals] == [uuid_of(Goal, goal_id) for goal_id in wanted]
    assert len(statements) == 2
