"""Goals, their measures, and what each side committed to."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, PublicId, words
from lib.rules.goals import AreaUse, Direction, EvidenceKind, Feasibility, MeasureKind, ResidentsWord, Stance
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, Party


class Goal(Base):
    """A law-enforcement goal with its SARA story (scanning, analysis, response, assessment)."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("feasibility IS NULL OR feasibility_reason <> ''", name="feasibility_has_reason"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_reason <> ''", name="withdrawn_has_reason"),
        CheckConstraint("state <> 'not_achieved' OR ended_reason <> ''", name="not_achieved_has_reason"),
    )

    id: Mapped[Id]
    uuid: Mapped[PublicId]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(600))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    scanning: Mapped[str] = mapped_column(Text, default="")
    analysis: Mapped[str] = mapped_column(Text, default="")
    response: Mapped[str] = mapped_column(Text, default="")
    assessment: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[GoalState] = mapped_column(words(GoalState, "state"), default=GoalState.PROPOSED, index=True)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    feasibility: Mapped[Feasibility | None] = mapped_column(words(Feasibility, "feasibility"))
    feasibility_reason: Mapped[str] = mapped_column(Text, default="")
    feasibility_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    feasibility_at: Mapped[datetime | None]
    adopted_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str] = mapped_column(String(600), default="")
    withdrawn_reason: Mapped[str] = mapped_column(String(600), default="")


class GoalBeat(Base):
    __tablename__ = "goal_beat"

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), primary_key=True)
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), primary_key=True, index=True)


class GoalConcern(Base):
    """The lineage: which concerns a goal grew out of."""

    __tablename__ = "goal_concern"

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), primary_key=True, index=True)


class GoalEvent(Base):
    """Something that happened to a goal, in one sentence of ours; `kind` is a word such as contested or reopened."""

    __tablename__ = "goal_event"

    id: Mapped[Id]
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    sentence: Mapped[str] = mapped_column(String(400))
    happened_at: Mapped[datetime]


class StoryVersion(Base):
    """The SARA story as it was told at one moment; the latest is the goal's own. Append-only, by trigger."""

    __tablename__ = "story_version"

    id: Mapped[Id]
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    scanning: Mapped[str] = mapped_column(Text)
    analysis: Mapped[str] = mapped_column(Text)
    response: Mapped[str] = mapped_column(Text)
    assessment: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class GoalArgument(Base):
    """What a side says for or against a goal. A withdrawn argument stays, crossed out."""

    __tablename__ = "goal_argument"
    __table_args__ = (CheckConstraint("text <> ''", name="says_something"),)

    id: Mapped[Id]
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    stance: Mapped[Stance] = mapped_column(words(Stance, "stance"))
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"))
    text: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    argued_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class GoalAnswer(Base):
    """What somebody who raised or supported a linked concern says became of it, through their follow link.

    `answerer` is a hash over the goal and the link's secret: one answer each, which a later one replaces, and nothing
    that leads to the concern or the person.
    """

    __tablename__ = "goal_answer"
    __table_args__ = (CheckConstraint("length(answerer) = 32", name="answerer_length"), {"sqlite_with_rowid": False})

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), primary_key=True)
    answerer: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    answer: Mapped[ResidentsWord] = mapped_column(words(ResidentsWord, "answer"))
    answered_on: Mapped[date]


class GoalRoomAnswer(Base):
    """Hands counted at a meeting for one answer to the same question."""

    __tablename__ = "goal_room_answer"
    __table_args__ = (CheckConstraint("number >= 0", name="not_negative"),)

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[ResidentsWord] = mapped_column(words(ResidentsWord, "answer"), primary_key=True)
    number: Mapped[int]
    counted_on: Mapped[date]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Measure(Base):
    """What a goal is judged by: from `baseline` to `target`, both in `unit`, by `due_on`.

    Incident and concern measures count per month in the goal's beats and `category`; `baseline` is the mean of the
    `baseline_months` complete months before `starts_on`, and `category` is the city's own word for incidents, a
    category's key for concerns. A pulse measure is a share from 0 to 1 and `category` the survey's question; a typed
    one has no months. Source of the readings in `source`. `outline`: a drawn area inside the beats, as a GeoJSON
    polygon in WGS 84, whose incidents alone count (`MeasureMonth`); empty for whole beats.
    """

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("starts_on < due_on", name="starts_before_due"),
        CheckConstraint("baseline >= 0 AND target >= 0", name="not_negative"),
        CheckConstraint(
            "(direction = 'down' AND target < baseline) OR (direction = 'up' AND target > baseline)",
            name="target_is_better",
        ),
        CheckConstraint("kind NOT IN ('incidents', 'concerns') OR category <> ''", name="counted_needs_category"),
    )

    id: Mapped[Id]
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[MeasureKind] = mapped_column(words(MeasureKind, "kind"))
    category: Mapped[str] = mapped_column(String(120), default="")
    unit: Mapped[str] = mapped_column(String(80))
    direction: Mapped[Direction] = mapped_column(words(Direction, "direction"))
    baseline: Mapped[float]
    baseline_months: Mapped[int] = mapped_column(default=12)
    target: Mapped[float]
    starts_on: Mapped[date]
    due_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(300))
    outline: Mapped[str] = mapped_column(Text, default="", server_default="")


