"""Everything the projector shows, in one frozen snapshot: cheap enough to be asked once a second."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lib import clock
from lib.errors import NotFound
from lib.queries.batches import RoundBatch, round_batches
from lib.queries.contested import OwedAnswer, owed_answers
from lib.queries.counts import Turnout, figures, may_show, tally_of
from lib.queries.meetings import AgendaRow, MeetingRow, agenda, meeting, next_meeting
from lib.queries.voting import CandidateRow, RoundRow, last_opened_round, voting_round
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.results import outcome_sentence, result_sentence
from lib.rules.tally import Outcome, RoundTally
from lib.rules.voting import Display, ResultsShown, RoundMode

_UNSEALED = frozenset({RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER})


@dataclass(frozen=True)
class LiveLine:
    """One candidate. `outcome` is None while nothing may be shown; `sentence` says how it ended, once published."""

    candidate: CandidateRow
    outcome: Outcome | None
    sentence: str


@dataclass(frozen=True)
class LiveSnapshot:
    """The room's view of a meeting at `as_of`.

    `round` is the one opened last, None in the lobby; `state` its state as the room sees it (closed as soon as its time
    is over). Until results may show there is turnout only: `tally` is None and the lines stand in the list's order.
    While live they stay in that order; published, in the order of the result.

    The facilitator may send the room back to the lobby (`in_lobby`), show the agenda (`on_agenda`) or cover the display
    for a moment (`is_covered`).
    `dice_hash`: SHA-256 of the ballots while goals are level and dice have to decide, else "". `owed`: for each
    contested goal what its other side owes. `latecomers`: batches of passes minted after the round was opened, until
    it is counted.
    """

    meeting: MeetingRow
    agenda: tuple[AgendaRow, ...]
    round: RoundRow | None
    state: RoundState | None
    turnout: Mapping[Electorate, Turnout]
    tally: RoundTally | None
    lines: tuple[LiveLine, ...]
    sentence: str
    join_address: str
    as_of: datetime
    is_covered: bool = False
    in_lobby: bool = False
    on_agenda: bool = False
    dice_hash: str = ""
    owed: Mapping[UUID, OwedAnswer] = field(default_factory=dict)
    latecomers: tuple[RoundBatch, ...] = ()

    @property
    def seconds_left(self) -> int:
        """Whole seconds until the open round closes, 0 when none is open."""
        if self.state is not RoundState.OPEN or self.round is None or self.round.closes_at is None:
            return 0
        return max(0, int((self.round.closes_at - self.as_of).total_seconds()))

    @property
    def is_live(self) -> bool:
        """Whether the figures shown are those of a running show of hands, not a result."""
        return self.tally is not None and self.state is not RoundState.PUBLISHED

    @property
    def hides_results(self) -> bool:
        """Whether the round's results show only after closing."""
        return self.round is not None and self.round.shows is ResultsShown.AFTER_CLOSING


def live_snapshot(
    meeting_uuid: UUID | None = None,
    *,
    round_uuid: UUID | None = None,
    now: datetime | None = None,
    language: str = "en",
) -> LiveSnapshot:
    """The snapshot of one meeting, or of the meeting that is open (else the next one).

    With `round_uuid` of that round instead of the one opened last. Six statements, seven before the round is sealed or
    with contested goals. Raises NotFound without any meeting.
    """
    moment = now or clock.now()
    chosen = meeting(meeting_uuid) if meeting_uuid else next_meeting(now=moment)
    if chosen is None:
        raise NotFound("No meeting is planned. A facilitator can plan one on the page Run.")
    shown = voting_round(round_uuid, language) if round_uuid else last_opened_round(chosen.id, language)
    if shown is not None and (shown.meeting_id != chosen.id or shown.state is RoundState.DRAFT):
        shown = None
    if shown is None:
        return LiveSnapshot(
            meeting=chosen,
            agenda=agenda(chosen),
            round=None,
            state=None,
            turnout={side: Turnout(0, 0) for side in Electorate},
            tally=None,
            lines=(),
            sentence="",
            join_address=join_address(chosen),
            as_of=moment,
            is_covered=chosen.display is Display.COVERED,
            in_lobby=chosen.display is Display.LOBBY,
            on_agenda=chosen.display is Display.AGENDA,
        )
    state = RoundState.CLOSED if shown.state is RoundState.OPEN and not shown.takes_ballots(moment) else shown.state
    known = figures(shown.id, with_choices=may_show(shown))
    tally = tally_of(shown, known) if may_show(shown) else None
    is_published = shown.state is RoundState.PUBLISHED
    return LiveSnapshot(
        meeting=chosen,
        agenda=agenda(chosen),
        round=shown,
        state=state,
        turnout=known.turnout,
        tally=tally,
        lines=_lines(shown, tally, is_published=is_published),
        sentence=result_sentence(tally) if tally is not None and is_published else "",
        join_address=join_address(chosen),
        as_of=moment,
        is_covered=chosen.display is Display.COVERED,
        in_lobby=chosen.display is Display.LOBBY,
        on_agenda=chosen.display is Display.AGENDA,
        dice_hash=shown.dice_hash if shown.state in (RoundState.CLOSED, RoundState.PAPER) else "",
        owed=owed_answers(shown.id) if is_published and tally is not None and tally.contested else {},
        latecomers=_latecomers(shown),
    )


def _latecomers(shown: RoundRow) -> tuple[RoundBatch, ...]:
    """In an open room every device gets a pass, so nothing is announced there."""
    if shown.state not in _UNSEALED or shown.mode is RoundMode.OPEN_ROOM:
        return ()
    return tuple(batch for batch in round_batches(shown, also_after_closing=True) if batch.is_late)


def join_address(of: MeetingRow) -> str:
    """What the room types or scans to vote: the address of the page that takes a pass code."""
    return f"{of.room_address}/join"


def _lines(shown: RoundRow, tally: RoundTally | None, *, is_published: bool) -> tuple[LiveLine, ...]:
    if tally is None:
        return tuple(LiveLine(candidate, None, "") for candidate in shown.candidates)
    if not is_published:
        return tuple(LiveLine(row, tally.outcome_of(row.goal_uuid), "") for row in shown.candidates)
    rows = {candidate.goal_uuid: candidate for candidate in shown.candidates}
    return tuple(
        LiveLine(rows[outcome.goal], outcome, outcome_sentence(outcome, tally)) for outcome in tally.in_order()
    )
