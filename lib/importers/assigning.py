"""Which beat a point lay in on the day it happened: full polygons, never simplified ones.

(A file simplified for drawing moved 7.4 % of real points into another beat.)
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

_NOWHERE = np.iinfo(np.int64).max
"""Stands behind every boundary, so that the smallest position wins."""


def assign_beats(points: pd.DataFrame, boundaries: gpd.GeoDataFrame) -> pd.Series:
    """The `beat_id` of every row of `points` (lon, lat, occurred_on), <NA> where no beat holds the point on that day.

    `boundaries` has beat_id, valid_from, valid_to (dates or None; `valid_to` is the first day it holds no more) and
    geometry in WGS 84. A point on a shared border goes to the boundary that stands first: with rows in the order of
    their codes, to the lowest code. Each different point is looked up once.
    """
    lon, lat = points["lon"].to_numpy(dtype=float), points["lat"].to_numpy(dtype=float)
    located = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    best = np.full(len(points), _NOWHERE, dtype=np.int64)
    if len(located) and len(boundaries):
        place_of_row, place_lon, place_lat = _different_places(lon[located], lat[located])
        boundary, place = _holding(boundaries, place_lon, place_lat)
        first, until = _days(boundaries["valid_from"], np.iinfo(np.int64).min), _days(boundaries["valid_to"], _NOWHERE)
        day = points["occurred_on"].to_numpy(dtype="datetime64[D]").astype(np.int64)[located]
        for lower, upper in set(zip(first.tolist(), until.tolist(), strict=True)):
            of_set = (first[boundary] == lower) & (until[boundary] == upper)
            position = np.full(len(place_lon), _NOWHERE, dtype=np.int64)
            # Written from the last boundary to the first, so that the first one stays.
            position[place[of_set][::-1]] = boundary[of_set][::-1]
            holds = np.where((day >= lower) & (day < upper), position[place_of_row], _NOWHERE)
            best[located] = np.minimum(best[located], holds)
    inside = best != _NOWHERE
    beat_ids = boundaries["beat_id"].to_numpy(dtype=np.int64)
    values = np.zeros(len(points), dtype=np.int64)
    values[inside] = beat_ids[best[inside]]
    return pd.Series(pd.arrays.IntegerArray(values, ~inside), index=points.index, name="beat_id")


def _different_places(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Row → number of its place, and the coordinates of the places."""
    place_of_row, places = pd.factorize(lon + 1j * lat)
    return place_of_row.astype(np.int64), places.real.copy(), places.imag.copy()


def _holding(
    boundaries: gpd.GeoDataFrame, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (position of the boundary, number of the place) in the order of the boundaries, borders included."""
    tree = shapely.STRtree(shapely.points(lon, lat))
    boundary, place = tree.query(boundaries.geometry.to_numpy(), predicate="intersects")
    order = np.argsort(boundary, kind="stable")
    return boundary[order].astype(np.int64), place[order].astype(np.int64)


def _days(dates: pd.Series, when_open: int) -> NDArray[np.int64]:
    """Days since 1970; an open side lies before or after every day."""
    days = pd.to_datetime(dates).to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(days), when_open, days.astype(np.int64))
