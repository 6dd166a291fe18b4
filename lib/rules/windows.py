"""Events per month, and the runs of complete months that are compared. A running month is never one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from lib.rules.months import complete_months, month_of, months_later

LONGEST_WINDOW = 12
"""Months after the start that are compared: the latest twelve, so that no season counts twice."""


@dataclass(frozen=True)
class Window:
    """Events of a run of complete months."""

    months: tuple[date, ...]
    events: int

    @property
    def per_month(self) -> Fraction:
        return Fraction(self.events, len(self.months))


def monthly_series(counts: Mapping[date, int], first_on: date, last_on: date) -> dict[date, int]:
    """Events per complete month between the first and the last day that the source covers, zeros filled in.

    `counts` maps months (any day of them) to events. Months that the source covers only in part are left out: a month
    without figures is not a month without events.

    >>> monthly_series({date(2026, 2, 1): 4}, date(2026, 1, 1), date(2026, 3, 30))
    {datetime.date(2026, 1, 1): 0, datetime.date(2026, 2, 1): 4}
    """
    series = dict.fromkeys(complete_months(first_on, last_on), 0)
    for day, events in counts.items():
        month = month_of(day)
        if month in series:
            series[month] += events
    return series


def window_of(series: Mapping[date, int], months: tuple[date, ...]) -> Window | None:
    """These months, or None unless there are some and all of them are known."""
    events = [series[month] for month in months if month in series]
    return Window(months, sum(events)) if months and len(events) == len(months) else None


def window_before(series: Mapping[date, int], starts_on: date, months: int) -> Window | None:
    """The complete months before the month in which a goal starts, or None unless all of them are known."""
    first = months_later(month_of(starts_on), -months)
    return window_of(series, _months_from(first, months))


def window_after(series: Mapping[date, int], starts_on: date, today: date) -> Window | None:
    """The latest complete months since a goal started, at most twelve, or None before the first.

    The month in which it starts counts only if it starts on its first day; the running month never does.
    """
    started = _whole_months(starts_on, date.fromordinal(month_of(today).toordinal() - 1))
    return window_of(series, tuple(month for month in started if month in series)[-LONGEST_WINDOW:])


def same_months_before(series: Mapping[date, int], after: Window, starts_on: date) -> Window | None:
    """The same months of the year, the last ones that were over before the start; None unless all are known."""
    return window_of(series, _years_before(after.months, starts_on))


def is_same_months(before: Window, after: Window) -> bool:
    """Whether two windows are the same months of the year, in pairs."""
    return [month.month for month in before.months] == [month.month for month in after.months]


# Thousands of verdicts ask for the same few runs of months.
_whole_months = lru_cache(maxsize=256)(complete_months)


@lru_cache(maxsize=256)
def _months_from(first: date, number: int) -> tuple[date, ...]:
    return tuple(months_later(first, later) for later in range(number))


@lru_cache(maxsize=256)
def _years_before(months: tuple[date, ...], starts_on: date) -> tuple[date, ...]:
    return tuple(_year_before(month, starts_on) for month in months)


def _year_before(month: date, starts_on: date) -> date:
    earlier = month
    while earlier >= month_of(starts_on):
        earlier = months_later(earlier, -12)
    return earlier
