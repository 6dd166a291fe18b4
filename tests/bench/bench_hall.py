"""A hall that votes: 1,000 phones within 10 seconds while 150 Streamlit sessions watch, one of them the projector.

The product serves the demonstration city from two processes, screens and phones (`PHONE_PORT`); beside them the floor
(`floor.py`): a bare Starlette route that puts the same row into SQLite, under the same server. Both take the same
phones in the same run, one after the other, while the same sessions watch the product:

- *arriving*: 1,000 phones spread evenly over 10 seconds, each with a connection of its own; p50, p95 and p99;
- *rushing*: 1,000 prepared votes as fast as 50 connections get their answers, in turn; ballots a second, the median.

A ballot is lost when it was acknowledged and another one, or none, is stored under its pass. What the room sees: the
seconds from the k-th acknowledgement to the moment the projector's session has been sent a turnout of k or more.
"""

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.hall_served import Hall, Watching, floor_served, hall_served, watching
from tests.bench.phones import (
    PATIENCE_SECONDS,
    Answer,
    Ballot,
    NoBallot,
    burst,
    calling,
    get,
    load_ballot,
    post,
    vote_request,
)
from tests.bench.processes import cpu_seconds, peak_megabytes

LINES = 50
PREPARING_LINES = 8
ACKNOWLEDGED = "/ballot/in?was="


@dataclass(frozen=True)
class Size:
    """How much of a hall: phones over so many seconds, sessions that watch, rushes of each server, ballots cast one by
    one while the hall is quiet."""

    phones: int
    seconds: float
    sessions: int
    rushes: int
    quiet: int


FULL = Size(phones=1000, seconds=10, sessions=150, rushes=3, quiet=30)
SMOKE = Size(phones=20, seconds=1, sessions=5, rushes=1, quiet=3)


@dataclass
class Served:
    """What was measured of one server: seconds of a page and of a vote while phones arrive, seconds of a vote and
    ballots a second in each rush; what stopped a phone."""

    pages: list[float] = field(default_factory=list)
    votes: list[float] = field(default_factory=list)
    rushed_votes: list[float] = field(default_factory=list)
    rushes: list[float] = field(default_factory=list)
    rushes_alone: list[float] = field(default_factory=list)
    cpu: float = 0
    failures: list[str] = field(default_factory=list)


@dataclass
class Figures:
    """The product, the floor, and what only the product has: delays to the projector in seconds, ballots by what
    became of them, seconds of a core by what they went into."""

    product: Served = field(default_factory=Served)
    floor: Served = field(default_factory=Served)
    quiet_votes: list[float] = field(default_factory=list)
    quiet_delays: list[float] = field(default_factory=list)
    busy_delays: list[float] = field(default_factory=list)
    acknowledged: int = 0
    lost: int = 0
    double: int = 0
    watching_cpu: float = 0
    generator_cpu: float = 0
    peak_megabytes: float = 0

    @property
    def throughput(self) -> float:
        """Ballots a second, to the floor, while the sessions watch."""
        return statistics.median(self.product.rushes) / statistics.median(self.floor.rushes)

    @property
    def throughput_alone(self) -> float:
        """The same without anybody watching."""
        return statistics.median(self.product.rushes_alone) / statistics.median(self.floor.rushes_alone)

    @property
    def slowness(self) -> float:
        """95th percentile of a vote while phones arrive, to the floor's."""
        return percentile(self.product.votes, 95) / percentile(self.floor.votes, 95)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of the values do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def measure(size: Size, folder: Path) -> Figures:
    """Let the hall vote and see what is stored."""
    os.environ["SECRET_KEY"] = "a secret for tests only"
    with hall_served(folder / "hall") as hall, floor_served(folder / "floor") as floor:
        return _Measuring(size, hall, floor.url, floor.process.pid).measured()


