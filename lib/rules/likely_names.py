"""Names that no short list knows: by what stands around them, by long lists, or by being no word at all.

`lib/rules/personal.py` finds what is surely a name. Here stand the likelier ones: after "his name is" also in lower
case, a capital in the middle of a sentence on what is no word and no place, a common name mistyped, two names side by
side without capitals. After "on", "near" or "entre" a capital is a street's and no person's.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from lib.rules.name_context import (
    ARTICLES,
    LOCATES,
    LOCATES_OF,
    OFTEN_PLACES_OR_DAYS,
    SMALL,
    WHAT_SOMEBODY_DOES,
    WORDS_FIRST,
    WORDS_LAST,
)
from lib.rules.names import FAMILY, GIVEN, GIVEN_TOO, NO_NAMES, PLACE_AFTER, PLACE_BEFORE
from lib.rules.no_persons import NO_PERSONS
from lib.rules.words import family_names, given_names, is_mistyped_name, is_strange, is_word, well_known_names

Match = re.Match[str]

_CALLED = re.compile(
    r"\b(?:names? (?:is|was|are)|name[’']s|named|calls? (?:him|her|them)sel(?:f|ves)|is called|are called|was called|"
    r"goes by|known as|a\.?k\.?a\.?|se llaman?|se llamaba|de nombre|llamad[oa]s?|apodad[oa]|alias|conocid[oa] como|"
    r"(?:su|el) nombre es)[ ]+$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|mister|señora?|señorita|srta?|sra|doña|licenciad[oa])\.?[ ]+(?:de[ ]|de la[ ])?$", re.IGNORECASE
)
_CALLING = re.compile(
    r"\b(?:miss|dr|doctora?|prof|professor|profesora?|officer|sgt|sergeant|detective|deputy|pastor|don|oficial|agente|"
    r"neighbou?rs?|landlord|landlady|tenant|roommate|brother|sister|husband|wife|boyfriend|girlfriend|son|daughter|"
    r"cousin|uncle|aunt|dealer|owner|manager|guy|vecin[oa]s?|herman[oa]|espos[oa]|novi[oa]|hij[oa]|prim[oa]|tí[oa]|"
    r"dueñ[oa]|caser[oa]|inquilin[oa])\.?,?[ ]+$",
    re.IGNORECASE,
)
_NUMBERED_STREET = re.compile(r"\d(?:st|nd|rd|th|[ªa])?\.?$", re.IGNORECASE)

_LONG = 5
"""Letters of a listed name that is found without a capital too; shorter ones are as often mistyped words."""

_OF = frozenset({"of", "to", "de", "del", "a", "al", "con", "and"})
_AND = frozenset({"and", "or", "y", "e", "o", "to", "a"})
_NEVER = NO_NAMES | NO_PERSONS | PLACE_AFTER
_CALLED_SO = GIVEN_TOO - OFTEN_PLACES_OR_DAYS - WHAT_SOMEBODY_DOES

_RATHER_WORDS = WORDS_FIRST | OFTEN_PLACES_OR_DAYS


class _Told(NamedTuple):
    """A text, its words in order, and the words of which the city's places are named."""

    text: str
    words: Sequence[Match]
    known_places: Collection[str]


