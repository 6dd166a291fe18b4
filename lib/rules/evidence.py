"""What the figures say about a goal, and no more than that.

Progress is computed from readings, never typed. Only complete months are compared, and the same months of the year
where they are known; a comparison area says what would have happened anyway. A change is called one when its interval
leaves out "no change"; else it "may be chance". n, window and source stand in every sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lib.rules.comparing import Beside, Comparison, ExpectedMonth, about, compared, expected_months, peak_before
from lib.rules.displacement import Displacement, displacement
from lib.rules.goals import Direction
from lib.rules.intervals import Interval
from lib.rules.mail_words import marked
from lib.rules.months import day_in_words, months_in_words
from lib.rules.told import Told, Value
from lib.rules.windows import Window, is_same_months, same_months_before, window_after, window_before

NO_MONTH = marked("Too early to say: no complete month of figures since %(day)s. Before: %(before)s %(unit)s a month.")
NOTHING_BEFORE = marked("%(events)s %(unit)s in %(months)s: there are no figures from before to compare with.")
COMPARED = marked("%(events)s %(unit)s in %(months)s instead of about %(expected)s expected; %(meaning)s.")
TOO_FEW = marked("too few to say anything")
MAY_BE_CHANCE = marked("that may be chance")
RARELY_CHANCE = marked("chance alone would rarely do that")
NO_READING = marked("Too early to say: no reading since %(day)s. Before: %(before)s %(unit)s.")
ONE_READING = marked(
    "%(value)s %(unit)s on %(day)s, %(before)s before; %(number)s reading, whether it is chance cannot be said."
)
READINGS = marked(
    "%(value)s %(unit)s on %(day)s, %(before)s before; %(number)s readings, whether it is chance cannot be said."
)
"""What `MeasureStanding.told` says of a measure."""


class Change(StrEnum):
    """What can be said of a measure. `not_tested`: single readings have no interval, so chance cannot be judged."""

    TOO_EARLY = "too_early"
    MOVED = "moved"
    NO_DETECTABLE_CHANGE = "no_detectable_change"
    WORSE = "worse"
    NOT_TESTED = "not_tested"


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
    from 0 to 1. `headline` fits a chip; `finding` is one sentence with its figures, `told` the
    same for other languages; `basis` says what the expectation rests on; `notes` are what else has to be known.
    `sentence` is all of it with target and source.

    For counted measures: `before` and `after` are what was compared, `comparison` are the events of the comparison area
    in both (None without one), `expected` are the events that would have been usual, `interval` that of after /
    expected, `band` the expectation of each month, `scale` what one event of the comparison area stands for, and
    `displacement` what the neighbours had.
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
    told: Told
    before: Window | None = None
    after: Window | None = None
    comparison: tuple[int, int] | None = None
    expected: Fraction | None = None
    basis: str = ""
    notes: tuple[str, ...] = ()
    band: tuple[ExpectedMonth, ...] = ()
    scale: Fraction | None = None
    displacement: Displacement | None = None


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
    comparison: Beside | None = None,
    neighbours: Beside | None = None,
) -> MeasureStanding:
    """How a measure of events per month stands. `series` holds known complete months (`monthly_series`).

    The months since the start are compared with the same months of the year before the start; where those are not all
    known, with the whole window of `baseline_months`; without that, with nothing (change not tested). `comparison` is
    the area that was chosen before the start, `neighbours` the beats that trouble might move to. `unit` names the
    events in the plural ("thefts from cars").
    """
    aim = _Aim(baseline, target, direction, due_on, " a month")
    after = window_after(series, starts_on, today)
    if after is None:
        told = Told(NO_MONTH, {"day": starts_on, "before": _figure(baseline), "unit": unit})
        return _standing(aim, None, Change.TOO_EARLY, told, source)
    figures: dict[str, Value] = {"events": f"{after.events:,}", "unit": unit, "months": after.months}
    before = same_months_before(series, after, starts_on) or window_before(series, starts_on, baseline_months)
    if before is None:
        told = Told(NOTHING_BEFORE, figures)
        return replace(_standing(aim, after.per_month, Change.NOT_TESTED, told, source), after=after)
    same = is_same_months(before, after)
    found = compared(series, before, after, starts_on=starts_on, same_months=same, other=comparison)
    change, meaning = _verdict(found, direction)
    has_gained = change is Change.MOVED and direction is Direction.DOWN
    spill = None
    if neighbours is not None:
        spill = displacement(neighbours, found, starts_on=starts_on, other=comparison, has_gained=has_gained)
    basis = _basis(found, comparison)
    notes = tuple(_notes(series, starts_on, comparison, direction, spill))
    usual = about(found.expected).removeprefix("about ")
    told = Told(COMPARED, {**figures, "expected": usual, "meaning": Told(meaning, {})})
    standing = _standing(
        aim, after.per_month, change, told, source, beside=(basis, *notes), is_relative=found.other is not None
    )
    return replace(
        standing,
        interval=found.interval,
        before=before,
        after=after,
        comparison=found.other,
        expected=found.expected,
        basis=basis,
        notes=notes,
        band=expected_months(series, found, same_months=same, other=comparison),
        scale=found.scale,
        displacement=spill,
    )


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
        told = Told(NO_READING, {"day": starts_on, "before": _figure(baseline), "unit": unit})
        return _standing(aim, None, Change.TOO_EARLY, told, "")
    latest = max(since, key=lambda reading: reading.read_on)
    told = Told(
        ONE_READING if len(since) == 1 else READINGS,
        {
            "value": _figure(latest.value),
            "unit": unit,
            "day": latest.read_on,
            "before": _figure(baseline),
            "number": f"{len(since):,}",
        },
    )
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


def _verdict(found: Comparison, direction: Direction) -> tuple[Change, str]:
    if found.is_too_few:
        return Change.NO_DETECTABLE_CHANGE, TOO_FEW
    if found.interval is None or found.interval.includes(1):
        return Change.NO_DETECTABLE_CHANGE, MAY_BE_CHANCE
    better = (found.interval.high < 1) == (direction == Direction.DOWN)
    return (Change.MOVED if better else Change.WORSE), RARELY_CHANCE


def _basis(found: Comparison, comparison: Beside | None) -> str:
    """What the expectation rests on, with its figures."""
    months = (
        "the same months before" if is_same_months(found.before, found.after) else months_in_words(found.before.months)
    )
    own = f"{found.before.events:,} in {months}"
    if comparison is None:
        return f"Expected: as many a month as before ({own}). There is no area to compare with."
    if found.other is None:
        few = f"{comparison.events_in(found.before):,} before, {comparison.events_in(found.after):,} since"
        return f"Expected: as many a month as before ({own}). Too few in {comparison.name} to compare with ({few})."
    before, after = found.other
    return f"Expected: {own}, changed as in {comparison.name} ({before:,} before, {after:,} since)."


def _notes(
    series: Mapping[date, int],
    starts_on: date,
    comparison: Beside | None,
    direction: Direction,
    spill: Displacement | None,
) -> Iterable[str]:
    """What else has to be known: whether the goal began at a peak, and what the neighbours had."""
    years = peak_before(series, starts_on, comparison)
    if years is not None:
        earlier, last, interval = years
        if direction is Direction.DOWN and interval.low > 1:
            yield _after_extreme("a peak", earlier, last, "fall")
        if direction is Direction.UP and interval.high < 1:
            yield _after_extreme("a low point", earlier, last, "rise")
    if spill is not None:
        yield spill.sentence


def _after_extreme(extreme: str, earlier: int, last: int, turn: str) -> str:
    return (
        f"The year before the goal was {extreme}: {last:,}, against {earlier:,} in the year before it. "
        f"Part of a {turn} from {extreme} comes by itself."
    )


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


def _standing(
    aim: _Aim,
    latest: Fraction | None,
    change: Change,
    told: Told,
    source: str,
    *,
    beside: Iterable[str] = (),
    is_relative: bool = False,
) -> MeasureStanding:
    """`is_relative`: a comparison area says what was to be expected, so that fewer than before may be no news."""
    reached = latest is not None and is_reached(latest, aim.target, aim.direction)
    less, more = (
        ("Fewer than expected", "More than expected") if is_relative else ("Fewer than before", "More than before")
    )
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
        finding=told.english,
        told=told,
        sentence=" ".join([told.english, *beside, aim.sentence(latest), *sources]),
    )


def _figure(value: Fraction) -> str:
    """A value with one decimal where it is not whole.

    >>> _figure(Fraction(43, 6)), _figure(Fraction(1200))
    ('7.2', '1,200')
    """
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.1f}"
