"""The demonstration city, loaded once a worker and kind of database, and copied for each test that asks for it."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest

from lib.services.demonstration import Loaded, load_demonstration
from lib.storage.engine import using
from tests.databases import fold, postgres_address, postgres_copy

TODAY = date(2026, 11, 24)
SIZE = 0.3


@pytest.fixture(scope="session")
def kept_demonstrations() -> dict[tuple[str, date], Loaded]:
    """By kind and day: what loading the database that is copied said."""
    return {}


@pytest.fixture
def demonstration_day() -> date:
    """The day on which the city is looked at. A file that needs another one says so by a fixture of this name."""
    return TODAY


@pytest.fixture
def sqlite_demonstration(
    kept_demonstrations: dict[tuple[str, date], Loaded], demonstration_day: date, sqlite_template: Path, tmp_path: Path
) -> Iterator[Loaded]:
    """The demonstration city in an SQLite database of the test's own."""
    kept, key = sqlite_template.with_name(f"city-{demonstration_day}.sqlite3"), ("sqlite", demonstration_day)
    if key not in kept_demonstrations:
        shutil.copy(sqlite_template, kept)
        with using(f"sqlite:///{kept}") as engine:
            kept_demonstrations[key] = load_demonstration(today=demonstration_day, size=SIZE)
            fold(engine)
    shutil.copy(kept, tmp_path / "city.sqlite3")
    with using(f"sqlite:///{tmp_path / 'city.sqlite3'}"):
        yield kept_demonstrations[key]


@pytest.fixture
def postgres_demonstration(
    kept_demonstrations: dict[tuple[str, date], Loaded],
    demonstration_day: date,
    postgres_server: psycopg.Connection,
    postgres_template: str,
) -> Iterator[Loaded]:
    """The demonstration city in a PostgreSQL database of the test's own."""
    kept, key = f"city_{demonstration_day:%Y%m%d}", ("postgresql", demonstration_day)
    if key not in kept_demonstrations:
        postgres_server.execute(f"CREATE DATABASE {kept} TEMPLATE {postgres_template}")
        with using(postgres_address(postgres_server, kept)):
            kept_demonstrations[key] = load_demonstration(today=demonstration_day, size=SIZE)
    with postgres_copy(postgres_server, kept) as url, using(url):
        yield kept_demonstrations[key]


@pytest.fixture(params=["sqlite", "postgresql"])
def demonstration(request: pytest.FixtureRequest) -> Loaded:
    """The demonstration city in a database of the test's own; the test runs once on SQLite and once on PostgreSQL."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    loaded: Loaded = request.getfixturevalue(f"{kind}_demonstration")
    return loaded
