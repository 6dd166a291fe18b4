"""Addresses that no access log may hold: they carry passes, invitations or follow links, or say who looked at the
ballot and when, or what help somebody looked for.

A log also keeps what was mistyped; so an address that holds a code anywhere is not logged either.
"""

import logging
import re
from urllib.parse import unquote

from lib.rules.ballots import normalise_token

NEVER_LOGGED = frozenset(
    {
        *("b", "ballot", "door", "follow", "help", "join", "join-in", "mail", "open-room", "organiser", "pulse"),
        *("results", "rounds", "services", "sign-up", "slips"),
    }
)

ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*")
"""What stands before the path in absolute-form, and in a whole link."""

FOLLOW_SECRET = re.compile(r"[0-9a-z]{26}")
"""16 bytes in base 32 (`services/concerns.py`), mistyped or not."""


class NoVotes(logging.Filter):
    """Drops lines of uvicorn's access log whose address belongs to a vote or holds a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        # The first argument is the client's address, whose digits can look like a code.
        arguments = record.args[1:] if isinstance(record.args, tuple) else ()
        return not any(isinstance(part, str) and is_never_logged(part) for part in arguments)


def is_never_logged(address: str) -> bool:
    """Whether an address, in whatever spelling, with or without its query, belongs to a vote or holds a code.

    >>> is_never_logged("/b/ABCDEFGHJKMNPQRS"), is_never_logged("/ballot?change=1"), is_never_logged("/beats/K2")
    (True, True, False)
    >>> is_never_logged("/signin?next=%2Fballot"), is_never_logged("/abcd-efgh-jkmn-pqrs"), is_never_logged("/?b=K2")
    (True, True, False)
    """
    while (plain := unquote(address)) != address:
        address = plain
    path, _mark, query = address.lower().replace("+", " ").partition("?")
    # A value may be an address itself: `/signin?next=/b/…`.
    values = [part.partition("=")[2] or part for part in re.split("[?#&;]", query)]
    return any(map(_is_of_a_vote, [path, *values]))


def _is_of_a_vote(text: str) -> bool:
    first, *others = ORIGIN.sub("", text).lstrip("/").split("/")
    is_address = "/" in text
    return (is_address and first in NEVER_LOGGED) or any(map(_is_secret, [first, *others]))


def _is_secret(part: str) -> bool:
    return normalise_token(part) is not None or FOLLOW_SECRET.fullmatch(part.strip()) is not None


def keep_votes_out_of_access_logs() -> None:
    """Install the filter, once per process."""
    logger = logging.getLogger("uvicorn.access")
    if not any(isinstance(known, NoVotes) for known in logger.filters):
        logger.addFilter(NoVotes())
