"""How the Streamlit server of this process is tuned for a hall: measured reasons stand in docs/decisions/0003.

Under overload Streamlit starts one thread per run and all of them fight for one lock. Two runs at a time and a short
switch interval keep the tail short; a session needs four file descriptors, so the limit is raised.
"""

import socket
import sys
from collections.abc import Callable
from threading import BoundedSemaphore

import streamlit
from streamlit.runtime.app_session import AppSession
from streamlit.web.server.starlette import starlette_server

script_places = BoundedSemaphore(2)
"""Held by the shell during a full run and by the live display during a tick: at most two compute at once."""

PATCHED_VERSIONS = ("1.67.",)
"""Streamlit versions that were looked at: reconnecting sessions start file watchers although the settings say "none",
and the socket that Streamlit binds itself waits 40 ms with every small answer (Nagle's algorithm against delayed
acknowledgements; `uvicorn` alone switches that off)."""

WANTED_FILES = 65_536


def prepare_process() -> None:
    """Tune this process once, before Streamlit binds its socket. Does nothing that the platform does not offer."""
    sys.setswitchinterval(0.0005)
    _raise_file_limit()
    if streamlit.__version__.startswith(PATCHED_VERSIONS):
        starlette_server._bind_socket = _without_delay(starlette_server._bind_socket)  # type: ignore[assignment]
        AppSession.register_file_watchers = _no_file_watchers  # type: ignore[method-assign, assignment]


def _without_delay(bind: Callable[[str, int, int], socket.socket]) -> Callable[[str, int, int], socket.socket]:
    """Bind as Streamlit does, and let small answers go out at once; connections inherit it from the socket."""

    def bound(address: str, port: int, backlog: int) -> socket.socket:
        listening = bind(address, port, backlog)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening

    return bound


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