class _Measuring:
    def __init__(self, size: Size, hall: Hall, floor: str, floor_pid: int) -> None:
        self.size, self.hall, self.floor, self.floor_pid = size, hall, floor, floor_pid
        self.figures = Figures()
        self.chance = random.Random(2026)
        self.before = hall.ballots()
        # Slips are printed long before anybody votes, not in the second of a rush.
        slips = hall.slips(size.quiet + size.phones * (1 + 2 * size.rushes))
        self.slips = iter(slips)
        self.votes: dict[str, Answer | None] = {}
        """The answer to each slip's vote, None for a vote that was sent and never answered."""

    def measured(self) -> Figures:
        with watching(self.hall, self.size.sessions) as screens:
            screens.wait_until_ready(180)
            self.figures.watching_cpu = self._watching_cpu()
            asyncio.run(self._quietly(screens))
            asyncio.run(self._arriving(screens))
            asyncio.run(self._rushing(self.figures.product.rushes, self.figures.floor.rushes))
        asyncio.run(self._rushing(self.figures.product.rushes_alone, self.figures.floor.rushes_alone))
        self.figures.peak_megabytes = peak_megabytes(self.hall.pid)
        self._compared_with_the_database()
        return self.figures

    def _watching_cpu(self) -> float:
        """Share of a core that the sessions cost while nobody votes."""
        began, used = time.monotonic(), cpu_seconds(self.hall.pid)
        time.sleep(self.size.seconds)
        return (cpu_seconds(self.hall.pid) - used) / (time.monotonic() - began)

    async def _quietly(self, screens: Watching) -> None:
        """One phone at a time, at random moments."""
        already, moments, kept = self.hall.ballots(), [], Served()
        for token in islice(self.slips, self.size.quiet):
            await asyncio.sleep(self.chance.uniform(0.3, 2.3))
            moments.append(await self._phone(token, 0, kept))
        self.figures.quiet_votes = kept.votes
        self.figures.quiet_delays = await self._delays(screens, moments, already)

    async def _arriving(self, screens: Watching) -> None:
        slips = list(islice(self.slips, self.size.phones))
        gap = self.size.seconds / self.size.phones
        already = self.hall.ballots()
        used, own = cpu_seconds(self.hall.pid), time.process_time()
        moments = await asyncio.gather(
            *(self._phone(token, place * gap, self.figures.product) for place, token in enumerate(slips))
        )
        self.figures.product.cpu = cpu_seconds(self.hall.pid) - used
        self.figures.generator_cpu = time.process_time() - own
        self.figures.busy_delays = await self._delays(screens, moments, already)
        used = cpu_seconds(self.floor_pid)
        await asyncio.gather(*(self._bare_phone(place * gap) for place in range(self.size.phones)))
        self.figures.floor.cpu = cpu_seconds(self.floor_pid) - used

    async def _phone(self, token: str, arrives_after: float, kept: Served) -> float | None:
        """Arrive, load the ballot, vote, read that it is in; the moment of the acknowledgement, None without one."""
        await asyncio.sleep(arrives_after)
        acknowledged = None
        try:
            async with calling(self.hall.phones_url) as line:
                ballot = await load_ballot(line, self.hall.phones_url, token)
                self.votes[token] = None
                answer = self.votes[token] = await line.ask(self._vote(ballot))
                acknowledged = time.monotonic()
                kept.pages.append(ballot.seconds)
                kept.votes.append(answer.seconds)
                await line.ask(get(self.hall.phones_url, answer.location, ballot.cookie))
        except (NoBallot, OSError) as trouble:
            kept.failures.append(f"{type(trouble).__name__} {trouble}".strip())
        return acknowledged

    async def _bare_phone(self, arrives_after: float) -> None:
        await asyncio.sleep(arrives_after)
        async with calling(self.floor) as line:
            page = await line.ask(get(self.floor, "/ballot"))
            answer = await line.ask(self._bare_vote())
            await line.ask(get(self.floor, answer.location))
            self.figures.floor.pages.append(page.seconds)
            self.figures.floor.votes.append(answer.seconds)

    async def _rushing(self, product: list[float], floor: list[float]) -> None:
        for _ in range(self.size.rushes):
            slips = list(islice(self.slips, self.size.phones))
            votes = await self._prepared(slips)
            seconds, answers = await burst(self.hall.phones_url, votes, lines=LINES)
            self.votes |= dict(zip(slips, answers, strict=True))
            product.append(len(slips) / seconds)
            self.figures.product.rushed_votes += [answer.seconds for answer in answers]
            bare = [self._bare_vote() for _ in slips]
            seconds, answers = await burst(self.floor, bare, lines=LINES)
            floor.append(len(slips) / seconds)
            self.figures.floor.rushed_votes += [answer.seconds for answer in answers]

    async def _prepared(self, slips: Sequence[str]) -> list[bytes]:
        """The votes of these slips, their ballots loaded before anything is timed."""
        votes: dict[str, bytes] = {}
        left = iter(slips)

        async def load() -> None:
            async with calling(self.hall.phones_url) as line:
                for token in left:
                    votes[token] = self._vote(await load_ballot(line, self.hall.phones_url, token))

        await asyncio.gather(*(load() for _ in range(PREPARING_LINES)))
        return [votes[token] for token in slips]

    def _vote(self, ballot: Ballot) -> bytes:
        chosen = [goal for goal in ballot.goals if self.chance.random() < 0.4]
        return vote_request(self.hall.phones_url, ballot, chosen)

    def _bare_vote(self) -> bytes:
        goals = [("goal", f"{self.chance.getrandbits(128):032x}") for _ in range(3)]
        return post(self.floor, "/ballot", [("form", self.chance.randbytes(16).hex()), *goals])

    async def _delays(self, screens: Watching, moments: Sequence[float | None], already: int) -> list[float]:
        """From the k-th of these acknowledgements to the projector's turnout of k more than `already`."""
        acknowledged = sorted(at for at in moments if at is not None)
        wanted = already + len(acknowledged)
        until = time.monotonic() + PATIENCE_SECONDS
        while screens.sent_at(wanted) is None:
            assert time.monotonic() < until, "the projector never showed the last ballot"
            await asyncio.sleep(0.1)
        return [(screens.sent_at(already + place) or 0) - at for place, at in enumerate(acknowledged, start=1)]

    def _compared_with_the_database(self) -> None:
        """Lost: acknowledged, and not what is stored under the slip. Double: more ballots than slips that have one."""
        kept = {token: answer.location.removeprefix(ACKNOWLEDGED) for token, answer in self.votes.items() if answer}
        refused = [a for a in self.votes.values() if a is not None and not a.location.startswith(ACKNOWLEDGED)]
        assert not refused, f"{len(refused)} votes were not taken, the first with {refused[0].status}"
        self.figures.acknowledged = len(kept)
        marks = {token: self.hall.stored_mark(token) for token in self.votes}
        self.figures.lost = sum(marks[token] != mark for token, mark in kept.items())
        self.figures.double = self.hall.ballots() - self.before - sum(mark is not None for mark in marks.values())


