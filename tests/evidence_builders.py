"""Incidents with their points, and goals with measures, for tests of the evidence."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shapely import box, to_geojson
from sqlalchemy import select

from lib.model import Beat, Incident, IncidentMonth, MapFeature, Measure, MeasureArea
from lib.rules.goals import AreaUse, MeasureKind
from lib.rules.months import months_later
from lib.services.readings import set_measure
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_facilitator

DUE = date(2027, 3, 31)


def months(first: date, counts: Sequence[int]) -> dict[date, int]:
    """So many events in each month from the first one on."""
    return {months_later(first, position): count for position, count in enumerate(counts)}


def incidents_at(
    beat_id: int, longitude: float, latitude: float, counts: Mapping[date, int], *, category: str = "CAR PROWL"
) -> None:
    """So many incidents at one point in each month, the last of each on its last day, counted per month."""
    with writing() as db:
        for month, number in counts.items():
            last = months_later(month, 1) - timedelta(days=1)
            for position in range(number):
                db.add(
                    Incident(
                        source="points",
                        source_key=f"{beat_id}/{longitude}/{category}/{month}/{position}",
                        category=category,
                        occurred_on=last if position == number - 1 else month + timedelta(days=position % 28),
                        longitude=longitude,
                        latitude=latitude,
                        beat_id=beat_id,
                    )
                )
            counted = db.get(IncidentMonth, (beat_id, category, month))
            if counted is None:
                db.add(IncidentMonth(beat_id=beat_id, category=category, month=month, incidents=number))
            else:
                counted.incidents += number
            db.flush()


def a_park(name: str, longitude: float, latitude: float) -> None:
    """A small square park round a point."""
    with writing() as db:
        drawn = to_geojson(box(longitude - 5e-4, latitude - 5e-4, longitude + 5e-4, latitude + 5e-4))
        db.add(MapFeature(kind="park", name=name, drawn=drawn, source="a test"))


def measure_set(goal_uuid: Any, **given: Any) -> Measure:
    """The goal's measure, set by a facilitator: car prowls, at most 6 a month."""
    set_measure(
        **{
            "actor": a_facilitator(),
            "goal_uuid": goal_uuid,
            "kind": MeasureKind.INCIDENTS,
            "category": "CAR PROWL",
            "target": 6,
            "due_on": DUE,
            "now": NOON,
            **given,
        }
    )
    with reading() as db:
        return db.scalars(select(Measure).order_by(Measure.id.desc())).first()  # type: ignore[return-value]


def codes_beside(measure: Measure, use: AreaUse) -> list[str]:
    """The codes of the beats kept beside a measure."""
    with reading() as db:
        rows = select(Beat.code).join(MeasureArea, MeasureArea.beat_id == Beat.id).order_by(Beat.code)
        return list(db.scalars(rows.where(MeasureArea.measure_id == measure.id, MeasureArea.use == use)))
