"""The beats beside a goal and the area drawn inside it: chosen with the measure, checked, and kept right by imports."""

import json
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Beat, Goal, GoalEvent, Measure, MeasureArea, MeasureMonth
from lib.queries.evidence import measure_series
from lib.queries.measure_areas import touching_beats
from lib.queries.outlines import incidents_by_cell, incidents_inside
from lib.rules.geography import PlaceKind, Point, cell_centre, cell_outline, metres_between, public_cell
from lib.rules.goals import AreaUse, Direction, MeasureKind
from lib.rules.lifecycle import GoalState
from lib.rules.outlines import circle_outline, typed_outline
from lib.services.incident_rows import recount_months, store_incidents
from lib.services.readings import set_measure
from lib.storage.transaction import reading, writing
from tests.builders import (
    NOON,
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_facilitator,
    a_goal,
    a_person,
    incidents_recorded,
    uuid_of,
)
from tests.evidence_builders import DUE, a_park, codes_beside, incidents_at, measure_set, months

TODAY = NOON.date()
INSIDE, ELSEWHERE = (-122.330, 47.610), (-122.322, 47.602)
CIRCLE = circle_outline(*INSIDE, 300)


def kept() -> tuple[int, int]:
    with reading() as db:
        return (
            db.scalar(select(func.count()).select_from(MeasureArea)) or 0,
            db.scalar(select(func.count()).select_from(MeasureMonth)) or 0,
        )


def a_row_of_beats() -> tuple[int, int, int, int]:
    """K1, K2, K3 side by side from west to east, and K9 far away."""
    return a_beat("K1", west=-122.36), a_beat("K2"), a_beat("K3", west=-122.32), a_beat("K9", west=-122.1)


def test_the_beats_to_compare_with_and_the_neighbours_are_kept_with_the_measure(database: str) -> None:
    a_city()
    _, own, _, far = a_row_of_beats()
    goal = uuid_of(Goal, a_goal(own, state=GoalState.PROPOSED))
    for beat in (own, far):
        incidents_recorded(beat, "CAR PROWL", months(date(2025, 5, 1), [10] * 12))
    measure = measure_set(goal, comparison_beats=["K9", "K9"])
    assert codes_beside(measure, AreaUse.COMPARISON) == ["K9"]
    assert codes_beside(measure, AreaUse.NEIGHBOUR) == ["K1", "K3"]
    with reading() as db:
        told = db.scalars(select(GoalEvent.sentence)).all()
    assert told == ["Measure set: from 10 a month to 6 a month, compared with beat K9."]


def test_a_neighbour_that_is_compared_with_is_no_neighbour_any_more(database: str) -> None:
    a_city()
    first, own, _, _ = a_row_of_beats()
    goal = uuid_of(Goal, a_goal(own, state=GoalState.PROPOSED))
    for beat in (own, first):
        incidents_recorded(beat, "CAR PROWL", months(date(2025, 5, 1), [10] * 12))
    measure = measure_set(goal, comparison_beats=["K1"])
    assert codes_beside(measure, AreaUse.NEIGHBOUR) == ["K3"]
    again = measure_set(goal)
    assert (codes_beside(again, AreaUse.COMPARISON), codes_beside(again, AreaUse.NEIGHBOUR)) == ([], ["K1", "K3"])
    assert kept() == (2, 0)


def test_beats_that_cannot_be_compared_with_are_refused(database: str) -> None:
    a_city()
    _, own, _, _ = a_row_of_beats()
    goal = uuid_of(Goal, a_goal(own, state=GoalState.PROPOSED))
    incidents_recorded(own, "CAR PROWL", months(date(2025, 5, 1), [10] * 12))
    for codes, error, words in (
        (["K2"], Invalid, "Beat K2 belongs to the goal"),
        (["K1", "X7"], NotFound, "no beat 'X7'"),
        (["K3"], Invalid, "Nothing of this kind was counted"),
    ):
        with pytest.raises(error, match=words):
            measure_set(goal, comparison_beats=codes)
    assert kept() == (0, 0)