def likely_names(text: str, words: Sequence[Match], known_places: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where names that the short lists miss begin and end. `words`: those of the text; `known_places`: words, in
    lower case, of which the city's own places are named.
    """
    told, at = _Told(text, words, known_places), 0
    while at < len(words):
        if _begins_name(told, at):
            last = at
            while last + 1 < len(words) and last < at + 3 and _goes_on(told, last):
                last += 1
            yield words[at].start(), _end(words[last])
            at = last
        at += 1


def _begins_name(told: _Told, at: int) -> bool:
    name = _bare(told.words[at])
    if len(name) < 2 or name in _NEVER or _is_a_places(told, at):
        return False
    if _is_said_to_be_one(told, at, name) or _is_pair(told, at):
        return True
    return name not in told.known_places and not _is_located(told, at) and _looks_like_one(told, at, name)


def _is_said_to_be_one(told: _Told, at: int, name: str) -> bool:
    """Whether the words before say that a name comes, which then needs no capital: "his name is", "mi vecino"."""
    start = told.words[at].start()
    before = told.text[max(0, start - 60) : start]
    if _CALLED.search(before):
        return _is_listed(name) or name in GIVEN_TOO or name in FAMILY or not is_word(name)
    if _TITLE.search(before):
        return (name in FAMILY and " de " not in before[-8:]) or _is_listed(name) or not is_word(name)
    return _CALLING.search(before) is not None and (_is_listed(name) or name in _CALLED_SO or is_strange(name))


def _looks_like_one(told: _Told, at: int, name: str) -> bool:
    """Whether a word that no place bears is a name by a list, by its capital or by being one mistyped."""
    word = told.words[at][0]
    is_shouted = len(word) > 1 and word.isupper()
    if is_shouted and not _is_headline(told):
        return False
    has_capital = word[0].isupper() and not is_shouted
    if name in well_known_names():
        return has_capital or is_shouted or not _is_near_place(told, at)
    if is_mistyped_name(name) or (len(name) >= _LONG and _is_anybodys(name) and is_strange(name)):
        return True
    return has_capital and len(name) > 2 and _is_one_by_its_capital(told, at, name)


def _is_one_by_its_capital(told: _Told, at: int, name: str) -> bool:
    word = told.words[at]
    if _is_first(told.text, word):
        is_somebodys = word.end() > _end(word) and (name in FAMILY or name in family_names())
        is_likely = name in given_names() or (not is_word(name) and (is_somebodys or is_strange(name)))
        return is_likely and not _is_at_a_corner(told, at)
    if not is_word(name):
        return True
    is_thing = at > 0 and told.words[at - 1][0].casefold() in ARTICLES
    return name in GIVEN_TOO and name not in OFTEN_PLACES_OR_DAYS and not is_thing and not _is_headline(told)


def _is_listed(name: str) -> bool:
    return name in GIVEN or name in given_names()


def _is_anybodys(name: str) -> bool:
    return name in given_names() or name in family_names()


def _is_pair(told: _Told, at: int) -> bool:
    """Given name and family name side by side, whatever their capitals."""
    text, words = told.text, told.words
    if at + 1 >= len(words) or text[words[at].end() : words[at + 1].start()] != " ":
        return False
    given, family = words[at][0].casefold(), _bare(words[at + 1])
    if not (_is_listed(given) or given in GIVEN_TOO):
        return False
    if family not in FAMILY and (family not in family_names() or is_word(family)):
        return False
    return not (given in _RATHER_WORDS and (family in WORDS_LAST or family in PLACE_AFTER))


def _goes_on(told: _Told, last: int) -> bool:
    """Whether the next word belongs to the name: beside it, with a capital or a family name, and no word by itself."""
    text, words = told.text, told.words
    if text[_end(words[last]) : words[last + 1].start()] not in (" ", "-", " de ", " de la ", " van "):
        return False
    word, name = words[last + 1][0], _bare(words[last + 1])
    if name in _NEVER:
        return False
    return (name in FAMILY and name not in WORDS_LAST) or (
        word[0].isupper() and (not is_word(name) or name in FAMILY or name in GIVEN_TOO or name in family_names())
    )


def _is_located(told: _Told, at: int) -> bool:
    """Whether a word stands where places stand: "on Dexter", "between Thomas and Dexter", "cerca de Jamaica"."""
    text, words = told.text, told.words
    for here in range(at, 0, -1):
        if not re.fullmatch(r"[ ,/&.\-]{1,3}", text[words[here - 1].end() : words[here].start()]):
            return bool(_NUMBERED_STREET.search(text[: words[here].start()].rstrip(" &/,")))
        before, further = words[here - 1][0].casefold(), words[here - 2][0].casefold() if here > 1 else ""
        is_placed = before in LOCATES or before in PLACE_BEFORE or (before in _OF and further in LOCATES_OF)
        is_beside_a_street = before in _AND and (
            further in PLACE_AFTER or _NUMBERED_STREET.search(text[: words[here - 1].start()].rstrip())
        )
        if is_placed or is_beside_a_street:
            return True
        if before not in _AND and before not in SMALL and not words[here - 1][0][0].isupper():
            return False
    return False


def _is_near_place(told: _Told, at: int) -> bool:
    """Whether one of the next two words makes a place of it, also without capitals: "clayton st"."""
    words = told.words
    following = [word[0].casefold() for word in words[at + 1 : at + 3]]
    return any(word in PLACE_AFTER for word in following)


def _is_a_places(told: _Told, at: int) -> bool:
    """Whether a place bears it: "Henderson Street", "calle Madero", "Meany Middle School"."""
    text, words = told.text, told.words
    before = words[at - 1][0].casefold() if at else ""
    if before in PLACE_BEFORE and text[words[at - 1].end() : words[at].start()].strip(".") in (" ", ""):
        return True
    for following in words[at + 1 : at + 5]:
        if following[0].casefold() in PLACE_AFTER:
            return words[at][0][0].isupper() or following is words[at + 1]
        if not following[0][0].isupper():
            return False
    return False


def _is_at_a_corner(told: _Told, at: int) -> bool:
    """Whether a sentence begins with two streets: "Dexter and Thomas"."""
    text, words = told.text, told.words
    return (
        at + 2 < len(words)
        and _is_first(text, words[at])
        and re.fullmatch(r" ?(?:and|&|y|/) ?", text[words[at].end() : words[at + 2].start()]) is not None
        and words[at + 2][0][0].isupper()
    )


def _is_first(text: str, word: Match) -> bool:
    before = text[: word.start()].rstrip(" ")
    return not before or before[-1] in ".!?…\n:;(“\"'¿¡-–—•*)[>"


def _is_headline(told: _Told) -> bool:
    """Whether nearly every word has a capital, so that one says nothing."""
    return 2 * sum(word[0][0].isupper() for word in told.words) > len(told.words)


def _bare(word: Match) -> str:
    """In lower case, without the ending of what is somebody's and of what is drawn together: "you're"."""
    return re.sub(r"['’](?:s|re|ve|ll|d|m|t)?$", "", word[0].casefold())


def _end(word: Match) -> int:
    ending = re.search(r"['’]s?$", word[0])
    return word.end() - (len(ending[0]) if ending else 0)
