"""Everything about one goal, as its page tells it: from the concerns behind it to what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lib.errors import NotFound
from lib.model import (
    Beat,
    Category,
    Commitment,
    CommitmentOfficer,
    Concern,
    Countersignature,
    Goal,
    GoalConcern,
    GoalEvent,
    Partner,
    Person,
)
from lib.queries.goals import GoalCard, cards_where
from lib.queries.supports import supports_counted
from lib.rules.lifecycle import CommitmentState, ConcernStatus, Electorate, Party, countersigning_sides, is_overdue
from lib.rules.moderation import readable
from lib.storage.transaction import reading


@dataclass(frozen=True)
class SignatureRow:
    """One side's word on a commitment of the other."""

    side: Electorate
    verdict: CommitmentState
    note: str
    signed_by: str
    signed_at: datetime


@dataclass(frozen=True)
class CommitmentRow:
    """`answers`: the officer who answers for it, "" for those of residents and partners; who left, once unaccepted."""

    id: int
    party: Party
    partner: str
    owner: str
    deliverable: str
    done_means: str
    due_on: date
    state: CommitmentState
    settled_on: date | None
    released_reason: str
    signatures: tuple[SignatureRow, ...]
    answers: str = ""

    def is_overdue(self, today: date) -> bool:
        """Accepted, past its due date and not settled."""
        return is_overdue(self.due_on, self.state, today)

    def days_overdue(self, today: date) -> int:
        """Days since the due date, 0 unless overdue."""
        return (today - self.due_on).days if self.is_overdue(today) else 0

    @property
    def waits_for(self) -> frozenset[Electorate]:
        """The sides whose countersignature is still missing before an accepted commitment is kept."""
        return countersigning_sides(self.party) - {signature.side for signature in self.signatures}


@dataclass(frozen=True)
class LineageRow:
    """A concern behind the goal. `text` is empty once its reporter has erased it."""

    uuid: UUID
    category: str
    beat: str
    text: str
    status: ConcernStatus
    reported_at: datetime
    supports: int


@dataclass(frozen=True)
class EventRow:
    kind: str
    sentence: str
    happened_at: datetime


@dataclass(frozen=True)
class GoalStory:
    """One goal with all that belongs to it. `events` are the latest first, `concerns` the most supported first."""

    card: GoalCard
    scanning: str
    analysis: str
    response: str
    assessment: str
    proposed_by: str
    feasibility_reason: str
    feasibility_by: str
    feasibility_at: datetime | None
    ended_reason: str
    withdrawn_reason: str
    commitments: tuple[CommitmentRow, ...]
    concerns: tuple[LineageRow, ...]
    events: tuple[EventRow, ...]

    @property
    def is_told(self) -> bool:
        """Whether any part of the SARA story has been written."""
        return any((self.scanning, self.analysis, self.response, self.assessment))


def goal_story(goal_uuid: UUID, *, today: date) -> GoalStory:
    """One goal. Eleven statements, and those of `measures_progress` (at most ten for one measure) once it has begun.

    Raises NotFound.
    """
    with reading() as db:
        cards = cards_where(db, Goal.uuid == goal_uuid, today=today)
        if not cards:
            raise NotFound("This goal does not exist. Go back to the list of goals.")
        goal = db.get_one(Goal, cards[0].id)
        names = _names(db, {goal.proposed_by_id, goal.feasibility_by_id})
        return GoalStory(
            card=cards[0],
            scanning=goal.scanning,
            analysis=goal.analysis,
            response=goal.response,
            assessment=goal.assessment,
            proposed_by=names.get(goal.proposed_by_id, ""),
            feasibility_reason=goal.feasibility_reason,
            feasibility_by=names.get(goal.feasibility_by_id, ""),
            feasibility_at=goal.feasibility_at,
            ended_reason=goal.ended_reason,
            withdrawn_reason=goal.withdrawn_reason,
            commitments=_commitments(db, goal.id),
            concerns=_concerns(db, goal.id),
            events=_events(db, goal.id),
        )


def _names(db: Session, person_ids: set[int | None]) -> dict[int | None, str]:
    rows = db.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids - {None})))
    return {row.id: row.name for row in rows}


def _commitments(db: Session, goal_id: int) -> tuple[CommitmentRow, ...]:
    answering = aliased(Person)
    signatures: dict[int, list[SignatureRow]] = {}
    for row in db.execute(
        select(Countersignature, Person.name)
        .join(Commitment, Commitment.id == Countersignature.commitment_id)
        .join(Person, Person.id == Countersignature.person_id)
        .where(Commitment.goal_id == goal_id)
        .order_by(Countersignature.signed_at)
    ):
        signed = row.Countersignature
        signatures.setdefault(signed.commitment_id, []).append(
            SignatureRow(signed.side, signed.verdict, signed.note, row.name, signed.signed_at)
        )
    rows = db.execute(
        select(Commitment, Partner.name, answering.name.label("answers"))
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .outerjoin(CommitmentOfficer, CommitmentOfficer.commitment_id == Commitment.id)
        .outerjoin(answering, answering.id == CommitmentOfficer.person_id)
        .where(Commitment.goal_id == goal_id)
        .order_by(Commitment.due_on, Commitment.id)
    )
    return tuple(
        CommitmentRow(
            id=row.Commitment.id,
            party=row.Commitment.party,
            partner=row.name or "",
            owner=row.Commitment.owner,
            deliverable=row.Commitment.deliverable,
            done_means=row.Commitment.done_means,
            due_on=row.Commitment.due_on,
            state=row.Commitment.state,
            settled_on=row.Commitment.settled_on,
            released_reason=row.Commitment.released_reason,
            signatures=tuple(signatures.get(row.Commitment.id, ())),
            answers=row.answers or "",
        )
        for row in rows
    )


def _concerns(db: Session, goal_id: int) -> tuple[LineageRow, ...]:
    supports = supports_counted()
    rows = db.execute(
        select(
            Concern.uuid,
            Category.key,
            Beat.code,
            Concern.text,
            Concern.text_state,
            Concern.status,
            Concern.reported_at,
            supports.label("supports"),
        )
        .join(GoalConcern, GoalConcern.concern_id == Concern.id)
        .join(Category, Category.id == Concern.category_id)
        .join(Beat, Beat.id == Concern.beat_id)
        .where(GoalConcern.goal_id == goal_id, Category.is_public)
        .order_by(supports.desc(), Concern.reported_at, Concern.id)
    )
    return tuple(
        LineageRow(uuid, category, beat, readable(text, state), *rest)
        for uuid, category, beat, text, state, *rest in (tuple(row) for row in rows)
    )


def _events(db: Session, goal_id: int) -> tuple[EventRow, ...]:
    rows = db.execute(
        select(GoalEvent.kind, GoalEvent.sentence, GoalEvent.happened_at)
        .where(GoalEvent.goal_id == goal_id)
        .order_by(GoalEvent.happened_at.desc(), GoalEvent.id.desc())
    )
    return tuple(EventRow(*row) for row in rows)
