"""What recurs: places in metres and themes in words, found where something was planted and nowhere else."""

from datetime import date, timedelta
from uuid import UUID

import h3
import pytest

from lib.rules.geography import STREET_RESOLUTION
from lib.rules.recurring import (
    FEWEST_DAYS,
    RaisedConcern,
    Recurring,
    RecurringKind,
    goal_words,
    recurring_places,
    recurring_themes,
)

FIRST = date(2026, 1, 5)
HERE = h3.latlng_to_cell(47.61, -122.33, STREET_RESOLUTION)
RING = sorted(h3.grid_ring(HERE, 1))


def raised(number: int, *, cell: str = HERE, text: str = "", day: int | None = None, **more: object) -> RaisedConcern:
    """The concern with this number, raised so many days (else number times 7) after the first."""
    values = {"category": "noise", "is_open": True, "supports": 0} | more
    on = FIRST + timedelta(days=7 * number if day is None else day)
    return RaisedConcern(UUID(int=number + 1), cell=cell, text=text, raised_on=on, **values)  # type: ignore[arg-type]


def far(metres: float) -> str:
    """A street cell so many metres further east on the same parallel."""
    return h3.latlng_to_cell(47.61, -122.33 + metres / 75_000, STREET_RESOLUTION)


def test_neighbouring_cells_are_one_place_and_those_out_of_reach_are_not() -> None:
    near = [raised(0), raised(1, cell=RING[0]), raised(2, cell=RING[3], supports=4, is_open=False)]
    found = recurring_places([*near, raised(3, cell=far(2_000)), raised(4, cell=far(4_000))])
    assert [(each.kind, each.category, each.concerns) for each in found] == [
        (RecurringKind.PLACE, "noise", tuple(near))
    ]
    assert 200 <= found[0].extent_m <= 300
    assert found[0].numbers == (
        "3 concerns on 3 days from 5 January 2026 to 19 January 2026, 2 still open; 4 more said “me too”."
    )


def test_the_same_distance_counts_in_the_north_as_in_the_south() -> None:
    """In degrees, places near the pole would fall apart and those at the equator grow together."""
    for latitude in (0.0, 47.6, 65.0):
        cells = [h3.latlng_to_cell(latitude, 10.0, STREET_RESOLUTION)]
        cells += sorted(h3.grid_ring(cells[0], 1))[:2]
        assert len(recurring_places([raised(at, cell=cell) for at, cell in enumerate(cells)])) == 1
        apart = [h3.latlng_to_cell(latitude + step * 0.004, 10.0, STREET_RESOLUTION) for step in range(3)]
        assert recurring_places([raised(at, cell=cell) for at, cell in enumerate(apart)]) == ()


@pytest.mark.parametrize(
    "concerns",
    [
        [],
        [raised(0), raised(1)],
        [raised(number, cell="") for number in range(9)],
        [raised(number, day=number) for number in range(FEWEST_DAYS)],
        [raised(number, category=f"category {number}") for number in range(9)],
    ],
    ids=["nothing", "two", "without a place", "within one fortnight", "nothing alike"],
)
def test_what_is_no_place(concerns: list[RaisedConcern]) -> None:
    assert recurring_places(concerns) == ()


def test_the_place_that_concerns_most_people_comes_first() -> None:
    few = [raised(number, cell=far(3_000), supports=9) for number in range(3)]
    many = [raised(10 + number) for number in range(5)]
    assert [len(each.concerns) for each in recurring_places([*few, *many])] == [3, 5]


def test_a_theme_is_words_that_open_concerns_share_in_english_and_spanish() -> None:
    fireworks = [raised(number, text=f"Illegal fireworks again, call {number}") for number in range(4)]
    dogs = [raised(10 + number, text=f"Los perros sueltos cerca de la casa {number}") for number in range(3)]
    others = [raised(20 + number, text=text) for number, text in enumerate(["A lamp is out", "Litter", "Speeding"])]
    closed = [raised(30 + number, text="Graffiti on the wall", is_open=False) for number in range(5)]
    found = recurring_themes([*fireworks, *dogs, *others, *closed])
    assert [(each.kind, each.words, each.concerns) for each in found] == [
        (RecurringKind.THEME, ("Illegal fireworks",), tuple(fireworks)),
        (RecurringKind.THEME, ("perros sueltos",), tuple(dogs)),
    ]


def test_a_street_is_no_theme_and_what_happens_there_is() -> None:
    found = recurring_themes([raised(number, text=f"Shouting on Pine {number}") for number in range(4)])
    assert [(each.words, each.key) for each in found] == [(("Shouting",), "theme-shouting")]
    trees = recurring_themes([raised(number, text=f"They cut down a pine tree {number}") for number in range(4)])
    assert [each.words for each in trees] == [("pine tree",)]


def test_a_quarter_is_no_theme_though_nobody_writes_it_with_a_capital() -> None:
    told = [raised(number, text=f"wedgwood park {number}") for number in range(4)]
    assert [each.words for each in recurring_themes(told)] == [("wedgwood park",)]
    assert [each.words for each in recurring_themes(told, places={"wedgwood", "park"})] == [("park",)]


def test_a_word_of_a_category_comes_before_what_goes_with_it() -> None:
    told = [raised(number, text=f"noise nuisance and shouting bothers {number}") for number in range(4)]
    assert [each.words for each in recurring_themes(told, favoured={"shouting"})] == [("shouting bothers",)]


def test_a_place_says_the_street_that_its_concerns_share() -> None:
    [place] = recurring_places([raised(number, text=f"Shouting on Pine {number}") for number in range(4)])
    assert place.words == ("Pine", "Shouting")


@pytest.mark.parametrize(
    "texts",
    [
        [""] * 5,
        ["the and of"] * 5,
        ["99 99 99"] * 5,
        ["\N{FIRE}" * 20] * 5,
        ["street night time"] * 5,
    ],
)
def test_texts_without_a_telling_word_have_no_theme(texts: list[str]) -> None:
    assert recurring_themes([raised(number, text=text) for number, text in enumerate(texts)]) == ()


def test_the_goal_begins_with_the_numbers() -> None:
    concerns = tuple(raised(number, text="Loud music", supports=2) for number in range(3))
    place = Recurring(RecurringKind.PLACE, "noise", ("loud music",), concerns, 180)
    assert goal_words(place, "Noise", "K2 Quarter") == (
        "Noise: one place in K2 Quarter",
        "Residents have raised this 3 times since 5 January 2026. It should not come back.",
        "3 concerns on 3 days from 5 January 2026 to 19 January 2026, 3 still open; 6 more said “me too”. They lie in "
        "cells of the public map that are at most 180 metres apart. Words that recur in them: “loud music”.",
    )
