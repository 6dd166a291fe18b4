"""Text as the fonts for print can draw it: never an error, whatever somebody typed into a title.

The PDF library draws one character after the other, left to right. Scripts that run right to left are therefore put
into visual order here, and Arabic letters get the form that their neighbours ask for. A letter that the fonts lack is
drawn as `MISSING`; signs without a letter behind them (emoji, joiners, loose accents) are left out.
"""

import unicodedata
from collections.abc import Container
from functools import lru_cache

from fpdf.bidi import BidiParagraph

MISSING = "\N{DOTTED CIRCLE}"

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_LETTERS = ("L", "N")
_TATWEEL = "\N{ARABIC TATWEEL}"


def printable(text: str, known: Container[int]) -> str:
    """The text in reading order with only code points that the font has (`known`), on one line.

    >>> latin = range(0x20, 0x250)
    >>> printable("Cafe\\u0301 \\N{PARTY POPPER} a\\tb", latin), printable("\\u6f22\\u5b57 1", [0x20, 0x31])
    ('Café a b', '◌◌ 1')
    """
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if character.isspace():
            kept.append(" ")
        elif ord(character) in known:
            kept.append(character)
        else:
            kept.append(_nearest(character, known))
    return " ".join("".join(kept).split())


def missing(text: str, known: Container[int]) -> str:
    """The letters of the text that cannot be printed, each once, in their order.

    >>> missing("\\u6f22\\u5b57\\u6f22 abc \\N{PARTY POPPER}", range(0x250))
    '漢字'
    """
    normal = unicodedata.normalize("NFC", text)
    lost = (each for each in normal if not each.isspace() and ord(each) not in known)
    return "".join(dict.fromkeys(each for each in lost if _nearest(each, known) == MISSING))


def visual(line: str) -> str:
    """One line of printable text as it is drawn from left to right.

    >>> visual("K2 \\u05e9\\u05dc\\u05d5\\u05dd") == "K2 \\u05dd\\u05d5\\u05dc\\u05e9"
    True
    """
    if not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line):
        return line
    return str(BidiParagraph(_joined(line)).get_reordered_string())


def _nearest(character: str, known: Container[int]) -> str:
    """What stands for a character that the font lacks: its plain form, `MISSING` for a letter, nothing for a sign."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", character) if ord(each) in known)
    if plain:
        return plain
    return MISSING if unicodedata.category(character).startswith(_LETTERS) else ""


def _joined(line: str) -> str:
    """Arabic letters in the form that their neighbours ask for, lam and alef as their one sign."""
    forms, pairs = _arabic_forms()
    letters = [pairs.get(line[place : place + 2], line[place]) for place in range(len(line))]
    # The alef of a pair has been drawn with its lam.
    letters = [each for place, each in enumerate(letters) if place == 0 or line[place - 1 : place + 1] not in pairs]

    def reaches_on(place: int) -> bool:
        return 0 <= place < len(letters) and (letters[place] == _TATWEEL or "initial" in forms.get(letters[place], {}))

    def is_reached(place: int) -> bool:
        return 0 <= place < len(letters) and (letters[place] == _TATWEEL or "final" in forms.get(letters[place], {}))

    shaped = []
    for place, letter in enumerate(letters):
        before = reaches_on(place - 1) and is_reached(place)
        after = reaches_on(place) and is_reached(place + 1)
        form = {(False, False): "isolated", (True, False): "final", (False, True): "initial", (True, True): "medial"}
        shaped.append(forms.get(letter, {}).get(form[before, after], letter))
    return "".join(shaped)


@lru_cache(maxsize=1)
def _arabic_forms() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Per letter its presentation forms, and the isolated form of each pair of lam and alef, as Unicode has them."""
    forms: dict[str, dict[str, str]] = {}
    pairs: dict[str, str] = {}
    for point in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *bases = unicodedata.decomposition(chr(point)).split() or ("",)
        letters = "".join(chr(int(base, 16)) for base in bases)
        if len(letters) == 1:
            forms.setdefault(letters, {})[kind.strip("<>")] = chr(point)
        elif letters.startswith("\N{ARABIC LETTER LAM}") and kind == "<isolated>":
            pairs[letters] = chr(point)
            forms[chr(point)] = {"isolated": chr(point), "final": chr(point + 1)}
    return forms, pairs
