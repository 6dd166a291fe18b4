"""What every intention on a meeting or a round starts with: its row, and who waits for whom.

Facilitators' steps (plan, mint, open, void) hold the meeting's row, so two consoles never collide. A ballot holds no
row at all: on PostgreSQL it shares the round's advisory lock, which closing and sealing take for themselves; on SQLite
every writer has the database to itself.
"""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lib.errors import Conflict, NotFound
from lib.model import Meeting, Round
from lib.rules.lifecycle import ROUND_MOVES, MeetingState, RoundState
from lib.rules.moves import require_move
from lib.rules.rights import Actor

ROUND_LOCK = 727403
"""First half of a round's advisory lock; the second half is the round's id."""


def meeting_with(db: Session, meeting_id: int) -> Meeting:
    """The meeting's row, held until the transaction ends. Raises NotFound."""
    row = db.scalar(select(Meeting).where(Meeting.id == meeting_id).with_for_update())
    if row is None:
        raise NotFound("This meeting does not exist. Choose one from the list of meetings.")
    return row


def running_meeting(db: Session, meeting_id: int) -> Meeting:
    """As `meeting_with`, planned or open. Raises NotFound, Conflict."""
    row = meeting_with(db, meeting_id)
    if row.state not in (MeetingState.PLANNED, MeetingState.OPEN):
        raise Conflict("This meeting is over; nothing can be prepared for it any more.")
    return row


def round_with(db: Session, round_id: int) -> Round:
    """The round's row for a change of its state, after every ballot under way is in. Raises NotFound."""
    keep_ballots_out(db, round_id)
    row = db.scalar(select(Round).where(Round.id == round_id).with_for_update())
    if row is None:
        raise NotFound("This vote does not exist. Reload the page to see what changed.")
    return row


def require_round_move(row: Round, person: Actor, target: RoundState) -> None:
    """Whether this person may move the round by hand. Raises Conflict (somebody was faster), NotAllowed."""
    require_move(ROUND_MOVES, row.state, target, roles=person.roles, side=person.side)


def move_round(row: Round, person: Actor, target: RoundState) -> None:
    """Move the round by hand. Raises Conflict (somebody was faster), NotAllowed."""
    require_round_move(row, person, target)
    row.state = target


def keep_ballots_out(db: Session, round_id: int) -> None:
    """Wait for the ballots under way and let no other begin until the transaction ends."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:lock, :id)"), {"lock": ROUND_LOCK, "id": round_id})


def let_ballots_in(db: Session, round_id: int) -> None:
    """Hold the round open for one ballot, beside other ballots, until the transaction ends."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock_shared(:lock, :id)"), {"lock": ROUND_LOCK, "id": round_id})
