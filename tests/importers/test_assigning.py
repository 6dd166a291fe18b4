"""Which beat a point lay in on a day."""

from datetime import date

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from lib.importers.assigning import assign_beats

SPRING, AUTUMN = date(2012, 4, 1), date(2012, 10, 1)


def points(*rows: tuple[float, float, date]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["lon", "lat", "occurred_on"]).astype({"occurred_on": "datetime64[s]"})


def boundaries(*rows: tuple[int, date | None, date | None, object]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=["beat_id", "valid_from", "valid_to", "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326")


def assigned(of: pd.DataFrame, to: gpd.GeoDataFrame) -> list[int | None]:
    return [None if pd.isna(beat) else int(beat) for beat in assign_beats(of, to)]


WEST, EAST = box(0, 0, 1, 1), box(1, 0, 2, 1)


def test_a_point_belongs_to_the_polygon_around_it_and_outside_to_none() -> None:
    to = boundaries((7, None, None, WEST), (3, None, None, EAST))
    of = points((0.5, 0.5, SPRING), (1.5, 0.5, SPRING), (5, 5, SPRING), (float("nan"), float("nan"), SPRING))
    assert assigned(of, to) == [7, 3, None, None]


def test_a_point_on_a_shared_border_always_goes_to_the_first_boundary() -> None:
    border = points((1, 0.5, SPRING), (1, 0.5, AUTUMN), (1, 1, SPRING))
    assert assigned(border, boundaries((7, None, None, WEST), (3, None, None, EAST))) == [7, 7, 7]
    assert assigned(border, boundaries((3, None, None, EAST), (7, None, None, WEST))) == [3, 3, 3]


def test_the_boundary_of_the_day_decides_and_its_last_day_is_not_its_end() -> None:
    to = boundaries((1, None, AUTUMN, WEST), (2, None, AUTUMN, EAST), (2, AUTUMN, None, box(0, 0, 2, 1)))
    of = points((0.5, 0.5, SPRING), (0.5, 0.5, date(2012, 9, 30)), (0.5, 0.5, AUTUMN), (1.5, 0.5, AUTUMN))
    assert assigned(of, to) == [1, 1, 2, 2]


def test_a_day_that_no_boundary_holds_has_no_beat() -> None:
    assert assigned(points((0.5, 0.5, SPRING)), boundaries((1, AUTUMN, None, WEST))) == [None]


def test_without_points_or_boundaries_nothing_is_assigned() -> None:
    assert assigned(points(), boundaries((1, None, None, WEST))) == []
    assert assigned(points((0.5, 0.5, SPRING)), boundaries()) == [None]
