"""Addresses that no access log may hold: they carry passes or invitations, or say who looked at them and when."""

import logging

NEVER_LOGGED = frozenset({"b", "ballot", "door", "join", "open-room", "pulse", "results"})


class NoVotes(logging.Filter):
    """Drops lines of uvicorn's access log whose address belongs to a vote."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        return not any(isinstance(part, str) and is_never_logged(part) for part in arguments)


def is_never_logged(address: str) -> bool:
    """Whether an address, with or without its query, belongs to a vote.

    >>> is_never_logged("/b/ABCDEFGHJKMNPQRS"), is_never_logged("/ballot?change=1"), is_never_logged("/beats/K2")
    (True, True, False)
    """
    return address.startswith("/") and address.lstrip("/").partition("?")[0].partition("/")[0] in NEVER_LOGGED


def keep_votes_out_of_access_logs() -> None:
    """Install the filter, once per process."""
    logger = logging.getLogger("uvicorn.access")
    if not any(isinstance(known, NoVotes) for known in logger.filters):
        logger.addFilter(NoVotes())
