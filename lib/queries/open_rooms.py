"""Which open rooms take votes at this moment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from lib import clock
from lib.model import Meeting, Round, RoundText
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.voting import RoundMode
from lib.storage.transaction import reading


@dataclass(frozen=True)
class OpenRoom:
    """An open room that takes votes: any device may join it."""

    meeting_id: int
    meeting_uuid: UUID
    meeting_title: str
    place: str
    question: str
    eligibility: str


def open_rooms(*, now: datetime | None = None, language: str = "en") -> tuple[OpenRoom, ...]:
    """The open rooms of all open meetings, the one that opened last first. One statement."""
    with reading() as db:
        rows = db.execute(
            select(
                Meeting.id,
                Meeting.uuid,
                Meeting.title,
                Meeting.place,
                func.coalesce(RoundText.question, Round.question),
                func.coalesce(RoundText.eligibility, Round.eligibility),
            )
            .join(Round, Round.meeting_id == Meeting.id)
            .outerjoin(RoundText, and_(RoundText.round_id == Round.id, RoundText.language == language))
            .where(
                Meeting.state == MeetingState.OPEN,
                Round.state == RoundState.OPEN,
                Round.mode == RoundMode.OPEN_ROOM,
                Round.closes_at > (now or clock.now()),
            )
            .order_by(Round.opened_at.desc())
        )
        return tuple(OpenRoom(*row) for row in rows)
