"""Storing what the demonstration's people say about goals: arguments, evidence, stories as they were told, the
residents' word, and which officer answers for what."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.demo.goal_voices import ANSWERS, ARGUMENTS, EVIDENCE, FIRST_TELLING, HANDS, DemoEvidence, a_sign
from lib.demo.goals import DemoCommitment, DemoGoal, Staff
from lib.demo.people import DemoPerson
from lib.demo.plan import Plan
from lib.model import (
    Commitment,
    CommitmentEvidence,
    CommitmentOfficer,
    GoalAnswer,
    GoalArgument,
    GoalRoomAnswer,
    Meeting,
    StoryVersion,
)
from lib.rules.goals import EvidenceKind
from lib.rules.lifecycle import CommitmentState, Party
from lib.services.demonstration_history import Ids, Step
from lib.services.demonstration_rows import add_rows
from lib.services.handover import LEFT
from lib.services.photos import clean_photo

PARTS = ("scanning", "analysis", "response", "assessment")


def store_voices(
    db: Session, goals: Mapping[str, DemoGoal], *, plan: Plan, people: tuple[DemoPerson, ...], today: date, ids: Ids
) -> tuple[list[dict[str, Any]], list[Step]]:
    """Everything that was said beside the votes; its events and its log."""
    staff = Staff(people)
    events: list[dict[str, Any]] = []
    steps: list[Step] = []
    for key, goal in goals.items():
        _store_stories(db, goal, ids)
        _store_arguments(db, key, goal, staff, ids, events, steps)
        promised = list(zip(_commitments(db, goal, ids), goal.commitments, strict=True))
        _store_officers(db, goal, promised, people, ids, events, steps)
        _store_evidence(db, key, goal, promised, staff, today, ids, events, steps)
        _store_answers(db, key, goal, today, ids)
        _store_hands(db, key, goal, plan, staff, ids, events, steps)
    return events, steps


def _commitments(db: Session, goal: DemoGoal, ids: Ids) -> list[int]:
    of_goal = select(Commitment.id).where(Commitment.goal_id == ids.goals[goal.plan.uuid]).order_by(Commitment.id)
    return list(db.scalars(of_goal))


def _store_stories(db: Session, goal: DemoGoal, ids: Ids) -> None:
    """What is proposed says what keeps happening; the rest is told a few days after the officers' answer."""
    whole = {part: goal.story.get(part, "") for part in PARTS}
    first = {part: whole[part] if part in FIRST_TELLING else "" for part in PARTS}
    told = [(goal.proposed_at, goal.proposed_by, first)]
    if whole != first:
        told.append((goal.feasibility_at + timedelta(hours=26), goal.feasibility_by, whole))
    row = ids.goals[goal.plan.uuid]
    add_rows(
        db,
        StoryVersion,
        [{"goal_id": row, "told_at": at, "person_id": ids.people[by], **parts} for at, by, parts in told],
    )


def _store_arguments(
    db: Session, key: str, goal: DemoGoal, staff: Staff, ids: Ids, events: list[dict[str, Any]], steps: list[Step]
) -> None:
    row, beat = ids.goals[goal.plan.uuid], goal.plan.beats[0]
    for turn, said in enumerate(ARGUMENTS.get(key, ())):
        by = staff.signer(said.side, beat).email
        at = goal.feasibility_at + timedelta(hours=20 + 7 * turn)
        db.add(
            GoalArgument(
                goal_id=row,
                stance=said.stance,
                side=said.side,
                text=said.text,
                person_id=ids.people[by],
                argued_at=at,
                withdrawn_at=at + timedelta(hours=3) if said.is_withdrawn else None,
            )
        )
        events.append(_event(row, "argued", f"The {said.side.value} said something {said.stance.value} it.", at))
        facts = {"side": said.side.value, "stance": said.stance.value}
        steps.append(Step(at, "goal_argued", "goal", str(goal.plan.uuid), actor=by, facts=facts))


def _store_officers(
    db: Session,
    goal: DemoGoal,
    promised: list[tuple[int, DemoCommitment]],
    people: tuple[DemoPerson, ...],
    ids: Ids,
    events: list[dict[str, Any]],
    steps: list[Step],
) -> None:
    """Whoever is named as the owner answers, else who offered it; for what waits, somebody who left the beat."""
    by_email = {person.email: person for person in people}
    beats = set(goal.plan.beats)
    present = [p for p in people if any(each.valid_to is None and each.beat in beats for each in p.postings)]
    gone = [p for p in people if any(each.valid_to is not None and each.beat in beats for each in p.postings)]
    for row, each in promised:
        if each.party is not Party.OFFICERS:
            continue
        answering = next((person for person in present if person.name in each.owner), by_email[each.offered_by])
        if each.state is CommitmentState.UNACCEPTED and each.accepted_at is not None:
            answering = gone[0] if gone else answering
            at = each.accepted_at + timedelta(days=9)
            events.append(_event(ids.goals[goal.plan.uuid], "handed_over", LEFT, at))
            steps.append(Step(at, "commitment_handed_over", "commitment", str(row)))
        db.add(CommitmentOfficer(commitment_id=row, person_id=ids.people[answering.email]))


