"""Whether a phone reached the room's address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lib.model import PhoneCheck
from lib.storage.transaction import reading


@dataclass(frozen=True)
class PhoneCheckRow:
    """The last check of a meeting: its code, the address it tries, and when a phone came back (None: not yet)."""

    code: str
    address: str
    reached_at: datetime | None


def phone_check(meeting_id: int) -> PhoneCheckRow | None:
    """The last check with a phone of a meeting, None before the first. One statement."""
    with reading() as db:
        row = db.execute(
            select(PhoneCheck.code, PhoneCheck.address, PhoneCheck.reached_at)
            .where(PhoneCheck.meeting_id == meeting_id)
            .order_by(PhoneCheck.made_at.desc())
            .limit(1)
        ).first()
    return PhoneCheckRow(*row) if row else None
