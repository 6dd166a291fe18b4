"""One engine per process, for SQLite or PostgreSQL, with the settings the promises depend on.

SQLite: WAL, `synchronous=FULL` (an acknowledged ballot survives a dead battery), foreign keys on, `secure_delete` (a
deleted row leaves no readable trace in the file), `recursive_triggers` (INSERT OR REPLACE meets the triggers of the row
that it deletes), writers `BEGIN IMMEDIATE`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import RLock
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from lib.errors import Unavailable
from lib.settings import settings

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

WRITES = "common_beat_writes"
"""Execution option of a connection that will write: on SQLite its transaction begins with BEGIN IMMEDIATE."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.00005, 0.0005
"""Seconds between two looks at whether another process has finished writing."""


class WriteQueue:
    """Where writers to SQLite wait for each other, threads and processes alike, instead of in SQLite's busy loop, which
    sleeps up to a tenth of a second at a time: no slow tail under a rush of ballots.

    Entered again by the thread that is in it already. Processes queue at a lock on the database's folder, which leaves
    no file behind; where the platform has no such locks (Windows), they are left to SQLite.
    """

    def __init__(self) -> None:
        self._threads, self._depth = RLock(), 0
        self._folder: tuple[str, int] | None = None

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            if self._depth == 0:
                self._queue_with_processes()
        except BaseException:
            self._threads.release()
            raise
        self._depth += 1

    def __exit__(self, *_error: object) -> None:
        self._depth -= 1
        try:
            if self._depth == 0 and self._folder is not None and fcntl is not None:
                fcntl.flock(self._folder[1], fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _queue_with_processes(self) -> None:
        """Look again every moment, so that a process that hangs inside cannot hold up the others for longer than a
        locked database would; after that SQLite itself says that it is busy."""
        descriptor = self._descriptor()
        if descriptor is None or fcntl is None:
            return
        until, pause = monotonic() + settings().lock_wait_seconds, SHORTEST_PAUSE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if monotonic() >= until:
                    return
                sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _descriptor(self) -> int | None:
        """Of the present database's folder; None for a database in memory, or where the folder cannot be opened."""
        folder = _folder_of(engine())
        if folder is None:
            return None
        if self._folder is None or self._folder[0] != folder:
            if self._folder is not None:
                os.close(self._folder[1])
                self._folder = None
            try:
                self._folder = (folder, os.open(folder, os.O_RDONLY | os.O_CLOEXEC))
            except OSError:
                return None
        return self._folder[1]


@lru_cache(maxsize=4)
def _folder_of(engine: Engine) -> str | None:
    """Where a database's file lies; None for one in memory."""
    database = engine.url.database
    return None if not database or database == ":memory:" else str(Path(database).resolve().parent)


sqlite_write_lock = WriteQueue()


def connect(url: str) -> Engine:
    """An engine for an SQLAlchemy address. The caller disposes of it."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(
        url,
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
        hide_parameters=True,
        pool_timeout=settings().lock_wait_seconds,
    )


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process, at the address in the settings."""
    return connect(settings().database)


@lru_cache(maxsize=4)
def writers(engine: Engine) -> Engine:
    """The same engine for whoever will write. Kept: every view of an engine carries its events along anew."""
    return engine.execution_options(**{WRITES: True})


@contextmanager
def using(url: str) -> Iterator[Engine]:
    """Within the block `engine()` is a fresh one at `url`. For tests and for commands that name a database."""
    before = os.environ.get("DATABASE_URL")
    engine.cache_clear()
    os.environ["DATABASE_URL"] = url
    settings.cache_clear()
    try:
        yield engine()
    finally:
        engine().dispose()
        engine.cache_clear()
        settings.cache_clear()
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before


def _sqlite(url: str) -> Engine:
    file = make_url(url).database
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            # Open ballots and contacts lie in this file: its owner alone reads it (SQLite gives its log the same mode).
            Path(file).touch(mode=0o600)
        except OSError as cause:
            raise Unavailable(f"The database's folder cannot be made: {cause.strerror}. Check DATA_FOLDER.") from cause
    made = create_engine(
        url, hide_parameters=True, connect_args={"timeout": settings().lock_wait_seconds, "check_same_thread": False}
    )

    @event.listens_for(made, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver must not open transactions by itself: BEGIN is ours to choose.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "recursive_triggers=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made
