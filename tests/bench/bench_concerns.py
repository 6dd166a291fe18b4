"""What the pages ask about concerns, with 50,000 of them in SQLite: p95 beside the bare statements in the same run.

51 beats, two years, clustered on a few corners, half of them answered and closed, one in twenty merged, 100,000 "me
too". For each question the statements that it sends are kept and sent again as they are through the driver, every row
fetched and nothing done with it: that is the floor, and the ratio is what the question costs above it. Milliseconds of
a core: what others do on the machine meanwhile only ever adds."""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import h3
import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import event, insert, text

from lib.model import Beat, Category, CategoryText, City, Concern, ConcernAnswer, ConcernOutcome, Person, Support
from lib.queries.answer_clock import answer_clocks
from lib.queries.concern_outcome import beat_outcomes
from lib.queries.concerns import ConcernFilter, concern_counts, concern_list, concerns_frame
from lib.queries.desk import DeskOrder, desk_concerns
from lib.queries.pressures import concern_hours
from lib.queries.recurring import recurring_on
from lib.queries.similar import similar_concerns
from lib.rules.concerns import STATUS_CHOICES
from lib.rules.geography import PlaceKind
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.rules.similar import Told
from lib.services.standard_categories import STANDARD_CATEGORIES
from lib.storage.engine import engine, using
from lib.storage.schema import migrate
from lib.storage.transaction import writing
from tests.bench.databases import empty_database

CONCERNS, BEATS, RUNS = 50_000, 51, 20
CATEGORIES = [category for category in STANDARD_CATEGORIES if category.is_public]
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
WORDS = [
    "lamp",
    "broken",
    "crossing",
    "speeding",
    "music",
    "fireworks",
    "litter",
    "needles",
    "glass",
    "bikes",
    "shouting",
    "dog",
    "park",
    "bench",
    "school",
]

Question = Callable[[], object]


def main(*, smoke: bool = False) -> None:
    os.environ.setdefault("SECRET_KEY", "a secret for figures only")
    number, runs = (2_000, 3) if smoke else (CONCERNS, RUNS)
    table = Table(f"{number:,} concerns", "p50 ms", "p95 ms", "bare p95 ms", "ratio", "statements", "rows")
    with tempfile.TemporaryDirectory() as folder, empty_database("sqlite", Path(folder)) as url, using(url):
        os.environ["DATA_FOLDER"] = folder
        migrate()
        filled(number)
        for name, question in questions().items():
            row = measured(question, runs)
            table.add_row(name, *row)
    Console(width=130).print(table)


def questions() -> dict[str, Question]:
    """What is asked, as the pages ask it."""
    opened = ConcernFilter(since=NOW - timedelta(days=90), statuses=STATUS_CHOICES["open"])
    every = [f"B{number:02}" for number in range(BEATS)]
    found: dict[str, Question] = {
        "desk, one beat, by age": lambda: desk_concerns(["B00"], limit=10, reader_beats=["B00"]),
        "desk, one beat, by support": lambda: desk_concerns(["B00"], order=DeskOrder.SUPPORT, limit=10),
        "desk, every beat, by age": lambda: desk_concerns(every, limit=10),
        "desk, every beat, by support": lambda: desk_concerns(every, order=DeskOrder.SUPPORT, limit=10),
        "map, open, 90 days": lambda: concerns_frame(opened),
        "map, everything": lambda: concerns_frame(ConcernFilter()),
        "table by beat and category": lambda: concern_counts(opened),
        "list of 12": lambda: concern_list(opened, limit=12),
        "list of 12, one beat": lambda: concern_list(opened, beat_codes=["B00"], limit=12),
        "first answer, one beat": lambda: answer_clocks(now=NOW, beat_codes=["B00"]),
        "first answer, every beat": lambda: answer_clocks(now=NOW, by_category=False),
        "first answer, beats and categories": lambda: answer_clocks(now=NOW),
        "outcomes by beat": lambda: beat_outcomes(today=TODAY),
        "hours of concerns, one beat": lambda: concern_hours(["B00"], [date(2026, month, 1) for month in range(1, 11)]),
        "what recurs, one beat": lambda: recurring_on("B00", now=NOW),
    }
    told = Told("noise", cell_of(0, 3), "lamp broken near the school, glass and shouting", NOW)
    found["duplicates, near a place"] = lambda: similar_concerns(told, "B00")
    found["duplicates, in the beat"] = lambda: similar_concerns(Told("noise", "", told.text, NOW), "B00")
    return found


