"""The cleaning step after sealing: what deleted ballots and PEPPERs leave in the database's files."""

import time

from sqlalchemy.exc import OperationalError

from lib.model import Ballot, DoorPass, RoundSecret
from lib.settings import settings
from lib.storage.engine import engine, sqlite_write_lock


def sweep_traces() -> bool:
    """Remove what deleted ballots and PEPPERs leave in the database's files; whether it is done.

    SQLite zeroes deleted rows itself (`secure_delete`), but the log beside the file still holds them until a checkpoint
    that nobody reads beside. PostgreSQL keeps dead rows until the table is written anew.
    """
    until = time.monotonic() + settings().lock_wait_seconds
    step = _sweep_sqlite if engine().dialect.name == "sqlite" else _sweep_postgresql
    while not step():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _sweep_sqlite() -> bool:
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


def _sweep_postgresql() -> bool:
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET lock_timeout = '2s'")
        try:
            for table in (Ballot.__tablename__, RoundSecret.__tablename__, DoorPass.__tablename__):
                connection.exec_driver_sql(f"VACUUM FULL {table}")
            return True
        except OperationalError:
            return False
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
