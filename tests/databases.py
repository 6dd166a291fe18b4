"""Databases to copy, and their copies."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Engine


def fold(engine: Engine) -> None:
    """Write all of an SQLite database into its one file, which can then be copied."""
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")


@contextmanager
def postgres_copy(server: psycopg.Connection, template: str = "template0") -> Iterator[str]:
    """The address of a PostgreSQL database of its own, a copy of `template`, until the block ends."""
    name = f"beat_{secrets.token_hex(6)}"
    # Whole files are copied: the other strategy logs each page, for a crash that no test waits for.
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield postgres_address(server, name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def postgres_address(server: psycopg.Connection, name: str) -> str:
    at = server.info
    return f"postgresql+psycopg://{at.user}@/{name}?host={at.host}&port={at.port}"
