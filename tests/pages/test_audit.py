"""The auditor's page: every entry, and whether the chain holds."""

import pytest
from sqlalchemy import text

from lib.rules.lifecycle import Role, Side
from lib.rules.rights import Actor
from lib.services.log import chain_log, record
from lib.storage.engine import engine
from lib.storage.transaction import writing
from tests.builders import a_city, a_coordinator, a_facilitator, a_person
from tests.pages.visiting import page_text, visit


def an_auditor() -> Actor:
    return a_person("Olu Adeyemi", side=Side.NEITHER, roles=(Role.AUDITOR,))


def entries(number: int, action: str = "goal_proposed") -> None:
    with writing() as db:
        for n in range(number):
            record(db, None, action, "goal", n)
    chain_log()


def test_auditors_and_coordinators_see_it(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    seen = [visit("audit", monkeypatch, actor) for actor in (None, a_facilitator(), a_coordinator(), an_auditor())]
    assert [len(app.exception) for app in seen] == [1, 1, 0, 0]


def test_it_shows_entries_and_that_the_chain_holds(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    entries(3)
    shown = page_text(visit("audit", monkeypatch, an_auditor()))
    assert "Every link holds" in shown
    assert "goal proposed" in shown


def test_it_says_when_somebody_changed_an_entry(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    entries(3)
    with engine().connect() as connection:
        for trigger in (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        ):
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE log_entry SET action = 'nothing' WHERE id = 2"))
        connection.commit()
    assert "The chain is broken at position 2" in page_text(visit("audit", monkeypatch, an_auditor()))


def test_filters_and_pages_lead_through_the_log(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    entries(60)
    entries(2, "goal_withdrawn")
    app = visit("audit", monkeypatch, an_auditor())
    assert "Page 1 of 2" in page_text(app)
    next(each for each in app.button if each.label == "Older").click().run()
    assert "Page 2 of 2" in page_text(app)
    app.selectbox(key="log_action").select("goal_withdrawn").run()
    assert "2 entries, newest first. Page 1 of 1." in page_text(app)
