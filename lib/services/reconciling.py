"""What the facilitators count by hand after closing: slips left, slips spoiled, paper slips."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid
from lib.model import DoorPass, PassBatch, Reconciliation, Round
from lib.queries.counts import turnouts
from lib.queries.door import handed_out
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.rights import Actor, Right, require
from lib.rules.voting import PassKind
from lib.services.log import record
from lib.services.round_rows import round_with
from lib.services.rounds import close_if_due
from lib.storage.transaction import writing

COUNTABLE = frozenset({RoundState.CLOSED, RoundState.PAPER, RoundState.SEALED})


def reconcile_side(
    *,
    actor: Actor | None,
    round_id: int,
    side: Electorate,
    slips_left: int,
    slips_spoiled: int,
    paper_slips: int,
    now: datetime | None = None,
) -> None:
    """Write down what was counted by hand for one side of a closed round; typed again, it replaces the earlier count.

    Passes that still wait at the door are counted here, not by hand. What does not agree is told by
    `queries.reconciling` and keeps the result from being published; it never keeps anybody from typing what was
    counted. Raises SignInNeeded, NotAllowed, NotFound, Conflict (not closed, or published), Invalid (numbers).
    """
    person = require(actor, Right.RUN_ROUND)
    moment = now or clock.now()
    for name, number in (("slips_left", slips_left), ("slips_spoiled", slips_spoiled), ("paper_slips", paper_slips)):
        if number < 0:
            raise Invalid("Counts are 0 or more.", field=name)
    with writing() as db:
        row = round_with(db, round_id)
        close_if_due(db, row, moment)
        if row.state not in COUNTABLE or row.set_aside:
            raise Conflict("Slips are counted after a vote is closed and before its result is published.")
        issued = turnouts(round_id)[side].issued
        door_left = _waiting_at_the_door(db, row, side)
        if slips_left + door_left > issued:
            raise Invalid(
                f"{slips_left} slips left are more than the {issued - door_left} passes of the {side.value} that could "
                "be left. Count again: only slips of this meeting and of this colour.",
                field="slips_left",
            )
        door_shown = sum(each.number for each in handed_out(row.meeting_id) if each.side is side)
        kept = db.get(Reconciliation, (round_id, side))
        if kept is None:
            kept = Reconciliation(round_id=round_id, side=side)
            db.add(kept)
        kept.slips_left, kept.slips_spoiled, kept.paper_slips = slips_left, slips_spoiled, paper_slips
        kept.door_left, kept.door_shown = door_left, door_shown
        kept.person_id, kept.counted_at = person.person_id, moment
        record(
            db,
            person,
            "side_reconciled",
            "round",
            row.uuid,
            side=side.value,
            slips_left=slips_left,
            slips_spoiled=slips_spoiled,
            paper_slips=paper_slips,
            door_left=door_left,
            door_shown=door_shown,
        )


def _waiting_at_the_door(db: Session, row: Round, side: Electorate) -> int:
    question = (
        select(func.count())
        .select_from(DoorPass)
        .join(PassBatch, PassBatch.id == DoorPass.batch_id)
        .where(PassBatch.meeting_id == row.meeting_id, PassBatch.side == side, PassBatch.kind == PassKind.DOOR)
    )
    return db.scalar(question) or 0
