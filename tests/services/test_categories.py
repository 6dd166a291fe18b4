"""Categories are data: a coordinator changes them, and what is never public takes no concerns."""

from typing import Any

import pytest
from sqlalchemy import func, select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Category, Concern
from lib.queries.categories import ContactCard, category_settings, contact_card
from lib.queries.places import categories
from lib.rules.geography import PlaceKind
from lib.services.categories import add_category, change_category
from lib.services.concerns import Place, report_concern
from lib.services.places import name_city
from lib.services.standard_categories import STANDARD_CATEGORIES, CategoryWords
from lib.storage.transaction import reading
from tests.builders import a_beat, a_coordinator, a_facilitator, a_partner


def a_new_city() -> dict[str, int]:
    """A city with the standard categories; their ids by key."""
    name_city(name="Lakeside", time_zone="UTC", from_command_line=True)
    return {row.key: row.id for row in category_settings()}


def changed(category_id: int, **more: Any) -> None:
    given: dict[str, Any] = {
        "actor": a_coordinator(),
        "category_id": category_id,
        "texts": {"en": CategoryWords("Loud nights", "The night office", ""), "es": CategoryWords("", "", "")},
        "is_public": True,
        "position": 0,
    }
    change_category(**{**given, **more})


def test_a_new_city_says_who_is_responsible_in_both_languages_and_keeps_two_things_out(database: str) -> None:
    a_new_city()
    english, spanish = categories(), categories("es")
    assert [row.key for row in english if not row.is_public] == ["domestic_abuse", "named_suspects"]
    assert all(row.responsible for row in (*english, *spanish))
    assert english[4].name != spanish[4].name and english[4].responsible != spanish[4].responsible
    assert all(each.english.advice and each.spanish.advice for each in STANDARD_CATEGORIES if not each.is_public)


@pytest.mark.parametrize("key", ["domestic_abuse", "named_suspects"])
def test_what_is_never_public_is_refused_and_nothing_is_stored(database: str, key: str) -> None:
    ids = a_new_city()
    a_beat()
    with pytest.raises(Invalid, match="would be public"):
        report_concern(
            category_id=ids[key],
            text="He hits her every night",
            frequency="",
            place=Place(beat_code="K2"),
            place_kind=PlaceKind.HOME,
        )
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Concern)) == 0


def test_the_contact_card_names_the_partner_and_speaks_the_language(database: str) -> None:
    ids = a_new_city()
    partner = a_partner("Safe Threshold", phone="206-555-0158")
    changed(
        ids["domestic_abuse"],
        texts={"en": CategoryWords("Fear at home", "", "Call them."), "es": CategoryWords("Miedo en casa", "", "")},
        is_public=False,
        partner_id=partner,
    )
    card = contact_card("domestic_abuse", "es")
    assert card == ContactCard("domestic_abuse", "Miedo en casa", "Call them.", "Safe Threshold", "206-555-0158", "")
    for key in ("noise", "nothing"):
        with pytest.raises(NotFound):
            contact_card(key)


def test_a_coordinator_changes_words_and_order(database: str) -> None:
    ids = a_new_city()
    changed(ids["noise"], position=1)
    rows = categories("es")
    assert [row.key for row in rows[:3]] == ["road_safety", "noise", "street_lighting"]
    assert (rows[1].name, rows[1].responsible) == ("Loud nights", "The night office")
    changed(ids["noise"], position=99)
    assert categories()[-1].key == "noise"
    with reading() as db:
        assert sorted(db.scalars(select(Category.position))) == list(range(10))


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"actor": None}, SignInNeeded),
        ({"texts": {}}, Invalid),
        ({"texts": {"en": CategoryWords("  ")}}, Invalid),
        ({"texts": {"en": CategoryWords("x" * 81)}}, Invalid),
        ({"is_public": False}, Invalid),
        ({"partner_id": 999}, NotFound),
        ({"category_id": 999}, NotFound),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    sqlite_database: str, more: dict[str, Any], error: type[Exception]
) -> None:
    ids = a_new_city()
    before = category_settings()
    with pytest.raises(error):
        changed(more.pop("category_id", ids["noise"]), **more)
    assert category_settings() == before


