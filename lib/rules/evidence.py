"""What the figures say about a goal, and no more than that.

Progress is computed from readings, never typed. Only complete months are compared, and the same months of the year
where they are known. A change is called one when its interval leaves out "no change"; else it "may be chance". n,
window and source stand in every sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lib.rules.goals import Direction
from lib.rules.intervals import Interval, rate_ratio_interval
from lib.rules.months import complete_months, day_in_words, month_of, months_in_words, months_later
from lib.rules.text import counted

LONGEST_WINDOW = 12
"""Months after the start that are compared: the latest twelve, so that no season counts twice."""


class Change(StrEnum):
    """What can be said of a measure. `not_tested`: single readings have no interval, so chance cannot be judged."""

    TOO_EARLY = "too_early"
    MOVED = "moved"
    NO_DETECTABLE_CHANGE = "no_detectable_change"
    WORSE = "worse"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True)
class Window:
    """Events of a run of complete months."""

    months: tuple[date, ...]
    events: int

    @property
    def per_month(self) -> Fraction:
        return Fraction(self.events, len(self.months))


@dataclass(frozen=True)
class TypedReading:
    """A dated value with its source, in the unit of its measure."""

    read_on: date
    value: Fraction
    source: str


@dataclass(frozen=True)
class MeasureStanding:
    """How a measure stands. Values are in its unit (events per month, for counted measures).

    `latest` is None before the first reading or complete month. `way` is the share of the way from baseline to target,
    from 0 to 1. `interval` is that of the ratio after / before, for counted measures, and `before` and `after` are what
    was compared. `headline` fits a chip; `finding` is the sentence without target and source.
    """

    baseline: Fraction
    latest: Fraction | None
    target: Fraction
    direction: Direction
    reached: bool
    way: Fraction
    change: Change
    interval: Interval | None
    headline: str
    finding: str
    sentence: str
    before: Window | None = None
    after: Window | None = None


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


def window_before(series: Mapping[date, int], starts_on: date, months: int) -> Window | None:
    """The complete months before the month in which a goal starts, or None unless all of them are known."""
    first = months_later(month_of(starts_on), -months)
    wanted = tuple(months_later(first, number) for number in range(months))
    if not wanted or any(month not in series for month in wanted):
        return None
    return Window(wanted, sum(series[month] for month in wanted))


def window_after(series: Mapping[date, int], starts_on: date, today: date) -> Window | None:
    """The latest complete months since a goal started, at most twelve, or None before the first.

    The month in which it starts counts only if it starts on its first day; the running month never does.
    """
    started = complete_months(starts_on, date.fromordinal(month_of(today).toordinal() - 1))
    known = tuple(month for month in started if month in series)[-LONGEST_WINDOW:]
    return Window(known, sum(series[month] for month in known)) if known else None


def counted_standing(
    series: Mapping[date, int],
    *,
    baseline: Fraction,
    baseline_months: int,
    target: Fraction,
    direction: Direction,
    starts_on: date,
    due_on: date,
    today: date,
    unit: str,
    source: str,
) -> MeasureStanding:
    """How a measure of events per month stands. `series` holds known complete months (`monthly_series`).

    The months since the start are compared with the same months of the year before the start; where those are not all
    known, with the whole window of `baseline_months`; without that, with nothing (change not tested). `unit` names the
    events in the plural ("thefts from cars").
    """
    aim = _Aim(baseline, target, direction, due_on, " a month")
    after = window_after(series, starts_on, today)
    if after is None:
        told = f"no complete month of figures since {day_in_words(starts_on)}"
        told += f". Before: {_figure(baseline)} {unit} a month"
        return _standing(aim, None, Change.TOO_EARLY, f"Too early to say: {told}.", source)

    same = tuple(_year_before(month, starts_on) for month in after.months)
    before = window_before(series, starts_on, baseline_months)
    compared = f"in {months_in_words(before.months)}" if before is not None else ""
    if all(month in series for month in same):
        before, compared = Window(same, sum(series[month] for month in same)), "in the same months before"

    told = f"{after.events:,} {unit} in {months_in_words(after.months)}"
    if before is None:
        told += ": there are no figures from before to compare with."
        return replace(_standing(aim, after.per_month, Change.NOT_TESTED, told, source), after=after)
    interval = rate_ratio_interval(before.events, len(before.months), after.events, len(after.months))
    change, meaning = _verdict(before, after, interval, direction)
    told += f", {before.events:,} {compared}: {meaning}."
    standing = _standing(aim, after.per_month, change, told, source)
    return replace(standing, interval=interval, before=before, after=after)


def typed_standing(
    readings: Iterable[TypedReading],
    *,
    baseline: Fraction,
    target: Fraction,
    direction: Direction,
    starts_on: date,
    due_on: date,
    today: date,
    unit: str,
) -> MeasureStanding:
    """How a measure with typed readings stands: its latest reading since the start, dated and sourced.

    Single readings have no interval, so nothing is said about chance.
    """
    aim = _Aim(baseline, target, direction, due_on, "")
    since = [reading for reading in readings if starts_on <= reading.read_on <= today]
    if not since:
        told = f"Too early to say: no reading since {day_in_words(starts_on)}. Before: {_figure(baseline)} {unit}."
        return _standing(aim, None, Change.TOO_EARLY, told, "")
    latest = max(since, key=lambda reading: reading.read_on)
    told = f"{_figure(latest.value)} {unit} on {day_in_words(latest.read_on)}, {_figure(baseline)} before"
    told += f"; {counted(len(since), 'reading')}, whether it is chance cannot be said."
    return _standing(aim, latest.value, Change.NOT_TESTED, told, latest.source)


def is_reached(value: Fraction, target: Fraction, direction: Direction) -> bool:
    """Whether a value is at the target or beyond it."""
    return value <= target if direction == Direction.DOWN else value >= target


def share_of_the_way(baseline: Fraction, latest: Fraction, target: Fraction) -> Fraction:
    """How much of the way from baseline to target is done: 0 at the baseline or on the wrong side, 1 at the target.

    >>> share_of_the_way(Fraction(10), Fraction(7), Fraction(6))
    Fraction(3, 4)
    """
    if baseline == target:
        return Fraction(1)
    return min(Fraction(1), max(Fraction(0), (baseline - latest) / (baseline - target)))


def _year_before(month: date, starts_on: date) -> date:
    """The same month of the year, the last one that was over before the start."""
    earlier = month
    while earlier >= month_of(starts_on):
        earlier = months_later(earlier, -12)
    return earlier


def _verdict(before: Window, after: Window, interval: Interval | None, direction: Direction) -> tuple[Change, str]:
    if interval is None:
        return Change.NO_DETECTABLE_CHANGE, "too few to say anything"
    fewer = after.per_month < before.per_month
    word = "fewer" if fewer else "more"
    if interval.includes(1):
        same = "as many" if after.per_month == before.per_month else word
        return Change.NO_DETECTABLE_CHANGE, f"{same}, which may be chance"
    better = fewer == (direction == Direction.DOWN)
    return (Change.MOVED if better else Change.WORSE), f"{word}, and chance alone would rarely do that"


@dataclass(frozen=True)
class _Aim:
    baseline: Fraction
    target: Fraction
    direction: Direction
    due_on: date
    per: str

    def sentence(self, latest: Fraction | None) -> str:
        limit = "at most" if self.direction == Direction.DOWN else "at least"
        aim = f"Target: {limit} {_figure(self.target)}{self.per} by {day_in_words(self.due_on)}"
        if latest is None:
            return f"{aim}."
        met = "reached" if is_reached(latest, self.target, self.direction) else "not reached yet"
        return f"{aim}, {met}: {_figure(latest)}{self.per}."


def _standing(aim: _Aim, latest: Fraction | None, change: Change, told: str, source: str) -> MeasureStanding:
    reached = latest is not None and is_reached(latest, aim.target, aim.direction)
    less, more = "Fewer than before", "More than before"
    wanted, unwanted = (less, more) if aim.direction == Direction.DOWN else (more, less)
    headlines = {
        Change.TOO_EARLY: "Too early to say",
        Change.MOVED: wanted,
        Change.WORSE: unwanted,
        Change.NO_DETECTABLE_CHANGE: "No detectable change",
        Change.NOT_TESTED: "Target reached" if reached else "Target not reached yet",
    }
    sources = [f"Source: {source}."] if source else []
    return MeasureStanding(
        baseline=aim.baseline,
        latest=latest,
        target=aim.target,
        direction=aim.direction,
        reached=reached,
        way=Fraction(0) if latest is None else share_of_the_way(aim.baseline, latest, aim.target),
        change=change,
        interval=None,
        headline=headlines[change],
        finding=told,
        sentence=" ".join([told, aim.sentence(latest), *sources]),
    )


def _figure(value: Fraction) -> str:
    """A value with one decimal where it is not whole.

    >>> _figure(Fraction(43, 6)), _figure(Fraction(1200))
    ('7.2', '1,200')
    """
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.1f}"
