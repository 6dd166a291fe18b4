"""What recurs on a beat: places where the same is raised again and again, and themes that run through its concerns.

A place is a cluster of public cells, in metres on the sphere: nothing finer than what everybody may see goes in. A
theme is a word or two that several concerns share. See docs/decisions/0022.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import radians
from uuid import UUID

from lib.rules.geography import cell_centre, metres_between_cells
from lib.rules.months import day_in_words
from lib.rules.stop_words import SAYS_LITTLE, SPANISH
from lib.rules.text import counted, listed
from lib.rules.words import is_word

REACH_M = 200
"""Two concerns nearer than this belong to one place. Neighbouring street cells lie about 130 m apart; the cells of two
homes lie further apart than this, so homes come together only within one cell."""

FEWEST = 3
"""Concerns that make a place or a theme."""

FEWEST_DAYS = 14
"""Days between the first and the last of them: less is one night, not a thing that recurs."""

MOST = 6
"""Places, and themes, that are told of a beat."""

EARTH_M = 6_371_008.8
"""Mean radius (IUGG), as in `geography`."""

_WORD = re.compile(r"[^\W\d_]+")
_INSIDE = re.compile(r"(?<=[\w,] )[^\W\d_]{3,}")
_FAVOUR = 1.5
"""How much more a word of a category's name weighs: a trouble is a theme sooner than what goes with it."""

_SAME = 0.6
"""Two words stand for one theme where they share so much of the rarer one's concerns."""


class RecurringKind(StrEnum):
    PLACE = "place"
    THEME = "theme"


@dataclass(frozen=True)
class RaisedConcern:
    """What is needed of a public concern; `cell` and `text` may be empty. `raised_on`: the city's day."""

    uuid: UUID
    category: str
    cell: str
    text: str
    raised_on: date
    is_open: bool
    supports: int


@dataclass(frozen=True)
class Recurring:
    """A place or a theme. `category` is the key that all of its concerns share, else ""; `words` are those that recur
    in them. `extent_m`: the largest distance between two of a place's cells, 0 within one cell and for a theme.
    """

    kind: RecurringKind
    category: str
    words: tuple[str, ...]
    concerns: tuple[RaisedConcern, ...]
    extent_m: int = 0

    @property
    def key(self) -> str:
        """Names it in an address as long as its oldest concern, or its word, is the same."""
        named = self.words[0].lower() if self.kind is RecurringKind.THEME else self.concerns[0].uuid.hex[:12]
        return f"{self.kind.value}-{named}"

    @property
    def supports(self) -> int:
        return sum(concern.supports for concern in self.concerns)

    @property
    def days(self) -> int:
        """On how many different days it was raised."""
        return len({concern.raised_on for concern in self.concerns})

    @property
    def open_ones(self) -> int:
        return sum(concern.is_open for concern in self.concerns)

    @property
    def numbers(self) -> str:
        """The numbers as they are read."""
        first, last = self.concerns[0].raised_on, self.concerns[-1].raised_on
        said = f"{counted(len(self.concerns), 'concern')} on {counted(self.days, 'day')}"
        said += f" from {day_in_words(first)} to {day_in_words(last)}, {self.open_ones:,} still open"
        if self.supports:
            said += f"; {self.supports:,} more said “me too”"
        return f"{said}."

    @property
    def where(self) -> str:
        """How far apart it lies; "" for a theme."""
        if self.kind is RecurringKind.THEME:
            return ""
        if not self.extent_m:
            return "All of them lie in one cell of the public map."
        return f"They lie in cells of the public map that are at most {self.extent_m:,} metres apart."


def recurring_places(raised: Sequence[RaisedConcern]) -> tuple[Recurring, ...]:
    """Places where one category is raised again and again, those that concern most people first (DBSCAN, Ester et al.
    1996: a place grows from cells with at least three concerns within reach).

    `raised`: of one beat, of some time; what was merged stays in, for it was raised too. Of each category by itself:
    litter beside noise is no place where something recurs.
    """
    # Loading scikit-learn takes more than a second: only who asks for it waits.
    from sklearn.cluster import DBSCAN

    found = []
    for category in sorted({concern.category for concern in raised}):
        located = [concern for concern in raised if concern.category == category and concern.cell]
        if len(located) < FEWEST:
            continue
        weights = Counter(concern.cell for concern in located)
        cells = sorted(weights)
        centres = [cell_centre(cell) for cell in cells]
        labels = DBSCAN(eps=REACH_M / EARTH_M, min_samples=FEWEST, metric="haversine", algorithm="ball_tree").fit(
            [[radians(centre.latitude), radians(centre.longitude)] for centre in centres],
            sample_weight=[weights[cell] for cell in cells],
        )
        place_of = {cell: int(label) for cell, label in zip(cells, labels.labels_, strict=True)}
        for number in sorted(set(place_of.values()) - {-1}):
            inside = _by_day([concern for concern in located if place_of[concern.cell] == number])
            if _lasts(inside):
                own = sorted({concern.cell for concern in inside})
                extent = max((metres_between_cells(one, other) for one in own for other in own), default=0.0)
                found.append(
                    Recurring(RecurringKind.PLACE, category, _shared_words(inside), inside, round(extent / 10) * 10)
                )
    return tuple(sorted(found, key=_weight)[:MOST])


