"""Goals of the demonstration, with what came before them and what became of them.

Baselines are computed from the invented incidents, concerns and pulse answers, exactly as the product computes them for
a real goal; only measures with typed readings have a figure that is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from lib.demo.concerns import DemoConcern
from lib.demo.people import DemoPerson
from lib.demo.plan import GoalPlan, MeasurePlan, Plan, PromisePlan, at_hour, last_day
from lib.demo.pulse import DemoWave
from lib.rules.evidence import monthly_series
from lib.rules.goals import Direction, Feasibility, MeasureKind
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, Party, Role, Side, countersigning_sides
from lib.rules.months import month_of, months_later
from lib.rules.text import counted, listed, percent

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


@dataclass(frozen=True)
class DemoSignature:
    side: Electorate
    verdict: CommitmentState
    note: str
    person: str
    signed_at: datetime


@dataclass(frozen=True)
class DemoCommitment:
    """`offered_by` is an e-mail address; `partner` a partner's name or ""."""

    party: Party
    partner: str
    owner: str
    deliverable: str
    done_means: str
    due_on: date
    state: CommitmentState
    offered_at: datetime
    accepted_at: datetime | None
    settled_on: date | None
    released_reason: str
    signatures: tuple[DemoSignature, ...]
    offered_by: str


@dataclass(frozen=True)
class DemoGoal:
    """A goal with its story; `concerns` are those it grew out of, by their public names."""

    plan: GoalPlan
    story: Mapping[str, str]
    proposed_at: datetime
    proposed_by: str
    feasibility: Feasibility
    feasibility_by: str
    feasibility_at: datetime
    began_at: datetime | None
    concerns: tuple[UUID, ...]
    measure: DemoMeasure | None
    commitments: tuple[DemoCommitment, ...]
    readings: tuple[tuple[date, float, str], ...]


@dataclass(frozen=True)
class Figures:
    """What is already invented and what baselines are computed from."""

    incidents: pd.DataFrame
    concerns: Sequence[DemoConcern]
    waves: Sequence[DemoWave]
    today: date
    zone: ZoneInfo


class Staff:
    """Who acts for which beat: officers by posting, facilitators in turn."""

    def __init__(self, people: Sequence[DemoPerson]) -> None:
        self._officers: dict[str, list[DemoPerson]] = {}
        for person in people:
            for posting in person.postings:
                if posting.valid_to is None:
                    self._officers.setdefault(posting.beat, []).append(person)
        self._facilitators = [
            person for person in people if Role.FACILITATOR in person.roles and person.side is Side.RESIDENTS
        ]

    def officer(self, beat: str, turn: int = 0) -> DemoPerson:
        """An officer posted there today, another one for another turn."""
        officers = self._officers[beat]
        return officers[turn % len(officers)]

    def facilitator(self, beat: str) -> DemoPerson:
        """The residents' facilitator of a beat: the demonstration's account for K2, one of the others elsewhere."""
        return self._facilitators[0 if beat == "K2" else 1 + sum(map(ord, beat)) % (len(self._facilitators) - 1)]

    def signer(self, side: Electorate, beat: str) -> DemoPerson:
        """Who countersigns for a side."""
        return self.facilitator(beat) if side is Electorate.RESIDENTS else self.officer(beat)

    def slots(self, beat: str) -> dict[str, str]:
        """The names of two officers of the beat as they are written, for `{officer1}` and `{officer2}`."""
        names = [self.officer(beat, turn).name for turn in (0, 1)]
        return {f"officer{n}": name if name.startswith("Sgt.") else f"Ofc. {name}" for n, name in enumerate(names, 1)}


def demo_goals(
    *,
    seed: int,
    plan: Plan,
    behind: Mapping[str, Sequence[DemoConcern]],
    figures: Figures,
    people: Sequence[DemoPerson],
) -> dict[str, DemoGoal]:
    """Every goal by its key. `behind`: the concerns of each goal's trouble."""
    staff = Staff(people)
    return {
        key: _goal(np.random.default_rng([seed, 9, number]), goal, behind[key], figures, staff)
        for number, (key, goal) in enumerate(plan.goals.items())
    }


def _goal(
    rng: np.random.Generator, goal: GoalPlan, raised: Sequence[DemoConcern], figures: Figures, staff: Staff
) -> DemoGoal:
    beat = goal.beats[0]
    until = at_hour(goal.linked_until, 0, figures.zone)
    linked = [concern for concern in raised if concern.reported_at < until]
    measure = _measure(goal, figures) if goal.measure is not None and goal.starts_on is not None else None
    proposed_at = at_hour(goal.proposed_on, float(rng.uniform(10, 20)), figures.zone)
    answered_on = min(goal.proposed_on + timedelta(days=int(rng.integers(6, 15))), figures.today - timedelta(days=2))
    began_on = goal.starts_on if goal.state in _BEGUN else None
    return DemoGoal(
        plan=goal,
        story=_story(goal, len(linked), measure),
        proposed_at=proposed_at,
        proposed_by=(staff.facilitator(beat) if rng.random() < 0.7 else staff.officer(beat, 1)).email,
        feasibility=Feasibility(goal.feasibility),
        feasibility_by=staff.officer(beat).email,
        feasibility_at=at_hour(answered_on, float(rng.uniform(9, 17)), figures.zone),
        began_at=at_hour(began_on, 9, figures.zone) if began_on is not None else None,
        concerns=tuple(concern.uuid for concern in linked),
        measure=measure,
        commitments=tuple(_commitment(goal, promise, figures, staff) for promise in goal.promises),
        readings=tuple(
            (figures.today + timedelta(days=days), value, goal.measure.source if goal.measure else "")
            for days, value in goal.readings
        ),
    )