class MeasureArea(Base):
    """A beat that the goal is compared with, or a neighbour that trouble might move to: chosen with the measure, before
    anything is known."""

    __tablename__ = "measure_area"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), primary_key=True)
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), primary_key=True)
    use: Mapped[AreaUse] = mapped_column(words(AreaUse, "use"))


class MeasureMonth(Base):
    """Incidents inside a measure's outline in one month (its first day), kept right by each import."""

    __tablename__ = "measure_month"
    __table_args__ = (CheckConstraint("incidents >= 0", name="not_negative"), {"sqlite_with_rowid": False})

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    incidents: Mapped[int]


class Reading(Base):
    """A typed reading: a dated value with its source. Computed readings are never stored."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("measure_id", "read_on"),
        CheckConstraint("value >= 0", name="not_negative"),
        CheckConstraint("source <> ''", name="has_source"),
    )

    id: Mapped[Id]
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    read_on: Mapped[date]
    value: Mapped[float]
    source: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Commitment(Base):
    """Who does what by when. Only the other side can settle it (`Countersignature`); overdue is computed."""

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("id", "party"),
        Index("ix_commitment_goal", "goal_id"),
        CheckConstraint("(party = 'partner') = (partner_id IS NOT NULL)", name="partner_named"),
        CheckConstraint("state <> 'released' OR released_reason <> ''", name="released_has_reason"),
    )

    id: Mapped[Id]
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"))
    party: Mapped[Party] = mapped_column(words(Party, "party"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    owner: Mapped[str] = mapped_column(String(120))
    deliverable: Mapped[str] = mapped_column(String(300))
    done_means: Mapped[str] = mapped_column(String(300), default="")
    due_on: Mapped[date]
    state: Mapped[CommitmentState] = mapped_column(words(CommitmentState, "state"), default=CommitmentState.OFFERED)
    offered_at: Mapped[datetime]
    settled_on: Mapped[date | None]
    released_reason: Mapped[str] = mapped_column(String(300), default="")


class CommitmentOfficer(Base):
    """Who answers for a commitment of the officers: an officer posted to the goal's beats, or a facilitator of their
    side. When they leave, the commitment is unaccepted until a successor takes it on."""

    __tablename__ = "commitment_officer"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class CommitmentEvidence(Base):
    """What shows that something was done: a text, a link, or a photo (re-encoded JPEG without its metadata).

    `withdrawn_reason`: why it is shown no more; the row stays, its photo goes.
    """

    __tablename__ = "commitment_evidence"
    __table_args__ = (
        CheckConstraint("kind <> 'link' OR link <> ''", name="link_given"),
        CheckConstraint("kind <> 'photo' OR photo IS NOT NULL OR withdrawn_reason <> ''", name="photo_given"),
        CheckConstraint("text <> ''", name="says_something"),
    )

    id: Mapped[Id]
    uuid: Mapped[PublicId]
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id", ondelete="CASCADE"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(words(EvidenceKind, "kind"))
    text: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(500), default="")
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")


class Countersignature(Base):
    """One side says that the other's commitment was kept or broken (promise 11).

    The party is copied into the row so that a CHECK can say "never one's own": the composite key keeps the copy true. A
    partner's commitment needs one countersignature of each side.
    """

    __tablename__ = "countersignature"
    __table_args__ = (
        ForeignKeyConstraint(["commitment_id", "party"], ["commitment.id", "commitment.party"], ondelete="CASCADE"),
        CheckConstraint("side <> party", name="other_side"),
        CheckConstraint("verdict IN ('kept', 'broken')", name="verdict"),
    )

    commitment_id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"), primary_key=True)
    party: Mapped[Party] = mapped_column(words(Party, "party"))
    verdict: Mapped[CommitmentState] = mapped_column(words(CommitmentState, "verdict_word"))
    note: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime]
