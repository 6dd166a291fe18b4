"""Ballots that arrive while the disk is busy go to it together, and each phone hears of its own."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager

import pytest

from lib.errors import Conflict, Unavailable
from lib.queries.counts import turnouts
from lib.queries.passes import ballot_state
from lib.queries.voting import RoundRow
from lib.rules.lifecycle import Electorate
from lib.services.casting import BallotToCast, Receipt, fresh_nonce
from lib.settings import settings
from lib.storage.engine import sqlite_write_lock, using
from lib.web.casting import MOST_AT_ONCE, casting_line
from tests.counting import counted_statements
from tests.hall import Hall, a_hall
from tests.serving import run_apart

Casting = Coroutine[None, None, list[Receipt | BaseException]]


Vote = tuple[bytes, BallotToCast]
"""A credential, and the ballot that is sent with it."""


def vote(hall: Hall, voter: int, goal: int = 0, *, nonce: bytes = b"") -> Vote:
    return hall.cred(voter), BallotToCast([hall.goals[goal]], False, nonce or fresh_nonce(), replaces="")


def while_the_disk_is_busy(arrive: Callable[[], Casting]) -> list[Receipt | BaseException]:
    """What became of ballots that all arrived while somebody else was writing."""

    async def hall() -> list[Receipt | BaseException]:
        with sqlite_write_lock:
            arriving = asyncio.create_task(arrive())
            await asyncio.sleep(0.1)
        return await arriving

    return run_apart(hall())


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Within the block another program holds the database's file."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


async def cast_all(row: RoundRow, votes: list[Vote]) -> list[Receipt | BaseException]:
    line = casting_line()
    return await asyncio.gather(*(line.cast(row.id, *each) for each in votes), return_exceptions=True)


def test_a_rush_of_ballots_takes_few_commits_and_all_are_in(sqlite_database: str) -> None:
    hall = a_hall(residents=3 * MOST_AT_ONCE)
    row = hall.opened()
    with counted_statements() as sent:
        outcomes = while_the_disk_is_busy(
            lambda: cast_all(row, [vote(hall, voter) for voter in range(2 * MOST_AT_ONCE + 1)])
        )
    marks = [outcome.mark for outcome in outcomes if isinstance(outcome, Receipt)]
    assert marks == [ballot_state(row.id, hall.cred(voter)).mark for voter in range(2 * MOST_AT_ONCE + 1)]
    # The first goes alone, the others in as few commits as they fit in, of four statements each.
    assert len([each for each in sent if each.startswith("INSERT")]) == 3


def test_a_double_tap_is_one_ballot_and_the_later_of_two_forms_stays(sqlite_database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    nonce = fresh_nonce()
    taps = [vote(hall, 0, 0, nonce=nonce) for _ in range(3)]
    first, again, thrice, other = while_the_disk_is_busy(lambda: cast_all(row, [*taps, vote(hall, 0, 1)]))
    assert isinstance(first, Receipt) and first == again == thrice
    assert isinstance(other, Conflict)
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 1


def test_a_phone_that_hangs_up_takes_nobody_elses_ballot_with_it(sqlite_database: str) -> None:
    hall = a_hall()
    row = hall.opened()

    async def arrive() -> list[Receipt | BaseException]:
        line = casting_line()
        tasks = [asyncio.create_task(line.cast(row.id, *vote(hall, voter))) for voter in range(4)]
        await asyncio.sleep(0.02)
        tasks[0].cancel()
        tasks[2].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = while_the_disk_is_busy(arrive)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, Receipt, asyncio.CancelledError, Receipt]
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 4


def test_ballots_of_two_rounds_wait_in_one_line(sqlite_database: str) -> None:
    hall = a_hall()
    row = hall.opened()

    async def arrive() -> list[Receipt | BaseException]:
        line = casting_line()
        asked = [(row.id, 0), (999, 1), (row.id, 2)]
        return await asyncio.gather(
            *(line.cast(round_id, *vote(hall, voter)) for round_id, voter in asked), return_exceptions=True
        )

    outcomes = while_the_disk_is_busy(arrive)
    assert [isinstance(outcome, Receipt) for outcome in outcomes] == [True, False, True]


def test_when_the_database_stays_locked_every_phone_hears_it_and_the_line_goes_on(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = hall.opened()
    monkeypatch.setenv("LOCK_WAIT_SECONDS", "0.05")
    settings.cache_clear()

    async def locked_then_free() -> tuple[list[Receipt | BaseException], Receipt]:
        with using(sqlite_database), locked(sqlite_database):
            lost = await cast_all(row, [vote(hall, 0), vote(hall, 1)])
        return lost, await casting_line().cast(row.id, *vote(hall, 2))

    lost, taken = run_apart(locked_then_free())
    assert [type(outcome) for outcome in lost] == [Unavailable, Unavailable]
    assert ballot_state(row.id, hall.cred(2)).mark == taken.mark
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 1
