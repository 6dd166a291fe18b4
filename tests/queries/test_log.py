"""What an auditor sees of the log."""

from datetime import UTC, datetime, timedelta

import pytest

from lib.queries.log import LogFilter, LogState, log_count, log_entries, log_frame, log_state, log_words
from lib.rules.rights import Actor
from lib.services.log import broken_link, chain_log, record
from lib.storage.transaction import writing
from tests.builders import a_coordinator
from tests.counting import counted_statements


def entries(number: int, actor: Actor | None = None, action: str = "goal_proposed") -> None:
    with writing() as db:
        for n in range(number):
            record(db, actor, action, "goal", n, beats=2)


def test_entries_come_newest_first_with_who_did_it(database: str) -> None:
    ines = a_coordinator()
    entries(2, ines)
    entries(1, None, "concern_reported")
    chain_log()
    rows = log_entries()
    assert [(row.actor, row.action, row.subject_id, row.position, row.facts) for row in rows] == [
        (None, "concern_reported", "0", 3, {"beats": 2}),
        ("Ines Park", "goal_proposed", "1", 2, {"beats": 2}),
        ("Ines Park", "goal_proposed", "0", 1, {"beats": 2}),
    ]
    assert (log_words(), broken_link()) == ((("concern_reported", "goal_proposed"), ("goal",)), None)


def test_an_entry_that_is_not_chained_yet_says_so(database: str) -> None:
    entries(1)
    before = log_state()
    chain_log()
    after = log_state()
    assert (before, after.entries, after.linked) == (LogState(1, 0, ""), 1, 1)
    assert after.last_digest == log_entries()[0].digest


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (LogFilter(), 5),
        (LogFilter(action="goal_proposed"), 3),
        (LogFilter(subject="meeting"), 0),
        (LogFilter(subject="goal", subject_id="1"), 2),
        (LogFilter(since=datetime.now(UTC) + timedelta(days=1)), 0),
        (LogFilter(until=datetime.now(UTC) + timedelta(days=1)), 5),
    ],
)
def test_filters_narrow(sqlite_database: str, wanted: LogFilter, number: int) -> None:
    entries(3)
    entries(2, None, "goal_withdrawn")
    assert (log_count(wanted), len(log_entries(wanted)), len(log_frame(wanted))) == (number,) * 3


def test_one_persons_entries_are_found(database: str) -> None:
    ines = a_coordinator()
    entries(1, ines)
    entries(2)
    assert [row.actor for row in log_entries(LogFilter(actor_id=ines.person_id))] == ["Ines Park"]


def test_pages_follow_one_another(sqlite_database: str) -> None:
    entries(5)
    pages = [[row.subject_id for row in log_entries(page=page, per_page=2)] for page in (1, 2, 3, 4)]
    assert pages == [["4", "3"], ["2", "1"], ["0"], []]


def test_a_download_holds_numbers_instead_of_names(database: str) -> None:
    ines = a_coordinator()
    entries(1, ines)
    frame = log_frame()
    assert list(frame.columns) == [
        "position",
        "id",
        "happened_at",
        "actor_id",
        "action",
        "subject",
        "subject_id",
        "facts",
        "digest",
    ]
    assert (frame["actor_id"].tolist(), "Ines" in frame.to_csv()) == ([ines.person_id], False)


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_takes_one_statement(sqlite_database: str, number: int) -> None:
    entries(number)
    with counted_statements() as statements:
        log_entries()
    assert len(statements) == 1
