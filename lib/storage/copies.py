"""Copying a whole database, row by row, into another that has the same schema: SQLite and PostgreSQL alike.

The target is written anew, never copied as a file, so it holds no trace of rows that are left out.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text, update

from lib.model import Ballot, Base, DoorPass, RoundSecret
from lib.settings import settings
from lib.storage.engine import connect, engine
from lib.storage.schema import alembic_config
from lib.storage.transaction import explained_trouble

ROWS_AT_A_TIME = 1000

Change = Callable[[str, dict[str, Any]], dict[str, Any]]
"""From a table's name and a row by column, the row as the copy holds it."""


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that sees the database as it was at one moment, however long it reads, while others write.

    Sealing waits for it: on SQLite the log cannot be emptied beside a reader, and on PostgreSQL a table written anew
    would keep dead ballots that this reader might still ask for, so it holds the weakest lock on their tables.
    """
    if engine().dialect.name == "sqlite":
        with explained_trouble(), engine().connect() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master"))
            yield connection
        return
    with explained_trouble(), engine().connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        connection.execute(text(f"SET LOCAL lock_timeout = '{int(1000 * settings().lock_wait_seconds)}ms'"))
        swept = ", ".join(table.__tablename__ for table in (Ballot, RoundSecret, DoorPass))
        # The lock comes before the snapshot, which PostgreSQL takes with the first question.
        connection.execute(text(f"LOCK TABLE {swept} IN ACCESS SHARE MODE"))
        yield connection


@contextmanager
def sqlite_file(path: str) -> Iterator[Connection]:
    """A connection that writes to a SQLite file of its own, created if need be; committed and closed at the end."""
    other = connect(f"sqlite:///{path}")
    try:
        with explained_trouble(), other.begin() as connection:
            yield connection
    finally:
        other.dispose()


def is_whole(path: str) -> bool:
    """Whether a SQLite file is readable from end to end."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return str(connection.execute("PRAGMA quick_check").fetchone()[0]) == "ok"
    except sqlite3.DatabaseError:
        return False


def build_schema(connection: Connection) -> None:
    """Apply every missing migration on this connection."""
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def copy_rows(
    source: Connection,
    target: Connection,
    *,
    left_out: Collection[str],
    change: Change,
    progress: Callable[[str, int], None] | None = None,
) -> Mapping[str, int]:
    """Copy every table but those left out into an empty database of the same schema; rows by table.

    Rows are written in the order of their primary keys, so that the copy keeps no order of their making. Triggers guard
    changes, not a copy of what they have let through before: they are put aside and come back unchanged.
    """
    numbers = {}
    with _triggers_aside(target):
        for table in Base.metadata.sorted_tables:
            if table.name not in left_out:
                numbers[table.name] = _copy_table(source, target, table, change)
                if progress is not None:
                    progress(table.name, numbers[table.name])
    if target.dialect.name == "postgresql":
        _continue_numbers(target, left_out)
    return numbers


def is_empty(connection: Connection) -> bool:
    """Whether no table holds a row."""
    return not any(
        connection.execute(select(text("1")).select_from(table).limit(1)).first()
        for table in Base.metadata.sorted_tables
    )


def _copy_table(source: Connection, target: Connection, table: Table, change: Change) -> int:
    """The table's rows. A reference to another row of the same table is written when all of them are there."""
    inner = [key.parent for key in table.foreign_keys if key.column.table is table]
    waiting: list[dict[str, Any]] = []
    number = 0
    question = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS_AT_A_TIME)
    for part in source.execute(question).mappings().partitions():
        rows = [change(table.name, dict(row)) for row in part]
        for row in rows:
            if any(row[column.key] is not None for column in inner):
                waiting.append(dict(row))
                row.update({column.key: None for column in inner})
        target.execute(insert(table), rows)
        number += len(rows)
    for row in waiting:
        this = [column == row[column.key] for column in table.primary_key.columns]
        target.execute(update(table).where(*this).values({column.key: row[column.key] for column in inner}))
    return number


@contextmanager
def _triggers_aside(target: Connection) -> Iterator[None]:
    """Within the block no trigger runs; the transaction that brings them back is the one that put them aside."""
    if target.dialect.name == "sqlite":
        triggers = target.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        ).all()
        for trigger in triggers:
            target.exec_driver_sql(f"DROP TRIGGER {trigger.name}")
        yield
        for trigger in triggers:
            target.exec_driver_sql(trigger.sql)
        return
    guarded = target.execute(
        text("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
    ).scalars()
    tables = list(guarded)
    for table in tables:
        target.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        target.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _continue_numbers(target: Connection, left_out: Collection[str]) -> None:
    """PostgreSQL counts ids in sequences of its own: each goes on after the largest id that was copied."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None or table.name in left_out:
            continue
        sequence = target.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
        largest = target.scalar(select(func.max(column)))
        if sequence is not None and largest is not None:
            target.execute(select(func.setval(sequence, largest)))
