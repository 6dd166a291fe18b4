"""The beats beside a goal's own: those it is compared with, and the neighbours that trouble might move to.

Both are written with the measure, before anything is known, and stay with it. Runs inside the caller's transaction.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lib.errors import Invalid, NotFound
from lib.model import Beat, GoalBeat, Measure, MeasureArea
from lib.queries.measure_areas import touching_beats
from lib.queries.monthly import Counted, monthly_events
from lib.rules.goals import AreaUse
from lib.rules.months import months_later
from lib.rules.text import clipped


def set_areas(db: Session, measure: Measure, codes: Sequence[str], *, on: date) -> tuple[str, ...]:
    """Keep the beats a measure is compared with, and its neighbours; the codes of the former, sorted.

    Neighbours are the beats that touch the goal's own on the day `on` and are not compared with. Raises NotFound (no
    such beat), Invalid (a beat of the goal itself; nothing happened there before that could be compared).
    """
    own = frozenset(db.scalars(select(GoalBeat.beat_id).where(GoalBeat.goal_id == measure.goal_id)))
    wanted = sorted(set(codes))
    found = {code: row for row, code in db.execute(select(Beat.id, Beat.code).where(Beat.code.in_(wanted)))}
    for code in wanted:
        if code not in found:
            raise NotFound(f"There is no beat {clipped(code, 32)!r}. Choose one from the list.")
        if found[code] in own:
            raise Invalid(f"Beat {code} belongs to the goal: it cannot be compared with itself.", "comparison_beats")
    comparison = frozenset(found.values())
    if comparison:
        _require_events(measure, comparison, on)
    neighbours = touching_beats(own, on=on) - comparison
    rows = [(beat, AreaUse.COMPARISON) for beat in comparison] + [(beat, AreaUse.NEIGHBOUR) for beat in neighbours]
    if rows:
        db.execute(insert(MeasureArea), [{"measure_id": measure.id, "beat_id": beat, "use": use} for beat, use in rows])
    return tuple(wanted)


def _require_events(measure: Measure, comparison: frozenset[int], on: date) -> None:
    wanted = Counted(measure.kind, measure.category, comparison)
    since = months_later(measure.starts_on, -measure.baseline_months)
    events = monthly_events([wanted], since=since, today=on)[wanted]
    if not any(count for month, count in events.items() if month < measure.starts_on):
        raise Invalid(
            "Nothing of this kind was counted in the beats to compare with. Choose others.", field="comparison_beats"
        )
