"""What was found against what was to be expected: the months since a goal began, and how much chance there is in them.

With a comparison area, expected are the events before times the comparison area's own change; without one, the events
before. Everything is judged by the interval of found / expected; a p-value appears nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import sqrt

from lib.rules.dispersion import ENOUGH_FREEDOM, Spread, dispersion, freedom_of, spread_around_mean, spread_between
from lib.rules.intervals import Interval, Z, rate_ratio_interval, relative_ratio_interval
from lib.rules.months import month_of
from lib.rules.windows import Window, window_before

YEAR = 12

FEWEST_BESIDE = 5
"""Events that a comparison area needs in each window: with fewer, a single one would turn the expectation over."""


@dataclass(frozen=True)
class Beside:
    """An area beside the goal's own: how people call it ("beats K1 and K3") and its events per month.

    Its source is that of the goal's own area: it knows the same months.
    """

    name: str
    series: Mapping[date, int]

    def events_in(self, window: Window) -> int:
        """Events of these months."""
        return sum([self.series.get(month, 0) for month in window.months])


@dataclass(frozen=True)
class ExpectedMonth:
    """What one month would have had without a change, and the band in which chance alone would leave it (95 %)."""

    month: date
    events: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """Two windows compared. `interval` is that of found / expected, None without any events.

    `other` are the comparison area's events before and after, None without one. `scale` is what one event there stands
    for here. `is_too_few`: not even a month without any event would have been told from chance.
    """

    before: Window
    after: Window
    other: tuple[int, int] | None
    expected: Fraction
    interval: Interval | None
    dispersion: float
    is_too_few: bool
    scale: Fraction | None


def compared(
    series: Mapping[date, int],
    before: Window,
    after: Window,
    *,
    starts_on: date,
    same_months: bool,
    other: Beside | None = None,
) -> Comparison:
    """The months after a start against those before it. `same_months`: they are the same ones of the year, in pairs.

    A comparison area with fewer than `FEWEST_BESIDE` events in a window cannot say what was to be expected and is left
    aside.
    """
    pair = None if other is None else (other.events_in(before), other.events_in(after))
    if other is None or pair is None or min(pair) < FEWEST_BESIDE:
        return _alone(series, before, after, starts_on=starts_on, same_months=same_months)
    factor = dispersion(_spreads_beside(series, other.series, before, after, starts_on))
    interval = relative_ratio_interval((before.events, after.events), pair, factor)
    none_left = relative_ratio_interval((before.events, 0), pair, factor)
    scale = Fraction(before.events, pair[0])
    return Comparison(
        before=before,
        after=after,
        other=pair,
        expected=pair[1] * scale,
        interval=interval,
        dispersion=factor,
        is_too_few=_says_nothing(interval, none_left),
        scale=scale,
    )


def expected_months(
    series: Mapping[date, int], found: Comparison, *, same_months: bool, other: Beside | None = None
) -> tuple[ExpectedMonth, ...]:
    """The expectation of each month after the start, with its band, as `compared` was asked."""
    before, after = found.before, found.after
    own = max(before.events, 0.5)
    if found.scale is not None and found.other is not None and other is not None:
        scale, uncertain = float(found.scale), 1 / own + 1 / found.other[0]
        beside = [other.series.get(month, 0) for month in after.months]
        usual = [(count * scale, uncertain + 1 / max(count, 0.5)) for count in beside]
    elif same_months:
        usual = [(float(series[month]), 1 / max(series[month], 0.5)) for month in before.months]
    else:
        usual = [(float(before.per_month), 1 / own)] * len(after.months)
    return tuple(
        _band(month, events, found.dispersion, unsure)
        for month, (events, unsure) in zip(after.months, usual, strict=True)
    )


def peak_before(
    series: Mapping[date, int], starts_on: date, other: Beside | None = None
) -> tuple[int, int, Interval] | None:
    """Events of the two years before a start, the earlier one first, and the interval of the later / earlier one.

    None unless both years are known. A goal that was chosen because of a high year will see a lower one by itself
    (regression to the mean); where a comparison area is known, what it went through as well is no peak.
    """
    last = window_before(series, starts_on, YEAR)
    both = window_before(series, starts_on, 2 * YEAR)
    if last is None or both is None:
        return None
    earlier = Window(both.months[:YEAR], both.events - last.events)
    found = compared(series, earlier, last, starts_on=last.months[0], same_months=True, other=other)
    return None if found.interval is None else (earlier.events, last.events, found.interval)


def unlikeness(own: Sequence[int], other: Sequence[int]) -> float | None:
    """How unsure a verdict would be with another area to compare with: the smaller, the better it suits.

    The same months of both, before anything is done. It is the variance that a ratio of the two areas has, so that an
    area suits that keeps step with one's own and has enough events. None where one of them has none.

    >>> steady, unsteady = [40, 60, 50] * 4, [90, 20, 40] * 4
    >>> unlikeness([20, 30, 25] * 4, steady) < unlikeness([20, 30, 25] * 4, unsteady)
    True
    """
    if not any(own) or not any(other):
        return None
    return dispersion([spread_between(own, other)]) * (1 / sum(own) + 1 / sum(other))


def about(value: Fraction) -> str:
    """An expected number of events as people say it; with one decimal where it is small.

    >>> about(Fraction(612, 10)), about(Fraction(7, 3)), about(Fraction(4)), about(Fraction(1999))
    ('about 61', 'about 2.3', 'about 4', 'about 1,999')
    """
    return f"about {float(value):,.0f}" if value >= 10 else f"about {float(value):.1f}".removesuffix(".0")


def _alone(
    series: Mapping[date, int], before: Window, after: Window, *, starts_on: date, same_months: bool
) -> Comparison:
    factor = dispersion(_spreads_alone(series, before, after, starts_on=starts_on, same_months=same_months))
    lengths = len(before.months), len(after.months)
    interval = rate_ratio_interval(before.events, lengths[0], after.events, lengths[1], factor)
    none_left = rate_ratio_interval(before.events, lengths[0], 0, lengths[1], factor)
    return Comparison(
        before=before,
        after=after,
        other=None,
        expected=before.per_month * lengths[1],
        interval=interval,
        dispersion=factor,
        is_too_few=_says_nothing(interval, none_left),
        scale=None,
    )


def _says_nothing(interval: Interval | None, none_left: Interval | None) -> bool:
    """Whether chance is too large for any fall: no change was detected, and none at all would not have been one."""
    if interval is None:
        return True
    return interval.includes(1) and (none_left is None or none_left.includes(1))


def _spreads_beside(
    own: Mapping[date, int], other: Mapping[date, int], before: Window, after: Window, starts_on: date
) -> Sequence[Spread]:
    """How unsteadily both areas keep their ratio, before and after; over all that is known before for short windows."""

    def spread(months: Sequence[date]) -> Spread:
        return spread_between([own[month] for month in months], [other.get(month, 0) for month in months])

    spreads = [spread(before.months), spread(after.months)]
    if freedom_of(spreads) < ENOUGH_FREEDOM:
        earlier = [month for month in own if month < month_of(starts_on) and month not in before.months]
        spreads.append(spread(earlier))
    return spreads


def _spreads_alone(
    series: Mapping[date, int], before: Window, after: Window, *, starts_on: date, same_months: bool
) -> Sequence[Spread]:
    """How unsteadily the same months of two years keep their ratio; where no years can be paired, around the mean."""
    if not same_months:
        return [spread_around_mean([series[month] for month in window.months]) for window in (before, after)]
    spreads = [_paired(series, before.months, after.months)]
    if freedom_of(spreads) >= ENOUGH_FREEDOM:
        return spreads
    years = window_before(series, starts_on, 2 * YEAR)
    if years is not None:
        return [*spreads, _paired(series, years.months[:YEAR], years.months[YEAR:])]
    known = [month for month in series if month < month_of(starts_on)][-YEAR:]
    return [*spreads, spread_around_mean([series[month] for month in known])]


def _paired(series: Mapping[date, int], first: Sequence[date], second: Sequence[date]) -> Spread:
    return spread_between([series[month] for month in first], [series[month] for month in second])


def _band(month: date, events: float, factor: float, unsure: float) -> ExpectedMonth:
    """`unsure`: the relative variance of the expectation itself, beside what a month varies by."""
    width = Z * sqrt(factor * (max(events, 0.5) + events * events * unsure))
    return ExpectedMonth(month, events, max(0.0, events - width), events + width)
