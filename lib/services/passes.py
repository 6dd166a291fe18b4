"""Passes: minting a batch, voiding a slip before opening, and admitting whoever holds a code.

A token exists on its slip only. What is kept of it is a commitment: it recognises the token and gives nothing away.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, or_, select

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import Meeting, Pass, PassBatch, Round
from lib.rules.ballots import TOKEN_BYTES, batch_hash, commitment, credential, normalise_token, token_from_bytes
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.rights import Actor, Right, require
from lib.services.log import record
from lib.services.round_rows import meeting_with, running_meeting
from lib.storage.transaction import reading, writing

LARGEST_BATCH = 5000

REMEMBERED = timedelta(days=30)
"""How long after a meeting its slips are still told that it is over; later they are unknown."""

UNKNOWN_CODE = (
    "This code is not known here. Codes have 16 letters and digits; please check it, or ask at the door for a new slip."
)
IS_VOID = "This slip was declared void before the vote. Ask at the door: a void slip cannot vote."


@dataclass(frozen=True)
class Slip:
    """One pass as it is printed: the serial on its stub and the token of its QR code."""

    serial: int | None
    token: str


@dataclass(frozen=True)
class MintedBatch:
    """A batch at the only moment its tokens exist here: show or print them, they are stored nowhere."""

    number: int
    side: Electorate
    slips: tuple[Slip, ...]
    commitments_hash: str


@dataclass(frozen=True)
class Admission:
    """What an admitted pass is good for. `cred` proves the pass; it is kept in the voter's cookie and nowhere else."""

    meeting_id: int
    meeting_uuid: UUID
    ends_at: datetime
    cred: bytes
    side: Electorate


def mint_passes(
    *,
    actor: Actor | None,
    meeting_id: int,
    side: Electorate,
    number: int,
    with_serials: bool = True,
    now: datetime | None = None,
) -> MintedBatch:
    """Mint `number` passes of one side as a batch of their own, also for latecomers while a round is open.

    Serials run on through all batches of the meeting. Raises SignInNeeded, NotAllowed, NotFound, Conflict (the meeting
    is over), Invalid (number).
    """
    person = require(actor, Right.MINT_PASSES)
    if not 1 <= number <= LARGEST_BATCH:
        raise Invalid(f"A batch has between 1 and {LARGEST_BATCH:,} passes.", field="number")
    with writing() as db:
        meeting = running_meeting(db, meeting_id)
        batches, last_serial = db.execute(
            select(func.count(PassBatch.id.distinct()), func.max(Pass.serial))
            .select_from(PassBatch)
            .outerjoin(Pass, Pass.batch_id == PassBatch.id)
            .where(PassBatch.meeting_id == meeting_id)
        ).one()
        tokens = [token_from_bytes(secrets.token_bytes(TOKEN_BYTES)) for _ in range(number)]
        first = (last_serial or 0) + 1
        slips = tuple(Slip(first + place if with_serials else None, token) for place, token in enumerate(tokens))
        commitments = {slip.token: commitment(credential(meeting.uuid, slip.token)) for slip in slips}
        batch = PassBatch(
            meeting_id=meeting_id,
            number=batches + 1,
            side=side,
            size=number,
            commitments_hash=batch_hash(commitments.values()),
            minted_at=now or clock.now(),
        )
        db.add(batch)
        db.flush()
        # By commitment, so that passes without serials keep no trace of the order they were minted in.
        db.execute(
            insert(Pass),
            sorted(
                (
                    {"commitment": commitments[slip.token], "batch_id": batch.id, "serial": slip.serial}
                    for slip in slips
                ),
                key=lambda row: bytes(row["commitment"] or b""),
            ),
        )
        record(
            db,
            person,
            "passes_minted",
            "meeting",
            meeting.uuid,
            batch=batch.number,
            side=side.value,
            size=number,
            commitments_hash=batch.commitments_hash,
        )
        return MintedBatch(batch.number, side, slips, batch.commitments_hash)


def void_pass(*, actor: Actor | None, meeting_id: int, serial: int) -> None:
    """Declare a slip void by the serial on its stub, before a round is opened.

    Raises SignInNeeded, NotAllowed, NotFound (no such serial), Conflict (a round is running, or already void).
    """
    person = require(actor, Right.MINT_PASSES)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        running = select(Round.id).where(
            Round.meeting_id == meeting_id,
            Round.state.in_((RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER)),
        )
        if db.scalar(running.limit(1)) is not None:
            raise Conflict("A vote is running: from opening to counting a slip cannot be declared void by its number.")
        row = db.scalar(
            select(Pass)
            .join(PassBatch, PassBatch.id == Pass.batch_id)
            .where(PassBatch.meeting_id == meeting_id, Pass.serial == serial)
        )
        if row is None:
            raise NotFound(f"No slip of this meeting has the number {serial}.")
        if row.is_void:
            raise Conflict(f"Slip {serial} is void already.")
        row.is_void = True
        record(db, person, "pass_voided", "meeting", meeting.uuid, serial=serial)


def admit_pass(*, token: str) -> Admission:
    """Let the holder of a code in. Spaces, case, hyphens, O for 0 and I for 1 do not matter.

    Raises NotFound (no pass has this code) and Conflict (void, or its meeting has not begun or is over).
    """
    code = normalise_token(token)
    if code is None:
        raise NotFound(UNKNOWN_CODE)
    with reading() as db:
        known = or_(Meeting.state == MeetingState.OPEN, Meeting.ends_at > clock.now() - REMEMBERED)
        meetings = db.scalars(select(Meeting.uuid).where(known))
        creds = {commitment(cred): cred for cred in (credential(meeting, code) for meeting in meetings)}
        row = db.execute(
            select(
                Pass.commitment,
                Pass.is_void,
                PassBatch.side,
                Meeting.id,
                Meeting.uuid,
                Meeting.state,
                Meeting.ends_at,
            )
            .join(PassBatch, PassBatch.id == Pass.batch_id)
            .join(Meeting, Meeting.id == PassBatch.meeting_id)
            .where(Pass.commitment.in_(creds))
        ).first()
    if row is None:
        raise NotFound(UNKNOWN_CODE)
    if row.is_void:
        raise Conflict(IS_VOID)
    if row.state is MeetingState.PLANNED:
        raise Conflict("The meeting of this slip has not begun. Scan it again when the facilitator opens the doors.")
    if row.state is not MeetingState.OPEN:
        raise Conflict("The meeting of this slip is over. Its results are on the page of the meeting.")
    return Admission(row.id, row.uuid, row.ends_at, creds[row.commitment], row.side)
