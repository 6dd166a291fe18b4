"""What mails between volunteers and organisers say. Neither address stands in any of them.

The organiser's language and, after the first mail, the volunteer's are not known: those letters say everything in each
language of the city, one after the other (`voices`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Speech(Protocol):
    """Texts of ours in one language (`lib/languages.py`)."""

    def __call__(self, text: str, /) -> str: ...


@dataclass(frozen=True)
class Words:
    """Subject and text of a mail."""

    subject: str
    text: str


def confirm_words(_: Speech, *, activity: str, beat: str, city: str, link: str) -> Words:
    """Asks whoever reads at an address whether they want to join. It holds no word that somebody typed on the page:
    whoever names a stranger's address cannot make us write to them."""
    parts = (
        _("Somebody, we hope it was you, would like to join this with this address:"),
        f"{activity}, {beat}",
        _("If it was you, open this page and press the button. Then the organiser is told your first name:"),
        link,
        _("If it was not you, do nothing: you get no more mail, and after 7 days your address is erased."),
    )
    return Words(_("Would you like to join? Please confirm"), _signed([_], parts, city))


def joined_words(voices: Sequence[Speech], *, activity: str, name: str, city: str, link: str) -> Words:
    """Tells an organiser that somebody would join."""
    parts = [f"{name} → {activity}"]
    for _ in voices:
        parts.append(
            _(
                "Somebody would join: the first name and the activity stand above. Read who wants to come, and write "
                "to them, on your own page. Please pass its address on to nobody:"
            )
        )
    _ = voices[0]
    said = _("Somebody would join:")
    return Words(f"{said} {activity}", _signed(voices, (*parts, link), city))


def letter_to_organiser_words(
    voices: Sequence[Speech], *, activity: str, name: str, letter: str, city: str, link: str
) -> Words:
    """Passes on what a volunteer writes."""
    heads = [_("A volunteer writes to you about this activity:") for _ in voices]
    tails = [_("Answer on your own page; your address is not shown:") for _ in voices]
    parts = (*heads, f"{name} → {activity}", quoted(letter), *tails, link)
    return Words(f"{activity}: {name}", _signed(voices, parts, city))


def letter_to_volunteer_words(voices: Sequence[Speech], *, activity: str, letter: str, city: str, link: str) -> Words:
    """Passes on what an organiser writes."""
    heads = [_("The organiser of this activity writes to you:") for _ in voices]
    tails = [_("Answer, or leave with one click, on your own page; your address is not shown:") for _ in voices]
    return Words(activity, _signed(voices, (*heads, activity, quoted(letter), *tails, link), city))


def quoted(letter: str) -> str:
    """Somebody's words, set off from ours line by line, so that nobody can make them look like ours.

    >>> quoted("Monday?\\n-- \\nCommon Beat")
    '> Monday?\\n> -- \\n> Common Beat'
    """
    return "\n".join(f"> {line}" for line in letter.split("\n"))


def _signed(voices: Sequence[Speech], parts: Sequence[str], city: str) -> str:
    nobody = "\n".join(_("Nobody reads answers to this mail.") for _ in voices)
    return "\n\n".join((*parts, f"-- \nCommon Beat {city}\n{nobody}")) + "\n"
