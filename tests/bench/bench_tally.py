"""Counting 200,000 ballots on 30 goals in exact fractions, and sealing 5,000 ballots through the service.

Ballots that are all alike are grouped and cost nothing, so these are drawn to be nearly all different. Sealing is the
whole of what the facilitator waits for: count, freeze, write the sorted rows, forget the rest, clean the traces.
"""

import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select

from lib.model import Ballot as OpenBallot
from lib.model import SealedBallot
from lib.rules.counting import Ballot, choices_text
from lib.rules.lifecycle import Electorate
from lib.rules.tally import tally_round
from lib.rules.voting import Channel, RoundRule
from lib.services.counting import count_round
from lib.services.rounds import close_round
from lib.storage.engine import using
from lib.storage.schema import migrate
from lib.storage.transaction import reading, writing
from tests.bench.databases import DATABASES, empty_database
from tests.hall import Hall, a_hall

BALLOTS, GOALS, OFFICERS = 200_000, 30, 20
SEALED = 5000
RUNS = 3


def main(*, smoke: bool = False) -> None:
    os.environ.setdefault("SECRET_KEY", "a secret for figures only")
    console = Console(width=100)
    console.print(_counted(2000 if smoke else BALLOTS))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_FOLDER"] = folder
        console.print(_sealed(50 if smoke else SEALED, Path(folder)))


def _counted(ballots: int) -> Table:
    table = Table(f"{ballots:,} ballots on {GOALS} goals", "places", "different ballots", "CPU s", "to a plain count")
    chance = random.Random(2026)
    goals = [UUID(int=chance.getrandbits(128)) for _ in range(GOALS)]
    officers = [Ballot(frozenset(goals))] * OFFICERS
    for fewest, most in ((1, 8), (10, 20)):
        residents = [Ballot(frozenset(chance.sample(goals, chance.randint(fewest, most)))) for _ in range(ballots)]
        different = len(set(residents))
        floor = _best(partial(_plain_count, residents))
        for rule in RoundRule:
            for places in (5, GOALS):
                seconds = _best(partial(tally_round, rule, goals, residents, officers, places=places, tie_seed="4-1-6"))
                name = f"{rule.value}, {fewest} to {most} goals each"
                table.add_row(name, str(places), f"{different:,}", f"{seconds:.2f}", f"{seconds / floor:.1f}x")
    return table


def _plain_count(ballots: list[Ballot]) -> Counter[UUID]:
    """The floor: how often each goal was chosen, and nothing else."""
    return Counter(chain.from_iterable(ballot.choices for ballot in ballots))


def _best(counting: Callable[[], object]) -> float:
    """Seconds of a core, the least of `RUNS`: what others do on the machine meanwhile only ever adds."""
    used = []
    for _ in range(RUNS):
        began = time.process_time()
        counting()
        used.append(time.process_time() - began)
    return min(used)


def _sealed(ballots: int, folder: Path) -> Table:
    table = Table("sealing through the service", "ballots", "seconds")
    for kind in DATABASES:
        with empty_database(kind, folder) as url, using(url):
            migrate()
            hall = a_hall(residents=ballots)
            row = hall.opened()
            _stuffed(hall, row.id, ballots)
            close_round(actor=hall.facilitator, round_id=row.id)
            began = time.perf_counter()
            count_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed="4-1-6")
            seconds = time.perf_counter() - began
            with reading() as db:
                kept = db.scalar(select(func.count()).select_from(SealedBallot)) or 0
            if kept != ballots:
                raise SystemExit(f"{kind}: {kept} of {ballots} ballots were sealed")
            table.add_row(kind, f"{kept:,}", f"{seconds:.2f}")
    return table


def _stuffed(hall: Hall, round_id: int, ballots: int) -> None:
    """Ballots written as casting writes them, all at once: casting has a bench of its own."""
    chance = random.Random(2026)
    rows = [
        {
            "round_id": round_id,
            "key": chance.randbytes(16),
            "side": Electorate.RESIDENTS,
            "choices": choices_text(Ballot(frozenset(chance.sample(hall.goals, chance.randint(1, len(hall.goals)))))),
            "tracker": f"{place:012X}",
            "channel": Channel.PHONE,
        }
        for place in range(ballots)
    ]
    with writing() as db:
        db.execute(insert(OpenBallot), rows)
