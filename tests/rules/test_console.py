"""The facilitator is always offered the one step that makes sense."""

import pytest

from lib.rules.console import Step, next_step
from lib.rules.lifecycle import MeetingState, RoundState

DRAFT, OPEN, CLOSED, PAPER, SEALED, PUBLISHED = RoundState


@pytest.mark.parametrize(
    ("meeting", "rounds", "has_passes", "step"),
    [
        (MeetingState.PLANNED, [DRAFT], True, Step.OPEN_MEETING),
        (MeetingState.OPEN, [], True, Step.PLAN_ROUND),
        (MeetingState.OPEN, [DRAFT], False, Step.MINT_PASSES),
        (MeetingState.OPEN, [DRAFT], True, Step.OPEN_ROUND),
        (MeetingState.OPEN, [OPEN, DRAFT], True, Step.CLOSE_ROUND),
        (MeetingState.OPEN, [CLOSED], True, Step.COUNT_ROUND),
        (MeetingState.OPEN, [PAPER], True, Step.COUNT_ROUND),
        (MeetingState.OPEN, [SEALED, DRAFT], True, Step.PUBLISH_ROUND),
        (MeetingState.OPEN, [PUBLISHED, DRAFT], True, Step.OPEN_ROUND),
        (MeetingState.OPEN, [PUBLISHED], True, Step.CLOSE_MEETING),
        (MeetingState.CLOSED, [PUBLISHED], True, Step.NOTHING),
        (MeetingState.MINUTED, [PUBLISHED], True, Step.NOTHING),
    ],
)
def test_the_next_step(meeting: MeetingState, rounds: list[RoundState], has_passes: bool, step: Step) -> None:
    assert next_step(meeting, rounds, has_passes=has_passes) is step
