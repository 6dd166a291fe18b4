"""The languages of the phone pages: which there are, which one a request wants, and the sentences in it.

A language is one file, `locales/<code>/LC_MESSAGES/phone.po`; English is what the source says. The file is compiled in
memory when a process first needs it, so there is no build step. The language of a request is a context variable:
Starlette copies the context into the thread that runs a handler.
"""

from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lib.rules.months import day_in_words
from lib.web.cookies import keep_cookie
from lib.web.forms import own_path

LOCALES = Path(__file__).resolve().parent / "locales"
ENGLISH = "en"

PARAMETER = "language"
COOKIE = "beat_language"
COOKIE_SECONDS = 365 * 24 * 3600

COOKIELESS = frozenset({"results"})
"""First parts of public addresses: they read no cookie and are the same for everybody, so only the address itself
(`?language=es`) names their language."""

LEADING_ON = frozenset({"next", "back"})
"""Names in an address that say where to go on to: only to a page of ours."""

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages, English first."""
    return ENGLISH, *sorted(file.parent.parent.name for file in LOCALES.glob("*/LC_MESSAGES/phone.po"))


def language() -> str:
    """The language of the request that is being answered."""
    return _spoken.get()


def speak(code: str) -> None:
    """Answer the rest of this request in a language of `languages()`."""
    _spoken.set(code)


def _(text: str) -> str:
    """A text of ours in the language of the request; English where there is no translation."""
    # To gettext the empty text is the catalogue's own header.
    return catalogue(_spoken.get()).gettext(text) if text else ""


def ngettext(one: str, many: str, number: int) -> str:
    """As `_`, in the form that goes with a number."""
    return catalogue(_spoken.get()).ngettext(one, many, number)


def day(of: date) -> str:
    """A day as people write it in the language of the request: "5 March 2026", "5 de marzo de 2026"."""
    return day_in_words(of) if language() == ENGLISH else str(format_date(of, "long", locale=language()))


@lru_cache(maxsize=64)
def catalogue(code: str) -> NullTranslations:
    """The translations of a language, compiled once per process; none for English."""
    if code == ENGLISH:
        return NullTranslations()
    with (LOCALES / code / "LC_MESSAGES" / "phone.po").open("rb") as file:
        messages = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


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


@lru_cache(maxsize=64)
def own_name(code: str) -> str:
    """A language's name for itself.

    >>> own_name("es"), own_name("en")
    ('Español', 'English')
    """
    name = Locale.parse(code).get_display_name(code) or code
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=64)
def direction(code: str) -> str:
    """Which way a language is written, "ltr" or "rtl"."""
    return str(Locale.parse(code).text_direction)
