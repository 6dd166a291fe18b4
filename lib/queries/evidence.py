"""Questions about what measures say: their readings, oldest first, and how they stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.errors import NotFound
from lib.model import Goal, GoalBeat, Measure, Reading
from lib.queries.monthly import Counted, monthly_events
from lib.queries.pulse import PulseWave, pooled, pulse_waves_of
from lib.rules.evidence import MeasureStanding, TypedReading, counted_standing, typed_standing
from lib.rules.goals import Direction, MeasureKind
from lib.rules.instrument import Sample
from lib.rules.intervals import Interval
from lib.rules.months import months_later
from lib.rules.pulse import PulseShare
from lib.rules.standing import pulse_standing
from lib.storage.transaction import reading

MONTHS_BEFORE = 24
"""Months before the earliest start that are read: a year to draw, and what the same months are compared with."""


@dataclass(frozen=True)
class MeasureRow:
    """What a goal is judged by. `beat_ids` are the goal's beats; after `ended_on` nothing counts any more."""

    goal_id: int
    kind: MeasureKind
    category: str
    unit: str
    direction: Direction
    baseline: Fraction
    baseline_months: int
    target: Fraction
    starts_on: date
    due_on: date
    source: str
    beat_ids: frozenset[int]
    ended_on: date | None = None

    @property
    def counted(self) -> Counted | None:
        """What is counted per month; None where readings are typed or asked."""
        if self.kind not in (MeasureKind.INCIDENTS, MeasureKind.CONCERNS):
            return None
        return Counted(self.kind, self.category, self.beat_ids)

    @property
    def is_share(self) -> bool:
        """Whether values are shares from 0 to 1 (the pulse)."""
        return self.kind is MeasureKind.PULSE


@dataclass(frozen=True)
class SeriesPoint:
    """One reading. `on` is the first day of a counted month. `n` and `interval` are known for pulse answers only."""

    on: date
    value: Fraction
    source: str
    n: int | None = None
    interval: Interval | None = None


@dataclass(frozen=True)
class MeasureProgress:
    """A measure with its readings, oldest first, and how it stands."""

    measure: MeasureRow
    points: tuple[SeriesPoint, ...]
    standing: MeasureStanding


def measures_progress(measures: Collection[MeasureRow], *, today: date) -> dict[int, MeasureProgress]:
    """How each measure stands, by goal id.

    At most eleven statements, whatever the number of measures: six for incidents, three for concerns, one each for
    typed readings and the pulse; none for a kind that does not occur.
    """
    typed_goals = [measure.goal_id for measure in measures if measure.kind is MeasureKind.TYPED]
    asked = [measure for measure in measures if measure.kind is MeasureKind.PULSE]
    counted = {measure.counted for measure in measures if measure.counted is not None}
    with reading() as db:
        events = monthly_events(counted, since=_first_needed(measures), today=today) if counted else {}
        typed = _typed_readings(db, typed_goals) if typed_goals else {}
        waves = pulse_waves_of(frozenset().union(*(m.beat_ids for m in asked)), today=today) if asked else ()
    progress = {}
    for measure in measures:
        until = min(today, measure.ended_on) if measure.ended_on else today
        if measure.counted is not None:
            progress[measure.goal_id] = _counted_progress(measure, events[measure.counted], until)
        elif measure.kind is MeasureKind.PULSE:
            progress[measure.goal_id] = _pulse_progress(measure, waves, until)
        else:
            progress[measure.goal_id] = _typed_progress(measure, typed.get(measure.goal_id, []), until)
    return progress


def measure_of(goal_uuid: UUID) -> MeasureRow | None:
    """The goal's measure, None while it has none. Two statements. Raises NotFound for an unknown goal."""
    with reading() as db:
        row = db.execute(
            select(Goal.id, Goal.ended_on, Measure)
            .outerjoin(Measure, Measure.goal_id == Goal.id)
            .where(Goal.uuid == goal_uuid)
        ).first()
        if row is None:
            raise NotFound("This goal does not exist. Go back to the list of goals.")
        beats = frozenset(db.scalars(select(GoalBeat.beat_id).where(GoalBeat.goal_id == row.id)))
    return None if row.Measure is None else measure_row(row.Measure, beats, row.ended_on)


