"""Which concerns are about the same thing: category, distance between public cells, time, words.

What was told is compared by its public cell only: a distance to anything finer would give a home away (promise 10).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor

from rapidfuzz import fuzz, utils

from lib.rules.geography import metres_between_cells

NEAR_METRES = 150
"""Up to here a place counts as the same: neighbouring cells of a street are about 130 m apart."""

FAR_METRES = 700
"""From here on a place counts as another one. Neighbouring cells of homes are about 350 m apart."""

MONTHS = 12
"""So far back one looks; older ones are another story, even where nobody closed them."""

DAYS = 365

FEWEST = 0.5
"""What is shown has at least this score."""

MOST = 3
"""So many are shown: more would not be read."""

ALIKE_WORDS = 0.5

RELATED: tuple[frozenset[str], ...] = (
    frozenset({"noise", "young_people"}),
    frozenset({"noise", "drugs_and_alcohol"}),
    frozenset({"drugs_and_alcohol", "young_people"}),
    frozenset({"drugs_and_alcohol", "waste_and_litter"}),
    frozenset({"drugs_and_alcohol", "parks_and_trees"}),
    frozenset({"waste_and_litter", "parks_and_trees"}),
    frozenset({"street_lighting", "road_safety"}),
    frozenset({"street_lighting", "parks_and_trees"}),
    frozenset({"street_lighting", "theft_and_break_ins"}),
)
"""Standard categories under which two people may raise the same thing."""

_COMMON_WORDS = (
    "a an and are at but by for from has have in is it its of on or our so that the their there they this to was we "
    "with very every al con de del el en es esta está hay la las lo los muy no para pero por que se su un una y ya "
    "cada todos todas"
)
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True)
class Told:
    """What is compared: category (key), public cell ("" without a place), text, when it was reported."""

    category: str
    cell: str
    text: str
    reported_at: datetime


@dataclass(frozen=True)
class Likeness:
    """How alike two concerns are, `score` from 0 to 1; `metres` between the cells' centres (None where one has none),
    `days` between them, `words` from 0 to 1."""

    score: float
    is_same_category: bool
    metres: float | None
    days: int
    words: float

    @property
    def is_near(self) -> bool:
        return self.metres is not None and self.metres <= NEAR_METRES

    @property
    def has_alike_words(self) -> bool:
        return self.words >= ALIKE_WORDS


def related_categories(category: str) -> frozenset[str]:
    """The category and those under which the same thing may be raised.

    >>> sorted(related_categories("noise")), sorted(related_categories("the_city's_own"))
    (['drugs_and_alcohol', 'noise', 'young_people'], ["the_city's_own"])
    """
    return frozenset({category}).union(*(pair for pair in RELATED if category in pair))


def likeness(told: Told, other: Told) -> Likeness:
    """How alike `other`, of the same beat or near by, is to what is told.

    The score adds up place (0.5), words (0.3) and time (0.2), and is multiplied by 0.8 for a related category, by 0 for
    any other. Place falls from 1 at `NEAR_METRES` to 0 at `FAR_METRES`; where either has no cell, both belong to the
    same beat and nothing finer is known: 0.4. Words are the token set ratio of rapidfuzz without the
    commonest words, from one half (0) to the same (1).
    """
    is_same = told.category == other.category
    kind = 1.0 if is_same else 0.8 if other.category in related_categories(told.category) else 0.0
    metres = metres_between_cells(told.cell, other.cell) if told.cell and other.cell else None
    place = 0.4 if metres is None else _nearness(metres)
    words = _alike(told.text, other.text)
    days = max(0, (told.reported_at - other.reported_at).days)
    time = max(0.0, 1 - days / DAYS)
    score = kind * (0.5 * place + 0.3 * words + 0.2 * time) if place else 0.0
    return Likeness(score, is_same, metres, days, words)


def rounded_metres(metres: float) -> int:
    """A distance between cells as it is said: to 50 m, since a cell says no more.

    >>> rounded_metres(0), rounded_metres(131), rounded_metres(367)
    (0, 150, 350)
    """
    return floor(metres / 50 + 0.5) * 50


def reason(alike: Likeness) -> str:
    """Why it is shown, in words.

    >>> reason(Likeness(0.9, True, 131, 9, 0.8)), reason(Likeness(0.6, False, None, 0, 0.2))
    ('Same kind of concern, about 150 m away, similar words', 'Related kind of concern, somewhere in the same beat')
    """
    parts = [
        "Same kind of concern" if alike.is_same_category else "Related kind of concern",
        "somewhere in the same beat"
        if alike.metres is None
        else "in the same spot on the public map"
        if alike.metres < 1
        else f"about {rounded_metres(alike.metres)} m away",
        *(["similar words"] if alike.has_alike_words else []),
    ]
    return ", ".join(parts)


def most_alike(told: Told, others: Mapping[int, Told], *, most: int = MOST) -> tuple[tuple[int, Likeness], ...]:
    """The keys of those that are alike enough to be shown, the most alike first, then the newest."""
    scored = [(key, likeness(told, other)) for key, other in others.items()]
    shown = [each for each in scored if each[1].score >= FEWEST]
    return tuple(sorted(shown, key=lambda each: (-each[1].score, each[1].days, each[0]))[:most])


def _nearness(metres: float) -> float:
    return min(1.0, max(0.0, (FAR_METRES - metres) / (FAR_METRES - NEAR_METRES)))


def _alike(first: str, second: str) -> float:
    one, two = _told_words(first), _told_words(second)
    if not one or not two:
        return 0.0
    # A short text is a subset of many: what it does not hold counts against it by half.
    whole = fuzz.token_set_ratio(one, two) / 100
    if _is_short(one.split(), two.split()):
        whole = (whole + fuzz.token_sort_ratio(one, two) / 100) / 2
    # Letters alone make two texts of one language about half alike.
    return max(0.0, 2 * whole - 1)


def _is_short(*texts: Collection[str]) -> bool:
    return min(len(set(words)) for words in texts) < 3


def _told_words(text: str) -> str:
    return " ".join(word for word in utils.default_process(text).split() if word not in _COMMON)
