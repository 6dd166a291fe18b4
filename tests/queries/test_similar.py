"""Similar concerns near by: open, public, of this year, and found with two questions."""

from datetime import timedelta

import h3
import pytest

from lib.clock import now
from lib.model import Category, Concern
from lib.queries.similar import similar_concerns
from lib.rules.geography import PlaceKind, public_cell
from lib.rules.lifecycle import ConcernStatus
from lib.rules.similar import Told
from lib.storage.transaction import writing
from tests.builders import a_beat, a_category, a_city, a_concern, uuid_of
from tests.counting import counted_statements

CELL = public_cell(-122.331234, 47.611234, PlaceKind.STREET)
NEAR = sorted(h3.grid_ring(CELL, 2))[0]
HOME = public_cell(-122.331234, 47.611234, PlaceKind.HOME)
MUSIC = "Loud music from the bar every Friday"


def told(**changed: object) -> Told:
    given = {"category": "noise", "cell": CELL, "text": MUSIC, "reported_at": now()}
    return Told(**{**given, **changed})  # type: ignore[arg-type]


def a_neighbourhood() -> int:
    a_city()
    a_category("noise")
    a_category("young_people")
    a_category("road_safety")
    return a_beat()


def test_those_near_by_are_found_across_beats_and_sizes_of_cells(database: str) -> None:
    beat = a_neighbourhood()
    other = a_beat("K3", west=-122.30)
    week = now() - timedelta(days=7)
    same = a_concern(beat, cell=CELL, reported_at=week, text=MUSIC)
    across = a_concern(other, cell=NEAR, reported_at=week, text="Music from the bar")
    home = a_concern(beat, cell=HOME, reported_at=now() - timedelta(days=90), text="The bar's music keeps us awake")
    found = similar_concerns(told(), "K2")
    assert [row.uuid for row in found] == [uuid_of(Concern, row) for row in (same, across, home)]
    assert (found[0].category_name, found[0].beat, found[0].supports, found[0].answer) == ("Noise", "K2", 0, "")
    assert found[0].alike.metres == 0.0


def test_what_is_closed_old_far_of_another_kind_or_not_public_is_not_shown(database: str) -> None:
    beat = a_neighbourhood()
    today = now()
    a_concern(beat, cell=CELL, reported_at=today, text=MUSIC, status=ConcernStatus.SOLVED)
    a_concern(beat, cell=CELL, reported_at=today - timedelta(days=400), text=MUSIC)
    a_concern(beat, cell=sorted(h3.grid_ring(CELL, 12))[0], reported_at=today, text=MUSIC)
    a_concern(beat, cell=CELL, reported_at=today, text=MUSIC, category_id=a_category("road_safety"))
    hidden = a_category("young_people")
    a_concern(beat, cell=CELL, reported_at=today, text=MUSIC, category_id=hidden)
    with writing() as db:
        db.get_one(Category, hidden).is_public = False
    assert similar_concerns(told(), "K2") == ()


def test_without_a_place_the_beat_and_the_words_decide(database: str) -> None:
    beat = a_neighbourhood()
    alike = a_concern(beat, cell=CELL, reported_at=now(), text="The bar's loud music on Friday")
    a_concern(beat, cell=CELL, reported_at=now(), text="A dog barks all day")
    a_concern(a_beat("K3", west=-122.30), cell="", reported_at=now(), text=MUSIC)
    assert [row.uuid for row in similar_concerns(told(cell=""), "K2")] == [uuid_of(Concern, alike)]


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_two_questions_however_many_there_are(sqlite_database: str, number: int) -> None:
    beat = a_neighbourhood()
    for _ in range(number):
        a_concern(beat, cell=CELL, reported_at=now(), text=MUSIC)
    with counted_statements() as sent:
        assert len(similar_concerns(told(), "K2")) == number
    assert len(sent) == 2
    with counted_statements() as sent:
        assert similar_concerns(told(category="road_safety"), "K2") == ()
    assert len(sent) == 1
