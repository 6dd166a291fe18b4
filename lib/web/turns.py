"""How many phones a process works for at once.

Each request of a phone is a millisecond of work. Forty threads of them fight for one lock and each pays for the fight;
so they are answered one after the other, and what waits, waits in order, without a thread. Who casts a ballot waits for
the disk, so that has a turn of its own: a slow disk holds up no page.

A process that serves nothing but phones, from SQLite, answers them in its event loop itself: a question to SQLite waits
for nobody, and handing it to a thread and back costs as much as asking it. Beside the screens, and with a database on
the other end of a line, a thread does it.
"""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from lib.storage.engine import engine

Answer = TypeVar("Answer")


class Turns:
    """One at a time, in each event loop by itself: a limiter wakes nobody in another loop."""

    def __init__(self, name: str) -> None:
        self._of_loop: RunVar[CapacityLimiter] = RunVar(name)

    @property
    def limiter(self) -> CapacityLimiter:
        """That of the running loop."""
        try:
            return self._of_loop.get()
        except LookupError:
            made = CapacityLimiter(1)
            self._of_loop.set(made)
            return made


reading_turns = Turns("reading turns")
casting_turns = Turns("casting turns")


def answer_in_the_loop(app: Starlette) -> None:
    """Let an application that serves phones alone answer them without a thread, where that holds up nobody."""
    app.state.answers_in_the_loop = engine().dialect.name == "sqlite"


async def in_turn(request: Request, work: Callable[..., Answer], *asked: object) -> Answer:
    """What `work` answers, as soon as it is this request's turn."""
    if getattr(request.app.state, "answers_in_the_loop", False):
        return work(*asked)
    return await run_sync(partial(work, *asked), limiter=reading_turns.limiter)


def one_at_a_time(handler: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The handler, as soon as it is this request's turn."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        return await in_turn(request, handler, request)

    return answered
