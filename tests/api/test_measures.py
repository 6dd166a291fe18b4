"""What the open data say of a measure: the compared verdict with its figures, never a share of success."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from lib import clock
from lib.api.app import api
from lib.model import Goal
from lib.rules.goals import MeasureKind
from lib.rules.lifecycle import GoalState
from lib.rules.months import months_later
from lib.services.readings import set_measure
from tests.builders import a_beat, a_city, a_facilitator, a_goal, incidents_recorded, uuid_of

TODAY = clock.now().date()
START = months_later(TODAY.replace(day=1), -8)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[Mount("/api", app=api)])) as made:
        yield made


def test_a_compared_measure_tells_found_expected_and_the_beats_beside(client: TestClient, database: str) -> None:
    a_city()
    own, near, far = a_beat("K2"), a_beat("K3", west=-122.32), a_beat("K9", west=-122.1)
    for beat, before, after in ((own, 20, 10), (near, 15, 15), (far, 40, 40)):
        incidents_recorded(
            beat, "CAR PROWL", {months_later(START, n): before if n < 0 else after for n in range(-12, 8)}
        )
    goal = uuid_of(Goal, a_goal(own, state=GoalState.ADOPTED))
    set_measure(
        actor=a_facilitator(),
        goal_uuid=goal,
        kind=MeasureKind.INCIDENTS,
        category="CAR PROWL",
        target=12,
        now=datetime.combine(START, time(12), UTC),
        due_on=TODAY + timedelta(days=90),
        comparison_beats=["K9"],
    )
    measure = client.get(f"/api/goals/{goal}").json()["measure"]
    told = ("change", "found", "expected", "comparison_beats", "neighbour_beats", "displacement", "is_drawn_area")
    assert [measure[name] for name in told] == [
        "moved", 80, 160.0, ["K9"], ["K3"], "no_detectable_change", False
    ]  # fmt: skip
    assert 0 < measure["ratio_low"] < 0.5 < measure["ratio_high"] < 1
    assert measure["displacement_quotient"] == 0


def test_a_typed_measure_has_none_of_it(client: TestClient, sqlite_database: str) -> None:
    a_city()
    goal = uuid_of(Goal, a_goal(a_beat("K2"), state=GoalState.ACTIVE))
    measure = client.get(f"/api/goals/{goal}").json()["measure"]
    told = ("found", "expected", "ratio_low", "ratio_high", "displacement", "displacement_quotient")
    assert [measure[name] for name in told] == [None] * 6
    assert (measure["comparison_beats"], measure["neighbour_beats"]) == ([], [])
