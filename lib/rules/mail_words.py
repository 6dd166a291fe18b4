"""What mails say, in the language that their reader chose. Everything people wrote stays as they wrote it, as text."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Speech(Protocol):
    """Texts of ours in one language (`lib/languages.py`)."""

    def __call__(self, text: str, /) -> str:
        """The text in the language."""
        ...


class Counting(Protocol):
    """As `Speech`, in the form that goes with a number."""

    def __call__(self, one: str, many: str, number: int, /) -> str: ...


class Days(Protocol):
    """A day as people write it in the language."""

    def __call__(self, of: date, /) -> str: ...


@dataclass(frozen=True)
class Letter:
    """Subject and text of a mail."""

    subject: str
    text: str


def marked(text: str) -> str:
    """Nothing but the mark by which `pybabel extract` finds a text that is said elsewhere."""
    return text


ASKED = marked("You are asked what has become of it: open the private link that you kept, and answer there.")
"""Never answered by mail: the link in a mail would tie an address to an answer."""


def confirmation_letter(_: Speech, *, city: str, category: str, beat: str, confirm: str, end: str) -> Letter:
    """Asks whoever reads at an address whether they asked for mail. `confirm`, `end`: links.

    It holds no word that somebody typed: whoever names a stranger's address cannot make us write to them.
    """
    lines = (
        _("Somebody, we hope it was you, asked us to tell this address what becomes of a concern:"),
        f"{category}, {beat}",
        _("If it was you, open this page and press the button:"),
        confirm,
        _("If it was not you, do nothing: you get no more mail, and after 7 days your address is erased."),
        _("Or erase it now:"),
        end,
    )
    return Letter(_("Shall we write to you? Please confirm"), signed(_, lines, city))


def signed(_: Speech, parts: tuple[str, ...], city: str) -> str:
    """The parts as paragraphs, with who writes below them."""
    nobody = _("Nobody reads answers to this mail.")
    return "\n\n".join((*parts, f"-- \nCommon Beat {city}\n{nobody}")) + "\n"
