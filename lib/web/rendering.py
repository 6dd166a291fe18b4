"""Templates into pages, with the strict headers that every page of this door carries.

Every value is escaped by Jinja2; nothing is ever marked safe. Texts go through `_()`, in templates and here, so that a
catalogue can translate them (`languages.py`).
"""

import secrets
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from lib.errors import NotFound, Unavailable
from lib.queries.places import CityRow, city
from lib.storage.engine import engine
from lib.web.held_files import FOLDER as ASSETS
from lib.web.held_files import digest_of
from lib.web.languages import _, direction, language, ngettext, other_languages, result_language

__all__ = ["ASSETS", "NEVER_STORED", "_", "asset", "city_shown", "page", "strict_headers", "templates"]

FOLDER = Path(__file__).resolve().parent

NEVER_STORED = "no-store"

CITY_SECONDS = 5
"""How long a process believes what it read about the city: one question less for each page of a rush."""


def page(
    request: Request,
    template: str,
    status: int = 200,
    *,
    cache: str = NEVER_STORED,
    scripts: bool = False,
    ask_city: bool = True,
    **values: Any,
) -> HTMLResponse:
    """The page as an answer to `request`.

    Templates extend `base.html` and know `city` (None before there is one), `request`, `asset(file)`, `nonce`,
    `language` and `values`. Those of a vote empty the block `styles`: they are for phones in a full hall.
    `emergency=True` among the values shows the emergency line, `leave=True` (with `scripts=True`) the control that
    leaves at once. Personal pages are never stored; give `cache` for a public one, which reads no cookie and so offers
    no switch of the language. `scripts` allows the page's own `<script nonce="{{ nonce }}">`, without which it must
    work too.
    """
    nonce = secrets.token_urlsafe(16) if scripts else ""
    spoken = language()
    known: dict[str, Any] = {
        "request": request,
        "city": city_shown(ask=ask_city),
        "nonce": nonce,
        "language": spoken,
        "direction": direction(spoken),
        "other_languages": other_languages(request) if cache == NEVER_STORED else [],
    }
    body = templates().get_template(template).render(known | values)
    return HTMLResponse(body, status, headers={**strict_headers(nonce), "Cache-Control": cache})


def strict_headers(nonce: str = "") -> dict[str, str]:
    """What the browser must refuse: scripts (but those with the nonce), frames, foreign forms, guessed types.

    The referrer policy is `strict-origin`: no other site, and no proxy's log, learns an address that holds a pass or a
    follow link. `no-referrer` would also blank the `Origin` of our own forms, which the guard needs on plain http,
    where browsers leave out `Sec-Fetch-Site`.
    """
    policy = ["default-src 'none'", "style-src 'self'", "img-src 'self' data:", "form-action 'self'"]
    if nonce:
        policy += [f"script-src 'nonce-{nonce}'", "connect-src 'self'"]
    policy += ["frame-ancestors 'none'", "base-uri 'none'"]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "strict-origin",
        "X-Content-Type-Options": "nosniff",
    }


def asset(file: str) -> str:
    """The address of a file in `assets/`, with its content's hash, so that browsers may keep it for a year."""
    return f"/assets/{file}?v={digest_of(file)}"


@lru_cache(maxsize=1)
def favicon() -> str:
    """The icon of the browser's tab as a `data:` address: it costs a phone no request."""
    return "data:image/svg+xml," + quote((ASSETS / "icon.svg").read_text(encoding="utf-8").strip(), safe=" =:/'()")


def city_shown(*, ask: bool = True) -> CityRow | None:
    """The city for the page's frame, None where there is none yet or the database cannot say.

    `ask=False` takes what this process last read: the page that says "the database is gone" must not wait for it.
    """
    database = engine()
    if ask:
        try:
            _last_city[database] = _city(database, int(monotonic() // CITY_SECONDS))
        except NotFound:
            _last_city.pop(database, None)
        except Unavailable:
            pass
    return _last_city.get(database)


_last_city: WeakKeyDictionary[object, CityRow] = WeakKeyDictionary()


@lru_cache(maxsize=4)
def _city(database: object, tick: int) -> CityRow:
    return city()


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates of this folder. A name that a template uses and nobody gave is an error, not an empty text."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        # Else every page looks whether each of its files has changed.
        auto_reload=False,
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"asset": asset, "favicon": favicon, "result_language": result_language}
    return made
