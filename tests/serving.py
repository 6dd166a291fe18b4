"""A real server of the product in a process of its own, for the tests and figures that need one."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Served:
    """A running server: its address, its data folder, its process, and the address of its phone pages, which is the
    same unless they have a process of their own."""

    url: str
    data_folder: Path
    process: subprocess.Popen[bytes]
    phones_url: str


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a thread of its own: a browser test before this one keeps a loop in the main thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_folder: Path, port: int) -> dict[str, str]:
    """The environment of a server or command that keeps everything in `data_folder`."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BASE_URL")}
    return inherited | {
        "DATA_FOLDER": str(data_folder),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "SECRET_KEY": "a secret for tests only",
        "PYTHONPATH": str(ROOT),
    }


def command(data_folder: Path, *arguments: str, port: int = 8501, timeout: float = 300) -> str:
    """Run `python -m lib …` to its end; its standard output. Raises with its messages if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "lib", *arguments],
        cwd=ROOT,
        env=environment(data_folder, port),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"python -m lib {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextmanager
def serving(
    data_folder: Path, *, port: int | None = None, phone_port: int = 0, wait_seconds: float = 120
) -> Iterator[Served]:
    """Serve the product from `data_folder` until the block ends; waits until its health page answers. With `phone_port`
    its phone pages have a process of their own."""
    port = port or free_port()
    data_folder.mkdir(parents=True, exist_ok=True)
    log = (data_folder / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "lib", "serve"],
        cwd=ROOT,
        env=environment(data_folder, port) | {"PHONE_PORT": str(phone_port)},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(f"{url}/api/health", process, data_folder, wait_seconds)
        phones_url = f"http://127.0.0.1:{phone_port}" if phone_port else url
        if phone_port:
            _wait_until_healthy(f"{phones_url}/_stcore/health", process, data_folder, wait_seconds)
        yield Served(url, data_folder, process, phones_url)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        log.close()


def _wait_until_healthy(health: str, process: subprocess.Popen[bytes], data_folder: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(health, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not come up:\n" + (data_folder / "server.log").read_text()[-4000:])
