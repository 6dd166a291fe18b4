"""The invented incidents: how many, where, when, and the fall that the evidence is meant to find."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from lib.demo.geography import demo_geography
from lib.demo.incidents import CATEGORIES, THEFT, demo_incidents

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    return demo_incidents(seed=7, today=TODAY, geography=demo_geography())


def monthly(frame: pd.DataFrame, beat: str, category: str) -> list[int]:
    """Counts of the 36 complete months, oldest first."""
    chosen = frame[(frame["beat"] == beat) & (frame["category"] == category)]
    months = pd.period_range(end=pd.Period(TODAY, "M") - 1, periods=36, freq="M")
    counts = chosen.groupby(chosen["occurred_on"].dt.to_period("M")).size()
    return [int(counts.get(month, 0)) for month in months]


def test_there_are_exactly_sixty_thousand_in_twelve_categories(incidents: pd.DataFrame) -> None:
    assert len(incidents) == 60_000
    assert incidents["source_key"].is_unique
    assert set(incidents["category"]) == set(CATEGORIES)
    assert int(incidents["lon"].isna().sum()) == 300
    assert int((incidents["lon"].notna() & (incidents["beat"] == "")).sum()) == 100


def test_they_lie_in_the_36_months_before_today(incidents: pd.DataFrame) -> None:
    assert incidents["occurred_on"].min().date() == date(2023, 11, 1)
    assert incidents["occurred_on"].max().date() == date(2026, 11, 23)
    assert (incidents["local_at"].dt.normalize() == incidents["occurred_on"]).all()


def test_every_beat_is_the_one_whose_polygon_holds_the_point(incidents: pd.DataFrame) -> None:
    located = incidents[incidents["lon"].notna()]
    codes = np.array([*(beat.code for beat in demo_geography().beats), ""], dtype=object)
    holders = demo_geography().beats_holding(located["lon"].to_numpy(), located["lat"].to_numpy())
    assert codes[holders].tolist() == located["beat"].tolist()


def test_the_citys_own_code_names_a_neighbour_now_and_then(incidents: pd.DataFrame) -> None:
    inside = incidents[incidents["beat"] != ""]
    assert 0.025 < (inside["beat"] != inside["stored_code"]).mean() < 0.035


def test_theft_from_vehicles_halves_in_k2_and_only_there(incidents: pd.DataFrame) -> None:
    k2 = monthly(incidents, "K2", THEFT)
    assert 16 < np.mean(k2[:28]) < 20
    assert 7 < np.mean(k2[28:]) < 11.5
    for neighbour in ("K1", "K3", "O1"):
        counts = monthly(incidents, neighbour, THEFT)
        assert 0.7 < np.mean(counts[28:]) / np.mean(counts[16:24]) < 1.4, neighbour


def test_summer_nights_are_loud_and_winters_see_burglaries(incidents: pd.DataFrame) -> None:
    months = incidents["occurred_on"].dt.month
    noise, burglary = incidents["category"] == "Noise complaint", incidents["category"] == "Burglary"
    summer, winter = months.isin([6, 7, 8]), months.isin([12, 1, 2])
    assert (noise & summer).sum() > 2 * (noise & winter).sum()
    assert (burglary & winter).sum() > 1.3 * (burglary & summer).sum()
    night = incidents["local_at"].dt.hour.isin([21, 22, 23, 0, 1, 2, 3])
    assert night[noise].mean() > 0.75


def test_a_few_spots_of_a_beat_carry_much_of_what_happens(incidents: pd.DataFrame) -> None:
    k2 = incidents[incidents["beat"] == "K2"]
    squares = k2.groupby([(k2["lon"] / 0.0015).round(), (k2["lat"] / 0.001).round()]).size().sort_values()
    assert squares.iloc[-5:].sum() > 0.3 * len(k2)


def test_the_same_seed_and_day_give_the_same_rows() -> None:
    first = demo_incidents(seed=3, today=TODAY, geography=demo_geography(), size=0.02)
    pd.testing.assert_frame_equal(first, demo_incidents(seed=3, today=TODAY, geography=demo_geography(), size=0.02))
    other = demo_incidents(seed=4, today=TODAY, geography=demo_geography(), size=0.02)
    assert len(first) == len(other) == 1200
    assert not first["lon"].equals(other["lon"])


@pytest.mark.parametrize("today", [date(2026, 11, 1), date(2027, 1, 1), date(2028, 2, 29)])
def test_any_day_can_be_today(today: date) -> None:
    frame = demo_incidents(seed=7, today=today, geography=demo_geography(), size=0.02)
    assert len(frame) == 1200
    assert frame["occurred_on"].max().date() < today
