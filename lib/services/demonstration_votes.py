"""Storing the demonstration's meetings: agendas, minutes, passes, and rounds with their sealed ballots.

Inside the caller's transaction. A published round is frozen as any other: as a draft with its candidates and passes, by
the same function that freezes real ones.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from lib.demo.ballots import ELIGIBILITY, MINUTES, DemoBatch, DemoRound, DemoVote
from lib.demo.goals import Staff
from lib.demo.meetings import demo_agenda, demo_minutes
from lib.demo.plan import MeetingPlan, Plan, RoundPlan
from lib.model import (
    AgendaItem,
    Candidate,
    CandidateText,
    Meeting,
    MeetingBeat,
    Minute,
    Outcome,
    Pass,
    PassBatch,
    Reconciliation,
    Round,
    SealedBallot,
    SideCount,
)
from lib.rules.ballots import canonical_json, frozen_hash
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.results import outcome_sentence
from lib.rules.voting import Channel
from lib.services import rounds
from lib.services.demonstration_contested import store_contested
from lib.services.demonstration_history import Ids, Step
from lib.services.demonstration_rows import add_rows, inserted
from lib.services.log import type_of_fact

PLANNED_BEFORE = timedelta(days=35)
"""How long before it a meeting is planned."""


def store_meetings(
    db: Session, *, plan: Plan, votes: Mapping[str, DemoVote], staff: Staff, ids: Ids
) -> tuple[list[dict[str, Any]], list[Step]]:
    """Every meeting with what belongs to it; the events of the goals that were voted on, and what to log."""
    rows = inserted(db, Meeting, [_meeting_row(meeting) for meeting in plan.meetings])
    both = list(zip(rows, plan.meetings, strict=True))
    add_rows(
        db,
        MeetingBeat,
        [{"meeting_id": row, "beat_id": ids.beats[beat]} for row, meeting in both for beat in meeting.beats],
    )
    events: list[dict[str, Any]] = []
    steps: list[Step] = []
    first_rounds: dict[str, int] = {}
    for row, meeting in both:
        vote = votes.get(meeting.key)
        by_number = {}
        if vote is not None:
            _store_batches(db, row, vote.batches)
            for each in vote.rounds:
                by = ids.people[staff.facilitator(meeting.beats[0]).email]
                by_number[each.number] = _store_published(db, row, each, plan, ids, facilitator_id=by)
                answered, logged = store_contested(
                    db,
                    by_number[each.number],
                    each,
                    beat=meeting.beats[0],
                    first_rounds=first_rounds,
                    staff=staff,
                    ids=ids,
                )
                events += _round_events(each, ids) + answered
                steps += logged
                steps += _round_steps(each, meeting, staff)
        for number, told in enumerate(meeting.rounds, 1):
            if told.draft:
                draft = _draft(db, row, number, told)
                _store_candidates(db, draft.id, told.draft, plan, ids)
                by_number[number] = draft.id
        add_rows(
            db,
            AgendaItem,
            [
                {
                    "meeting_id": row,
                    "position": step.position,
                    "title": step.title,
                    "minutes": step.minutes,
                    "round_id": by_number.get(step.round_number) if step.round_number else None,
                    "topic": step.topic,
                    "started_at": step.started_at,
                }
                for step in demo_agenda(meeting)
            ],
        )
        add_rows(
            db,
            Minute,
            [
                {"meeting_id": row, "kind": line.kind, "text": line.text, "noted_at": line.noted_at}
                for line in demo_minutes(meeting, vote, plan, staff)
            ],
        )
        steps += _meeting_steps(meeting, vote, staff)
    return events, steps


def _meeting_row(meeting: MeetingPlan) -> dict[str, Any]:
    return {
        "uuid": meeting.uuid,
        "title": meeting.title,
        "place": meeting.place,
        "access": meeting.access,
        "wifi": meeting.wifi,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        # Minutes that are approved take no line any more: `draft_past_minutes` approves them when all are written.
        "state": MeetingState.CLOSED if meeting.state is MeetingState.MINUTED else meeting.state,
    }


def _store_batches(db: Session, meeting_id: int, batches: Sequence[DemoBatch]) -> None:
    rows = inserted(
        db,
        PassBatch,
        [
            {
                "meeting_id": meeting_id,
                "number": batch.number,
                "side": batch.side,
                "size": len(batch.commitments),
                "commitments_hash": batch.commitments_hash,
                "minted_at": batch.minted_at,
            }
            for batch in batches
        ],
    )
    add_rows(
        db,
        Pass,
        [
            {
                "commitment": commitment,
                "batch_id": row,
                "serial": batch.first_serial + place,
                "is_void": place in batch.void,
            }
            for row, batch in zip(rows, batches, strict=True)
            for place, commitment in enumerate(batch.commitments)
        ],
    )


def _draft(db: Session, meeting_id: int, number: int, plan: RoundPlan) -> Round:
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


def _store_candidates(db: Session, round_id: int, keys: Sequence[str], plan: Plan, ids: Ids) -> list[int]:
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


def _store_published(
    db: Session, meeting_id: int, each: DemoRound, plan: Plan, ids: Ids, *, facilitator_id: int
) -> int:
    row = _draft(db, meeting_id, each.number, each.plan)
    candidates = _store_candidates(db, row.id, each.goals, plan, ids)
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


def _round_events(each: DemoRound, ids: Ids) -> list[dict[str, Any]]:
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


def _round_steps(each: DemoRound, meeting: MeetingPlan, staff: Staff) -> list[Step]:
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


def _meeting_steps(meeting: MeetingPlan, vote: DemoVote | None, staff: Staff) -> list[Step]:
    uuid, by = str(meeting.uuid), staff.facilitator(meeting.beats[0]).email
    steps = [
        Step(
            meeting.starts_at - PLANNED_BEFORE,
            "meeting_planned",
            "meeting",
            uuid,
            actor=by,
            facts={"beats": ",".join(meeting.beats)},
        )
    ]
    steps += [
        Step(
            batch.minted_at,
            "passes_minted",
            "meeting",
            uuid,
            actor=by,
            facts={
                "batch": batch.number,
                "side": batch.side.value,
                "size": len(batch.commitments),
                "commitments_hash": batch.commitments_hash,
            },
        )
        for batch in (vote.batches if vote is not None else ())
    ]
    if meeting.state in (MeetingState.CLOSED, MeetingState.MINUTED):
        steps.append(Step(meeting.starts_at, "meeting_opened", "meeting", uuid, actor=by))
        steps.append(Step(meeting.ends_at, "meeting_closed", "meeting", uuid, actor=by))
    return steps
