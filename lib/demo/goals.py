"""Goals of the demonstration, with what came before them and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from lib.demo.concerns import DemoConcern
from lib.demo.measures import DemoMeasure, Figures, demo_measure, said
from lib.demo.people import DemoPerson
from lib.demo.plan import GoalPlan, Plan, PromisePlan
from lib.demo.schedule import at_hour
from lib.rules.goals import Feasibility
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, Party, Role, Side, countersigning_sides
from lib.rules.text import counted


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
    measure = demo_measure(goal, figures)
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
        commitments=tuple(
            _commitment(goal, promise, turn, figures, staff) for turn, promise in enumerate(goal.promises)
        ),
        readings=tuple(
            (figures.today + timedelta(days=days), value, goal.measure.source if goal.measure else "")
            for days, value in goal.readings
        ),
    )


_BEGUN = frozenset({GoalState.ACTIVE, GoalState.ACHIEVED, GoalState.NOT_ACHIEVED})


def _story(goal: GoalPlan, concerns: int, measure: DemoMeasure | None) -> dict[str, str]:
    """The four parts with their figures filled in."""
    figure = said(measure, measure.baseline) if measure is not None else ""
    return {
        part: text.replace("{concerns} concerns", counted(concerns, "concern")).replace("{baseline}", figure)
        for part, text in goal.story.items()
    }


def _commitment(goal: GoalPlan, promise: PromisePlan, turn: int, figures: Figures, staff: Staff) -> DemoCommitment:
    beat, state = goal.beats[0], promise.becomes
    offered_at = at_hour(_offered_on(goal, promise, figures.today), 16 + 0.35 * turn, figures.zone)
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
                signed_at=at_hour(settled_on, 18 + later, figures.zone),
            )
            for later, side in enumerate(signing)
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
