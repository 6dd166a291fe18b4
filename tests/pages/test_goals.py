"""The list of goals and the proposing of one."""

import pytest
from sqlalchemy import select

from lib.model import Concern, Goal
from lib.rules.lifecycle import GoalState
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_concern, a_facilitator, a_goal, a_meeting, a_person, a_published_outcome
from tests.pages.visiting import page_text, visit


def labels(app) -> list[str]:
    return [button.label for button in app.button]


def test_goals_stand_in_groups_and_contested_ones_say_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    for state in (GoalState.ADOPTED, GoalState.CANDIDATE, GoalState.NOT_ACHIEVED, GoalState.WITHDRAWN):
        a_goal(beat, f"Goal {state.value}", state=state)
    contested = a_goal(beat, "Safer crossings", state=GoalState.PROPOSED)
    a_published_outcome(contested, a_meeting(beat), outcome="residents_only")
    app = visit("goals", monkeypatch)
    assert app.exception == []
    assert [heading.value for heading in app.header] == [
        "Agreed by both sides (1)",
        "Standing for a vote (1)",
        "Proposed (1)",
        "Ended (2)",
    ]
    shown = page_text(app)
    assert "Contested" in shown
    assert "did not agree" in shown


def test_a_beat_shows_its_own_goals_only(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_goal(a_beat("K2"), "Here")
    a_goal(a_beat("K3", west=-122.2), "There")
    shown = page_text(visit("goals", monkeypatch, beat="K2"))
    assert ("Here</h3>" in shown, "There</h3>" in shown) == (True, False)


def test_nothing_proposed_yet_is_said(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    assert "No goal has been proposed here yet" in page_text(visit("goals", monkeypatch))


def test_a_long_group_shows_its_first_goals_and_the_rest_on_demand(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    for number in range(15):
        a_goal(beat, f"Goal number {number}", state=GoalState.PROPOSED)
    app = visit("goals", monkeypatch)
    assert page_text(app).count("Goal number") == 9
    app.toggle[0].set_value(True).run()
    assert page_text(app).count("Goal number") == 15


def test_only_officers_and_facilitators_propose(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    a_concern(beat)
    assert [
        "Propose this goal" in labels(visit("goals", monkeypatch, actor))
        for actor in (None, a_person(beats=(beat,)), a_facilitator())
    ] == [False, True, True]


def test_a_goal_is_proposed_from_chosen_concerns(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    a_concern(beat)
    app = visit("goals", monkeypatch, a_person(beats=(beat,)), beat="K2")
    press(app, "Propose this goal")
    assert "Choose at least one concern" in app.error[0].value
    app.session_state["propose_concerns_K2"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.text_input(key="propose_title").input("Quieter nights")
    app.text_area(key="propose_summary").input("Fewer noisy nights.")
    press(app, "Propose this goal")
    assert "The goal is proposed" in app.success[0].value
    with reading() as db:
        assert list(db.scalars(select(Goal.title))) == ["Quieter nights"]
        assert db.scalar(select(Concern.id))


def press(app, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
