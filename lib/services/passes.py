"""Passes: minting a batch, and voiding slips. Who is let in with one: `admission`.

A token exists on its slip only. What is kept of it is a commitment: it recognises the token and gives nothing away.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import Ballot, DoorPass, Meeting, Pass, PassBatch, Round, RoundSecret
from lib.rules.ballots import (
    TOKEN_BYTES,
    ballot_key,
    batch_hash,
    commitment,
    credential,
    normalise_token,
    token_from_bytes,
)
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.passes import UNKNOWN_CODE
from lib.rules.rights import Actor, Right, require
from lib.rules.voting import PassKind
from lib.services.log import record
from lib.services.round_rows import keep_ballots_out, meeting_with, running_meeting
from lib.services.witnesses import SECOND_NEEDED, Witness, confirmed_by
from lib.storage.secrets import seal, unseal
from lib.storage.transaction import reading, writing

LARGEST_BATCH = 5000

DICE_CALLED = "The fingerprint of the ballots has been read out for the dice: no ballot can come or go any more."
NO_VOTE_RUNS = "No vote is running: declare the slip void by the number on its stub."


@dataclass(frozen=True)
class Slip:
    """One pass as it is printed: the serial on its stub and the token of its QR code."""

    serial: int | None
    token: str


@dataclass(frozen=True)
class MintedBatch:
    """A batch at the only moment its tokens exist here: show or print them, they are stored nowhere.

    `slips` is empty for passes that wait at the door; `size` is how many were minted.
    """

    number: int
    side: Electorate
    slips: tuple[Slip, ...]
    commitments_hash: str
    size: int = 0


def mint_passes(
    *,
    actor: Actor | None,
    meeting_id: int,
    side: Electorate,
    number: int,
    kind: PassKind = PassKind.SLIPS,
    second: Witness | None = None,
    from_command_line: bool = False,
    now: datetime | None = None,
) -> MintedBatch:
    """Mint `number` passes of one side as a batch of their own, also for latecomers while a round is open.

    Slips carry serials that run on through all batches of the meeting. Passes for the door and for an open room have
    none and are kept encrypted until they are shown; they come back without their tokens. A latecomers' batch, minted
    between the opening and the counting of a round, needs two people: `second`. Raises SignInNeeded, NotAllowed,
    NotFound, Conflict (the meeting is over), Invalid (number, an open room for officers, PIN), SlowDown (PIN).
    """
    person = None if from_command_line else require(actor, Right.MINT_PASSES)
    if not 1 <= number <= LARGEST_BATCH:
        raise Invalid(f"A batch has between 1 and {LARGEST_BATCH:,} passes.", field="number")
    if kind is PassKind.OPEN_ROOM and side is not Electorate.RESIDENTS:
        raise Invalid("An open room is for residents only.", field="side")
    # The PIN is checked before the writing transaction begins; a round that opens in between needs it there too.
    second_id = confirmed_by(actor=person, second=second) if is_late(meeting_id) else None
    with writing() as db:
        meeting = running_meeting(db, meeting_id)
        if second_id is None and _running_rounds(db, meeting_id):
            raise Invalid(SECOND_NEEDED, field="pin")
        return mint_batch(
            db, person, meeting, side=side, number=number, kind=kind, moment=now or clock.now(), second_id=second_id
        )


def is_late(meeting_id: int) -> bool:
    """Whether passes minted now are a latecomers' batch: a round of the meeting is open, or closed and not counted."""
    with reading() as db:
        return bool(_running_rounds(db, meeting_id))


