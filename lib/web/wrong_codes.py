"""Wrong pass codes, slowed down per address. A right code never waits: it is checked first, and 300 people behind one
hall router share an address.

What is counted lives in memory for a minute and is written nowhere.
"""

from collections import deque
from threading import Lock
from time import monotonic

WINDOW_SECONDS = 60.0
FREE_TRIES = 5
LONGEST_WAIT = 4.0
REFUSED_AFTER = 40
MOST_CLIENTS = 2000

_lock = Lock()
_tries: dict[str, deque[float]] = {}


def note_wrong_code(client: str, *, moment: float | None = None) -> tuple[float, bool]:
    """Count one wrong code of this address: how many seconds its answer should wait, and whether to ask for a pause.

    Five wrong codes a minute are typing errors; then the answers come half a second later each time.
    """
    at = monotonic() if moment is None else moment
    with _lock:
        if len(_tries) > MOST_CLIENTS:
            _forget(at)
        tries = _tries.setdefault(client, deque(maxlen=REFUSED_AFTER + 1))
        tries.append(at)
        while tries[0] < at - WINDOW_SECONDS:
            tries.popleft()
        number = len(tries)
    return min(LONGEST_WAIT, max(0, number - FREE_TRIES) * 0.5), number > REFUSED_AFTER


def _forget(at: float) -> None:
    """Drop addresses without a wrong code within the window; if all have one, drop all: waiting is a courtesy."""
    for client in [client for client, tries in _tries.items() if tries[-1] < at - WINDOW_SECONDS]:
        del _tries[client]
    if len(_tries) > MOST_CLIENTS:
        _tries.clear()
