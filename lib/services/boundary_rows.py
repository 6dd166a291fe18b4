"""What a file of beats changes: beats added, redrawn, ended, and the dated boundaries that say so."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from lib.errors import Invalid
from lib.importers.beats import comparable_code
from lib.model import Beat, BeatBoundary
from lib.queries.places import BeatRow

_SAME_SHARE = 1e-4
"""Two outlines that differ in less than this share of their area are one outline, saved twice."""

_OVERLAP_SHARE = 1e-2
_SHOWN_CODES = 5
_DRAWN_STEPS = 4000
"""The drawn outline may leave out this part of the set's extent: half a pixel of a projector that shows it whole."""

_DRAWN_DIGITS = 5


@dataclass(frozen=True)
class Redraw:
    """`new` are boundaries to add (code, name, precinct, beat_id or <NA>, geometry), valid from and to these days.

    Boundaries of `ended` beats end on `valid_from`; with `begins` those without a first day begin then.
    """

    new: gpd.GeoDataFrame
    unchanged: int
    ended: tuple[int, ...]
    valid_from: date | None
    valid_to: date | None
    begins: date | None
    notes: tuple[str, ...]

    @property
    def beats_added(self) -> int:
        return int(self.new["beat_id"].isna().sum())


def plan_redraw(
    frame: gpd.GeoDataFrame,
    beats: tuple[BeatRow, ...],
    stored: gpd.GeoDataFrame,
    *,
    valid_from: date | None,
    valid_to: date | None,
) -> Redraw:
    """What the file changes, against what is stored (`queries.places.boundaries`).

    Without dates the file adds beats beside the stored ones and may repeat them, never redraw them. With `valid_from`
    it is the whole set from that day on: what it redraws or leaves out ends there. With `valid_to` it is an earlier
    set.
    Raises Invalid if stored boundaries would have to change and no day is given, or the day does not fit them.
    """
    matched, notes = _matched(frame, beats)
    present = stored[stored["valid_to"].isna()]
    if valid_to is not None:
        return _earlier_set(matched, stored, valid_from, valid_to, notes)
    known = _drawn_alike(matched, present if valid_from else stored)
    new = matched[~known]
    if valid_from is None:
        redrawn = new["beat_id"].isin(present["beat_id"]) | _overlaps(new, present)
        if redrawn.any():
            codes = ", ".join(new.loc[redrawn, "code"].head(_SHOWN_CODES))
            raise Invalid(
                f"The file draws ground of the stored boundaries differently (beats of the file: {int(redrawn.sum())}, "
                f"such as {codes}). If the city redrew its beats, say since when with --valid-from YYYY-MM-DD: the "
                "stored set is kept and ends the day before.",
                "valid_from",
            )
        return Redraw(new, int(known.sum()), (), None, None, None, notes)
    gone = present[~present["beat_id"].isin(matched.loc[known, "beat_id"])]
    later = gone[pd.to_datetime(gone["valid_from"]) >= pd.Timestamp(valid_from)]
    if len(later):
        raise Invalid(
            f"Stored boundaries begin on {max(later['valid_from']):%Y-%m-%d}; a redraw must begin later than that. For "
            "an earlier set give its end with --valid-to.",
            "valid_from",
        )
    ended = tuple(int(beat_id) for beat_id in gone["beat_id"])
    return Redraw(new, int(known.sum()), ended, valid_from, None, None, notes)


def store_redraw(db: Session, plan: Redraw, source: str) -> None:
    """Write the plan: end or begin stored boundaries, add beats and boundaries."""
    if plan.ended:
        db.execute(
            update(BeatBoundary)
            .where(BeatBoundary.beat_id.in_(plan.ended), BeatBoundary.valid_to.is_(None))
            .values(valid_to=plan.valid_from)
        )
    if plan.begins is not None:
        db.execute(
            update(BeatBoundary)
            .where(
                BeatBoundary.valid_from.is_(None),
                or_(BeatBoundary.valid_to.is_(None), BeatBoundary.valid_to > plan.begins),
            )
            .values(valid_from=plan.begins)
        )
    drawn = _drawn(plan.new.geometry.to_numpy())
    for row, outline in zip(plan.new.itertuples(index=False), drawn, strict=True):
        beat_id = row.beat_id
        if pd.isna(beat_id):
            beat = Beat(code=row.code, name=row.name, precinct=row.precinct)
            db.add(beat)
            db.flush()
            beat_id = beat.id
        db.add(
            BeatBoundary(
                beat_id=int(beat_id),
                valid_from=plan.valid_from,
                valid_to=plan.valid_to,
                polygon=shapely.to_wkb(row.geometry),
                drawn=outline,
                source=source,
            )
        )
    db.flush()


