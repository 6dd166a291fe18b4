"""The door: one pass after the other is handed out, at an unhurried pace, and only how many by whom is kept."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, TooMany
from lib.model import Beat, DoorTally, MeetingBeat
from lib.rules.lifecycle import Electorate, MeetingState
from lib.rules.rights import Actor, Right, require, require_door
from lib.rules.voting import PassKind
from lib.services.admission import take_waiting
from lib.services.round_rows import meeting_with
from lib.storage.transaction import writing

PACE = timedelta(seconds=2)
"""One person hands out no more than one pass in this time: a loop that empties the door takes long enough to be seen.
Kept in each process's memory, since a time in the database would say who was given a pass when."""

SHOWN_ALREADY = "This pass was shown already and is never shown again. Tap once more for the next one."
TOO_FAST = "One pass at a time, please: wait two seconds, then tap for the person who stands in front of you."
NONE_LEFT = {
    Electorate.RESIDENTS: "No pass for residents is left at the door. Mint another batch on the page Run.",
    Electorate.OFFICERS: "No pass for officers is left at the door. Mint another batch on the page Run.",
}
MOST_PEOPLE = 1000

_last: OrderedDict[int, datetime] = OrderedDict()
_lock = Lock()


def show_next_pass(
    *,
    actor: Actor | None,
    meeting_id: int,
    side: Electorate,
    offered: UUID | None = None,
    now: datetime | None = None,
) -> str:
    """Take one waiting door pass of a side at random and forget it here; its token, for the one who stands there.

    `offered` names the one to take (`queries.door.WaitingAtDoor`), so that a form sent twice takes no second pass. Not
    logged: who was shown a pass when is nobody's business; how many passes somebody handed out is counted. Raises
    SignInNeeded, NotAllowed (an officer of another beat), NotFound, Conflict (meeting over, no pass left, the offered
    one taken), TooMany (faster than `PACE`).
    """
    require(actor, Right.HAND_OUT_PASSES)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        beats = select(Beat.code).join(MeetingBeat, MeetingBeat.beat_id == Beat.id)
        person = require_door(actor, set(db.scalars(beats.where(MeetingBeat.meeting_id == meeting_id))))
        if meeting.state not in (MeetingState.PLANNED, MeetingState.OPEN):
            raise Conflict("This meeting is over; its passes are good for nothing any more.")
        _keep_pace(person.person_id, now or clock.now())
        token = take_waiting(db, meeting_id, side, PassKind.DOOR, offered)
        if token is None:
            _forget_pace(person.person_id)
            raise Conflict(SHOWN_ALREADY if offered else NONE_LEFT[side])
        _count(db, meeting_id, side, person.person_id)
        return token


def _count(db: Session, meeting_id: int, side: Electorate, person_id: int) -> None:
    """The caller holds the meeting's row, so no two add at once."""
    kept = db.get(DoorTally, (meeting_id, side, person_id))
    if kept is None:
        db.add(DoorTally(meeting_id=meeting_id, side=side, person_id=person_id, number=1))
    else:
        kept.number += 1


def _keep_pace(person_id: int, at: datetime) -> None:
    with _lock:
        last = _last.get(person_id)
        if last is not None and last <= at < last + PACE:
            raise TooMany(TOO_FAST)
        _last[person_id] = at
        _last.move_to_end(person_id)
        while len(_last) > MOST_PEOPLE:
            _last.popitem(last=False)


def _forget_pace(person_id: int) -> None:
    with _lock:
        _last.pop(person_id, None)
