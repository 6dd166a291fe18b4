"""The log is added to and never changed, and whatever is changed behind its triggers breaks its chain (promise 13)."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lib.model import LogEntry, LogLink
from lib.services.log import broken_link, chain_log, entry_digest, record
from lib.storage.transaction import reading, writing
from tests.services.test_vote_races import all_at_once


def a_chained_log() -> None:
    with writing() as db:
        for number in range(4):
            record(db, None, "beat_added", "beat", number, officers=number)
    assert (chain_log(), chain_log()) == (4, 0)
    assert broken_link() is None


def drop_the_triggers(db: Session) -> None:
    for trigger in db.scalars(text("SELECT name FROM sqlite_master WHERE name LIKE 'log_%_no_%'")).all():
        db.execute(text(f"DROP TRIGGER {trigger}"))


@pytest.mark.parametrize(
    ("change", "position"),
    [
        ("UPDATE log_entry SET happened_at = '2001-01-01 00:00:00' WHERE id = 2", 2),
        ("UPDATE log_entry SET actor_id = 7 WHERE id = 2", 2),
        ("UPDATE log_entry SET action = 'beat_dropped' WHERE id = 2", 2),
        ("UPDATE log_entry SET subject = 'city' WHERE id = 2", 2),
        ("UPDATE log_entry SET subject_id = '9' WHERE id = 2", 2),
        ("""UPDATE log_entry SET facts = '{"officers": 9}' WHERE id = 2""", 2),
        ("DELETE FROM log_link WHERE position = 1", 1),
        ("DELETE FROM log_link WHERE position = 2", 2),
        ("UPDATE log_link SET digest = (SELECT digest FROM log_link WHERE position = 1) WHERE position = 4", 4),
    ],
)
def test_whatever_is_changed_behind_the_triggers_breaks_the_chain(
    sqlite_database: str, change: str, position: int
) -> None:
    a_chained_log()
    with writing() as db:
        drop_the_triggers(db)
        db.execute(text(change))
    assert broken_link() == position


def test_an_entry_rewritten_with_its_own_link_breaks_the_next(sqlite_database: str) -> None:
    """Each link goes over the one before it: who changes an entry has to write every later link anew."""
    a_chained_log()
    with writing() as db:
        drop_the_triggers(db)
        db.execute(text("UPDATE log_entry SET subject_id = '9' WHERE id = 2"))
        first = db.scalars(select(LogLink.digest).where(LogLink.position == 1)).one()
        digest = entry_digest(first, db.get_one(LogEntry, 2))
        db.execute(update(LogLink).where(LogLink.position == 2).values(digest=digest))
    assert broken_link() == 3


@pytest.mark.parametrize("table", ["log_entry", "log_link"])
def test_neither_the_log_nor_its_chain_is_ever_changed(database: str, table: str) -> None:
    a_chained_log()
    changes = [f"UPDATE {table} SET {'action' if table == 'log_entry' else 'digest'} = 'x'", f"DELETE FROM {table}"]
    if database.startswith("postgresql"):
        changes.append(f"TRUNCATE {table} CASCADE")
    for change in changes:
        with pytest.raises(DBAPIError, match="append-only"), writing() as db:
            db.execute(text(change))
    with reading() as db:
        assert len(db.scalars(select(LogLink.position)).all()) == 4


def test_processes_that_chain_the_log_at_once_make_one_chain(database: str) -> None:
    with writing() as db:
        for number in range(300):
            record(db, None, "beat_added", "beat", number)
    linked = all_at_once([lambda: chain_log(at_most=100)] * 6)
    assert sorted(linked, reverse=True) == [100, 100, 100, 0, 0, 0]  # type: ignore[type-var]
    assert broken_link() is None
