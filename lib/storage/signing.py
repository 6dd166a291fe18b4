"""Small texts signed with the installation's secret, so that a cookie or a form field cannot be made up outside."""

import hashlib

from itsdangerous import BadData, TimestampSigner

from lib.settings import settings


def sign(purpose: str, value: str) -> str:
    """`value` with the second of signing and a signature. `purpose` keeps uses apart: no text is good for two.

    The value stays readable; it is signed, not encrypted.
    """
    return _signer(purpose).sign(value).decode()


def unsign(purpose: str, text: str, max_age: float) -> str | None:
    """The value again; None if the signature is wrong, of another purpose, or older than `max_age` seconds."""
    try:
        return _signer(purpose).unsign(text, max_age=int(max_age)).decode()
    except (BadData, UnicodeError):
        return None


def _signer(purpose: str) -> TimestampSigner:
    return TimestampSigner(settings().secret, salt=f"common-beat {purpose}", digest_method=hashlib.sha256)
