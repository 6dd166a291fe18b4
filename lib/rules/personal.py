"""What in a text may name a person or find a home: names, plates, phone numbers, mail addresses, house numbers.

English and Spanish, pure, and careful rather than complete: a text with findings is held for a moderator, so what is
found wrongly costs a look, and what is missed may cost somebody their safety. A moderator can take words back later.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from babel.core import get_global
from phonenumbers import Leniency, PhoneNumberMatcher

from lib.rules.at_home import tells_of_home
from lib.rules.likely_names import likely_names
from lib.rules.moderation import MARK, Finding
from lib.rules.names import FAMILY, GIVEN, GIVEN_TOO, NO_NAMES, PLACE_AFTER, PLACE_BEFORE, STREETS
from lib.rules.words import is_word


class Found(NamedTuple):
    """A part of a text, from `start` up to and without `end`, and what it may be."""

    kind: Finding
    start: int
    end: int


_Match = re.Match[str]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_UPPER = r"[A-ZÁÉÍÓÚÜÑ]"
_NAME = rf"{_UPPER}[^\W\d_]+(?:[-'’]{_UPPER}?[^\W\d_]+)*"

_TITLED = re.compile(
    rf"\b(?i:mr|mrs|ms|miss|mister|dr|doctor|prof|professor|officer|sgt|sergeant|lt|lieutenant|detective|deputy|captain|"
    rf"pastor|father|señora?|señorita|srta?|sra|don|doña|doctora|profesora?|oficial|agente|sargento|padre|licenciado)\.?"
    rf"[ ]+({_NAME}(?:[ ]+{_NAME})?)"
)
_CALLED = re.compile(
    rf"\b(?i:(?:his|her|their|whose|the) (?:full |last |first )?name(?:s)? (?:is|was|are)|named|is called|goes by|"
    rf"(?:neighbou?r|landlord|tenant|brother|sister|husband|wife|boyfriend|girlfriend|son|daughter|dealer|owner),?|"
    rf"se llaman?|de nombre|llamad[oa]|apodad[oa]|alias|(?:vecin[oa]|herman[oa]|espos[oa]|novi[oa]|hij[oa]|dueñ[oa]),?)"
    rf"[ ]+({_NAME}(?:[ ]+{_NAME})?)"
)

_MAIL = re.compile(
    r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w.+-]{2,64}\s*(?:\(at\)|\[at\]|\sat\s|\sarroba\s)\s*[\w-]+\s*(?:\(dot\)|\[dot\]|\.|\sdot\s|\spunto\s)\s*"
    r"(?:com|net|org|edu|gov|mx|es|us)\b",
    re.IGNORECASE,
)
_LOCAL_PHONE = re.compile(
    r"(?<![\w$€.,/-])(?:555|[2-9]\d\d)[-. ]\d{4}(?![\w/-]|[.,]\d)(?! (?:block|blocks|people|cars))"
)
_NO_PHONE = re.compile(r"(?:19|20)\d\d[-/ ]\d{4,6}")
"""A year with the number of a report."""
_LOOSE_PHONE = re.compile(r"(?<![\w$€.,/-])(?:\+?1[-. ]?)?\(?[2-9]\d\d\)?[-. ]?\d{3}[-. ]\d{4}(?![\w/-]|[.,]\d)")

_PLATE = re.compile(
    r"(?<![\w#-])(?:[A-Z]{3}[- ]?\d{3,4}|\d{3,4}[- ]?[A-Z]{3}|[A-Z]{2}[- ]\d{5}|\d[A-Z]{3}\d{3}|[A-Z]{3}-\d{2}-\d{2,3}|"
    r"[A-Z]\d{2}-?[A-Z]{3}|[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]{1,2}-\d{3}-[A-Z]{1,3}|[A-Z]{1,2}\d{5}[A-Z]?|"
    r"[a-z]{3}-?\d{4}|\d[a-z]{3}\d{3})(?![\w-])"
)
_NO_PLATE = re.compile(
    r"(?:19|20)\d\d [A-Z]{3}|[A-Z]{2} \d{5}|(?i:apt|apto|ave|bus|cal|est|hwy|lot|mph|pdt|pst|rte|ste|sur|uni|via|zip|"
    r"the|and|for|all|our|que|con|los|las|por)[- ]?\d+|\d+[- ]?(?i:ave|blk|bus|cfs|lbs|mph|nth|pdt|pst|st|the|and|for|"
    r"mts|kms|hrs|min|dbs|usd|mxn|con|por|que)"
)
_SAID_PLATE = re.compile(
    r"\b(?:licen[cs]e(?: plates?)?|plates?|tags?|placas?|matr[ií]culas?)\b(?:\s+(?:number|no\.?|n[uú]mero|is|was|es|"
    r"era|son|of|de|del|la|el|the|reads?|says?|dice|starts?|with|con|ends?|in))*[\s:#,]+"
    r"((?=[\w-]*\d)[A-Z0-9]{2,8}(?:[- ](?=[A-Z0-9]*\d)[A-Z0-9]{1,5}|-[A-Z0-9]{1,5})*)(?![\w-])",
    re.IGNORECASE,
)

_SUFFIX = (
    r"(?:street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|court|ct|place|pl|boulevard|blvd|way|terrace|ter|parkway|pkwy|"
    r"circle|cir|highway|hwy|alley|trail)"
)
_ALONE = r"(?<![\w#.,/:$€-])"
_DIRECTION = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?[ ]+)"
_HOUSE = (
    # 4127 Rainier Ave, 12 S Jackson St, 815 23rd Avenue
    re.compile(
        rf"{_ALONE}\d{{1,5}}[A-Za-z]?[ ]+{_DIRECTION}?(?:{_UPPER}[\w.'’-]+[ ]+|\d{{1,3}}(?i:st|nd|rd|th)[ ]+){{1,3}}"
        rf"(?i:{_SUFFIX})\b(?![ ]+(?i:lights?|lamps?|stops?|signs?))"
    ),
    # the same without capitals, from three digits on: 4127 rainier ave
    re.compile(
        rf"{_ALONE}\d{{3,5}}[ ]+(?:(?:n|s|e|w|ne|nw|se|sw)\.?[ ]+)?(?!(?:and|or|at|in|on|the|of|cars?|people|feet|"
        rf"block|blocks|meters|metres|broken|dark|times)\b)(?:[a-z'’]+|\d{{1,3}}(?:st|nd|rd|th))"
        rf"(?:[ ]+(?!(?:in|on|at|the|of|and|down|along|per)\b)[a-z'’]+)?[ ]+{_SUFFIX}\b"
        r"(?![ ]+(?:lights?|lamps?|stops?|signs?))"
    ),
    # apt 5B, unit 12, depto. 4
    re.compile(
        r"\b(?:apt|apartment|unit|suite|ste|flat|apto|depto|dpto|departamento|apartamento|interior|int)\b\.?[ ]*"
        r"(?:#|no\.?|n[º°]|n[uú]m(?:ero)?\.?)?[ ]*(?:\d{1,4}(?:[ -]?[a-z])?|[a-d])\b"
        r"(?![ ]*(?:%|units?|people|personas))",
        re.IGNORECASE,
    ),
    # house number 12, casa número 12, house 12
    re.compile(
        r"\b(?:house|home|door|casa|vivienda|puerta)[ ]+"
        r"(?:(?:number|no\.?|n[º°o]\.?|n[uú]m(?:ero)?\.?|#)[ ]*)?\d{1,5}[a-z]?\b",
        re.IGNORECASE,
    ),
    # No. 12, nº 12, núm. 12, #12
    re.compile(
        r"(?<!\w)(?:(?:No|Nr)\.[ ]?|n[º°][ ]?|N[º°][ ]?|n[uú]m\.[ ]?|#[ ]?)\d{1,5}[a-zA-Z]?\b"
        r"(?![ ]+(?i:problems?|issues?|priority|concerns?|reasons?|causes?|problemas?|prioridad|causas?|bus|"
        r"buses|times)\b)"
    ),
    # calle Mayor 12, Av. Juárez #45, C/ Mayor, 12
    re.compile(
        r"(?<!\w)(?i:calle|c/|avenida|avda\.?|av\.|paseo|camino|calzada|carrera|bulevar|callejón|pasaje|privada|cerrada)"
        rf"[ ]*(?:(?:de[ ]|del[ ]|la[ ]|las[ ]|los[ ])*{_UPPER}[\w.'’-]*[ ,]+){{1,3}}"
        r"(?:n[º°o]\.?|n[uú]m(?:ero)?\.?|#)?[ ]*\d{1,5}[a-zA-Z]?\b"
        r"(?![ ]+(?i:veces|horas|noches|días|dias|coches|carros|autos|personas|metros|cuadras|años|semanas|minutos|"
        r"de la|luces|faroles|jóvenes|niños|y \d))"
    ),
)
_NUMBERED = re.compile(
    r"(?i:\b(?:bus|buses|route|ruta|line|línea|linea|autobús|autobus|camión|tram|exit|salida|stop|parada|pier|muelle|gate|"
    r"platform|highway|interstate|room|sala|salón|phase|fase|page|district|distrito|beat|sector|report|informe|case|caso|"
    r"ticket|precinct))[ .:]*$"
)
"""What stands before a number that is no house's."""


