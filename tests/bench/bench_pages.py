"""First script run of every Streamlit page with the demonstration city: p50 and p95 over 20 fresh sessions.

A session is what a browser opens: a WebSocket to Streamlit's stream, one "rerun", and the time until the script has
finished. The floor of the same run is a page that does not exist (the shell alone). One session at a time, so the
figures say what a page costs, not how many people share the machine.
"""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from lib.rules.rights import PAGES, may_see
from tests.bench.signing_in import signed_in
from tests.serving import Served, command, serving

SESSIONS = 20
ACCOUNT = {
    "desk": "officer@demo.example",
    "run": "facilitator@demo.example",
    "admin": "coordinator@demo.example",
    "audit": "auditor@demo.example",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as served:
        command(Path(folder), "demo", "--tonight", port=int(served.url.rpartition(":")[2]))
        table = Table("page", "p50 ms", "p95 ms", "p50 to the shell alone", "kilobytes")
        floor = _figures(served, "nothing-here", "", {})
        for page in PAGES:
            cookies = {} if may_see((), page) else signed_in(served.url, ACCOUNT[page])
            p50, p95, size = _figures(served, "" if page == "home" else page, _query(served, page), cookies)
            table.add_row(page, f"{p50:.0f}", f"{p95:.0f}", f"{p50 / floor[0]:.1f}x", f"{size / 1024:.0f}")
        table.add_row("(the shell alone)", f"{floor[0]:.0f}", f"{floor[1]:.0f}", "1.0x", f"{floor[2] / 1024:.0f}")
        Console(width=100).print(table)


def _figures(served: Served, page: str, query: str, cookies: dict[str, str]) -> tuple[float, float, int]:
    runs = [asyncio.run(_first_run(served, page, query, cookies)) for _ in range(SESSIONS + 1)][1:]
    times = sorted(seconds * 1000 for seconds, _ in runs)
    return statistics.median(times), times[int(0.95 * len(times)) - 1], runs[-1][1]


async def _first_run(served: Served, page: str, query: str, cookies: dict[str, str]) -> tuple[float, int]:
    address = served.url.replace("http", "ws", 1) + "/_stcore/stream"
    header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    async with connect(
        address, subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"], additional_headers=header, max_size=None
    ) as socket:
        ask = BackMsg()
        ask.rerun_script.page_name = page
        ask.rerun_script.query_string = query
        ask.rerun_script.context_info.timezone = "America/Los_Angeles"
        started = time.perf_counter()
        await socket.send(ask.SerializeToString())
        size = 0
        while True:
            raw = await socket.recv(decode=False)
            size += len(raw)
            message = ForwardMsg()
            message.ParseFromString(raw)
            if message.WhichOneof("type") == "script_finished":
                return time.perf_counter() - started, size


def _query(served: Served, page: str) -> str:
    if page in ("home", "concerns", "goals", "meetings", "services", "raise"):
        return "beat=K2"
    if page == "goal":
        goals = json.loads(httpx.get(f"{served.url}/api/goals").text)
        return f"id={next(goal for goal in goals if goal['state'] == 'active')['uuid']}"
    return ""