def test_only_what_is_counted_each_month_is_compared(database: str) -> None:
    a_city()
    _, own, _, _ = a_row_of_beats()
    goal = uuid_of(Goal, a_goal(own, state=GoalState.PROPOSED))
    typed = {"kind": MeasureKind.TYPED, "baseline": 8, "unit": "dark lamps", "source": "walk", "target": 0}
    for given in (typed, {"kind": MeasureKind.PULSE, "direction": Direction.UP, "target": 0.6}):
        with pytest.raises(Invalid, match="counted each month"):
            measure_set(goal, comparison_beats=["K1"], **given)
        with pytest.raises(Invalid, match="Only recorded incidents"):
            measure_set(goal, outline=CIRCLE, **given)
    measure_set(goal, **typed)
    assert kept() == (0, 0)


def test_concerns_are_compared_as_well(database: str) -> None:
    a_city()
    _, own, _, far = a_row_of_beats()
    noise = a_category("noise")
    goal = uuid_of(Goal, a_goal(own, state=GoalState.PROPOSED))
    for month in (2, 3, 4):
        for beat in (own, own, own, far):
            a_concern(beat, category_id=noise, reported_at=NOON.replace(month=month, day=2))
    measure = measure_set(goal, kind=MeasureKind.CONCERNS, category="noise", target=1, comparison_beats=["K9"])
    assert codes_beside(measure, AreaUse.COMPARISON) == ["K9"]


def test_once_a_goal_has_begun_or_for_an_officer_of_another_beat_nothing_changes(database: str) -> None:
    a_city()
    _, own, _, far = a_row_of_beats()
    for beat in (own, far):
        incidents_recorded(beat, "CAR PROWL", months(date(2025, 5, 1), [10] * 12))
    active = uuid_of(Goal, a_goal(own, state=GoalState.ACTIVE))
    with pytest.raises(Conflict, match="has begun"):
        measure_set(active, comparison_beats=["K9"])
    proposed = uuid_of(Goal, a_goal(own, "Another", state=GoalState.PROPOSED))
    with pytest.raises(NotAllowed, match="beat K2"):
        measure_set(proposed, actor=a_person(beats=(far,)), comparison_beats=["K9"])
    assert kept() == (0, 0)


def test_slivers_between_boundaries_count_as_touching(database: str) -> None:
    a_city()
    own = a_beat("K2")
    sliver = a_beat("K3", west=-122.3199)
    a_beat("K4", west=-122.36, south=47.63)
    assert touching_beats({own}, on=TODAY) == {sliver}
    assert touching_beats(set(), on=TODAY) == frozenset()


def a_goal_with_points() -> Any:
    """Beat K2 with ten car prowls a month at one place and four at another, and a goal."""
    a_city()
    beat = a_beat("K2")
    incidents_at(beat, *INSIDE, months(date(2025, 5, 1), [10] * 12))
    incidents_at(beat, *ELSEWHERE, months(date(2025, 5, 1), [4] * 12))
    return uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))


def test_a_drawn_area_counts_the_incidents_inside_alone(database: str) -> None:
    goal = a_goal_with_points()
    a_park("Occidental Square", INSIDE[0] + 0.001, INSIDE[1])
    a_park("Denny Park", INSIDE[0] + 0.006, INSIDE[1])
    a_park("Far Park", -122.1, 47.61)
    measure = measure_set(goal, outline=CIRCLE)
    assert (measure.baseline, measure.baseline_months) == (10, 12)
    assert measure.source == "recorded incidents, inside the drawn area of 0.28 km² around Occidental Square, beat K2"
    with reading() as db:
        stored = dict(db.execute(select(MeasureMonth.month, MeasureMonth.incidents)).all())
    assert stored == months(date(2025, 5, 1), [10] * 12)


def frame_of(*rows: tuple[str, date, float, float, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["source_key", "occurred_on", "lon", "lat", "beat_id"])
    return frame.assign(
        category="CAR PROWL",
        occurred_on=pd.to_datetime(frame["occurred_on"]).astype("datetime64[s]"),
        occurred_at=pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]"),
        beat_id=frame["beat_id"].astype("Int64"),
        stored_code="",
    )


