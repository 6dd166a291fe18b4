"""Looking offers up gives what judging each of them gives."""

import random

import pytest

from lib.rules.need_index import OfferIndex
from lib.rules.need_search import Offer, is_general, nearest, ranked, read_search
from lib.rules.needs import NEEDS

SEARCHES = (
    *("my neighbour drinks", "something for a 14-year-old", "mi vecino bebe", "needles in the park", "basketbal"),
    *("", "the of and", "xylophone lessons", "help", "a bed for tonight", "older than 70", "shelterr outreech", "14"),
)


def some_offers(number: int) -> list[Offer]:
    rng = random.Random(number)
    words = [word for need in NEEDS for phrase in (*need.words, *need.hints) for word in phrase.split()]
    ages = ("for ages 12 to 19", "over 65", "under 10", "", "", "")
    return [
        Offer(
            " ".join(rng.choices(words, k=3)),
            ", ".join(rng.choices(words, k=rng.randrange(6))),
            f"{' '.join(rng.choices(words, k=8))} {rng.choice(ages)}",
        )
        for _ in range(number)
    ]


@pytest.mark.parametrize("text", SEARCHES)
def test_the_index_answers_as_judging_each_offer_does(text: str) -> None:
    offers, search = some_offers(120), read_search(text)
    index, some = OfferIndex(offers), range(0, 120, 3)
    assert index.ranked(search) == ranked(search, offers)
    assert index.nearest(text) == nearest(text, offers)
    of_some = [offers[at] for at in some]
    assert index.ranked(search, some) == [(some[at], fit) for at, fit in ranked(search, of_some)]
    assert index.nearest(text, some) == [some[at] for at in nearest(text, of_some)]
    assert index.general == {at for at, offer in enumerate(offers) if is_general(offer)}


def test_an_index_of_nothing_finds_nothing() -> None:
    index = OfferIndex([])
    assert (index.ranked(read_search("needles")), index.nearest("needles"), index.general) == ([], [], frozenset())