def main(*, smoke: bool = False) -> None:
    size = SMOKE if smoke else FULL
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(size, Path(folder))
    _print(size, figures)
    if figures.lost or figures.double:
        raise SystemExit(f"{figures.lost} lost, {figures.double} double")


def _print(size: Size, figures: Figures) -> None:
    console = Console(width=120)
    table = Table("of one request, ms", "p50", "p95", "p99", "p95 to the floor")
    for name, ours, bare in (
        (f"ballot, {size.phones:,} phones arriving in {size.seconds:g} s", figures.product.votes, figures.floor.votes),
        ("its page with link and style sheet", figures.product.pages, figures.floor.pages),
        ("ballot in a rush", figures.product.rushed_votes, figures.floor.rushed_votes),
    ):
        ratio = f"{percentile(ours, 95) / percentile(bare, 95):.1f}x"
        table.add_row(name, *(f"{1000 * percentile(ours, share):.1f}" for share in (50, 95, 99)), ratio)
        table.add_row("  floor", *(f"{1000 * percentile(bare, share):.1f}" for share in (50, 95, 99)), "")
    console.print(table)
    table = Table("ballots a second in a rush", "product", "floor", "throughput to the floor")
    for name, ours, bare, ratio in (
        (f"{size.sessions} sessions watch", figures.product.rushes, figures.floor.rushes, figures.throughput),
        ("nobody watches", figures.product.rushes_alone, figures.floor.rushes_alone, figures.throughput_alone),
    ):
        table.add_row(name, f"{statistics.median(ours):,.0f}", f"{statistics.median(bare):,.0f}", f"{ratio:.2f}x")
    console.print(table)
    table = Table("from ballot to projector, s", "ballots", "p50", "p95")
    for name, delays in (("quiet", figures.quiet_delays), ("phones arriving", figures.busy_delays)):
        table.add_row(name, str(len(delays)), f"{percentile(delays, 50):.2f}", f"{percentile(delays, 95):.2f}")
    console.print(table)
    console.print(
        f"{figures.acknowledged:,} acknowledged, {figures.lost} lost, {figures.double} double. Server: "
        f"{figures.watching_cpu:.2f} of a core for watching alone, {figures.product.cpu:.1f} CPU s while the phones "
        f"arrived (floor {figures.floor.cpu:.1f}), {figures.peak_megabytes:,.0f} MB at most. "
        f"Phones of the bench: {figures.generator_cpu:.1f} CPU s."
    )
    for trouble, number in Counter(figures.product.failures).most_common(5):
        console.print(f"{number} phones were not served: {trouble}")