def test_each_import_keeps_the_counts_of_a_drawn_area_right(database: str) -> None:
    goal = a_goal_with_points()
    measure_set(goal, outline=CIRCLE, now=datetime(2026, 3, 1, 20, tzinfo=UTC))
    with writing() as db:
        beat = db.scalars(select(Beat.id)).one()
        new = frame_of(
            ("a", date(2026, 4, 30), *INSIDE, beat),
            ("b", date(2026, 4, 30), *ELSEWHERE, beat),
            ("c", date(2026, 4, 29), *INSIDE, beat),
        )
        store_incidents(db, new, source="later")
    with reading() as db:
        assert db.scalar(select(MeasureMonth.incidents).where(MeasureMonth.month == date(2026, 4, 1))) == 12
        before = db.execute(select(MeasureMonth.month, MeasureMonth.incidents)).all()
    with writing() as db:
        recount_months(db)
    with reading() as db:
        assert db.execute(select(MeasureMonth.month, MeasureMonth.incidents)).all() == before
    progress = measure_series(goal, today=TODAY)
    assert progress is not None
    assert [point.value for point in progress.points][-2:] == [Fraction(10), Fraction(12)]
    assert progress.standing.displacement is not None
    assert (progress.standing.displacement.before, progress.standing.displacement.after) == (40, 9)


@pytest.mark.parametrize(
    ("outline", "words"),
    [
        ("no polygon", "no polygon"),
        ('{"type": "Polygon"}', "no polygon"),
        ("[]", "no polygon"),
        ('{"type":"Point","coordinates":[-122.33,47.61]}', "no polygon"),
        (json.dumps({"type": "Polygon", "coordinates": []}), "no polygon"),
        (
            json.dumps(
                {
                    "type": "Polygon",
                    "coordinates": [
                        [
                            [-122.335, 47.605],
                            [-122.325, 47.615],
                            [-122.325, 47.605],
                            [-122.335, 47.615],
                            [-122.335, 47.605],
                        ]
                    ],
                }
            ),
            "crosses itself",
        ),
        (circle_outline(*INSIDE, 20), "too small"),
        (circle_outline(*INSIDE, 3000), "larger than the goal’s beats"),
        (circle_outline(-122.2, 47.61, 300), "outside the goal’s beats"),
        (
            json.dumps({"type": "Polygon", "coordinates": [[[500, 1], [501, 1], [501, 2], [500, 1]]]}),
            "outside the world",
        ),
        (
            json.dumps({"type": "Polygon", "coordinates": [[[-122.33 + n / 1e6, 47.61] for n in range(600)]]}),
            "no polygon|too many corners",
        ),
    ],
)
def test_a_drawn_area_that_makes_no_sense_is_refused(sqlite_database: str, outline: str, words: str) -> None:
    goal = a_goal_with_points()
    with pytest.raises(Invalid, match=words):
        measure_set(goal, outline=outline)
    with reading() as db:
        assert db.scalar(select(Measure.id)) is None


def test_a_drawn_area_counts_whole_cells_of_the_public_map(database: str) -> None:
    a_goal_with_points()
    cell = public_cell(*INSIDE, PlaceKind.STREET)
    centre = cell_centre(cell)
    corner = max(cell_outline(cell), key=lambda point: metres_between(point, centre))
    beside = Point(corner.longitude + (corner.longitude - centre.longitude) * 0.2, corner.latitude)
    with reading() as db:
        own = frozenset(db.scalars(select(Beat.id)))
    outline = typed_outline(cell)
    before = sum(incidents_inside(outline, "CAR PROWL", own).values())
    incidents_at(
        min(own),
        centre.longitude + 0.95 * (corner.longitude - centre.longitude),
        centre.latitude + 0.95 * (corner.latitude - centre.latitude),
        {date(2026, 4, 1): 3},
    )
    incidents_at(min(own), *beside, {date(2026, 4, 1): 5})
    assert sum(incidents_inside(outline, "CAR PROWL", own).values()) == before + 3
    # A line round the spot itself finds no cell's centre, and so tells nothing finer than the map.
    spot = circle_outline(corner.longitude, corner.latitude, 20)
    assert incidents_inside(spot, "CAR PROWL", own) == {}
    by_cell = incidents_by_cell(outline, "CAR PROWL", own, since=date(2026, 4, 1), before=date(2026, 5, 1))
    assert set(by_cell) == {cell}
    assert by_cell[cell] >= 3


def test_a_drawn_area_without_a_single_incident_has_no_better_target(sqlite_database: str) -> None:
    goal = a_goal_with_points()
    with pytest.raises(Invalid, match="below the baseline, which is 0 a month"):
        set_measure(
            actor=a_facilitator(),
            goal_uuid=goal,
            kind=MeasureKind.INCIDENTS,
            category="CAR PROWL",
            target=0,
            due_on=DUE,
            outline=circle_outline(-122.338, 47.618, 100),
            now=NOON,
        )