_BEGUN = frozenset({GoalState.ACTIVE, GoalState.ACHIEVED, GoalState.NOT_ACHIEVED})


def _story(goal: GoalPlan, concerns: int, measure: DemoMeasure | None) -> dict[str, str]:
    """The four parts with their figures filled in."""
    figure = _said(measure, measure.baseline) if measure is not None else ""
    return {
        part: text.replace("{concerns} concerns", counted(concerns, "concern")).replace("{baseline}", figure)
        for part, text in goal.story.items()
    }


def _said(measure: DemoMeasure, value: float) -> str:
    return percent(value) if measure.kind is MeasureKind.PULSE else f"{value:,.1f}".removesuffix(".0")


def _measure(goal: GoalPlan, figures: Figures) -> DemoMeasure:
    told, starts_on = goal.measure, goal.starts_on
    if told is None or starts_on is None:
        raise ValueError(f"{goal.key} has no measure")
    kind, codes = MeasureKind(told.kind), listed(sorted(goal.beats))
    category, unit, source, months = told.category, told.unit, told.source, 0
    if kind is MeasureKind.PULSE:
        asked_on, answers, share = _pulse_before(goal, starts_on, figures)
        baseline = Fraction(round(share * answers), answers)
        category, unit = "after_dark", "feel safe alone after dark"
        source = f"pulse of beat {codes}, {answers} answers in {asked_on:%B %Y}"
    elif kind is MeasureKind.TYPED:
        baseline = Fraction(told.baseline)
    else:
        events = _before(goal, told, starts_on, figures)
        months = len(events)
        # A shrunken city (for tests) may hold none; nobody sets a goal for something that never happens.
        baseline = Fraction(max(sum(events), 1), months)
        recorded = "recorded incidents" if kind is MeasureKind.INCIDENTS else "concerns raised by residents"
        source = f"{recorded}, beat {codes}"
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
    )


def _target(told: MeasurePlan, kind: MeasureKind, baseline: Fraction) -> float:
    """A counted measure's target is a share of its baseline, written as a round number where that is still better."""
    if kind in (MeasureKind.PULSE, MeasureKind.TYPED):
        return told.target
    exact = float(baseline) * told.target
    written = float(round(exact)) if exact >= 4 else round(exact, 1)
    return written if written < float(baseline) else exact


def _before(goal: GoalPlan, told: MeasurePlan, starts_on: date, figures: Figures) -> list[int]:
    """Events of the complete months of the year before the goal started."""
    if told.kind == MeasureKind.INCIDENTS:
        rows = figures.incidents
        chosen = rows["beat"].isin(goal.beats) & (rows["category"] == told.category)
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


def _commitment(goal: GoalPlan, promise: PromisePlan, figures: Figures, staff: Staff) -> DemoCommitment:
    beat, state = goal.beats[0], promise.becomes
    offered_on = _offered_on(goal, promise, figures.today)
    offered_at = at_hour(offered_on, 17, figures.zone)
    settled_on = figures.today + timedelta(days=promise.signed) if promise.signed is not None else None
    signatures: tuple[DemoSignature, ...] = ()
    if settled_on is not None and state in (CommitmentState.KEPT, CommitmentState.BROKEN):
        sides = sorted(countersigning_sides(promise.party))
        # One side's word is enough for "broken"; "kept" of a partner needs both.
        signing = sides if state is CommitmentState.KEPT else sides[-1:]
        signatures = tuple(
            DemoSignature(
                side=side,
                verdict=state,
                note=promise.note,
                person=staff.signer(side, beat).email,
                signed_at=at_hour(settled_on, 18 + turn, figures.zone),
            )
            for turn, side in enumerate(signing)
        )
    by = staff.facilitator(beat) if promise.party is Party.RESIDENTS else staff.officer(beat)
    return DemoCommitment(
        party=promise.party,
        partner=promise.partner,
        owner=promise.owner.format(**staff.slots(beat)),
        deliverable=promise.deliverable,
        done_means=promise.done,
        due_on=figures.today + timedelta(days=promise.due),
        state=state,
        offered_at=offered_at,
        accepted_at=None if state is CommitmentState.OFFERED else offered_at + timedelta(days=2, hours=2),
        settled_on=settled_on,
        released_reason=promise.note if state is CommitmentState.RELEASED else "",
        signatures=signatures,
        offered_by=by.email,
    )


def _offered_on(goal: GoalPlan, promise: PromisePlan, today: date) -> date:
    """Commitments are offered in the week after adoption; an open offer is a few days old."""
    if goal.adopted_on is None:
        raise ValueError(f"{goal.key} has commitments and was never adopted")
    if goal.reopened is not None and promise.due > 0:
        return goal.reopened.on + timedelta(days=6)
    if promise.becomes is CommitmentState.OFFERED:
        return max(today - timedelta(days=3), goal.adopted_on + timedelta(days=1))
    return min(goal.adopted_on + timedelta(days=5), today - timedelta(days=3))
