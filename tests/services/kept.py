"""What somebody finds who takes the whole database away: its bytes on the disk, its rows, and their order."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt
from pathlib import Path
from statistics import correlation

from sqlalchemy import inspect, text

from lib.storage.engine import engine
from lib.storage.transaction import reading

MOST_DEVIATIONS = 5.7
"""By this many standard deviations, 1/√(n-1), a rank correlation in chance order differs from 0 once in 80 million."""

FEWEST = 20
"""Fewer values than these have no order that would tell anything."""

MOST_NEIGHBOURS = 16
"""Of 200 ballots in chance order about 2 pairs stay neighbours; more than 16 do once in 10 billion (Poisson)."""


def bytes_kept(address: str, *, with_log: bool = False) -> bytes:
    """Everything on the disk. SQLite: file, log and index of the log. PostgreSQL: all files of this database, its
    catalogue too; `with_log` adds the server's write-ahead log, which a server keeps for its own time."""
    if address.startswith("sqlite"):
        file = Path(address.removeprefix("sqlite:///"))
        files = [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
        return b"".join(each.read_bytes() for each in files if each.exists())
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        folder = Path(str(connection.execute(text("SHOW data_directory")).scalar()))
        name = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar()
    files = [*(folder / "base" / str(name)).iterdir(), *((folder / "pg_wal").glob("0*") if with_log else ())]
    return b"".join(each.read_bytes() for each in files)


def found(wanted: Sequence[bytes | str], kept: bytes) -> list[bytes]:
    """Which of the values stand in the bytes: as they are, or as text in hex."""
    raw = [each.encode() if isinstance(each, str) else each for each in wanted]
    return [each for each in raw if each in kept or each.hex().encode() in kept]


def rows_kept(*, without: str) -> str:
    """Every row of every table but one, as text; bytes as their hex."""
    names = [name for name in inspect(engine()).get_table_names() if name != without]
    said = []
    with reading() as db:
        for name in names:
            for row in db.execute(text(f'SELECT * FROM "{name}"')):
                said.append(" ".join(each.hex() if isinstance(each, bytes) else str(each) for each in row))
    return "\n".join(said)


def orders_kept(table: str, trackers: Sequence[str], kept: bytes) -> Iterator[tuple[str, list[str]]]:
    """Every order in which the values can be read out of the database, with a name for each."""
    with reading() as db:
        for name, order in _questions(table):
            rows = db.execute(text(f'SELECT tracker FROM "{table}" {order}')).scalars()
            yield name, [str(row) for row in rows]
    places: dict[str, list[int]] = {
        each: [match.start() for match in re.finditer(each.encode(), kept)] for each in trackers
    }
    for copy in range(max(len(found_at) for found_at in places.values())):
        here = {each: found_at[copy] for each, found_at in places.items() if copy < len(found_at)}
        yield f"bytes, copy {copy + 1}", sorted(here, key=here.__getitem__)


def _questions(table: str) -> list[tuple[str, str]]:
    if engine().dialect.name == "sqlite":
        return [("as it comes", ""), ("backwards", "ORDER BY 1 DESC")]
    return [("as it comes", ""), ("place", "ORDER BY ctid"), ("transaction", "ORDER BY xmin::text::bigint, ctid")]


def follows(order: Sequence[str], known: Sequence[str]) -> str:
    """Whether one order tells something of another that chance would not: what it tells, or ""."""
    ranks = {each: place for place, each in enumerate(known)}
    mine = [ranks[each] for each in order if each in ranks]
    if len(mine) < FEWEST:
        return ""
    like = correlation(range(len(mine)), mine)
    if abs(like) * sqrt(len(mine) - 1) > MOST_DEVIATIONS:
        return f"correlation {like:.2f}"
    neighbours = sum(abs(one - other) == 1 for one, other in pairwise(mine))
    return f"{neighbours} neighbours" if neighbours > MOST_NEIGHBOURS else ""
