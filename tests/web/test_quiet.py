"""No access log holds the address of a slip or of the ballot."""

import os
import subprocess
import sys
import time

import httpx

from tests.serving import ROOT, free_port


def test_a_server_with_an_access_log_writes_no_line_about_a_vote(sqlite_database: str) -> None:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "tests.web.conftest:phone_door", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "DATABASE_URL": sqlite_database, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                httpx.get(f"{url}/assets/icon.svg")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        for address in (
            "/b/ABCDEFGHJKMNPQRS",
            "/pulse/ABCDEFGHJKMNPQRS",
            "/ballot",
            "/ballot/in?was=1",
            "/join",
            "/results/nothing",
        ):
            httpx.get(url + address)
        httpx.post(f"{url}/join", data={"code": "ABCDEFGHJKMNPQRS"})
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=20)
    assert "GET /assets/icon.svg" in said
    for word in ("ABCDEFGHJKMNPQRS", "/ballot", "/join", "/pulse", "/results"):
        assert word not in said
