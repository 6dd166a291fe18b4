"""Files that are fetched once: slips with their codes wait in this process's memory for the one person who minted them.

They stand on no disk and in no database. The first fetch takes a file away; what nobody fetches is gone after minutes.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from lib import clock
from lib.errors import TooMany

KEPT = timedelta(minutes=10)
MOST_BYTES = 64_000_000
"""5,000 slips make a PDF of about 12 MB."""

MOST_REMEMBERED = 1000


class Waiting(StrEnum):
    """Where a file stands: to be fetched, fetched, or gone without having been fetched."""

    WAITS = "waits"
    TAKEN = "taken"
    GONE = "gone"


@dataclass(frozen=True)
class OnceFile:
    """A file and for whom it is."""

    file_name: str
    media_type: str
    content: bytes = field(repr=False)
    person_id: int
    until: datetime


_files: OrderedDict[str, OnceFile] = OrderedDict()
_taken: OrderedDict[str, None] = OrderedDict()
_lock = Lock()


def keep_once(*, person_id: int, file_name: str, media_type: str, content: bytes, now: datetime | None = None) -> str:
    """Keep a file for one fetch by this person; the name that its address ends with. The oldest make room.

    Raises TooMany (larger than all that is ever kept).
    """
    at = now or clock.now()
    if len(content) > MOST_BYTES:
        raise TooMany("This file is too large to be kept in memory. Mint fewer slips at a time.")
    name = secrets.token_urlsafe(24)
    with _lock:
        _drop_old(at)
        while _files and sum(len(each.content) for each in _files.values()) + len(content) > MOST_BYTES:
            _files.popitem(last=False)
        _files[name] = OnceFile(file_name, media_type, content, person_id, at + KEPT)
    return name


def take_once(name: str, *, person_id: int, now: datetime | None = None) -> OnceFile | None:
    """The file, which is then gone; None for anybody else, for a second time, and when its minutes are over."""
    with _lock:
        _drop_old(now or clock.now())
        found = _files.get(name)
        if found is None or found.person_id != person_id:
            return None
        del _files[name]
        _taken[name] = None
        while len(_taken) > MOST_REMEMBERED:
            _taken.popitem(last=False)
        return found


def waiting_once(name: str, *, now: datetime | None = None) -> Waiting:
    """Where a file stands."""
    with _lock:
        _drop_old(now or clock.now())
        return Waiting.WAITS if name in _files else Waiting.TAKEN if name in _taken else Waiting.GONE


def forget_once(name: str) -> None:
    """Throw a file away that nobody fetched, for instance because it is printed otherwise."""
    with _lock:
        _files.pop(name, None)


def _drop_old(at: datetime) -> None:
    for name in [name for name, each in _files.items() if each.until <= at]:
        del _files[name]
