"""Promise 16: several processes on one PostgreSQL: a ballot cast through one shows on the live screen of another within
two seconds. And on SQLite, where two processes share a file, nobody who writes loses to somebody who reads first."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Barrier

import pytest

from lib.queries.counts import turnouts
from lib.rules.lifecycle import Electorate
from lib.services.casting import Receipt
from lib.settings import settings
from lib.storage.engine import engine
from lib.ui import live_reads
from tests.hall import a_hall
from tests.services.test_vote_crash import sends, served

RESIDENTS = Electorate.RESIDENTS
SHOWS_WITHIN = 2.0


def test_a_ballot_through_one_process_shows_on_the_live_screen_of_another(
    postgres_database: str, tmp_path: Path
) -> None:
    """Phones vote through a server of its own process; the screen is drawn in this one, to which nobody says so."""
    hall = a_hall()
    row = hall.opened()
    with served(postgres_database, tmp_path / "phones") as (phones, _):
        live_reads.snapshot.clear()
        for voter in range(2):
            # The screen has just asked, so that it holds the older number as long as it ever does.
            assert live_reads.snapshot(hall.meeting_uuid, None).turnout[RESIDENTS].cast == voter
            assert sends(phones, hall, voter)
            until = time.monotonic() + SHOWS_WITHIN
            while live_reads.snapshot(hall.meeting_uuid, None).turnout[RESIDENTS].cast == voter:
                assert time.monotonic() < until, f"ballot {voter + 1} does not show within {SHOWS_WITHIN} s"
                time.sleep(0.05)
    assert turnouts(row.id)[RESIDENTS].cast == 2


def test_writers_of_several_processes_on_one_sqlite_file_all_get_in(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes share no lock of ours: without it, as between them, BEGIN IMMEDIATE alone keeps writers apart."""
    monkeypatch.setattr("lib.storage.transaction.sqlite_write_lock", nullcontext())
    hall = a_hall(residents=40)
    row = hall.opened()
    barrier = Barrier(20, timeout=60)

    def votes_twice(voter: int) -> list[Receipt]:
        barrier.wait()
        return [hall.votes(row, voter, 0), hall.votes(row, voter + 20, 1)]

    with ThreadPoolExecutor(20) as pool:
        receipts = [receipt for both in pool.map(votes_twice, range(20)) for receipt in both]
    assert len({receipt.tracker for receipt in receipts}) == 40
    assert turnouts(row.id)[RESIDENTS].cast == 40


def test_processes_queue_for_the_sqlite_file_and_none_waits_for_ever(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process is in the queue and hangs there: who comes later waits as long as for a locked database, then
    writes all the same, because SQLite itself is free."""
    hall = a_hall()
    row = hall.opened()
    monkeypatch.setenv("LOCK_WAIT_SECONDS", "0.3")
    settings.cache_clear()
    try:
        with hanging_in_the_queue():
            began = time.monotonic()
            hall.votes(row, 0, 0)
            waited = time.monotonic() - began
        began = time.monotonic()
        hall.votes(row, 1, 0)
        assert (waited >= 0.3, time.monotonic() - began < waited) == (True, True)
    finally:
        settings.cache_clear()
    assert turnouts(row.id)[RESIDENTS].cast == 2


@contextmanager
def hanging_in_the_queue() -> Iterator[None]:
    """A process that holds the queue's lock and does nothing."""
    queue = str(Path(engine().url.database or "").parent)
    holds = (
        "import fcntl, os, sys, time; fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX); "
        "print('in', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", holds, queue], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "in\n"
        yield
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
