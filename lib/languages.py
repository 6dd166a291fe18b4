"""The languages that phone pages and mails speak: which there are, and a text of ours in one of them.

A language is one file, `web/locales/<code>/LC_MESSAGES/phone.po`; English is what the source says. The file is compiled
in memory when a process first needs it, so there is no build step. The language that is spoken is a context variable:
of a request (Starlette copies the context into the thread that runs a handler), or of whom a mail is written to.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from lib.rules.months import day_in_words, months_in_words

LOCALES = Path(__file__).resolve().parent / "web" / "locales"
ENGLISH = "en"

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages, English first."""
    return ENGLISH, *sorted(file.parent.parent.name for file in LOCALES.glob("*/LC_MESSAGES/phone.po"))


def language() -> str:
    """The language that is spoken here and now."""
    return _spoken.get()


def speak(code: str) -> None:
    """Speak a language of `languages()` from now on, in this request."""
    _spoken.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within the block this language is spoken; English where there is no such one."""
    token = _spoken.set(code if code in languages() else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(text: str) -> str:
    """A text of ours in the language that is spoken; English where there is no translation."""
    # To gettext the empty text is the catalogue's own header.
    return catalogue(_spoken.get()).gettext(text) if text else ""


def ngettext(one: str, many: str, number: int) -> str:
    """As `_`, in the form that goes with a number."""
    return catalogue(_spoken.get()).ngettext(one, many, number)


def day(of: date) -> str:
    """A day as people write it in the language that is spoken: "5 March 2026", "5 de marzo de 2026"."""
    return day_in_words(of) if language() == ENGLISH else str(format_date(of, "long", locale=language()))


def month(of: date) -> str:
    """The month of a day as people write it in the language that is spoken: "March 2026", "marzo de 2026"."""
    if language() == ENGLISH:
        return months_in_words([of])
    # LLLL: a month that stands alone; some languages bend it beside a day.
    pattern = "LLLL 'de' y" if language() == "es" else "LLLL y"
    return str(format_date(of, pattern, locale=language()))


def months(run: Sequence[date]) -> str:
    """A run of months as people write it in the language that is spoken: "April to September 2026", "abril a septiembre
    de 2026"; "" for none."""
    if language() == ENGLISH or not run:
        return months_in_words(run)
    first, last = run[0], run[-1]
    if first == last:
        return month(first)
    begun = str(format_date(first, "LLLL", locale=language())) if first.year == last.year else month(first)
    return f"{begun} {'a' if language() == 'es' else '–'} {month(last)}"


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
