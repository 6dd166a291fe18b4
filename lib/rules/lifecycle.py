"""States of goals, commitments, concerns, rounds and meetings: which moves exist, and who may make them.

Each table lists every move that exists; whatever is not listed cannot happen. What can be computed (overdue, contested,
reopened) is never a state. The words themselves are in `lib/rules/states.py`.

>>> may_move(ROUND_MOVES, RoundState.DRAFT, RoundState.OPEN, roles=[Role.FACILITATOR], side=Side.RESIDENTS)
True
>>> may_move(ROUND_MOVES, RoundState.DRAFT, RoundState.PUBLISHED, roles=[Role.FACILITATOR], side=Side.RESIDENTS)
False
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from lib.errors import Conflict, Invalid, NotAllowed
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
    "Move",
    "Party",
    "Role",
    "RoundState",
    "Side",
    "countersigning_sides",
    "electorate_of",
    "find_move",
    "follows_by_rule",
    "is_open_concern",
    "is_overdue",
    "may_countersign",
    "may_move",
    "may_move_commitment",
    "next_states",
    "require_commitment_move",
    "require_move",
    "require_rule",
    "settled_state",
    "words",
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

State = TypeVar("State", GoalState, CommitmentState, ConcernStatus, RoundState, MeetingState)


@dataclass(frozen=True)
class Move(Generic[State]):
    """One move that exists.

    `roles`: who may make it by hand. `by_rule`: it follows from something counted (a published round, residents'
    answers, an ended posting), without anybody deciding; with empty `roles` nobody can make it by hand.
    `side`: only a person of that side. `reason`: a reason has to be given. `two_people`: a second person confirms.
    """

    source: State
    target: State
    roles: frozenset[Role]
    by_rule: bool = False
    side: Side | None = None
    reason: bool = False
    two_people: bool = False


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


def find_move(table: tuple[Move[State], ...], source: State, target: State) -> Move[State] | None:
    """The move from `source` to `target`, or None where no such move exists."""
    return next((move for move in table if move.source is source and move.target is target), None)


def next_states(
    table: tuple[Move[State], ...], source: State, *, roles: Collection[Role], side: Side
) -> tuple[State, ...]:
    """The states that a person with these roles on this side can move to by hand, in the order of the table.

    >>> next_states(GOAL_MOVES, GoalState.ADOPTED, roles=[Role.OFFICER], side=Side.OFFICERS)
    (<GoalState.ACTIVE: 'active'>, <GoalState.WITHDRAWN: 'withdrawn'>)
    """
    return tuple(
        move.target for move in table if move.source is source and _person_may_make(move, roles=roles, side=side)
    )


def may_move(
    table: tuple[Move[State], ...], source: State, target: State, *, roles: Collection[Role], side: Side
) -> bool:
    """Whether a person with these roles on this side may make this move by hand."""
    move = find_move(table, source, target)
    return move is not None and _person_may_make(move, roles=roles, side=side)


def follows_by_rule(table: tuple[Move[State], ...], source: State, target: State) -> bool:
    """Whether the move may follow from something counted, without a person deciding it."""
    move = find_move(table, source, target)
    return move is not None and move.by_rule


def require_move(
    table: tuple[Move[State], ...],
    source: State,
    target: State,
    *,
    roles: Collection[Role],
    side: Side,
    reason: str = "",
) -> Move[State]:
    """The move, if this person may make it by hand.

    Raises Conflict where the move does not exist (the state changed meanwhile, usually), NotAllowed where it exists for
    others, Invalid (field "reason") where its reason is missing.
    """
    move = find_move(table, source, target)
    if move is None:
        raise Conflict(_no_such_move(source, target))
    if not _person_may_make(move, roles=roles, side=side):
        raise NotAllowed(_not_yours(move))
    if move.reason and not reason.strip():
        raise Invalid(f"Say why: “{words(target)}” needs a reason that everybody can read.", field="reason")
    return move


def require_rule(table: tuple[Move[State], ...], source: State, target: State) -> Move[State]:
    """The move, if it may follow by rule. Raises Conflict where it may not."""
    move = find_move(table, source, target)
    if move is None or not move.by_rule:
        raise Conflict(_no_such_move(source, target))
    return move


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


def words(state: StrEnum) -> str:
    """A state as people say it.

    >>> words(ConcernStatus.NO_FURTHER_ACTION)
    'no further action'
    """
    return state.value.replace("_", " ")


def _person_may_make(move: Move[State], *, roles: Collection[Role], side: Side) -> bool:
    return not move.roles.isdisjoint(roles) and move.side in (None, side)


def _no_such_move(source: StrEnum, target: StrEnum) -> str:
    if source is target:
        return f"This is already “{words(source)}”: somebody else did it a moment ago."
    return f"This is “{words(source)}” and cannot become “{words(target)}”. Perhaps somebody changed it a moment ago."


def _not_yours(move: Move[State]) -> str:
    if not move.roles:
        return f"Nobody can set “{words(move.target)}” by hand: it follows from what was counted."
    who = " or ".join(sorted(f"{'an' if role.value[0] in 'ao' else 'a'} {role.value}" for role in move.roles))
    standing = f" of the {move.side.value}’ side" if move.side is not None else ""
    return f"Only {who}{standing} can set “{words(move.target)}”."
