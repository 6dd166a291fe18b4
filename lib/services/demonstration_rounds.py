"""Storing the demonstration's rounds: drafts with their candidates, and published ones with their sealed ballots.

Inside the caller's transaction. A published round is frozen as any other: as a draft with its candidates and passes, by
the same function that freezes real ones.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from lib.demo.ballots import ELIGIBILITY, MINUTES, DemoRound
from lib.demo.goals import Staff
from lib.demo.plan import MeetingPlan, Plan, RoundPlan
from lib.model import (
    Candidate,
    CandidateText,
    Meeting,
    Outcome,
    Reconciliation,
    Round,
    SealedBallot,
    SideCount,
)
from lib.rules.ballots import canonical_json, frozen_hash
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.results import outcome_sentence
from lib.rules.voting import Channel
from lib.services import rounds
from lib.services.demonstration_history import Ids, Step
from lib.services.demonstration_rows import add_rows, inserted
from lib.services.log import type_of_fact


def draft_round(db: Session, meeting_id: int, number: int, plan: RoundPlan) -> Round:
    row = Round(
        uuid=plan.uuid,
        meeting_id=meeting_id,
        number=number,
        question=plan.question,
        eligibility=ELIGIBILITY,
        places=plan.places,
        rule=plan.rule,
        officers_figures=plan.figures,
        minutes=MINUTES,
    )
    db.add(row)
    db.flush()
    return row


def store_candidates(db: Session, round_id: int, keys: Sequence[str], plan: Plan, ids: Ids) -> list[int]:
    goals = [plan.goals[key] for key in keys]
    rows = inserted(
        db,
        Candidate,
        [
            {"round_id": round_id, "goal_id": ids.goals[goal.uuid], "goal_uuid": goal.uuid, "position": position}
            for position, goal in enumerate(goals, 1)
        ],
    )
    add_rows(
        db,
        CandidateText,
        [
            {"candidate_id": row, "language": "en", "title": goal.title, "summary": goal.summary}
            for row, goal in zip(rows, goals, strict=True)
        ],
    )
    return rows


def store_published(db: Session, meeting_id: int, each: DemoRound, plan: Plan, ids: Ids, *, facilitator_id: int) -> int:
    row = draft_round(db, meeting_id, each.number, each.plan)
    candidates = store_candidates(db, row.id, each.goals, plan, ids)
    # Frozen by the functions that freeze real rounds, so that both read the same to whoever checks the hash.
    content = rounds.frozen_content(db, row, db.get_one(Meeting, meeting_id), rounds.minted_batches(db, meeting_id))
    row.frozen, row.frozen_hash = canonical_json(content), frozen_hash(content)
    row.opened_at, row.closes_at, row.closed_at = each.opened_at, each.closed_at, each.closed_at
    row.published_at, row.tie_seed, row.is_advisory = each.published_at, each.tie_seed, each.tally.advisory
    db.flush()
    add_rows(
        db,
        SideCount,
        [
            {
                "round_id": row.id,
                "side": side,
                "issued": known.issued,
                "cast_ballots": known.cast,
                "blank_ballots": known.blank,
                "paper_ballots": known.channels.get(Channel.PAPER.value, 0),
                "channels": dict(known.channels),
            }
            for side, known in each.sides.items()
        ],
    )
    add_rows(
        db,
        Reconciliation,
        [
            {
                "round_id": row.id,
                "side": side,
                # One pass of the residents was drawn by somebody who left early.
                "slips_left": max(0, known.issued - known.cast - (side is Electorate.RESIDENTS)),
                "slips_spoiled": 0,
                "paper_slips": known.channels.get(Channel.PAPER.value, 0),
                "door_left": 0,
                "person_id": facilitator_id,
                "counted_at": each.closed_at + timedelta(minutes=6),
            }
            for side, known in each.sides.items()
        ],
    )
    add_rows(
        db,
        SealedBallot,
        [
            {"round_id": row.id, "side": side, "tracker": tracker, "choices": choices}
            for side, known in each.sides.items()
            for tracker, choices in known.sealed
        ],
    )
    add_rows(
        db,
        Outcome,
        [
            {
                "round_id": row.id,
                "candidate_id": candidate,
                "outcome": outcome.ending.value,
                "place": outcome.place,
                "residents_key": outcome.residents_key,
                "officers_key": outcome.officers_key,
                "residents_approvals": outcome.residents_approvals,
                "officers_approvals": outcome.officers_approvals,
            }
            for candidate, outcome in zip(candidates, each.tally.outcomes, strict=True)
        ],
    )
    # Last, since the database publishes a round only when passes and ballots agree.
    row.state = RoundState.PUBLISHED
    db.flush()
    return row.id


def round_events(each: DemoRound, ids: Ids) -> list[dict[str, Any]]:
    """What a round meant for its goals, in the words of publishing."""
    events = []
    for outcome in each.tally.outcomes:
        ending = outcome.ending.value if each.tally.adopts else "advisory"
        kind = "contested" if ending in ("residents_only", "officers_only") else ending
        goal = ids.goals[outcome.goal]
        on_ballot = "The goal is on the ballot of a meeting."
        events.append({"goal_id": goal, "kind": "on_ballot", "sentence": on_ballot, "happened_at": each.opened_at})
        sentence = outcome_sentence(outcome, each.tally)
        events.append({"goal_id": goal, "kind": kind, "sentence": sentence, "happened_at": each.published_at})
    return events


def round_steps(each: DemoRound, meeting: MeetingPlan, staff: Staff) -> list[Step]:
    """The log of a round, with totals and never a ballot (promise 13)."""
    uuid, by = str(each.plan.uuid), staff.facilitator(meeting.beats[0]).email
    totals: dict[str, type_of_fact] = {}
    for side, known in each.sides.items():
        totals[f"{side.value}_cast"], totals[f"{side.value}_issued"] = known.cast, known.issued
    ended: dict[str, type_of_fact] = {"adopted": len(each.tally.adopted), "contested": len(each.tally.contested)}
    counted_at = each.closed_at + timedelta(minutes=4)
    planned: dict[str, type_of_fact] = {"meeting": str(meeting.uuid), "goals": len(each.goals)}
    return [
        Step(meeting.starts_at - timedelta(days=2), "round_planned", "round", uuid, actor=by, facts=planned),
        Step(each.opened_at, "round_opened", "round", uuid, actor=by, facts={"minutes": MINUTES}),
        Step(each.closed_at, "round_closed", "round", uuid, facts={"by": "timer", **totals}),
        Step(counted_at, "paper_opened", "round", uuid, actor=by),
        Step(counted_at + timedelta(minutes=5), "round_sealed", "round", uuid, actor=by, facts=totals),
        Step(each.published_at, "round_published", "round", uuid, actor=by, facts=ended),
    ]
