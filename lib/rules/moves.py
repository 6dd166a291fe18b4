"""Moves between states, whatever they are states of: which exist in a table, and who may make them.

The tables are in `lib/rules/lifecycle.py`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from lib.errors import Conflict, Invalid, NotAllowed
from lib.rules.states import CommitmentState, ConcernStatus, GoalState, MeetingState, Role, RoundState, Side, words

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


def find_move(table: tuple[Move[State], ...], source: State, target: State) -> Move[State] | None:
    """The move from `source` to `target`, or None where no such move exists."""
    return next((move for move in table if move.source is source and move.target is target), None)


def next_states(
    table: tuple[Move[State], ...], source: State, *, roles: Collection[Role], side: Side
) -> tuple[State, ...]:
    """The states that a person with these roles on this side can move to by hand, in the order of the table.

    >>> from lib.rules.lifecycle import GOAL_MOVES
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
