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
from lib.queries.measure_areas import NO_AREAS, Areas, areas_beside, beats_in_words, inside_outlines
from lib.queries.monthly import Counted, monthly_events
from lib.queries.pulse import PulseWave, pooled, pulse_waves_of
from lib.rules.comparing import Beside
from lib.rules.evidence import MeasureStanding, TypedReading, counted_standing, typed_standing
from lib.rules.goals import Direction, MeasureKind
from lib.rules.instrument import Sample
from lib.rules.intervals import Interval
from lib.rules.months import month_of, months_later
from lib.rules.standing import AskedWave, base_wave, pulse_standing
from lib.storage.transaction import reading

MONTHS_BEFORE = 24
"""Months before the earliest start that are read: a year to draw, and what the same months are compared with."""


@dataclass(frozen=True)
class MeasureRow:
    """What a goal is judged by. `beat_ids` are the goal's beats; after `ended_on` nothing counts any more.

    `outline`: the GeoJSON of a drawn area inside the beats, whose incidents alone count; "" for whole beats.
    """

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
    outline: str = ""

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
    """One reading. `on` is the first day of a counted month. `n` and `interval` are known for pulse answers only.

    `is_apart`: of volunteers, or asked in other words, so that no line leads to it.
    """

    on: date
    value: Fraction
    source: str
    n: int | None = None
    interval: Interval | None = None
    is_apart: bool = False


@dataclass(frozen=True)
class MeasureProgress:
    """A measure with its readings, oldest first, and how it stands.

    `comparison` and `neighbours` are the codes of the beats beside it; `beside` are the comparison beats' events of the
    same months as `points`, empty without any.
    """

    measure: MeasureRow
    points: tuple[SeriesPoint, ...]
    standing: MeasureStanding
    comparison: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    beside: tuple[int, ...] = ()


def measures_progress(measures: Collection[MeasureRow], *, today: date) -> dict[int, MeasureProgress]:
    """How each measure stands, by goal id.

    At most thirteen statements, whatever the number of measures: six for incidents, three for concerns, one each for
    the beats beside, drawn areas, typed readings and the pulse; none for a kind that does not occur.
    """
    typed_goals = [measure.goal_id for measure in measures if measure.kind is MeasureKind.TYPED]
    asked = [measure for measure in measures if measure.kind is MeasureKind.PULSE]
    counted = [measure for measure in measures if measure.counted is not None]
    drawn = [measure.goal_id for measure in counted if measure.outline]
    with reading() as db:
        areas = areas_beside(db, [measure.goal_id for measure in counted]) if counted else {}
        wanted = {each for measure in counted for each in _wanted(measure, areas.get(measure.goal_id, NO_AREAS))}
        events = monthly_events(wanted, since=_first_needed(measures), today=today) if wanted else {}
        inside = inside_outlines(db, drawn) if drawn else {}
        typed = _typed_readings(db, typed_goals) if typed_goals else {}
        waves = pulse_waves_of(frozenset().union(*(m.beat_ids for m in asked)), today=today) if asked else ()
    progress = {}
    for measure in measures:
        until = min(today, measure.ended_on) if measure.ended_on else today
        if measure.counted is not None:
            beside = areas.get(measure.goal_id, NO_AREAS)
            progress[measure.goal_id] = _counted_progress(measure, beside, events, inside.get(measure.goal_id), until)
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
    """One goal's readings and standing, None while it has no measure. At most ten statements. Raises NotFound."""
    measure = measure_of(goal_uuid)
    return None if measure is None else measures_progress([measure], today=today)[measure.goal_id]


def has_reached_target(goal_uuid: UUID, *, today: date, after: date | None = None) -> bool:
    """Whether the latest value of the goal's measure is at the target or beyond, and (with `after`) dated after that
    day. As `measure_series`."""
    progress = measure_series(goal_uuid, today=today)
    if progress is None or not progress.standing.reached:
        return False
    return after is None or (bool(progress.points) and progress.points[-1].on > after)


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
        outline=measure.outline,
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


def _of_beats(measure: MeasureRow, beats: Sequence[tuple[int, str]]) -> Counted:
    return Counted(measure.kind, measure.category, frozenset(beat_id for beat_id, _ in beats))


def _wanted(measure: MeasureRow, areas: Areas) -> list[Counted]:
    """What is counted for a measure: in its own beats, and in those beside it."""
    own = [measure.counted] if measure.counted is not None else []
    return own + [_of_beats(measure, beats) for beats in (areas.comparison, areas.neighbours) if beats]


def _counted_progress(
    measure: MeasureRow,
    areas: Areas,
    events: Mapping[Counted, Mapping[date, int]],
    inside: Mapping[date, int] | None,
    until: date,
) -> MeasureProgress:
    """`inside`: the incidents of a drawn area, None for whole beats; the rest of its beats is neighbourhood too."""

    def known(beats: Sequence[tuple[int, str]]) -> Mapping[date, int]:
        return events[_of_beats(measure, beats)] if beats else {}

    running = month_of(until)
    whole = events[measure.counted] if measure.counted is not None else {}
    own = {
        month: count if inside is None else inside.get(month, 0) for month, count in whole.items() if month < running
    }
    comparison = (
        Beside(beats_in_words("beat", areas.comparison_codes), known(areas.comparison)) if areas.comparison else None
    )
    near, neighbours = known(areas.neighbours), None
    if inside is not None:
        rest = {month: whole[month] - count + near.get(month, 0) for month, count in own.items()}
        neighbours = Beside("The rest of the beat and its neighbours", rest)
    elif areas.neighbours:
        neighbours = Beside(beats_in_words("Neighbouring beat", areas.neighbour_codes), near)
    standing = counted_standing(
        own,
        baseline=measure.baseline,
        baseline_months=measure.baseline_months,
        target=measure.target,
        direction=measure.direction,
        starts_on=measure.starts_on,
        due_on=measure.due_on,
        today=until,
        unit=measure.unit,
        source=measure.source,
        comparison=comparison,
        neighbours=neighbours,
    )
    first = months_later(measure.starts_on, -12)
    drawn = [month for month in own if month >= first]
    return MeasureProgress(
        measure,
        tuple(SeriesPoint(month, Fraction(own[month]), measure.source) for month in drawn),
        standing,
        comparison=areas.comparison_codes,
        neighbours=areas.neighbour_codes,
        beside=tuple(comparison.series.get(month, 0) for month in drawn) if comparison is not None else (),
    )


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
    shown = [wave for wave in shares if wave.share.share is not None]
    base = base_wave([wave for wave in shown if wave.asked_on < measure.starts_on])
    return MeasureProgress(measure, tuple(_pulse_point(wave, base) for wave in shown), standing)


def _pulse_point(wave: AskedWave, base: AskedWave | None) -> SeriesPoint:
    share = wave.share
    kind = Sample.VOLUNTEER if share.volunteers else Sample.RANDOM
    is_apart = not wave.is_comparable or (base is not None and wave.wording != base.wording)
    source = f"pulse, {kind.value} sample"
    return SeriesPoint(wave.asked_on, share.share or Fraction(0), source, share.n, share.interval, is_apart)
