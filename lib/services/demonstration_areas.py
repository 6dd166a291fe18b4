"""The beats beside the demonstration's goals, compared with what was most alike before each start, and what happened in
their drawn areas. Inside the caller's transaction."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.model import GoalBeat, Measure
from lib.queries.measure_areas import similar_beats
from lib.rules.goals import MeasureKind
from lib.services.measure_areas import set_areas
from lib.services.outlines import count_outline


def store_areas(db: Session, measure_ids: Collection[int]) -> None:
    """Give each counted measure the beats that were most alike on the day its goal started, and its neighbours."""
    db.flush()
    counted = (MeasureKind.INCIDENTS, MeasureKind.CONCERNS)
    judged = db.scalars(select(Measure).where(Measure.id.in_(measure_ids), Measure.kind.in_(counted))).all()
    for measure in judged:
        if measure.outline:
            count_outline(db, measure)
        own = frozenset(db.scalars(select(GoalBeat.beat_id).where(GoalBeat.goal_id == measure.goal_id)))
        alike = similar_beats(own, measure.kind, measure.category, today=measure.starts_on)
        set_areas(db, measure, [beat.code for beat in alike], on=measure.starts_on)
