"""`python -m lib digest`: from a timer, at a real mail server, killed in the middle and run again."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lib.clock import now
from lib.model import Concern
from lib.queries.following import mail_counts, reader_secret
from lib.rules.lifecycle import ConcernStatus
from lib.services.answers import answer_concern
from lib.services.following import confirm_reader, follow_by_mail
from lib.services.mail import send_waiting
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_concern, a_person
from tests.goal_builders import a_follow_link
from tests.posting import MailServer, mail_server
from tests.serving import ROOT, environment

READERS = 12
KILLED_AT = 5
PATIENCE = 240
"""Seconds: a loaded machine starts a command slowly."""


def readers_with_news(number: int = READERS) -> list[str]:
    """Addresses that follow a concern which was answered a minute ago; their first mail is out of the way."""
    a_city()
    beat = a_beat()
    link = a_follow_link(a_concern(beat))
    addresses = [f"reader{each}@example.org" for each in range(number)]
    began = now() - timedelta(hours=1)
    for address in addresses:
        follow_by_mail(follow_secret=link, address=address, now=began)
        confirm_reader(secret=reader_secret(address), now=began)
    with reading() as db:
        uuid = db.scalars(select(Concern.uuid)).one()
    answer_concern(
        actor=a_person(beats=(beat,)),
        concern_uuid=uuid,
        status=ConcernStatus.PLANNED,
        text="Lamps are ordered.",
        now=now() - timedelta(minutes=1),
    )
    send_waiting(limit=number)
    return addresses


def digest(database: str, folder: Path, *arguments: str, server: MailServer | None = None) -> "subprocess.Popen[str]":
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_TLS": "none"} if server else {}
    return subprocess.Popen(
        [sys.executable, "-m", "lib", "digest", *arguments],
        cwd=ROOT,
        env=environment(folder, 8501) | {"DATABASE_URL": database} | mail,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_digest_killed_between_mails_reaches_everybody_exactly_once(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = readers_with_news()
    with mail_server(monkeypatch) as server:
        first = digest(database, tmp_path, server=server)

        def kill_at_the_fifth() -> None:
            if len(server.taken) == KILLED_AT - 1:
                os.kill(first.pid, signal.SIGKILL)

        server.while_taking = kill_at_the_fifth
        first.communicate(timeout=PATIENCE)
        assert first.returncode == -signal.SIGKILL
        assert len(server.taken) == KILLED_AT
        again = digest(database, tmp_path, server=server)
        told, trouble = again.communicate(timeout=PATIENCE)
    assert (again.returncode, trouble) == (0, "")
    # The fifth had arrived when the sender died, which nobody but this test knows.
    assert told == (
        f"0 readers looked at, 0 digests written.\n{READERS - KILLED_AT} mails sent.\n"
        "1 mail may or may not have arrived, and will not be sent again.\n"
    )
    assert sorted(server.recipients) == sorted(addresses)
    assert len({mail["Message-ID"] for mail in server.taken}) == READERS
    assert mail_counts().sending == 1


def test_the_command_says_what_it_did_and_shows_no_address(sqlite_database: str, tmp_path: Path) -> None:
    readers_with_news(2)
    shown, _ = digest(sqlite_database, tmp_path, "--dry-run").communicate(timeout=PATIENCE)
    assert shown.count("Lamps are ordered.") == 2
    assert "2 digests would be written. Nothing was written or sent." in shown
    assert "@example.org" not in shown and reader_secret("reader0@example.org") not in shown
    told, _ = digest(sqlite_database, tmp_path, "--json").communicate(timeout=PATIENCE)
    assert json.loads(told) == {
        "readers": 2,
        "written": 2,
        "sent": 2,
        "failed": 0,
        "waiting": 0,
        "uncertain": 0,
        "trouble": "",
    }
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 2


def test_a_server_that_is_away_is_said_and_nothing_is_lost(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers_with_news(1)
    away = digest(sqlite_database, tmp_path, server=MailServer(port=1))
    told, trouble = away.communicate(timeout=PATIENCE)
    assert (away.returncode, "0 mails sent.\n1 mail waits to be tried again" in told) == (1, True)
    assert "The mail server could not be reached, and mails wait: " in trouble
    # The mail was in hand a moment ago, so the next run leaves it alone; it does not look as if all were sent.
    with mail_server(monkeypatch) as server:
        told, trouble = digest(sqlite_database, tmp_path, server=server).communicate(timeout=PATIENCE)
    assert ("1 mail waits to be tried again" in told, trouble, server.recipients) == (True, "", [])
    with mail_server(monkeypatch) as server:
        assert send_waiting(limit=9, now=now() + timedelta(minutes=2)).sent == 1
    assert server.recipients == ["reader0@example.org"]
