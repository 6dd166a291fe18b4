"""The trend of the pulse as a Vega-Lite specification: waves in time, with the start and end of the beat's goals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lib.queries.pulse_results import WaveResults
from lib.rules.months import day_in_words
from lib.rules.text import percent
from lib.ui.charts import BLUE, HAIRLINE, INK, MUTED, Spec, dots, finished, spread

MARGIN = timedelta(days=35)
"""Room at both ends of the time, for the words of the outermost wave."""

STARTS, ENDS = "\N{BLACK RIGHT-POINTING TRIANGLE}", "\N{BLACK SQUARE}"
"""The signs of a goal's start and end, before its number."""


@dataclass(frozen=True)
class GoalMark:
    """A goal of the beat on the line of time; `ends_on` is its end, or the day it is due."""

    number: int
    title: str
    starts_on: date
    ends_on: date
    is_over: bool


def trend_chart(waves: Sequence[WaveResults], goals: Sequence[GoalMark], *, height: int = 300) -> Spec:
    """Shown waves of the share feeling safe after dark, with intervals; goals that begin or end among them."""
    shown = [_dot(wave) for wave in waves if wave.shares["after_dark"].share is not None]
    first, last = _span(waves)
    x = {
        "field": "on",
        "type": "temporal",
        "title": None,
        "scale": {"domain": [first.isoformat(), last.isoformat()]},
        "axis": {"format": "%b %Y", "tickCount": 6, "grid": False, "labelPadding": 8, "labelOverlap": "greedy"},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1]},
        "axis": {"tickCount": 5, "format": ".0%", "gridColor": HAIRLINE, "domain": False},
    }
    encoding = {"x": x, "y": y}
    layers: list[Spec] = []
    for sign, dashes, marks in _marks(goals, first, last):
        points = [{"on": on.isoformat(), "label": f"{sign} {numbers}"} for on, numbers in marks]
        layers += [
            {
                "data": {"values": points},
                "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.5, "strokeDash": dashes},
                "encoding": {"x": x},
            },
            {
                "data": {"values": points},
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "top",
                    "dx": 5,
                    # Ends stand below starts, so that one of each on the same days can be read.
                    "dy": 0 if sign == STARTS else 17,
                    "fontWeight": 600,
                    "color": MUTED,
                },
                "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "label"}},
            },
        ]
    layers += [
        spread(shown, x, y),
        {"data": {"values": shown}, "mark": {"type": "line", "color": BLUE, "strokeWidth": 2}, "encoding": encoding},
        {"data": {"values": shown}, "mark": dots(BLUE, 80), "encoding": encoding},
        {
            "data": {"values": shown},
            "mark": {"type": "text", "dy": -12, "fontWeight": 600, "color": INK},
            "encoding": {"x": x, "y": {**y, "field": "high"}, "text": {"field": "label"}},
        },
        {
            "data": {"values": shown},
            "mark": {"type": "text", "dy": 13, "color": MUTED},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "text": {"field": "of"}},
        },
    ]
    return finished(layers, height)


def trend_in_words(waves: Sequence[WaveResults], goals: Sequence[GoalMark]) -> str:
    """What the trend shows, for people who do not see it."""
    said = "; ".join(f"{wave.wave_on:%B %Y}: {wave.shares['after_dark'].sentence}" for wave in waves)
    marked = "; ".join(
        f"goal {goal.number}, {goal.title}, from {day_in_words(goal.starts_on)} to {day_in_words(goal.ends_on)}"
        for goal in goals
    )
    return f"Share feeling safe after dark by wave. {said}" + (f" Marked: {marked}." if marked else "")


def _span(waves: Sequence[WaveResults]) -> tuple[date, date]:
    return waves[0].wave_on - MARGIN, waves[-1].wave_on + 2 * MARGIN


def _marks(goals: Sequence[GoalMark], first: date, last: date) -> list[tuple[str, list[int], list[tuple[date, str]]]]:
    """Starts and ends within the drawn time; goals of one day share one mark."""
    found = []
    for sign, dashes, days in (
        (STARTS, [1, 0], [(goal.starts_on, goal.number) for goal in goals]),
        (ENDS, [5, 4], [(goal.ends_on, goal.number) for goal in goals]),
    ):
        numbers: dict[date, list[int]] = {}
        for on, number in days:
            if first <= on <= last:
                numbers.setdefault(on, []).append(number)
        marks = [(on, ", ".join(map(str, of))) for on, of in sorted(numbers.items())]
        found.append((sign, dashes, marks))
    return found


def _dot(wave: WaveResults) -> Spec:
    share = wave.shares["after_dark"]
    low, high = share.interval or (None, None)
    return {
        "on": wave.wave_on.isoformat(),
        "value": float(share.share or 0),
        "low": low,
        "high": high,
        "label": percent(share.share or 0),
        "of": f"of {share.n}" + ("*" if wave.is_volunteer else ""),
    }
