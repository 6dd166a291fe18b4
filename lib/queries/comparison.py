"""Beats side by side, for people who want to know how others do. Never ranked: places differ too much for that."""

from datetime import date

import pandas as pd
from sqlalchemy import func, select

from lib.model import Beat, Commitment, Concern, Goal, GoalBeat
from lib.queries.goals import AGREED
from lib.queries.pulse import latest_pulse
from lib.rules.commitments import Promise, promise_records
from lib.rules.lifecycle import OPEN_CONCERN, GoalState
from lib.storage.transaction import reading

COMPARED = [
    "code",
    "name",
    "agreed",
    "achieved",
    "not_achieved",
    "kept",
    "due",
    "overdue",
    "open_concerns",
    "feels_safe",
    "answers",
]


def beats_compared(*, today: date) -> pd.DataFrame:
    """Beats side by side, by code and never ranked: code, name, agreed, achieved, ended, kept, due, overdue,
    open_concerns, feels_safe (share of the last shown wave, None without one), answers. Five statements."""
    with reading() as db:
        beats = db.execute(select(Beat.id, Beat.code, Beat.name).order_by(Beat.code)).all()
        states: dict[int, dict[GoalState, int]] = {}
        for beat_id, state, goals in db.execute(
            select(GoalBeat.beat_id, Goal.state, func.count())
            .join(Goal, Goal.id == GoalBeat.goal_id)
            .group_by(GoalBeat.beat_id, Goal.state)
        ):
            states.setdefault(beat_id, {})[state] = goals
        promises: dict[int, list[Promise]] = {}
        for beat_id, party, promised, due_on in db.execute(
            select(GoalBeat.beat_id, Commitment.party, Commitment.state, Commitment.due_on).join(
                Commitment, Commitment.goal_id == GoalBeat.goal_id
            )
        ):
            promises.setdefault(beat_id, []).append(Promise(party, promised, due_on))
        open_concerns = {
            row.beat_id: row.concerns
            for row in db.execute(
                select(Concern.beat_id, func.count().label("concerns"))
                .where(Concern.status.in_(OPEN_CONCERN))
                .group_by(Concern.beat_id)
            )
        }
        waves = latest_pulse(today=today)
    rows = []
    for beat_id, code, name in beats:
        goals_in = states.get(beat_id, {})
        records = promise_records(promises.get(beat_id, ()), today).values()
        wave = waves.get(code)
        rows.append(
            {
                "code": code,
                "name": name,
                "agreed": sum(goals_in.get(state, 0) for state in AGREED),
                "achieved": goals_in.get(GoalState.ACHIEVED, 0),
                "not_achieved": goals_in.get(GoalState.NOT_ACHIEVED, 0),
                "kept": sum(record.kept for record in records),
                "due": sum(record.due for record in records),
                "overdue": sum(record.overdue for record in records),
                "open_concerns": open_concerns.get(beat_id, 0),
                "feels_safe": None if wave is None or wave.after_dark.share is None else float(wave.after_dark.share),
                "answers": 0 if wave is None else wave.after_dark.n,
            }
        )
    return pd.DataFrame(rows, columns=COMPARED)
