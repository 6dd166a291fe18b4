"""Which words are ordinary ones of English or Spanish, and which are names, by lists that lie beside this file.

Where the lists come from, and their licences: `word_lists/README.md`. They are read when somebody first asks.
"""

from functools import lru_cache
from importlib.resources import files

from lib.rules.names import GIVEN, GIVEN_TOO

COMMON = 20_000
"""So many words of each language are what a mistyped word is likely to mean."""

WELL_KNOWN = 300
"""So many given names are names also without a capital."""

SHORTEST, LONGEST = 4, 20
"""Letters of a word that may be a name mistyped; shorter ones are near to everything, longer ones no slip."""

_LETTERS = "abcdefghijklmnopqrstuvwxyzáéíóúñ"


_SPANISH_ENDINGS = (
    *(("s", ""), ("es", ""), ("a", "o"), ("as", "o"), ("ces", "z"), ("ito", "o"), ("ita", "a")),
    *(
        (end, "ar")
        for end in ("o", "a", "as", "an", "e", "en", "aste", "ando", "aba", "aban", "ado", "ada", "ados", "adas", "ó")
    ),
    *((end, "ar") for end in ("é", "aron", "amos", "ará", "arán", "ábamos", "aría", "arse", "arlo", "arla")),
    *((end, "er") for end in ("o", "e", "en", "iendo", "ía", "ían", "ido", "ida", "ió", "ieron")),
    *((end, "er") for end in ("emos", "imos", "erá", "erse")),
    *((end, "ir") for end in ("o", "e", "en", "iendo", "ía", "ían", "ido", "ida", "ió", "ieron")),
    *((end, "ir") for end in ("imos", "irá", "irse")),
)
"""How regular Spanish words end, and what the word that the list has ends in instead."""


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Given names that are no word and stand not in `names.GIVEN`, in lower case."""
    return frozenset(_lines("given"))


@lru_cache(maxsize=1)
def well_known_names() -> frozenset[str]:
    """The commonest of them."""
    return frozenset(_lines("given")[:WELL_KNOWN])


@lru_cache(maxsize=1)
def family_names() -> frozenset[str]:
    """Family names beside those in `names.FAMILY`, in lower case; many are words or places too."""
    return frozenset(_lines("family"))


def is_word(word: str) -> bool:
    """Whether it is a word of English or Spanish and not a name alone; in lower case.

    >>> [is_word(word) for word in ("lamp", "farol", "perros", "gritando", "xochitl", "okonkwo", "")]
    [True, True, True, True, False, False, False]
    """
    words = _words()
    if word in words or (word.endswith("s") and word[:-1] in words):
        return True
    return any(
        word.endswith(end) and len(word) > len(end) and word[: -len(end)] + instead in words
        for end, instead in _SPANISH_ENDINGS
    )


def is_mistyped_name(word: str) -> bool:
    """Whether a word that is no word is a common given name with one letter too many, too few, wrong or swapped with
    its neighbour, and no common word is as near.

    >>> [is_mistyped_name(word) for word in ("jhon", "micheal", "jenifer", "recieve", "noize", "thier")]
    [True, True, True, False, False, False]
    """
    if not SHORTEST <= len(word) <= LONGEST or is_word(word):
        return False
    return any(slip in _often_given() and slip[0] == word[0] for slip in _slips(word)) and is_strange(word)


@lru_cache(maxsize=4096)
def is_strange(word: str) -> bool:
    """Whether it is neither a word nor a common word mistyped.

    >>> [is_strange(word) for word in ("lamp", "alwys", "okonkwo")]
    [False, False, True]
    """
    return not is_word(word) and len(word) <= LONGEST and _slips(word).isdisjoint(_common())


@lru_cache(maxsize=4096)
def _slips(word: str) -> frozenset[str]:
    """What is one slip of the fingers away."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    swapped = (left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1)
    shorter = (left + right[1:] for left, right in parts if right)
    other = (left + letter + right[1:] for left, right in parts if right for letter in _LETTERS)
    longer = (left + letter + right for left, right in parts for letter in _LETTERS)
    return frozenset((*swapped, *shorter, *other, *longer))


@lru_cache(maxsize=1)
def _often_given() -> frozenset[str]:
    # A slip in the first letter is rare, and would make a name of many a word.
    return frozenset(name for name in GIVEN | GIVEN_TOO | well_known_names() if len(name) >= SHORTEST)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    both = (*_lines("english")[:COMMON], *_lines("spanish")[:COMMON])
    return frozenset(word for word in both if len(word) >= SHORTEST - 1) - _often_given()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(_lines("english")) | frozenset(_lines("spanish"))


def _lines(name: str) -> list[str]:
    return files("lib.rules").joinpath("word_lists", f"{name}.txt").read_text(encoding="utf-8").split()
