"""Where mails leave the house: the mail server of the settings, or the outbox folder when there is none.

One `Post` is one way there, for as many mails as are waiting. What can go wrong is told apart by what is known then:
the server refused the mail, the server was not reached, or nobody knows.
"""

import contextlib
import os
import secrets
import smtplib
import ssl
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Self

from lib.settings import Settings, settings

SECONDS = 30.0
"""How long the server may take for one answer."""


class Refused(Exception):
    """The server surely did not take the mail: its code (4xx not now, 5xx never) and words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code, self.words = code, words


class Unreached(Exception):
    """The mail was surely not handed over: no connection, no trust, no sign-in. Another mail would fare the same."""


class Unsure(Exception):
    """The connection broke while the mail was handed over. It may have arrived."""


class Post:
    """The way out, open within a `with` block; the server is called when the first mail comes."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._hang_up()

    def hand_over(self, mail: bytes) -> None:
        """Hand over one mail, as `EmailMessage.as_bytes` wrote it, to its one recipient.

        Returns when the server has said that it took it, or when the file is on the disk. Raises Refused, Unreached,
        Unsure.
        """
        headers = BytesParser(policy=policy.SMTP).parsebytes(mail, headersonly=True)
        if settings().smtp_host:
            self._send(headers, mail)
        else:
            _put_into_outbox(headers, mail)

    def _send(self, headers: EmailMessage, mail: bytes) -> None:
        server = self._called()
        try:
            server.ehlo_or_helo_if_needed()
            self._require(server.mail(_only_address(headers, "From")))
            self._require(server.rcpt(_only_address(headers, "To")))
        except (OSError, smtplib.SMTPException) as cause:
            self._hang_up()
            raise Unreached(_said(cause)) from cause
        try:
            self._require(server.data(mail))
        except smtplib.SMTPDataError as refusal:
            self._require((refusal.smtp_code, refusal.smtp_error))
        except (OSError, smtplib.SMTPException) as cause:
            self._hang_up()
            raise Unsure(_said(cause)) from cause

    def _called(self) -> smtplib.SMTP:
        """The server, greeted and signed in to. Raises Unreached."""
        if self._server is None:
            try:
                self._server = _greeted(settings())
            except (OSError, smtplib.SMTPException) as cause:
                raise Unreached(_said(cause)) from cause
        return self._server

    def _require(self, answer: tuple[int, bytes | str]) -> None:
        """Raises Refused unless the answer is a yes; the same connection is then good for the next mail."""
        code, words = answer
        if 200 <= code < 300:
            return
        if code == 421 or self._server is None:
            self._hang_up()
        else:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.rset()
        raise Refused(code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words)

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def outbox() -> Path:
    """The folder of mails that no server sends; only its owner reads it."""
    return settings().data_folder / "outbox"


def empty_outbox(*, older_than: datetime) -> int:
    """Delete the mails in the outbox, and drafts that a crash left there, written before an instant; how many. Other
    files stay. What cannot be deleted is left for the next time."""
    gone = 0
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(outbox()) as files:
        for file in files:
            if not (file.name.endswith(".eml") or file.name.startswith(".")):
                continue
            with contextlib.suppress(OSError):
                if file.is_file(follow_symlinks=False) and file.stat().st_mtime < older_than.timestamp():
                    Path(file.path).unlink()
                    gone += 1
    return gone


def _greeted(known: Settings) -> smtplib.SMTP:
    # By default smtplib asks the resolver for this machine's full name, which can take seconds and tells it outside.
    name = known.mail_domain
    where = (known.smtp_host, known.smtp_port, name)
    server: smtplib.SMTP
    if known.smtp_tls == "tls":
        server = smtplib.SMTP_SSL(*where, timeout=SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(*where, timeout=SECONDS)
    try:
        if known.smtp_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if known.smtp_user:
            server.login(known.smtp_user, known.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _only_address(headers: EmailMessage, name: str) -> str:
    return str(headers[name].addresses[0].addr_spec)


def _put_into_outbox(headers: EmailMessage, mail: bytes) -> None:
    """Write the mail to a file named by its Message-ID: the same mail is the same file. Raises Unreached."""
    name = str(headers["Message-ID"]).strip("<> ").partition("@")[0]
    folder = outbox()
    draft = folder / f".{name}.{secrets.token_hex(4)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(mail)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(folder / f"{name}.eml")
        finally:
            draft.unlink(missing_ok=True)
    except OSError as cause:
        raise Unreached(f"The outbox cannot be written to: {cause.strerror}") from cause


def _said(cause: Exception) -> str:
    if isinstance(cause, smtplib.SMTPResponseException):
        words = cause.smtp_error
        return f"{cause.smtp_code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
    return str(cause) or type(cause).__name__
