"""Finding help by what people say they need: "my neighbour drinks", "something for a 14-year-old", "mi vecino bebe".

What somebody types becomes needs (`lib/rules/needs.py`), an age, and words that are looked for as they are; each offer
is judged by the same thesaurus, by its own words and by the ages that it names. English and Spanish are read alike,
without accents, and a mistyped word is understood (rapidfuzz, optimal string alignment distance: Boytsov 2011).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from lib.rules.at_home import tells_of_home
from lib.rules.needs import CHILDREN, GENERAL, NEEDS, OLDER, VIOLENCE, YOUTH, Need

LONGEST_SEARCH = 200
SAID, LEANS, AGE_SAID = 3.0, 1.0, 3.0
"""What a need weighs that a word says, that a word only leans to, that an age means."""

IN_NEEDS, IN_TEXT = 2.0, 1.0
"""What a word weighs that stands in an offer's needs or name, or only in its description."""

FAINT = 0.45
"""Offers that fit less than this share of the best one are left out."""

NEAR = 65.0
"""From this likeness on (rapidfuzz, 0–100) an offer is shown as near where nothing fits."""

_SAYS_NOTHING = frozenset(
    re.findall(
        r"\w+",
        "a about all also am an and any anybody anyone are around at be because been but by can could do does doing "
        "for from get gets give go got had has have he help helped helping her here hers him his how i if in into is "
        "it its just keep keeps know like lot make many me more my near need needed needs no not now of off on one or "
        "our out own please really she should so some somebody someone something somewhere than that the their them "
        "then there these they thing this to too under up us very want was we well were what when where which who why "
        "will with would you your "
        "al algo alguien alguna alguno alla aqui asi ayuda ayudar aun cada como con cual cuando cuanto de del desde "
        "donde el ella ello ellos en era es esa ese eso esta este esto estoy fue ha hace hay he la las le les lo los "
        "mas me mi mis mucho muy necesita necesito ni nos nuestra nuestro o os otra otro para pero poco por porque "
        "pues puede que quien quiero se ser si sin sobre son soy su sus tambien tan te tener tengo tiene todo tu un "
        "una uno usted y ya yo ano year old aged age",
    )
)

_WORD = re.compile(r"[^\W_]+")
_AGE = re.compile(
    r"\b(\d{1,2})\s*-?\s*(?:years?|yrs?|yo|y/o|anos?)\b"
    r"|\b(?:aged?|for (?:an? |my )?|is|turned|de|tiene|con) (\d{1,2})\b"
    r"(?!\s*(?::|%|am|pm|h|min|hours?|days?|dias?|times|people|of|o.clock|metros|feet))"
)
_AGES = (
    (re.compile(r"\b(\d{1,2})\s*-?\s*(?:to|a|and|y|-|–)\s*(\d{1,2})\s*-?\s*(?:years?|yrs?|anos?)"), "both"),
    (re.compile(r"\b(?:ages?|aged|edades) (\d{1,2})\s*(?:to|a|-|–)\s*(\d{1,2})\b"), "both"),
    (re.compile(r"\b(?:under|younger than|menores de) (\d{1,2})\b"), "below"),
    (re.compile(r"\b(?:over|older than|from age|from|mayores de|desde los) (\d{1,2})\b(?!\s*(?::|am|pm))"), "from"),
    (re.compile(r"\b(\d{1,2})\s*(?:\+|and (?:over|older|up)|y mas|o mas)"), "from"),
)


@dataclass(frozen=True)
class Offer:
    """The texts by which something is found; `needs` are the words people would search with."""

    name: str
    needs: str = ""
    text: str = ""


@dataclass(frozen=True)
class Search:
    """What was asked: the words that say something, how much each need weighs (by key), and the age that was named."""

    words: tuple[str, ...] = ()
    needs: Mapping[str, float] = field(default_factory=dict)
    age: int | None = None

    @property
    def asks_nothing(self) -> bool:
        return not self.words and not self.needs


@dataclass(frozen=True)
class Fit:
    """How well an offer fits, and why: the needs it serves, the words of the search it says, the age it is for."""

    score: float
    needs: tuple[Need, ...] = ()
    words: tuple[str, ...] = ()
    age: int | None = None


@dataclass(frozen=True)
class ReadOffer:
    """An offer as it is searched: words of its name and needs, words of its text, how strongly it serves each need, the
    ages that it names."""

    strong: frozenset[str]
    weak: frozenset[str]
    serves: Mapping[str, int]
    ages: tuple[int, int] | None


