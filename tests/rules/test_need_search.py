"""Help is found by the words people have for what they need, in English and Spanish, mistyped or not."""

import doctest

import pytest

from lib.errors import Invalid
from lib.rules import need_search, partners
from lib.rules.need_search import (
    Fit,
    Offer,
    both,
    fit,
    is_general,
    nearest,
    needs_of_category,
    ranked,
    read_search,
)
from lib.rules.needs import NEEDS
from lib.rules.partners import clean_phone, clean_website

OFFERS = (
    Offer("Treatment without waiting", "alcohol drinks drugs addiction", "A first appointment on the same day."),
    Offer("A talk between neighbours", "neighbour noise dogs quarrel", "Two volunteers help neighbours."),
    Offer("Gyms open in the evening", "teenagers bored sport", "Basketball for 12- to 19-year-olds, free."),
    Offer("Chess for everybody over 65", "older people lonely", "Tea and chess."),
    Offer("Street outreach", "homeless tent shelter cold bed", "Workers on foot who know which shelter has a bed."),
    Offer("Help when home is not safe", "violence abuse beaten domestic", "A safe place."),
    Offer("Needle collection", "needles syringes park", "Picks up used needles."),
    Offer("One number for any question", "general help, information line", "Says who helps with what."),
    Offer("Somebody to talk to, day and night", "crisis suicide lonely", "Trained volunteers listen."),
    Offer("Advice for tenants", "rent landlord eviction", "What the landlord has to repair."),
)


def found(text: str) -> list[str]:
    return [OFFERS[at].name for at, _fit in ranked(read_search(text), OFFERS)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("my neighbour drinks", "Treatment without waiting"),
        ("My NEIGHBOR is drunk every night!!", "Treatment without waiting"),
        ("mi vecino bebe", "Treatment without waiting"),
        ("Mi vecina está borracha", "Treatment without waiting"),
        ("alcohlism", "Treatment without waiting"),
        ("something for a 14-year-old", "Gyms open in the evening"),
        ("my son is 14 years old and bored", "Gyms open in the evening"),
        ("algo para mi hijo de 14 años", "Gyms open in the evening"),
        ("para jóvenes", "Gyms open in the evening"),
        ("something for my grandmother, she is lonely", "Chess for everybody over 65"),
        ("my husband hits me", "Help when home is not safe"),
        ("mi esposo me pega", "Help when home is not safe"),
        ("ruido de los vecinos", "A talk between neighbours"),
        ("loud music from next door", "A talk between neighbours"),
        ("someone sleeps in my doorway", "Street outreach"),
        ("neddles on the playground", "Needle collection"),
        ("jeringas en el parque", "Needle collection"),
        ("who can help", "One number for any question"),
        ("I want to die", "Somebody to talk to, day and night"),
        ("my friend wants to die", "Somebody to talk to, day and night"),
        ("I don't want to live anymore", "Somebody to talk to, day and night"),
        ("my sister cuts herself and wants to kill herself", "Somebody to talk to, day and night"),
        ("I hurt myself", "Somebody to talk to, day and night"),
        ("I hear voices", "Somebody to talk to, day and night"),
        ("quiero morir", "Somebody to talk to, day and night"),
        ("me quiero matar", "Somebody to talk to, day and night"),
        ("Mi hijo se quiere matar", "Somebody to talk to, day and night"),
        ("ya no quiero vivir", "Somebody to talk to, day and night"),
        ("my dad hits my mom", "Help when home is not safe"),
        ("mi papá le pega a mi mamá", "Help when home is not safe"),
        ("we are being evicted", "Advice for tenants"),
        ("me van a desalojar", "Advice for tenants"),
    ],
)
def test_the_first_answer_is_the_one_that_was_needed(text: str, first: str) -> None:
    assert found(text)[:1] == [first]


def test_an_age_leaves_out_what_is_for_others() -> None:
    assert "Chess for everybody over 65" not in found("something for a 14-year-old")
    assert "Gyms open in the evening" not in found("something to do, age 70")
    assert "Chess for everybody over 65" in found("something for a 70-year-old")


@pytest.mark.parametrize(
    ("text", "ages", "others"),
    [
        ("for 12- to 19-year-olds", (12, 19), (11, 20)),
        ("ages 6 to 12", (6, 12), (5, 13)),
        ("de 12 a 19 años", (12, 19), (11, 20)),
        ("A bed, under 21", (0, 20), (21,)),
        ("from 14 on", (14, 99), (13,)),
        ("65 and over", (65, 99), (64,)),
        ("16+", (16, 80), (15,)),
    ],
)
def test_the_ages_that_an_offer_names_are_read(text: str, ages: tuple[int, ...], others: tuple[int, ...]) -> None:
    def fits(age: int) -> bool:
        found = fit(read_search(f"something for a {age}-year-old"), Offer("It", "", text))
        return found is not None and found.age == age

    assert ([fits(age) for age in ages], [fits(age) for age in others]) == ([True] * len(ages), [False] * len(others))