def find_personal(text: str, *, region: str = "US", known_places: Collection[str] = ()) -> tuple[Found, ...]:
    """What was found, in the order of the text and without overlaps; of two that overlap the longer one stays.

    `region` (ISO 3166) is where phone numbers without a country code belong; `known_places`: words, in lower case, of
    which the city's places are named, so that "Sodo is loud" names nobody.

    >>> [found.kind.value for found in find_personal("Kevin at 4127 Rainier Ave drives BXR 4471, call 206-555-0142")]
    ['name', 'house', 'plate', 'phone']
    >>> find_personal("Music on Rainier Avenue, every Friday after 10, near Martin Luther King Jr Way")
    ()
    """
    all_found = [
        *_phones(text, region),
        *(Found(Finding.EMAIL, *match.span()) for match in _MAIL.finditer(text)),
        *_houses(text),
        *_plates(text),
        *_names(text),
        *(Found(Finding.NAME, *where) for where in likely_names(text, list(_WORD.finditer(text)), known_places)),
    ]
    at_home = tells_of_home(text)
    if at_home is not None:
        all_found.append(Found(Finding.AT_HOME, *at_home))
    kept: list[Found] = []
    for found in sorted(all_found, key=lambda each: (each.start - each.end, each.start)):
        if all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    return tuple(sorted(kept, key=lambda each: each.start))