def bare(text: str) -> str:
    """The text in lower case and without accents.

    >>> bare("Mi HIJO tiene 14 años")
    'mi hijo tiene 14 anos'
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def bare_words(text: str) -> list[str]:
    """The words of a text without case, accents and a plural s.

    >>> bare_words("Needles, neighbours’ dogs and the glass")
    ['needle', 'neighbour', 'dog', 'and', 'the', 'glass']
    """
    plain = re.sub(r"[’']s?\b", "", bare(text))
    return [_singular(word) for word in _WORD.findall(plain)]


def read_search(text: str) -> Search:
    """What somebody asks for. The longest text is cut, never refused: nobody who needs help is told to type less.

    >>> sorted(read_search("mi vecino bebe").needs.items()), read_search("something for a 14-year-old").age
    ([('alcohol_drugs', 3.0), ('neighbours', 1.0)], 14)
    """
    text = text[:LONGEST_SEARCH]
    said = bare_words(text)
    understood = [word if word in _BY_WORD else _mistyped(word) for word in said]
    needs = _needs_said(understood)
    age = _age_said(text)
    for key in _meant_by(age):
        needs[key] = needs.get(key, 0.0) + AGE_SAID
    words = dict.fromkeys(
        word for word in understood if word not in _SAYS_NOTHING and not word.isdigit() and len(word) > 1
    )
    return Search(tuple(words), needs, age)


def asks_about_violence(text: str, search: Search) -> bool:
    """Whether what was asked tells of violence at home, so that its page has to be left quickly: whoever is feared may
    come in. `search` is the text as it was read.

    >>> asks_about_violence("me pega", read_search("me pega")), asks_about_violence("a gym", read_search("a gym"))
    (True, False)
    """
    return VIOLENCE in search.needs or tells_of_home(text) is not None


def fit(search: Search, offer: Offer) -> Fit | None:
    """How an offer fits a search; None where it does not, or where it names ages and the one that was asked is not
    among them."""
    return fit_of(search, read_offer(offer))


def fit_of(search: Search, read: ReadOffer) -> Fit | None:
    """As `fit`, of an offer that was read before."""
    is_for_age = False
    if search.age is not None and read.ages is not None:
        if not read.ages[0] <= search.age <= read.ages[1]:
            return None
        is_for_age = True
    score = AGE_SAID if is_for_age else 0.0
    served = []
    for key, weight in search.needs.items():
        strength = read.serves.get(key, 0)
        if strength >= 2:
            score += weight * (0.5 + min(strength, 6) / 12)
            served.append((weight, _BY_KEY[key]))
    found = []
    for word in search.words:
        if word in read.strong:
            score += IN_NEEDS
            found.append(word)
        elif word in read.weak:
            score += IN_TEXT
            found.append(word)
    if score == 0:
        return None
    served.sort(key=lambda pair: -pair[0])
    return Fit(score, tuple(need for _weight, need in served), tuple(found), search.age if is_for_age else None)


def ranked(search: Search, offers: Sequence[Offer]) -> list[tuple[int, Fit]]:
    """The positions of the offers that fit, the best first; equal ones keep their order. Faint ones are left out."""
    return best_first([(at, found) for at, offer in enumerate(offers) if (found := fit(search, offer)) is not None])


def best_first(fits: list[tuple[int, Fit]]) -> list[tuple[int, Fit]]:
    """Fits by their score, equal ones in their order, without those that are faint beside the best."""
    best = max((found.score for _at, found in fits), default=0.0)
    return sorted([pair for pair in fits if pair[1].score >= FAINT * best], key=lambda pair: -pair[1].score)


def nearest(text: str, offers: Sequence[Offer], most: int = 3) -> list[int]:
    """The positions of what comes nearest to a text that nothing fits, by the look of the words only."""
    asked = words_to_compare(text)
    alike = [(likeness(asked, read_offer(offer).strong), at) for at, offer in enumerate(offers)]
    return [at for likeness, at in sorted(alike, key=lambda pair: -pair[0])[:most] if likeness >= NEAR]


def words_to_compare(text: str) -> list[str]:
    """The words of a search that are long enough to look like others by more than chance."""
    return [word for word in read_search(text).words if len(word) >= 4]


def likeness(asked: Sequence[str], words: Iterable[str]) -> float:
    """How much the words of a search look like those of an offer (0–100): each with the one that it is most like."""
    best = [max((fuzz.ratio(word, other) for other in words), default=0.0) for word in asked]
    return sum(best) / len(best) if best else 0.0


def is_general(offer: Offer) -> bool:
    """Whether this is the number for any question, given to whoever finds nothing else."""
    return _read(offer.name, offer.needs, "").serves.get(GENERAL, 0) >= 2


def needs_of_category(category_key: str) -> Search:
    """What a concern of this category may need, as a search."""
    return Search(needs={need.key: SAID for need in NEEDS if category_key in need.categories})


def both(first: Search, second: Search) -> Search:
    """Two searches as one."""
    needs = dict(first.needs)
    for key, weight in second.needs.items():
        needs[key] = needs.get(key, 0.0) + weight
    words = tuple(dict.fromkeys((*first.words, *second.words)))
    return Search(words, needs, first.age if first.age is not None else second.age)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _words_of(need: Need) -> Iterable[tuple[tuple[str, ...], float]]:
    for weight, phrases in ((SAID, need.words), (LEANS, need.hints)):
        for phrase in phrases:
            yield tuple(bare_words(phrase)), weight


_BY_KEY = {need.key: need for need in NEEDS}
_BY_PHRASE: dict[tuple[str, ...], list[tuple[str, float]]] = {}
for _need in NEEDS:
    for _phrase, _weight in _words_of(_need):
        _BY_PHRASE.setdefault(_phrase, []).append((_need.key, _weight))
_LONGEST_PHRASE = max(map(len, _BY_PHRASE))
_BY_WORD = frozenset(word for phrase in _BY_PHRASE for word in phrase)
_BY_INITIAL: dict[str, list[str]] = {}
for _word in sorted(_BY_WORD - _SAYS_NOTHING):
    _BY_INITIAL.setdefault(_word[0], []).append(_word)


def _mistyped(word: str) -> str:
    """The word of the thesaurus that was meant: one slip in five letters, two in nine; the first letter is right."""
    if len(word) < 5 or word in _SAYS_NOTHING or word.isdigit():
        return word
    allowed = 1 if len(word) < 9 else 2
    found = process.extractOne(word, _BY_INITIAL.get(word[0], ()), scorer=OSA.distance, score_cutoff=allowed)
    return found[0] if found else word


def _needs_said(words: Sequence[str]) -> dict[str, float]:
    """Each need with the weight of the strongest word or phrase that says it, and a little for each further one."""
    met: dict[str, list[float]] = {}
    for length in range(1, _LONGEST_PHRASE + 1):
        for start in range(len(words) - length + 1):
            for key, weight in _BY_PHRASE.get(tuple(words[start : start + length]), ()):
                # A longer phrase says more than its words one by one.
                met.setdefault(key, []).append(weight + (length - 1))
    return {key: max(weights) + 0.5 * (len(weights) - 1) for key, weights in met.items()}


def _age_said(text: str) -> int | None:
    match = _AGE.search(bare(text))
    return int(match[1] or match[2]) if match else None


def _meant_by(age: int | None) -> tuple[str, ...]:
    if age is None:
        return ()
    if age < 10:
        return (CHILDREN,)
    if age < 13:
        return (CHILDREN, YOUTH)
    if age < 21:
        return (YOUTH,)
    return (OLDER,) if age >= 65 else ()


def read_offer(offer: Offer) -> ReadOffer:
    """An offer as it is searched."""
    return _read(offer.name, offer.needs, offer.text)


@lru_cache(maxsize=20_000)
def _read(name: str, needs: str, text: str) -> ReadOffer:
    strong, weak = bare_words(f"{name} . {needs}"), bare_words(text)
    serves: dict[str, int] = {}
    for words, share in ((strong, 2), (weak, 1)):
        for start in range(len(words)):
            for length in range(1, min(_LONGEST_PHRASE, len(words) - start) + 1):
                for key, weight in _BY_PHRASE.get(tuple(words[start : start + length]), ()):
                    serves[key] = serves.get(key, 0) + (share if weight == SAID else share // 2)
    return ReadOffer(frozenset(strong), frozenset(weak), serves, _ages_named(f"{name} {text}"))


def _ages_named(text: str) -> tuple[int, int] | None:
    plain = bare(text)
    for pattern, kind in _AGES:
        match = pattern.search(plain)
        if match is None:
            continue
        if kind == "both":
            low, high = int(match[1]), int(match[2])
            return (low, high) if low <= high else None
        limit = int(match[1])
        return (0, limit - 1) if kind == "below" else (limit, 150)
    return None
