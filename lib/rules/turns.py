"""Whose turn it is: the order in which open goals take the places. The lowest cost first, in exact fractions.

- In turns: sequential Phragmén over the residents' ballots. A place costs one unit, shared among the goal's supporters;
  the goal is next whose supporters would carry the least (Brill, Freeman, Janson and Lackner, "Phragmén's voting
  methods and justified representation", AAAI 2017 and Mathematical Programming 203, 2024).
- By the lower of the two shares, the highest first.

Ties go to more residents' ballots, then to the lowest SHA-256 of "seed|goal", the seed being dice rolled in the room.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from uuid import UUID

from lib.rules.counting import CountedSide


class Tie(StrEnum):
    """What decided between goals that were level when a place was given."""

    MORE_BALLOTS = "more_ballots"
    DICE = "dice"


@dataclass(frozen=True)
class Turn:
    """One goal whose turn it was. `tie`: what decided, if others were level; `over`: those others, each with what it
    lost by.
    """

    goal: UUID
    tie: Tie | None
    over: Mapping[UUID, Tie] = field(default_factory=dict)


def in_turns(goals: Sequence[UUID], side: CountedSide, seed: str) -> list[Turn]:
    """All goals in the order of sequential Phragmén. Each goal needs at least one supporter.

    At any time a ballot carries the load of the last goal it approves among those that had their turn, so there are
    never more different loads than turns taken.
    """
    waiting = list(goals)
    loads: list[tuple[Fraction, int]] = []
    turns: list[Turn] = []
    while waiting:
        largest_load = {goal: _load_with(goal, side, loads) for goal in waiting}
        turn = _first(largest_load, side, seed)
        supporters = side.supporters[turn.goal]
        loads = [(load, carriers & ~supporters) for load, carriers in loads]
        loads.append((largest_load[turn.goal], supporters))
        waiting.remove(turn.goal)
        turns.append(turn)
    return turns


def _load_with(goal: UUID, side: CountedSide, loads: Sequence[tuple[Fraction, int]]) -> Fraction:
    """The load each supporter would carry if the goal had its turn: their loads so far and one place more, shared."""
    supporters = side.supporters[goal]
    carried = sum((load * (carriers & supporters).bit_count() for load, carriers in loads), start=Fraction(0))
    return (1 + carried) / supporters.bit_count()


def lowest_share_first(goals: Sequence[UUID], ours: CountedSide, theirs: CountedSide, seed: str) -> list[Turn]:
    """All goals by the lower of their two shares, the highest first; by the residents' share where only that exists."""
    waiting: dict[UUID, Fraction] = {}
    for goal in goals:
        shares = [side.approval(goal) for side in (ours, theirs) if side.has_figures]
        waiting[goal] = -min(share for share in shares if share is not None)
    turns: list[Turn] = []
    while waiting:
        turns.append(_first(waiting, ours, seed))
        del waiting[turns[-1].goal]
    return turns


def _first(costs: Mapping[UUID, Fraction], side: CountedSide, seed: str) -> Turn:
    """The goal of the lowest cost; among equals more residents' ballots, then the dice."""
    lowest = min(costs.values())
    level = [goal for goal, cost in costs.items() if cost == lowest]
    if len(level) == 1:
        return Turn(level[0], None)
    most = max(side.approvals(goal) for goal in level)
    strongest = [goal for goal in level if side.approvals(goal) == most]
    first = min(strongest, key=lambda goal: sha256(f"{seed}|{goal}".encode()).hexdigest())
    over = {goal: Tie.DICE if goal in strongest else Tie.MORE_BALLOTS for goal in level if goal != first}
    return Turn(first, Tie.DICE if len(strongest) > 1 else Tie.MORE_BALLOTS, over)
