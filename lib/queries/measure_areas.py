"""Questions about the areas of measures: beats to compare with, neighbours, incidents inside a drawn outline.

Functions that take a session are part of a larger question.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.model import Beat, Measure, MeasureArea, MeasureMonth
from lib.queries.monthly import Counted, monthly_events
from lib.queries.places import beats, boundaries
from lib.rules.comparing import unlikeness
from lib.rules.geography import metres_to_degrees
from lib.rules.goals import AreaUse, MeasureKind
from lib.rules.months import month_of, months_later
from lib.rules.text import listed


@dataclass(frozen=True)
class Areas:
    """The beats beside a goal's own, each as id and code, by code."""

    comparison: tuple[tuple[int, str], ...]
    neighbours: tuple[tuple[int, str], ...]

    @property
    def comparison_codes(self) -> tuple[str, ...]:
        return tuple(code for _, code in self.comparison)

    @property
    def neighbour_codes(self) -> tuple[str, ...]:
        return tuple(code for _, code in self.neighbours)


@dataclass(frozen=True)
class SimilarBeat:
    """A beat that could be compared with, and its events a month."""

    code: str
    label: str
    per_month: Fraction


SLIVER_M = 20
SUGGESTED = 3
MONTHS_ALIKE = 24

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


def touching_beats(beat_ids: Collection[int], *, on: date) -> frozenset[int]:
    """The beats whose boundaries of that day touch those of these beats. One statement.

    Boundaries drawn by hand leave slivers between them: up to about 20 metres count as touching.
    """
    frame = boundaries(on)
    is_own = frame["beat_id"].isin(beat_ids).to_numpy(dtype=bool)
    if not is_own.any():
        return frozenset()
    own = shapely.union_all(frame.geometry.to_numpy()[is_own])
    near = shapely.dwithin(frame.geometry.to_numpy(), own, metres_to_degrees(SLIVER_M))
    return frozenset(int(beat) for beat in frame["beat_id"].to_numpy()[near & ~is_own])


def similar_beats(
    beat_ids: Collection[int], kind: MeasureKind, category: str, *, today: date, most: int = SUGGESTED
) -> tuple[SimilarBeat, ...]:
    """The beats whose months were most like those of these beats over the last two years, the best first.

    Neighbours are left out: trouble that moved there would count twice. At most eight statements.
    """
    near = touching_beats(beat_ids, on=today) | frozenset(beat_ids)
    own = Counted(kind, category, frozenset(beat_ids))
    others = {Counted(kind, category, frozenset({beat.id})): beat for beat in beats() if beat.id not in near}
    events = monthly_events([own, *others], since=months_later(month_of(today), -MONTHS_ALIKE), today=today)
    mine = list(events[own].values())
    if not mine:
        return ()
    ranked = []
    for wanted, beat in others.items():
        theirs = list(events[wanted].values())
        unlike = unlikeness(mine, theirs)
        if unlike is not None:
            ranked.append((unlike, SimilarBeat(beat.code, beat.label, Fraction(sum(theirs), len(theirs)))))
    return tuple(beat for _, beat in sorted(ranked, key=lambda each: (each[0], each[1].code))[:most])


def beats_in_words(noun: str, codes: Sequence[str]) -> str:
    """Beats as people call them.

    >>> beats_in_words("beat", ["K1"]), beats_in_words("beat", ["K1", "K3"])
    ('beat K1', 'beats K1 and K3')
    """
    return f"{noun}{'s' if len(codes) > 1 else ''} {listed(codes)}"
