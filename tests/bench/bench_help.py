"""Finding help by need among 5,750 services and 400 activities, against the bare SELECT of the same services.

The first search after a change reads the directory and prepares it; every other one asks whether it changed.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select, text

from lib.model import Activity, Partner, Service
from lib.queries.directory import directory, suggested_services
from lib.rules.needs import NEEDS
from lib.services.places import name_city
from lib.storage.engine import using
from lib.storage.schema import migrate
from lib.storage.transaction import reading, writing
from tests.bench.databases import DATABASES, empty_database
from tests.builders import a_beat

PARTNERS, SERVICES, ACTIVITIES, BEATS, RUNS = 900, 5_750, 400, 48, 100
SEARCHES = (
    *("my neighbour drinks", "something for a 14-year-old", "mi vecino bebe", "needles in the playground"),
    *("a bed for tonight", "xylophone lesons", "shelterr", "my landlord threatens me", "loud music at night", "food"),
)


def main(*, smoke: bool = False) -> None:
    os.environ.setdefault("SECRET_KEY", "a secret for figures only")
    number, runs = (200, 10) if smoke else (SERVICES, RUNS)
    columns = ("database", "search", "median ms", "p95 ms", "bare SELECT p95 ms", "first after a change ms")
    table = Table(*columns, title=f"{number:,} services")
    for kind in DATABASES:
        with tempfile.TemporaryDirectory() as folder, empty_database(kind, Path(folder)) as url, using(url):
            os.environ["DATA_FOLDER"] = folder
            migrate()
            _filled(number)
            began = time.perf_counter()
            directory(need="food")
            first = 1000 * (time.perf_counter() - began)
            floor = _p95(lambda _need: _bare(), runs)[1]
            for name, search in (
                ("by need", lambda need: directory(beat_code="B3", need=need)),
                ("beside a concern", lambda need: suggested_services("noise", need, "B3")),
            ):
                median, slowest = _p95(search, runs)
                table.add_row(kind, name, f"{median:.1f}", f"{slowest:.1f}", f"{floor:.1f}", f"{first:.0f}")
    Console().print(table)


def _filled(number: int) -> None:
    name_city(name="Bench", time_zone="UTC", from_command_line=True)
    beats = [a_beat(f"B{at}", west=-122.44 + 0.02 * (at % 8), south=47.5 + 0.02 * (at // 8)) for at in range(BEATS)]
    rng = random.Random(7)
    words = [word for need in NEEDS for phrase in (*need.words, *need.hints) for word in phrase.split()]
    fillers = (
        "program",
        "office",
        "county",
        "service",
        "people",
        "families",
        "weekly",
        "open",
        "call",
        "please",
        "ask",
    )

    def said(count: int) -> str:
        return " ".join(rng.choices(words, k=count) + rng.choices(fillers, k=3 * count))

    def offer() -> dict[str, str]:
        return {"name": said(1)[:100], "description": said(6)[:390], "needs": ", ".join(rng.choices(words, k=4))}

    with writing() as db:
        db.execute(insert(Partner), [{"name": f"Agency {at}", "phone": "206-555-0101"} for at in range(PARTNERS)])
        partners = db.scalars(select(Partner.id)).all()
        today = date(2026, 4, 1)
        db.execute(
            insert(Service),
            [offer() | {"partner_id": rng.choice(partners), "checked_on": today} for _ in range(number)],
        )
        activities = [
            offer() | {"beat_id": rng.choice(beats), "kind": "youth evening", "place": "Hall", "rhythm": "weekly"}
            for _ in range(ACTIVITIES)
        ]
        db.execute(insert(Activity), activities)
        db.execute(text("ANALYZE"))


def _bare() -> None:
    with reading() as db:
        db.execute(select(Service.id, Service.name, Service.needs, Service.description).where(Service.is_listed)).all()


def _p95(doing: Callable[[str], object], runs: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    taken = []
    for at in range(runs):
        began = time.perf_counter()
        doing(SEARCHES[at % len(SEARCHES)])
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken), sorted(taken)[int(0.95 * len(taken)) - 1]
