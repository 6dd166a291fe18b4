"""Whether anything has happened in a room since its meeting was opened."""

from sqlalchemy import exists, func, select

from lib.model import CheckinAnswer, DoorPass, PassBatch, Round
from lib.rules.lifecycle import RoundState
from lib.rules.voting import PassKind
from lib.storage.transaction import reading


def what_happened(meeting_id: int) -> str:
    """What keeps the opening of a meeting from being taken back, as the beginning of a sentence; "" for nothing. Slips
    that are handed out on paper are known to nobody here. Four statements."""
    at_door = (PassBatch.meeting_id == meeting_id, PassBatch.kind == PassKind.DOOR)
    with reading() as db:
        if db.scalar(select(exists().where(Round.meeting_id == meeting_id, Round.state != RoundState.DRAFT))):
            return "A vote was opened"
        minted = db.scalar(select(func.sum(PassBatch.size)).where(*at_door)) or 0
        waiting = db.scalar(
            select(func.count())
            .select_from(DoorPass)
            .join(PassBatch, DoorPass.batch_id == PassBatch.id)
            .where(*at_door)
        )
        if minted > (waiting or 0):
            return "A pass was handed out at the door"
        answered = exists().where(CheckinAnswer.meeting_id == meeting_id, CheckinAnswer.number > 0)
        return "Answers were counted at the door" if db.scalar(select(answered)) else ""
