"""A database that fails in the middle: a trigger that a test sets up and takes away again."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from lib.storage.transaction import writing


@contextmanager
def refusing_a_row(table: str, *, after: int = 0, doing: str = "INSERT") -> Iterator[None]:
    """Within the block the table takes no row once it holds `after`; the error says "the disk is full"."""
    begins = f"CREATE TRIGGER refuses BEFORE {doing} ON {table} FOR EACH ROW"
    is_full = f"(SELECT count(*) FROM {table}) >= {after}"
    with writing() as db:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(
                text(
                    "CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"IF {is_full} THEN RAISE EXCEPTION 'the disk is full'; END IF; RETURN NEW; END $$"
                )
            )
            db.execute(text(f"{begins} EXECUTE FUNCTION refuses()"))
        else:
            db.execute(text(f"{begins} WHEN {is_full} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"))
    try:
        yield
    finally:
        with writing() as db:
            if db.get_bind().dialect.name == "postgresql":
                db.execute(text("DROP FUNCTION refuses() CASCADE"))
            else:
                db.execute(text("DROP TRIGGER refuses"))
