"""The phone pages in processes of their own, beside the screens.

A process has one interpreter lock: while a hundred screens are drawn, a vote waits for each of them. With `PHONE_PORT`
the same routes are served by `PHONE_PROCESSES` others on a port of their own, which the QR codes carry; what they do
not know they lead on to the screens. All work on one database, as any number of processes may (promise 16).

`python -m lib.web.beside DESCRIPTOR` is one of them: it serves a listening socket that it was given.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import threading
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from lib.settings import ROOT, settings
from lib.web.errors import handlers
from lib.web.headers import middleware
from lib.web.routes import routes
from lib.web.turns import answer_in_the_loop

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
"""Between two starts of a process that ended by itself; doubled each time."""

SWITCH_SECONDS = 0.0005
"""As in the screens' process: what was answered must not wait for a page that is being drawn."""

BACKLOG = 2048
"""Connections that may wait while every process is busy."""

_log = logging.getLogger("common_beat.web")


def phone_app() -> Starlette:
    """The phone pages alone."""
    app = Starlette(
        routes=[*routes(), Route("/_stcore/health", well), Route("/{path:path}", to_the_screens)],
        middleware=middleware(),
        exception_handlers=handlers(),
    )
    answer_in_the_loop(app)
    return app


def well(_request: Request) -> Response:
    """For whoever looks whether this process answers."""
    return PlainTextResponse("ok")


def to_the_screens(request: Request) -> Response:
    """A page of the screens, or the API, is served by the process beside this one: the same machine, the other port."""
    found = settings()
    beginning = found.address if found.base_url else f"http://{_host(request)}:{found.port}"
    query = request.url.query
    return RedirectResponse(f"{beginning}{request.url.path}" + (f"?{query}" if query else ""), 307)


async def keep_phones_served(host: str, port: int, processes: int) -> None:
    """Serve the phone pages on `port` until cancelled; a process that ends by itself is started again.

    All take their connections from one socket, so whichever is free answers. Raises OSError where the port is taken.
    """
    with socket.create_server((host, port), backlog=BACKLOG) as listening:
        # Else small answers wait 40 ms; connections inherit it from the socket.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = [await _start(listening) for _ in range(processes)]
        await asyncio.gather(*(_keep_running(process, listening, port) for process in started))


async def _start(listening: socket.socket) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lib.web.beside", str(listening.fileno())),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        pass_fds=[listening.fileno()],
    )


async def _keep_running(process: asyncio.subprocess.Process, listening: socket.socket, port: int) -> None:
    pause = FIRST_PAUSE_SECONDS
    while True:
        began = asyncio.get_running_loop().time()
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        _log.error("a process for the phones on port %s ended with %s and is started again", port, code)
        if asyncio.get_running_loop().time() - began > LONGEST_PAUSE_SECONDS:
            pause = FIRST_PAUSE_SECONDS
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        process = await _start(listening)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask a process to end, and make it after a little more than its grace."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 1.5 * settings().grace_seconds)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def serve_socket(descriptor: int) -> None:
    """Serve the phone pages on a listening socket until told to end, or until the process that started this one is
    gone, however it ended: its end of the pipe closes with it."""
    threading.Thread(target=_end_with_the_pipe, daemon=True).start()
    sys.setswitchinterval(SWITCH_SECONDS)
    if hasattr(os, "SCHED_OTHER"):
        # The screens, which started this process, stand back for it.
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    with socket.socket(fileno=descriptor) as listening:
        config = uvicorn.Config(
            phone_app(),
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=settings().grace_seconds,
        )
        # What is loaded by now stays: a collection that walks over all of it holds up every phone for long.
        gc.collect()
        gc.freeze()
        uvicorn.Server(config).run(sockets=[listening])


def _host(request: Request) -> str:
    """The name under which the phone reached this machine."""
    name = urlsplit(f"//{request.headers.get('host', '')}").hostname or settings().host
    return f"[{name}]" if ":" in name else name


def _end_with_the_pipe() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    serve_socket(int(sys.argv[1]))
