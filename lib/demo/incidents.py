"""Recorded incidents of the demonstration: seasons, hours, hot spots, and one fall for the evidence to find.

"Theft from vehicle" in beat K2 comes to about 18 a month, and to about 9 a month from the first day of the month eight
months ago, when a goal began there; the beats around it stay as they were.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lib.demo.geography import Geography, anywhere, scattered

MONTHS = 36
TOTAL = 60_000
WITHOUT_COORDINATES = 300
OUTSIDE = 100
STORED_NEXT_DOOR = 0.03
"""Share of rows whose stored code names a neighbouring beat: the city's own code and the map do not always agree."""

THEFT = "Theft from vehicle"
GOAL_BEAT = "K2"
BEFORE_GOAL, AFTER_GOAL = 18.0, 9.0
MONTHS_SINCE_GOAL = 8

CATEGORIES = (
    THEFT,
    "Burglary",
    "Robbery",
    "Assault",
    "Vehicle theft",
    "Drug offence",
    "Noise complaint",
    "Disturbance",
    "Traffic collision",
    "Property damage",
    "Suspicious circumstances",
    "Welfare check",
)

_PROFILES: dict[str, tuple[float, ...]] = {
    "residential": (16, 12, 2, 4, 10, 2, 9, 8, 11, 9, 12, 5),
    "main_street": (15, 9, 4, 8, 8, 4, 9, 13, 10, 9, 7, 4),
    "downtown": (13, 5, 6, 13, 4, 9, 5, 19, 8, 7, 4, 7),
    "nightlife": (14, 5, 6, 15, 5, 8, 12, 17, 6, 7, 2, 3),
    "industrial": (16, 15, 2, 4, 14, 4, 3, 7, 15, 10, 8, 2),
    "campus": (14, 9, 4, 7, 7, 4, 19, 12, 8, 7, 5, 4),
    "beach": (18, 6, 2, 4, 7, 3, 21, 12, 10, 8, 6, 3),
}
"""What happens where: percentages in the order of `CATEGORIES`."""

_SEASONS: tuple[tuple[float, float], ...] = (
    *((0.06, 10.5), (0.30, 12.0), (0.10, 11.5), (0.18, 7.2), (0.08, 10.0), (0.05, 6.5)),
    *((0.55, 7.2), (0.22, 7.2), (0.20, 11.3), (0.12, 7.5), (0.08, 10.5), (0.10, 1.0)),
)
"""Swing (share of the mean) and the month of the peak, in the order of `CATEGORIES`."""

_HOURS: tuple[tuple[float, float, float], ...] = (
    *((22.5, 4.5, 0.30), (13.0, 4.5, 0.40), (22.0, 3.5, 0.25), (22.5, 4.0, 0.30), (2.0, 4.0, 0.30), (16.0, 4.5, 0.30)),
    *((23.5, 2.0, 0.12), (20.5, 4.5, 0.30), (17.0, 3.0, 0.35), (1.0, 4.0, 0.40), (23.0, 4.5, 0.35), (14.0, 4.5, 0.40)),
)
"""Hour of the peak, its spread, and the share that falls at any hour, in the order of `CATEGORIES`."""

_WEEKENDS: tuple[float, ...] = (1.1, 0.8, 1.3, 1.5, 1.0, 0.8, 2.1, 1.4, 0.85, 1.3, 1.0, 0.9)
"""How Friday to Sunday compare with the other days, in the order of `CATEGORIES`."""