def _matched(frame: gpd.GeoDataFrame, beats: tuple[BeatRow, ...]) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """The file's beats with the id of the stored beat of the same code ("2X" finds "02X"), <NA> for new ones."""
    by_code = {beat.code: beat.id for beat in beats}
    alike: dict[str, list[BeatRow]] = {}
    for beat in beats:
        alike.setdefault(comparable_code(beat.code), []).append(beat)
    ids: list[int | None] = []
    renamed: list[str] = []
    for code in frame["code"]:
        near = alike.get(comparable_code(code), [])
        if code not in by_code and len(near) == 1 and near[0].code not in set(frame["code"]):
            renamed.append(f"{code} is {near[0].code}")
            ids.append(near[0].id)
        else:
            ids.append(by_code.get(code))
    note = (f"Codes written otherwise than stored were matched: {', '.join(renamed[:10])}.",) if renamed else ()
    return frame.assign(beat_id=pd.array(ids, dtype="Int64")), note


def _earlier_set(
    matched: gpd.GeoDataFrame, stored: gpd.GeoDataFrame, valid_from: date | None, valid_to: date, notes: tuple[str, ...]
) -> Redraw:
    if valid_from is not None and valid_from >= valid_to:
        raise Invalid("--valid-from must lie before --valid-to.", "valid_from")
    same_days = (pd.to_datetime(stored["valid_to"]) == pd.Timestamp(valid_to)) & (
        pd.to_datetime(stored["valid_from"]) == pd.Timestamp(valid_from) if valid_from else stored["valid_from"].isna()
    )
    known = _drawn_alike(matched, stored[same_days])
    if known.all():
        return Redraw(matched[~known], len(matched), (), valid_from, valid_to, None, notes)
    first = pd.to_datetime(stored["valid_from"])
    earlier = stored[(first < pd.Timestamp(valid_to)) | (first.isna() & stored["valid_to"].notna())]
    if len(earlier):
        raise Invalid(
            f"Stored boundaries hold already before {valid_to:%Y-%m-%d}; an earlier set must end where they begin.",
            "valid_to",
        )
    return Redraw(matched, 0, (), valid_from, valid_to, valid_to if first.isna().any() else None, notes)


def _drawn_alike(matched: gpd.GeoDataFrame, stored: gpd.GeoDataFrame) -> pd.Series:
    """Whether a stored boundary of the same beat has the same outline."""
    outlines: dict[int, list[Any]] = {}
    for beat_id, shape in zip(stored["beat_id"], stored.geometry, strict=True):
        outlines.setdefault(int(beat_id), []).append(shape)
    alike = [
        not pd.isna(beat_id) and any(_is_same(shape, other) for other in outlines.get(int(beat_id), []))
        for beat_id, shape in zip(matched["beat_id"], matched.geometry, strict=True)
    ]
    return pd.Series(alike, index=matched.index, dtype=bool)


def _is_same(one: Any, other: Any) -> bool:
    return bool(one.equals_exact(other, 1e-9)) or bool(
        shapely.area(shapely.symmetric_difference(one, other)) <= _SAME_SHARE * shapely.area(one)
    )


def _overlaps(new: gpd.GeoDataFrame, present: gpd.GeoDataFrame) -> pd.Series:
    """Whether a boundary of the file covers more than a sliver of a stored one."""
    shapes = new.geometry.to_numpy()
    others = present.geometry.to_numpy()
    covered = np.zeros(len(shapes), dtype=bool)
    if len(shapes) and len(others):
        mine, theirs = shapely.STRtree(others).query(shapes, predicate="intersects")
        shared = shapely.area(shapely.intersection(shapes[mine], others[theirs]))
        covered[mine[shared > _OVERLAP_SHARE * shapely.area(shapes[mine])]] = True
    return pd.Series(covered, index=new.index)


def _drawn(shapes: Any) -> list[str]:
    """Light outlines as GeoJSON geometries; neighbours keep their common lines, so that no gaps show between them."""
    if not len(shapes):
        return []
    west, south, east, north = shapely.total_bounds(shapes)
    tolerance = max(east - west, north - south) / _DRAWN_STEPS
    if shapely.coverage_is_valid(shapes):
        light = shapely.coverage_simplify(shapes, tolerance)
    else:
        light = shapely.simplify(shapes, tolerance, preserve_topology=True)
    rounded = shapely.transform(light, lambda points: np.round(points, _DRAWN_DIGITS))
    return [json.dumps(json.loads(text), separators=(",", ":")) for text in shapely.to_geojson(rounded)]
