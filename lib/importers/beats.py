"""Polygons of a city's beats, in any usual format and projection, into one WGS 84 multipolygon per code."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lib.errors import Invalid
from lib.importers.columns import BEAT_COLUMNS, CLEAR_BEAT_CODES, find_columns, need_column, plain
from lib.importers.layers import read_layer
from lib.importers.report import SHOWN, ImportReport, RefusedRow

_LONGEST_CODE = 32
_LONGEST_NAME = 120
_LONGEST_PRECINCT = 80


@dataclass(frozen=True)
class BeatsFile:
    """`frame`: code (text, zeros kept), name, precinct ("" if unknown), features (how many of the file it is made of)
    and geometry (WGS 84 multipolygons), by code.

    In `report` a row is a feature of the file; features that became parts of one beat are all taken.
    """

    frame: gpd.GeoDataFrame
    report: ImportReport

    @property
    def notes(self) -> tuple[str, ...]:
        return self.report.notes


def read_beats(
    path: Path,
    *,
    code_column: str | None = None,
    name_column: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
) -> BeatsFile:
    """Read beats from a shapefile (bare or zipped), GeoPackage, GeoJSON or KML.

    `crs` overrules what the file says of its coordinate system. Raises Invalid if the file holds no polygons, no column
    with a code, or coordinates that are not what it says they are (feet labelled as degrees).
    """
    raw, notes = read_layer(path, layer=layer)
    placed, remarks = _in_degrees(raw, path.name, crs)
    notes += remarks
    header = [column for column in raw.columns if column != raw.geometry.name]
    named = {key: value for key, value in (("code", code_column), ("name", name_column)) if value}
    found = find_columns(header, BEAT_COLUMNS, named)
    if not code_column:
        chosen, remarks = _code_column(raw, header)
        found |= chosen
        notes += remarks
    code_name = need_column(found, "code", header, "the beat's code", BEAT_COLUMNS["code"])

    code = _text(raw[code_name])
    shapes, repaired = _areas(placed.geometry.to_numpy())
    reason = np.full(len(raw), "", dtype=object)
    reason[shapely.is_empty(shapes)] = "no area: a point, a line or nothing"
    reason[(code.str.len() > _LONGEST_CODE).to_numpy(dtype=bool)] = f"a code of more than {_LONGEST_CODE} characters"
    reason[(code == "").to_numpy(dtype=bool)] = "no code"
    good = reason == ""
    if not good.any():
        raise Invalid(f"{path.name} holds no usable beat; the first feature has {reason[0]}.", "file")
    repaired &= good
    if repaired.any():
        listed = _listed(code[repaired].tolist())
        notes.append(f"{int(repaired.sum())} invalid polygons were repaired (self-crossing lines): {listed}.")

    name = _text(raw[found["name"]]) if "name" in found else code
    precinct = (
        _text(raw[found["precinct"]]) if found.get("precinct", code_name) != code_name else code.where(code == "", "")
    )
    parts = gpd.GeoDataFrame(
        {
            "code": code,
            "name": name.where(name != "", code).str.slice(0, _LONGEST_NAME),
            "precinct": precinct.str.slice(0, _LONGEST_PRECINCT),
            "features": 1,
        },
        geometry=shapes,
        crs="EPSG:4326",
    )[good]
    frame, remark = _one_per_code(parts)
    notes += remark
    refused = tuple(
        RefusedRow(int(position) + 1, reason[position], ",".join(map(str, raw.loc[raw.index[position], header])))
        for position in np.flatnonzero(~good)
    )
    report = ImportReport(len(raw), int(good.sum()), unreadable=len(refused), notes=tuple(notes), refused=refused)
    return BeatsFile(frame, report)


def same_code(first: str, second: str) -> bool:
    """Whether two codes name one beat: case, spaces and leading zeros aside ("02X" and "2X" are one in some cities)."""
    return comparable_code(first) == comparable_code(second)


def comparable_code(code: str) -> str:
    """A code as it is compared, never as it is stored or shown."""
    bare = "".join(code.split()).casefold()
    return bare.lstrip("0") or bare[-1:]


def unknown_codes(stored: pd.Series, codes: Sequence[str]) -> dict[str, int]:
    """The city's own codes that no beat of ours has, with the number of rows, most frequent first."""
    known = {comparable_code(code) for code in codes}
    counts = stored[stored != ""].value_counts()
    return {str(code): int(rows) for code, rows in counts.items() if comparable_code(str(code)) not in known}


