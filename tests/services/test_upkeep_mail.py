"""The upkeep beside the server sends mails and erases old addresses, and a mail server that hangs holds up no round."""

import asyncio
import os
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select

from lib.clock import now
from lib.model import Reader
from lib.services import upkeep
from lib.services.following import follow_by_mail
from lib.services.mail import tidy_outbox
from lib.settings import settings
from lib.storage.post import outbox
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_concern
from tests.goal_builders import a_follow_link
from tests.posting import mail_server, posted
from tests.serving import run_apart


def test_mails_are_sent_and_addresses_that_nobody_confirmed_erased(sqlite_database: str) -> None:
    a_city()
    link = a_follow_link(a_concern(a_beat()))
    follow_by_mail(follow_secret=link, address="maya@example.org")
    follow_by_mail(follow_secret=link, address="tom@example.org", now=now() - timedelta(days=8))
    upkeep.send_mails_once()
    assert sorted(str(mail["To"]) for mail in posted()) == ["maya@example.org", "tom@example.org"]
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Reader)) == 1


def test_a_mail_server_that_hangs_holds_up_no_round(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    follow_by_mail(follow_secret=a_follow_link(a_concern(a_beat())), address="maya@example.org")
    goes_on, rounds = Event(), []
    monkeypatch.setattr(upkeep, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(upkeep, "close_due_rounds", lambda **_given: rounds.append(1))

    async def for_a_while() -> None:
        work = asyncio.create_task(upkeep.keep_up())
        for _ in range(500):
            if len(rounds) >= 3:
                break
            await asyncio.sleep(0.01)
        goes_on.set()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    with mail_server(monkeypatch) as server:
        server.while_taking = lambda: goes_on.wait(10)
        run_apart(for_a_while())
        assert len(rounds) >= 3


def test_old_mails_leave_the_outbox_alone(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTBOX_DAYS", "10")
    settings.cache_clear()
    assert tidy_outbox() == 0
    outbox().mkdir(parents=True)
    for name, days in (("old.eml", 11), ("new.eml", 9), (".draft.1", 11), ("notes.txt", 99)):
        file = outbox() / name
        file.write_text("x")
        at = (now() - timedelta(days=days)).timestamp()
        os.utime(file, (at, at))
    (outbox() / "folder.eml").mkdir()
    assert tidy_outbox() == 2
    assert {file.name for file in outbox().iterdir()} == {"new.eml", "notes.txt", "folder.eml"}
