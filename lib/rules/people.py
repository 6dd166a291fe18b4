"""What an e-mail address and a password must be, and how long wrong passwords make the next try wait."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from lib.errors import Invalid

EMAIL_LENGTH = 254
PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 200
PIN_SHORTEST = 4
PIN_LONGEST = 12

FREE_TRIES = 5
"""Wrong passwords for one account that cost no waiting."""

LONGEST_WAIT = timedelta(minutes=1)

REMEMBERED = timedelta(minutes=15)
"""How long a wrong password counts."""

TRIES_A_MINUTE = 60
"""Wrong passwords for all accounts together within a minute, before unknown devices wait."""


def clean_email(text: str) -> str:
    """The address in lower case, without spaces around it. Raises Invalid if it is none.

    >>> clean_email("  Maya.Lindqvist@Example.org ")
    'maya.lindqvist@example.org'
    """
    address = unicodedata.normalize("NFC", text).strip().lower()
    if len(address) > EMAIL_LENGTH or not re.fullmatch(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+", address):
        raise Invalid("This is no e-mail address. Write it as in name@example.org.", field="email")
    return address


def clean_password(text: str, *, email: str) -> str:
    """The password in one Unicode form (NFKC), so that every keyboard types the same.

    Raises Invalid if it has fewer than 12 or more than 200 characters, fewer than 5 different ones, or is the e-mail
    address.

    >>> clean_password("correct horse battery", email="maya@example.org")
    'correct horse battery'
    """
    password = unicodedata.normalize("NFKC", text)
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        raise Invalid(
            f"A password has {PASSWORD_SHORTEST} to {PASSWORD_LONGEST} characters; four random words make a good one.",
            field="password",
        )
    if len(set(password)) < 5 or password.lower() == email:
        raise Invalid("This password is too easy to guess; four random words make a good one.", field="password")
    return password


def clean_pin(text: str) -> str:
    """The PIN as digits, whatever keyboard typed them. A second person types it on somebody else's screen, in a hall.

    Raises Invalid if it has fewer than 4 or more than 12 digits, or is one that people try first: one digit repeated,
    or digits that count up or down.

    >>> clean_pin(" 4 7 1 1 ")
    '4711'
    """
    pin = "".join(unicodedata.normalize("NFKC", text).split())
    if not re.fullmatch(f"[0-9]{{{PIN_SHORTEST},{PIN_LONGEST}}}", pin):
        raise Invalid(f"A PIN has {PIN_SHORTEST} to {PIN_LONGEST} digits.", field="pin")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise Invalid("This PIN is too easy to guess. Choose digits that do not repeat or count.", field="pin")
    return pin


def wait_before_next_try(failures: Sequence[datetime], now: datetime) -> timedelta:
    """How long an account's next try has to wait: nothing for the first five, then doubling from 1 s to a minute.

    `failures` are the instants of this account's wrong tries; those older than 15 minutes do not count.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    >>> [wait_before_next_try([noon] * tries, noon).total_seconds() for tries in (4, 5, 6, 9, 40)]
    [0.0, 1.0, 2.0, 16.0, 60.0]
    """
    counted = [failed for failed in failures if failed > now - REMEMBERED]
    if len(counted) < FREE_TRIES:
        return timedelta(0)
    pause = min(LONGEST_WAIT, timedelta(seconds=2 ** min(len(counted) - FREE_TRIES, 10)))
    return max(timedelta(0), max(counted) + pause - now)


def wait_of_unknown_devices(failures: Sequence[datetime], now: datetime) -> timedelta:
    """How long a device that never signed in waits when all accounts together saw 60 wrong tries within a minute.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    >>> [wait_of_unknown_devices([noon] * tries, noon).total_seconds() for tries in (59, 60)]
    [0.0, 60.0]
    """
    recent = sorted((failed for failed in failures if failed > now - timedelta(minutes=1)), reverse=True)
    if len(recent) < TRIES_A_MINUTE:
        return timedelta(0)
    return recent[TRIES_A_MINUTE - 1] + timedelta(minutes=1) - now
