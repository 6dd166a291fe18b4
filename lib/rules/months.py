"""Whole months, each named by its first day. A running month is never compared with a full one."""

from collections.abc import Sequence
from datetime import date, datetime


def month_of(day: date) -> date:
    """The month a day lies in.

    >>> month_of(date(2026, 3, 31))
    datetime.date(2026, 3, 1)
    """
    return day.replace(day=1)


def months_later(month: date, months: int) -> date:
    """The month that lies so many months later (earlier if negative).

    >>> months_later(date(2026, 1, 1), -1), months_later(date(2026, 11, 1), 14)
    (datetime.date(2025, 12, 1), datetime.date(2028, 1, 1))
    """
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def complete_months(first_on: date, last_on: date) -> tuple[date, ...]:
    """The months that lie wholly between two days, both included.

    >>> [str(month) for month in complete_months(date(2026, 1, 15), date(2026, 3, 31))]
    ['2026-02-01', '2026-03-01']
    """
    month = month_of(first_on) if first_on.day == 1 else months_later(month_of(first_on), 1)
    months = []
    while months_later(month, 1).toordinal() - 1 <= last_on.toordinal():
        months.append(month)
        month = months_later(month, 1)
    return tuple(months)


def months_in_words(months: Sequence[date]) -> str:
    """A run of months as people say it; "" for none.

    >>> months_in_words([date(2026, 4, 1)]), months_in_words([date(2026, 4, 1), date(2026, 9, 1)])
    ('April 2026', 'April to September 2026')
    >>> months_in_words([date(2025, 11, 1), date(2026, 2, 1)])
    'November 2025 to February 2026'
    """
    if not months:
        return ""
    first, last = months[0], months[-1]
    if first == last:
        return f"{first:%B %Y}"
    return f"{first:%B} to {last:%B %Y}" if first.year == last.year else f"{first:%B %Y} to {last:%B %Y}"


def day_in_words(day: date) -> str:
    """A day as people write it.

    >>> day_in_words(date(2026, 3, 5))
    '5 March 2026'
    """
    return f"{day.day} {day:%B %Y}"


def day_and_hours(begins: datetime, ends: datetime) -> str:
    """A day with its hours as people say them; both in the city's time.

    >>> day_and_hours(datetime(2026, 3, 5, 18, 30), datetime(2026, 3, 5, 20, 0))
    'Thursday 5 March 2026, 6:30 pm to 8:00 pm'
    """
    return f"{begins:%A} {day_in_words(begins)}, {hour_in_words(begins)} to {hour_in_words(ends)}"


def hour_in_words(moment: datetime) -> str:
    """An hour as people say it.

    >>> hour_in_words(datetime(2026, 3, 5, 0, 5))
    '12:05 am'
    """
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"
