"""How the Streamlit server of this process is tuned for a hall: measured reasons stand in docs/decisions/0003.

Under overload Streamlit starts one thread per run and all of them fight for one lock. Two runs at a time and a short
switch interval keep the tail short; a session needs four file descriptors, so the limit is raised.
"""

import os
import socket
import sys
from collections.abc import Callable, Coroutine
from threading import BoundedSemaphore
from typing import Any

import streamlit
import uvicorn
from streamlit.runtime.app_session import AppSession

from lib.settings import settings

script_places = BoundedSemaphore(2)
"""Held by the shell during a full run and by the live display during a tick: at most two compute at once."""

PATCHED_VERSIONS = ("1.67.",)
"""Streamlit versions that were looked at: reconnecting sessions start file watchers although the settings say "none",
the socket that Streamlit binds itself waits 40 ms with every small answer (Nagle's algorithm against delayed
acknowledgements; `uvicorn` alone switches that off), and its server, told to end, waits for ever for a phone that lost
its network in the middle of a form."""

WANTED_FILES = 65_536


def prepare_process() -> None:
    """Tune this process once, before Streamlit binds its socket. Does nothing that the platform does not offer."""
    sys.setswitchinterval(0.0005)
    _raise_file_limit()
    _let_phones_go_first()
    if streamlit.__version__.startswith(PATCHED_VERSIONS):
        uvicorn.Server.startup = _tuned(uvicorn.Server.startup)  # type: ignore[method-assign, assignment]
        AppSession.register_file_watchers = _no_file_watchers  # type: ignore[method-assign, assignment]


Startup = Callable[[uvicorn.Server, list[socket.socket] | None], Coroutine[Any, Any, None]]


def _tuned(startup: Startup) -> Startup:
    """Start as uvicorn does, let small answers go out at once (connections inherit it from the socket), and end within
    the grace of the settings.

    Streamlit binds the socket before it imports this application, so it is at its start that the socket is changed.
    """

    async def started(server: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        for listening in sockets or ():
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.config.timeout_graceful_shutdown = server.config.timeout_graceful_shutdown or settings().grace_seconds
        await startup(server, sockets)

    return started


def _no_file_watchers(_session: AppSession) -> None:
    """Sources do not change under a running installation; watching them cost 100 returning phones 8 seconds."""


def _raise_file_limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _let_phones_go_first() -> None:
    """With processes of their own beside this one, phones never wait for a screen that is being drawn on the core they
    wake up on (Linux). The screens keep their share: only who goes first changes."""
    if settings().phone_port and hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