def test_only_a_coordinator_changes_them_and_one_stays_public(sqlite_database: str) -> None:
    ids = a_new_city()
    with pytest.raises(NotAllowed):
        changed(ids["noise"], actor=a_facilitator())
    hidden = {"is_public": False, "texts": {"en": CategoryWords("Hidden", "", "Call somebody.")}}
    public = [row for row in category_settings() if row.is_public]
    for row in public[1:]:
        changed(row.id, **hidden)
    with pytest.raises(Conflict):
        changed(public[0].id, **hidden)


def added(**more: Any) -> str:
    given: dict[str, Any] = {
        "actor": a_coordinator(),
        "texts": {
            "en": CategoryWords("Dogs & other animals", "Animal services", ""),
            "es": CategoryWords("Perros y otros animales", "Control de animales", ""),
        },
        "icon": "other",
        "colour": "#2AA58E",
        "is_public": True,
    }
    return add_category(**{**given, **more})


def test_a_coordinator_adds_a_category_that_takes_concerns_at_once(database: str) -> None:
    a_new_city()
    a_beat()
    assert added() == "dogs_other_animals"
    english, spanish = categories()[-1], categories("es")[-1]
    assert (english.name, english.icon, english.colour) == ("Dogs & other animals", "other", "#2AA58E")
    assert (spanish.name, spanish.responsible) == ("Perros y otros animales", "Control de animales")
    report_concern(
        category_id=category_settings()[-1].id,
        text="Loose dogs in the park",
        frequency="",
        place=Place(beat_code="K2"),
        place_kind=PlaceKind.STREET,
    )


def test_a_new_category_may_be_one_that_is_never_public(database: str) -> None:
    a_new_city()
    partner = a_partner("Safe Threshold", phone="206-555-0158")
    words = {"en": CategoryWords("Hate", "", "Call them."), "es": CategoryWords("Odio", "", "Llámelos.")}
    assert added(texts=words, is_public=False, partner_id=partner) == "hate"
    assert contact_card("hate", "es").advice == "Llámelos."


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        ({"texts": {"en": CategoryWords("", "", "")}}, Invalid, "Name"),
        ({"texts": {"es": CategoryWords("Perros", "", "")}}, Invalid, "English name"),
        ({"texts": {"en": CategoryWords("!!!", "", "")}}, Invalid, "letters"),
        ({"texts": {"en": CategoryWords("x" * 81, "", "")}}, Invalid, "80"),
        ({"texts": {"en": CategoryWords("NOISE", "", "")}}, Conflict, "already"),
        ({"texts": {"en": CategoryWords("Sound", "", ""), "es": CategoryWords("ruido", "", "")}}, Conflict, "already"),
        ({"icon": "../secret_key"}, Invalid, "picture"),
        ({"icon": ""}, Invalid, "picture"),
        ({"colour": "red;background:url(//x)"}, Invalid, "colour"),
        ({"is_public": False}, Invalid, "advice"),
        ({"partner_id": 999}, NotFound, "partner"),
        ({"actor": None}, SignInNeeded, "ign in"),
    ],
)
def test_what_is_no_category_is_refused_and_nothing_is_added(
    sqlite_database: str, more: dict[str, Any], error: type[Exception], said: str
) -> None:
    before = len(a_new_city())
    with pytest.raises(error, match=said):
        added(**more)
    assert len(category_settings()) == before


def test_who_is_no_coordinator_adds_none(sqlite_database: str) -> None:
    a_new_city()
    with pytest.raises(NotAllowed):
        added(actor=a_facilitator())


def test_a_name_with_signs_of_html_stays_a_name(sqlite_database: str) -> None:
    a_new_city()
    assert added(texts={"en": CategoryWords("<b>Cats</b>", "<script>", "")}) == "b_cats_b"
    assert categories()[-1].name == "<b>Cats</b>"
