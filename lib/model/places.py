"""The city, its beats, their dated boundaries and figures, and what else is drawn on the map."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id


class City(Base):
    """The one city of this installation. `is_demonstration` puts the banner on every page (promise 18)."""

    __tablename__ = "city"
    __table_args__ = (CheckConstraint("id = 1", name="one_city"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64))
    emergency_number: Mapped[str] = mapped_column(String(20))
    languages: Mapped[list[str]]
    is_demonstration: Mapped[bool] = mapped_column(default=False)


class Beat(Base):
    """A beat's code (text, zeros kept) and name outlive every redraw of its boundary."""

    __tablename__ = "beat"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    precinct: Mapped[str] = mapped_column(String(80), default="")


class BeatBoundary(Base):
    """Where a beat lies from `valid_from` until the day before `valid_to` (None: open on that side).

    `polygon` is the full geometry as WKB in WGS 84 and the only one that assigns points; `drawn` is a light GeoJSON
    geometry for maps and assigns nothing.
    """

    __tablename__ = "beat_boundary"
    __table_args__ = (
        CheckConstraint("valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to", name="from_before_to"),
        UniqueConstraint("beat_id", "valid_from"),
    )

    id: Mapped[Id]
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    polygon: Mapped[bytes] = mapped_column(LargeBinary)
    drawn: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300))


class BeatFigure(Base):
    """A dated, sourced figure of a beat; `kind` is one of `rules.checkin.FIGURE_KINDS`: adults, or an age band."""

    __tablename__ = "beat_figure"
    __table_args__ = (
        UniqueConstraint("beat_id", "kind", "as_of"),
        CheckConstraint("value >= 0", name="not_negative"),
    )

    id: Mapped[Id]
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"))
    kind: Mapped[str] = mapped_column(String(32))
    value: Mapped[int]
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(String(300))


class MapFeature(Base):
    """Something drawn under the beats so that people find their way without a tile server.

    `kind`: ground, waterline, park, school, precinct. `drawn` is a GeoJSON geometry in WGS 84.
    """

    __tablename__ = "map_feature"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(160), default="")
    drawn: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300))
