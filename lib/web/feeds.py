"""Atom feeds of a beat and of a goal: for feed readers and other sites, the same for everybody, without a cookie.

They speak the language that their address names (`?language=es`), else English.
"""

import hashlib
from datetime import UTC, date
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from time import monotonic
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib import clock
from lib.errors import NotFound
from lib.queries.feeds import beat_feed, goal_feed
from lib.rules.atom import Feed, atom
from lib.rules.feed_words import Voice
from lib.settings import settings
from lib.storage.engine import engine
from lib.web.goal_sheet import NO_GOAL
from lib.web.languages import _, day, language, month
from lib.web.rendering import city_shown

SECONDS = 60
"""How long a process believes what it wrote: feed readers come in swarms on the hour."""


def show_beat(request: Request) -> Response:
    """Raises NotFound (beat)."""
    code = str(request.path_params["code"])
    return _answer(request, *_of_beat(*_here(), language(), code, int(monotonic() // SECONDS)))


def show_goal(request: Request) -> Response:
    """Raises NotFound (goal)."""
    try:
        uuid = UUID(str(request.path_params["uuid"]))
    except ValueError as cause:
        raise NotFound(NO_GOAL) from cause
    return _answer(request, *_of_goal(*_here(), language(), uuid, int(monotonic() // SECONDS)))


def _here() -> tuple[str, str]:
    return str(engine().url), settings().address


@lru_cache(maxsize=128)
def _of_beat(_database: str, _address: str, spoken: str, code: str, _tick: int) -> tuple[Feed, bytes]:
    feed = beat_feed(code, _voice(spoken), today=_today())
    return feed, atom(feed)


@lru_cache(maxsize=256)
def _of_goal(_database: str, _address: str, spoken: str, uuid: UUID, _tick: int) -> tuple[Feed, bytes]:
    feed = goal_feed(uuid, _voice(spoken))
    return feed, atom(feed)


def _voice(spoken: str) -> Voice:
    return Voice(spoken, _, day, month)


def _today() -> date:
    city = city_shown()
    return clock.today(city.time_zone if city else "UTC")


def _answer(request: Request, feed: Feed, content: bytes) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    changed = feed.updated.astimezone(UTC).replace(microsecond=0)
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Cache-Control": "public, max-age=300",
    }
    known = request.headers.get("if-none-match")
    if known is not None:
        # RFC 9110, 13.1.3: the date is looked at only where no tag is given.
        is_known = known.strip() == "*" or tag in [part.strip().removeprefix("W/") for part in known.split(",")]
    else:
        is_known = _is_since(request.headers.get("if-modified-since", ""), changed.timestamp())
    if is_known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/atom+xml", headers=headers)


def _is_since(header: str, changed: float) -> bool:
    try:
        return parsedate_to_datetime(header).timestamp() >= changed
    except ValueError:
        return False


ROUTES: list[BaseRoute] = [
    Route("/feeds/beats/{code}.atom", show_beat, methods=["GET"]),
    Route("/feeds/goals/{uuid}.atom", show_goal, methods=["GET"]),
]
