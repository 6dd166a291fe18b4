"""The small work that goes on beside the server: rounds that are due close, what officers who left answered for waits
for a successor, closed waves of the pulse are cleaned, log entries are chained; and mails that wait are sent,
addresses that nobody confirmed erased."""

import asyncio
import logging
from collections.abc import Callable

from lib.clock import now
from lib.errors import Explained
from lib.services.following import tidy_readers
from lib.services.handover import hand_over_ended_postings
from lib.services.log import chain_log
from lib.services.mail import send_waiting, tidy_outbox
from lib.services.pulse_sweep import sweep_closed_waves
from lib.services.rounds import close_due_rounds
from lib.services.volunteers import tidy_sign_ups

_log = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0
MAIL_PAUSE_SECONDS = 5.0
OUTBOX_PAUSE_SECONDS = 3600.0
MAILS_AT_ONCE = 20


def keep_up_once() -> None:
    """One round of upkeep. Several processes may do it at once: each step takes its own lock in the database."""
    close_due_rounds(now=now())
    hand_over_ended_postings(now=now())
    chain_log()
    # Last: a long reader may hold it up for seconds, and a round that is due must not wait behind it.
    sweep_closed_waves(now=now())


def send_mails_once() -> None:
    """Send some of the mails that wait (whoever waits for one looks at their phone now), and erase what is old."""
    done = send_waiting(limit=MAILS_AT_ONCE)
    if done.trouble:
        _log.warning("mails wait, the server cannot be reached: %s", done.trouble)
    tidy_readers()
    tidy_sign_ups()


async def keep_up() -> None:
    """Upkeep every two seconds until cancelled, mails every five beside it: a slow mail server holds up no round. The
    outbox is looked through once an hour."""
    await asyncio.gather(
        _repeat(keep_up_once, PAUSE_SECONDS),
        _repeat(send_mails_once, MAIL_PAUSE_SECONDS),
        _repeat(tidy_outbox, OUTBOX_PAUSE_SECONDS),
    )


async def _repeat(work: Callable[[], object], pause: float) -> None:
    """Do the work again and again. A database that is away for a while is waited for, not fallen over."""
    while True:
        try:
            await asyncio.to_thread(work)
        except Explained as problem:
            _log.warning("upkeep waits: %s", problem.sentence)
        except Exception:
            _log.exception("upkeep failed and goes on")
        await asyncio.sleep(pause)
