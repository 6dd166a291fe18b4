"""Where a row says something happened, as degrees in WGS 84, from the columns a city has for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.errors import Invalid

if TYPE_CHECKING:
    from pyproj import CRS

_Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def read_coordinates(
    frame: pd.DataFrame, found: Mapping[str, str], *, crs: str | None
) -> tuple[_Pair, tuple[str, ...]]:
    """Longitude and latitude per row (NaN where it is empty, no number, 0,0 or beyond ±180 and ±90), and remarks.

    Columns of degrees go before projected ones, unless `crs` says what those are (such as "EPSG:2926").
    Raises Invalid if there are coordinates, but none in degrees and no `crs`.
    """
    has_projected = crs is not None and {"x", "y"} <= found.keys() and _system(crs).is_projected
    if "longitude" in found and "latitude" in found and not has_projected:
        return _degrees(frame, found["longitude"], found["latitude"], crs)
    if "point" in found and "x" not in found:
        lon, lat = _points(frame[found["point"]])
        return _checked(lon, lat), ()
    if "x" in found and "y" in found:
        return _degrees(frame, found["x"], found["y"], crs)
    return _nothing(len(frame)), (
        "No columns with coordinates were recognised; name them with --column longitude=NAME.",
    )


def _degrees(frame: pd.DataFrame, x_column: str, y_column: str, crs: str | None) -> tuple[_Pair, tuple[str, ...]]:
    x, y = _numbers(frame[x_column]), _numbers(frame[y_column])
    if crs is not None:
        return _checked(*_reprojected(x, y, crs)), ()
    pair = _checked(x, y)
    written = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    if written.any() and not np.isfinite(pair[0]).any():
        row = int(np.flatnonzero(written)[0])
        raise Invalid(
            f"The columns {x_column} and {y_column} hold no degrees (first {x[row]:,.0f}, {y[row]:,.0f}); they seem "
            "to be feet or metres of a projection. Say which with --crs, for example --crs EPSG:2926.",
            "crs",
        )
    return pair, ()


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    """Numbers as floats, decimal commas too; NaN for everything else."""
    values = pd.to_numeric(column, errors="coerce")
    if values.isna().any():
        left = column[values.isna() & column.str.contains(",", regex=False)].str.strip()
        commas = left[left.str.fullmatch(r"-?\d+,\d+")]
        values.loc[commas.index] = commas.str.replace(",", ".", regex=False).astype("float64")
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def _points(column: pd.Series) -> _Pair:
    """Both out of one text: "POINT (-122.3 47.6)" gives longitude first, "(47.6, -122.3)" latitude first."""
    number = r"(-?\d+(?:\.\d+)?)"
    wkt = column.str.extract(rf"POINT\s*\(\s*{number}\s+{number}").astype("float64")
    pair = column.str.extract(rf"\(?\s*{number}\s*,\s*{number}\s*\)?\s*$").astype("float64")
    return wkt[0].fillna(pair[1]).to_numpy(dtype=np.float64), wkt[1].fillna(pair[0]).to_numpy(dtype=np.float64)


def _reprojected(x: NDArray[np.float64], y: NDArray[np.float64], crs: str) -> _Pair:
    from pyproj import Transformer

    turn = Transformer.from_crs(_system(crs), "EPSG:4326", always_xy=True)
    written = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    lon, lat = _nothing(len(x))
    lon[written], lat[written] = turn.transform(x[written], y[written])
    return lon, lat


def _system(crs: str) -> "CRS":
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(crs)
    except CRSError as cause:
        raise Invalid(f"“{crs}” names no coordinate system; an example is EPSG:2926.", "crs") from cause


def _checked(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    good = (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & ((lon != 0) | (lat != 0))
    return np.where(good, lon, np.nan), np.where(good, lat, np.nan)


def _nothing(rows: int) -> _Pair:
    return np.full(rows, np.nan), np.full(rows, np.nan)
