"""The hall of the figures: the product and the floor, each served from a process of its own, and who watches."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import httpx
from sqlalchemy import func, select

from lib.model import Ballot
from lib.queries.meetings import open_meetings
from lib.queries.passes import ballot_state
from lib.queries.voting import last_opened_round
from lib.rules.ballots import credential
from lib.services.passes import LARGEST_BATCH
from lib.services.tonight import TITLE, crowd_slips
from lib.settings import settings
from lib.storage.engine import using
from lib.storage.transaction import reading
from tests.bench.signing_in import signed_in
from tests.serving import ROOT, Served, command, environment, free_port, serving

FACILITATOR = "facilitator@demo.example"
READERS = ("", "goals", "concerns", "meetings", "vote", "how")
"""Pages that people have open while they wait."""


@dataclass(frozen=True)
class Hall:
    """The product with tonight's meeting open and a vote running."""

    served: Served
    meeting_id: int
    meeting_uuid: UUID
    round_id: int

    @property
    def url(self) -> str:
        return self.served.url

    @property
    def phones_url(self) -> str:
        return self.served.phones_url

    @property
    def pid(self) -> int:
        return self.served.process.pid

    def slips(self, number: int) -> list[str]:
        """The codes of fresh residents' slips."""
        batches = [min(LARGEST_BATCH, number - begin) for begin in range(0, number, LARGEST_BATCH)]
        return [
            slip.token
            for size in batches
            for _side, slip in crowd_slips(meeting_id=self.meeting_id, residents=size, officers=0)
        ]

    def stored_mark(self, token: str) -> str | None:
        """What acknowledges the ballot that is stored under the slip, None without one."""
        state = ballot_state(self.round_id, credential(self.meeting_uuid, token))
        return state.mark if state.has_ballot else None

    def ballots(self) -> int:
        """How many ballots the round holds."""
        with reading() as db:
            return db.scalar(select(func.count()).where(Ballot.round_id == self.round_id)) or 0


@contextmanager
def hall_served(folder: Path) -> Iterator[Hall]:
    """Serve the demonstration city with tonight's meeting, the phones in a process of their own; within the block the
    bench reads the same database."""
    port = free_port()
    command(folder, "demo", "--tonight", port=port)
    settings.cache_clear()
    with serving(folder, port=port, phone_port=free_port()) as served, using(f"sqlite:///{folder}/common_beat.sqlite3"):
        meeting = next(row for row in open_meetings() if row.title == TITLE)
        running = last_opened_round(meeting.id)
        assert running is not None
        yield Hall(served, meeting.id, meeting.uuid, running.id)


@contextmanager
def floor_served(folder: Path) -> Iterator[Served]:
    """Serve the floor."""
    folder.mkdir()
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.floor", str(port), str(folder / "floor.sqlite3")],
        cwd=ROOT,
        env=environment(folder, port),
    )
    url = f"http://127.0.0.1:{port}"
    served = Served(url, folder, process, url)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{served.url}/ballot")
                break
            except httpx.HTTPError:
                assert process.poll() is None and time.monotonic() < until, "the floor did not come up"
                time.sleep(0.05)
        yield served
    finally:
        process.terminate()
        process.wait(timeout=10)


class Watching:
    """Sessions that watch the product. `turnouts` grows with what the projector is sent: (monotonic, ballots)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.turnouts, self._is_ready = process, list[tuple[float, int]](), Event()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line == "ready\n":
                self._is_ready.set()
            else:
                at, ballots = line.split("\t")
                self.turnouts.append((float(at), int(ballots)))

    def wait_until_ready(self, seconds: float) -> None:
        assert self._is_ready.wait(seconds), "the sessions did not get their pages"

    def sent_at(self, ballots: int) -> float | None:
        """When the projector was first sent a turnout of so many residents or more."""
        return next((at for at, seen in list(self.turnouts) if seen >= ballots), None)


@contextmanager
def watching(hall: Hall, sessions: int) -> Iterator[Watching]:
    """Let so many sessions watch: every other one the live display (the first is the projector), two the console, the
    others the public pages."""
    live = ("live", f"meeting={hall.meeting_uuid}", "")
    cookie = "; ".join(f"{name}={value}" for name, value in signed_in(hall.url, FACILITATOR).items())
    consoles = [("run", f"meeting={hall.meeting_uuid}", cookie)] * min(2, sessions // 4)
    displays = [live] * (sessions // 2)
    readers = [(READERS[n % len(READERS)], "", "") for n in range(sessions - len(displays) - len(consoles))]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.watchers", hall.url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps([*displays, *consoles, *readers]))
        process.stdin.close()
        yield Watching(process)
    finally:
        process.terminate()
        process.wait(timeout=10)
