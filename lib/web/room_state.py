"""Which round the room is at, in a few characters that change when a phone should look again."""

from datetime import datetime
from functools import lru_cache
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from lib.clock import now
from lib.queries.meetings import meeting
from lib.queries.voting import last_opened_round, void_passes
from lib.rules.ballots import commitment
from lib.rules.lifecycle import MeetingState, RoundState
from lib.storage.engine import engine
from lib.web.passes import held_pass
from lib.web.rendering import city_shown

GONE, VOID = "gone", "void"


def tell_state(request: Request) -> Response:
    """The state for the pass of this phone: that of its room, `void` once it was declared void, `gone` without one."""
    held = held_pass(request)
    if held is None:
        return PlainTextResponse(GONE)
    is_void = commitment(held.cred) in _void_passes_at(str(engine().url), held.meeting_uuid, int(monotonic()))
    return PlainTextResponse(VOID if is_void else room_state(held.meeting_uuid))


def room_state(meeting_uuid: UUID) -> str:
    """Asked once a second per process, however many phones wait."""
    return _room_state_at(str(engine().url), meeting_uuid, int(monotonic()))


def clock_time(at: datetime | None) -> str:
    """An instant as the clock of the hall shows it, "" for none."""
    city = city_shown()
    return "" if at is None else f"{at.astimezone(ZoneInfo(city.time_zone) if city else at.tzinfo):%H:%M}"


def forget_states() -> None:
    """Ask anew, whatever was asked within this second: for tests, which do in a second what a hall does in an hour."""
    _room_state_at.cache_clear()
    _void_passes_at.cache_clear()


@lru_cache(maxsize=64)
def _room_state_at(database: str, meeting_uuid: UUID, tick: int) -> str:
    row = meeting(meeting_uuid)
    last = last_opened_round(row.id)
    if row.state is not MeetingState.OPEN or last is None:
        return row.state.value
    is_open = last.takes_ballots(now())
    shown = "open" if is_open else "published" if last.state is RoundState.PUBLISHED else "closed"
    return f"{last.number}-{last.uuid.hex[:6]}-{shown}"


@lru_cache(maxsize=64)
def _void_passes_at(database: str, meeting_uuid: UUID, tick: int) -> frozenset[bytes]:
    return void_passes(meeting_uuid)
