"""What a facilitator does next: one step at a time, from what stands in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.text import counted
from lib.rules.voting import Display


class Step(StrEnum):
    """The next step of a meeting, each the one big button of the console."""

    OPEN_MEETING = "open_meeting"
    MINT_PASSES = "mint_passes"
    PLAN_ROUND = "plan_round"
    OPEN_ROUND = "open_round"
    CLOSE_ROUND = "close_round"
    RECONCILE = "reconcile"
    COUNT_ROUND = "count_round"
    ROLL_DICE = "roll_dice"
    PUBLISH_ROUND = "publish_round"
    REVEAL = "reveal"
    CLOSE_MEETING = "close_meeting"
    NOTHING = "nothing"


class Phase(StrEnum):
    """Where one round stands as the console shows it, in the order of the row of steps."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    RECONCILED = "reconciled"
    COUNTED = "counted"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Standing:
    """What the console knows of one round. `agrees`: passes and ballots of both sides have been counted and agree (an
    open room has no slips to count, so it always does). `waits_for_dice`: goals are level for a place."""

    state: RoundState
    agrees: bool = False
    waits_for_dice: bool = False
    is_set_aside: bool = False
    needs_slips: bool = True

    @property
    def is_done(self) -> bool:
        """Published, or set aside without a result."""
        return self.state is RoundState.PUBLISHED or self.is_set_aside


def present_round(rounds: Sequence[Standing]) -> int | None:
    """Index of the round to work on: one that was opened and is not done, else the first draft, else none.

    >>> done, draft, closed = Standing(RoundState.PUBLISHED), Standing(RoundState.DRAFT), Standing(RoundState.CLOSED)
    >>> present_round([done, draft, closed]), present_round([done, draft]), present_round([done])
    (2, 1, None)
    >>> present_round([Standing(RoundState.SEALED, is_set_aside=True), draft])
    1
    """
    running = [at for at, each in enumerate(rounds) if each.state is not RoundState.DRAFT and not each.is_done]
    drafts = [at for at, each in enumerate(rounds) if each.state is RoundState.DRAFT]
    return next(iter([*running, *drafts]), None)


def next_step(
    meeting: MeetingState, rounds: Sequence[Standing], *, has_passes: bool, display: Display = Display.VOTE
) -> Step:
    """The next step. `rounds` by number; `has_passes`: both sides have some.

    >>> next_step(MeetingState.OPEN, [Standing(RoundState.DRAFT)], has_passes=False)
    <Step.MINT_PASSES: 'mint_passes'>
    >>> next_step(MeetingState.OPEN, [Standing(RoundState.OPEN)], has_passes=True)
    <Step.CLOSE_ROUND: 'close_round'>
    >>> next_step(MeetingState.OPEN, [Standing(RoundState.CLOSED)], has_passes=True)
    <Step.RECONCILE: 'reconcile'>
    """
    if meeting is MeetingState.PLANNED:
        return Step.OPEN_MEETING
    if meeting is not MeetingState.OPEN:
        return Step.NOTHING
    at = present_round(rounds)
    if display is Display.COVERED and _has_hidden_result(rounds, at):
        return Step.REVEAL
    if at is None:
        return Step.CLOSE_MEETING if rounds else Step.PLAN_ROUND
    return _step_of(rounds[at], has_passes=has_passes)


def phase_of(standing: Standing) -> Phase:
    """Where a round stands in the row of steps.

    >>> phase_of(Standing(RoundState.PAPER, agrees=True))
    <Phase.RECONCILED: 'reconciled'>
    """
    match standing.state:
        case RoundState.DRAFT:
            return Phase.PREPARED
        case RoundState.OPEN:
            return Phase.OPEN
        case RoundState.CLOSED | RoundState.PAPER:
            return Phase.RECONCILED if standing.agrees else Phase.CLOSED
        case RoundState.SEALED:
            return Phase.COUNTED
        case RoundState.PUBLISHED:
            return Phase.PUBLISHED


def scanned_code(typed: str) -> str:
    """What a reader of QR codes typed, without the address around the slip's code; a code typed by hand as it is.

    >>> scanned_code("HTTP://192.168.1.20:8501/B/ABCDEFGHJKMNPQRS "), scanned_code("abcd-efgh-jkmn-pqrs")
    ('ABCDEFGHJKMNPQRS', 'abcd-efgh-jkmn-pqrs')
    """
    at = typed.lower().rfind("/b/")
    return (typed if at < 0 else typed[at + 3 :]).strip().rstrip("/")


def time_box(started_at: datetime, minutes: int, now: datetime) -> str:
    """How much of a step's time box is left, in words.

    >>> began = datetime(2027, 1, 14, 19, 0)
    >>> time_box(began, 10, began + timedelta(minutes=3)), time_box(began, 10, began + timedelta(minutes=12))
    ('7 minutes left', '2 minutes over')
    """
    left = timedelta(minutes=minutes) - (now - started_at)
    if left < timedelta(0):
        over = -left // timedelta(minutes=1)
        return f"{counted(over, 'minute')} over" if over else "time is up"
    whole = -(-left // timedelta(minutes=1))
    return f"{counted(whole, 'minute')} left" if whole else "time is up"


def lateness(planned_at: datetime, now: datetime) -> str:
    """How a meeting runs against its plan, in words; a minute either way is on time.

    >>> planned = datetime(2027, 1, 14, 19, 0)
    >>> [lateness(planned, planned + timedelta(minutes=late)) for late in (0, 4, -3)]
    ['on time', '4 minutes late', '3 minutes early']
    """
    late = round((now - planned_at) / timedelta(minutes=1))
    if abs(late) <= 1:
        return "on time"
    return f"{counted(abs(late), 'minute')} {'late' if late > 0 else 'early'}"


def _step_of(standing: Standing, *, has_passes: bool) -> Step:
    match standing.state:
        case RoundState.DRAFT:
            return Step.OPEN_ROUND if has_passes or not standing.needs_slips else Step.MINT_PASSES
        case RoundState.OPEN:
            return Step.CLOSE_ROUND
        case RoundState.CLOSED | RoundState.PAPER:
            if standing.waits_for_dice:
                return Step.ROLL_DICE
            return Step.COUNT_ROUND if standing.agrees else Step.RECONCILE
        case _:
            return Step.PUBLISH_ROUND if standing.agrees else Step.RECONCILE


def _has_hidden_result(rounds: Sequence[Standing], at: int | None) -> bool:
    """Whether the round opened last is published: then a cover hides its result."""
    opened = [each for each in rounds if each.state is not RoundState.DRAFT]
    is_between_votes = at is None or rounds[at].state is RoundState.DRAFT
    return is_between_votes and bool(opened) and opened[-1].state is RoundState.PUBLISHED
