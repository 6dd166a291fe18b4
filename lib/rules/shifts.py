"""What a shift holds: recorded incidents by hour and weekday, and three shifts of eight hours.

Hours are the city's own. A night shift belongs to the day on which it begins. On the two days a year on which the
clocks change a shift is an hour longer or shorter; nobody corrects for that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

HOURS, DAYS = range(24), range(7)
SHIFT_HOURS = 8
SHIFT_NAMES = ("Day", "Evening", "Night")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Grid = Mapping[tuple[int, int | None], int]
"""Numbers by weekday (Monday is 0) and hour; the hour is None where nobody wrote down the time of day."""


@dataclass(frozen=True)
class Shift:
    """Eight hours of the day; `ends` may lie after midnight."""

    name: str
    begins: int
    ends: int

    @property
    def hours(self) -> str:
        """The hours in words.

        >>> Shift("Night", 23, 7).hours
        '11 pm to 7 am'
        """
        return f"{hour_words(self.begins)} to {hour_words(self.ends)}"


@dataclass(frozen=True)
class ShiftLoad:
    """What a shift holds: `mean` of all days, and of each weekday on which it begins, from Monday on."""

    shift: Shift
    recorded: int
    mean: Fraction
    by_weekday: tuple[Fraction, ...]


@dataclass(frozen=True)
class Pressures:
    """Recorded incidents of some whole days. `without_time` have no time of day: they are in the weekdays and in the
    total, in no hour and in no shift."""

    first_on: date
    last_on: date
    total: int
    without_time: int
    by_hour: tuple[int, ...]
    by_weekday: tuple[int, ...]
    shifts: tuple[ShiftLoad, ...]

    @property
    def time_sentence(self) -> str:
        """How many have a time of day, as it is read; "" where all have.

        >>> a_day = date(2026, 1, 1)
        >>> Pressures(a_day, a_day, 9400, 2310, (), (), ()).time_sentence
        '2,310 of 9,400 have no time of day: they are in no hour and no shift, so a shift holds more than it says here.'
        >>> Pressures(a_day, a_day, 9400, 0, (), (), ()).time_sentence
        ''
        """
        if not self.without_time:
            return ""
        has = "has" if self.without_time == 1 else "have"
        return (
            f"{self.without_time:,} of {self.total:,} {has} no time of day: they are in no hour and no shift, "
            "so a shift holds more than it says here."
        )


def shifts_from(begins: int) -> tuple[Shift, ...]:
    """The three shifts of a day whose first one begins at an hour.

    >>> [(shift.name, shift.hours) for shift in shifts_from(7)]
    [('Day', '7 am to 3 pm'), ('Evening', '3 pm to 11 pm'), ('Night', '11 pm to 7 am')]
    """
    starts = [(begins + SHIFT_HOURS * number) % 24 for number in range(3)]
    return tuple(
        Shift(name, start, (start + SHIFT_HOURS) % 24) for name, start in zip(SHIFT_NAMES, starts, strict=True)
    )


def pressures_of(grid: Grid, *, first_on: date, last_on: date, shift_begins: int) -> Pressures:
    """The pressures of some whole days, both included; a shift's mean is over each day on which it begins.

    >>> found = pressures_of({(0, 2): 3, (0, 9): 5, (0, None): 2}, first_on=date(2026, 6, 1), last_on=date(2026, 6, 7),
    ...     shift_begins=7)
    >>> [(load.shift.name, load.recorded, str(load.mean)) for load in found.shifts]
    [('Day', 5, '5/7'), ('Evening', 0, '0'), ('Night', 3, '3/7')]
    >>> [str(mean) for mean in found.shifts[2].by_weekday]
    ['0', '0', '0', '0', '0', '0', '3']
    >>> (found.total, found.without_time, found.by_hour[9], found.by_weekday[0])
    (10, 2, 5, 10)
    """
    days = _days_of_each_weekday(first_on, last_on)
    loads = []
    for number, shift in enumerate(shifts_from(shift_begins)):
        held = [0] * 7
        for (weekday, hour), recorded in grid.items():
            if hour is not None and (hour - shift_begins) % 24 // SHIFT_HOURS == number:
                # The hours before the first shift belong to the night that began on the day before.
                held[(weekday - 1) % 7 if hour < shift_begins else weekday] += recorded
        loads.append(
            ShiftLoad(
                shift,
                sum(held),
                Fraction(sum(held), max(1, sum(days))),
                tuple(Fraction(here, max(1, on)) for here, on in zip(held, days, strict=True)),
            )
        )
    return Pressures(
        first_on=first_on,
        last_on=last_on,
        total=sum(grid.values()),
        without_time=sum(recorded for (_day, hour), recorded in grid.items() if hour is None),
        by_hour=tuple(sum(grid.get((day, hour), 0) for day in DAYS) for hour in HOURS),
        by_weekday=tuple(sum(grid.get((day, hour), 0) for hour in (*HOURS, None)) for day in DAYS),
        shifts=tuple(loads),
    )


def load_sentence(load: ShiftLoad, place: str) -> str:
    """What an average shift holds, as it is read.

    >>> load_sentence(ShiftLoad(Shift("Night", 23, 7), 62, Fraction(31, 5), ()), "Beat K2")
    'A night shift (11 pm to 7 am) on Beat K2 holds on average 6.2 recorded incidents.'
    """
    article = "An" if load.shift.name[0] in "AEIO" else "A"
    return (
        f"{article} {load.shift.name.lower()} shift ({load.shift.hours}) on {place} holds on average "
        f"{mean_in_words(load.mean)} recorded {'incident' if load.mean == 1 else 'incidents'}."
    )


def mean_in_words(mean: Fraction) -> str:
    """A mean with one decimal; what is not nothing is never written as 0.

    >>> [mean_in_words(mean) for mean in (Fraction(31, 5), Fraction(3), Fraction(1, 99), Fraction(0))]
    ['6.2', '3.0', 'under 0.1', '0']
    """
    if 0 < mean < Fraction(1, 20):
        return "under 0.1"
    return f"{float(mean):,.1f}" if mean else "0"


def hour_words(hour: int) -> str:
    """An hour of the day as people say it.

    >>> [hour_words(hour) for hour in (0, 7, 12, 23)]
    ['midnight', '7 am', 'noon', '11 pm']
    """
    return {0: "midnight", 12: "noon"}.get(hour, f"{hour % 12} {'am' if hour < 12 else 'pm'}")


def utc_offsets(zone: ZoneInfo, first: datetime, last: datetime) -> tuple[tuple[datetime, timedelta], ...]:
    """From when on which offset from UTC holds in a time zone between two instants, to the second.

    With it a database that knows no time zones (SQLite) finds the city's hour of an instant, and one that does
    (PostgreSQL) finds the same one.

    >>> for since, offset in utc_offsets(ZoneInfo("America/Los_Angeles"), datetime(2026, 1, 1, tzinfo=UTC),
    ...         datetime(2026, 12, 31, tzinfo=UTC)):
    ...     print(since.isoformat(), offset.total_seconds() / 3600)
    2026-01-01T00:00:00+00:00 -8.0
    2026-03-08T10:00:00+00:00 -7.0
    2026-11-01T09:00:00+00:00 -8.0
    """
    at = first.astimezone(UTC)
    found = [(at, _offset(zone, at))]
    while at < last:
        after = min(at + timedelta(days=1), last.astimezone(UTC))
        if _offset(zone, after) != found[-1][1]:
            before, changed = at, after
            while changed - before > timedelta(seconds=1):
                middle = before + timedelta(seconds=(changed - before).total_seconds() // 2)
                if _offset(zone, middle) == found[-1][1]:
                    before = middle
                else:
                    changed = middle
            found.append((changed, _offset(zone, changed)))
        at = after
    return tuple(found)


def shares(numbers: Sequence[int]) -> tuple[Fraction, ...]:
    """Each number's share of all; zeros where there is nothing.

    >>> [str(share) for share in shares([1, 3])], [str(share) for share in shares([0, 0])]
    (['1/4', '3/4'], ['0', '0'])
    """
    return tuple(Fraction(number, max(1, sum(numbers))) for number in numbers)


def busiest(numbers: Sequence[int], names: Sequence[str]) -> str:
    """Where most fall, in words; "" where nothing does.

    >>> busiest([1, 5, 2], ["Monday", "Tuesday", "Wednesday"]), busiest([0, 0], ["a", "b"])
    ('Tuesday (5 of 8)', '')
    """
    if not sum(numbers):
        return ""
    most = max(numbers)
    return f"{names[list(numbers).index(most)]} ({most:,} of {sum(numbers):,})"


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _days_of_each_weekday(first_on: date, last_on: date) -> list[int]:
    number = (last_on - first_on).days + 1
    return [sum(1 for day in range(number) if (first_on + timedelta(days=day)).weekday() == each) for each in DAYS]
