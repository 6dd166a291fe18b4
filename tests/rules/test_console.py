"""The facilitator is always offered the one step that makes sense."""

from datetime import UTC, datetime, timedelta

import pytest

from lib.rules.console import Phase, Standing, Step, lateness, next_step, phase_of, present_round, time_box
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.voting import Display

DRAFT, OPEN, CLOSED, PAPER, SEALED, PUBLISHED = (Standing(state) for state in RoundState)
CLOSED_AND_AGREED = Standing(RoundState.CLOSED, agrees=True)
PAPER_AND_AGREED = Standing(RoundState.PAPER, agrees=True)
SEALED_AND_AGREED = Standing(RoundState.SEALED, agrees=True)
LEVEL = Standing(RoundState.PAPER, agrees=True, waits_for_dice=True)
LEVEL_AND_NOT_COUNTED = Standing(RoundState.CLOSED, waits_for_dice=True)
SET_ASIDE = Standing(RoundState.SEALED, is_set_aside=True)
OPEN_ROOM_DRAFT = Standing(RoundState.DRAFT, agrees=True, needs_slips=False)


@pytest.mark.parametrize(
    ("meeting", "rounds", "has_passes", "step"),
    [
        pytest.param(MeetingState.PLANNED, [DRAFT], True, Step.OPEN_MEETING, id="planned"),
        pytest.param(MeetingState.OPEN, [], True, Step.PLAN_ROUND, id="nothing prepared"),
        pytest.param(MeetingState.OPEN, [DRAFT], False, Step.MINT_PASSES, id="no passes"),
        pytest.param(MeetingState.OPEN, [DRAFT], True, Step.OPEN_ROUND, id="prepared"),
        pytest.param(MeetingState.OPEN, [OPEN_ROOM_DRAFT], False, Step.OPEN_ROUND, id="an open room needs no slips"),
        pytest.param(MeetingState.OPEN, [OPEN, DRAFT], True, Step.CLOSE_ROUND, id="open"),
        pytest.param(MeetingState.OPEN, [CLOSED], True, Step.RECONCILE, id="closed, not counted by hand"),
        pytest.param(MeetingState.OPEN, [PAPER], True, Step.RECONCILE, id="paper, not counted by hand"),
        pytest.param(MeetingState.OPEN, [CLOSED_AND_AGREED], True, Step.COUNT_ROUND, id="closed, both sides agree"),
        pytest.param(MeetingState.OPEN, [PAPER_AND_AGREED], True, Step.COUNT_ROUND, id="paper, both sides agree"),
        pytest.param(MeetingState.OPEN, [LEVEL], True, Step.ROLL_DICE, id="level"),
        pytest.param(MeetingState.OPEN, [LEVEL_AND_NOT_COUNTED], True, Step.ROLL_DICE, id="dice before slips"),
        pytest.param(MeetingState.OPEN, [SEALED, DRAFT], True, Step.RECONCILE, id="sealed without agreeing"),
        pytest.param(MeetingState.OPEN, [SEALED_AND_AGREED, DRAFT], True, Step.PUBLISH_ROUND, id="sealed"),
        pytest.param(MeetingState.OPEN, [SET_ASIDE, DRAFT], True, Step.OPEN_ROUND, id="set aside, voted again"),
        pytest.param(MeetingState.OPEN, [SET_ASIDE], True, Step.CLOSE_MEETING, id="set aside is done"),
        pytest.param(MeetingState.OPEN, [PUBLISHED, DRAFT], True, Step.OPEN_ROUND, id="the next vote"),
        pytest.param(MeetingState.OPEN, [PUBLISHED], True, Step.CLOSE_MEETING, id="all published"),
        pytest.param(MeetingState.CLOSED, [PUBLISHED], True, Step.NOTHING, id="over"),
        pytest.param(MeetingState.MINUTED, [PUBLISHED], True, Step.NOTHING, id="minuted"),
    ],
)
def test_the_next_step(meeting: MeetingState, rounds: list[Standing], has_passes: bool, step: Step) -> None:
    assert next_step(meeting, rounds, has_passes=has_passes) is step


@pytest.mark.parametrize(
    ("rounds", "step"),
    [
        pytest.param([PUBLISHED, DRAFT], Step.REVEAL, id="a published result under the cover"),
        pytest.param([PUBLISHED], Step.REVEAL, id="the last result under the cover"),
        pytest.param([DRAFT], Step.OPEN_ROUND, id="nothing to reveal yet"),
        pytest.param([PUBLISHED, OPEN], Step.CLOSE_ROUND, id="the next vote runs"),
        pytest.param([PUBLISHED, SET_ASIDE], Step.CLOSE_MEETING, id="the last vote was set aside"),
    ],
)
def test_a_covered_result_is_revealed_first(rounds: list[Standing], step: Step) -> None:
    assert next_step(MeetingState.OPEN, rounds, has_passes=True, display=Display.COVERED) is step


def test_the_round_that_was_opened_comes_before_drafts() -> None:
    assert present_round([PUBLISHED, DRAFT, SEALED]) == 2
    assert present_round([SET_ASIDE, PUBLISHED]) is None


def test_every_state_has_its_place_in_the_row_of_steps() -> None:
    standings = [DRAFT, OPEN, CLOSED, PAPER, PAPER_AND_AGREED, SEALED, PUBLISHED]
    assert [phase_of(each) for each in standings] == [
        Phase.PREPARED,
        Phase.OPEN,
        Phase.CLOSED,
        Phase.CLOSED,
        Phase.RECONCILED,
        Phase.COUNTED,
        Phase.PUBLISHED,
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "10 minutes left"),
        (61, "9 minutes left"),
        (9 * 60 + 30, "1 minute left"),
        (10 * 60, "time is up"),
        (10 * 60 + 59, "time is up"),
        (11 * 60, "1 minute over"),
    ],
)
def test_a_time_box_in_words(seconds: int, words: str) -> None:
    began = datetime(2027, 1, 14, 19, 0, tzinfo=UTC)
    assert time_box(began, 10, began + timedelta(seconds=seconds)) == words


def test_a_minute_either_way_is_on_time() -> None:
    planned = datetime(2027, 1, 14, 19, 0, tzinfo=UTC)
    said = [lateness(planned, planned + timedelta(minutes=late)) for late in (-2, -1, 0, 1, 2)]
    assert said == ["2 minutes early", "on time", "on time", "on time", "2 minutes late"]
