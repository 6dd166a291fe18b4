"""The screens of a beat and of a goal lead to their Atom feeds."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.model import Goal
from tests.builders import a_beat, a_city, a_goal, uuid_of
from tests.pages.visiting import visit


def addresses(app: AppTest) -> list[str]:
    return [each.proto.url for each in app.get("link_button")]


@pytest.mark.parametrize("page", ["home", "concerns"])
def test_a_beats_screen_leads_to_its_feed(sqlite_database: str, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    a_city()
    a_beat("K 2&")
    assert "http://localhost:8501/feeds/beats/K%202%26.atom" in addresses(visit(page, monkeypatch, beat="K 2&"))


def test_a_goals_screen_tells_the_address_of_its_feed(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    uuid = uuid_of(Goal, a_goal(a_beat()))
    shown = [each.value for each in visit("goal", monkeypatch, id=str(uuid)).code]
    assert f"http://localhost:8501/feeds/goals/{uuid}.atom" in shown