def _store_evidence(
    db: Session,
    key: str,
    goal: DemoGoal,
    promised: list[tuple[int, DemoCommitment]],
    staff: Staff,
    today: date,
    ids: Ids,
    events: list[dict[str, Any]],
    steps: list[Step],
) -> None:
    for turn, shown in enumerate(EVIDENCE.get(key, ())):
        row, commitment = promised[shown.commitment]
        at = _shown_at(shown, commitment, today, ids)
        by = staff.signer(shown.side, goal.plan.beats[0]).email
        name = uuid5(goal.plan.uuid, f"evidence {turn}")
        db.add(
            CommitmentEvidence(
                uuid=name,
                commitment_id=row,
                kind=shown.kind,
                text=shown.text,
                link=shown.link,
                photo=clean_photo(a_sign()) if shown.kind is EvidenceKind.PHOTO else None,
                person_id=ids.people[by],
                added_at=at,
                withdrawn_reason=shown.withdrawn_reason,
            )
        )
        goal_id = ids.goals[goal.plan.uuid]
        events.append(_event(goal_id, "evidence", "Evidence was added to a commitment.", at))
        steps.append(Step(at, "evidence_added", "evidence", str(name), actor=by, facts={"kind": shown.kind.value}))
        if shown.withdrawn_reason:
            gone = at + timedelta(hours=2)
            events.append(_event(goal_id, "evidence", "Evidence of a commitment was taken back.", gone))
            steps.append(Step(gone, "evidence_withdrawn", "evidence", str(name), actor=by))


def _store_answers(db: Session, key: str, goal: DemoGoal, today: date, ids: Ids) -> None:
    """Answers by follow link, from the due date on and before the goal ended, where it did."""
    if key not in ANSWERS or goal.measure is None:
        return
    day = min(today, max(goal.measure.due_on, (goal.plan.ended_on or today) - timedelta(days=2)))
    answers = [word for word, number in ANSWERS[key].items() for _ in range(number)]
    add_rows(
        db,
        GoalAnswer,
        [
            {
                "goal_id": ids.goals[goal.plan.uuid],
                "answerer": _answerer(goal.plan.uuid, turn),
                "answer": word,
                "answered_on": day,
            }
            for turn, word in enumerate(answers)
        ],
    )


def _store_hands(
    db: Session,
    key: str,
    goal: DemoGoal,
    plan: Plan,
    staff: Staff,
    ids: Ids,
    events: list[dict[str, Any]],
    steps: list[Step],
) -> None:
    if key not in HANDS:
        return
    meeting_key, numbers = HANDS[key]
    meeting = next(each for each in plan.meetings if each.key == meeting_key)
    row, at = ids.goals[goal.plan.uuid], meeting.starts_at + timedelta(minutes=25)
    by = staff.facilitator(goal.plan.beats[0]).email
    meeting_id = db.scalars(select(Meeting.id).where(Meeting.uuid == meeting.uuid)).one()
    add_rows(
        db,
        GoalRoomAnswer,
        [
            {
                "goal_id": row,
                "meeting_id": meeting_id,
                "answer": word,
                "number": number,
                "counted_on": at.astimezone(ids.zone).date(),
                "person_id": ids.people[by],
            }
            for word, number in numbers.items()
        ],
    )
    events.append(_event(row, "hands_counted", "Residents raised their hands on what has become of it.", at))
    facts = {word.value: number for word, number in numbers.items()}
    steps.append(
        Step(at, "hands_counted", "goal", str(goal.plan.uuid), actor=by, facts={"meeting": str(meeting.uuid), **facts})
    )


def _answerer(goal_uuid: UUID, turn: int) -> bytes:
    return hashlib.sha256(f"demonstration|{goal_uuid}|{turn}".encode()).digest()


def _shown_at(shown: DemoEvidence, commitment: DemoCommitment, today: date, ids: Ids) -> datetime:
    day = (commitment.settled_on or today) - timedelta(days=shown.days)
    return datetime.combine(day, time(17, 10), ids.zone).astimezone(UTC)


def _event(goal_id: int, kind: str, sentence: str, at: datetime) -> dict[str, Any]:
    return {"goal_id": goal_id, "kind": kind, "sentence": sentence, "happened_at": at}