def _code_column(raw: gpd.GeoDataFrame, header: list[str]) -> tuple[dict[str, str], list[str]]:
    """The column with the code, and a remark where the names leave a choice.

    A name that can only be a beat's code wins. Among the others, which may also hold each beat's precinct or its number
    within a sector, the first that tells nine in ten features apart, else the one that tells most apart.
    """
    by_plain = {plain(column): column for column in reversed(header)}
    known = [by_plain[plain(name)] for name in BEAT_COLUMNS["code"] if plain(name) in by_plain]
    clear = [by_plain[plain(name)] for name in CLEAR_BEAT_CODES if plain(name) in by_plain]
    if clear or len(known) < 2:
        return ({"code": (clear or known)[0]} if known else {}), []
    distinct = {column: raw[column].nunique() for column in known}
    telling = [column for column in known if distinct[column] >= 0.9 * len(raw)]
    chosen = telling[0] if telling else max(known, key=lambda column: distinct[column])
    return {"code": chosen}, [f"Codes were read from the column {chosen}; --code-column names another."]


def _in_degrees(raw: gpd.GeoDataFrame, name: str, crs: str | None) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The same features in WGS 84. Raises Invalid if the coordinates cannot be what the file says."""
    from pyproj.exceptions import CRSError

    notes: list[str] = []
    west, south, east, north = bounds = raw.total_bounds
    if not np.isfinite(bounds).all():
        raise Invalid(f"{name} holds features without any geometry.", "file")
    plausible = west >= -180 and east <= 180 and south >= -90 and north <= 90
    where = f"coordinates such as {west:,.0f}, {south:,.0f}"
    advice = "Say which with --crs, such as EPSG:2926 (US State Plane, feet) or EPSG:27700 (British grid)."
    if crs is not None:
        try:
            raw = raw.set_crs(crs, allow_override=True)
        except CRSError as cause:
            raise Invalid(f"“{crs}” names no coordinate system; an example is EPSG:2926.", "crs") from cause
    elif raw.crs is None and plausible:
        raw = raw.set_crs("EPSG:4326")
        notes.append(
            "The file does not say its coordinate system; its coordinates look like degrees and were read as WGS 84."
        )
    elif raw.crs is None:
        raise Invalid(
            f"{name} does not say its coordinate system and has {where}, which are no degrees. {advice}", "crs"
        )
    if raw.crs.is_geographic and not plausible:
        raise Invalid(
            f"{crs or name} says that coordinates are degrees ({raw.crs.name}), but the file has {where}: "
            f"probably feet or metres of a projection. {advice}",
            "crs",
        )
    label = raw.crs.name
    placed = raw.to_crs("EPSG:4326")
    after = placed.total_bounds
    if not np.isfinite(after).all() or np.abs(after[[0, 2]]).max() > 180 or np.abs(after[[1, 3]]).max() > 90:
        raise Invalid(f"{name} has {where}, which {label} does not cover. {advice}", "crs")
    if label != placed.crs.name:
        notes.append(f"Reprojected from {label} to WGS 84.")
    return placed, notes


def _areas(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Flat multipolygons, empty where a feature has no area; and which of them had to be repaired."""
    flat = shapely.force_2d(shapes)
    flat = np.where(shapely.is_missing(flat), shapely.MultiPolygon(), flat)
    broken = ~shapely.is_valid(flat)
    flat[broken] = shapely.make_valid(flat[broken])
    areas = np.empty(len(flat), dtype=object)
    for position, shape in enumerate(flat):
        pieces = [piece for piece in shapely.get_parts(_unpacked(shape)) if shapely.area(piece) > 0]
        areas[position] = shapely.MultiPolygon(pieces)
    return areas, broken


def _unpacked(shape: shapely.Geometry) -> NDArray[np.object_]:
    """The polygons of a geometry, out of any collection."""
    parts = shapely.get_parts(shape)
    while any(part.geom_type not in {"Polygon", "LineString", "Point"} for part in parts):
        parts = shapely.get_parts(parts)
    return np.array([part for part in parts if part.geom_type == "Polygon"], dtype=object)


def _one_per_code(parts: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Features with the same code become one beat with the first one's name."""
    several = parts["code"].duplicated(keep=False)
    if not several.any():
        return parts.sort_values("code", ignore_index=True), []
    joined = parts[several].dissolve("code", aggfunc={"name": "first", "precinct": "first", "features": "sum"})
    joined = joined.reset_index()
    joined["geometry"] = [
        shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape]) for shape in joined.geometry
    ]
    frame = pd.concat([parts[~several], joined[parts.columns.tolist()]])
    counts = parts.loc[several, "code"].value_counts()
    listed = _listed([f"{code} ({number} features)" for code, number in counts.items()])
    note = f"Features with the same code became one beat: {listed}."
    return gpd.GeoDataFrame(frame, crs=parts.crs).sort_values("code", ignore_index=True), [note]


def _text(column: pd.Series) -> pd.Series:
    """Codes and names as text; whole numbers without a point, nothing as ""."""
    if pd.api.types.is_float_dtype(column):
        column = column.map(lambda value: "" if pd.isna(value) else f"{value:.15g}")
    return column.astype("str").fillna("").str.strip()


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 2 * SHOWN} more" if len(names) > 2 * SHOWN else ""
    return ", ".join(names[: 2 * SHOWN]) + more
