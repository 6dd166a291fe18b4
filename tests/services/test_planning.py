"""Planning rounds: what may be voted on, and how drafts are ordered and dropped."""

import pytest

from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.queries.meetings import meeting_detail
from lib.queries.voting import rounds
from lib.rules.lifecycle import GoalState
from lib.rules.voting import ResultsShown, RoundRule, SideFigures
from lib.services.goals import reword_goal
from lib.services.meetings import add_agenda_item
from lib.services.planning import drop_draft, plan_round, reorder_candidates, reorder_rounds
from tests.builders import a_beat, a_goal, a_person, uuid_of
from tests.hall import a_hall


def test_a_draft_copies_the_texts_so_that_a_later_edit_changes_nothing(database: str) -> None:
    from lib.model import Goal

    hall = a_hall()
    hall.planned()
    reword_goal(
        actor=hall.facilitator, goal_uuid=uuid_of(Goal, hall.goal_ids[0]), title="Another title", summary="Another one"
    )
    (row,) = rounds(hall.meeting_id)
    assert row.candidates[0].title == "Light the path on 23rd Avenue"
    assert (row.number, row.of, row.short_hash) == (1, 1, "")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"goal_ids": []}, Invalid),
        ({"goal_ids": [1, 1]}, Invalid),
        ({"goal_ids": [999]}, NotFound),
        ({"places": 0}, Invalid),
        ({"places": 4}, Invalid),
        ({"minutes": 0}, Invalid),
        ({"question": " "}, Invalid),
        ({"eligibility": ""}, Invalid),
        ({"rule": RoundRule.LOWER_SHARE}, Invalid),
        ({"shows": ResultsShown.LIVE}, Invalid),
        ({"meeting_id": 999}, NotFound),
    ],
)
def test_a_round_that_cannot_be_is_refused(database: str, wrong: dict[str, object], error: type[Exception]) -> None:
    hall = a_hall()
    wishes: dict[str, object] = {
        "actor": hall.facilitator,
        "meeting_id": hall.meeting_id,
        "question": "Which goals?",
        "eligibility": "Everybody here",
        "goal_ids": hall.goal_ids,
        "places": 1,
    }
    with pytest.raises(error):
        plan_round(**(wishes | wrong))  # type: ignore[arg-type]
    assert rounds(hall.meeting_id) == ()


def test_live_display_and_the_lower_share_need_officers_who_agreed(database: str) -> None:
    hall = a_hall()
    row = hall.planned(shows=ResultsShown.LIVE, rule=RoundRule.LOWER_SHARE, officers_figures=SideFigures.OPEN, places=2)
    assert (row.shows, row.rule) == (ResultsShown.LIVE, RoundRule.LOWER_SHARE)


def test_goals_of_another_beat_and_decided_goals_are_not_voted_on(database: str) -> None:
    hall = a_hall()
    elsewhere = a_goal(a_beat("K9", west=-122.2), "Elsewhere", state=GoalState.PROPOSED)
    with pytest.raises(Invalid, match="another beat"):
        hall.planned(goal_ids=[elsewhere])
    withdrawn = a_goal(hall.beat_id, "Given up", state=GoalState.WITHDRAWN)
    with pytest.raises(Conflict, match="decided or withdrawn"):
        hall.planned(goal_ids=[withdrawn])


def test_drafts_are_ordered_and_dropped_without_gaps_in_their_numbers(database: str) -> None:
    hall = a_hall()
    first = hall.opened(goal_ids=hall.goal_ids[:1])
    drafts = [hall.planned(goal_ids=[goal]) for goal in hall.goal_ids[1:]]
    item = add_agenda_item(
        actor=hall.facilitator, meeting_id=hall.meeting_id, title="Vote", minutes=10, round_id=drafts[0].id
    )
    reorder_rounds(actor=hall.facilitator, meeting_id=hall.meeting_id, round_ids=[drafts[1].id, drafts[0].id])
    assert [(row.number, row.id) for row in rounds(hall.meeting_id)] == [
        (1, first.id),
        (2, drafts[1].id),
        (3, drafts[0].id),
    ]
    drop_draft(actor=hall.facilitator, round_id=drafts[1].id)
    assert [(row.number, row.of, row.id) for row in rounds(hall.meeting_id)] == [(1, 2, first.id), (2, 2, drafts[0].id)]
    drop_draft(actor=hall.facilitator, round_id=drafts[0].id)
    (step,) = meeting_detail(hall.meeting_uuid).agenda
    assert (step.id, step.round_id) == (item, None)
    with pytest.raises(Conflict):
        drop_draft(actor=hall.facilitator, round_id=first.id)
    with pytest.raises(Conflict):
        reorder_rounds(actor=hall.facilitator, meeting_id=hall.meeting_id, round_ids=[first.id])


def test_goals_on_a_draft_can_be_put_in_another_order(database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    reorder_candidates(actor=hall.facilitator, round_id=row.id, goal_ids=hall.goal_ids[::-1])
    (row,) = rounds(hall.meeting_id)
    assert [candidate.goal_id for candidate in row.candidates] == hall.goal_ids[::-1]


def test_only_a_facilitator_plans_a_round(database: str) -> None:
    hall = a_hall()
    hall.facilitator = a_person()
    with pytest.raises(NotAllowed):
        hall.planned()


def test_a_vote_on_the_agenda_belongs_to_the_meeting(database: str) -> None:
    hall = a_hall()
    with pytest.raises(NotFound):
        add_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, title="Vote", minutes=5, round_id=77)
