"""States of goals, commitments, concerns, rounds and meetings: which moves exist, and who may make them.

Each table lists every move that exists; whatever is not listed cannot happen. What can be computed (overdue, contested,
reopened) is never a state. The words themselves are in `lib/rules/states.py`, who may make a
move of a table in `lib/rules/moves.py`.

>>> may_move(ROUND_MOVES, RoundState.DRAFT, RoundState.OPEN, roles=[Role.FACILITATOR], side=Side.RESIDENTS)
True
>>> may_move(ROUND_MOVES, RoundState.DRAFT, RoundState.PUBLISHED, roles=[Role.FACILITATOR], side=Side.RESIDENTS)
False
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal

from lib.errors import NotAllowed
from lib.rules.moves import Move, may_move, require_move
from lib.rules.states import (
    CommitmentState,
    ConcernStatus,
    Electorate,
    GoalState,
    MeetingState,
    Party,
    Role,
    RoundState,
    Side,
    words,
)

__all__ = [
    "CLOSED_CONCERN",
    "COMMITMENT_MOVES",
    "CONCERN_MOVES",
    "GOAL_MOVES",
    "MEETING_MOVES",
    "OPEN_COMMITMENT",
    "OPEN_CONCERN",
    "ROUND_MOVES",
    "SETTLED_COMMITMENT",
    "UNCOUNTED",
    "CommitmentState",
    "ConcernStatus",
    "Electorate",
    "GoalState",
    "MeetingState",
    "Party",
    "Role",
    "RoundState",
    "Side",
    "countersigning_sides",
    "electorate_of",
    "is_open_concern",
    "is_overdue",
    "may_countersign",
    "may_move_commitment",
    "require_commitment_move",
    "settled_state",
]

OPEN_CONCERN: frozenset[ConcernStatus] = frozenset(
    {
        ConcernStatus.NEW,
        ConcernStatus.ACKNOWLEDGED,
        ConcernStatus.INVESTIGATING,
        ConcernStatus.PLANNED,
        ConcernStatus.IN_PROGRESS,
    }
)
CLOSED_CONCERN: frozenset[ConcernStatus] = frozenset(ConcernStatus) - OPEN_CONCERN

OPEN_COMMITMENT: frozenset[CommitmentState] = frozenset(
    {CommitmentState.OFFERED, CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED}
)
SETTLED_COMMITMENT: frozenset[CommitmentState] = frozenset(CommitmentState) - OPEN_COMMITMENT

_NOBODY: frozenset[Role] = frozenset()
_FACILITATOR = frozenset({Role.FACILITATOR})
_BEAT = frozenset({Role.OFFICER, Role.FACILITATOR})
_OFFICER = frozenset({Role.OFFICER})
_CONVENER = frozenset({Role.FACILITATOR, Role.COORDINATOR})

GOAL_MOVES: tuple[Move[GoalState], ...] = (
    Move(GoalState.PROPOSED, GoalState.CANDIDATE, _FACILITATOR),
    Move(GoalState.CANDIDATE, GoalState.PROPOSED, _FACILITATOR, by_rule=True),
    # Only a published round adopts: nobody can by hand.
    Move(GoalState.CANDIDATE, GoalState.ADOPTED, _NOBODY, by_rule=True),
    Move(GoalState.ADOPTED, GoalState.ACTIVE, _BEAT),
    # Closure belongs to the residents, however it ends: their answers, entered by the facilitator of their side.
    Move(GoalState.ACTIVE, GoalState.ACHIEVED, _FACILITATOR, side=Side.RESIDENTS),
    Move(GoalState.ACTIVE, GoalState.NOT_ACHIEVED, _FACILITATOR, side=Side.RESIDENTS, reason=True),
    Move(GoalState.ACTIVE, GoalState.WITHDRAWN, _FACILITATOR, side=Side.RESIDENTS, reason=True),
    Move(GoalState.ACHIEVED, GoalState.ACTIVE, _NOBODY, by_rule=True),
    *(
        Move(state, GoalState.WITHDRAWN, _BEAT, reason=True)
        for state in (GoalState.PROPOSED, GoalState.CANDIDATE, GoalState.ADOPTED)
    ),
)

# Sides are not in this table: they depend on the commitment's party, see `may_move_commitment`.
COMMITMENT_MOVES: tuple[Move[CommitmentState], ...] = (
    Move(CommitmentState.OFFERED, CommitmentState.ACCEPTED, _BEAT),
    Move(CommitmentState.OFFERED, CommitmentState.RELEASED, _BEAT, reason=True),
    Move(CommitmentState.ACCEPTED, CommitmentState.KEPT, _BEAT),
    Move(CommitmentState.ACCEPTED, CommitmentState.BROKEN, _BEAT, reason=True),
    Move(CommitmentState.ACCEPTED, CommitmentState.RELEASED, _BEAT, reason=True),
    Move(CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED, frozenset({Role.COORDINATOR}), by_rule=True),
    Move(CommitmentState.UNACCEPTED, CommitmentState.ACCEPTED, _BEAT),
    Move(CommitmentState.UNACCEPTED, CommitmentState.BROKEN, _BEAT, reason=True),
    Move(CommitmentState.UNACCEPTED, CommitmentState.RELEASED, _BEAT, reason=True),
)

_NEEDS_A_REASON = frozenset({ConcernStatus.NO_FURTHER_ACTION, ConcernStatus.REFERRED, ConcernStatus.DUPLICATE})

CONCERN_MOVES: tuple[Move[ConcernStatus], ...] = (
    *(
        Move(source, target, _OFFICER, reason=target in _NEEDS_A_REASON)
        for source in ConcernStatus
        if source in OPEN_CONCERN
        for target in ConcernStatus
        if target not in (source, ConcernStatus.NEW)
    ),
    # Reopening: by hand, or because two of those who raised or support it say "worse" within 90 days.
    *(
        Move(source, ConcernStatus.INVESTIGATING, _OFFICER, by_rule=True, reason=True)
        for source in ConcernStatus
        if source in CLOSED_CONCERN
    ),
)

ROUND_MOVES: tuple[Move[RoundState], ...] = (
    Move(RoundState.DRAFT, RoundState.OPEN, _FACILITATOR, two_people=True),
    Move(RoundState.OPEN, RoundState.CLOSED, _FACILITATOR, by_rule=True),
    Move(RoundState.CLOSED, RoundState.PAPER, _FACILITATOR, two_people=True),
    Move(RoundState.PAPER, RoundState.SEALED, _FACILITATOR, two_people=True),
    Move(RoundState.SEALED, RoundState.PUBLISHED, _FACILITATOR, two_people=True),
)

MEETING_MOVES: tuple[Move[MeetingState], ...] = (
    Move(MeetingState.PLANNED, MeetingState.OPEN, _FACILITATOR),
    # Taken back before anything happened in the room; the service looks whether something did.
    Move(MeetingState.OPEN, MeetingState.PLANNED, _FACILITATOR),
    Move(MeetingState.OPEN, MeetingState.CLOSED, _FACILITATOR),
    Move(MeetingState.CLOSED, MeetingState.MINUTED, _CONVENER, two_people=True),
)


UNCOUNTED: frozenset[RoundState] = frozenset({RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER})
"""A round that was opened and whose ballots have not been counted: its meeting cannot end."""


def countersigning_sides(party: Party) -> frozenset[Electorate]:
    """The sides that all have to countersign before a commitment of this party counts as kept.

    >>> sorted(countersigning_sides(Party.PARTNER))
    [<Electorate.OFFICERS: 'officers'>, <Electorate.RESIDENTS: 'residents'>]
    """
    return frozenset(side for side in Electorate if side.value != party.value)


def may_countersign(party: Party, side: Side | Electorate) -> bool:
    """Whether a person of this side may countersign a commitment of this party: nobody confirms their own.

    >>> may_countersign(Party.OFFICERS, Side.RESIDENTS), may_countersign(Party.OFFICERS, Side.OFFICERS)
    (True, False)
    """
    return side.value in {other.value for other in countersigning_sides(party)}


def settled_state(
    party: Party, verdicts: Mapping[Electorate, CommitmentState]
) -> Literal[CommitmentState.KEPT, CommitmentState.BROKEN] | None:
    """What the countersignatures given so far make of a commitment; None while one is missing.

    Kept needs every side that has to countersign (both for a partner's commitment); one "broken" is enough for broken.
    Signatures of the party's own side, and verdicts other than kept and broken, count for nothing.
    """
    given = {side: verdicts[side] for side in countersigning_sides(party) if side in verdicts}
    if CommitmentState.BROKEN in given.values():
        return CommitmentState.BROKEN
    kept = [side for side, verdict in given.items() if verdict == CommitmentState.KEPT]
    return CommitmentState.KEPT if len(kept) == len(countersigning_sides(party)) else None


def may_move_commitment(
    source: CommitmentState, target: CommitmentState, *, party: Party, roles: Collection[Role], side: Side
) -> bool:
    """Whether this person may move a commitment of this party by hand.

    Offering, accepting and taking an offer back belong to the party itself (either side looks after a partner's).
    Once accepted, only the other side settles it: kept, broken or released. A residents' signature is given by a
    facilitator whose side is residents. For a partner's commitment see also `settled_state`.
    """
    if not may_move(COMMITMENT_MOVES, source, target, roles=roles, side=side):
        return False
    if target is CommitmentState.UNACCEPTED:
        return True
    if source is CommitmentState.OFFERED or target is CommitmentState.ACCEPTED:
        return side is not Side.NEITHER and (party is Party.PARTNER or side.value == party.value)
    return may_countersign(party, side)


def require_commitment_move(
    source: CommitmentState,
    target: CommitmentState,
    *,
    party: Party,
    roles: Collection[Role],
    side: Side,
    reason: str = "",
) -> Move[CommitmentState]:
    """As `require_move`, with the sides of `may_move_commitment`. Raises Conflict, NotAllowed, Invalid."""
    move = require_move(COMMITMENT_MOVES, source, target, roles=roles, side=side, reason=reason)
    if not may_move_commitment(source, target, party=party, roles=roles, side=side):
        if source is CommitmentState.OFFERED or target is CommitmentState.ACCEPTED:
            raise NotAllowed("Only the side that makes a commitment can accept it or take the offer back.")
        raise NotAllowed(f"Only the other side can say that a commitment is {words(target)}.")
    return move


def is_open_concern(status: ConcernStatus) -> bool:
    """Whether somebody still owes an answer or work. Referred and no further action are closed, though not solved."""
    return status in OPEN_CONCERN


def is_overdue(due_on: date | None, state: CommitmentState, today: date) -> bool:
    """Whether a commitment that was accepted once is past its due date and not settled.

    The due date itself is still in time. A handover does not stop the clock; an offer is not yet a promise.

    >>> is_overdue(date(2025, 3, 31), CommitmentState.ACCEPTED, date(2025, 3, 31))
    False
    >>> is_overdue(date(2025, 3, 31), CommitmentState.ACCEPTED, date(2025, 4, 1))
    True
    """
    if due_on is None:
        return False
    return state in (CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED) and due_on < today


def electorate_of(side: Side) -> Electorate | None:
    """The electorate a signed-in person belongs to, or None for neither."""
    return None if side is Side.NEITHER else Electorate(side.value)
