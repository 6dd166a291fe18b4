"""Do passes and ballots of a round agree? Side by side, and where to look when they do not (promise 6)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lib.model import Ballot, DoorTally, Reconciliation, Round, SideCount
from lib.queries.counts import turnouts
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.reconciling import problems_of
from lib.rules.voting import Channel
from lib.storage.transaction import reading


@dataclass(frozen=True)
class SideReconciliation:
    """One side of one round. `issued`, `cast` and `paper_ballots` are counted here; `left`, `spoiled` and `paper_slips`
    by hand (None: not yet); `door_left` passes were still waiting at the door, `door_shown` were handed out
    there, to compare with a tally of who came. `problems` as sentences; none: agrees.
    """

    side: Electorate
    issued: int
    cast: int
    paper_ballots: int
    left: int | None
    spoiled: int | None
    paper_slips: int | None
    door_left: int
    counted_at: datetime | None
    problems: tuple[str, ...]
    door_shown: int = 0

    @property
    def door_waiting(self) -> int | None:
        """Passes that waited at the door when the side was counted; None before."""
        return None if self.left is None else self.door_left

    @property
    def drawn(self) -> int | None:
        """Passes that people took: issued less those left."""
        return None if self.left is None else self.issued - self.left - self.door_left

    @property
    def not_cast(self) -> int | None:
        """Passes that were drawn and did not vote."""
        return None if self.drawn is None else max(0, self.drawn - self.cast)

    @property
    def agrees(self) -> bool:
        return not self.problems


def reconciliation(round_id: int) -> tuple[SideReconciliation, ...]:
    """Both sides of a round, residents first. Five statements."""
    turnout = turnouts(round_id)
    with reading() as db:
        counted = {
            row.side: row
            for row in db.execute(
                select(
                    Reconciliation.side,
                    Reconciliation.slips_left,
                    Reconciliation.slips_spoiled,
                    Reconciliation.paper_slips,
                    Reconciliation.door_left,
                    Reconciliation.door_shown,
                    Reconciliation.counted_at,
                ).where(Reconciliation.round_id == round_id)
            )
        }
        live = (
            select(Ballot.side, func.count().label("number"))
            .where(Ballot.round_id == round_id, Ballot.channel == Channel.PAPER)
            .group_by(Ballot.side)
        )
        frozen = select(SideCount.side, SideCount.paper_ballots).where(SideCount.round_id == round_id)
        is_sealed = select(Round.id).where(
            Round.id == round_id, Round.state.in_((RoundState.SEALED, RoundState.PUBLISHED))
        )
        rows = db.execute(frozen if db.scalar(is_sealed) else live)
        tally = (
            select(DoorTally.side, func.sum(DoorTally.number))
            .join(Round, Round.meeting_id == DoorTally.meeting_id)
            .where(Round.id == round_id)
            .group_by(DoorTally.side)
        )
        shown: dict[Electorate, int] = {row[0]: int(row[1]) for row in db.execute(tally)}
        paper: dict[Electorate, int] = {row[0]: row[1] for row in rows}
    sides = []
    for side in Electorate:
        row = counted.get(side)
        known = turnout[side]
        typed = paper.get(side, 0)
        sides.append(
            SideReconciliation(
                side=side,
                issued=known.issued,
                cast=known.cast,
                paper_ballots=typed,
                left=row.slips_left if row else None,
                spoiled=row.slips_spoiled if row else None,
                paper_slips=row.paper_slips if row else None,
                door_left=row.door_left if row else 0,
                counted_at=row.counted_at if row else None,
                problems=problems_of(
                    side,
                    issued=known.issued,
                    cast=known.cast,
                    paper_ballots=typed,
                    left=row.slips_left if row else None,
                    waiting=row.door_left if row else 0,
                    paper_slips=row.paper_slips if row else 0,
                ),
                door_shown=row.door_shown if row else shown.get(side, 0),
            )
        )
    return tuple(sides)
