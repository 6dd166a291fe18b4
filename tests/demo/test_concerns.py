"""The invented concerns: sensible texts, clusters, complete stories, and no place finer than promised."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

import numpy as np
import pytest

from lib.demo.concern_texts import PHRASES
from lib.demo.concerns import DemoConcern, demo_concerns
from lib.demo.geography import demo_geography
from lib.rules.geography import PlaceKind, cell_centre, public_cell
from lib.rules.lifecycle import CONCERN_MOVES, ConcernStatus
from lib.rules.moves import find_move

TODAY = date(2026, 11, 24)
MIDNIGHT = datetime(2026, 11, 24, 8, tzinfo=UTC)
OFFICERS = {beat.code: [f"first@{beat.code}", f"second@{beat.code}"] for beat in demo_geography().beats}


def invent(seed: int = 7, size: float = 1.0) -> tuple[DemoConcern, ...]:
    return demo_concerns(
        seed=seed,
        today=TODAY,
        geography=demo_geography(),
        officers=OFFICERS,
        time_zone="America/Los_Angeles",
        size=size,
    )


@pytest.fixture(scope="module")
def concerns() -> tuple[DemoConcern, ...]:
    return invent()


def test_there_are_two_thousand_over_two_years_in_eight_categories(concerns: tuple[DemoConcern, ...]) -> None:
    reported = [each.reported_at for each in concerns]
    assert len(concerns) == 2000
    assert reported == sorted(reported)
    assert MIDNIGHT - timedelta(days=732) < reported[0] < MIDNIGHT - timedelta(days=700)
    assert sum(at > MIDNIGHT - timedelta(days=14) for at in reported) > 15
    assert reported[-1] < MIDNIGHT
    assert {each.category for each in concerns} == set(PHRASES)


def test_every_text_reads_like_a_sentence_and_none_is_said_twice(concerns: tuple[DemoConcern, ...]) -> None:
    texts = [each.text for each in concerns]
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert re.fullmatch(r"[A-Z][^{}<>]{25,400}[.?!]", text), text
        assert "  " not in text
        assert not re.search(r"lorem|concern \d|\b(\w+) \1\b", text, re.IGNORECASE), text


def test_neighbours_do_not_begin_alike(concerns: tuple[DemoConcern, ...]) -> None:
    by_spot: dict[tuple[str, str], list[str]] = {}
    for each in concerns:
        by_spot.setdefault((each.spot, each.category), []).append(" ".join(each.text.split()[:3]))
    pairs = [(a, b) for starts in by_spot.values() for a, b in pairwise(starts)]
    assert len(pairs) > 400
    assert sum(a == b for a, b in pairs) < 0.15 * len(pairs)


def test_a_few_corners_carry_most(concerns: tuple[DemoConcern, ...]) -> None:
    spots = Counter(each.spot for each in concerns)
    busiest = sum(count for _, count in spots.most_common(60))
    assert busiest > 0.4 * len(concerns)
    assert Counter(each.beat for each in concerns).most_common(1)[0][0] == "K2"


def test_the_public_cell_is_all_that_decides_the_beat(concerns: tuple[DemoConcern, ...]) -> None:
    centres = np.array([cell_centre(each.cell) for each in concerns])
    holders = demo_geography().beats_holding(centres[:, 0].copy(), centres[:, 1].copy())
    assert [demo_geography().beats[holder].code for holder in holders] == [each.beat for each in concerns]


def test_every_exact_point_lies_in_its_cell(concerns: tuple[DemoConcern, ...]) -> None:
    places = [(each, each.place) for each in concerns if each.place is not None]
    assert 0.36 < len(places) / len(concerns) < 0.44
    for each, place in places:
        if place.longitude is not None and place.latitude is not None:
            assert public_cell(place.longitude, place.latitude, each.place_kind) == each.cell
        else:
            assert place.address
    assert {place.officers_may_see for _, place in places} == {True, False}
    assert {each.place_kind for each, _ in places} == set(PlaceKind)


def test_stories_keep_to_the_table_of_moves(concerns: tuple[DemoConcern, ...]) -> None:
    for each in concerns:
        status, at = ConcernStatus.NEW, each.reported_at
        for answer in each.story.answers:
            assert find_move(CONCERN_MOVES, status, answer.status) is not None
            assert at < answer.answered_at < MIDNIGHT
            assert answer.officer in OFFICERS[each.beat]
            assert answer.text.endswith((".", "?", "!"))
            status, at = answer.status, answer.answered_at
    assert {each.story.status for each in concerns} == set(ConcernStatus)


def test_officers_answer_within_about_six_days(concerns: tuple[DemoConcern, ...]) -> None:
    waits = [each.story.answered_at - each.reported_at for each in concerns if each.story.answered_at]
    assert 5 < median(wait.total_seconds() / 86_400 for wait in waits) < 7


def test_duplicates_point_to_an_earlier_concern_of_the_same_cell(concerns: tuple[DemoConcern, ...]) -> None:
    joined = [(each, concerns[each.duplicate_of]) for each in concerns if each.duplicate_of is not None]
    assert len(joined) > 40
    for each, original in joined:
        assert each.story.status is ConcernStatus.DUPLICATE
        assert (each.cell, each.category) == (original.cell, original.category)
        assert original.reported_at < each.reported_at
        assert original.story.status is not ConcernStatus.DUPLICATE
    assert len(joined) == sum(each.story.status is ConcernStatus.DUPLICATE for each in concerns)


def test_support_has_a_long_tail(concerns: tuple[DemoConcern, ...]) -> None:
    counts = sorted(len(each.supports) for each in concerns)
    assert counts[len(counts) // 2] <= 2
    assert 60 < counts[-1] <= 120
    assert all(len(device) == 16 for each in concerns for device in each.supports)


def test_the_same_seed_and_day_give_the_same_concerns() -> None:
    assert invent(seed=3, size=0.05) == invent(seed=3, size=0.05)
    assert invent(seed=3, size=0.05) != invent(seed=4, size=0.05)
    assert len(invent(seed=4, size=0.05)) == 100
