"""Concerns that a goal could grow out of: open, public, not erased, the most supported first."""

from lib.model import Category, Concern, GoalConcern, Support
from lib.queries.lineage import ProposableRow, proposable_concerns
from lib.rules.lifecycle import ConcernStatus, GoalState
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_category, a_city, a_concern, a_goal, uuid_of
from tests.counting import counted_statements


def test_open_concerns_come_most_supported_first_with_the_goals_they_stand_in(database: str) -> None:
    a_city()
    beat = a_beat("K2")
    quiet, loud = a_concern(beat, text="A barking dog"), a_concern(beat, text="Loud music")
    with writing() as db:
        db.add(Support(concern_id=loud, device=b"d" * 16))
        db.add(GoalConcern(goal_id=a_goal(beat, state=GoalState.PROPOSED), concern_id=loud))
    with counted_statements() as sent:
        rows = proposable_concerns(["K2"])
    assert rows == (
        ProposableRow(uuid_of(Concern, loud), "noise", "K2", "Loud music", ConcernStatus.NEW, NOON, 1, 1),
        ProposableRow(uuid_of(Concern, quiet), "noise", "K2", "A barking dog", ConcernStatus.NEW, NOON, 0, 0),
    )
    assert len(sent) == 1


def test_closed_erased_private_and_other_beats_concerns_are_not_offered(database: str) -> None:
    a_city()
    here, there = a_beat("K2"), a_beat("K3", west=-122.2)
    private = a_category("domestic_abuse")
    with writing() as db:
        db.get_one(Category, private).is_public = False
    a_concern(here, status=ConcernStatus.SOLVED)
    a_concern(here, text="")
    a_concern(here, category_id=private)
    a_concern(there)
    assert proposable_concerns(["K2"]) == ()
