"""No access log holds the address of a slip, of the ballot or of a follow link, however it was spelled."""

import logging
import os
import socket
import subprocess
import sys
import time

import httpx
import pytest

from lib.web.quiet import NoVotes, is_never_logged
from tests.serving import ROOT, free_port

TOKEN, SECRET = "ABCDEFGHJKMNPQRS", "0123456789abcdefghjkmnpqrs"

OF_A_VOTE = (
    f"/b/{TOKEN}",
    "/ballot",
    "/ballot/in?was=1",
    "/join",
    "/results/nothing",
    f"/follow/{SECRET}",
    "/slips/abcdef",
    "/pulse/ABCDEFGHJKMNPQRS",
)
MISTYPED = (
    f"/B/{TOKEN}",
    f"//b/{TOKEN}",
    f"/{TOKEN}",
    f"/{TOKEN.lower()}/x",
    "/ABCD-EFGH-JKMN-PQRS",
    "/nowhere?code=ABCD+EFGH+JKMN+PQRS",
    f"/signin?next=/b/{TOKEN}",
    f"/signin?next=%2Fb%2F{TOKEN}&language=es",
    "/signin?next=%252Fballot",
    f"/signin?next=http://door/b/{TOKEN}",
    f"/folow/{SECRET.upper()}",
    f"/?{TOKEN}",
)


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
        wait_for(f"{url}/assets/icon.svg", 30)
        for address in (*OF_A_VOTE, *MISTYPED):
            httpx.get(url + address)
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(f"GET {url}/B/{TOKEN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            while raw.recv(4096):
                pass
        httpx.post(f"{url}/join", data={"code": "ABCDEFGHJKMNPQRS"})
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=20)
    assert "GET /assets/icon.svg" in said
    for word in (TOKEN, SECRET, "/ballot", "/join", "/results", "/follow", "/pulse", "/slips"):
        assert word.lower() not in said.lower()


@pytest.mark.parametrize("address", [*OF_A_VOTE, *MISTYPED])
def test_an_address_of_a_vote_is_known_in_every_spelling(address: str) -> None:
    assert is_never_logged(address)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/beats/K2",
        "/signin?next=/desk",
        "/report?beat=K2&language=es",
        "/assets/phone.css?v=0123456789ab",
        "/me-too/00000000-0000-0000-0000-000000000000",
        "/meetings?was=ballot",
        "http://door/beats",
    ],
)
def test_any_other_address_is_logged(address: str) -> None:
    assert not is_never_logged(address)


def test_a_client_whose_address_has_sixteen_digits_is_still_logged() -> None:
    line = logging.LogRecord("x", 20, "", 1, "%s", ("192.168.10.200:54321", "GET", "/beats", "1.1", 200), None)
    assert NoVotes().filter(line)


def test_the_filter_stands_in_the_process_of_the_product_itself(sqlite_database: str) -> None:
    """Under `uvicorn app:app` the server configures its logs first and imports the product then."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": sqlite_database, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/assets/icon.svg", 120)
        for address in (f"/follow/{SECRET}", f"/B/{TOKEN}"):
            httpx.get(url + address)
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=30)
    assert "GET /assets/icon.svg" in said
    assert (SECRET in said, TOKEN in said) == (False, False)


def wait_for(url: str, seconds: float) -> None:
    """Until the server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            httpx.get(url)
            return
        except httpx.TransportError:
            time.sleep(0.1)
