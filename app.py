"""The one entry: `streamlit run app.py` and `uvicorn app:app` serve the screens, the phone pages and the API alike.

This file is the only one that knows all doors; it puts them into one process and keeps the small upkeep running.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import streamlit as st
from starlette.routing import Mount

from lib.api.app import api
from lib.services.installation import prepare_installation
from lib.services.upkeep import keep_up
from lib.settings import ROOT, settings
from lib.ui.server import prepare_process
from lib.web.beside import keep_phones_served
from lib.web.errors import handlers
from lib.web.headers import middleware
from lib.web.routes import routes


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Schema and city first, then the upkeep beside the server until it stops; with `PHONE_PORT` the phones' own
    processes as well."""
    await asyncio.to_thread(prepare_installation, progress=lambda sentence: print(sentence, flush=True))  # noqa: T201
    beside = [asyncio.create_task(keep_up())]
    if settings().phone_port:
        phones = keep_phones_served(settings().host, settings().phone_port, settings().phone_processes)
        beside.append(asyncio.create_task(phones))
    try:
        yield
    finally:
        for task in beside:
            task.cancel()
        for task in beside:
            with contextlib.suppress(asyncio.CancelledError):
                await task


prepare_process()
app = st.App(
    ROOT / "lib" / "ui" / "shell.py",
    routes=[*routes(), Mount("/api", app=api)],
    middleware=middleware(),
    exception_handlers=handlers(),
    lifespan=lifespan,
)