def demo_incidents(*, seed: int, today: date, geography: Geography, size: float = 1.0) -> pd.DataFrame:
    """Exactly `TOTAL * size` incidents of the last 36 complete months and the running one, none of them today.

    Columns: source_key, category, occurred_on (datetime64), local_at (naive local time), lon, lat (NaN where unknown),
    beat ("" outside every beat or without coordinates), stored_code; in the order of time.
    """
    rng = np.random.default_rng([seed, 1])
    count = round(TOTAL * size)
    outside = round(OUTSIDE * size)
    months = _months(today)
    cells = _counts(rng, count - outside, months, today=today, geography=geography, size=size)
    beat, category, month = (np.repeat(index, cells.ravel()) for index in _grid(cells.shape))
    lon, lat = _places(rng, beat, category, geography)
    beat = geography.beats_holding(lon, lat)
    away_lon, away_lat = _away(rng, outside, geography)
    beat = np.append(beat, np.full(outside, -1))
    lon, lat = np.append(lon, away_lon), np.append(lat, away_lat)
    category = np.append(category, rng.integers(0, len(CATEGORIES), outside))
    month = np.append(month, rng.integers(0, MONTHS, outside))
    day = _days(rng, category, month, months, today)
    minute = _minutes(rng, category)

    stored = _stored(rng, beat, geography)
    unknown = rng.choice(count - outside, round(WITHOUT_COORDINATES * size), replace=False)
    lon[unknown], lat[unknown], beat[unknown] = np.nan, np.nan, -1
    codes = np.array([*(each.code for each in geography.beats), ""], dtype=object)
    frame = pd.DataFrame(
        {
            "category": np.array(CATEGORIES, dtype=object)[category],
            "occurred_on": day.astype("datetime64[s]"),
            "local_at": day.astype("datetime64[m]").astype("datetime64[s]") + (minute * 60).astype("timedelta64[s]"),
            "lon": np.round(lon, 6),
            "lat": np.round(lat, 6),
            "beat": codes[beat],
            "stored_code": codes[stored],
        }
    ).sort_values("local_at", kind="stable", ignore_index=True)
    years = frame["occurred_on"].dt.year.astype(str)
    frame.insert(0, "source_key", years + "-" + pd.Series(np.arange(1, count + 1)).map("{:06d}".format))
    return frame


def _months(today: date) -> NDArray[np.datetime64]:
    """The first days of the complete months and of the running one."""
    running = np.datetime64(today, "M")
    return np.arange(running - MONTHS, running + 1)


def _counts(
    rng: np.random.Generator,
    count: int,
    months: NDArray[np.datetime64],
    *,
    today: date,
    geography: Geography,
    size: float,
) -> NDArray[np.int64]:
    """How many of each beat, category and month; adds up to `count`."""
    busy = np.array([beat.busy for beat in geography.beats])
    kinds = np.array([_PROFILES[beat.profile] for beat in geography.beats]) / 100
    kinds = kinds * rng.gamma(12, 1 / 12, kinds.shape)
    of_year = months.astype(np.int64) % 12 + 1
    seasons = np.array(
        [1 + swing * np.cos((of_year - peak) * 2 * np.pi / 12) for swing, peak in _SEASONS]
    )  # category, month
    first_days = np.append(months, months[-1] + 1).astype("datetime64[D]")
    lengths = np.diff(first_days).astype(np.int64)
    passed = np.where(np.arange(len(months)) == MONTHS, today.day - 1, lengths)
    noise = rng.gamma(60, 1 / 60, (len(busy), len(CATEGORIES), len(months)))
    weights = busy[:, None, None] * kinds[:, :, None] * seasons[None] * noise * (passed / 30.4)

    goal, theft = [beat.code for beat in geography.beats].index(GOAL_BEAT), CATEGORIES.index(THEFT)
    rates = np.where(np.arange(len(months)) < MONTHS - MONTHS_SINCE_GOAL, BEFORE_GOAL, AFTER_GOAL)
    fixed = rng.poisson(rates * passed / lengths * size)
    weights[goal, theft] = 0
    counts = rng.multinomial(count - int(fixed.sum()), (weights / weights.sum()).ravel()).reshape(weights.shape)
    counts[goal, theft] = fixed
    return counts.astype(np.int64)


def _grid(shape: tuple[int, ...]) -> tuple[NDArray[np.int64], ...]:
    return tuple(axis.ravel() for axis in np.indices(shape))


