"""Text from people, made safe to store and show as text; and small pieces of plain language.

Cleaning never turns text into HTML and never escapes it: that is done where it is shown.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import TypeVar

from lib.errors import Invalid

TITLE_LENGTH = 120
SUMMARY_LENGTH = 600
STORY_LENGTH = 2000
LINE_LENGTH = 300

NO_BREAK = "\N{NO-BREAK SPACE}"

Key = TypeVar("Key")

_DROPPED = frozenset({"Cc", "Cs", "Co"})
"""Control signs, halves of characters, private signs without a meaning (Unicode general categories)."""

_DIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that reorder what follows (Unicode bidirectional controls): they can make a text read as another one."""

_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")
"""Soft hyphen, zero-width space, word joiner, byte order mark: they hide words from search. Joiners (U+200C, U+200D)
stay: Persian, Indic scripts and emoji need them."""


def clean_text(text: str, *, field: str, longest: int, required: bool = False, lines: bool = False) -> str:
    """The text as it is stored: NFC, without control signs, its spaces collapsed and its ends trimmed.

    `lines` keeps line breaks (at most one empty line in a row); else everything is one line. `longest` counts
    characters after cleaning. Raises Invalid, naming the field, for a text that is too long, or empty where `required`.

    >>> clean_text("  Two   broken\\tlamps\\n at the  corner ", field="Title", longest=40)
    'Two broken lamps at the corner'
    >>> clean_text("first\\r\\n\\n\\n\\nsecond", field="Story", longest=40, lines=True)
    'first\\n\\nsecond'
    """
    broken = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    broken = re.sub("[\r\v\f\u0085\u2028\u2029]", "\n", broken).replace("\t", " ")
    kept = "".join(character for character in broken if character == "\n" or not _is_dropped(character))
    if lines:
        rows = [" ".join(row.split()) for row in kept.split("\n")]
        cleaned = re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()
    else:
        cleaned = " ".join(kept.split())
    if required and not cleaned:
        raise Invalid(f"{field} is empty: please write something.", field=field)
    if len(cleaned) > longest:
        raise Invalid(
            f"{field} is too long: {longest:,} characters are possible, this has {len(cleaned):,}.", field=field
        )
    return cleaned


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """Words as a person lists them.

    >>> listed(["lighting"]), listed(["lighting", "road safety"]), listed(["noise", "litter", "dogs"])
    ('lighting', 'lighting and road safety', 'noise, litter and dogs')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def clipped(text: str, longest: int) -> str:
    """The text, cut at a word with an ellipsis where it is longer than `longest` characters.

    >>> clipped("Light the path on 23rd Avenue", 20), clipped("Light", 20)
    ('Light the path on…', 'Light')
    """
    if len(text) <= longest:
        return text
    cut = text[: max(0, longest - 1)]
    return f"{cut.rpartition(' ')[0].rstrip(' ,;:.') or cut}…"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "goal"), counted(0, "goal"), counted(1200, "ballot"), counted(2, "child", "children")
    ('1 goal', '0 goals', '1,200 ballots', '2 children')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """A place as people write it.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def percent(share: Fraction | float) -> str:
    """A share (0 to 1) in whole per cent with a no-break space, halves rounded up.

    What is not nobody or everybody is never written as 0 or 100.

    >>> [percent(share).replace("\N{NO-BREAK SPACE}", " ") for share in (Fraction(1, 3), Fraction(1, 8), 1)]
    ['33 %', '13 %', '100 %']
    >>> [percent(share).replace("\N{NO-BREAK SPACE}", " ") for share in (Fraction(1, 999), Fraction(998, 999))]
    ['under 1 %', 'over 99 %']
    """
    exact = Fraction(share)
    if 0 < exact < Fraction(1, 200):
        return f"under 1{NO_BREAK}%"
    if Fraction(199, 200) <= exact < 1:
        return f"over 99{NO_BREAK}%"
    return f"{floor(exact * 100 + Fraction(1, 2))}{NO_BREAK}%"


def largest_remainder(shares: Mapping[Key, Fraction | int], whole: int = 100) -> dict[Key, int]:
    """Whole numbers in the proportion of the shares that add up to `whole` (method of the largest remainder).

    Equal remainders go to the earlier key. All zero stays all zero. Shares must not be negative.

    >>> largest_remainder({"yes": 1, "no": 1, "unsure": 1})
    {'yes': 34, 'no': 33, 'unsure': 33}
    """
    total = sum((Fraction(share) for share in shares.values()), start=Fraction(0))
    if total == 0:
        return dict.fromkeys(shares, 0)
    exact = {key: Fraction(share) * whole / total for key, share in shares.items()}
    parts = {key: floor(part) for key, part in exact.items()}
    missing = whole - sum(parts.values())
    for key in sorted(exact, key=lambda key: parts[key] - exact[key])[:missing]:
        parts[key] += 1
    return parts


def _is_dropped(character: str) -> bool:
    return unicodedata.category(character) in _DROPPED or character in _DIRECTIONAL or character in _INVISIBLE
