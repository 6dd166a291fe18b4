"""Phones in the hall as cheap as a load generator can make them: one kept connection each, requests as plain bytes.

A browser sends five requests for a ballot: the link of the slip, the ballot, its style sheet, the vote, and the page
that says it is in.
"""

import asyncio
import gzip
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_HIDDEN = re.compile(rb'type="hidden" name="([^"]+)" value="([^"]*)"')
_STYLE = re.compile(rb'rel="stylesheet" href="([^"]+)"')
_GOAL = re.compile(rb'name="goal" value="([^"]+)"')

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """An answer, and the seconds from the first byte sent to the last one received."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    @property
    def location(self) -> str:
        found = _LOCATION.search(self.head)
        return found.group(1).decode() if found else ""


class Line(asyncio.Protocol):
    """One kept HTTP/1.1 connection. Answers must say their length; one request at a time."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._waiting: asyncio.Future[tuple[bytes, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        end = self._held.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._held[:end])
        length = _LENGTH.search(head)
        whole = end + 4 + (int(length.group(1)) if length else 0)
        if len(self._held) >= whole and self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((head, bytes(self._held[end + 4 : whole])))
            del self._held[:whole]

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("the server hung up"))

    async def ask(self, request: bytes) -> Answer:
        """Send a request and wait for its answer. Raises ConnectionError, TimeoutError."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._transport.write(request)
        async with asyncio.timeout(PATIENCE_SECONDS):
            head, body = await self._waiting
        return Answer(int(head[9:12]), head, body, time.perf_counter() - began)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def calling(address: str) -> AsyncIterator[Line]:
    """A connection to a server, hung up at the end of the block."""
    parts = urlsplit(address)
    _, line = await asyncio.get_running_loop().create_connection(Line, parts.hostname, parts.port)
    try:
        yield line
    finally:
        line.close()


def get(address: str, path: str, cookie: str = "") -> bytes:
    """A GET as a phone's browser sends it."""
    return _request("GET", address, path, cookie, b"")


def post(address: str, path: str, fields: Sequence[tuple[str, str]], cookie: str = "") -> bytes:
    """A form as a phone's browser sends it."""
    return _request("POST", address, path, cookie, urlencode(fields).encode())


def _request(method: str, address: str, path: str, cookie: str, body: bytes) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        "User-Agent: Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language: en-US,en;q=0.9",
        "Accept-Encoding: gzip, deflate",
    ]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines += [
            f"Origin: {address}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Ballot:
    """The ballot as a phone loaded it: the cookie of its pass, the form's hidden fields, the goals to choose from, and
    the seconds that its requests took together."""

    cookie: str
    hidden: tuple[tuple[str, str], ...]
    goals: tuple[str, ...]
    seconds: float


class NoBallot(Exception):
    """What a phone was answered instead of what it asked for."""


async def load_ballot(line: Line, address: str, token: str) -> Ballot:
    """Scan the slip, be led to the ballot, and read it with its style sheet. Raises NoBallot."""
    scanned = await line.ask(get(address, f"/b/{token}"))
    cookie = _COOKIE.search(scanned.head)
    if scanned.status != 303 or cookie is None:
        raise NoBallot(f"{scanned.status} at the slip's link")
    held = cookie.group(1).decode()
    page = await line.ask(get(address, scanned.location, held))
    html = gzip.decompress(page.body) if b"\r\ncontent-encoding: gzip" in page.head else page.body
    goals = tuple(goal.decode() for goal in _GOAL.findall(html))
    if page.status != 200 or not goals:
        raise NoBallot(f"{page.status} without a ballot at {scanned.location}")
    style = _STYLE.search(html)
    styled = await line.ask(get(address, unescape(style.group(1).decode()))) if style else None
    hidden = tuple((name.decode(), unescape(value.decode())) for name, value in _HIDDEN.findall(html))
    seconds = scanned.seconds + page.seconds + (styled.seconds if styled else 0)
    return Ballot(held, hidden, goals, seconds)


def vote_request(address: str, ballot: Ballot, chosen: Sequence[str]) -> bytes:
    """The vote as bytes; "none of these" when nothing is chosen."""
    fields = [*ballot.hidden, *(("goal", goal) for goal in chosen)]
    if not chosen:
        fields.append(("none", "yes"))
    return post(address, "/ballot", [*fields, ("word", "")], ballot.cookie)


async def burst(address: str, requests: Sequence[bytes], *, lines: int) -> tuple[float, list[Answer]]:
    """Send prepared requests as fast as they are answered, over so many connections; seconds and answers, in order."""
    answers: list[Answer | None] = [None] * len(requests)
    left = iter(enumerate(requests))

    async def send(line: Line) -> None:
        for place, request in left:
            answers[place] = await line.ask(request)

    async with AsyncExitStack() as stack:
        called = [await stack.enter_async_context(calling(address)) for _ in range(lines)]
        began = time.perf_counter()
        await asyncio.gather(*(send(line) for line in called))
        seconds = time.perf_counter() - began
    return seconds, [answer for answer in answers if answer is not None]
