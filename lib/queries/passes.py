"""Questions about one pass: what it is good for, and whether its ballot is in. None of them returns what anybody chose
(promise 2)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from lib.errors import NotFound
from lib.model import Ballot, Meeting, Pass, PassBatch, Round, RoundSecret
from lib.rules.ballots import ballot_key, commitment
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.voting import SideFigures
from lib.storage.secrets import keyed_digest, unseal
from lib.storage.transaction import reading


@dataclass(frozen=True)
class PassRow:
    """What a pass is good for. `void_in`: the number of the round during which it was declared void, None if that was
    before any, or never."""

    meeting_id: int
    meeting_uuid: UUID
    meeting_title: str
    meeting_state: MeetingState
    ends_at: datetime
    side: Electorate
    is_void: bool
    void_in: int | None


@dataclass(frozen=True)
class BallotState:
    """What this pass has in one round. `tracker` is that of the ballot stored at this moment, None for a voter of a
    sealed side; `mark` stands for that ballot in an address without naming it. After sealing nobody can know any more
    (`is_sealed`)."""

    has_ballot: bool
    tracker: str | None = None
    mark: str = ""
    is_sealed: bool = False


def pass_of(meeting_uuid: UUID, cred: bytes) -> PassRow:
    """What the pass with this credential is good for in this meeting. One statement. Raises NotFound."""
    with reading() as db:
        asked = {"commit": commitment(cred), "meeting": meeting_uuid}
        row = db.connection().execute(_PASS, asked).first()
    if row is None:
        raise NotFound("This pass is not known here. Scan the code on your slip again, or type it.")
    return PassRow(*row)


def void_passes(meeting_uuid: UUID) -> frozenset[bytes]:
    """The commitments of the passes of a meeting that were declared void. One statement, however many phones wait."""
    with reading() as db:
        return frozenset(
            db.scalars(
                select(Pass.commitment)
                .join(PassBatch, PassBatch.id == Pass.batch_id)
                .join(Meeting, Meeting.id == PassBatch.meeting_id)
                .where(Meeting.uuid == meeting_uuid, Pass.is_void)
            )
        )


def ballot_state(round_id: int, cred: bytes) -> BallotState:
    """What the pass with this credential has in the round at this moment. Two statements."""
    with reading() as db:
        row = db.connection().execute(_SECRET, {"round_id": round_id}).first()
        if row is None or row.pepper is None:
            return BallotState(False, is_sealed=row is not None and row.state != RoundState.DRAFT)
        key = ballot_key(cred, row.uuid, unseal(row.pepper))
        mine = db.connection().execute(_BALLOT, {"round_id": round_id, "key": key}).first()
    if mine is None:
        return BallotState(False)
    is_shown = mine.side is Electorate.RESIDENTS or row.officers_figures is SideFigures.OPEN
    return BallotState(True, mine.tracker if is_shown else None, ballot_mark(row.uuid, mine.tracker))


def ballot_mark(round_uuid: UUID, tracker: str) -> str:
    """What stands for a stored ballot in the address of the page that confirms it, so that an older tab can tell that a
    later vote took its place."""
    return keyed_digest("ballot mark", f"{round_uuid} {tracker}", 6).hex()


# Built once and asked without the object mapper: each phone of a rush asks these several times.
_PASS = (
    select(
        Meeting.id,
        Meeting.uuid,
        Meeting.title,
        Meeting.state,
        Meeting.ends_at,
        PassBatch.side,
        Pass.is_void,
        Round.number,
    )
    .select_from(Pass)
    .join(PassBatch, PassBatch.id == Pass.batch_id)
    .join(Meeting, Meeting.id == PassBatch.meeting_id)
    .outerjoin(Round, Round.id == Pass.void_round_id)
    .where(Pass.commitment == bindparam("commit"), Meeting.uuid == bindparam("meeting"))
)
_SECRET = (
    select(Round.uuid, Round.state, Round.officers_figures, RoundSecret.pepper)
    .outerjoin(RoundSecret, RoundSecret.round_id == Round.id)
    .where(Round.id == bindparam("round_id"))
)
_BALLOT = select(Ballot.side, Ballot.tracker).where(
    Ballot.round_id == bindparam("round_id"), Ballot.key == bindparam("key")
)
