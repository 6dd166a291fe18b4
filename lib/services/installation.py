"""Bringing an installation up: the newest schema, and a city to look at."""

from collections.abc import Callable

from lib.queries.places import has_city
from lib.storage.schema import migrate


def prepare_installation(*, progress: Callable[[str], None] | None = None) -> bool:
    """Apply missing migrations and, in an empty database, load the demonstration city; whether it was loaded.

    Called at every start: with a schema up to date and a city present it asks two cheap questions and is done. Raises
    Unavailable if the database cannot be reached.
    """
    migrate()
    if has_city():
        return False
    from lib.services.demonstration import load_demonstration

    if progress is not None:
        progress("The database is empty: loading the demonstration city (some seconds, once).")
    load_demonstration()
    return True
