"""A draft that fits the evening, whatever is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import Invalid
from lib.rules.agenda import (
    SHORTEST_ITEM,
    SINCE_TITLE,
    SOURCE_LENGTH,
    DraftItem,
    KeptItem,
    Matter,
    OpenMatters,
    Topic,
    drafted_agenda,
    redrafted,
)

titles = st.lists(st.builds(Matter, st.text(min_size=1, max_size=200)), max_size=6)
everything = st.builds(
    OpenMatters,
    since=st.sampled_from(["", "meeting:1"]),
    overdue=titles,
    reopened=titles,
    verdicts=titles,
    contested=titles,
    concerns=titles,
    votes=titles,
)


def test_a_whole_evening() -> None:
    matters = OpenMatters(
        since="meeting:m",
        overdue=[Matter("lamps on Yesler Way", "commitment:7"), Matter("two noise checks", "commitment:12")],
        reopened=[Matter("No needles in the park", "goal:r")],
        verdicts=[Matter("Quieter nights", "goal:q")],
        contested=[Matter("Foot patrol on Union Street", "goal:f")],
        concerns=[Matter("needles in the alley (14)", "concern:n")],
        votes=[Matter("Which three goals first?", "round:3")],
    )
    assert drafted_agenda(matters, 100) == (
        DraftItem(Topic.WELCOME, "Welcome", 5),
        DraftItem(Topic.SINCE, SINCE_TITLE, 8, "meeting:m"),
        DraftItem(Topic.OVERDUE, "Overdue: lamps on Yesler Way and two noise checks", 10, "commitment:7,12"),
        DraftItem(Topic.REOPENED, "Reopened: No needles in the park", 10, "goal:r"),
        DraftItem(Topic.VERDICT, "Did it help? Quieter nights", 8, "goal:q"),
        DraftItem(Topic.CONTESTED, "Contested: Foot patrol on Union Street", 10, "goal:f"),
        DraftItem(Topic.CONCERN, "New concern: needles in the alley (14)", 8, "concern:n"),
        DraftItem(Topic.OPEN_FLOOR, "Open floor: what else is on your mind?", 21),
        DraftItem(Topic.VOTE, "Vote: Which three goals first?", 15, "round:3"),
        DraftItem(Topic.CLOSE, "What we promised today, and when we meet next", 5),
    )


def test_with_nothing_open_the_floor_is() -> None:
    assert [(item.topic.value, item.minutes) for item in drafted_agenda(OpenMatters(), 60)] == [
        ("welcome", 5),
        ("open_floor", 50),
        ("close", 5),
    ]


def test_a_short_evening_leaves_out_the_least_pressing_concerns_first() -> None:
    matters = OpenMatters(
        overdue=[Matter("lamps")],
        concerns=[Matter("first"), Matter("second"), Matter("third")],
        votes=[Matter("Which goals?")],
    )
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


def test_what_is_overdue_is_one_step_that_refers_to_no_more_than_fits() -> None:
    overdue = [Matter(f"lamp {number}", f"commitment:{10**9 + number}") for number in range(20)]
    (step,) = [item for item in drafted_agenda(OpenMatters(overdue=overdue), 60) if item.topic is Topic.OVERDUE]
    assert step.title == "Overdue: lamp 0, lamp 1 and 18 more"
    assert step.source.startswith("commitment:1000000000,1000000001,")
    assert len(step.source) <= SOURCE_LENGTH


def test_drafting_again_keeps_what_was_typed_or_has_begun_and_says_nothing_twice() -> None:
    matters = OpenMatters(
        overdue=[Matter("lamps", "commitment:7")],
        concerns=[Matter("needles", "concern:n"), Matter("noise", "concern:o")],
        votes=[Matter("Which goals?", "round:3"), Matter("Second vote", "round:4")],
    )
    kept = [
        KeptItem(1, 10),
        KeptItem(2, 15, "concern:n"),
        KeptItem(3, 12, "round:3", is_vote=True),
        KeptItem(4, 6, has_begun=True),
    ]
    agenda = redrafted(matters, kept, 120)
    assert [item.title if isinstance(item, DraftItem) else item.order for item in agenda] == [
        4,
        "Overdue: lamps",
        "New concern: noise",
        1,
        2,
        "Open floor: what else is on your mind?",
        "Vote: Second vote",
        3,
        "What we promised today, and when we meet next",
    ]
    assert sum(item.minutes for item in agenda) == 120


def test_typed_steps_that_fill_the_evening_leave_nothing_to_draft() -> None:
    with pytest.raises(Invalid, match="The steps that stay take 75 of 90 minutes"):
        redrafted(OpenMatters(), [KeptItem(1, 75)], 90)


@given(everything, st.integers(0, 60), st.integers(80, 300))
def test_a_redraft_fills_the_evening_too(matters: OpenMatters, typed: int, minutes: int) -> None:
    kept = [KeptItem(1, typed)] if typed else []
    agenda = redrafted(matters, kept, minutes)
    assert sum(item.minutes for item in agenda) == minutes
    assert [item for item in agenda if isinstance(item, KeptItem)] == kept
