"""Charts of readings, as Vega-Lite specifications with their data inside (drawn by `st.vega_lite_chart`).

Every chart comes with its text for people who do not see it, and stands beside a table or sentence with its figures.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from lib.queries.evidence import MeasureProgress, SeriesPoint
from lib.queries.measure_areas import beats_in_words
from lib.queries.pulse import PulseWave
from lib.rules.months import month_of, months_later
from lib.rules.text import percent

Spec = dict[str, Any]

INK, MUTED, GREEN, BLUE, BAND, HAIRLINE = "#0E1F38", "#46566E", "#0B6B4B", "#0A5BB5", "#B9D5F1", "#E3E8EF"
MID_MONTH = timedelta(days=14)
"""A month's count is drawn in its middle, so that the line of the start, on a first, stands between two months."""

_MONTH = "timeFormat(datum.value, month(datum.value) == 0 || datum.index == 0 ? '%b %Y' : '%b')"


def measure_chart(progress: MeasureProgress, *, height: int = 420) -> Spec:
    """Readings as a line, with the baseline before the start, the target after it, and the start itself.

    Counted measures have the band in which chance would leave each month since the start without a change, and, where
    beats are compared with, their months scaled to the goal's own.
    """
    measure = progress.measure
    shift = MID_MONTH if measure.counted is not None else timedelta(0)
    readings = [_reading(point, shift) for point in progress.points]
    first = min([measure.starts_on, *(point.on for point in progress.points)])
    x = {
        "field": "on",
        "type": "temporal",
        "title": None,
        "scale": {"domain": [first.isoformat(), measure.due_on.isoformat()]},
        "axis": {
            "values": _ticks(first, measure.due_on),
            "labelExpr": _MONTH,
            "grid": False,
            "labelPadding": 8,
            "labelOverlap": "greedy",
            "labelSeparation": 8,
        },
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, _top(progress)]},
        "axis": {
            "tickCount": 4,
            "format": ".0%" if measure.is_share else ",.0f",
            "gridColor": HAIRLINE,
            "domain": False,
        },
    }
    encoding = {"x": x, "y": y}
    layers: list[Spec] = [
        *_expectation(progress, encoding),
        _level(first, measure.starts_on, measure.baseline, MUTED, encoding),
        _level(measure.starts_on, measure.due_on, measure.target, GREEN, encoding),
        {
            "data": {"values": [{"on": measure.due_on.isoformat(), "value": float(measure.target)}]},
            "mark": {"type": "text", "text": "Target", "align": "right", "dy": -9, "fontWeight": 600, "color": GREEN},
            "encoding": encoding,
        },
        {
            "data": {"values": [{"on": measure.starts_on.isoformat()}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
            "encoding": {"x": x},
        },
        {
            "data": {"values": [{"on": measure.starts_on.isoformat()}]},
            "mark": {
                "type": "text",
                "text": "Goal starts",
                "align": "left",
                "baseline": "top",
                "dx": 6,
                "fontWeight": 600,
                "color": INK,
            },
            "encoding": {"x": x, "y": {"value": 0}},
        },
    ]
    if any(reading["low"] is not None for reading in readings):
        layers.append(spread(readings, x, y))
    joined = [reading for reading, point in zip(readings, progress.points, strict=True) if not point.is_apart]
    layers += [
        {"data": {"values": joined}, "mark": {"type": "line", "color": INK, "strokeWidth": 2}, "encoding": encoding},
        {"data": {"values": readings}, "mark": dots(INK, 45), "encoding": encoding},
        {
            "data": {"values": readings[-1:]},
            "mark": {"type": "text", "align": "left", "dx": 8, "dy": _below(progress), "fontWeight": 600, "color": INK},
            "encoding": {**encoding, "text": {"field": "label"}},
        },
    ]
    return finished(layers, height)


def measure_chart_text(progress: MeasureProgress) -> str:
    """What the chart of a measure shows, in words."""
    measure, points = progress.measure, progress.points
    aim = f"target {value_in_words(progress, measure.target)}"
    if not points:
        return f"Chart of {measure.unit}: no readings yet, {aim}."
    values = [point.value for point in points]
    return (
        f"Line chart of {measure.unit}: {len(points)} readings from {points[0].on:%B %Y} to {points[-1].on:%B %Y}, "
        f"lowest {value_in_words(progress, min(values))}, highest {value_in_words(progress, max(values))}, last "
        f"{value_in_words(progress, points[-1].value)}; before the goal {value_in_words(progress, measure.baseline)}, "
        f"{aim}. {_expectation_text(progress)}The table below holds the same figures."
    )


def scaled_beside(progress: MeasureProgress) -> list[Fraction]:
    """The comparison beats' months, scaled to what they stand for in the goal's area; empty without any."""
    scale = progress.standing.scale
    return [] if scale is None else [count * scale for count in progress.beside]


def pulse_chart(waves: Sequence[PulseWave], *, height: int = 112) -> Spec:
    """Shown waves as dots with their intervals, the share above and the number of answers below each."""
    shown: list[Spec] = [
        {
            "wave": f"{wave.wave_on:%b %Y}|of {wave.after_dark.n}",
            "value": float(wave.after_dark.share),
            "low": wave.after_dark.interval.low,
            "high": wave.after_dark.interval.high,
            "label": percent(wave.after_dark.share),
        }
        for wave in waves
        if wave.after_dark.share is not None and wave.after_dark.interval is not None
    ]
    low, high = min(wave["low"] for wave in shown), max(wave["high"] for wave in shown)
    x = {
        "field": "wave",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {
            "labelExpr": "split(datum.label, '|')",
            "labelAngle": 0,
            "labelLineHeight": 15,
            "labelPadding": 6,
            "ticks": False,
            "domain": False,
        },
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "axis": None,
        "scale": {"domain": [max(0.0, low - 0.02), min(1.0, high + 0.04)]},
    }
    encoding = {"x": x, "y": y}
    layers: list[Spec] = [
        spread(shown, x, y),
        {"mark": {"type": "line", "color": BLUE, "strokeWidth": 2}, "encoding": encoding},
        {"mark": dots(BLUE, 70), "encoding": encoding},
        {
            "mark": {"type": "text", "dy": -13, "fontWeight": 600, "color": INK},
            "encoding": {"x": x, "y": {**y, "field": "high"}, "text": {"field": "label"}},
        },
    ]
    return {**finished(layers, height), "data": {"values": shown}}


def value_in_words(progress: MeasureProgress, value: Fraction) -> str:
    """A value in the measure's unit: "7.2 a month", "58 %", "9"."""
    if progress.measure.is_share:
        return percent(value)
    return f"{_figure(value)} a month" if progress.measure.counted is not None else _figure(value)


def _expectation(progress: MeasureProgress, encoding: Spec) -> list[Spec]:
    """The band of each month since the start, and the comparison beats' line or else the mark of what was usual."""
    band = [
        {
            "on": each.month.isoformat(),
            "until": months_later(each.month, 1).isoformat(),
            "value": each.events,
            "low": each.low,
            "high": each.high,
        }
        for each in progress.standing.band
    ]
    if not band:
        return []
    x, y = encoding["x"], encoding["y"]
    across = {"x": x, "x2": {"field": "until"}}
    layers: list[Spec] = [
        {
            "data": {"values": band},
            "mark": {"type": "rect", "color": BAND, "opacity": 0.55},
            "encoding": {**across, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }
    ]
    scaled = scaled_beside(progress)
    if scaled:
        values = [
            {"on": (point.on + MID_MONTH).isoformat(), "value": float(value)}
            for point, value in zip(progress.points, scaled, strict=True)
        ]
        mark = {"type": "line", "color": BLUE, "strokeWidth": 2, "strokeDash": [2, 3]}
        return [*layers, {"data": {"values": values}, "mark": mark, "encoding": encoding}]
    usual = {"type": "rule", "color": BLUE, "strokeWidth": 2}
    return [*layers, {"data": {"values": band}, "mark": usual, "encoding": {**across, "y": y}}]


def _expectation_text(progress: MeasureProgress) -> str:
    stands = progress.standing
    if not stands.band:
        return ""
    low, high = min(each.low for each in stands.band), max(each.high for each in stands.band)
    found = [point.value for point in progress.points if point.on >= stands.band[0].month]
    outside = sum(
        not each.low <= value <= each.high for each, value in zip(stands.band, found[-len(stands.band) :], strict=False)
    )
    told = f"A band shows what each month since the start would have had, from {low:,.0f} to {high:,.0f}; "
    told += f"{outside} of {len(stands.band)} months lie outside it. "
    if progress.beside:
        told += f"A dotted line shows {beats_in_words('beat', progress.comparison)}, scaled. "
    return told


def _top(progress: MeasureProgress) -> float:
    """The upper end of the scale: some room above the highest figure for the words of the start."""
    measure = progress.measure
    drawn = [measure.baseline, measure.target, *(point.value for point in progress.points)]
    reaches = [point.interval.high for point in progress.points if point.interval is not None]
    reaches += [each.high for each in progress.standing.band] + [float(value) for value in scaled_beside(progress)]
    top = max([*(float(value) for value in drawn), *reaches]) * 1.15
    return min(1.0, top) if measure.is_share else max(top, 1.0)


def _below(progress: MeasureProgress) -> int:
    """How far under its dot the last reading's words stand, in points: above it where the dot lies on the axis."""
    last = float(progress.points[-1].value) if progress.points else 0.0
    return -12 if last < 0.1 * _top(progress) else 12


def _reading(point: SeriesPoint, shift: timedelta) -> Spec:
    low, high = point.interval if point.interval is not None else (None, None)
    figure = percent(point.value) if point.interval is not None else _figure(point.value)
    on = (point.on + shift).isoformat()
    return {"on": on, "value": float(point.value), "low": low, "high": high, "label": f"{figure} in {point.on:%b}"}


def _figure(value: Fraction) -> str:
    return f"{float(value):,.1f}".removesuffix(".0")


def _ticks(first: date, last: date) -> list[Spec]:
    """A tick on the first of every third month, rarer where the time is long."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = 3 if months <= 30 else 6 if months <= 60 else 12
    every = [months_later(month_of(first), number) for number in range(0, months + 1, step)]
    return [{"year": day.year, "month": day.month, "date": 1} for day in every]


def _level(first: date, last: date, value: Fraction, colour: str, encoding: Spec) -> Spec:
    ends = [{"on": on.isoformat(), "value": float(value)} for on in (first, last)]
    mark = {"type": "line", "color": colour, "strokeDash": [6, 4], "strokeWidth": 2}
    return {"data": {"values": ends}, "mark": mark, "encoding": encoding}


def spread(values: Sequence[Spec], x: Spec, y: Spec) -> Spec:
    """Upright bars from `low` to `high` of each value: its interval."""
    mark = {"type": "rule", "color": BAND, "strokeWidth": 8, "strokeCap": "round"}
    return {
        "data": {"values": list(values)},
        "mark": mark,
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
    }


def dots(colour: str, size: int) -> Spec:
    """The mark of single readings."""
    return {"type": "point", "color": colour, "filled": True, "size": size, "opacity": 1}


def finished(layers: Sequence[Spec], height: int) -> Spec:
    """The layers as one chart in the product's type and colours."""
    return {
        "layer": list(layers),
        "height": height,
        "padding": {"left": 4, "right": 4, "top": 6, "bottom": 2},
        "background": "transparent",
        "config": {
            "font": "Source Sans",
            "axis": {"labelColor": MUTED, "labelFontSize": 13, "labelFlush": False, "ticks": False},
            "text": {"fontSize": 13},
            "view": {"stroke": None},
        },
    }
