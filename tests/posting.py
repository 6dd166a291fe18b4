"""A real mail server (aiosmtpd) in this process, that keeps what it took and refuses or breaks off as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lib.settings import settings
from lib.storage.post import outbox
from tests.serving import free_port

BREAK_OFF = "break off"


@dataclass
class MailServer:
    """`answers`: what the next mails are answered with after their text, `BREAK_OFF` where the connection breaks there;
    then everything is taken. `unknown`: recipients that are refused by name. `while_taking` runs for each mail."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    while_taking: Callable[[], None] = lambda: None

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.unknown:
            return self.unknown[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == BREAK_OFF:
            assert server.transport is not None
            server.transport.abort()
            return "451 nobody hears this"
        self.while_taking()
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(BytesParser(policy=policy.default).parsebytes(envelope.content))  # type: ignore[arg-type]
            self.recipients += envelope.rcpt_tos
        return answer


@contextmanager
def mail_server(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[MailServer]:
    """The settings point to this server within the block. `options` go to aiosmtpd (TLS, sign-in)."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
    controller.start()
    with monkeypatch.context() as environment:
        environment.setenv("SMTP_HOST", "127.0.0.1")
        environment.setenv("SMTP_PORT", str(server.port))
        environment.setenv("SMTP_TLS", "none")
        environment.setenv("BASE_URL", "https://beat.example.org")
        settings.cache_clear()
        try:
            yield server
        finally:
            controller.stop()
    settings.cache_clear()


def posted() -> list[EmailMessage]:
    """The mails in the outbox folder, by subject."""
    files = sorted(outbox().glob("*.eml")) if outbox().exists() else []
    mails = [BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in files]
    return sorted(mails, key=lambda mail: str(mail["Subject"]))  # type: ignore[arg-type, return-value]


def text_of(mail: EmailMessage) -> str:
    """What a mail says, with line ends as Python writes them."""
    return str(mail.get_content()).replace("\r\n", "\n")
