"""What a goal is judged by: baselines are computed, targets are better, typed readings have a source."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Commitment, Goal, GoalEvent, Measure, Reading, Round
from lib.model.pulse import Sample
from lib.queries.evidence import has_reached_target, measure_series
from lib.rules.evidence import Change
from lib.rules.goals import Direction, MeasureKind
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.services.goal_course import activate_goal
from lib.services.readings import record_reading
from lib.storage.transaction import reading, writing
from tests.builders import (
    NOON,
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_facilitator,
    a_goal,
    a_meeting,
    a_person,
    a_published_outcome,
    a_wave,
    incidents_recorded,
    uuid_of,
)
from tests.evidence_builders import DUE, measure_set, months


def test_the_baseline_of_incidents_is_the_mean_of_twelve_complete_months(database: str) -> None:
    a_city()
    beat, other = a_beat(), a_beat("K3", west=-122.2)
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    incidents_recorded(beat, "CAR PROWL", months(date(2025, 4, 1), [99, *[10, 11] * 6]))
    incidents_recorded(beat, "BURGLARY", months(date(2025, 4, 1), [5] * 13))
    incidents_recorded(other, "CAR PROWL", months(date(2025, 4, 1), [50] * 13))
    measure = measure_set(goal)
    assert (measure.baseline, measure.baseline_months, measure.starts_on, measure.unit, measure.source) == (
        10.5,
        12,
        date(2026, 5, 1),
        "car prowl",
        "recorded incidents, beat K2",
    )


def test_a_shorter_record_gives_a_shorter_baseline_and_says_so(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    incidents_recorded(beat, "CAR PROWL", months(date(2026, 2, 1), [9, 12, 9]))
    measure = measure_set(goal, unit="thefts from cars")
    assert (measure.baseline, measure.baseline_months, measure.unit) == (10, 3, "thefts from cars")


def test_without_a_complete_month_there_is_no_counted_measure(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    with pytest.raises(NotFound, match="No incidents of this category"):
        measure_set(goal)
    incidents_recorded(beat, "CAR PROWL", months(date(2026, 5, 1), [9]))
    with pytest.raises(Invalid, match="no complete month"):
        measure_set(goal)


def test_the_baseline_of_concerns_is_counted_from_concerns(database: str) -> None:
    a_city()
    beat = a_beat()
    noise = a_category("noise")
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    for month, number in ((2, 1), (3, 3), (4, 2), (5, 7)):
        for _ in range(number):
            a_concern(beat, category_id=noise, reported_at=datetime(2026, month, 2, 8, tzinfo=UTC))
    a_concern(beat, category_id=a_category("road_safety"), reported_at=datetime(2026, 3, 2, 8, tzinfo=UTC))
    measure = measure_set(goal, kind=MeasureKind.CONCERNS, category="noise", target=1)
    assert (measure.baseline, measure.baseline_months, measure.unit) == (2, 3, "concerns about noise")


def test_the_baseline_of_the_pulse_is_the_last_wave_that_is_shown(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    with pytest.raises(Invalid, match="no wave of the pulse"):
        measure_set(goal, kind=MeasureKind.PULSE, direction=Direction.UP, target=0.6)
    a_wave(beat, date(2025, 9, 1), safe=33, unsafe=27)
    a_wave(beat, date(2026, 3, 1), safe=3, unsafe=3)
    measure = measure_set(goal, kind=MeasureKind.PULSE, direction=Direction.UP, target=0.6)
    assert (measure.baseline, measure.category, measure.source) == (
        pytest.approx(0.55),
        "after_dark",
        "pulse of beat K2, 60 answers in September 2025",
    )


def test_volunteers_are_no_baseline_and_reach_no_target(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    asked = {"kind": MeasureKind.PULSE, "direction": Direction.UP, "target": 0.8}
    a_wave(beat, date(2026, 4, 1), safe=45, unsafe=5, sample=Sample.VOLUNTEER)
    with pytest.raises(Invalid, match="no wave of the pulse that was asked of a random sample"):
        measure_set(goal, **asked)
    a_wave(beat, date(2026, 3, 1), safe=33, unsafe=27)
    assert measure_set(goal, **asked).baseline == pytest.approx(0.55)
    a_wave(beat, date(2026, 6, 1), safe=95, unsafe=5, sample=Sample.VOLUNTEER)
    assert not has_reached_target(goal, today=LATER.date())
    progress = measure_series(goal, today=LATER.date())
    assert progress is not None
    assert [point.is_apart for point in progress.points] == [False, True, True]
    a_wave(beat, date(2026, 7, 1), safe=95, unsafe=5)
    assert has_reached_target(goal, today=LATER.date())


def test_a_computed_baseline_is_never_typed(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    incidents_recorded(beat, "CAR PROWL", months(date(2025, 5, 1), [10] * 12))
    for kind in (MeasureKind.INCIDENTS, MeasureKind.CONCERNS, MeasureKind.PULSE):
        with pytest.raises(Invalid, match="never typed"):
            measure_set(goal, kind=kind, baseline=40)


def test_a_target_is_better_than_the_baseline_and_lies_in_the_future(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    incidents_recorded(beat, "CAR PROWL", months(date(2025, 5, 1), [10] * 12))
    for change, words in (
        ({"target": 10}, "below the baseline, which is 10 a month"),
        ({"target": 4, "direction": Direction.UP}, "above the baseline"),
        ({"target": -1}, "not negative"),
        ({"target": float("nan")}, "not negative"),
        ({"due_on": date(2026, 5, 4)}, "in the future"),
    ):
        with pytest.raises(Invalid, match=words):
            measure_set(goal, **change)
    with reading() as db:
        assert db.scalar(select(Measure.id)) is None


def test_a_typed_measure_needs_baseline_unit_and_source(database: str) -> None:
    a_city()
    goal = uuid_of(Goal, a_goal(a_beat(), state=GoalState.PROPOSED))
    typed = {"kind": MeasureKind.TYPED, "baseline": 8, "unit": "dark lamps", "source": "walk", "target": 0}
    for change, words in (
        ({"baseline": None}, "how it is today"),
        ({"unit": " "}, "What is measured is empty"),
        ({"source": ""}, "Source is empty"),
    ):
        with pytest.raises(Invalid, match=words):
            measure_set(goal, **{**typed, **change})
    measure = measure_set(goal, **typed)
    assert (measure.baseline, measure.target, measure.unit, measure.baseline_months) == (8, 0, "dark lamps", 0)


def test_a_measure_is_replaced_until_the_goal_begins(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.ADOPTED))
    typed = {"kind": MeasureKind.TYPED, "baseline": 8, "unit": "dark lamps", "source": "walk", "target": 0}
    measure_set(goal, **typed)
    assert measure_set(goal, **{**typed, "target": 2}).target == 2
    active = uuid_of(Goal, a_goal(beat, "Another", state=GoalState.ACTIVE))
    with pytest.raises(Conflict, match="has begun"):
        measure_set(active, **typed)


def promised(goal_id: int) -> None:
    """An accepted commitment of each side, as a goal needs it to begin."""
    with writing() as db:
        db.add_all(
            Commitment(
                goal_id=goal_id,
                party=party,
                owner="Somebody of the beat",
                deliverable="A walk every Friday night",
                due_on=DUE,
                state=CommitmentState.ACCEPTED,
                offered_at=NOON,
            )
            for party in (Party.RESIDENTS, Party.OFFICERS)
        )


LATER = datetime(2026, 9, 15, 12, tzinfo=UTC)


def test_a_measure_starts_when_its_goal_begins_and_counts_what_was_before_anew(database: str) -> None:
    """Set in May at ten a month; what fell until September fell without the goal."""
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    incidents_recorded(beat, "CAR PROWL", months(date(2025, 5, 1), [10] * 12 + [7] * 5))
    promised(goal_id)
    assert measure_set(goal).starts_on == date(2026, 5, 1)
    activate_goal(actor=a_facilitator(), goal_uuid=goal, now=LATER)
    with reading() as db:
        measure = db.scalars(select(Measure)).one()
        told = db.scalars(select(GoalEvent.sentence).where(GoalEvent.kind == "measure")).all()
    assert (measure.starts_on, measure.baseline, measure.baseline_months, measure.target) == (
        date(2026, 9, 1),
        pytest.approx(9.0),
        12,
        6,
    )
    assert told[-1] == "Counted anew at the start: from 9 a month to 6 a month."
    progress = measure_series(goal, today=LATER.date())
    assert progress is not None
    assert progress.standing.change is Change.TOO_EARLY


def test_a_goal_does_not_begin_where_its_target_is_reached_already(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    incidents_recorded(beat, "CAR PROWL", months(date(2025, 5, 1), [10] * 4 + [8] * 8 + [1] * 5))
    promised(goal_id)
    measure_set(goal)
    with pytest.raises(Conflict, match=r"below the baseline, which is 5\S* a month\. Set the measure anew\."):
        activate_goal(actor=a_facilitator(), goal_uuid=goal, now=LATER)
    with pytest.raises(Conflict, match="to be reached by 31 March 2027"):
        activate_goal(actor=a_facilitator(), goal_uuid=goal, now=datetime(2027, 4, 2, tzinfo=UTC))
    with reading() as db:
        measure, state = db.scalars(select(Measure)).one(), db.scalar(select(Goal.state))
    assert (measure.starts_on, state) == (date(2026, 5, 1), GoalState.ADOPTED)
    assert measure.baseline > 8


def test_a_typed_measure_starts_on_the_day_and_keeps_its_baseline(database: str) -> None:
    a_city()
    goal_id = a_goal(a_beat(), state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    promised(goal_id)
    measure_set(goal, kind=MeasureKind.TYPED, baseline=8, unit="dark lamps", source="walk", target=0)
    activate_goal(actor=a_facilitator(), goal_uuid=goal, now=LATER)
    with reading() as db:
        measure = db.scalars(select(Measure)).one()
    assert (measure.starts_on, measure.baseline) == (LATER.date(), 8)


def test_a_wave_from_before_the_goal_began_never_counts_as_after(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    with writing() as db:
        db.get_one(Goal, goal_id).adopted_on = date(2026, 5, 4)
    promised(goal_id)
    a_wave(beat, date(2026, 3, 1), safe=30, unsafe=30)
    measure_set(goal, kind=MeasureKind.PULSE, direction=Direction.UP, target=0.9)
    a_wave(beat, date(2026, 8, 1), safe=50, unsafe=10)
    a_wave(beat, date(2026, 9, 2), safe=57, unsafe=3)
    activate_goal(actor=a_facilitator(), goal_uuid=goal, now=LATER)
    with reading() as db:
        measure = db.scalars(select(Measure)).one()
    assert (measure.starts_on, measure.baseline, measure.source) == (
        LATER.date(),
        pytest.approx(50 / 60),
        "pulse of beat K2, 60 answers in August 2026",
    )


def a_vote_opened(goal_id: int, beat: int, at: datetime) -> None:
    """A published vote that adopted the goal, opened at a moment."""
    a_published_outcome(goal_id, a_meeting(beat))
    with writing() as db:
        db.scalars(select(Round)).one().opened_at = at


def test_what_was_voted_on_is_replaced_by_nobody_alone(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    typed = {"kind": MeasureKind.TYPED, "baseline": 8, "unit": "dark lamps", "source": "walk", "target": 2}
    measure_set(goal, **typed)
    a_vote_opened(goal_id, beat, NOON + timedelta(hours=7))
    for actor in (a_facilitator(), a_person(beats=(beat,))):
        with pytest.raises(Conflict, match="stays as it was adopted"):
            measure_set(goal, **{**typed, "target": 7}, actor=actor, now=NOON + timedelta(days=2))
    with reading() as db:
        assert db.scalars(select(Measure.target)).all() == [2]
    promised(goal_id)
    with pytest.raises(Conflict, match="withdraw the goal and propose it anew"):
        activate_goal(actor=a_facilitator(), goal_uuid=goal, now=datetime(2027, 4, 2, tzinfo=UTC))


def test_a_goal_adopted_without_a_measure_gets_one_then(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    a_vote_opened(goal_id, beat, NOON)
    typed = {"kind": MeasureKind.TYPED, "baseline": 8, "unit": "dark lamps", "source": "walk", "target": 2}
    later = {"now": NOON + timedelta(days=2)}
    measure_set(goal, **typed, **later)
    assert measure_set(goal, **{**typed, "target": 1}, **later).target == 1


def test_a_reading_is_dated_sourced_and_not_from_the_future(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.ACTIVE))
    officer = a_person(beats=(beat,))
    given = {"actor": officer, "goal_uuid": goal, "read_on": date(2026, 5, 1), "value": 7, "source": "log", "now": NOON}
    for change, error, words in (
        ({"read_on": date(2026, 5, 5)}, Invalid, "future"),
        ({"value": -1}, Invalid, "not negative"),
        ({"value": float("inf")}, Invalid, "not negative"),
        ({"source": ""}, Invalid, "Source is empty"),
        ({"actor": a_person(beats=(a_beat("K9", west=-122.2),))}, NotAllowed, "beat K2"),
    ):
        with pytest.raises(error, match=words):
            record_reading(**{**given, **change})
    record_reading(**given)
    with pytest.raises(Conflict, match="already"):
        record_reading(**given)
    with reading() as db:
        row = db.scalars(select(Reading)).one()
        assert (row.read_on, row.value, row.source, row.person_id) == (date(2026, 5, 1), 7, "log", officer.person_id)


def test_counted_readings_are_never_typed(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    with pytest.raises(Conflict, match="no measure"):
        record_reading(actor=a_facilitator(), goal_uuid=goal, read_on=date(2026, 5, 1), value=1, source="x", now=NOON)
    incidents_recorded(beat, "CAR PROWL", months(date(2025, 5, 1), [10] * 12))
    measure_set(goal)
    with pytest.raises(Conflict, match="counted from recorded incidents"):
        record_reading(actor=a_facilitator(), goal_uuid=goal, read_on=date(2026, 5, 1), value=1, source="x", now=NOON)
