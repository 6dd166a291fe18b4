"""Questions about the city, its beats and what is drawn on the map."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, and_, func, or_, select

from lib.errors import NotFound
from lib.model import Beat, BeatBoundary, BeatFigure, Category, CategoryText, City, MapFeature
from lib.storage.transaction import reading


@dataclass(frozen=True)
class CityRow:
    name: str
    time_zone: str
    emergency_number: str
    languages: tuple[str, ...]
    is_demonstration: bool


@dataclass(frozen=True)
class BeatRow:
    id: int
    code: str
    name: str
    precinct: str

    @property
    def label(self) -> str:
        """Code and name as people say it; the code alone where the name only repeats it."""
        return self.code if self.name in ("", self.code) else f"{self.code} {self.name}"


@dataclass(frozen=True)
class CategoryRow:
    """`responsible` says who takes care of such concerns, "" where nobody has said."""

    id: int
    key: str
    name: str
    icon: str
    colour: str
    is_public: bool
    responsible: str = ""


def has_city() -> bool:
    """Whether this installation has been given its city. One statement."""
    with reading() as db:
        return db.scalar(select(City.id)) is not None


def city() -> CityRow:
    """The city of this installation. One statement. Raises NotFound before it was named."""
    with reading() as db:
        row = db.scalar(select(City))
    if row is None:
        raise NotFound("This installation has no city yet. Run: python -m lib city NAME --time-zone ZONE")
    return CityRow(row.name, row.time_zone, row.emergency_number, tuple(row.languages), row.is_demonstration)


def beats() -> tuple[BeatRow, ...]:
    """Every beat, by code. One statement."""
    with reading() as db:
        rows = db.execute(select(Beat.id, Beat.code, Beat.name, Beat.precinct).order_by(Beat.code))
        return tuple(BeatRow(*row) for row in rows)


def beat(code: str) -> BeatRow:
    """The beat with this code. One statement. Raises NotFound."""
    with reading() as db:
        row = db.execute(select(Beat.id, Beat.code, Beat.name, Beat.precinct).where(Beat.code == code)).first()
    if row is None:
        raise NotFound(f"There is no beat {code[:32]!r}. Choose one from the list.")
    return BeatRow(*row)


def boundaries(on: date | None = None) -> gpd.GeoDataFrame:
    """Full boundaries for assigning points: beat_id, code, valid_from, valid_to, geometry (WGS 84), by code.

    With `on` only those valid that day. One statement. Empty frame without beats.
    """
    question = select(
        BeatBoundary.beat_id, Beat.code, BeatBoundary.valid_from, BeatBoundary.valid_to, BeatBoundary.polygon
    ).join(Beat, Beat.id == BeatBoundary.beat_id)
    if on is not None:
        question = question.where(_valid(on))
    with reading() as db:
        rows = db.execute(question.order_by(Beat.code, BeatBoundary.valid_from)).all()
    frame = pd.DataFrame(rows, columns=["beat_id", "code", "valid_from", "valid_to", "polygon"])
    shapes = shapely.from_wkb(frame.pop("polygon").to_numpy()) if len(frame) else []
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


def beat_at(longitude: float, latitude: float, on: date) -> BeatRow | None:
    """The beat whose boundary of that day covers the point, None outside every beat; on a shared line the lower code.

    Reads every boundary (cache `boundaries` where many points are asked). Two statements.
    """
    valid = boundaries(on)
    inside = valid[valid.covers(shapely.Point(longitude, latitude))] if len(valid) else valid
    if not len(inside):
        return None
    return beat(str(inside.iloc[0]["code"]))


def drawn_beats(on: date) -> dict[str, Any]:
    """The light outlines valid that day as GeoJSON features with code, name and label. One statement."""
    with reading() as db:
        rows = db.execute(
            select(Beat.id, Beat.code, Beat.name, Beat.precinct, BeatBoundary.drawn)
            .join(BeatBoundary, BeatBoundary.beat_id == Beat.id)
            .where(_valid(on))
            .order_by(Beat.code)
        ).all()
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": row.code, "name": row.name, "label": BeatRow(*row[:4]).label},
                "geometry": json.loads(row.drawn),
            }
            for row in rows
        ],
    }


def drawn_features(kind: str) -> dict[str, Any]:
    """What is drawn under the beats: ground, waterline, park, school or precinct, as GeoJSON. One statement."""
    with reading() as db:
        rows = db.execute(
            select(MapFeature.name, MapFeature.drawn).where(MapFeature.kind == kind).order_by(MapFeature.id)
        )
        features = [
            {"type": "Feature", "properties": {"name": name}, "geometry": json.loads(drawn)} for name, drawn in rows
        ]
    return {"type": "FeatureCollection", "features": features}


def adults_per_beat() -> dict[str, int]:
    """The latest number of adults by beat code; beats without a figure are absent. One statement."""
    latest = (
        select(BeatFigure.beat_id, func.max(BeatFigure.as_of).label("as_of"))
        .where(BeatFigure.kind == "adults")
        .group_by(BeatFigure.beat_id)
        .subquery()
    )
    with reading() as db:
        rows = db.execute(
            select(Beat.code, BeatFigure.value)
            .join(Beat, Beat.id == BeatFigure.beat_id)
            .join(latest, and_(latest.c.beat_id == BeatFigure.beat_id, latest.c.as_of == BeatFigure.as_of))
            .where(BeatFigure.kind == "adults")
        )
        return {row.code: row.value for row in rows}


def categories(language: str = "en") -> tuple[CategoryRow, ...]:
    """Every category in its order, named in `language` or else in English. One statement."""
    wanted, english = CategoryText.__table__.alias("wanted"), CategoryText.__table__.alias("english")
    with reading() as db:
        rows = db.execute(
            select(
                Category.id,
                Category.key,
                func.coalesce(wanted.c.name, english.c.name, Category.key),
                Category.icon,
                Category.colour,
                Category.is_public,
                func.coalesce(func.nullif(wanted.c.responsible, ""), english.c.responsible, ""),
            )
            .outerjoin(wanted, and_(wanted.c.category_id == Category.id, wanted.c.language == language))
            .outerjoin(english, and_(english.c.category_id == Category.id, english.c.language == "en"))
            .order_by(Category.position, Category.id)
        )
        return tuple(CategoryRow(*row) for row in rows)


def _valid(on: date) -> ColumnElement[bool]:
    return and_(
        or_(BeatBoundary.valid_from.is_(None), BeatBoundary.valid_from <= on),
        or_(BeatBoundary.valid_to.is_(None), BeatBoundary.valid_to > on),
    )
