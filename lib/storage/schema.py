"""The schema, brought up to date by Alembic migrations. Starting the product or a command calls `migrate()`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from lib.storage.engine import engine


def alembic_config() -> Config:
    """Alembic's settings without an ini file: the scripts beside this module."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parent / "migrations"))
    return config


def is_up_to_date() -> bool:
    """Whether the database has every migration (a cheap question, asked at each start)."""
    with engine().connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(alembic_config()).get_heads())


def migrate() -> None:
    """Apply every missing migration. Does nothing if there is none; safe when several processes start at once."""
    if not is_up_to_date():
        command.upgrade(alembic_config(), "head")
