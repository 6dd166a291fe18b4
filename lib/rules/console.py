"""What a facilitator does next: one step at a time, from what stands in the database."""

from collections.abc import Sequence
from enum import StrEnum

from lib.rules.lifecycle import MeetingState, RoundState


class Step(StrEnum):
    """The next step of a meeting, each the one big button of the console."""

    OPEN_MEETING = "open_meeting"
    MINT_PASSES = "mint_passes"
    PLAN_ROUND = "plan_round"
    OPEN_ROUND = "open_round"
    CLOSE_ROUND = "close_round"
    COUNT_ROUND = "count_round"
    PUBLISH_ROUND = "publish_round"
    CLOSE_MEETING = "close_meeting"
    NOTHING = "nothing"


_ROUND_STEPS = {
    RoundState.OPEN: Step.CLOSE_ROUND,
    RoundState.CLOSED: Step.COUNT_ROUND,
    RoundState.PAPER: Step.COUNT_ROUND,
    RoundState.SEALED: Step.PUBLISH_ROUND,
}


def present_round(states: Sequence[RoundState]) -> int | None:
    """Index of the round to work on: one that was opened and is not published, else the first draft, else none.

    >>> present_round([RoundState.PUBLISHED, RoundState.DRAFT, RoundState.CLOSED])
    2
    >>> present_round([RoundState.PUBLISHED, RoundState.DRAFT])
    1
    >>> present_round([RoundState.PUBLISHED]) is None
    True
    """
    running = [at for at, state in enumerate(states) if state in _ROUND_STEPS]
    drafts = [at for at, state in enumerate(states) if state is RoundState.DRAFT]
    return next(iter([*running, *drafts]), None)


def next_step(meeting: MeetingState, rounds: Sequence[RoundState], *, has_passes: bool) -> Step:
    """The next step. `rounds` are the states of the meeting's rounds by number; `has_passes`: both sides have some.

    >>> next_step(MeetingState.OPEN, [RoundState.DRAFT], has_passes=False)
    <Step.MINT_PASSES: 'mint_passes'>
    >>> next_step(MeetingState.OPEN, [RoundState.OPEN], has_passes=True)
    <Step.CLOSE_ROUND: 'close_round'>
    """
    if meeting is MeetingState.PLANNED:
        return Step.OPEN_MEETING
    if meeting is not MeetingState.OPEN:
        return Step.NOTHING
    at = present_round(rounds)
    if at is None:
        return Step.CLOSE_MEETING if rounds else Step.PLAN_ROUND
    if rounds[at] is RoundState.DRAFT:
        return Step.OPEN_ROUND if has_passes else Step.MINT_PASSES
    return _ROUND_STEPS[rounds[at]]