def phone_region(time_zone: str) -> str:
    """The country (ISO 3166) of a time zone, whose phone numbers need no country code there.

    >>> phone_region("America/Chicago"), phone_region("Europe/London"), phone_region("UTC")
    ('US', 'GB', 'US')
    """
    country = str(get_global("zone_territories").get(time_zone, ""))
    return country if re.fullmatch("[A-Z]{2}", country) else "US"


def kinds_found(found: Collection[Found]) -> list[str]:
    """What kinds there are among findings, each once, in the order of `Finding`."""
    return [kind.value for kind in Finding if any(each.kind is kind for each in found)]


def without(text: str, found: Collection[Found]) -> str:
    """The text with each finding replaced by the mark of a redaction.

    >>> without("Call 206-555-0142 at night", find_personal("Call 206-555-0142 at night"))
    'Call […] at night'
    """
    parts, at = [], 0
    for each in sorted(found, key=lambda one: one.start):
        parts += [text[at : each.start], MARK]
        at = each.end
    return "".join(parts) + text[at:]


def _phones(text: str, region: str) -> Iterator[Found]:
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
        if not _NO_PHONE.fullmatch(match.raw_string):
            yield Found(Finding.PHONE, match.start, match.end)
    for pattern in (_LOOSE_PHONE, _LOCAL_PHONE):
        for found in pattern.finditer(text):
            yield Found(Finding.PHONE, *found.span())


def _houses(text: str) -> Iterator[Found]:
    for pattern in _HOUSE:
        for match in pattern.finditer(text):
            if not _NUMBERED.search(text[: match.start()]):
                yield Found(Finding.HOUSE, *match.span())


