"""Storing the demonstration's meetings: agendas, minutes, passes and, by `demonstration_rounds`, what was voted on.

Inside the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from lib.demo.ballots import DemoBatch, DemoVote
from lib.demo.goals import Staff
from lib.demo.meetings import demo_agenda, demo_minutes
from lib.demo.plan import MeetingPlan, Plan
from lib.model import (
    AgendaItem,
    Meeting,
    MeetingBeat,
    Minute,
    Pass,
    PassBatch,
)
from lib.rules.lifecycle import MeetingState
from lib.services.demonstration_contested import store_contested
from lib.services.demonstration_history import Ids, Step
from lib.services.demonstration_rounds import draft_round, round_events, round_steps, store_candidates, store_published
from lib.services.demonstration_rows import add_rows, inserted

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
                by_number[each.number] = store_published(db, row, each, plan, ids, facilitator_id=by)
                answered, logged = store_contested(
                    db,
                    by_number[each.number],
                    each,
                    beat=meeting.beats[0],
                    first_rounds=first_rounds,
                    staff=staff,
                    ids=ids,
                )
                events += round_events(each, ids) + answered
                steps += logged
                steps += round_steps(each, meeting, staff)
        for number, told in enumerate(meeting.rounds, 1):
            if told.draft:
                draft = draft_round(db, row, number, told)
                store_candidates(db, draft.id, told.draft, plan, ids)
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
