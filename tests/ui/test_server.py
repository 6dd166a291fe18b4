"""What is tuned in Streamlit is tuned in the version that is installed, and still there to be tuned."""

import re
import socket
import sys
import tomllib

import streamlit
import uvicorn
from streamlit.runtime.app_session import AppSession

from lib.settings import ROOT, settings
from lib.ui.server import PATCHED_VERSIONS, prepare_process
from tests.serving import run_apart


def test_the_pinned_streamlit_is_a_version_that_was_looked_at() -> None:
    pinned = re.search(r"^streamlit==(.+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert pinned is not None
    assert pinned[1] == streamlit.__version__
    assert streamlit.__version__.startswith(PATCHED_VERSIONS)


def test_the_replaced_functions_exist() -> None:
    assert callable(AppSession.register_file_watchers)
    assert callable(uvicorn.Server.startup)


def test_small_answers_leave_at_once_no_watcher_starts_and_nothing_is_waited_for_without_end() -> None:
    before = AppSession.register_file_watchers, uvicorn.Server.startup, sys.getswitchinterval()
    try:
        prepare_process()
        with socket.create_server(("127.0.0.1", 0)) as listening:
            assert run_apart(started_and_stopped(listening)) == settings().grace_seconds
            assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        assert AppSession.register_file_watchers is not before[0]
        assert sys.getswitchinterval() < 0.001
    finally:
        AppSession.register_file_watchers, uvicorn.Server.startup = before[:2]
        sys.setswitchinterval(before[2])


async def started_and_stopped(listening: socket.socket) -> int | None:
    """A server as Streamlit starts it, on a socket that was bound before the application was imported; the seconds it
    waits at its end."""

    async def nothing(_scope: object, _receive: object, _send: object) -> None:
        return None

    server = uvicorn.Server(uvicorn.Config(nothing, lifespan="off", log_level="error"))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([listening.dup()])
    await server.shutdown()
    return server.config.timeout_graceful_shutdown


def test_the_quiet_settings_stand() -> None:
    quiet = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert quiet["runner"] == {"magicEnabled": False, "postScriptGC": False}
    assert quiet["browser"]["gatherUsageStats"] is False
    assert quiet["server"]["fileWatcherType"] == "none"
    assert quiet["client"]["showErrorDetails"] == "none"
