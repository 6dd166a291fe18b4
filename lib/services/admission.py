"""Who is let in with a pass: the holder of a code, a device in an open room, and the pass that waits at the door."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, NotFound
from lib.model import DoorPass, Meeting, Pass, PassBatch, Round
from lib.rules.ballots import commitment, credential, normalise_token
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.passes import UNKNOWN_CODE, void_sentence
from lib.rules.voting import PassKind, RoundMode
from lib.services.passes import LARGEST_BATCH, mint_batch
from lib.services.round_rows import meeting_with
from lib.storage.secrets import unseal
from lib.storage.transaction import reading, writing

REMEMBERED = timedelta(days=30)
"""How long after a meeting its slips are still told that it is over; later they are unknown."""

OPEN_ROOM_BATCH = 200
"""Passes minted at a time for an open room, where nobody knows how many devices will come."""

NO_OPEN_ROOM = "No open room takes votes at this moment. Please wait until the facilitator opens one."
NO_OPEN_ROOM_LEFT = "This open room has handed out more passes than any hall holds, and gives no more."


@dataclass(frozen=True)
class Admission:
    """What an admitted pass is good for. `cred` proves the pass; it is kept in the voter's cookie and nowhere else."""

    meeting_id: int
    meeting_uuid: UUID
    ends_at: datetime
    cred: bytes
    side: Electorate


def admit_pass(*, token: str) -> Admission:
    """Let the holder of a code in. Spaces, case, hyphens, O for 0 and I for 1 do not matter.

    Raises NotFound (no pass has this code) and Conflict (void, or its meeting has not begun or is over).
    """
    code = normalise_token(token)
    if code is None:
        raise NotFound(UNKNOWN_CODE)
    with reading() as db:
        connection = db.connection()
        meetings = connection.execute(_KNOWN_MEETINGS, {"since": clock.now() - REMEMBERED}).scalars()
        creds = {commitment(cred): cred for cred in (credential(meeting, code) for meeting in meetings)}
        row = connection.execute(_ADMITTED, {"commits": list(creds)}).first()
    if row is None:
        raise NotFound(UNKNOWN_CODE)
    if row.is_void:
        raise Conflict(void_sentence(row.void_in))
    if row.state is MeetingState.PLANNED:
        raise Conflict("The meeting of this slip has not begun. Scan it again when the facilitator opens the doors.")
    if row.state is not MeetingState.OPEN:
        raise Conflict("The meeting of this slip is over. Its results are on the page of the meeting.")
    return Admission(row.id, row.uuid, row.ends_at, creds[row.commitment], row.side)


def join_open_room(*, meeting_id: int, now: datetime | None = None) -> Admission:
    """A pass for a device in an open room, while such a round is open. More are minted when none is left.

    Raises NotFound, Conflict (no open room at this moment, or far more passes than any hall holds).
    """
    moment = now or clock.now()
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        if meeting.state is not MeetingState.OPEN or not _has_open_room(db, meeting_id, moment):
            raise Conflict(NO_OPEN_ROOM)
        token = take_waiting(db, meeting_id, Electorate.RESIDENTS, PassKind.OPEN_ROOM)
        if token is None:
            of_room = (PassBatch.meeting_id == meeting_id, PassBatch.kind == PassKind.OPEN_ROOM)
            if (db.scalar(select(func.sum(PassBatch.size)).where(*of_room)) or 0) >= LARGEST_BATCH:
                raise Conflict(NO_OPEN_ROOM_LEFT)
            residents = Electorate.RESIDENTS
            mint_batch(
                db, None, meeting, side=residents, number=OPEN_ROOM_BATCH, kind=PassKind.OPEN_ROOM, moment=moment
            )
            token = take_waiting(db, meeting_id, residents, PassKind.OPEN_ROOM)
        cred = credential(meeting.uuid, token or "")
        return Admission(meeting.id, meeting.uuid, meeting.ends_at, cred, Electorate.RESIDENTS)


def take_waiting(
    db: Session, meeting_id: int, side: Electorate, kind: PassKind, offered: UUID | None = None
) -> str | None:
    """The offered pass, or a waiting one at random; its row deleted. The caller holds the meeting's row, so nobody else
    takes it."""
    of_side = select(DoorPass).join(PassBatch, PassBatch.id == DoorPass.batch_id)
    of_side = of_side.where(PassBatch.meeting_id == meeting_id, PassBatch.side == side, PassBatch.kind == kind)
    if offered is not None:
        of_side = of_side.where(DoorPass.id == offered)
    row = db.scalar(of_side.order_by(func.random()).limit(1))
    if row is None:
        return None
    token = unseal(row.sealed_token).decode()
    db.delete(row)
    db.flush()
    return token


def _has_open_room(db: Session, meeting_id: int, moment: datetime) -> bool:
    return (
        db.scalar(
            select(Round.id).where(
                Round.meeting_id == meeting_id,
                Round.state == RoundState.OPEN,
                Round.mode == RoundMode.OPEN_ROOM,
                Round.closes_at > moment,
            )
        )
        is not None
    )


# Built once: a hall's phones scan their slips within seconds.
_KNOWN_MEETINGS = select(Meeting.uuid).where(
    or_(Meeting.state == MeetingState.OPEN, Meeting.ends_at > bindparam("since"))
)
_ADMITTED = (
    select(
        Pass.commitment,
        Pass.is_void,
        Round.number.label("void_in"),
        PassBatch.side,
        Meeting.id,
        Meeting.uuid,
        Meeting.state,
        Meeting.ends_at,
    )
    .join(PassBatch, PassBatch.id == Pass.batch_id)
    .join(Meeting, Meeting.id == PassBatch.meeting_id)
    .outerjoin(Round, Round.id == Pass.void_round_id)
    .where(Pass.commitment.in_(bindparam("commits", expanding=True)))
)