def recurring_themes(
    raised: Sequence[RaisedConcern], *, places: Collection[str] = (), favoured: Collection[str] = ()
) -> tuple[Recurring, ...]:
    """Words that run through a beat's open concerns, those that concern most people first (TF-IDF, Spärck Jones 1972:
    a word weighs more the fewer concerns use it). Words that mostly share their concerns are one theme.

    A street is no theme: left out are `places` (words of which the city's places are named, in lower case) that are no
    ordinary words, and what mostly has a capital in sentences. `favoured`: words of the categories; they weigh more.
    """
    told = [concern for concern in raised if concern.is_open and concern.text]
    named = _names_of_places([concern.text for concern in told]) | {word for word in places if not is_word(word)}
    found: list[Recurring] = []
    for words, inside in _terms(told, named, favoured):
        uuids = {concern.uuid for concern in inside}
        taken = [{concern.uuid for concern in each.concerns} for each in found]
        if any(len(uuids & other) >= _SAME * min(len(uuids), len(other)) for other in taken) or not _lasts(inside):
            continue
        categories = {concern.category for concern in inside}
        shared = categories.pop() if len(categories) == 1 else ""
        found.append(Recurring(RecurringKind.THEME, shared, (_as_written(words, inside),), inside))
        if len(found) == MOST:
            break
    return tuple(sorted(found, key=_weight))


def goal_words(found: Recurring, about: str, beat: str) -> tuple[str, str, str]:
    """Title, summary and scanning story with which a goal begins that grows out of it; `about`: the category's name."""
    if found.kind is RecurringKind.THEME:
        title = f"Fewer concerns about “{found.words[0]}” in {beat}"
    else:
        title = f"{about}: one place in {beat}"
    told = f" Words that recur in them: {listed([f'“{word}”' for word in found.words])}." if found.words else ""
    since = day_in_words(found.concerns[0].raised_on)
    summary = f"Residents have raised this {len(found.concerns):,} times since {since}. It should not come back."
    return title, summary, " ".join(part for part in (found.numbers, found.where, told.strip()) if part)


def _terms(
    told: Sequence[RaisedConcern], silenced: Collection[str] = (), favoured: Collection[str] = ()
) -> list[tuple[str, tuple[RaisedConcern, ...]]]:
    """Words, or two in a row, of at least three concerns, the weightiest first."""
    if len(told) < FEWEST:
        return []
    # As above: loaded by whoever asks.
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    silent = ENGLISH_STOP_WORDS | SPANISH | SAYS_LITTLE | frozenset(silenced)
    reader = TfidfVectorizer(min_df=FEWEST, analyzer=lambda text: _telling(text, silent))
    try:
        weights = reader.fit_transform([concern.text for concern in told])
    except ValueError:
        # No word is shared by three of them.
        return []
    totals = weights.sum(axis=0).A1
    names = [str(name) for name in reader.get_feature_names_out()]
    weight = [
        total * (_FAVOUR if any(word in favoured for word in name.split()) else 1)
        for name, total in zip(names, totals, strict=True)
    ]
    columns = weights.tocsc()
    rows, starts = columns.indices, columns.indptr
    members = [sorted(rows[starts[at] : starts[at + 1]].tolist()) for at in range(len(names))]
    ranked = sorted(range(len(names)), key=lambda at: (-round(weight[at], 9), " " not in names[at], names[at]))
    pairs: dict[str, list[int]] = {}
    for at in ranked:
        for word in names[at].split():
            if word != names[at]:
                pairs.setdefault(word, []).append(at)
    terms = []
    for at in ranked:
        # "pine" says less than "pine street" where nearly nobody means another pine.
        wider = (each for each in pairs.get(names[at], ()) if 5 * len(members[each]) >= 4 * len(members[at]))
        terms.append((names[next(wider, at)], tuple(told[row] for row in members[at])))
    return terms


def _names_of_places(texts: Iterable[str]) -> frozenset[str]:
    """Words, in lower case, that mostly have a capital where they begin no sentence: streets, parks, shops."""
    capital, small = Counter[str](), Counter[str]()
    for text in texts:
        for word in _INSIDE.findall(text):
            if not word.isupper():
                (capital if word[0].isupper() else small)[word.lower()] += 1
    return frozenset(word for word, times in capital.items() if times > small[word])


def _telling(text: str, silent: frozenset[str]) -> list[str]:
    """The words of a text that tell something, and two of them where they stand side by side.

    >>> _telling("The dogs run loose", frozenset({"the", "run"}))
    ['dogs', 'loose']
    >>> _telling("Loose dogs", frozenset())
    ['loose', 'dogs', 'loose dogs']
    """
    words = [word if word not in silent and len(word) > 2 else "" for word in _WORD.findall(text.lower())]
    return [word for word in words if word] + [
        f"{first} {second}" for first, second in pairwise(words) if first and second
    ]


def _shared_words(inside: Sequence[RaisedConcern]) -> tuple[str, ...]:
    """The words that most of a place's concerns share, at most three."""
    told = [concern for concern in inside if concern.text]
    if len(told) < FEWEST:
        return ()
    shared = [words for words, members in _terms(told) if 2 * len(members) >= len(told)]
    return tuple(_as_written(words, told) for words in dict.fromkeys(shared))[:3]


def _as_written(words: str, inside: Sequence[RaisedConcern]) -> str:
    """The words as the oldest concern that has them side by side writes them: a street keeps its capital."""
    written = re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE)
    found = (written.search(concern.text) for concern in inside)
    return next((match[0] for match in found if match), words)


def _lasts(inside: Sequence[RaisedConcern]) -> bool:
    return len(inside) >= FEWEST and (inside[-1].raised_on - inside[0].raised_on).days >= FEWEST_DAYS


def _by_day(concerns: Sequence[RaisedConcern]) -> tuple[RaisedConcern, ...]:
    return tuple(sorted(concerns, key=lambda concern: (concern.raised_on, concern.uuid.hex)))


def _weight(found: Recurring) -> tuple[int, str]:
    return -(len(found.concerns) + found.supports), found.key
