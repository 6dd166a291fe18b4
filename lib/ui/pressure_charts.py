"""Concerns and recorded incidents on one axis, by hour or weekday: each side in shares of its own total."""

from collections.abc import Sequence

from lib.rules.shifts import HOURS, WEEKDAYS, Pressures, hour_words, shares
from lib.ui.charts import HAIRLINE, INK, MUTED, Spec

RECORDED, RAISED = "#0A5BB5", "#D0782A"
SIDES = ("Recorded incidents", "Concerns raised")


def pressures_chart(names: Sequence[str], recorded: Sequence[int], raised: Sequence[int], *, height: int = 300) -> Spec:
    """Bars of recorded incidents and, on the same axis, dots on a line of concerns raised."""
    rows = [
        {"at": at, "name": name, "side": side, "share": float(share), "number": number}
        for side, numbers in zip(SIDES, (recorded, raised), strict=True)
        for at, (name, number, share) in enumerate(zip(names, numbers, shares(numbers), strict=True))
    ]
    x = {
        "field": "name",
        "type": "nominal",
        "sort": list(names),
        "title": None,
        "axis": {
            "values": list(names)[:: 3 if len(names) > 7 else 1],
            "labelAngle": 0,
            "labelOverlap": "greedy",
            "labelSeparation": 6,
            "labelFontSize": 14,
            "labelColor": INK,
            "ticks": False,
            # Clear of "0%" and of the dots that lie on the axis.
            "labelPadding": 10,
        },
    }
    y = {
        "field": "share",
        "type": "quantitative",
        "title": None,
        "axis": {"format": ".0%", "tickCount": 4, "gridColor": HAIRLINE, "domain": False, "labelFontSize": 14},
    }
    colour = {
        "field": "side",
        "type": "nominal",
        "sort": list(SIDES),
        "scale": {"domain": list(SIDES), "range": [RECORDED, RAISED]},
        "legend": {"title": None, "orient": "top", "labelFontSize": 16, "labelColor": INK, "symbolSize": 160},
    }
    encoding = {"x": x, "y": y, "color": colour}
    layers: list[Spec] = [
        {
            "transform": [{"filter": f"datum.side == '{SIDES[0]}'"}],
            "mark": {"type": "bar", "cornerRadiusEnd": 3},
            "encoding": encoding,
        }
    ]
    if sum(raised):
        layers += [
            {
                "transform": [{"filter": f"datum.side == '{SIDES[1]}'"}],
                "mark": {"type": "line", "strokeWidth": 3, "point": {"size": 90, "filled": True}},
                "encoding": encoding,
            }
        ]
    return {
        "data": {"values": rows},
        "layer": layers,
        "height": height,
        "background": "transparent",
        "padding": {"left": 4, "right": 4, "top": 4, "bottom": 2},
        "config": {"font": "Source Sans", "axis": {"labelColor": MUTED}, "view": {"stroke": None}},
    }


def chart_text(by: str, names: Sequence[str], recorded: Sequence[int], raised: Sequence[int]) -> str:
    """What the chart shows, in words."""
    peaks = [
        f"most {side.lower()} at {names[list(numbers).index(max(numbers))]}"
        for side, numbers in zip(SIDES, (recorded, raised), strict=True)
        if sum(numbers)
    ]
    return f"Chart by {by}: {'; '.join(peaks)}. The table below holds the same figures."


def hours_of(found: Pressures) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names and numbers by hour."""
    return tuple(hour_words(hour) for hour in HOURS), found.by_hour


def weekdays_of(found: Pressures) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names and numbers by weekday."""
    return WEEKDAYS, found.by_weekday
