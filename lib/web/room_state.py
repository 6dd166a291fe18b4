"""Which round the room is at, in a few characters that change when a phone should look again."""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from lib.clock import now
from lib.queries.meetings import meeting
from lib.queries.passes import void_passes
from lib.queries.voting import last_opened_round
from lib.rules.ballots import commitment
from lib.rules.lifecycle import MeetingState, RoundState
from lib.storage.engine import engine
from lib.web.passes import held_pass
from lib.web.rendering import city_shown

GONE, VOID = "gone", "void"


@dataclass(frozen=True)
class RoomNow:
    """The room's state, and which passes were declared void (their commitments), read in second `tick`."""

    tick: int
    state: str
    void: frozenset[bytes]


async def tell_state(request: Request) -> Response:
    """The state for the pass of this phone: that of its room, `void` once it was declared void, `gone` without one.

    A thousand phones ask this every few seconds, so most are answered from memory, without a thread.
    """
    held = held_pass(request)
    if held is None:
        return PlainTextResponse(GONE)
    room = _known(held.meeting_uuid)
    if room is None:
        room = await run_in_threadpool(_room_now, held.meeting_uuid)
    return PlainTextResponse(VOID if commitment(held.cred) in room.void else room.state)


def room_state(meeting_uuid: UUID) -> str:
    """Asked once a second per process, however many phones wait."""
    return (_known(meeting_uuid) or _room_now(meeting_uuid)).state


def clock_time(at: datetime | None) -> str:
    """An instant as the clock of the hall shows it, "" for none."""
    city = city_shown()
    return "" if at is None else f"{at.astimezone(ZoneInfo(city.time_zone) if city else at.tzinfo):%H:%M}"


def forget_states() -> None:
    """Ask anew, whatever was asked within this second: for tests, which do in a second what a hall does in an hour."""
    _rooms.clear()


MOST_ROOMS = 64

_rooms: dict[tuple[object, UUID], RoomNow] = {}


def _known(meeting_uuid: UUID) -> RoomNow | None:
    room = _rooms.get((engine(), meeting_uuid))
    return room if room is not None and room.tick == int(monotonic()) else None


def _room_now(meeting_uuid: UUID) -> RoomNow:
    tick = int(monotonic())
    room = RoomNow(tick, _state(meeting_uuid), void_passes(meeting_uuid))
    if len(_rooms) >= MOST_ROOMS:
        _rooms.clear()
    _rooms[engine(), meeting_uuid] = room
    return room


def _state(meeting_uuid: UUID) -> str:
    row = meeting(meeting_uuid)
    last = last_opened_round(row.id)
    if row.state is not MeetingState.OPEN or last is None:
        return row.state.value
    is_open = last.takes_ballots(now())
    shown = "open" if is_open else "published" if last.state is RoundState.PUBLISHED else "closed"
    return f"{last.number}-{last.uuid.hex[:6]}-{shown}"
