"""The schema, brought up to date by Alembic migrations. Starting the product or a command calls `migrate()`.

Alembic is imported when it is needed: it costs every start a tenth of a second.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from lib.storage.engine import engine
from lib.storage.transaction import explained_trouble

if TYPE_CHECKING:
    from alembic.config import Config


def alembic_config() -> "Config":
    """Alembic's settings without an ini file: the scripts beside this module."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parent / "migrations"))
    return config


def is_up_to_date() -> bool:
    """Whether the database has every migration (a cheap question, asked at each start). Raises Unavailable."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with explained_trouble(), engine().connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(alembic_config()).get_heads())


def migrate() -> None:
    """Apply every missing migration. Does nothing if there is none; safe when several processes start at once.

    Raises Unavailable if the database cannot be reached, is locked, or is no database.
    """
    from alembic import command

    if not is_up_to_date():
        with explained_trouble():
            command.upgrade(alembic_config(), "head")
