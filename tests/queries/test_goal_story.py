"""Everything about one goal, from the concerns behind it to who countersigned what."""

from datetime import date
from uuid import uuid4

import pytest

from lib.errors import NotFound
from lib.model import Concern, Goal, GoalConcern, Support
from lib.queries.goal_story import LineageRow, SignatureRow, goal_story
from lib.rules.lifecycle import CommitmentState, ConcernStatus, Electorate, GoalState, Party
from lib.services.commitments import accept_commitment, countersign_commitment, offer_commitment
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_city, a_concern, a_facilitator, a_goal, a_partner, a_person, uuid_of
from tests.counting import counted_statements

TODAY = date(2026, 7, 1)


def test_the_most_supported_concern_behind_a_goal_comes_first(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.PROPOSED)
    quiet, loud = a_concern(beat, text="A barking dog"), a_concern(beat, text="Loud music")
    with writing() as db:
        db.add_all(GoalConcern(goal_id=goal, concern_id=concern) for concern in (quiet, loud))
        db.add_all(Support(concern_id=loud, device=bytes([device]) * 16) for device in range(3))
    story = goal_story(uuid_of(Goal, goal), today=TODAY)
    assert story.concerns == (
        LineageRow(uuid_of(Concern, loud), "noise", "K2", "Loud music", ConcernStatus.NEW, NOON, 3),
        LineageRow(uuid_of(Concern, quiet), "noise", "K2", "A barking dog", ConcernStatus.NEW, NOON, 0),
    )
    assert story.card.concerns == 2


def test_who_countersigned_what_is_public(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.ADOPTED))
    officer, resident = a_person(beats=(beat,)), a_facilitator()
    commitment = offer_commitment(
        actor=officer,
        goal_uuid=goal,
        party=Party.PARTNER,
        partner_id=a_partner(),
        owner="The lamp crew",
        deliverable="Eight lamps repaired",
        due_on=date(2026, 6, 1),
        now=NOON,
    )
    accept_commitment(actor=officer, commitment_id=commitment, now=NOON)
    (row,) = goal_story(goal, today=TODAY).commitments
    assert (row.is_overdue(TODAY), row.waits_for) == (True, {Electorate.RESIDENTS, Electorate.OFFICERS})
    countersign_commitment(
        actor=resident, commitment_id=commitment, verdict=CommitmentState.KEPT, note="All eight shine", now=NOON
    )
    (row,) = goal_story(goal, today=TODAY).commitments
    assert row.signatures == (
        SignatureRow(Electorate.RESIDENTS, CommitmentState.KEPT, "All eight shine", "Rosa Delgado", NOON),
    )
    assert (row.partner, row.waits_for) == ("City Light", {Electorate.OFFICERS})


def test_a_story_takes_eleven_statements_whatever_belongs_to_it(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.PROPOSED)
    for _ in range(2):
        with writing() as db:
            db.add(GoalConcern(goal_id=goal, concern_id=a_concern(beat)))
        public = uuid_of(Goal, goal)
        with counted_statements() as sent:
            goal_story(public, today=TODAY)
        assert len(sent) == 11


def test_an_unknown_goal_is_explained(database: str) -> None:
    a_city()
    with pytest.raises(NotFound, match="does not exist"):
        goal_story(uuid4(), today=TODAY)
