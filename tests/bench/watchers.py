"""Browsers that watch: sessions of Streamlit's own protocol, in a process of their own.

A session opens its WebSocket, asks for its page, and then does what the page asks of a browser: a fragment with
`run_every` is asked for again at its own pace, whether or not the last answer has come. The first session is the
projector; each time the turnout it was sent changes, `monotonic seconds<TAB>ballots of residents` goes to standard
output. `ready` goes there when every session has its page.

`python -m tests.bench.watchers URL`, with the sessions as JSON on standard input: a list of [page, query, cookie].
"""

import asyncio
import contextlib
import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_TURNOUT = re.compile(r"<b>([\d,]+) of [\d,]+</b><span>residents</span>")
AT_ONCE = 4
"""Sessions that load their first page at the same time, so that opening the hall's doors is not itself the load."""


class Watcher:
    """One browser session. `told` gets the text of every HTML element that it is sent."""

    def __init__(self, socket: ClientConnection, page: str, query: str, told: Callable[[str], None] | None) -> None:
        self._socket, self._page, self._query, self._told = socket, page, query, told
        self._hash = ""
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._kept: dict[str, ForwardMsg] = {}
        self.has_page = asyncio.Event()
        self.ticks = 0

    async def watch(self) -> None:
        """Ask for the page and follow what the server says until it hangs up."""
        await self._ask()
        async for raw in self._socket:
            message = ForwardMsg()
            message.ParseFromString(raw)
            if message.WhichOneof("type") == "ref_hash":
                message = self._kept[message.ref_hash]
            elif message.metadata.cacheable and message.hash:
                self._kept[message.hash] = message
            self._follow(message)

    def _follow(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._hash = message.new_session.page_script_hash
            case "auto_rerun":
                rerun = message.auto_rerun
                if rerun.fragment_id not in self._timers:
                    ticking = asyncio.create_task(self._tick(rerun.fragment_id, rerun.interval))
                    self._timers[rerun.fragment_id] = ticking
            case "script_finished":
                self.has_page.set()
            case "delta" if self._told is not None:
                element = message.delta.new_element
                if element.WhichOneof("type") == "html":
                    self._told(element.html.body)

    async def _tick(self, fragment: str, seconds: float) -> None:
        due = time.monotonic() + seconds
        while True:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due += seconds
            self.ticks += 1
            await self._ask(fragment)

    async def _ask(self, fragment: str = "") -> None:
        asked = BackMsg()
        asked.rerun_script.page_name = "" if self._hash else self._page
        asked.rerun_script.page_script_hash = self._hash
        asked.rerun_script.query_string = self._query
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.is_auto_rerun = bool(fragment)
        asked.rerun_script.cached_message_hashes.extend(self._kept)
        asked.rerun_script.context_info.timezone = "America/Los_Angeles"
        await self._socket.send(asked.SerializeToString())


async def watch_together(url: str, sessions: list[tuple[str, str, str]], tell: Callable[[str], None]) -> None:
    """Open every session, the first one, which is the projector, before the others come. Raises what ends one of
    them."""
    seen = -1

    def projected(html: str) -> None:
        nonlocal seen
        found = _TURNOUT.search(html)
        ballots = int(found.group(1).replace(",", "")) if found else seen
        if ballots != seen:
            seen = ballots
            tell(f"{time.monotonic()}\t{seen}")

    places = asyncio.Semaphore(AT_ONCE)
    running: list[asyncio.Task[None]] = []
    async with contextlib.AsyncExitStack() as stack:

        async def begin(page: str, query: str, cookie: str, told: Callable[[str], None] | None) -> None:
            async with places:
                socket = await stack.enter_async_context(
                    connect(
                        url.replace("http", "ws", 1) + "/_stcore/stream",
                        subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],  # type: ignore[list-item]
                        additional_headers={"Cookie": cookie} if cookie else {},
                        compression=None,
                        max_size=None,
                        ping_interval=None,
                    )
                )
                watcher = Watcher(socket, page, query, told)
                running.append(asyncio.create_task(watcher.watch()))
                await watcher.has_page.wait()

        async with asyncio.timeout(120):
            await begin(*sessions[0], projected)
            await asyncio.gather(*(begin(*each, None) for each in sessions[1:]))
        tell("ready")
        await asyncio.gather(*running)


def _tell(line: Any) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(watch_together(sys.argv[1], json.loads(sys.stdin.read()), _tell))
