"""Ballots on their way to the disk.

Each commit waits for the disk. Ballots that arrive while one is under way do not stand behind it one by one: the next
commit takes all of them. So a rush costs hardly more waits than a quiet hall, and each phone is answered once its own
ballot is stored, never before.
"""

import asyncio
from dataclasses import dataclass

from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

from lib.errors import Explained
from lib.services.casting import BallotToCast, Receipt, cast_ballots
from lib.web.turns import casting_turns

MOST_AT_ONCE = 64
"""Ballots of one commit: so many that a rush is taken in a few steps, so few that none of them takes long."""


@dataclass(frozen=True)
class _Waiting:
    round_id: int
    cred: bytes
    ballot: BallotToCast
    outcome: asyncio.Future[Receipt | Explained]


class CastingLine:
    """Where the ballots of one event loop wait. One commit at a time; two ballots of one pass never share one, so that
    the later one stays the later one."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._casting: asyncio.Task[None] | None = None

    async def cast(self, round_id: int, cred: bytes, ballot: BallotToCast) -> Receipt:
        """The receipt, once the ballot of this pass is on the disk. Raises as `cast_ballot`."""
        one = _Waiting(round_id, cred, ballot, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if self._casting is None:
            # A task of its own: a phone that hangs up takes nobody else's ballot with it.
            self._casting = asyncio.create_task(self._cast_all())
        outcome = await one.outcome
        if isinstance(outcome, Explained):
            raise outcome
        return outcome

    async def _cast_all(self) -> None:
        try:
            while self._waiting:
                await _cast_together(self._next())
        finally:
            self._casting = None

    def _next(self) -> list[_Waiting]:
        """Those at the front that may share a commit: one round's, of different passes. The others stay in order."""
        taken: list[_Waiting] = []
        later: list[_Waiting] = []
        creds: set[bytes] = set()
        for one in self._waiting:
            fits = one.round_id == self._waiting[0].round_id and one.cred not in creds
            (taken if fits and len(taken) < MOST_AT_ONCE else later).append(one)
            creds.add(one.cred)
        self._waiting = later
        return taken


async def _cast_together(taken: list[_Waiting]) -> None:
    def cast() -> dict[bytes, Receipt | Explained]:
        return cast_ballots(round_id=taken[0].round_id, ballots={one.cred: one.ballot for one in taken})

    try:
        outcomes = await run_sync(cast, limiter=casting_turns.limiter)
    except BaseException as trouble:
        for one in taken:
            if not one.outcome.done():
                one.outcome.set_exception(trouble)
        if not isinstance(trouble, Exception):
            raise
        return
    for one in taken:
        if not one.outcome.done():
            one.outcome.set_result(outcomes[one.cred])


_line: RunVar[CastingLine] = RunVar("casting line")


def casting_line() -> CastingLine:
    """That of the running event loop: a future wakes nobody in another one."""
    try:
        return _line.get()
    except LookupError:
        made = CastingLine()
        _line.set(made)
        return made
