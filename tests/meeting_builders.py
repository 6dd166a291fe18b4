"""Builders for meetings that remember: what is open, overdue, kept or reopened in a beat."""

from datetime import date, datetime

from sqlalchemy import select, update

from lib.model import (
    Candidate,
    Commitment,
    Concern,
    Countersignature,
    Goal,
    GoalEvent,
    Measure,
    Meeting,
    OwedAnswer,
    Reading,
    Round,
    Support,
)
from lib.rules.lifecycle import CommitmentState, Electorate, Party
from lib.storage.transaction import writing
from tests.builders import NOON, a_person


def a_commitment(
    goal_id: int,
    deliverable: str = "Mend the lamps under the ramp",
    *,
    due_on: date,
    party: Party = Party.OFFICERS,
    owner: str = "Sgt. Alvarez",
    state: CommitmentState = CommitmentState.ACCEPTED,
    settled_on: date | None = None,
) -> int:
    """A commitment in any state; a settled one is countersigned by a person of the other side."""
    settled = state in (CommitmentState.KEPT, CommitmentState.BROKEN)
    side = Electorate.OFFICERS if party is Party.RESIDENTS else Electorate.RESIDENTS
    signer = a_person("Somebody Who Signs").person_id if settled else 0
    with writing() as db:
        row = Commitment(
            goal_id=goal_id,
            party=party,
            owner=owner,
            deliverable=deliverable,
            due_on=due_on,
            state=CommitmentState.ACCEPTED if settled else state,
            offered_at=NOON,
            settled_on=settled_on,
        )
        db.add(row)
        db.flush()
        if settled:
            db.add(
                Countersignature(
                    commitment_id=row.id, side=side, party=party, verdict=state, person_id=signer, signed_at=NOON
                )
            )
            db.flush()
            row.state = state
        return row.id


def an_event(goal_id: int, kind: str, at: datetime) -> None:
    with writing() as db:
        db.add(GoalEvent(goal_id=goal_id, kind=kind, sentence="Something happened.", happened_at=at))


def a_reading(goal_id: int, day: date, value: float) -> None:
    """A typed reading of the goal's measure."""
    with writing() as db:
        measure = db.scalars(select(Measure).where(Measure.goal_id == goal_id)).one()
        db.add(Reading(measure_id=measure.id, read_on=day, value=value, source="a count by hand"))


def supported(concern_id: int, times: int) -> None:
    with writing() as db:
        db.add_all(Support(concern_id=concern_id, device=bytes([number] * 16)) for number in range(1, times + 1))


def ended_on(goal_id: int, day: date) -> None:
    with writing() as db:
        db.execute(update(Goal).where(Goal.id == goal_id).values(ended_on=day))


def adopted_on(goal_id: int, day: date) -> None:
    with writing() as db:
        db.execute(update(Goal).where(Goal.id == goal_id).values(adopted_on=day))


def erased(concern_id: int) -> None:
    with writing() as db:
        db.execute(update(Concern).where(Concern.id == concern_id).values(text="", erased_at=NOON))


def an_owed_answer(
    goal_id: int, *, due_on: date, side: Electorate = Electorate.OFFICERS, answered_at: datetime | None = None
) -> None:
    """What a side owes for a goal that stood on a ballot (`a_published_outcome`)."""
    with writing() as db:
        candidate = db.scalars(select(Candidate).where(Candidate.goal_id == goal_id)).one()
        db.add(
            OwedAnswer(
                round_id=candidate.round_id,
                candidate_id=candidate.id,
                side=side,
                due_on=due_on,
                reason="No roster allows it" if answered_at else "",
                answered_at=answered_at,
            )
        )


def lasting(meeting_id: int, ends_at: datetime) -> None:
    with writing() as db:
        db.execute(update(Meeting).where(Meeting.id == meeting_id).values(ends_at=ends_at))


def a_draft_round(meeting_id: int, question: str = "Which goals shall we take on next?", number: int = 1) -> int:
    with writing() as db:
        row = Round(
            meeting_id=meeting_id,
            number=number,
            question=question,
            eligibility="Everybody who lives or works here",
            places=1,
        )
        db.add(row)
        db.flush()
        return row.id
