"""The phones in a process of their own: the same pages, and the way back to the screens."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest
from starlette.testclient import TestClient

from lib.settings import settings
from lib.web.beside import phone_app
from tests.hall import a_hall
from tests.serving import free_port, serving


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch, sqlite_database: str) -> Iterator[TestClient]:
    monkeypatch.setenv("PORT", "8501")
    monkeypatch.setenv("PHONE_PORT", "8502")
    monkeypatch.delenv("BASE_URL", raising=False)
    settings.cache_clear()
    yield TestClient(phone_app(), base_url="http://192.168.7.7:8502", follow_redirects=False)
    settings.cache_clear()


def test_a_slip_leads_to_the_ballot_and_the_vote_is_in(phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    token = next(iter(hall.tokens.values()))[0]
    assert phone.get(f"/b/{token}").headers["location"] == "/ballot"
    page = phone.get("/ballot").text
    form = page.partition('name="form" value="')[2].partition('"')[0]
    sent = phone.post("/ballot", data={"form": form, "goal": str(row.candidates[0].goal_uuid)})
    assert (sent.status_code, sent.headers["location"].partition("?")[0]) == (303, "/ballot/in")


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/", "http://192.168.7.7:8501/"),
        ("/goals", "http://192.168.7.7:8501/goals"),
        ("/how?beat=K2", "http://192.168.7.7:8501/how?beat=K2"),
        ("/api/", "http://192.168.7.7:8501/api/"),
    ],
)
def test_what_phones_do_not_serve_is_on_the_same_machine_at_the_other_port(
    phone: TestClient, path: str, leads_to: str
) -> None:
    found = phone.get(path)
    assert (found.status_code, found.headers["location"]) == (307, leads_to)


def test_behind_an_address_of_its_own_the_screens_are_there(phone: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "https://beat.example.org/")
    settings.cache_clear()
    assert phone.get("/goals").headers["location"] == "https://beat.example.org/goals"


def test_nonsense_is_not_sent_on(phone: TestClient) -> None:
    assert phone.get("/nonsense").status_code == 404


def test_a_phones_process_is_started_again_and_all_end_with_the_screens(tmp_path: Path) -> None:
    """One test for both, because each start of the product takes seconds."""
    port = free_port()
    with serving(tmp_path, phone_port=port) as served:
        screens = served.process.pid
        assert httpx.get(f"{served.phones_url}/join").status_code == 200
        first = phones_processes(screens)
        if sys.platform == "linux":
            assert [os.sched_getscheduler(pid) for pid in (screens, *first)] == [os.SCHED_BATCH, *2 * [os.SCHED_OTHER]]
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: first[0] not in phones_processes(screens) and answers(port))
        second = phones_processes(screens)
        assert first[1] in second
        with phones_in_the_middle_of_a_form(port):
            os.kill(screens, signal.SIGKILL)
            served.process.wait(10)
            for pid in second:
                wait_until(partial(has_ended, pid))


@contextmanager
def phones_in_the_middle_of_a_form(port: int) -> Iterator[None]:
    """Enough phones for every process to wait for one that lost its network before its form was sent."""
    with ExitStack() as stack:
        for _ in range(20):
            phone = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            phone.sendall(b"POST /join HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\ncode=")
        yield


def phones_processes(of: int) -> list[int]:
    """The two of them, once both are there."""
    wait_until(lambda: len(alive(of)) == 2)
    return alive(of)


def alive(of: int) -> list[int]:
    return sorted(child.pid for child in psutil.Process(of).children() if not has_ended(child.pid))


def has_ended(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/join").status_code == 200
    except httpx.HTTPError:
        return False


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.05)
