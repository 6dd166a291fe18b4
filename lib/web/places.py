"""How many phones a process works for at once.

Each request of a phone is a millisecond of work. Forty threads of them fight for one lock and each pays for the fight;
one takes them one after the other, and what waits, waits in order, without a thread. Who casts a ballot waits for the
disk, so that has a place of its own: a slow disk holds up no page. Measured with 1,000 phones in ten seconds
(docs/figures.md): with two places each the slowest twentieth of the ballots took twice as long.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

reading_places = CapacityLimiter(1)
casting_places = CapacityLimiter(1)


def one_of_few(
    handler: Callable[[Request], Response], places: CapacityLimiter = reading_places
) -> Callable[[Request], Awaitable[Response]]:
    """The handler in a thread, as soon as one of the places is free."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        return await run_sync(handler, request, limiter=places)

    return answered
