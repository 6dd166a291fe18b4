"""What a goal is judged by, and the readings that people type in. Counted readings are never typed."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from math import isfinite
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import Category, Goal, GoalBeat, Measure, Reading
from lib.queries.evidence import exact
from lib.queries.measure_areas import beats_in_words
from lib.queries.monthly import Counted, incident_categories, monthly_events
from lib.queries.outlines import incidents_inside, outline_in_words
from lib.queries.pulse import pooled, pulse_waves_of
from lib.rules.goals import Direction, MeasureKind
from lib.rules.lifecycle import GoalState
from lib.rules.months import day_in_words, month_of, months_later
from lib.rules.rights import Actor, Right, require
from lib.rules.standing import base_wave
from lib.rules.text import LINE_LENGTH, clean_text, listed, percent
from lib.services.goal_rows import (
    codes_of,
    day_in_city,
    measure_was_voted_on,
    note_event,
    require_posting,
    running_goal,
)
from lib.services.log import record
from lib.services.measure_areas import set_areas
from lib.services.outlines import count_outline, valid_outline
from lib.storage.transaction import writing

BASELINE_MONTHS = 12
UNIT_LENGTH = 80
LARGEST = 1_000_000.0
COUNTED = (MeasureKind.INCIDENTS, MeasureKind.CONCERNS)


def set_measure(
    *,
    actor: Actor | None,
    goal_uuid: UUID,
    kind: MeasureKind,
    target: float,
    due_on: date,
    category: str = "",
    direction: Direction = Direction.DOWN,
    unit: str = "",
    baseline: float | None = None,
    source: str = "",
    comparison_beats: Sequence[str] = (),
    outline: str = "",
    now: datetime | None = None,
) -> None:
    """Say what the goal will be judged by: from the baseline to a target by a day. Replaces an earlier measure.

    Incidents (`category` in the city's own words) and concerns (a category's key) are counted per month: their baseline
    is the mean of the last twelve complete months before the present one, computed here from the same source and again
    when the goal begins; a typed one is refused. The pulse is a share from 0 to 1, its baseline the last wave before
    that was asked of a random sample. Only a typed measure has a typed `baseline`, `unit` and `source`.
    `comparison_beats` (codes) are what a counted measure is compared with; the beats that touch the goal's own are kept
    as its neighbours. `outline` (a GeoJSON polygon) narrows incidents to a drawn area. Once the goal has begun, while
    it is voted on and once it was adopted with it, the measure stays, and all of this with it. Raises SignInNeeded,
    NotAllowed (right, beat), NotFound, Conflict, Invalid.
    """
    person = require(actor, Right.SHAPE_GOAL)
    when = now or clock.now()
    with writing() as db:
        goal = running_goal(db, goal_uuid)
        require_posting(db, person, goal)
        _require_still_open(db, goal)
        today = day_in_city(when)
        if due_on <= today:
            raise Invalid("The target needs a day in the future by which it should be reached.", field="due_on")
        if not 0 <= target <= LARGEST or not isfinite(target):
            raise Invalid("The target has to be a number that is not negative.", field="target")
        if comparison_beats and kind not in COUNTED:
            raise Invalid("Only what is counted each month can be compared with other beats.", field="comparison_beats")
        if outline and kind is not MeasureKind.INCIDENTS:
            raise Invalid("Only recorded incidents can be counted inside a drawn area.", field="outline")
        measure = Measure(
            goal_id=goal.id,
            kind=kind,
            category=category,
            direction=direction,
            target=target,
            starts_on=month_of(today),
            due_on=due_on,
            baseline_months=0,
        )
        if kind is MeasureKind.TYPED:
            _fill_typed(measure, unit=unit, baseline=baseline, source=source)
        elif baseline is not None:
            raise Invalid("The baseline of this measure is computed, never typed.", field="baseline")
        elif kind is MeasureKind.PULSE:
            _fill_asked(db, measure, today=today)
        else:
            measure.outline = valid_outline(db, outline, goal.id, on=today) if outline else ""
            _fill_counted(db, measure, unit=unit, today=today)
        _require_better(measure)
        db.execute(delete(Measure).where(Measure.goal_id == goal.id))
        db.add(measure)
        try:
            db.flush()
        except IntegrityError as cause:
            raise Invalid("The target must be better than the baseline, and due after the start.") from cause
        if measure.outline:
            count_outline(db, measure)
        compared = set_areas(db, measure, comparison_beats, on=today) if kind in COUNTED else ()
        sentence = f"Measure set: from {_said(measure, measure.baseline)} to {_said(measure, measure.target)}"
        beside = f", compared with {beats_in_words('beat', compared)}" if compared else ""
        note_event(db, goal, "measure", f"{sentence}{beside}."[:LINE_LENGTH], at=when)
        record(
            db,
            person,
            "measure_set",
            "goal",
            goal.uuid,
            kind=kind.value,
            target=target,
            baseline=measure.baseline,
            compared_with=listed(compared),
            is_drawn=bool(measure.outline),
        )


def begin_measure(db: Session, goal: Goal, *, at: datetime) -> None:
    """Let a goal's measure start now, its baseline computed anew. Inside the transaction that begins the goal.

    Nothing from before the goal began may count as after: counted measures start with the present month, the others
    today, and none before the goal was adopted. Raises Conflict: due already, no figures to start from, or the target
    is no better than what was before.
    """
    measure = db.scalars(select(Measure).where(Measure.goal_id == goal.id)).one()
    today, known = day_in_city(at), measure.baseline
    starts = max(today, goal.adopted_on or today)
    if measure.due_on <= starts:
        raise Conflict(f"The target was to be reached by {day_in_words(measure.due_on)}. {_way_on(db, goal)}")
    # Figures change one by one: the database's rule on them holds once all have changed.
    with db.no_autoflush:
        measure.starts_on = starts
        try:
            if measure.kind is MeasureKind.PULSE:
                _fill_asked(db, measure, today=today)
            elif measure.kind in COUNTED:
                _fill_counted(db, measure, unit=measure.unit, today=today)
            _require_better(measure)
        except Invalid as cause:
            raise Conflict(f"This goal cannot begin with its measure. {cause} {_way_on(db, goal)}") from cause
    db.flush()
    if measure.baseline != known:
        sentence = f"Counted anew at the start: from {_said(measure, measure.baseline)} to"
        note_event(db, goal, "measure", f"{sentence} {_said(measure, measure.target)}.", at=at)


def record_reading(
    *, actor: Actor | None, goal_uuid: UUID, read_on: date, value: float, source: str, now: datetime | None = None
) -> None:
    """Type in a dated reading of a typed measure, with its source.

    Raises SignInNeeded, NotAllowed (right, beat), NotFound, Invalid (a future day, not a number, no source), Conflict
    (no measure, a counted one, the goal has ended, or a reading of that day exists).
    """
    person = require(actor, Right.RECORD_READING)
    when = now or clock.now()
    with writing() as db:
        goal = running_goal(db, goal_uuid)
        require_posting(db, person, goal)
        measure = db.scalar(select(Measure).where(Measure.goal_id == goal.id))
        if measure is None:
            raise Conflict("This goal has no measure yet. Set one first.")
        if measure.kind is not MeasureKind.TYPED:
            raise Conflict(f"Readings of this goal are counted from {measure.source}; nothing is typed in.")
        if read_on > day_in_city(when):
            raise Invalid("A reading cannot lie in the future.", field="read_on")
        if not isfinite(value) or not 0 <= value <= LARGEST:
            raise Invalid("The reading has to be a number that is not negative.", field="value")
        given = clean_text(source, field="Source", longest=LINE_LENGTH, required=True)
        db.add(Reading(measure_id=measure.id, read_on=read_on, value=value, source=given, person_id=person.person_id))
        try:
            db.flush()
        except IntegrityError as cause:
            raise Conflict("There is a reading of that day already. Choose another day.") from cause
        note_event(db, goal, "reading", f"Reading: {_said(measure, value)}.", at=when)
        record(db, person, "reading_recorded", "goal", goal.uuid, read_on=read_on.isoformat(), value=value)


def _require_still_open(db: Session, goal: Goal) -> None:
    if goal.state is GoalState.ACTIVE:
        raise Conflict("This goal has begun: what it is judged by cannot be changed any more.")
    if goal.state is GoalState.CANDIDATE and db.scalar(select(Measure.id).where(Measure.goal_id == goal.id)):
        raise Conflict("This goal stands for a vote: what it is judged by stays until the result is published.")
    if goal.state is GoalState.ADOPTED and measure_was_voted_on(db, goal.id):
        raise Conflict("Both sides voted on this goal with its measure: what it is judged by stays as it was adopted.")


def _way_on(db: Session, goal: Goal) -> str:
    if measure_was_voted_on(db, goal.id):
        return "Both sides voted on it: withdraw the goal and propose it anew, so that they can vote on another target."
    return "Set the measure anew."


def _fill_typed(measure: Measure, *, unit: str, baseline: float | None, source: str) -> None:
    if baseline is None or not isfinite(baseline) or not 0 <= baseline <= LARGEST:
        raise Invalid("Type how it is today, as a number that is not negative.", field="baseline")
    measure.unit = clean_text(unit, field="What is measured", longest=UNIT_LENGTH, required=True)
    measure.source = clean_text(source, field="Source", longest=LINE_LENGTH, required=True)
    measure.baseline = baseline
    measure.category = ""


def _fill_counted(db: Session, measure: Measure, *, unit: str, today: date) -> None:
    codes = codes_of(db, measure.goal_id)
    beat_ids = frozenset(db.scalars(select(GoalBeat.beat_id).where(GoalBeat.goal_id == measure.goal_id)))
    name = _category_name(db, measure, beat_ids)
    # Whole months on both sides: the month in which the goal starts counts as after.
    measure.starts_on = month_of(measure.starts_on)
    wanted = Counted(measure.kind, measure.category, beat_ids)
    events = monthly_events([wanted], since=months_later(measure.starts_on, -BASELINE_MONTHS), today=today)[wanted]
    if measure.outline:
        inside = incidents_inside(measure.outline, measure.category, beat_ids)
        events = {month: inside.get(month, 0) for month in events}
    before = {month: count for month, count in events.items() if month < measure.starts_on}
    if not before:
        raise Invalid(
            f"There is no complete month of figures before {measure.starts_on:%B %Y} to compare with. "
            "Import recorded incidents first, or choose a measure with typed readings.",
            field="kind",
        )
    measure.baseline_months = len(before)
    measure.baseline = float(Fraction(sum(before.values()), len(before)))
    measure.unit = clean_text(unit, field="What is measured", longest=UNIT_LENGTH) or name.lower()
    recorded = "recorded incidents" if measure.kind is MeasureKind.INCIDENTS else "concerns raised by residents"
    place = f"inside {outline_in_words(measure.outline, beat_ids, on=today)}, " if measure.outline else ""
    measure.source = f"{recorded}, {place}beat {listed(sorted(codes))}"[:LINE_LENGTH]


def _fill_asked(db: Session, measure: Measure, *, today: date) -> None:
    beat_ids = frozenset(db.scalars(select(GoalBeat.beat_id).where(GoalBeat.goal_id == measure.goal_id)))
    asked = [wave for wave in pooled(pulse_waves_of(beat_ids, today=today)) if wave.asked_on <= measure.starts_on]
    base = base_wave(asked)
    if base is None:
        of_whom = " that was asked of a random sample" if asked else ""
        raise Invalid(f"There is no wave of the pulse{of_whom} to start from. Choose another measure.", field="kind")
    if measure.target > 1:
        raise Invalid("The target is a share of the people who answer: at most 100 %.", field="target")
    measure.category = "after_dark"
    measure.unit = "feel safe alone after dark"
    measure.baseline = float(base.share.share or 0)
    beats = listed(sorted(codes_of(db, measure.goal_id)))
    measure.source = f"pulse of beat {beats}, {base.share.n} answers in {base.asked_on:%B %Y}"[:LINE_LENGTH]


def _category_name(db: Session, measure: Measure, beat_ids: frozenset[int]) -> str:
    """The category as people say it, once it is known to be one that occurs."""
    if measure.kind is MeasureKind.CONCERNS:
        if db.scalar(select(Category.id).where(Category.key == measure.category)) is None:
            raise NotFound("There is no such category of concerns. Choose one from the list.")
        return f"concerns about {measure.category.replace('_', ' ')}"
    if measure.category not in incident_categories(beat_ids):
        raise NotFound("No incidents of this category are recorded in the goal’s beats. Choose one from the list.")
    return measure.category


def _require_better(measure: Measure) -> None:
    is_better = (
        measure.target < measure.baseline
        if measure.direction is Direction.DOWN
        else (measure.target > measure.baseline)
    )
    if not is_better:
        side = "below" if measure.direction is Direction.DOWN else "above"
        raise Invalid(
            f"The target has to lie {side} the baseline, which is {_said(measure, measure.baseline)}.", field="target"
        )


def _said(measure: Measure, value: float) -> str:
    """A value as the timeline says it, without the words that people typed."""
    if measure.kind is MeasureKind.PULSE:
        return percent(exact(value))
    figure = f"{value:,.1f}".removesuffix(".0")
    return figure if measure.kind is MeasureKind.TYPED else f"{figure} a month"
