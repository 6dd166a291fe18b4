"""A draft that fits the evening, whatever is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import Invalid
from lib.rules.agenda import SHORTEST_ITEM, DraftItem, OpenMatters, Topic, drafted_agenda

titles = st.lists(st.text(min_size=1, max_size=200), max_size=6)
everything = st.builds(OpenMatters, overdue=titles, verdicts=titles, contested=titles, concerns=titles, votes=titles)


def test_a_whole_evening() -> None:
    matters = OpenMatters(
        overdue=["lamps on Yesler Way", "two noise checks"],
        verdicts=["Quieter nights"],
        contested=["Foot patrol on Union Street"],
        concerns=["needles in the alley (14)"],
        votes=["Which three goals first?"],
    )
    assert drafted_agenda(matters, 90) == (
        DraftItem(Topic.WELCOME, "Welcome", 5),
        DraftItem(Topic.OVERDUE, "Overdue: lamps on Yesler Way and two noise checks", 10),
        DraftItem(Topic.VERDICT, "Did it help? Quieter nights", 8),
        DraftItem(Topic.CONTESTED, "Contested: Foot patrol on Union Street", 10),
        DraftItem(Topic.CONCERN, "New concern: needles in the alley (14)", 8),
        DraftItem(Topic.OPEN_FLOOR, "Open floor: what else is on your mind?", 29),
        DraftItem(Topic.VOTE, "Vote: Which three goals first?", 15),
        DraftItem(Topic.CLOSE, "What we promised today, and when we meet next", 5),
    )


def test_with_nothing_open_the_floor_is() -> None:
    assert [(item.topic.value, item.minutes) for item in drafted_agenda(OpenMatters(), 60)] == [
        ("welcome", 5),
        ("open_floor", 50),
        ("close", 5),
    ]


def test_a_short_evening_leaves_out_the_least_pressing_concerns_first() -> None:
    matters = OpenMatters(overdue=["lamps"], concerns=["first", "second", "third"], votes=["Which goals?"])
    assert [(item.title, item.minutes) for item in drafted_agenda(matters, 24)] == [
        ("Welcome", 3),
        ("Overdue: lamps", 6),
        ("New concern: first", 4),
        ("Vote: Which goals?", 8),
        ("What we promised today, and when we meet next", 3),
    ]


def test_under_twenty_minutes_there_is_no_meeting() -> None:
    with pytest.raises(Invalid, match="at least 20 minutes"):
        drafted_agenda(OpenMatters(), 19)


@given(everything, st.integers(20, 300))
def test_the_boxes_always_add_up_to_the_evening(matters: OpenMatters, minutes: int) -> None:
    agenda = drafted_agenda(matters, minutes)
    assert sum(item.minutes for item in agenda) == minutes
    assert all(item.minutes >= SHORTEST_ITEM for item in agenda)
    assert all(len(item.title) <= 120 for item in agenda)
    assert [item.topic for item in agenda] == sorted((item.topic for item in agenda), key=list(Topic).index)
    assert (agenda[0].topic, agenda[-1].topic) == (Topic.WELCOME, Topic.CLOSE)