def measure_series(goal_uuid: UUID, *, today: date) -> MeasureProgress | None:
    """One goal's readings and standing, None while it has no measure. At most eight statements. Raises NotFound."""
    measure = measure_of(goal_uuid)
    return None if measure is None else measures_progress([measure], today=today)[measure.goal_id]


def has_reached_target(goal_uuid: UUID, *, today: date) -> bool:
    """Whether the latest value of the goal's measure is at the target or beyond. As `measure_series`."""
    progress = measure_series(goal_uuid, today=today)
    return progress is not None and progress.standing.reached


def measure_row(measure: Measure, beat_ids: frozenset[int], ended_on: date | None) -> MeasureRow:
    """A stored measure as a frozen row, its figures exact."""
    return MeasureRow(
        goal_id=measure.goal_id,
        kind=measure.kind,
        category=measure.category,
        unit=measure.unit,
        direction=measure.direction,
        baseline=exact(measure.baseline),
        baseline_months=measure.baseline_months,
        target=exact(measure.target),
        starts_on=measure.starts_on,
        due_on=measure.due_on,
        source=measure.source,
        beat_ids=beat_ids,
        ended_on=ended_on,
    )


def exact(value: float) -> Fraction:
    """A stored figure as the fraction it stands for: thirds and twelfths of a mean come back whole.

    >>> exact(61 / 6)
    Fraction(61, 6)
    """
    return Fraction(value).limit_denominator(100_000)


def _first_needed(measures: Collection[MeasureRow]) -> date:
    return months_later(min(measure.starts_on for measure in measures), -MONTHS_BEFORE)


def _typed_readings(db: Session, goal_ids: Sequence[int]) -> dict[int, list[TypedReading]]:
    rows = db.execute(
        select(Measure.goal_id, Reading.read_on, Reading.value, Reading.source)
        .join(Measure, Measure.id == Reading.measure_id)
        .where(Measure.goal_id.in_(goal_ids))
        .order_by(Reading.read_on)
    )
    readings: dict[int, list[TypedReading]] = {}
    for goal_id, read_on, value, source in rows:
        readings.setdefault(goal_id, []).append(TypedReading(read_on, exact(value), source))
    return readings


def _counted_progress(measure: MeasureRow, events: Mapping[date, int], until: date) -> MeasureProgress:
    known = {month: count for month, count in events.items() if months_later(month, 1) <= until}
    standing = counted_standing(
        known,
        baseline=measure.baseline,
        baseline_months=measure.baseline_months,
        target=measure.target,
        direction=measure.direction,
        starts_on=measure.starts_on,
        due_on=measure.due_on,
        today=until,
        unit=measure.unit,
        source=measure.source,
    )
    first = months_later(measure.starts_on, -12)
    points = tuple(
        SeriesPoint(month, Fraction(count), measure.source) for month, count in known.items() if month >= first
    )
    return MeasureProgress(measure, points, standing)


def _typed_progress(measure: MeasureRow, readings: Sequence[TypedReading], until: date) -> MeasureProgress:
    known = [each for each in readings if each.read_on <= until]
    standing = typed_standing(
        known,
        baseline=measure.baseline,
        target=measure.target,
        direction=measure.direction,
        starts_on=measure.starts_on,
        due_on=measure.due_on,
        today=until,
        unit=measure.unit,
    )
    return MeasureProgress(measure, tuple(SeriesPoint(r.read_on, r.value, r.source) for r in known), standing)


def _pulse_progress(measure: MeasureRow, waves: Sequence[PulseWave], until: date) -> MeasureProgress:
    own = [wave for wave in waves if wave.beat_id in measure.beat_ids and wave.wave_on <= until]
    shares = pooled(own)
    standing = pulse_standing(
        shares,
        baseline=measure.baseline,
        target=measure.target,
        direction=measure.direction,
        starts_on=measure.starts_on,
        due_on=measure.due_on,
        today=until,
        source=measure.source,
    )
    points = tuple(_pulse_point(day, share) for day, share in shares if share.share is not None)
    return MeasureProgress(measure, points, standing)


def _pulse_point(day: date, share: PulseShare) -> SeriesPoint:
    kind = Sample.VOLUNTEER if share.volunteers else Sample.RANDOM
    return SeriesPoint(day, share.share or Fraction(0), f"pulse, {kind.value} sample", share.n, share.interval)
