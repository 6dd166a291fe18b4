"""What mails are for, how far each one got, when it is tried again, and how it is written: plain text, safe headers."""

import re
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from lib.errors import Invalid

NO_ADDRESS = "This is no e-mail address. Write it as in name@example.org."

SUBJECT_LENGTH = 150
TROUBLE_LENGTH = 200

MOST_ATTEMPTS = 5
"""A mail that a server refused this often is given up."""

_PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


class _LinksStayWhole(EmailPolicy):
    """As `email.policy.SMTP`, but no link in a header is ever written as an encoded word.

    Python writes a word that is too long for one line that way, and then no mail program finds the link (RFC 2369).
    """

    def fold(self, name: str, value: str) -> str:
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self._whole(name, value).encode("ascii") or super().fold_binary(name, value)

    def _whole(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name == "List-Unsubscribe" else ""


_HEADERS = _LinksStayWhole(linesep="\r\n")

_NEVER_IN_LINKS = "<> "

_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")


class MailKind(StrEnum):
    """What a mail is for."""

    CONFIRMATION = "confirmation"
    DIGEST = "digest"
    SIGN_UP = "sign_up"
    RELAY = "relay"


class MailState(StrEnum):
    """How far a mail got. `sending`: handed over, and nobody knows whether it arrived there."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"


def clean_address(text: str) -> str:
    """A mail address as it is written to: the domain in ASCII and lower case, the part before it as typed.

    Its syntax is checked, not whether anybody reads there. Raises Invalid.

    >>> clean_address("  Maya.Lindqvist@Example.org "), clean_address("beat@münchen.example")
    ('Maya.Lindqvist@example.org', 'beat@xn--mnchen-3ya.example')
    """
    try:
        checked = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as cause:
        raise Invalid(NO_ADDRESS, field="email") from cause
    if checked.ascii_email is None:
        raise Invalid(NO_ADDRESS, field="email")
    return checked.ascii_email


def same_address(address: str) -> str:
    """What two spellings of one mailbox have in common: servers tell capitals apart in theory only.

    >>> same_address("Maya@example.org") == same_address("maya@example.org")
    True
    """
    return address.casefold()


def pause_before_next_try(attempts: int) -> timedelta:
    """How long a mail waits after it was handed over in vain; `attempts` of it were refused so far.

    >>> [str(pause_before_next_try(attempts)) for attempts in (0, 1, 4, 9)]
    ['0:01:00', '0:01:00', '6:00:00', '6:00:00']
    """
    return _PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1]


def is_given_up(code: int, attempts: int) -> bool:
    """Whether a refusal is the last: the server said "never" (5xx), or "not now" (4xx) for the last time.

    >>> is_given_up(550, 1), is_given_up(451, 1), is_given_up(451, 5)
    (True, False, True)
    """
    return code >= 500 or attempts >= MOST_ATTEMPTS


def written_mail(
    *,
    sender: str,
    to: str,
    subject: str,
    text: str,
    message_id: str,
    written_at: datetime,
    unsubscribe_url: str = "",
) -> EmailMessage:
    """One plain text mail in 7-bit form, which every server takes.

    `message_id` is what stands between the angle brackets. Nothing in `subject` or `text` becomes a header or another
    recipient; line breaks in the subject become spaces. With `unsubscribe_url` mail programs show their own button,
    which ends it with one POST (RFC 8058). Raises Invalid (to).
    """
    name, address = parseaddr(sender)
    mail = EmailMessage(policy=_HEADERS)
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(addr_spec=clean_address(to))
    mail["Subject"] = one_line(subject)[:SUBJECT_LENGTH]
    mail["Date"] = format_datetime(written_at)
    mail["Message-ID"] = f"<{message_id}>"
    # RFC 3834: holiday notices and other machines do not answer it.
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{_link(unsubscribe_url)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text, charset="utf-8", cte="quoted-printable")
    return mail


def _link(address: str) -> str:
    """An address as it can stand between angle brackets: what could end it there, and what is not ASCII, encoded."""
    return "".join(
        sign if sign.isascii() and sign not in _NEVER_IN_LINKS else "".join(f"%{byte:02X}" for byte in sign.encode())
        for sign in one_line(address)
    )


def one_line(text: str) -> str:
    """The text without control signs, on one line.

    >>> one_line("News\\r\\nBcc: everybody@example.org")
    'News Bcc: everybody@example.org'
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def trouble_in_words(code: int, words: str) -> str:
    """What a server said when it refused a mail, without any address, to be kept beside the mail.

    >>> trouble_in_words(550, "5.1.1 <maya@example.org>: no such user")
    '550 5.1.1 …: no such user'
    """
    return without_addresses(f"{code} {words}")


def without_addresses(words: str) -> str:
    """What a server or a library said, on one line and without any address."""
    return _ADDRESS.sub("…", one_line(words))[:TROUBLE_LENGTH]
