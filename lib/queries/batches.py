"""Which passes could vote in a round, batch by batch: what everybody compares with the passes that were announced."""

from dataclasses import dataclass

from sqlalchemy import select

from lib.model import PassBatch
from lib.queries.voting import RoundRow
from lib.rules.lifecycle import Electorate
from lib.rules.text import counted
from lib.rules.voting import PassKind, RoundMode
from lib.storage.transaction import reading


@dataclass(frozen=True)
class RoundBatch:
    """Passes minted together. `is_late`: minted after the round was opened, so not among what was frozen then."""

    number: int
    side: Electorate
    kind: PassKind
    size: int
    commitments_hash: str
    is_late: bool

    @property
    def announcement(self) -> str:
        """How a latecomers' batch is announced: “Latecomers’ batch 6: 3 officers’ passes”."""
        passes = counted(self.size, f"{self.side.value}’ pass", f"{self.side.value}’ passes")
        return f"Latecomers’ batch {self.number}: {passes}"


def round_batches(row: RoundRow, *, also_after_closing: bool = False) -> tuple[RoundBatch, ...]:
    """The batches of an opened round by number: minted before it closed, and of its mode. One statement.

    `also_after_closing`: with those minted while it waits to be counted, which vote in later rounds only.
    """
    question = select(PassBatch).where(PassBatch.meeting_id == row.meeting_id).order_by(PassBatch.number)
    if row.mode is RoundMode.MEETING:
        question = question.where(PassBatch.kind != PassKind.OPEN_ROOM)
    else:
        question = question.where(PassBatch.side == Electorate.RESIDENTS)
    if row.closed_at is not None and not also_after_closing:
        question = question.where(PassBatch.minted_at <= row.closed_at)
    with reading() as db:
        return tuple(
            RoundBatch(
                batch.number,
                batch.side,
                batch.kind,
                batch.size,
                batch.commitments_hash,
                is_late=row.opened_at is not None and batch.minted_at > row.opened_at,
            )
            for batch in db.scalars(question)
        )
