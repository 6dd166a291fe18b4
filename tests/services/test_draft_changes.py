"""A prepared vote is changed until it is opened."""

import pytest

from lib.errors import Conflict, Invalid, NotAllowed, SignInNeeded
from lib.queries.voting import round_of
from lib.rules.rights import Actor
from lib.rules.voting import ResultsShown, RoundMode, RoundRule, SideFigures
from lib.services.draft_changes import change_draft
from lib.services.planning import translate_candidate, translate_round
from lib.services.rounds import open_round
from tests.builders import a_beat, a_goal, a_person
from tests.hall import TITLES, Hall, a_hall


def changed(hall: Hall, round_id: int, actor: Actor | None = None, **wishes: object) -> None:
    row = round_of(round_id)
    given: dict[str, object] = {
        "question": row.question,
        "eligibility": row.eligibility,
        "goal_ids": hall.goal_ids,
        "places": 2,
        "rule": RoundRule.LOWER_SHARE,
        "shows": ResultsShown.LIVE,
        "officers_figures": SideFigures.OPEN,
        "mode": RoundMode.MEETING,
        "minutes": 25,
    }
    change_draft(actor=actor or hall.facilitator, round_id=round_id, **(given | wishes))  # type: ignore[arg-type]


def translated(hall: Hall, round_id: int) -> None:
    about = {"actor": hall.facilitator, "round_id": round_id, "language": "es"}
    translate_round(**about, question="¿Qué metas?", eligibility="Todos")  # type: ignore[arg-type]
    for goal_id in hall.goal_ids[:2]:
        translate_candidate(**about, goal_id=goal_id, title=f"Meta {goal_id}")  # type: ignore[arg-type]


def test_a_draft_is_changed_and_goals_that_stay_keep_their_translations(database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    translated(hall, row.id)
    new = a_goal(hall.beat_id, "A crossing guard")
    changed(hall, row.id, goal_ids=[new, hall.goal_ids[1], hall.goal_ids[2]])
    after, spanish = round_of(row.id), round_of(row.id, "es")
    assert [each.title for each in after.candidates] == ["A crossing guard", TITLES[1], TITLES[2]]
    assert [each.title for each in spanish.candidates] == ["A crossing guard", f"Meta {hall.goal_ids[1]}", TITLES[2]]
    assert (after.places, after.minutes, after.rule, after.shows, after.officers_figures, after.mode) == (
        2,
        25,
        RoundRule.LOWER_SHARE,
        ResultsShown.LIVE,
        SideFigures.OPEN,
        RoundMode.MEETING,
    )
    assert spanish.question == "¿Qué metas?"


def test_a_question_worded_anew_loses_its_translations(database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    translated(hall, row.id)
    changed(hall, row.id, question="Which two goals?")
    assert round_of(row.id, "es").question == round_of(row.id).question == "Which two goals?"
    assert round_of(row.id, "es").candidates[0].title == f"Meta {hall.goal_ids[0]}"


def test_what_cannot_be_is_refused_and_changes_nothing(database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    before = round_of(row.id)
    foreign = a_goal(a_beat("K3", west=-122.30), "Elsewhere")
    for wrong in ({"goal_ids": []}, {"places": 4}, {"minutes": 0}, {"question": " "}, {"goal_ids": [foreign] * 1}):
        with pytest.raises(Invalid):
            changed(hall, row.id, **({"places": 1} | wrong))
    with pytest.raises(NotAllowed):
        changed(hall, row.id, a_person())
    with pytest.raises(SignInNeeded):
        change_draft(
            actor=None,
            round_id=row.id,
            question="x",
            eligibility="x",
            goal_ids=hall.goal_ids,
            places=1,
            rule=row.rule,
            shows=row.shows,
            officers_figures=row.officers_figures,
            mode=row.mode,
            minutes=5,
        )
    assert round_of(row.id) == before
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with pytest.raises(Conflict, match="has been opened"):
        changed(hall, row.id)
