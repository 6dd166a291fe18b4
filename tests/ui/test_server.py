"""What is tuned in Streamlit is tuned in the version that is installed, and still there to be tuned."""

import re
import socket
import sys
import tomllib

import streamlit
from streamlit.runtime.app_session import AppSession
from streamlit.web.server.starlette import starlette_server

from lib.settings import ROOT
from lib.ui.server import PATCHED_VERSIONS, prepare_process


def test_the_pinned_streamlit_is_a_version_that_was_looked_at() -> None:
    pinned = re.search(r"^streamlit==(.+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert pinned is not None
    assert pinned[1] == streamlit.__version__
    assert streamlit.__version__.startswith(PATCHED_VERSIONS)


def test_the_replaced_functions_exist() -> None:
    assert callable(AppSession.register_file_watchers)
    assert callable(starlette_server._bind_socket)


def test_small_answers_leave_at_once_and_no_watcher_starts() -> None:
    before = AppSession.register_file_watchers, starlette_server._bind_socket, sys.getswitchinterval()
    try:
        prepare_process()
        listening = starlette_server._bind_socket("127.0.0.1", 0, 5)
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        listening.close()
        assert AppSession.register_file_watchers is not before[0]
        assert sys.getswitchinterval() < 0.001
    finally:
        AppSession.register_file_watchers, starlette_server._bind_socket = before[:2]
        sys.setswitchinterval(before[2])


def test_the_quiet_settings_stand() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["runner"] == {"magicEnabled": False, "postScriptGC": False}
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["fileWatcherType"] == "none"
    assert settings["client"]["showErrorDetails"] == "none"
