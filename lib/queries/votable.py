"""Which goals can stand on a ballot."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from lib.model import Goal, GoalBeat, GoalConcern
from lib.rules.goals import Feasibility
from lib.rules.lifecycle import GoalState
from lib.storage.transaction import reading


@dataclass(frozen=True)
class VotableGoal:
    """A proposed goal of the meeting's beats. `feasibility` is the officers' answer, None while they owe it."""

    id: int
    title: str
    concerns: int
    feasibility: Feasibility | None


def votable_goals(beat_ids: Collection[int]) -> tuple[VotableGoal, ...]:
    """Goals of these beats that are proposed or were put on a ballot before, most concerns first. One statement."""
    concerns = select(func.count()).where(GoalConcern.goal_id == Goal.id).scalar_subquery()
    of_beats = select(GoalBeat.goal_id).where(GoalBeat.beat_id.in_(beat_ids))
    with reading() as db:
        rows = db.execute(
            select(Goal.id, Goal.title, concerns, Goal.feasibility)
            .where(Goal.id.in_(of_beats), Goal.state.in_((GoalState.PROPOSED, GoalState.CANDIDATE)))
            .order_by(concerns.desc(), Goal.title)
        )
        return tuple(VotableGoal(*row) for row in rows)
