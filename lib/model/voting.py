"""Rounds, passes and ballots. Section 6 of the design stands here as tables.

What is *not* here matters most: no ballot holds a time, an address or a pass; no pass says that it has voted.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, PublicId, words
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.voting import Channel, ResultsShown, RoundMode, RoundRule, SideFigures


class Round(Base):
    """One vote on a list of goals.

    `frozen` is the canonical JSON of rule, eligibility, texts and what shows when, written at opening; `frozen_hash`
    its SHA-256. `tie_seed` is the dice rolled in the room ("4-1-6"). `is_advisory`, written at sealing: too few
    officers voted to adopt anything, the residents' ranking stands as advice.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("places >= 1", name="has_places"),
        CheckConstraint("state = 'draft' OR (frozen <> '' AND length(frozen_hash) = 64)", name="frozen_when_open"),
        CheckConstraint("rule <> 'lower_share' OR officers_figures = 'open'", name="lower_share_needs_open"),
    )

    id: Mapped[Id]
    uuid: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    question: Mapped[str] = mapped_column(String(160))
    eligibility: Mapped[str] = mapped_column(String(300))
    places: Mapped[int] = mapped_column(SmallInteger)
    rule: Mapped[RoundRule] = mapped_column(words(RoundRule, "rule"), default=RoundRule.TWO_KEYS_TURNS)
    mode: Mapped[RoundMode] = mapped_column(words(RoundMode, "mode"), default=RoundMode.MEETING)
    shows: Mapped[ResultsShown] = mapped_column(words(ResultsShown, "shows"), default=ResultsShown.AFTER_CLOSING)
    officers_figures: Mapped[SideFigures] = mapped_column(
        words(SideFigures, "officers_figures"), default=SideFigures.SEALED
    )
    minutes: Mapped[int] = mapped_column(default=10)
    state: Mapped[RoundState] = mapped_column(words(RoundState, "state"), default=RoundState.DRAFT, index=True)
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    frozen: Mapped[str] = mapped_column(Text, default="")
    frozen_hash: Mapped[str] = mapped_column(String(64), default="")
    tie_seed: Mapped[str] = mapped_column(String(40), default="")
    is_advisory: Mapped[bool] = mapped_column(default=False)


class RoundSecret(Base):
    """The round's random PEPPER, encrypted with the installation's secret; deleted at sealing, never cached."""

    __tablename__ = "round_secret"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    pepper: Mapped[bytes] = mapped_column(LargeBinary)


class Candidate(Base):
    """A goal on the ballot. Its texts are copies, so that a later edit of the goal does not change the vote."""

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("round_id", "goal_id"), UniqueConstraint("round_id", "position"))

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    goal_uuid: Mapped[UUID] = mapped_column(Uuid)
    position: Mapped[int] = mapped_column(SmallInteger)


class CandidateText(Base):
    __tablename__ = "candidate_text"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(600))


class PassBatch(Base):
    """Passes minted together for one side of one meeting; `commitments_hash` goes over their sorted commitments."""

    __tablename__ = "pass_batch"
    __table_args__ = (UniqueConstraint("meeting_id", "number"), CheckConstraint("size >= 1", name="not_empty"))

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"))
    size: Mapped[int]
    commitments_hash: Mapped[str] = mapped_column(String(64))
    minted_at: Mapped[datetime]


class Pass(Base):
    """A voucher for one ballot in each round of its meeting: `commit` is all that is kept of the token."""

    __tablename__ = "pass"
    __table_args__ = (
        UniqueConstraint("batch_id", "serial"),
        CheckConstraint("length(commitment) = 32", name="commitment_length"),
        {"sqlite_with_rowid": False},
    )

    commitment: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("pass_batch.id"))
    serial: Mapped[int | None]
    is_void: Mapped[bool] = mapped_column(default=False)


class Ballot(Base):
    """An open ballot under its key. One pass, one ballot per round is the primary key (promise 1); changing the vote
    replaces the row. `choices` is the canonical JSON list of goal UUIDs, ["none"], or [] for a blank ballot.

    `round_id` is no foreign key: PostgreSQL would lock the round's row for every ballot, and write the ballot's
    transaction number into it.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        Index("ix_ballot_round_tracker", "round_id", "tracker", unique=True),
        CheckConstraint("length(key) = 16", name="key_length"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"))
    choices: Mapped[str] = mapped_column(Text)
    tracker: Mapped[str] = mapped_column(String(12))
    channel: Mapped[Channel] = mapped_column(words(Channel, "channel"))


class SealedBallot(Base):
    """A ballot after sealing: in the order of its tracker, without key and channel. A sealed side leaves none here."""

    __tablename__ = "sealed_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    tracker: Mapped[str] = mapped_column(String(12), primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"))
    choices: Mapped[str] = mapped_column(Text)


class SideCount(Base):
    """What is known of a side after sealing: passes issued, ballots cast, blank ones, and totals per channel."""

    __tablename__ = "side_count"
    __table_args__ = (
        CheckConstraint("cast_ballots <= issued AND blank_ballots <= cast_ballots", name="cast_within_issued"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"), primary_key=True)
    issued: Mapped[int]
    cast_ballots: Mapped[int]
    blank_ballots: Mapped[int]
    channels: Mapped[dict[str, Any]]


class Outcome(Base):
    """How a candidate ended, written at sealing. `approvals` is None for a side with sealed figures."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('adopted', 'open_without_place', 'residents_only', 'officers_only', 'neither')", name="outcome"
        ),
        CheckConstraint("(outcome = 'adopted') = (place IS NOT NULL)", name="adopted_has_place"),
        CheckConstraint(
            "outcome NOT IN ('adopted', 'open_without_place') OR (residents_key AND officers_key)", name="both_keys"
        ),
        UniqueConstraint("round_id", "place"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(24))
    place: Mapped[int | None] = mapped_column(SmallInteger)
    residents_key: Mapped[bool]
    officers_key: Mapped[bool]
    residents_approvals: Mapped[int]
    officers_approvals: Mapped[int | None]
