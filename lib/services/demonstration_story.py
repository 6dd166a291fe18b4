"""Storing what the demonstration tells: goals, meetings, and rounds with their sealed ballots.

Inside the caller's transaction. Rows go in the order in which the schema's guarantees want them: a commitment is kept
only after the other side has signed, a goal is active only after its measure and commitments stand.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from lib.demo.goals import DemoGoal
from lib.model import (
    Category,
    Commitment,
    Concern,
    Countersignature,
    Goal,
    GoalBeat,
    GoalConcern,
    GoalEvent,
    Measure,
    Partner,
    Reading,
)
from lib.rules.goals import MeasureKind
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.rules.text import percent
from lib.services.demonstration_areas import store_areas
from lib.services.demonstration_history import Ids, Step
from lib.services.demonstration_rows import add_rows, inserted
from lib.services.log import type_of_fact

_JUDGED = (GoalState.ACTIVE, GoalState.ACHIEVED)
_SAID = {"yes": "can", "partly": "can partly", "no": "cannot"}
_CONFIRMED = "Residents confirmed: the goal was achieved."
_WHOSE = {Party.RESIDENTS: "Residents", Party.OFFICERS: "Officers", Party.PARTNER: "A partner"}


def store_goals(db: Session, goals: Mapping[str, DemoGoal], ids: Ids) -> list[Step]:
    """Goals with beats, lineage, measures, readings, commitments and events; what to write in the log."""
    told = list(goals.values())
    categories = {key: row for row, key in db.execute(select(Category.id, Category.key))}
    rows = inserted(db, Goal, [_goal_row(goal, categories, ids) for goal in told])
    ids.goals.update({goal.plan.uuid: row for goal, row in zip(told, rows, strict=True)})
    add_rows(
        db,
        GoalBeat,
        [
            {"goal_id": row, "beat_id": ids.beats[beat]}
            for row, goal in zip(rows, told, strict=True)
            for beat in goal.plan.beats
        ],
    )
    _link(db, told, ids)
    _store_measures(db, told, ids)
    steps = _store_commitments(db, told, ids)
    begun = [
        {"row": ids.goals[goal.plan.uuid], "stands": goal.plan.state} for goal in told if goal.plan.state in _JUDGED
    ]
    if begun:
        stands = bindparam("stands", type_=Goal.state.type)
        db.connection().execute(update(Goal).where(Goal.id == bindparam("row")).values(state=stands), begun)
    # No goal begins on a broken commitment, so what broke is broken after it began.
    broken = select(Countersignature.commitment_id).where(Countersignature.verdict == CommitmentState.BROKEN)
    db.execute(update(Commitment).where(Commitment.id.in_(broken)).values(state=CommitmentState.BROKEN))
    return [*steps, *(step for goal in told for step in _goal_steps(goal))]


def store_events(db: Session, goals: Mapping[str, DemoGoal], of_votes: list[dict[str, Any]], ids: Ids) -> None:
    """The timeline of every goal, `of_votes` among it, in the order of time."""
    events = [event for goal in goals.values() for event in _events(goal, ids)] + of_votes
    add_rows(db, GoalEvent, sorted(events, key=lambda event: event["happened_at"]))


def _goal_row(goal: DemoGoal, categories: Mapping[str, int], ids: Ids) -> dict[str, Any]:
    plan = goal.plan
    return {
        "uuid": plan.uuid,
        "title": plan.title,
        "summary": plan.summary,
        "category_id": categories[plan.category],
        **{part: goal.story.get(part, "") for part in ("scanning", "analysis", "response", "assessment")},
        # One that has begun is adopted until its measure and commitments stand.
        "state": GoalState.ADOPTED if plan.state in _JUDGED else plan.state,
        "proposed_at": goal.proposed_at,
        "proposed_by_id": ids.people[goal.proposed_by],
        "feasibility": goal.feasibility,
        "feasibility_reason": plan.feasibility_reason,
        "feasibility_by_id": ids.people[goal.feasibility_by],
        "feasibility_at": goal.feasibility_at,
        "adopted_on": plan.adopted_on,
        "ended_on": plan.ended_on,
        "ended_reason": plan.ended_reason,
        "withdrawn_reason": plan.withdrawn_reason,
    }


def _link(db: Session, goals: list[DemoGoal], ids: Ids) -> None:
    wanted = {uuid for goal in goals for uuid in goal.concerns}
    known = {uuid: row for row, uuid in db.execute(select(Concern.id, Concern.uuid)) if uuid in wanted}
    add_rows(
        db,
        GoalConcern,
        [{"goal_id": ids.goals[goal.plan.uuid], "concern_id": known[uuid]} for goal in goals for uuid in goal.concerns],
    )


def _store_measures(db: Session, goals: list[DemoGoal], ids: Ids) -> None:
    judged = [(goal, goal.measure) for goal in goals if goal.measure is not None]
    rows = inserted(
        db,
        Measure,
        [
            {
                "goal_id": ids.goals[goal.plan.uuid],
                "kind": measure.kind,
                "category": measure.category,
                "unit": measure.unit,
                "direction": measure.direction,
                "baseline": measure.baseline,
                "baseline_months": measure.baseline_months,
                "target": measure.target,
                "starts_on": measure.starts_on,
                "due_on": measure.due_on,
                "source": measure.source,
                "outline": measure.outline,
            }
            for goal, measure in judged
        ],
    )
    add_rows(
        db,
        Reading,
        [
            {
                "measure_id": row,
                "read_on": read_on,
                "value": value,
                "source": source,
                "person_id": ids.people[goal.feasibility_by],
            }
            for row, (goal, _) in zip(rows, judged, strict=True)
            for read_on, value, source in goal.readings
        ],
    )
    store_areas(db, rows)


_SIGNED = (CommitmentState.KEPT, CommitmentState.BROKEN)


def _store_commitments(db: Session, goals: list[DemoGoal], ids: Ids) -> list[Step]:
    partners = {name: row for row, name in db.execute(select(Partner.id, Partner.name))}
    promised = [(goal, each) for goal in goals for each in goal.commitments]
    rows = inserted(
        db,
        Commitment,
        [
            {
                "goal_id": ids.goals[goal.plan.uuid],
                "party": each.party,
                "partner_id": partners[each.partner] if each.partner else None,
                "owner": each.owner,
                "deliverable": each.deliverable,
                "done_means": each.done_means,
                "due_on": each.due_on,
                # A kept one is accepted until the other side has signed, a broken one until its goal began.
                "state": CommitmentState.ACCEPTED if each.state in _SIGNED else each.state,
                "offered_at": each.offered_at,
                "settled_on": each.settled_on,
                "released_reason": each.released_reason,
            }
            for goal, each in promised
        ],
    )
    add_rows(
        db,
        Countersignature,
        [
            {
                "commitment_id": row,
                "side": signature.side,
                "party": each.party,
                "verdict": signature.verdict,
                "note": signature.note,
                "person_id": ids.people[signature.person],
                "signed_at": signature.signed_at,
            }
            for row, (_, each) in zip(rows, promised, strict=True)
            for signature in each.signatures
        ],
    )
    kept = [{"row": row} for row, (_, each) in zip(rows, promised, strict=True) if each.state is CommitmentState.KEPT]
    if kept:
        db.connection().execute(
            update(Commitment).where(Commitment.id == bindparam("row")).values(state=CommitmentState.KEPT), kept
        )
    steps = []
    for row, (goal, each) in zip(rows, promised, strict=True):
        facts = {"goal": str(goal.plan.uuid), "party": each.party.value}
        steps.append(
            Step(each.offered_at, "commitment_offered", "commitment", str(row), actor=each.offered_by, facts=facts)
        )
        if each.accepted_at is not None:
            steps.append(Step(each.accepted_at, "commitment_accepted", "commitment", str(row), actor=each.offered_by))
        steps += [
            Step(
                signature.signed_at,
                "commitment_countersigned",
                "commitment",
                str(row),
                actor=signature.person,
                facts={"verdict": signature.verdict.value},
            )
            for signature in each.signatures
        ]
    return steps


def _goal_steps(goal: DemoGoal) -> list[Step]:
    uuid = str(goal.plan.uuid)
    facts: dict[str, type_of_fact] = {"concerns": len(goal.concerns), "beats": ",".join(goal.plan.beats)}
    answered = {"answer": goal.feasibility.value}
    steps = [
        Step(goal.proposed_at, "goal_proposed", "goal", uuid, actor=goal.proposed_by, facts=facts),
        Step(goal.feasibility_at, "feasibility_answered", "goal", uuid, actor=goal.feasibility_by, facts=answered),
    ]
    if goal.began_at is not None:
        steps.append(Step(goal.began_at, "goal_activated", "goal", uuid, actor=goal.proposed_by))
    return steps


def _events(goal: DemoGoal, ids: Ids) -> list[dict[str, Any]]:
    """What happened to one goal beside its votes, in the words that the services use."""
    plan, measure = goal.plan, goal.measure
    told = [
        (goal.proposed_at, "proposed", "Proposed as a goal."),
        (goal.feasibility_at, "feasibility", f"Officers answered: this {_SAID[goal.feasibility.value]} be done."),
    ]
    if measure is not None and plan.adopted_on is not None:
        said = f"from {_said(measure.kind, measure.baseline)} to {_said(measure.kind, measure.target)}"
        told.append((_evening(plan.adopted_on + timedelta(days=2), ids), "measure", f"Measure set: {said}."))
    for each in goal.commitments:
        whose = _WHOSE[each.party]
        told.append((each.offered_at, "offered", f"{whose} offered a commitment."))
        if each.accepted_at is not None:
            told.append((each.accepted_at, "accepted", f"{whose} took on a commitment."))
        told += [
            (
                signature.signed_at,
                "countersigned",
                f"A commitment of {whose.lower()} was countersigned as {signature.verdict.value} by "
                f"{signature.side.value}.",
            )
            for signature in each.signatures
        ]
        if each.state is CommitmentState.RELEASED and each.settled_on is not None:
            told.append((_evening(each.settled_on, ids), "released", f"{whose} may let a commitment go."))
    if goal.began_at is not None:
        told.append((goal.began_at, "active", "The goal began: measure and commitments of both sides are set."))
    told += [
        (_evening(read_on, ids), "reading", f"Reading: {_said(MeasureKind.TYPED, value)}.")
        for read_on, value, _ in goal.readings
    ]
    told += _ending(goal, ids)
    row = ids.goals[plan.uuid]
    return [{"goal_id": row, "kind": kind, "sentence": sentence, "happened_at": at} for at, kind, sentence in told]


def _ending(goal: DemoGoal, ids: Ids) -> list[tuple[datetime, str, str]]:
    plan = goal.plan
    if plan.reopened is not None:
        return [
            (_evening(plan.reopened.achieved_on, ids), "achieved", _CONFIRMED),
            (_evening(plan.reopened.on, ids), "reopened", plan.reopened.sentence),
        ]
    if plan.ended_on is None:
        return []
    sentence = {
        GoalState.ACHIEVED: _CONFIRMED,
        GoalState.NOT_ACHIEVED: "The goal ended without being achieved.",
        GoalState.WITHDRAWN: "The goal was withdrawn.",
    }[plan.state]
    return [(_evening(plan.ended_on, ids), plan.state.value, sentence)]


def _said(kind: MeasureKind, value: float) -> str:
    if kind is MeasureKind.PULSE:
        return percent(value)
    figure = f"{value:,.1f}".removesuffix(".0")
    return figure if kind is MeasureKind.TYPED else f"{figure} a month"


def _evening(day: date, ids: Ids) -> datetime:
    return datetime(day.year, day.month, day.day, 19, 30, tzinfo=ids.zone)
