"""Drawn areas of measures: checked when they are set, their incidents counted then and after each import.

Everything here runs inside the caller's transaction.
"""

import json
from datetime import date

import shapely
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lib.errors import Invalid
from lib.model import GoalBeat, Measure, MeasureMonth
from lib.queries.outlines import incidents_inside
from lib.queries.places import boundaries
from lib.rules.outlines import square_metres, street_cells
from lib.settings import settings

MOST_CORNERS = 500
SMALLEST_M2 = 5_000
"""About the circle of 40 m radius: a crossing. Anything smaller points at single homes."""

_HALF = 0.5


def valid_outline(db: Session, outline: str, goal_id: int, *, on: date) -> str:
    """The outline as it is stored, once it is a polygon of WGS 84 that lies in the goal's beats.

    Raises Invalid: no polygon, crossing itself, with holes or too many corners, too small, larger than the goal's
    beats, or with less than half of its area inside them.
    """
    area = _polygon(outline)
    size = square_metres(shapely.get_coordinates(area).tolist())
    if size < SMALLEST_M2:
        raise Invalid(
            "The drawn area is too small: choose a radius of at least 100 metres, or a cell.", field="outline"
        )
    own = set(db.scalars(select(GoalBeat.beat_id).where(GoalBeat.goal_id == goal_id)))
    frame = boundaries(on)
    beats = shapely.union_all(frame.loc[frame["beat_id"].isin(own), "geometry"].to_numpy())
    if shapely.area(area) > shapely.area(beats):
        raise Invalid("The drawn area is larger than the goal’s beats. Leave it out, or draw a smaller one.", "outline")
    if shapely.area(shapely.intersection(area, beats)) < _HALF * shapely.area(area):
        raise Invalid("Most of the drawn area lies outside the goal’s beats. Choose a place inside them.", "outline")
    drawn = str(shapely.to_geojson(area))
    if not street_cells(drawn, settings().street_cell_resolution):
        raise Invalid("No cell of the public map lies in the drawn area. Draw a larger one.", field="outline")
    return drawn


def count_outline(db: Session, measure: Measure) -> None:
    """Count the incidents inside a measure's outline by month, anew."""
    own = frozenset(db.scalars(select(GoalBeat.beat_id).where(GoalBeat.goal_id == measure.goal_id)))
    inside = incidents_inside(measure.outline, measure.category, own)
    db.execute(delete(MeasureMonth).where(MeasureMonth.measure_id == measure.id))
    if inside:
        db.execute(
            insert(MeasureMonth),
            [{"measure_id": measure.id, "month": month, "incidents": count} for month, count in inside.items()],
        )


def recount_outlines(db: Session) -> None:
    """Count every drawn area anew: after an import, and after incidents changed their beats."""
    for measure in db.scalars(select(Measure).where(Measure.outline != "")).all():
        count_outline(db, measure)


def _polygon(outline: str) -> shapely.Polygon:
    refused = Invalid(
        "The drawn area is no polygon. Choose a place and a radius, cells, or paste one polygon.", field="outline"
    )
    try:
        drawn = json.loads(outline)
        area = shapely.from_geojson(json.dumps(drawn))
    except (ValueError, shapely.errors.GEOSException) as cause:
        raise refused from cause
    if not isinstance(area, shapely.Polygon) or area.is_empty or len(area.interiors):
        raise refused
    corners = shapely.get_coordinates(area)
    if len(corners) > MOST_CORNERS:
        raise Invalid(f"The drawn area has too many corners: {MOST_CORNERS} are possible.", field="outline")
    if not (abs(corners[:, 0]) <= 180).all() or not (abs(corners[:, 1]) <= 90).all():
        raise Invalid("The drawn area lies outside the world: give longitude and latitude in degrees.", field="outline")
    if not area.is_valid:
        raise Invalid("The line of the drawn area crosses itself. Draw it again.", field="outline")
    return shapely.force_2d(area)
