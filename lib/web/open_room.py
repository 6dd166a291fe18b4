"""An open room on the phone: any device takes a pass, ranks with it, and adopts nothing.

The form goes below the ballot's path, since the pass cookie is sent nowhere else: so a device that holds a pass of this
meeting is known there and keeps it.
"""

import asyncio
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.errors import Conflict, NotFound
from lib.queries.open_rooms import OpenRoom, open_rooms
from lib.queries.passes import pass_of
from lib.services.admission import NO_OPEN_ROOM, join_open_room
from lib.web.forms import field
from lib.web.languages import _, language
from lib.web.passes import PATH, admitted, held_pass
from lib.web.quiet import keep_votes_out_of_access_logs
from lib.web.rendering import page
from lib.web.sentences import translated

AT_ONCE = 100
"""So many devices behind one address join without waiting: a hall's phones share its router."""

A_SECOND = 4
"""Beyond those, so many join in a second, one after the other."""

LONGEST_WAIT = 10.0
"""Seconds. Who would wait longer is asked to try again."""

MOST_CLIENTS = 2000


@dataclass
class _Queue:
    """What one address may still take at once, as of a moment; below zero others wait already."""

    left: float
    as_of: float


_lock = Lock()
_queues: dict[str, _Queue] = {}


def wait_to_join(client: str, *, moment: float | None = None) -> float | None:
    """How many seconds this device should wait for its pass; None: too many wait already.

    Nothing is written anywhere; an address is forgotten when it would wait no more.

    >>> [wait_to_join("a router", moment=0.0) for _ in range(AT_ONCE)] == [0.0] * AT_ONCE
    True
    >>> wait_to_join("a router", moment=0.0), wait_to_join("a router", moment=60.0)
    (0.25, 0.0)
    """
    at = monotonic() if moment is None else moment
    with _lock:
        if len(_queues) > MOST_CLIENTS:
            _forget(at)
        queue = _queues.setdefault(client, _Queue(AT_ONCE, at))
        left = min(AT_ONCE, queue.left + (at - queue.as_of) * A_SECOND) - 1
        wait = max(0.0, -left / A_SECOND)
        if wait > LONGEST_WAIT:
            return None
        queue.left, queue.as_of = left, at
    return wait


def show_open_room(request: Request) -> Response:
    """The room and its question; where several rooms are open, each."""
    return _shown(request)


async def join(request: Request) -> Response:
    """Give this device a pass, unless it holds one of this meeting."""
    room = await run_in_threadpool(_room_of, field(request, "meeting"))
    if room is None:
        return await run_in_threadpool(_shown, request, 409, translated(NO_OPEN_ROOM))
    if await run_in_threadpool(_keeps_pass, request, room):
        return RedirectResponse(PATH, 303)
    wait = wait_to_join(request.client.host if request.client else "")
    if wait is None:
        sentence = _("Many devices join from this network at this moment. Please try again in a few seconds.")
        answer = await run_in_threadpool(_shown, request, 429, sentence)
        answer.headers["Retry-After"] = str(int(LONGEST_WAIT))
        return answer
    await asyncio.sleep(wait)
    try:
        admission = await run_in_threadpool(join_open_room, meeting_id=room.meeting_id)
    except Conflict as refusal:
        return await run_in_threadpool(_shown, request, 409, translated(refusal.sentence))
    return admitted(admission)


def _shown(request: Request, status: int = 200, refusal: str = "") -> Response:
    rooms = open_rooms(language=language())
    return page(request, "open_room.html", status, scripts=not rooms, rooms=rooms, refusal=refusal)


def _room_of(text: str) -> OpenRoom | None:
    """The open room of a meeting, by the meeting's public name."""
    return next((room for room in open_rooms() if str(room.meeting_uuid) == text), None)


def _keeps_pass(request: Request, room: OpenRoom) -> bool:
    """Whether this device holds a pass that is good for this meeting."""
    held = held_pass(request)
    if held is None or held.meeting_uuid != room.meeting_uuid:
        return False
    try:
        return not pass_of(held.meeting_uuid, held.cred).is_void
    except NotFound:
        return False


def _forget(at: float) -> None:
    """Drop addresses that would not wait; if all would, drop all: waiting is a courtesy."""
    for client in [
        client for client, queue in _queues.items() if queue.left + (at - queue.as_of) * A_SECOND >= AT_ONCE
    ]:
        del _queues[client]
    if len(_queues) > MOST_CLIENTS:
        _queues.clear()


# Whoever serves these routes must not log who joined.
keep_votes_out_of_access_logs()

ROUTES: list[BaseRoute] = [
    Route("/open-room", show_open_room, methods=["GET"]),
    Route(f"{PATH}/open-room", join, methods=["POST"]),
]