def mint_batch(
    db: Session,
    person: Actor | None,
    meeting: Meeting,
    *,
    side: Electorate,
    number: int,
    kind: PassKind,
    moment: datetime,
    second_id: int | None = None,
) -> MintedBatch:
    """As `mint_passes`, inside the caller's transaction, which holds the meeting's row."""
    batches, last_serial = db.execute(
        select(func.count(PassBatch.id.distinct()), func.max(Pass.serial))
        .select_from(PassBatch)
        .outerjoin(Pass, Pass.batch_id == PassBatch.id)
        .where(PassBatch.meeting_id == meeting.id)
    ).one()
    tokens = [token_from_bytes(secrets.token_bytes(TOKEN_BYTES)) for _ in range(number)]
    first = (last_serial or 0) + 1
    is_printed = kind is PassKind.SLIPS
    slips = tuple(Slip(first + place if is_printed else None, token) for place, token in enumerate(tokens))
    commitments = {slip.token: commitment(credential(meeting.uuid, slip.token)) for slip in slips}
    batch = PassBatch(
        meeting_id=meeting.id,
        number=batches + 1,
        side=side,
        kind=kind,
        size=number,
        commitments_hash=batch_hash(commitments.values()),
        minted_at=moment,
    )
    db.add(batch)
    db.flush()
    # By commitment, so that passes without serials keep no trace of the order they were minted in.
    db.execute(
        insert(Pass),
        sorted(
            ({"commitment": commitments[slip.token], "batch_id": batch.id, "serial": slip.serial} for slip in slips),
            key=lambda row: bytes(row["commitment"] or b""),
        ),
    )
    if not is_printed:
        names = sorted((uuid4() for _ in tokens), key=lambda name: name.bytes)
        shuffled = secrets.SystemRandom().sample(tokens, len(tokens))
        db.execute(
            insert(DoorPass),
            [
                {"id": name, "batch_id": batch.id, "sealed_token": seal(token.encode())}
                for name, token in zip(names, shuffled, strict=True)
            ],
        )
    record(
        db,
        person,
        "passes_minted",
        "meeting",
        meeting.uuid,
        batch=batch.number,
        side=side.value,
        kind=kind.value,
        size=number,
        commitments_hash=batch.commitments_hash,
        **({} if second_id is None else {"second": second_id}),
    )
    return MintedBatch(batch.number, side, slips if is_printed else (), batch.commitments_hash, number)


def void_pass(
    *,
    actor: Actor | None,
    second: Witness | None,
    meeting_id: int,
    serial: int,
    from_command_line: bool = False,
) -> None:
    """Declare a slip void by the serial on its stub, before a round is opened. Needs two people.

    Raises SignInNeeded, NotAllowed, NotFound (no such serial), Conflict (a round is running, or already void), Invalid
    and SlowDown (PIN).
    """
    person = None if from_command_line else require(actor, Right.MINT_PASSES)
    second_id = confirmed_by(actor=person, second=second)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        if _running_rounds(db, meeting_id):
            raise Conflict(
                "A vote is running: from opening to counting a slip is declared void by scanning the slip itself."
            )
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
        record(db, person, "pass_voided", "meeting", meeting.uuid, serial=serial, second=second_id)


def void_slip(*, actor: Actor | None, second: Witness | None, meeting_id: int, token: str) -> bool:
    """Declare a slip void by its own code while a round is running; its ballot there is deleted. Whether it had one.

    The slip still counts as issued and drawn in that round. Needs two people. Raises SignInNeeded, NotAllowed,
    NotFound (no such slip), Conflict (already void, no round is running, a tie waits for the dice), Invalid and
    SlowDown (PIN).
    """
    person = require(actor, Right.RUN_ROUND)
    second_id = confirmed_by(actor=person, second=second)
    code = normalise_token(token)
    if code is None:
        raise NotFound(UNKNOWN_CODE)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        running = _running_rounds(db, meeting_id)
        if not running:
            raise Conflict(NO_VOTE_RUNS)
        cred = credential(meeting.uuid, code)
        row = db.scalar(
            select(Pass)
            .join(PassBatch, PassBatch.id == Pass.batch_id)
            .where(PassBatch.meeting_id == meeting_id, Pass.commitment == commitment(cred))
        )
        if row is None:
            raise NotFound(UNKNOWN_CODE)
        if row.is_void:
            raise Conflict("This slip is void already.")
        for each in running:
            keep_ballots_out(db, each.id)
        # Read again: while this waited, a vote may have been counted, or its fingerprint read out.
        db.expire_all()
        running = _running_rounds(db, meeting_id)
        if not running:
            raise Conflict(NO_VOTE_RUNS)
        if any(each.dice_hash for each in running):
            raise Conflict(DICE_CALLED)
        had_ballot = False
        for each in running:
            pepper = db.scalar(select(RoundSecret.pepper).where(RoundSecret.round_id == each.id))
            if pepper is not None:
                key = ballot_key(cred, each.uuid, unseal(pepper))
                gone = db.execute(delete(Ballot).where(Ballot.round_id == each.id, Ballot.key == key))
                had_ballot = had_ballot or bool(getattr(gone, "rowcount", 0))
        row.is_void, row.void_round_id = True, running[0].id
        # Neither serial nor ballot: with them the log would link the slip to what was in the box.
        record(db, person, "slip_voided", "meeting", meeting.uuid, round=str(running[0].uuid), second=second_id)
        return had_ballot


def _running_rounds(db: Session, meeting_id: int) -> list[Round]:
    unsealed = (RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER)
    question = select(Round).where(Round.meeting_id == meeting_id, Round.state.in_(unsealed)).order_by(Round.number)
    return list(db.scalars(question))
