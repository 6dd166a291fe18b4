"""What the console asks each time it reads itself anew: one picture of the running meeting for all its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import streamlit as st

from lib import clock
from lib.queries.live import LiveSnapshot, live_snapshot
from lib.queries.meetings import MeetingDetail, next_meeting
from lib.queries.places import CityRow
from lib.queries.reconciling import SideReconciliation, reconciliation
from lib.queries.voting import BatchRow, RoundRow, waiting_passes
from lib.rules.console import Standing, Step, next_step, present_round
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.rights import Actor, Right, may
from lib.rules.voting import RoundMode
from lib.ui import reads, voting_reads

_COUNTABLE = frozenset({RoundState.CLOSED, RoundState.PAPER, RoundState.SEALED})


@dataclass(frozen=True)
class Console:
    """A meeting as its facilitator needs it at `now`.

    `shown` is the round to work on, `standing` where it stands, `last` the round opened last; None where there is none.
    `sides` is empty unless slips of `shown` are to be counted. `waiting`: passes at the door. `may_run`: whether the
    signed-in person may open, close, count and publish.
    """

    person: Actor
    detail: MeetingDetail
    shown: RoundRow | None
    standing: Standing | None
    last: RoundRow | None
    step: Step
    sides: tuple[SideReconciliation, ...]
    batches: tuple[BatchRow, ...]
    waiting: Mapping[Electorate, int]
    snapshot: LiveSnapshot
    city: CityRow
    now: datetime
    may_run: bool

    @property
    def drafts(self) -> tuple[RoundRow, ...]:
        """The rounds that were not opened yet."""
        return tuple(each for each in self.detail.rounds if each.state is RoundState.DRAFT)

    def letter(self, key: str) -> str | None:
        """A letter as a button's key, none while slips are scanned: what a reader types must press nothing."""
        return None if self.shown is not None and self.shown.state is RoundState.PAPER else key


def kept_meeting(chosen: UUID | None) -> UUID | None:
    """The meeting named in the address, else the one that is open or comes next, put into the address: a console stays
    with its meeting when that is over. None without any."""
    if chosen is None:
        coming = next_meeting()
        if coming is None:
            return None
        chosen = coming.uuid
        st.query_params["meeting"] = str(chosen)
    return chosen


def console(person: Actor, chosen: UUID | None) -> Console | None:
    """The meeting named in the address, else the one that is open or comes next; None without any. Read fresh."""
    detail = voting_reads.console_meeting(chosen)
    if detail is None:
        return None
    now = clock.now()
    sides = {each.id: reconciliation(each.id) for each in detail.rounds if _has_slips_to_count(each, now)}
    standings = tuple(_standing(each, sides.get(each.id, ()), now) for each in detail.rounds)
    batches = voting_reads.batches(detail.meeting.id)
    at = present_round(standings)
    shown = None if at is None else detail.rounds[at]
    opened = [each for each in detail.rounds if each.state is not RoundState.DRAFT]
    return Console(
        person=person,
        detail=detail,
        shown=shown,
        standing=None if at is None else standings[at],
        last=max(opened, key=lambda each: (each.opened_at or now, each.number), default=None),
        step=next_step(
            detail.meeting.state,
            standings,
            has_passes=len({batch.side for batch in batches}) == len(Electorate),
            display=detail.meeting.display,
        ),
        sides=sides.get(shown.id, ()) if shown else (),
        batches=batches,
        waiting=waiting_passes(detail.meeting.id),
        snapshot=live_snapshot(detail.meeting.uuid, now=now),
        city=reads.city(),
        now=now,
        may_run=may(person, Right.RUN_ROUND),
    )


def _standing(row: RoundRow, sides: tuple[SideReconciliation, ...], now: datetime) -> Standing:
    is_meeting = row.mode is RoundMode.MEETING
    return Standing(
        state=_state(row, now),
        agrees=not is_meeting or (bool(sides) and all(side.agrees for side in sides)),
        waits_for_dice=bool(row.dice_hash),
        is_set_aside=bool(row.set_aside),
        needs_slips=is_meeting,
    )


def _has_slips_to_count(row: RoundRow, now: datetime) -> bool:
    return row.mode is RoundMode.MEETING and _state(row, now) in _COUNTABLE and not row.set_aside


def _state(row: RoundRow, now: datetime) -> RoundState:
    """The round's state; one whose time is over is closed, whatever the clockwork has come to."""
    is_over = row.state is RoundState.OPEN and not row.takes_ballots(now)
    return RoundState.CLOSED if is_over else row.state
