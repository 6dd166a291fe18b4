"""Many offers, read once and looked up by what is asked: the same answers as `need_search.ranked` and `nearest`, but
not each offer is judged for each search."""

from collections.abc import Collection, Sequence

from rapidfuzz import fuzz, process

from lib.rules.need_search import (
    NEAR,
    Fit,
    Offer,
    Search,
    best_first,
    fit_of,
    is_general,
    likeness,
    read_offer,
    words_to_compare,
)


class OfferIndex:
    """Offers by position. `general`: those that are the number for any question."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self._read = tuple(read_offer(offer) for offer in offers)
        self.general = frozenset(at for at, offer in enumerate(offers) if is_general(offer))
        self._by_need: dict[str, list[int]] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_strong_word: dict[str, list[int]] = {}
        self._with_ages: list[int] = []
        for at, read in enumerate(self._read):
            for key in read.serves:
                self._by_need.setdefault(key, []).append(at)
            for word in read.strong | read.weak:
                self._by_word.setdefault(word, []).append(at)
            for word in read.strong:
                self._by_strong_word.setdefault(word, []).append(at)
            if read.ages is not None:
                self._with_ages.append(at)
        self._vocabulary = sorted(self._by_strong_word)

    def ranked(self, search: Search, among: Collection[int] | None = None) -> list[tuple[int, Fit]]:
        """The positions of the offers (of these, where some are given) that fit, as `need_search.ranked`."""
        met: set[int] = set()
        for key in search.needs:
            met.update(self._by_need.get(key, ()))
        for word in search.words:
            met.update(self._by_word.get(word, ()))
        if search.age is not None:
            met.update(self._with_ages)
        chosen = sorted(met if among is None else met.intersection(among))
        return best_first([(at, found) for at in chosen if (found := fit_of(search, self._read[at])) is not None])

    def nearest(self, text: str, among: Collection[int] | None = None, most: int = 3) -> list[int]:
        """The positions of what comes nearest to a text that nothing fits, as `need_search.nearest`."""
        asked = words_to_compare(text)
        met: set[int] = set()
        for word in asked:
            # The mean over all words reaches this likeness only where one of them does.
            for _word, _alike, at in process.extract(
                word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None
            ):
                met.update(self._by_strong_word[self._vocabulary[at]])
        chosen = sorted(met if among is None else met.intersection(among))
        alike = sorted(((likeness(asked, self._read[at].strong), at) for at in chosen), key=lambda pair: -pair[0])
        return [at for how, at in alike[:most] if how >= NEAR]