def _plates(text: str) -> Iterator[Found]:
    for match in _PLATE.finditer(text):
        if not _NO_PLATE.fullmatch(match[0]) and not _NUMBERED.search(text[: match.start()]):
            yield Found(Finding.PLATE, *match.span())
    for match in _SAID_PLATE.finditer(text):
        yield Found(Finding.PLATE, *match.span(1))


def _names(text: str) -> Iterator[Found]:
    for pattern in (_TITLED, _CALLED):
        for match in pattern.finditer(text):
            words = match[1].split()
            taken = [word for word in words if word.casefold() not in NO_NAMES and not _is_shouted(word)]
            if taken and words[0].casefold() not in NO_NAMES and not _is_place(text, match.start(1), match.end(1)):
                end = match.end(1) if len(taken) == len(words) else match.start(1) + len(words[0])
                yield Found(Finding.NAME, match.start(1), end)
    yield from _given_names(text)


def _given_names(text: str) -> Iterator[Found]:
    words = list(_WORD.finditer(text))
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) and _is_beside(text, word, words[at + 1]) else None
        if _is_given(text, word, following):
            last = word
            for more in words[at + 1 : at + 4]:
                if not _is_beside(text, last, more) or not _is_part(more[0]):
                    break
                last = more
            if not _is_place(text, word.start(), last.end()):
                yield Found(Finding.NAME, word.start(), last.end())


def _is_given(text: str, word: _Match, following: _Match | None) -> bool:
    """Whether a word is a given name: one that is nothing else, or one beside a family name."""
    name = word[0].casefold()
    is_double = following is not None and text[word.end()] == "-" and following[0][0].isupper()
    if name in GIVEN and name not in GIVEN_TOO:
        return True
    if is_double and name in GIVEN_TOO and word[0][0].isupper():
        return True
    if following is None or not following[0][0].isupper() or following[0].casefold() not in FAMILY:
        return False
    if name in GIVEN_TOO:
        return word[0][0].isupper()
    # A capital in the middle of a sentence, before a family name that is no street of its own.
    before = text[: word.start()].rstrip(" ")
    is_inside = bool(before) and before[-1] not in ".!?…\n:;(“\"'¿¡-"
    is_street = following[0].casefold() in GIVEN_TOO | STREETS
    return (
        is_inside
        and word[0][0].isupper()
        and len(name) > 2
        and name not in NO_NAMES | PLACE_BEFORE | PLACE_AFTER
        and not is_street
    )


def _is_shouted(word: str) -> bool:
    """Whether a word says nothing by its capitals: "MY NEIGHBOR PLAYS DRUMS"."""
    return len(word) > 1 and word.isupper() and is_word(word.casefold())


def _is_part(word: str) -> bool:
    """Whether a word behind a given name belongs to the name."""
    name = word.casefold()
    return name in FAMILY or (word[0].isupper() and len(word) > 1 and name not in NO_NAMES | PLACE_AFTER)


def _is_place(text: str, start: int, end: int) -> bool:
    """Whether a place bears the name: "Martin Luther King Jr Way", "calle Juan Pérez", "San José"."""
    before = _WORD.findall(text[max(0, start - 40) : start])
    after = re.match(rf"[ ,]*(?:{_UPPER}[\w.'’-]*[ ]+){{0,2}}?([^\W\d_]+)", text[end : end + 60])
    if before and text[:start].endswith((" ", ". ", "/")) and before[-1].casefold() in PLACE_BEFORE:
        return True
    if len(before) > 1 and before[-1].casefold() in ("de", "del", "la", "of") and before[-2].casefold() in PLACE_BEFORE:
        return True
    last = (_WORD.findall(text[start:end]) or [""])[-1].casefold()
    return last in PLACE_AFTER or (
        after is not None and text[end : end + 1] == " " and after[1].casefold() in PLACE_AFTER
    )


def _is_beside(text: str, first: _Match, second: _Match) -> bool:
    return text[first.end() : second.start()] in (" ", "-", " de ", " de la ", " van ")