def cell_of(beat: int, corner: int) -> str:
    """The public cell of a corner of a beat."""
    lat, lon = 47.5 + 0.006 * (beat % 8), -122.4 + 0.009 * (beat // 8)
    return h3.latlng_to_cell(lat + 0.0004 * (corner % 7), lon + 0.0005 * (corner // 7), 10)


def measured(question: Question, runs: int) -> tuple[str, ...]:
    """p50 and p95 of the question and of its bare statements, in milliseconds of a core."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT")):
            sent.append((statement, parameters))

    event.listen(engine(), "before_cursor_execute", note)
    question()
    event.remove(engine(), "before_cursor_execute", note)
    own, bare, rows = [], [], 0
    for _ in range(runs):
        began = time.process_time()
        question()
        own.append(time.process_time() - began)
        began = time.process_time()
        with engine().connect() as connection:
            rows = sum(
                len(connection.exec_driver_sql(statement, parameters).fetchall()) for statement, parameters in sent
            )
        bare.append(time.process_time() - began)
    p50, p95 = (float(np.quantile(own, at)) * 1000 for at in (0.5, 0.95))
    floor = float(np.quantile(bare, 0.95)) * 1000
    return f"{p50:.1f}", f"{p95:.1f}", f"{floor:.1f}", f"{p95 / max(floor, 0.01):.1f}x", str(len(sent)), f"{rows:,}"


def filled(number: int) -> None:
    """City, beats, categories, concerns with answers, supports, merges and answers about solved ones."""
    rng = np.random.default_rng(2026)
    statuses = list(ConcernStatus)
    weights = [0.06, 0.1, 0.08, 0.08, 0.08, 0.35, 0.1, 0.05, 0.1]
    with writing() as db:
        db.add(City(id=1, name="Bench", time_zone="America/Los_Angeles", emergency_number="911", languages=["en"]))
        db.execute(insert(Beat), [{"id": n + 1, "code": f"B{n:02}", "name": f"B{n:02}"} for n in range(BEATS)])
        db.execute(
            insert(Category),
            [
                {"id": at + 1, "key": each.key, "icon": each.key, "colour": each.colour, "position": at}
                for at, each in enumerate(CATEGORIES)
            ],
        )
        db.execute(
            insert(CategoryText),
            [
                {"category_id": at + 1, "language": "en", "name": each.english.name}
                for at, each in enumerate(CATEGORIES)
            ],
        )
        db.add(Person(id=1, name="Maya Lindqvist", email="maya@example.org", side="officers"))
        db.flush()
        beats = rng.integers(0, BEATS, number)
        corners = rng.integers(0, 40, number) ** 2 // 40
        days = rng.random(number) * 730
        kinds = rng.choice(len(statuses), number, p=weights)
        concerns = []
        for at in range(number):
            reported = NOW - timedelta(days=float(days[at]))
            status = statuses[int(kinds[at])] if at > BEATS else ConcernStatus.NEW
            wait = float(rng.lognormal(1.6, 1))
            answered = reported + timedelta(days=wait)
            is_answered = status is not ConcernStatus.NEW
            cell = cell_of(int(beats[at]), int(corners[at]))
            concerns.append(
                {
                    "id": at + 1,
                    "uuid": UUID(int=at + 1),
                    "category_id": int(rng.integers(1, len(CATEGORIES) + 1)),
                    "beat_id": int(beats[at]) + 1,
                    "cell": cell if at % 6 else "",
                    "place_kind": PlaceKind.STREET,
                    "text": " ".join(rng.choice(WORDS, 9)),
                    "frequency": "",
                    "status": status,
                    "reported_at": reported,
                    "answered_at": answered if is_answered else None,
                    "closed_at": None if status in OPEN_CONCERN else answered,
                    "duplicate_of_id": int(beats[at]) + 1 if status is ConcernStatus.DUPLICATE else None,
                }
            )
        db.execute(insert(Concern), concerns)
        db.execute(
            insert(ConcernAnswer),
            [
                {
                    "concern_id": row["id"],
                    "person_id": 1,
                    "status": row["status"],
                    "text": "We have read it.",
                    "answered_at": row["answered_at"],
                }
                for row in concerns
                if row["answered_at"] is not None
            ],
        )
        supports = np.minimum(rng.pareto(1.3, number) * 1.2, 80).astype(int)
        db.execute(
            insert(Support),
            [
                {"concern_id": at + 1, "device": rng.bytes(16), "supported_on": TODAY}
                for at in range(number)
                for _ in range(int(supports[at]))
            ],
        )
        db.execute(
            insert(ConcernOutcome),
            [
                {
                    "concern_id": row["id"],
                    "answerer": rng.bytes(32),
                    "answer": ResidentsWord.BETTER,
                    "answered_on": TODAY - timedelta(days=2),
                }
                for row in concerns
                if row["status"] is ConcernStatus.SOLVED and row["id"] % 4 == 0
            ],
        )
        db.execute(text("ANALYZE"))
