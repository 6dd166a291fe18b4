"""Alembic's entry: runs the migrations on the engine of this process, or on the connection it was given."""

from contextlib import nullcontext

from alembic import context
from sqlalchemy import text

from lib.model import Base
from lib.storage.engine import WRITES, engine

given = context.config.attributes.get("connection")

with nullcontext(given) if given is not None else engine().execution_options(**{WRITES: True}).connect() as connection:
    if connection.dialect.name == "postgresql":
        # Several processes may start at once: the second waits here and then finds nothing to do.
        connection.execute(text("SELECT pg_advisory_lock(727401)"))
        connection.commit()
    context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
    if given is None and connection.in_transaction():
        connection.commit()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_unlock(727401)"))
        connection.commit()
