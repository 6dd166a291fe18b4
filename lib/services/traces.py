"""The cleaning step after sealing and after a wave of the pulse: what is left in the database's files."""

import time
from collections.abc import Sequence
from functools import partial
from typing import cast

from sqlalchemy import Dialect, LargeBinary, String, Table, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import DropTable

from lib.errors import Unavailable
from lib.model import Ballot, Base, DoorPass, PulseAnswer, PulseInvitation, RoundSecret
from lib.settings import settings
from lib.storage.engine import engine, sqlite_write_lock
from lib.storage.transaction import writing

SWEPT = (Ballot, RoundSecret, DoorPass)
"""Tables whose deleted rows must leave nothing behind after sealing."""

PULSE = (PulseInvitation, PulseAnswer)
"""As `SWEPT`, after a wave of the pulse has closed."""

MADE_BY = text("SELECT sql FROM sqlite_master WHERE tbl_name = :name AND sql <> '' ORDER BY type <> 'table'")
"""SQLite's own statements for a table, then for its indexes and triggers; made again from these it is what it was."""


def sweep_traces(swept: Sequence[type[Base]] = SWEPT) -> bool:
    """Remove what deleted rows of these tables leave in the database's files; whether it is done.

    Not inside another transaction. SQLite zeroes a deleted row (`secure_delete`), but not the copies that it left
    behind when a page was split, and the log beside the file holds old pages until a checkpoint with no reader beside.
    PostgreSQL keeps dead rows, and samples of them for its planner, until the table is written anew; so it keeps which
    rows were written by one transaction.
    """
    until = time.monotonic() + settings().lock_wait_seconds
    is_sqlite = engine().dialect.name == "sqlite"
    anew = partial(_write_anew_sqlite if is_sqlite else _write_anew_postgresql, swept)
    for step in (anew, _checkpoint) if is_sqlite else (anew,):
        while not step():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
    return True


def _write_anew_sqlite(swept: Sequence[type[Base]]) -> bool:
    """Move the living rows of each table to fresh pages, in the order of their keys; dropping zeroes the old pages."""
    try:
        with writing() as db:
            for model in swept:
                table = cast("Table", model.__table__)
                made_by = db.scalars(MADE_BY, {"name": table.name}).all()
                living = [dict(row) for row in db.execute(select(table).order_by(*table.primary_key)).mappings()]
                db.execute(DropTable(table))
                for statement in made_by:
                    db.connection().exec_driver_sql(statement)
                if living:
                    db.execute(insert(table), living)
        return True
    except Unavailable:
        return False


def _checkpoint() -> bool:
    with sqlite_write_lock:
        connection = engine().raw_connection()
        try:
            cursor = connection.cursor()
            # A reader may hold the checkpoint up; writers must not wait behind it for long.
            cursor.execute("PRAGMA busy_timeout = 200")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {int(settings().lock_wait_seconds * 1000)}")
            cursor.close()
            return row is not None and int(row[0]) == 0
        finally:
            connection.close()


def _write_anew_postgresql(swept: Sequence[type[Base]]) -> bool:
    try:
        with engine().begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            for model in swept:
                connection.exec_driver_sql(_written_anew(model, connection.dialect))
        return True
    except OperationalError:
        return False


def _written_anew(model: type[Base], dialect: Dialect) -> str:
    """The statement that copies a table's living rows to a new file and forgets the statistics of its columns.

    Changing a column's type, here to the type it has, copies only what is alive, whoever reads beside; VACUUM FULL
    carries dead rows along while any older transaction is open, and says nothing. It also drops the planner's samples
    of the column, which hold whole choices and how often each was made. Columns that refer to other tables stay as they
    are: they would lock those.
    """
    changes = []
    for column in model.__table__.columns:
        if column.foreign_keys:
            continue
        written = column.type.compile(dialect)
        # A type alone copies nothing; an expression does.
        empty = "''::bytea" if isinstance(column.type, LargeBinary) else "''" if type(column.type) is String else ""
        using = f" USING {column.name} || {empty}" if empty else ""
        changes += [f"ALTER {column.name} TYPE {written}{using}", f"ALTER {column.name} SET STATISTICS 0"]
    return f"ALTER TABLE {model.__tablename__} {', '.join(changes)}"
