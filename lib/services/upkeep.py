"""The small work that goes on beside the server: rounds that are due close, what officers who left answered for waits
for a successor, closed waves of the pulse are cleaned, log entries are chained."""

import asyncio
import logging

from lib.clock import now
from lib.errors import Explained
from lib.services.handover import hand_over_ended_postings
from lib.services.log import chain_log
from lib.services.pulse_sweep import sweep_closed_waves
from lib.services.voting import close_due_rounds

_log = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0


def keep_up_once() -> None:
    """One round of upkeep. Several processes may do it at once: each step takes its own lock in the database."""
    close_due_rounds(now=now())
    hand_over_ended_postings(now=now())
    chain_log()
    # Last: a long reader may hold it up for seconds, and a round that is due must not wait behind it.
    sweep_closed_waves(now=now())


async def keep_up() -> None:
    """Upkeep every two seconds until cancelled. A database that is away for a while is waited for, not fallen over."""
    while True:
        try:
            await asyncio.to_thread(keep_up_once)
        except Explained as problem:
            _log.warning("upkeep waits: %s", problem.sentence)
        except Exception:
            _log.exception("upkeep failed and goes on")
        await asyncio.sleep(PAUSE_SECONDS)
