"""The coordinator's part about mail: numbers without anybody's name, and a test mail."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.errors import NotAllowed
from lib.model import LogEntry, Mail
from lib.rules.mail import MailState
from lib.services.following import follow_by_mail
from lib.services.mail import send_test_mail, write_off_uncertain
from lib.settings import settings
from lib.storage.transaction import reading, writing
from lib.ui.parts import plain
from tests.builders import NOON, a_beat, a_city, a_concern, a_coordinator, a_facilitator
from tests.goal_builders import a_follow_link
from tests.pages.test_admin import button
from tests.pages.visiting import page_text, visit
from tests.posting import mail_server, posted, text_of


def a_reader() -> None:
    a_city()
    follow_by_mail(follow_secret=a_follow_link(a_concern(a_beat())), address="maya@example.org")


def test_the_numbers_are_shown_and_no_address(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_reader()
    text = page_text(visit("admin", monkeypatch, a_coordinator()))
    assert "No mail server is set, so mails are files in data/outbox and reach nobody." in text
    assert "maya" not in text
    assert "handed over, and the answer was lost: none" in text


def test_a_test_mail_goes_to_the_coordinator_at_once(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_reader()
    app = visit("admin", monkeypatch, a_coordinator())
    button(app, "Send a test mail to me").click().run()  # type: ignore[attr-defined]
    assert app.success[0].value == plain("A test mail lies in data/outbox.")
    [mail] = posted()
    assert mail["Subject"] == "Test mail from Common Beat"
    assert text_of(mail) == "If you read this, mails from http://localhost:8501 arrive.\n"
    with reading() as db:
        actions = db.scalars(select(LogEntry.action)).all()
    assert actions.count("test_mail_sent") == 1


def test_what_the_server_says_is_shown_without_the_address(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    with mail_server(monkeypatch) as server:
        server.answers = ["554 5.7.1 we know no <somebody@example.org> here"]
        app = visit("admin", monkeypatch, a_coordinator())
        assert f"Mails are sent through 127.0.0.1, port {server.port}, not encrypted" in page_text(app)
        button(app, "Send a test mail to me").click().run()  # type: ignore[attr-defined]
        assert app.error[0].value == plain("The mail server refused the mail: 554 5.7.1 we know no … here")


def test_a_server_that_is_not_there_is_said(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", "1")
    settings.cache_clear()
    app = visit("admin", monkeypatch, a_coordinator())
    button(app, "Send a test mail to me").click().run()  # type: ignore[attr-defined]
    assert "The mail server could not be reached" in app.error[0].value


def test_uncertain_mails_are_written_off_by_a_person_once_they_are_old(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_reader()
    with writing() as db:
        mail = db.scalars(select(Mail)).one()
        mail.state, mail.sent_at = MailState.SENDING, NOON
    coordinator = a_coordinator()
    assert write_off_uncertain(actor=coordinator, now=NOON + timedelta(minutes=59)) == 0
    app = visit("admin", monkeypatch, coordinator)
    assert "1 mail may or may not have arrived" in page_text(app)
    button(app, "I have looked: count the uncertain ones no longer").click().run()  # type: ignore[attr-defined]
    with reading() as db:
        found = db.scalars(select(Mail)).one()
    assert (found.state, found.message, found.trouble) == (
        MailState.GIVEN_UP,
        None,
        "nobody knows whether it arrived",
    )


def test_only_a_coordinator_sends_test_mails(sqlite_database: str) -> None:
    a_city()
    for act in (send_test_mail, write_off_uncertain):
        with pytest.raises(NotAllowed):
            act(actor=a_facilitator())
