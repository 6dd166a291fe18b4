"""Beats side by side, for people who want to know how others do. Never ranked: places differ too much for that."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lib.model import Beat, Commitment, Concern, Goal, GoalBeat
from lib.queries.goals import AGREED
from lib.queries.places import BeatRow
from lib.queries.pulse import latest_pulse
from lib.rules.commitments import Promise, PromiseRecord, promise_records
from lib.rules.lifecycle import OPEN_CONCERN, GoalState, Party
from lib.rules.pulse import PulseShare
from lib.storage.transaction import reading


@dataclass(frozen=True)
class BeatCompared:
    """One beat in figures: goals by what became of them, the commitments of each side, open concerns, the last wave.

    `agreed`: goals that both sides carried and that have not ended. `withdrawn`: those given up after they were agreed.
    `overdue`: commitments of everybody, partners too. `feels_safe` is None only where no wave has closed.
    """

    beat: BeatRow
    agreed: int
    achieved: int
    not_achieved: int
    withdrawn: int
    residents: PromiseRecord
    officers: PromiseRecord
    overdue: int
    open_concerns: int
    feels_safe: PulseShare | None


def beats_compared(*, today: date) -> tuple[BeatCompared, ...]:
    """Every beat, by code. Five statements."""
    with reading() as db:
        beats = db.execute(select(Beat.id, Beat.code, Beat.name, Beat.precinct).order_by(Beat.code)).all()
        states: dict[int, dict[GoalState, int]] = {}
        for beat_id, state, goals in db.execute(
            select(GoalBeat.beat_id, Goal.state, func.count())
            .join(Goal, Goal.id == GoalBeat.goal_id)
            # A proposal that was taken back was never agreed: it is no goal that failed.
            .where((Goal.state != GoalState.WITHDRAWN) | Goal.adopted_on.is_not(None))
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
    compared = []
    for row in beats:
        goals_in = states.get(row.id, {})
        records = promise_records(promises.get(row.id, ()), today)
        wave = waves.get(row.code)
        compared.append(
            BeatCompared(
                beat=BeatRow(row.id, row.code, row.name, row.precinct),
                agreed=sum(goals_in.get(state, 0) for state in AGREED),
                achieved=goals_in.get(GoalState.ACHIEVED, 0),
                not_achieved=goals_in.get(GoalState.NOT_ACHIEVED, 0),
                withdrawn=goals_in.get(GoalState.WITHDRAWN, 0),
                residents=records[Party.RESIDENTS],
                officers=records[Party.OFFICERS],
                overdue=sum(record.overdue for record in records.values()),
                open_concerns=open_concerns.get(row.id, 0),
                feels_safe=wave.after_dark if wave is not None else None,
            )
        )
    return tuple(compared)
