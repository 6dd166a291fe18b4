"""A service is one transaction: all of it or nothing, and a database that is away is said in a sentence."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from lib.errors import Unavailable
from lib.model import Beat
from lib.settings import settings
from lib.storage.engine import engine, using
from lib.storage.schema import migrate
from lib.storage.transaction import BUSY, reading, writing
from tests.builders import a_beat


def beats() -> int:
    with reading() as db:
        return db.scalar(select(func.count()).select_from(Beat)) or 0


def test_an_error_in_the_outer_transaction_takes_the_inner_one_with_it(database: str) -> None:
    with pytest.raises(RuntimeError), writing() as outer:
        outer.add(Beat(code="K1", name="One"))
        with writing() as inner:
            assert inner is outer
            inner.add(Beat(code="K2", name="Two"))
        raise RuntimeError
    assert beats() == 0


def test_a_service_reads_what_it_has_just_written(database: str) -> None:
    with writing() as db:
        db.add(Beat(code="K1", name="One"))
        db.flush()
        assert beats() == 1


def test_questions_within_a_question_are_asked_of_the_same_moment(database: str) -> None:
    a_beat("K1")
    with reading() as outer:
        seen = outer.scalar(select(func.count()).select_from(Beat))
        with reading() as inner:
            assert inner is outer
    assert seen == 1
    with reading() as later:
        assert later is not outer


def test_a_service_called_within_a_question_writes_and_sees_what_it_wrote(sqlite_database: str) -> None:
    with reading():
        a_beat("K1")
        with writing() as db, reading() as mine:
            assert mine is db
            assert mine.scalar(select(func.count()).select_from(Beat)) == 1


def test_a_locked_database_is_explained_and_nothing_is_written(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCK_WAIT_SECONDS", "0.05")
    settings.cache_clear()
    with using(sqlite_database):
        other = sqlite3.connect(sqlite_database.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable) as refusal, writing() as db:
            db.add(Beat(code="K1", name="One"))
        other.execute("ROLLBACK")
        other.close()
        assert refusal.value.sentence == BUSY
        assert beats() == 0


def test_a_database_that_is_gone_is_explained() -> None:
    with (
        using("postgresql+psycopg://nobody@127.0.0.1:1/nowhere?connect_timeout=2"),
        pytest.raises(Unavailable) as refusal,
        reading() as db,
    ):
        db.scalar(select(1))
    assert (refusal.value.status, refusal.value.sentence) == (503, BUSY)


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "beat.sqlite3"
    file.write_text("this is a letter, not a database " * 100)
    with using(f"sqlite:///{file}"):
        with pytest.raises(Unavailable), reading() as db:
            db.scalar(select(1))
        with pytest.raises(Unavailable):
            migrate()


def test_the_engine_of_a_process_is_one(sqlite_database: str) -> None:
    assert engine() is engine()


def test_an_error_of_the_database_names_no_value_it_was_given(database: str) -> None:
    """What is logged of an error must hold no token, tracker or choice (promise 2)."""
    with pytest.raises(DBAPIError) as trouble, engine().connect() as connection:
        connection.execute(text("SELECT * FROM no_such_table WHERE token = :token"), {"token": "ABCDEFGHJKMNPQRS"})
    assert "no_such_table" in str(trouble.value)
    assert "ABCDEFGHJKMNPQRS" not in str(trouble.value)