def _places(
    rng: np.random.Generator, beat: NDArray[np.int64], category: NDArray[np.int64], geography: Geography
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A point on the beat's land for each row: three quarters near a few hot spots, the rest anywhere."""
    lon, lat = np.empty(len(beat)), np.empty(len(beat))
    for position, each in enumerate(geography.beats):
        rows = np.flatnonzero(beat == position)
        x, y = anywhere(rng, each, len(rows))
        # A long tail: two or three spots of a beat carry most of what happens there.
        pull = rng.dirichlet(np.full(len(each.spots), 0.6)) + 0.01
        shares = rng.dirichlet(5 * pull, len(CATEGORIES))
        spots = np.array([(spot.longitude, spot.latitude) for spot in each.spots])
        chance = rng.random(len(rows))
        chosen = (shares.cumsum(axis=1)[category[rows]] < rng.random(len(rows))[:, None]).sum(axis=1)
        centre = spots[np.minimum(chosen, len(spots) - 1)]
        near_x, near_y = scattered(rng, centre[:, 0], centre[:, 1], 70)
        near = (chance < 0.75) & shapely.contains_xy(each.land, near_x, near_y)
        lon[rows], lat[rows] = np.where(near, near_x, x), np.where(near, near_y, y)
    return np.round(lon, 6), np.round(lat, 6)


def _away(
    rng: np.random.Generator, count: int, geography: Geography
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points just outside the city, as files of real cities hold them."""
    lon, lat = rng.uniform(-122.36, -122.28, count), rng.uniform(47.745, 47.775, count)
    south = rng.random(count) < 0.5
    lat[south] -= 47.745 - 47.455
    return np.round(lon, 6), np.round(lat, 6)


def _days(
    rng: np.random.Generator,
    category: NDArray[np.int64],
    month: NDArray[np.int64],
    months: NDArray[np.datetime64],
    today: date,
) -> NDArray[np.datetime64]:
    """A day of its month for each row, weekends as busy as the category wants them, never today or later."""
    days = np.empty(len(category), dtype="datetime64[D]")
    last = np.datetime64(today - timedelta(days=1), "D")
    for position, first in enumerate(months):
        until = min((first + 1).astype("datetime64[D]") - 1, last)
        choice = np.arange(first.astype("datetime64[D]"), until + 1)
        weekend = (choice.astype(np.int64) + 3) % 7 >= 4  # 1970-01-01 was a Thursday; Monday is 0, Friday 4
        for kind, busier in enumerate(_WEEKENDS):
            rows = np.flatnonzero((month == position) & (category == kind))
            if len(rows):
                weights = np.where(weekend, busier, 1.0)
                days[rows] = rng.choice(choice, len(rows), p=weights / weights.sum())
    return days


def _minutes(rng: np.random.Generator, category: NDArray[np.int64]) -> NDArray[np.int64]:
    """Minutes after midnight; half of them on a quarter of an hour, as people remember and officers write them."""
    peak, spread, any_hour = (np.array(column)[category] for column in zip(*_HOURS, strict=True))
    hours = np.where(
        rng.random(len(category)) < any_hour, rng.uniform(0, 24, len(category)), rng.normal(peak, spread) % 24
    )
    minutes = (hours * 60).astype(np.int64)
    rounded = rng.random(len(category)) < 0.5
    return np.where(rounded, minutes // 15 * 15, minutes)


def _stored(rng: np.random.Generator, beat: NDArray[np.int64], geography: Geography) -> NDArray[np.int64]:
    """Position of the beat in the city's own code: sometimes the one next door; any for points outside."""
    stored = np.where(beat < 0, rng.integers(0, len(geography.beats), len(beat)), beat)
    for row in np.flatnonzero((rng.random(len(beat)) < STORED_NEXT_DOOR) & (beat >= 0)):
        stored[row] = rng.choice(geography.neighbours[beat[row]])
    return stored.astype(np.int64)