@pytest.mark.parametrize("text", ["8 to 10 hours", "until 21:00", "de 8 am", "call 211", "on the 14th", ""])
def test_other_figures_are_no_age(text: str) -> None:
    assert read_search(text).age is None


def test_the_reason_is_given() -> None:
    search = read_search("needles, my son is 14")
    needle = fit(search, OFFERS[6])
    gym = fit(search, OFFERS[2])
    assert needle is not None and gym is not None
    assert ([need.key for need in needle.needs], needle.words, needle.age) == (["needles"], ("needle",), None)
    assert ([need.key for need in gym.needs], gym.words, gym.age) == (["youth"], (), 14)


def test_what_only_leans_to_a_need_comes_behind_what_says_it() -> None:
    assert found("my neighbour drinks")[:2] == ["Treatment without waiting", "A talk between neighbours"]


def test_one_slip_in_a_word_is_forgiven_and_a_short_word_is_taken_as_it_is() -> None:
    assert read_search("shleter").needs == read_search("shelter").needs
    assert read_search("bad").needs == {}
    assert read_search("stranger at the door").needs == {}


@pytest.mark.parametrize("text", ["", "   ", "a", "the of and", "para mi", "?!", "\x00\u202e", "12"])
def test_a_search_that_says_nothing_asks_nothing(text: str) -> None:
    search = read_search(text)
    assert (search.asks_nothing, ranked(search, OFFERS)) == (True, [])


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "drinks " * 50_000, "<script>alert(1)</script>", "🍺🍺", "'; DROP TABLE"]
)
def test_any_text_can_be_searched(text: str) -> None:
    ranked(read_search(text), OFFERS)
    nearest(text, OFFERS)


def test_what_comes_nearest_is_shown_where_nothing_fits() -> None:
    assert ranked(read_search("collection"), OFFERS)[0][0] == 6
    assert ranked(read_search("outreech"), OFFERS) == []
    assert [OFFERS[at].name for at in nearest("the outreech", OFFERS)] == ["Street outreach"]
    assert nearest("xyzzy qwrt", OFFERS) == []


def test_the_number_for_any_question_is_known_by_its_needs() -> None:
    assert [offer.name for offer in OFFERS if is_general(offer)] == ["One number for any question"]


def test_a_concern_s_category_and_words_are_searched_as_one() -> None:
    search = both(needs_of_category("drugs_and_alcohol"), read_search("needles beside the swings"))
    assert [OFFERS[at].name for at, _fit in ranked(search, OFFERS)] == ["Needle collection"]
    assert needs_of_category("no such category").asks_nothing


def test_nothing_fits_an_offer_without_words() -> None:
    assert fit(read_search("drinks"), Offer("", "", "")) is None
    assert fit(read_search("drinks"), OFFERS[0]) == Fit(5.0, (NEEDS[0],), ("drink",), None)


def test_every_need_has_both_names_and_is_found_by_each_of_its_words() -> None:
    assert len({need.key for need in NEEDS}) == len(NEEDS)
    for need in NEEDS:
        assert need.called("en") and need.called("es") and need.called("so") == need.name
        lost = [word for word in need.words if need.key not in read_search(word).needs]
        assert lost == [], need.key
        for language in ("en", "es"):
            needs = read_search(need.called(language)).needs
            assert needs.get(need.key) == max(needs.values(), default=0), need.called(language)


@pytest.mark.parametrize("number", ["206-555-0101", "+1 (206) 555-0101", "911", "0800 111 0 222", "206.555.0101 x12"])
def test_a_phone_number_is_taken_as_it_is_written(number: str) -> None:
    assert clean_phone(number) == number


@pytest.mark.parametrize(
    "number", ["call us", "12", "555-HELP", "javascript:alert(1)", "٣٤٥٦", "1" * 40, "a@b.example"]
)
def test_what_cannot_be_dialled_is_no_phone_number(number: str) -> None:
    with pytest.raises(Invalid, match="phone number in digits"):
        clean_phone(number)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "http://", "https://a b.example", "nowhere"],
)
def test_only_web_addresses_are_websites(address: str) -> None:
    with pytest.raises(Invalid, match="website"):
        clean_website(address)


def test_the_examples_hold() -> None:
    assert [doctest.testmod(module).failed for module in (need_search, partners)] == [0, 0]
