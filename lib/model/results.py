"""What stays of a round after its ballots were counted: sealed ballots, counts, what was counted by hand, outcomes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, words
from lib.rules.lifecycle import Electorate


class SealedBallot(Base):
    """A ballot after sealing: in the order of its tracker, without key and channel. A sealed side leaves none here."""

    __tablename__ = "sealed_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    tracker: Mapped[str] = mapped_column(String(12), primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"))
    choices: Mapped[str] = mapped_column(Text)


class SideCount(Base):
    """What is known of a side after sealing: passes issued, ballots cast, blank ones, paper ones, totals by channel."""

    __tablename__ = "side_count"
    __table_args__ = (
        CheckConstraint("cast_ballots <= issued AND blank_ballots <= cast_ballots", name="cast_within_issued"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"), primary_key=True)
    issued: Mapped[int]
    cast_ballots: Mapped[int]
    blank_ballots: Mapped[int]
    paper_ballots: Mapped[int] = mapped_column(default=0, server_default="0")
    channels: Mapped[dict[str, Any]]


class Reconciliation(Base):
    """What the facilitators counted by hand for one side of one round.

    Drawn passes are the issued ones less `slips_left` and less `door_left`, the passes that were still waiting at the
    door; `door_shown` were handed out there until then, in all rounds of the meeting. A trigger refuses to publish
    while more ballots than drawn passes are counted, or `paper_slips` differ from the paper ballots typed in (promise
    6); another keeps these rows as they are once the round is published.
    """

    __tablename__ = "reconciliation"
    __table_args__ = (
        CheckConstraint(
            "slips_left >= 0 AND slips_spoiled >= 0 AND paper_slips >= 0 AND door_left >= 0", name="not_negative"
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"), primary_key=True)
    slips_left: Mapped[int]
    slips_spoiled: Mapped[int]
    paper_slips: Mapped[int]
    door_left: Mapped[int]
    door_shown: Mapped[int] = mapped_column(default=0, server_default="0")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime]


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


class OwedAnswer(Base):
    """A contested goal: `side`, which did not carry it, owes the other its reason and a counter-offer by `due_on`."""

    __tablename__ = "owed_answer"
    __table_args__ = (CheckConstraint("answered_at IS NULL OR reason <> ''", name="answer_has_reason"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    side: Mapped[Electorate] = mapped_column(words(Electorate, "side"))
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    counter_offer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
