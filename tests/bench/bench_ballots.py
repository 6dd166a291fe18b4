"""Ballots through the service on SQLite and PostgreSQL, 1, 10 and 50 at once, beside a bare insert in the same run.

The floor does what any store must: one row into a table with the same key, one transaction, on the disk when it
returns. `lost`: acknowledged and not stored; `double`: more rows than passes. Both must be 0, else this fails.
"""

import os
import secrets
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock, local

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import delete, select

from lib.model import Ballot
from lib.storage.engine import using
from lib.storage.schema import migrate
from lib.storage.transaction import reading, writing
from tests.bench.databases import DATABASES, empty_database
from tests.hall import a_hall

BALLOTS = 1000
AT_ONCE = (1, 10, 50)
CHOICES = '["00000000-0000-0000-0000-000000000000"]'


def main() -> None:
    os.environ.setdefault("SECRET_KEY", "a secret for figures only")
    table = Table("database", "at once", "ballots/s", "p50 ms", "p95 ms", "bare/s", "bare p95 ms", "throughput to bare")
    table.add_column("lost")
    table.add_column("double")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_FOLDER"] = folder
        for kind in DATABASES:
            with empty_database(kind, Path(folder)) as url, using(url):
                migrate()
                _measure(kind, url, table)
    Console(width=120).print(table)


def _measure(kind: str, url: str, table: Table) -> None:
    hall = a_hall(residents=BALLOTS)
    row = hall.opened()
    creds = range(BALLOTS)
    for at_once in AT_ONCE:
        with writing() as db:
            db.execute(delete(Ballot))
        with _floor(kind, url) as bare:
            floor, floor_times, _ = _timed(at_once, [bare] * BALLOTS)
        speed, times, receipts = _timed(at_once, [lambda voter=voter: hall.votes(row, voter, 0) for voter in creds])
        with reading() as db:
            stored = list(db.scalars(select(Ballot.tracker)))
        lost = len({receipt.tracker for receipt in receipts} - set(stored))  # type: ignore[attr-defined]
        double = len(stored) - BALLOTS
        table.add_row(
            kind,
            str(at_once),
            f"{speed:,.0f}",
            f"{statistics.median(times):.1f}",
            f"{_p95(times):.1f}",
            f"{floor:,.0f}",
            f"{_p95(floor_times):.1f}",
            f"{speed / floor:.2f}x",
            str(lost),
            str(double),
        )
        if lost or double:
            raise SystemExit(f"{kind}, {at_once} at once: {lost} lost, {double} double")


def _timed(at_once: int, doings: list[Callable[[], object]]) -> tuple[float, list[float], list[object]]:
    """Doings per second, the milliseconds of each, and what they returned."""

    def run(doing: Callable[[], object]) -> tuple[float, object]:
        began = time.perf_counter()
        result = doing()
        return (time.perf_counter() - began) * 1000, result

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda _: time.sleep(0.01), range(at_once)))
        began = time.perf_counter()
        ends = list(pool.map(run, doings))
        seconds = time.perf_counter() - began
    return len(doings) / seconds, [milliseconds for milliseconds, _ in ends], [result for _, result in ends]


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times)) - 1]


@contextmanager
def _floor(kind: str, url: str) -> Iterator[Callable[[], object]]:
    """One bare insert per call, into a fresh table of the same key, with a connection per thread and no library."""
    mine, made = local(), []
    connect = _bare_sqlite(url) if kind == "sqlite" else _bare_postgresql(url)

    def insert() -> None:
        if not hasattr(mine, "insert"):
            mine.insert, connection = connect()
            made.append(connection)
        mine.insert(secrets.token_bytes(16))

    try:
        yield insert
    finally:
        for connection in made:
            connection.close()


def _bare_sqlite(url: str) -> Callable[[], tuple[Callable[[bytes], None], sqlite3.Connection]]:
    file, queue = url.removeprefix("sqlite:///") + ".bare", Lock()
    with closing(sqlite3.connect(file)) as first:
        first.executescript(
            "PRAGMA journal_mode=WAL; DROP TABLE IF EXISTS bare; CREATE TABLE bare (round_id INTEGER, key BLOB, "
            "choices TEXT, PRIMARY KEY (round_id, key)) WITHOUT ROWID"
        )

    def connect() -> tuple[Callable[[bytes], None], sqlite3.Connection]:
        connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA synchronous=FULL")

        def insert(key: bytes) -> None:
            with queue:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO bare VALUES (1, ?, ?)", (key, CHOICES))
                connection.execute("COMMIT")

        return insert, connection

    return connect


def _bare_postgresql(url: str) -> Callable[[], tuple[Callable[[bytes], None], psycopg.Connection[tuple[object, ...]]]]:
    address = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address, autocommit=True) as first:
        first.execute("DROP TABLE IF EXISTS bare")
        first.execute("CREATE TABLE bare (round_id int, key bytea, choices text, PRIMARY KEY (round_id, key))")

    def connect() -> tuple[Callable[[bytes], None], psycopg.Connection[tuple[object, ...]]]:
        connection = psycopg.connect(address)

        def insert(key: bytes) -> None:
            connection.execute("INSERT INTO bare VALUES (1, %s, %s)", (key, CHOICES))
            connection.commit()

        return insert, connection

    return connect
