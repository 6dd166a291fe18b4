"""The picture on a goal's sheet: its months, the beats beside it, the start, the target and what chance would leave.

Positions in an SVG of `WIDTH` by `HEIGHT` units; the template draws them, with classes and without a style of its own.
The same figures stand as a table on the goal's page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from babel.dates import format_date

from lib.queries.evidence import MeasureProgress
from lib.rules.text import percent
from lib.web.languages import language

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 72, 20, 30, 34
ROOM_ABOVE = Fraction(23, 20)
FEWEST_POINTS = 2


@dataclass(frozen=True)
class Label:
    """A word in the picture; `anchor` says which of its ends stands at x."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class GoalPicture:
    """What is drawn. Lines are the `points` of a polyline, "" for what there is none of."""

    own: str
    dots: tuple[tuple[float, float], ...]
    beside: str
    band: str
    usual: str
    start: float
    target: float
    floor: float
    labels: tuple[Label, ...]
    target_label: Label


def goal_picture(progress: MeasureProgress | None, *, start: str, target: str) -> GoalPicture | None:
    """The picture of a measure, None while there are fewer than two readings. `start` and `target`: their words."""
    if progress is None or len(progress.points) < FEWEST_POINTS:
        return None
    measure, standing = progress.measure, progress.standing
    first = min(progress.points[0].on, measure.starts_on)
    last = max(progress.points[-1].on, measure.due_on)
    scale = standing.scale
    scaled = [] if scale is None else [count * scale for count in progress.beside]
    highest = max(
        [point.value for point in progress.points]
        + scaled
        + [Fraction(each.high) for each in standing.band]
        + [measure.target, Fraction(1, 100)]
    )
    top = highest * ROOM_ABOVE

    def across(on: date) -> float:
        return round(LEFT + (on - first).days / max(1, (last - first).days) * (WIDTH - LEFT - RIGHT), 1)

    def down(value: Fraction | float) -> float:
        return round(HEIGHT - BOTTOM - float(value) / float(top) * (HEIGHT - TOP - BOTTOM), 1)

    dots = tuple((across(point.on), down(point.value)) for point in progress.points)
    joined = [dot for dot, point in zip(dots, progress.points, strict=True) if not point.is_apart]
    upper = [(across(each.month), down(each.high)) for each in standing.band]
    lower = [(across(each.month), down(each.low)) for each in standing.band]
    begins = across(measure.starts_on)
    return GoalPicture(
        own=_line(joined),
        dots=dots,
        beside=_line([(across(point.on), down(value)) for point, value in zip(progress.points, scaled, strict=False)]),
        band=_line([*upper, *reversed(lower)]),
        usual="" if scaled else _line([(across(each.month), down(each.events)) for each in standing.band]),
        start=begins,
        target=down(measure.target),
        floor=HEIGHT - BOTTOM,
        labels=(
            Label(begins, TOP - 12, start),
            Label(LEFT - 8, HEIGHT - BOTTOM + 4, "0", "end"),
            Label(LEFT - 8, down(highest) + 4, _figure(highest, is_share=measure.is_share), "end"),
            Label(LEFT, HEIGHT - 10, _month(first), "start"),
            Label(WIDTH - RIGHT, HEIGHT - 10, _month(last), "end"),
        ),
        target_label=Label(WIDTH - RIGHT, down(measure.target) - 6, target, "end"),
    )


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _figure(value: Fraction, *, is_share: bool) -> str:
    return percent(value) if is_share else f"{float(value):,.0f}"


def _month(on: date) -> str:
    return format_date(on, "MMM y", locale=language())
