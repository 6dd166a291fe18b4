"""What the demonstration's goals are judged by.

Baselines are computed from the invented incidents, concerns and pulse answers, exactly as the product computes them for
a real goal; only measures with typed readings have a figure that is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pandas as pd
import shapely

from lib.demo.concerns import DemoConcern
from lib.demo.geography import Geography
from lib.demo.plan import GoalPlan, MeasurePlan
from lib.demo.pulse import DemoWave
from lib.demo.schedule import last_day
from lib.rules.goals import Direction, MeasureKind
from lib.rules.months import month_of, months_later
from lib.rules.outlines import circle_outline
from lib.rules.text import listed, percent
from lib.rules.windows import monthly_series

BASELINE_MONTHS = 12
FEELS_SAFE = (1, 2)

_NEARLY_FIRST = 3
"""Concerns that begin in the first three days of a month cover it (as `queries/monthly.py` has it)."""


@dataclass(frozen=True)
class DemoMeasure:
    """What a goal is judged by, its baseline computed."""

    kind: MeasureKind
    category: str
    unit: str
    direction: Direction
    baseline: float
    baseline_months: int
    target: float
    starts_on: date
    due_on: date
    source: str
    outline: str = ""


@dataclass(frozen=True)
class Figures:
    """What is already invented and what baselines are computed from."""

    incidents: pd.DataFrame
    concerns: Sequence[DemoConcern]
    waves: Sequence[DemoWave]
    today: date
    zone: ZoneInfo
    geography: Geography


def said(measure: DemoMeasure, value: float) -> str:
    """A value as a sentence says it."""
    return percent(value) if measure.kind is MeasureKind.PULSE else f"{value:,.1f}".removesuffix(".0")


def demo_measure(goal: GoalPlan, figures: Figures) -> DemoMeasure | None:
    """The goal's measure; None before it was adopted, or where none is told."""
    told, starts_on = goal.measure, goal.starts_on
    if told is None or starts_on is None:
        return None
    kind, codes = MeasureKind(told.kind), listed(sorted(goal.beats))
    category, unit, source, months = told.category, told.unit, told.source, 0
    outline = _outline(goal, told, figures) if told.within else ""
    if kind is MeasureKind.PULSE:
        asked_on, answers, share = _pulse_before(goal, starts_on, figures)
        baseline = Fraction(round(share * answers), answers)
        category, unit = "after_dark", "feel safe alone after dark"
        source = f"pulse of beat {codes}, {answers} answers in {asked_on:%B %Y}"
    elif kind is MeasureKind.TYPED:
        baseline = Fraction(told.baseline)
    else:
        events = _before(goal, told, starts_on, figures, outline)
        months = len(events)
        # A shrunken city (for tests) may hold none; nobody sets a goal for something that never happens.
        baseline = Fraction(max(sum(events), 1), months)
        recorded = "recorded incidents" if kind is MeasureKind.INCIDENTS else "concerns raised by residents"
        place = f"inside the drawn area {told.within} m round {goal.trouble.place}, " if outline else ""
        source = f"{recorded}, {place}beat {codes}"
    return DemoMeasure(
        kind=kind,
        category=category,
        unit=unit,
        direction=Direction(told.direction),
        baseline=float(baseline),
        baseline_months=months,
        target=_target(told, kind, baseline),
        starts_on=starts_on,
        due_on=last_day(figures.today, told.due),
        source=source,
        outline=outline,
    )


def _target(told: MeasurePlan, kind: MeasureKind, baseline: Fraction) -> float:
    """A counted measure's target is a share of its baseline, written as a round number where that is still better."""
    if kind in (MeasureKind.PULSE, MeasureKind.TYPED):
        return told.target
    exact = float(baseline) * told.target
    written = float(round(exact)) if exact >= 4 else round(exact, 1)
    return written if written < float(baseline) else exact


def _outline(goal: GoalPlan, told: MeasurePlan, figures: Figures) -> str:
    """The circle round the place where the trouble is."""
    beat = figures.geography.by_code[goal.beats[0]]
    spot = next(each for each in beat.spots if each.name == goal.trouble.place)
    return circle_outline(spot.longitude, spot.latitude, told.within)


def _before(goal: GoalPlan, told: MeasurePlan, starts_on: date, figures: Figures, outline: str) -> list[int]:
    """Events of the complete months of the year before the goal started."""
    if told.kind == MeasureKind.INCIDENTS:
        rows = figures.incidents
        chosen = rows["beat"].isin(goal.beats) & (rows["category"] == told.category)
        if outline:
            area = shapely.from_geojson(outline)
            chosen &= shapely.intersects_xy(area, rows["lon"].to_numpy(), rows["lat"].to_numpy())
        days = [each.date() for each in rows.loc[chosen, "occurred_on"]]
        first_on = rows["occurred_on"].min().date()
    else:
        days = [
            each.reported_at.astimezone(figures.zone).date()
            for each in figures.concerns
            if each.beat in goal.beats and each.category == told.category
        ]
        first_on = min(each.reported_at for each in figures.concerns).astimezone(figures.zone).date()
    if first_on.day <= _NEARLY_FIRST:
        first_on = month_of(first_on)
    counts: dict[date, int] = {}
    for day in days:
        counts[month_of(day)] = counts.get(month_of(day), 0) + 1
    series = monthly_series(counts, first_on, figures.today - timedelta(days=1))
    first = months_later(month_of(starts_on), -BASELINE_MONTHS)
    return [count for month, count in series.items() if first <= month < month_of(starts_on)]


def _pulse_before(goal: GoalPlan, starts_on: date, figures: Figures) -> tuple[date, int, Fraction]:
    """The last wave before the start: its day, answers, and the share that feels safe after dark."""
    waves = [wave for wave in figures.waves if wave.beat in goal.beats]
    wave = next((each for each in reversed(waves) if each.wave_on <= starts_on), waves[0])
    answers = [answer.after_dark for answer in wave.answers if answer.after_dark is not None]
    return wave.wave_on, len(answers), Fraction(sum(answer in FEELS_SAFE for answer in answers), len(answers))
