"""What people said about a goal beside its votes: arguments, evidence, and its story as it was told before."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from lib.errors import NotFound
from lib.model import Commitment, CommitmentEvidence, Goal, GoalArgument, Person, StoryVersion
from lib.rules.goals import EvidenceKind, Stance
from lib.rules.lifecycle import Electorate, Side
from lib.storage.transaction import reading


@dataclass(frozen=True)
class ArgumentRow:
    """What a side says for or against a goal. One that was taken back stays, crossed out."""

    id: int
    stance: Stance
    side: Electorate
    text: str
    by: str
    argued_at: datetime
    is_withdrawn: bool


@dataclass(frozen=True)
class EvidenceRow:
    """What shows that something was done. Once taken back only the reason is told: text and link are empty."""

    uuid: UUID
    commitment_id: int
    kind: EvidenceKind
    text: str
    link: str
    by: str
    side: Side
    added_at: datetime
    withdrawn_reason: str


@dataclass(frozen=True)
class StoryTold:
    """The story as it was told at one moment, and by whom ("" where nobody is named)."""

    scanning: str
    analysis: str
    response: str
    assessment: str
    told_at: datetime
    by: str


@dataclass(frozen=True)
class GoalVoices:
    """Arguments in the order they were given, evidence the oldest first, stories the latest first."""

    arguments: tuple[ArgumentRow, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    stories: tuple[StoryTold, ...] = ()

    def of_commitment(self, commitment_id: int) -> tuple[EvidenceRow, ...]:
        return tuple(row for row in self.evidence if row.commitment_id == commitment_id)


def goal_voices(goal_uuid: UUID) -> GoalVoices:
    """What was said about one goal; empty for an unknown one. Three statements, without any photo."""
    with reading() as db:
        arguments = db.execute(
            select(
                GoalArgument.id,
                GoalArgument.stance,
                GoalArgument.side,
                GoalArgument.text,
                Person.name,
                GoalArgument.argued_at,
                GoalArgument.withdrawn_at.is_not(None),
            )
            .join(Goal, Goal.id == GoalArgument.goal_id)
            .join(Person, Person.id == GoalArgument.person_id)
            .where(Goal.uuid == goal_uuid)
            .order_by(GoalArgument.argued_at, GoalArgument.id)
        )
        evidence = db.execute(
            select(
                CommitmentEvidence.uuid,
                CommitmentEvidence.commitment_id,
                CommitmentEvidence.kind,
                CommitmentEvidence.text,
                CommitmentEvidence.link,
                Person.name,
                Person.side,
                CommitmentEvidence.added_at,
                CommitmentEvidence.withdrawn_reason,
            )
            .join(Commitment, Commitment.id == CommitmentEvidence.commitment_id)
            .join(Goal, Goal.id == Commitment.goal_id)
            .join(Person, Person.id == CommitmentEvidence.person_id)
            .where(Goal.uuid == goal_uuid)
            .order_by(CommitmentEvidence.added_at, CommitmentEvidence.id)
        )
        stories = db.execute(
            select(
                StoryVersion.scanning,
                StoryVersion.analysis,
                StoryVersion.response,
                StoryVersion.assessment,
                StoryVersion.told_at,
                func.coalesce(Person.name, ""),
            )
            .join(Goal, Goal.id == StoryVersion.goal_id)
            .outerjoin(Person, Person.id == StoryVersion.person_id)
            .where(Goal.uuid == goal_uuid)
            .order_by(StoryVersion.told_at.desc(), StoryVersion.id.desc())
        )
        return GoalVoices(
            arguments=tuple(ArgumentRow(*row) for row in arguments),
            evidence=tuple(_shown(EvidenceRow(*row)) for row in evidence),
            stories=tuple(StoryTold(*row) for row in stories),
        )


def evidence_photo(evidence_uuid: UUID) -> bytes:
    """The JPEG of a photo that is still shown. One statement. Raises NotFound."""
    with reading() as db:
        photo = db.scalar(select(CommitmentEvidence.photo).where(CommitmentEvidence.uuid == evidence_uuid))
    if photo is None:
        raise NotFound("This photo is not here, or it was taken back.")
    return photo


def _shown(row: EvidenceRow) -> EvidenceRow:
    """What was taken back keeps its place and its reason; what it said is told no more."""
    return replace(row, text="", link="") if row.withdrawn_reason else row
