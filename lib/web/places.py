"""How many phones a process works for at once.

Each request of a phone is a millisecond of work. Forty threads of them fight for one lock and each pays for the fight;
one takes them one after the other, and what waits, waits in order, without a thread. Who casts a ballot waits for the
disk, so that has a place of its own: a slow disk holds up no page. Measured with 1,000 phones in ten seconds
(docs/figures.md): with two places each the slowest twentieth of the ballots took twice as long.
"""

from collections.abc import Awaitable, Callable
from functools import partial, wraps

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response


class Places:
    """So many at a time, in each event loop by itself: a limiter wakes nobody in another loop."""

    def __init__(self, name: str, number: int) -> None:
        self._number = number
        self._of_loop: RunVar[CapacityLimiter] = RunVar(name)

    @property
    def limiter(self) -> CapacityLimiter:
        """That of the running loop."""
        try:
            return self._of_loop.get()
        except LookupError:
            made = CapacityLimiter(self._number)
            self._of_loop.set(made)
            return made


reading_places = Places("reading places", 1)
casting_places = Places("casting places", 1)


async def in_a_place(work: Callable[..., Response], *asked: object) -> Response:
    """What `work` answers, in a thread, as soon as the place for reading is free."""
    return await run_sync(partial(work, *asked), limiter=reading_places.limiter)


def one_of_few(handler: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The handler in a thread, as soon as the place for reading is free."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        return await in_a_place(handler, request)

    return answered
