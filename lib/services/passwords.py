"""Passwords as argon2id hashes, with OWASP's first recommendation: 19 MiB, two passes, one lane.

Every check costs the same whether the account exists or not, and at most two run at once, so that a rush of wrong
passwords takes neither the memory nor both cores of a small machine.
"""

import secrets
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHash

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_places = BoundedSemaphore(2)


def hashed(password: str) -> str:
    """The argon2id hash of a password, with its own salt and its cost written in it."""
    with _places:
        return _hasher.hash(password)


def is_right(password: str, kept: str) -> bool:
    """Whether the hash is this password's. An empty hash (no account, no password) costs as much and is never right."""
    with _places:
        try:
            return _hasher.verify(kept or _nobodys(), password) and bool(kept)
        except (Argon2Error, InvalidHash):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made at another cost than today's."""
    return _hasher.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
