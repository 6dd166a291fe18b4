"""Similar concerns near by among 50,000: the search before one is sent, against the bare SELECT of the same cells.

Two years of concerns over 48 beats, half of them open, on both databases. The search narrows by cells, scores words and
distances, and reads the three it shows; without a place it compares the newest 400 of the beat.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import h3
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select, text

from lib.clock import now
from lib.model import Category, Concern
from lib.queries.similar import similar_concerns
from lib.rules.geography import PlaceKind, cells_around
from lib.rules.lifecycle import ConcernStatus
from lib.rules.similar import FAR_METRES, Told
from lib.services.places import name_city
from lib.storage.engine import using
from lib.storage.schema import migrate
from lib.storage.transaction import reading, writing
from tests.bench.databases import DATABASES, empty_database
from tests.builders import a_beat

CONCERNS, BEATS, RUNS = 50_000, 48, 100
_WORDS = "music loud bar night friday dog trash street car race lamp broken dark needle park kids shout glass school"
WORDS = _WORDS.split()


def main(*, smoke: bool = False) -> None:
    os.environ.setdefault("SECRET_KEY", "a secret for figures only")
    concerns, runs = (500, 5) if smoke else (CONCERNS, RUNS)
    table = Table("database", "search", "median ms", "p95 ms", "bare SELECT p95 ms", title=f"{concerns:,} concerns")
    for kind in DATABASES:
        with tempfile.TemporaryDirectory() as folder, empty_database(kind, Path(folder)) as url, using(url):
            os.environ["DATA_FOLDER"] = folder
            migrate()
            told = _filled(concerns)
            floor = _p95(_bare, told, runs)[1]
            for name, cell in (("with a place", True), ("in the beat", False)):
                median, slowest = _p95(lambda each, cell=cell: _searched(each, with_cell=cell), told, runs)
                table.add_row(kind, name, f"{median:.1f}", f"{slowest:.1f}", f"{floor:.1f}" if cell else "")
    Console().print(table)


def _filled(number: int) -> list[Told]:
    """Concerns all over a city; what is told is like one of them."""
    name_city(name="Bench", time_zone="UTC", from_command_line=True)
    beats = [a_beat(f"B{at}", west=-122.44 + 0.02 * (at % 8), south=47.5 + 0.02 * (at // 8)) for at in range(BEATS)]
    rng, today = random.Random(7), now()
    with writing() as db:
        keys = {row.id: row.key for row in db.execute(select(Category.id, Category.key).where(Category.is_public))}
        rows = []
        for _ in range(number):
            at = rng.randrange(BEATS)
            point = (47.5 + 0.02 * (at // 8 + rng.random()), -122.44 + 0.02 * (at % 8 + rng.random()))
            rows.append(
                {
                    "uuid": UUID(int=rng.getrandbits(128), version=4),
                    "category_id": rng.choice(list(keys)),
                    "beat_id": beats[at],
                    "cell": h3.latlng_to_cell(*point, rng.choice([9, 10])),
                    "place_kind": PlaceKind.STREET,
                    "text": " ".join(rng.choices(WORDS, k=18)),
                    "status": rng.choice([ConcernStatus.NEW, ConcernStatus.SOLVED]),
                    "reported_at": today - timedelta(minutes=rng.randrange(730 * 24 * 60)),
                }
            )
        for start in range(0, number, 5000):
            db.execute(insert(Concern), rows[start : start + 5000])
        db.execute(text("ANALYZE"))
    return [Told(keys[row["category_id"]], row["cell"], row["text"], today) for row in rng.choices(rows, k=RUNS)]


def _searched(told: Told, *, with_cell: bool) -> None:
    similar_concerns(told if with_cell else Told(told.category, "", told.text, told.reported_at), "B3")


def _bare(told: Told) -> None:
    with reading() as db:
        cells = cells_around(told.cell, FAR_METRES, (9, 10))
        db.execute(select(Concern.id, Concern.cell, Concern.text).where(Concern.cell.in_(cells))).all()


def _p95(doing: Callable[[Told], None], told: list[Told], runs: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    taken = []
    for each in told[:runs]:
        began = time.perf_counter()
        doing(each)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken), sorted(taken)[int(0.95 * len(taken)) - 1]
