"""The phone pages in a process of their own, beside the screens.

A process has one interpreter lock: while a hundred screens are drawn, a vote waits for each of them. With `PHONE_PORT`
the same routes are served by a second process on a port of its own, which the QR codes carry; what it does not know it
leads on to the screens. Both work on one database, as any number of processes may (promise 16).
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from lib.settings import ROOT, settings
from lib.web.errors import handlers
from lib.web.headers import middleware
from lib.web.routes import routes

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
"""Between two starts of a process that ended by itself; doubled each time."""

_log = logging.getLogger("common_beat.web")


def phone_app() -> Starlette:
    """The phone pages alone, for `uvicorn lib.web.beside:phone_app --factory`."""
    return Starlette(
        routes=[*routes(), Route("/_stcore/health", well), Route("/{path:path}", to_the_screens)],
        middleware=middleware(),
        exception_handlers=handlers(),
        lifespan=_as_long_as_its_parent,
    )


def well(_request: Request) -> Response:
    """For whoever looks whether this process answers."""
    return PlainTextResponse("ok")


def to_the_screens(request: Request) -> Response:
    """A page of the screens, or the API, is served by the process beside this one: the same machine, the other port."""
    found = settings()
    beginning = found.address if found.base_url else f"http://{_host(request)}:{found.port}"
    query = request.url.query
    return RedirectResponse(f"{beginning}{request.url.path}" + (f"?{query}" if query else ""), 307)


async def keep_phones_served(host: str, port: int) -> None:
    """Serve the phone pages on `port` until cancelled; a process that ends by itself is started again."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        began = asyncio.get_running_loop().time()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "uvicorn", "lib.web.beside:phone_app", "--factory", "--no-access-log"),
            *("--host", host, "--port", str(port), "--log-level", "warning", "--no-server-header"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        _log.error("the phones' process on port %s ended with %s and is started again", port, code)
        if asyncio.get_running_loop().time() - began > LONGEST_PAUSE_SECONDS:
            pause = FIRST_PAUSE_SECONDS
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _host(request: Request) -> str:
    """The name under which the phone reached this machine."""
    name = urlsplit(f"//{request.headers.get('host', '')}").hostname or settings().host
    return f"[{name}]" if ":" in name else name


@contextlib.asynccontextmanager
async def _as_long_as_its_parent(_app: Starlette) -> AsyncIterator[None]:
    """End with the process that started this one, however that ended: its end of the pipe closes with it."""
    if not sys.stdin.isatty():
        threading.Thread(target=_end_with_the_pipe, daemon=True).start()
    yield


def _end_with_the_pipe() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
