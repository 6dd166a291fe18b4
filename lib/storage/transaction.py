"""Transactions: `reading()` for questions, `writing()` for intentions. Driver errors become sentences here.

A service that calls another joins its transaction: the outermost `writing()` commits or rolls back the whole.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from lib.errors import Unavailable
from lib.storage.engine import engine, sqlite_write_lock, writers

_running: ContextVar[Session | None] = ContextVar("running_transaction", default=None)
_asking: ContextVar[Session | None] = ContextVar("asking_session", default=None)

BUSY = "The database is busy or cannot be reached. Nothing was changed; please try again in a moment."


@contextmanager
def reading() -> Iterator[Session]:
    """A session for SELECTs; inside `writing()` it is the writer's own, so that a service sees its own changes. Inside
    another `reading()` it is the same one: a page that asks several questions asks them of one moment, and begins one
    transaction.

    Raises Unavailable if the database is locked or gone.
    """
    outer = _running.get() or _asking.get()
    if outer is not None:
        yield outer
        return
    with explained_trouble(), Session(engine(), expire_on_commit=False) as session:
        token = _asking.set(session)
        try:
            yield session
        finally:
            _asking.reset(token)


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction: committed at the end of the block, rolled back on any error.

    Raises Unavailable if the database is locked or gone; constraint violations (`IntegrityError`) pass through, so that
    the service can say which rule was broken.
    """
    outer = _running.get()
    if outer is not None:
        yield outer
        return
    with ExitStack() as stack:
        stack.enter_context(explained_trouble())
        if engine().dialect.name == "sqlite":
            stack.enter_context(sqlite_write_lock)
        session = stack.enter_context(Session(writers(engine()), expire_on_commit=False))
        token = _running.set(session)
        try:
            with session.begin():
                yield session
        finally:
            _running.reset(token)


@contextmanager
def explained_trouble() -> Iterator[None]:
    """Within the block a database that is locked, gone or damaged raises Unavailable."""
    try:
        yield
    except (OperationalError, PoolTimeout) as cause:
        raise Unavailable(BUSY) from cause
    except DBAPIError as cause:
        # Plain DatabaseError is what SQLite says of a damaged file or of one that is no database.
        if cause.connection_invalidated or type(cause) is DatabaseError:
            raise Unavailable(BUSY) from cause
        raise
