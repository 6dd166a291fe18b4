"""Which concerns are about the same thing: what raises a score, what lowers it, and what is said about it."""

from datetime import UTC, datetime, timedelta

import h3
import pytest

from lib.rules.geography import PlaceKind, public_cell
from lib.rules.similar import FEWEST, MOST, Likeness, Told, likeness, most_alike, reason, related_categories

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CELL = public_cell(-122.3321, 47.6062, PlaceKind.STREET)
NEXT = sorted(h3.grid_ring(CELL, 1))[0]
FAR = sorted(h3.grid_ring(CELL, 9))[0]
HOME = public_cell(-122.3321, 47.6062, PlaceKind.HOME)
MUSIC = "Loud music from the bar every Friday night"


def told(**changed: object) -> Told:
    given = {"category": "noise", "cell": CELL, "text": MUSIC, "reported_at": NOON}
    return Told(**{**given, **changed})  # type: ignore[arg-type]


def score(**changed: object) -> float:
    return likeness(told(), told(**changed)).score


def test_the_same_thing_in_the_same_spot_is_as_alike_as_can_be() -> None:
    assert likeness(told(), told()) == Likeness(1.0, True, 0.0, 0, 1.0)


@pytest.mark.parametrize(
    ("closer", "further"),
    [
        ({"cell": CELL}, {"cell": sorted(h3.grid_ring(CELL, 3))[0]}),
        ({"reported_at": NOON - timedelta(days=3)}, {"reported_at": NOON - timedelta(days=200)}),
        ({"text": "The bar's music is loud on Fridays"}, {"text": "A dog barks in the yard all day"}),
        ({"category": "noise"}, {"category": "young_people"}),
        ({"category": "young_people"}, {"category": "road_safety"}),
        ({"cell": NEXT}, {"cell": ""}),
    ],
)
def test_what_is_closer_scores_higher(closer: dict[str, object], further: dict[str, object]) -> None:
    assert score(**closer) > score(**further)


@pytest.mark.parametrize(
    ("changed", "is_shown"),
    [
        ({}, True),
        ({"cell": NEXT, "text": "Drunk guests shout until three"}, True),
        ({"cell": HOME, "text": "The music of the bar keeps us awake"}, True),
        ({"cell": "", "text": "Loud music from the bar"}, True),
        ({"cell": "", "text": "A dog barks all day"}, False),
        ({"cell": FAR}, False),
        ({"category": "road_safety"}, False),
        ({"category": "young_people", "text": "Something else entirely", "cell": NEXT}, True),
        ({"category": "young_people", "text": "x", "reported_at": NOON - timedelta(days=360)}, False),
    ],
)
def test_what_is_worth_showing_is_shown(changed: dict[str, object], is_shown: bool) -> None:
    assert (score(**changed) >= FEWEST) is is_shown


def test_without_words_place_and_time_decide() -> None:
    before_typing = told(text="")
    assert likeness(before_typing, told(cell=NEXT)).score >= FEWEST
    assert likeness(before_typing, told(cell="")).score < FEWEST


def test_a_related_category_is_related_both_ways_and_a_citys_own_to_none() -> None:
    standard = ("noise", "young_people", "road_safety", "street_lighting", "parks_and_trees", "waste_and_litter")
    assert [
        key for key in standard if any(key not in related_categories(other) for other in related_categories(key))
    ] == []
    assert related_categories("graffiti") == {"graffiti"}


def test_the_most_alike_come_first_and_never_more_than_can_be_read() -> None:
    others = {number: told(reported_at=NOON - timedelta(days=number)) for number in range(9, 0, -1)}
    others[99] = told(cell=FAR)
    assert [key for key, _alike in most_alike(told(), others)] == [1, 2, 3]
    assert len(most_alike(told(), others)) == MOST


@pytest.mark.parametrize(
    ("alike", "said"),
    [
        (Likeness(1.0, True, 0.0, 0, 1.0), "Same kind of concern, in the same spot on the public map, similar words"),
        (Likeness(0.7, True, 367.4, 3, 0.2), "Same kind of concern, about 350 m away"),
        (Likeness(0.5, False, None, 3, 0.6), "Related kind of concern, somewhere in the same beat, similar words"),
    ],
)
def test_the_reason_says_what_can_be_judged(alike: Likeness, said: str) -> None:
    assert reason(alike) == said
