"""Contested goals: what the side that did not carry one owes the other, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from lib.model import Candidate
from lib.model import OwedAnswer as Owed
from lib.rules.lifecycle import Electorate
from lib.storage.transaction import reading


@dataclass(frozen=True)
class OwedAnswer:
    """What the side that did not carry a contested goal owes the other: its reason and counter-offer, by a day."""

    side: Electorate
    due_on: date
    reason: str = ""
    counter_offer: str = ""
    answered_at: datetime | None = None


def owed_answers(round_id: int) -> Mapping[UUID, OwedAnswer]:
    """What is owed for the contested goals of a published round, by goal. One statement."""
    with reading() as db:
        rows = db.execute(
            select(Candidate.goal_uuid, Owed.side, Owed.due_on, Owed.reason, Owed.counter_offer, Owed.answered_at)
            .join(Candidate, Candidate.id == Owed.candidate_id)
            .where(Owed.round_id == round_id)
        )
        return {row.goal_uuid: OwedAnswer(*row[1:]) for row in rows}
