"""Questions about the areas of measures: beats to compare with, neighbours, incidents inside a drawn outline.

The functions take the session of the question they are part of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.model import Beat, Measure, MeasureArea, MeasureMonth
from lib.rules.goals import AreaUse
from lib.rules.text import listed


@dataclass(frozen=True)
class Areas:
    """The beats beside a goal's own, each as id and code, by code."""

    comparison: tuple[tuple[int, str], ...]
    neighbours: tuple[tuple[int, str], ...]


NO_AREAS = Areas((), ())


def areas_beside(db: Session, goal_ids: Sequence[int]) -> dict[int, Areas]:
    """The beats beside the goals' own, by goal id; absent without any. One statement."""
    rows = db.execute(
        select(Measure.goal_id, MeasureArea.use, Beat.id, Beat.code)
        .join(Measure, Measure.id == MeasureArea.measure_id)
        .join(Beat, Beat.id == MeasureArea.beat_id)
        .where(Measure.goal_id.in_(goal_ids))
        .order_by(Beat.code)
    )
    found: dict[int, dict[AreaUse, list[tuple[int, str]]]] = {}
    for goal_id, use, beat_id, code in rows:
        found.setdefault(goal_id, {}).setdefault(use, []).append((beat_id, code))
    return {
        goal_id: Areas(tuple(each.get(AreaUse.COMPARISON, ())), tuple(each.get(AreaUse.NEIGHBOUR, ())))
        for goal_id, each in found.items()
    }


def inside_outlines(db: Session, goal_ids: Sequence[int]) -> dict[int, dict[date, int]]:
    """Incidents inside the drawn areas of goals, by goal and month. One statement."""
    inside: dict[int, dict[date, int]] = {goal_id: {} for goal_id in goal_ids}
    rows = db.execute(
        select(Measure.goal_id, MeasureMonth.month, MeasureMonth.incidents)
        .join(Measure, Measure.id == MeasureMonth.measure_id)
        .where(Measure.goal_id.in_(goal_ids))
    )
    for goal_id, month, incidents in rows:
        inside[goal_id][month] = incidents
    return inside


def beats_in_words(noun: str, beats: Sequence[tuple[int, str]]) -> str:
    """Beats as people call them: "beat K1", "beats K1 and K3"."""
    return f"{noun}{'s' if len(beats) > 1 else ''} {listed([code for _, code in beats])}"
