"""The language of a phone page: which one a request wants, and the link that changes it. The texts themselves come from
`lib/languages.py`."""

from functools import lru_cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lib.languages import (
    ENGLISH,
    LOCALES,
    _,
    catalogue,
    day,
    direction,
    language,
    languages,
    month,
    months,
    ngettext,
    own_name,
    speak,
)
from lib.web.cookies import keep_cookie
from lib.web.forms import own_path

__all__ = [
    "ENGLISH",
    "LOCALES",
    "_",
    "accepted_language",
    "catalogue",
    "day",
    "direction",
    "language",
    "languages",
    "month",
    "months",
    "ngettext",
    "other_languages",
    "own_name",
    "result_language",
    "speak",
    "switched",
    "wanted_language",
]

PARAMETER = "language"
COOKIE = "beat_language"
COOKIE_SECONDS = 365 * 24 * 3600

COOKIELESS = frozenset({"feeds", "results", "rounds"})
"""First parts of public addresses: they read no cookie and are the same for everybody, so only the address itself
(`?language=es`) names their language."""

LEADING_ON = frozenset({"next", "back"})
"""Names in an address that say where to go on to: only to a page of ours."""


def wanted_language(request: Request) -> str:
    """What the visitor chose with the link, else the first language of the browser that we have, else English."""
    if request.url.path.lstrip("/").partition("/")[0] in COOKIELESS:
        named = request.query_params.get(PARAMETER, "")
        return named if named in languages() else ENGLISH
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in languages() else accepted_language(request.headers.get("accept-language", ""))


@lru_cache(maxsize=256)
def accepted_language(header: str) -> str:
    """The language of ours that the browser likes best (RFC 9110, 12.5.4); English if it names none of them.

    >>> accepted_language("es-MX,es;q=0.9,en;q=0.8"), accepted_language("tl, en;q=0.3, es;q=0.7")
    ('es', 'es')
    >>> accepted_language("en-GB,es"), accepted_language("*, es;q=0, x;q=much"), accepted_language("")
    ('en', 'en', 'en')
    """
    liked: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _semicolon, weight = part.partition(";")
        code = tag.strip().lower().partition("-")[0]
        try:
            share = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in languages() and 0 < share <= 1:
            liked.append((-share, code))
    # Sorting keeps the browser's order among equals.
    return min(liked, key=lambda each: each[0])[1] if liked else ENGLISH


def result_language() -> str:
    """What goes behind the address of a result, so that the public page speaks the language of the page that leads to
    it: "" for English, "?language=es".
    """
    return "" if language() == ENGLISH else f"?{PARAMETER}={language()}"


def switched(request: Request) -> Response | None:
    """For `?language=es`: keep the choice in a cookie that identifies nobody, and lead back to the same page."""
    chosen = request.query_params.get(PARAMETER)
    if chosen is None or request.url.path.lstrip("/").partition("/")[0] in COOKIELESS:
        return None
    rest = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != PARAMETER])
    # Below one's own address: "//elsewhere" as a path must not become another site.
    answer = RedirectResponse("/" + request.url.path.lstrip("/") + (f"?{rest}" if rest else ""), 303)
    if chosen in languages():
        keep_cookie(answer, COOKIE, chosen, seconds=COOKIE_SECONDS)
    return answer


def other_languages(request: Request) -> list[tuple[str, str, str]]:
    """(code, its own name, link) of each language that this page could be read in instead."""
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name != PARAMETER and (name not in LEADING_ON or own_path(value, "") == value)
    ]
    return [
        (code, own_name(code), "?" + urlencode([*kept, (PARAMETER, code)]))
        for code in languages()
        if code != language()
    ]
