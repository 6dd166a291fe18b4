"""Questions of the tablet at the door: how many passes wait, and which one comes next. No pass's code leaves here."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from lib.model import DoorPass, DoorTally, PassBatch, Person
from lib.queries.voting import waiting_passes
from lib.rules.lifecycle import Electorate
from lib.rules.voting import PassKind
from lib.storage.transaction import reading


@dataclass(frozen=True)
class WaitingAtDoor:
    """How many passes of one side wait, and one of them at random; None where none waits.

    A button that names the pass it hands out hands out one pass, however often it is pressed.
    """

    number: int
    offered: UUID | None


@dataclass(frozen=True)
class HandedOut:
    """How many passes of a side one person handed out at the door of a meeting."""

    side: Electorate
    person_id: int
    name: str
    number: int


def handed_out(meeting_id: int) -> tuple[HandedOut, ...]:
    """The totals of a meeting's door, residents first, then by name. One statement."""
    with reading() as db:
        rows = db.execute(
            select(DoorTally.side, DoorTally.person_id, Person.name, DoorTally.number)
            .join(Person, Person.id == DoorTally.person_id)
            .where(DoorTally.meeting_id == meeting_id)
        )
        found = [HandedOut(*row) for row in rows]
    order = list(Electorate)
    return tuple(sorted(found, key=lambda each: (order.index(each.side), each.name, each.person_id)))


def waiting_at_door(meeting_id: int) -> Mapping[Electorate, WaitingAtDoor]:
    """Both sides of a meeting, residents first. Three statements."""
    number = waiting_passes(meeting_id)
    with reading() as db:
        offered = {
            side: db.scalar(
                select(DoorPass.id)
                .join(PassBatch, PassBatch.id == DoorPass.batch_id)
                .where(PassBatch.meeting_id == meeting_id, PassBatch.side == side, PassBatch.kind == PassKind.DOOR)
                .order_by(func.random())
                .limit(1)
            )
            for side in Electorate
        }
    return {side: WaitingAtDoor(number[side], offered[side]) for side in Electorate}
