"""The picture on a goal's sheet: both series, the start, the target and the band, drawn where their figures are."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from lib import clock
from lib.model import Goal
from lib.queries.evidence import measure_series
from lib.rules.goals import MeasureKind
from lib.rules.lifecycle import GoalState
from lib.rules.months import months_later
from lib.services.readings import set_measure
from lib.web.goal_picture import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, goal_picture
from tests.builders import a_beat, a_city, a_facilitator, a_goal, incidents_recorded, uuid_of
from tests.goal_builders import begun

TODAY = clock.today("UTC")
START = months_later(TODAY.replace(day=1), -8)


def a_compared_goal() -> UUID:
    a_city()
    own, far = a_beat("K2"), a_beat("K9", west=-122.1)
    for beat, before, after in ((own, 20, 10), (far, 40, 40)):
        months = {months_later(START, n): before if n < 0 else after for n in range(-12, 8)}
        incidents_recorded(beat, "CAR PROWL", months)
    goal = a_goal(own, state=GoalState.ADOPTED)
    set_measure(
        actor=a_facilitator(),
        goal_uuid=uuid_of(Goal, goal),
        kind=MeasureKind.INCIDENTS,
        category="CAR PROWL",
        target=12,
        now=datetime.combine(START, time(12), UTC),
        due_on=TODAY + timedelta(days=90),
        comparison_beats=["K9"],
    )
    begun(goal)
    return uuid_of(Goal, goal)


def points(line: str) -> list[tuple[float, float]]:
    return [tuple(map(float, pair.split(","))) for pair in line.split()]  # type: ignore[misc]


def test_both_series_and_the_band_are_drawn_to_one_scale(sqlite_database: str) -> None:
    progress = measure_series(a_compared_goal(), today=TODAY)
    picture = goal_picture(progress, start="Start", target="Target")
    assert progress is not None
    assert picture is not None
    own, beside, band = points(picture.own), points(picture.beside), points(picture.band)
    assert (len(own), len(beside), len(band)) == (20, 20, 16)
    assert own[:1] == [(LEFT, own[0][1])]
    # Twenty before, ten since: half the way down to the floor; the beats beside stay where they were.
    floor = HEIGHT - BOTTOM
    assert floor - own[-1][1] == pytest.approx((floor - own[0][1]) / 2, abs=0.2)
    assert beside[0][1] == pytest.approx(beside[-1][1])
    assert own[12][0] == picture.start == band[0][0]
    assert all(LEFT <= x <= WIDTH - RIGHT and 0 <= y <= HEIGHT for x, y in [*own, *beside, *band])
    assert [label.text for label in picture.labels][:2] == ["Start", "0"]
    assert picture.usual == ""


def test_it_stands_on_the_sheet_with_its_legend_in_both_languages(sqlite_database: str, phone: TestClient) -> None:
    goal = a_compared_goal()
    page = phone.get(f"/goals/{goal}/sheet").text
    for part in (
        '<polyline class="own"',
        '<polyline class="beside"',
        '<polygon class="band"',
        'class="start"',
        "scaled",
    ):
        assert part in page
    assert " style=" not in page
    phone.cookies.set("beat_language", "es")
    assert "Los sectores con los que se compara, a escala" in phone.get(f"/goals/{goal}/sheet").text


def test_without_two_readings_there_is_no_picture(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    goal = uuid_of(Goal, a_goal(a_beat("K2"), state=GoalState.ACTIVE))
    assert goal_picture(measure_series(goal, today=TODAY), start="Start", target="Target") is None
    assert 'class="picture"' not in phone.get(f"/goals/{goal}/sheet").text


def test_an_adopted_goals_sheet_says_what_is_missing(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    goal = uuid_of(Goal, a_goal(a_beat("K2"), state=GoalState.ADOPTED))
    page = phone.get(f"/goals/{goal}/sheet").text
    assert "Before it can begin, this is missing:" in page
    assert "<li>an accepted commitment of the officers</li>" in page
