"""The floor of a ballot: the least that a Starlette route and SQLite must do for it, in a process of its own.

A plain page with a form, and a route that reads the form and puts one row in, `INSERT … ON CONFLICT`, WAL,
`synchronous=FULL`, one transaction, before it answers with a redirect. No cookie, signature, pass, secret, log or
template. `python -m tests.bench.floor PORT FILE` serves it with the very server the product runs under.
"""

import sqlite3
import sys
from threading import Lock, local

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

PAGE = '<!doctype html><form method="post" action="/ballot">' + '<input type="checkbox" name="goal">' * 6 + "</form>"

_SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS ballot (
    round_id INTEGER NOT NULL, key BLOB NOT NULL, side TEXT NOT NULL, choices TEXT NOT NULL, tracker TEXT NOT NULL,
    channel TEXT NOT NULL, PRIMARY KEY (round_id, key), UNIQUE (round_id, tracker)
) WITHOUT ROWID
"""
_STORE = """
INSERT INTO ballot VALUES (1, ?, 'residents', ?, ?, 'phone') ON CONFLICT (round_id, key)
DO UPDATE SET choices = excluded.choices, tracker = excluded.tracker, channel = excluded.channel
"""


def served(file: str) -> Starlette:
    """The application on an SQLite file."""
    queue, mine = Lock(), local()
    with sqlite3.connect(file) as first:
        first.executescript(_SCHEMA)
    first.close()

    def store(key: bytes, choices: str, tracker: str) -> None:
        if not hasattr(mine, "connection"):
            mine.connection = sqlite3.connect(file, isolation_level=None, timeout=30)
            mine.connection.execute("PRAGMA synchronous=FULL")
        with queue:
            mine.connection.execute("BEGIN IMMEDIATE")
            mine.connection.execute(_STORE, (key, choices, tracker))
            mine.connection.execute("COMMIT")

    async def show(_request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def take(request: Request) -> Response:
        form = await request.form()
        choices = ",".join(str(goal) for goal in form.getlist("goal"))
        key = bytes.fromhex(str(form["form"]))
        await run_in_threadpool(store, key, choices, key.hex()[:12])
        return RedirectResponse("/ballot/in", 303)

    async def tell(_request: Request) -> Response:
        return PlainTextResponse("in")

    return Starlette(
        routes=[
            Route("/ballot", show, methods=["GET"]),
            Route("/ballot", take, methods=["POST"]),
            Route("/ballot/in", tell),
        ]
    )


if __name__ == "__main__":
    uvicorn.run(served(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), access_log=False, log_level="warning")
