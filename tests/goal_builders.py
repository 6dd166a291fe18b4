"""Builders for what stands behind a goal and what becomes of it: follow links, and the residents' word."""

import secrets
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import update

from lib.model import Commitment, Concern, Goal, GoalAnswer, GoalConcern, Measure, Support
from lib.queries.concern_story import follow_digest
from lib.queries.support_links import link_of_device
from lib.rules.goals import ResidentsWord
from lib.rules.states import CommitmentState, GoalState, Party
from lib.storage.transaction import writing


def due(goal_id: int, on: date) -> None:
    """The goal's measure is due on a day."""
    judged_by(goal_id, due_on=on)


def judged_by(goal_id: int, **values: Any) -> None:
    """The goal's measure with other values: set aside for it, for the database keeps it once the goal has begun."""
    with writing() as db:
        state = db.get_one(Goal, goal_id).state
        for step in (
            update(Goal).where(Goal.id == goal_id).values(state=GoalState.ADOPTED),
            update(Measure).where(Measure.goal_id == goal_id).values(**values),
            update(Goal).where(Goal.id == goal_id).values(state=state),
        ):
            db.execute(step)


LONG_AGO = date(2026, 1, 5)


def a_follow_link(concern_id: int, made_on: date = LONG_AGO) -> str:
    """The secret of the follow link of whoever raised a concern, on a day before most goals are due."""
    secret = secrets.token_hex(8)
    at = datetime.combine(made_on, time(12), UTC)
    with writing() as db:
        concern = db.get_one(Concern, concern_id)
        concern.follow_digest, concern.reported_at = follow_digest(secret), at
    return secret


def a_supporter(concern_id: int, made_on: date = LONG_AGO, device: str = "") -> str:
    """The secret of the follow link of somebody (of a device) who said "me too" on a day."""
    with writing() as db:
        secret = link_of_device(db.get_one(Concern, concern_id).uuid, device or secrets.token_hex(8))
        db.add(
            Support(
                concern_id=concern_id,
                device=secrets.token_bytes(16),
                follow_digest=follow_digest(secret),
                supported_on=made_on,
            )
        )
    return secret


def grown_out_of(goal_id: int, concern_id: int) -> None:
    with writing() as db:
        db.add(GoalConcern(goal_id=goal_id, concern_id=concern_id))


def residents_say(goal_id: int, *, on: date, solved: int = 0, better: int = 0, same: int = 0, worse: int = 0) -> None:
    """So many answers by follow link on a day; the measure is due by then."""
    numbers = {"solved": solved, "better": better, "same": same, "worse": worse}
    due(goal_id, on)
    with writing() as db:
        db.add_all(
            GoalAnswer(goal_id=goal_id, answerer=secrets.token_bytes(32), answer=ResidentsWord(word), answered_on=on)
            for word, number in numbers.items()
            for _ in range(number)
        )


def achieved(goal_id: int, on: date) -> None:
    """An active goal that was achieved on a day."""
    with writing() as db:
        db.execute(update(Goal).where(Goal.id == goal_id).values(state=GoalState.ACHIEVED, ended_on=on))


def begun(goal_id: int) -> None:
    """An adopted goal that has a measure is active, with an accepted commitment of each side."""
    with writing() as db:
        db.add_all(
            Commitment(
                goal_id=goal_id,
                party=party,
                owner=f"{party.value} of the beat",
                deliverable="A walk every Friday night",
                due_on=date(2027, 6, 30),
                state=CommitmentState.ACCEPTED,
                offered_at=datetime.combine(LONG_AGO, time(12), UTC),
            )
            for party in (Party.RESIDENTS, Party.OFFICERS)
        )
        db.flush()
        db.execute(update(Goal).where(Goal.id == goal_id).values(state=GoalState.ACTIVE))
