"""Rounds, passes and ballots. Section 6 of the design stands here as tables.

What is *not* here matters most: no ballot holds a time, an address or a pass; no pass says that it has voted.
"""

from datetime import datetime
from uuid import UUID, uuid4

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
from lib.rules.voting import Channel, PassKind, ResultsShown, RoundMode, RoundRule, SideFigures


class Round(Base):
    """One vote on a list of goals.

    `frozen` is the canonical JSON of rule, eligibility, texts and what shows when, written at opening; `frozen_hash`
    its SHA-256. `tie_seed` is the dice rolled in the room ("4-1-6"); `dice_hash` the SHA-256 of the ballots that was
    read out before, from when on no ballot comes or goes. `is_advisory`, written at sealing: too few officers voted to
    adopt anything, the residents' ranking stands as advice. `set_aside` says why a sealed round is never published.
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
    dice_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    is_advisory: Mapped[bool] = mapped_column(default=False)
    set_aside: Mapped[str] = mapped_column(String(300), default="", server_default="")


class RoundText(Base):
    """A round's question and eligibility in another language than English, frozen with it."""

    __tablename__ = "round_text"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    question: Mapped[str] = mapped_column(String(160))
    eligibility: Mapped[str] = mapped_column(String(300))


class SecondVote(Base):
    """`round_id` is the vote that follows on the contested goals of `first_round_id`."""

    __tablename__ = "second_vote"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    first_round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)


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
    """Passes minted together for one side of one meeting; `commitments_hash` goes over their sorted commitments.

    `kind`: printed slips, passes shown one by one at the door, or an open room's pass for any device.
    """

    __tablename__ = "pass_batch"
    __table_args__ = (UniqueConstraint("meeting_id", "number"), CheckConstraint("size >= 1", name="not_empty"))

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"))
    kind: Mapped[PassKind] = mapped_column(words(PassKind, "kind"), default=PassKind.SLIPS, server_default="slips")
    size: Mapped[int]
    commitments_hash: Mapped[str] = mapped_column(String(64))
    minted_at: Mapped[datetime]


class Pass(Base):
    """A voucher for one ballot in each round of its meeting: `commit` is all that is kept of the token.

    `void_round_id`: the round in which a void slip was scanned; until then it counted as issued. None: void before any.
    It is no foreign key, since that would lock the round's row.
    """

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
    void_round_id: Mapped[int | None]


class DoorPass(Base):
    """A pass that waits at the door: its encrypted token, shown once. The random `id` gives no order away."""

    __tablename__ = "door_pass"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    batch_id: Mapped[int] = mapped_column(ForeignKey("pass_batch.id"), index=True)
    sealed_token: Mapped[bytes] = mapped_column(LargeBinary)


class DoorTally(Base):
    """How many passes of a side somebody handed out at the door of a meeting. Totals only: no row per pass, no time."""

    __tablename__ = "door_tally"
    __table_args__ = (CheckConstraint("number >= 1", name="positive"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int]


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
