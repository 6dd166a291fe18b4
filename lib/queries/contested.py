"""Contested goals: what the side that did not carry one owes the other, and by when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from lib.model import Beat, Candidate, Goal, GoalBeat, Round, SecondVote
from lib.model import OwedAnswer as Owed
from lib.rules.lifecycle import Electorate, GoalState
from lib.storage.transaction import reading


@dataclass(frozen=True)
class OwedAnswer:
    """What the side that did not carry a contested goal owes the other: its reason and counter-offer, by a day."""

    side: Electorate
    due_on: date
    reason: str = ""
    counter_offer: str = ""
    answered_at: datetime | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed without an answer."""
        return self.answered_at is None and self.due_on < today


@dataclass(frozen=True)
class ContestedGoal:
    """A contested goal with what is owed for it. `has_second_vote`: a second vote on it is prepared or was held."""

    round_uuid: UUID
    goal_uuid: UUID
    title: str
    beats: tuple[str, ...]
    owed: OwedAnswer
    has_second_vote: bool


def owed_answers(round_id: int) -> Mapping[UUID, OwedAnswer]:
    """What is owed for the contested goals of a published round, by goal. One statement."""
    with reading() as db:
        rows = db.execute(
            select(Candidate.goal_uuid, Owed.side, Owed.due_on, Owed.reason, Owed.counter_offer, Owed.answered_at)
            .join(Candidate, Candidate.id == Owed.candidate_id)
            .where(Owed.round_id == round_id)
        )
        return {row.goal_uuid: OwedAnswer(*row[1:]) for row in rows}


def contested_goals(beats: Collection[str]) -> tuple[ContestedGoal, ...]:
    """Goals of these beats (by code) that stand contested, the answer due first first. Two statements."""
    return _contested(select(GoalBeat.goal_id).join(Beat, Beat.id == GoalBeat.beat_id).where(Beat.code.in_(beats)))


def contested_goal(goal_uuid: UUID) -> ContestedGoal | None:
    """What is owed for one goal from its last contested vote; None for any other goal. Two statements."""
    found = _contested(select(Goal.id).where(Goal.uuid == goal_uuid), also_decided=True)
    return found[-1] if found else None


def _contested(goals: Select[int], *, also_decided: bool = False) -> tuple[ContestedGoal, ...]:
    second, again = aliased(SecondVote), aliased(Candidate)
    of_second = (
        select(second.round_id)
        .join(again, again.round_id == second.round_id)
        .join(Round, Round.id == second.round_id)
        .where(second.first_round_id == Owed.round_id, again.goal_id == Candidate.goal_id, Round.set_aside == "")
        .correlate(Owed, Candidate)
    )
    first = aliased(Round)
    question = (
        select(
            first.uuid.label("round_uuid"),
            Goal.id.label("goal_id"),
            Goal.uuid.label("goal_uuid"),
            Goal.title,
            Owed.side,
            Owed.due_on,
            Owed.reason,
            Owed.counter_offer,
            Owed.answered_at,
            exists(of_second).label("has_second_vote"),
        )
        .join(Candidate, Candidate.id == Owed.candidate_id)
        .join(first, first.id == Owed.round_id)
        .join(Goal, Goal.id == Candidate.goal_id)
        .where(Goal.id.in_(goals))
        .order_by(Owed.due_on, Goal.title)
    )
    if not also_decided:
        question = question.where(Goal.state.in_((GoalState.PROPOSED, GoalState.CANDIDATE)))
    with reading() as db:
        rows = db.execute(question).all()
        places: dict[int, list[str]] = {}
        if rows:
            wanted = GoalBeat.goal_id.in_({row.goal_id for row in rows})
            for goal_id, code in db.execute(
                select(GoalBeat.goal_id, Beat.code).join(Beat, Beat.id == GoalBeat.beat_id).where(wanted)
            ):
                places.setdefault(goal_id, []).append(code)
    return tuple(
        ContestedGoal(
            round_uuid=row.round_uuid,
            goal_uuid=row.goal_uuid,
            title=row.title,
            beats=tuple(sorted(places.get(row.goal_id, ()))),
            owed=OwedAnswer(row.side, row.due_on, row.reason, row.counter_offer, row.answered_at),
            has_second_vote=row.has_second_vote,
        )
        for row in rows
    )
