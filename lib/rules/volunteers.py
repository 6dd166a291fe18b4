"""Volunteers and the organisers of what they join: what each may write to the other, and how often."""

import re

from lib.errors import Invalid
from lib.rules.text import clean_text

FIRST_NAME_LENGTH = 40
LETTER_LENGTH = 1000

MOST_FROM_ORGANISER, MOST_FROM_VOLUNTEER = 10, 5
"""Letters a day through one link; a letter to everybody counts once."""

MOST_SIGN_UPS = 300
"""Mails that ask to confirm, in one hour, of the whole installation."""

MOST_FOR_AN_ADDRESS = 3
"""Mails that ask to confirm, in one day, to one address."""

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f '’.\-])*")


def clean_first_name(name: str) -> str:
    """A first name as its bearer writes it. Raises Invalid for what is no name: it is shown to a stranger in a mail.

    >>> clean_first_name("  María José "), clean_first_name("D’Andre"), clean_first_name("Nguyễn")
    ('María José', 'D’Andre', 'Nguyễn')
    """
    cleaned = clean_text(name, field="First name", longest=FIRST_NAME_LENGTH, required=True)
    if not _NAME.fullmatch(cleaned):
        raise Invalid("Write your first name in letters only.", field="First name")
    return cleaned


def clean_letter(text: str) -> str:
    """What is passed on: plain text of some lines. Raises Invalid (empty, too long)."""
    return clean_text(text, field="Message", longest=LETTER_LENGTH, required=True, lines=True)
