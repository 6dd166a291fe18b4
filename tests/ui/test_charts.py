"""Charts say in words what they show, and draw nothing that the figures do not hold."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from lib.queries.evidence import MeasureProgress, MeasureRow, SeriesPoint
from lib.rules.comparing import Beside
from lib.rules.evidence import counted_standing
from lib.rules.goals import Direction, MeasureKind
from lib.rules.months import months_later
from lib.rules.pulse import pulse_share
from lib.ui.charts import measure_chart, measure_chart_text, pulse_chart, value_in_words
from lib.ui.verdict_parts import chart_legend, readings_table, verdict

START = date(2026, 3, 1)


def progress(months: int = 14) -> MeasureProgress:
    """Ten a month in the year before the start, five since."""
    series = {months_later(START, n - 12): 10 if n < 12 else 5 for n in range(months)}
    measure = MeasureRow(
        goal_id=1,
        kind=MeasureKind.INCIDENTS,
        category="CAR PROWL",
        unit="thefts from cars",
        direction=Direction.DOWN,
        baseline=Fraction(10),
        baseline_months=12,
        target=Fraction(6),
        starts_on=START,
        due_on=date(2027, 3, 31),
        source="recorded incidents, beat K2",
        beat_ids=frozenset({1}),
    )
    standing = counted_standing(
        series,
        baseline=Fraction(10),
        baseline_months=12,
        target=Fraction(6),
        direction=Direction.DOWN,
        starts_on=START,
        due_on=measure.due_on,
        today=date(2026, 5, 20),
        unit=measure.unit,
        source=measure.source,
    )
    points = tuple(SeriesPoint(month, Fraction(count), measure.source) for month, count in series.items())
    return MeasureProgress(measure, points, standing)


def drawn(spec: dict[str, Any], kind: str) -> list[list[dict[str, Any]]]:
    return [layer["data"]["values"] for layer in spec["layer"] if layer["mark"]["type"] == kind and "data" in layer]


def test_baseline_ends_and_target_begins_at_the_start() -> None:
    baseline, target, readings = drawn(measure_chart(progress()), "line")
    assert baseline == [{"on": "2025-03-01", "value": 10.0}, {"on": "2026-03-01", "value": 10.0}]
    assert target == [{"on": "2026-03-01", "value": 6.0}, {"on": "2027-03-31", "value": 6.0}]
    assert [reading["value"] for reading in readings] == [10.0] * 12 + [5.0] * 2
    assert readings[-1]["label"] == "5 in Apr"


def compared_progress() -> MeasureProgress:
    """Ten a month before and five since, beside beats that went from forty to twenty."""
    before = progress()
    beside = {point.on: 40 if point.on < START else 20 for point in before.points}
    standing = counted_standing(
        {point.on: int(point.value) for point in before.points},
        baseline=Fraction(10),
        baseline_months=12,
        target=Fraction(6),
        direction=Direction.DOWN,
        starts_on=START,
        due_on=before.measure.due_on,
        today=date(2026, 5, 20),
        unit=before.measure.unit,
        source=before.measure.source,
        comparison=Beside("beats K1 and K9", beside),
    )
    return replace(before, standing=standing, comparison=("K1", "K9"), beside=tuple(beside.values()))


def test_the_band_covers_each_month_since_the_start_and_no_other() -> None:
    (band,) = drawn(measure_chart(progress()), "rect")
    assert [(each["on"], each["until"]) for each in band] == [
        ("2026-03-01", "2026-04-01"),
        ("2026-04-01", "2026-05-01"),
    ]
    assert all(each["low"] < each["value"] < each["high"] for each in band)


def test_the_beats_compared_with_are_drawn_scaled_to_the_goals_own() -> None:
    spec = measure_chart(compared_progress())
    beside = drawn(spec, "line")[0]
    assert [each["value"] for each in beside] == [10.0] * 12 + [5.0] * 2
    assert [each["value"] for each in drawn(spec, "rect")[0]] == [5.0, 5.0]
    assert "0 of 2 months lie outside it. A dotted line shows beats K1 and K9, scaled." in measure_chart_text(
        compared_progress()
    )


def test_the_table_and_the_legend_hold_what_the_chart_shows() -> None:
    told = readings_table(compared_progress())
    assert "Beats K1 and K9" in told
    assert "Expected, allowing for chance" in told
    assert told.count("<tr>") == 15
    assert "Beats K1 and K9, scaled" in chart_legend(compared_progress())
    assert "As before" in chart_legend(progress())


def test_the_verdict_names_what_it_rests_on_and_no_share_of_success() -> None:
    told = verdict(compared_progress())
    assert "<b>10</b> instead of <strong>about 10</strong> expected" in told
    assert "Expected: 20 in the same months before, changed as in beats K1 and K9 (80 before, 40 since)." in told
    assert "Source: recorded incidents, beat K2." in told
    assert "improve" not in told


def test_a_goal_without_readings_has_its_lines_only() -> None:
    empty = replace(progress(), points=(), standing=replace(progress().standing, band=()))
    assert drawn(measure_chart(empty), "line")[2] == []
    assert measure_chart_text(empty) == "Chart of thefts from cars: no readings yet, target 6 a month."


def test_the_chart_is_told_in_words() -> None:
    assert measure_chart_text(progress()) == (
        "Line chart of thefts from cars: 14 readings from March 2025 to April 2026, lowest 5 a month, highest 10 a "
        "month, last 5 a month; before the goal 10 a month, target 6 a month. "
        "A band shows what each month since the start would have had, from 1 to 19; 0 of 2 months lie outside it. "
        "The table below holds the same figures."
    )


def test_shares_are_said_in_per_cent_and_counts_with_one_decimal_at_most() -> None:
    counted = progress()
    asked = replace(counted, measure=replace(counted.measure, kind=MeasureKind.PULSE))
    typed = replace(counted, measure=replace(counted.measure, kind=MeasureKind.TYPED))
    assert [value_in_words(each, Fraction(43, 60)) for each in (counted, asked, typed)] == [
        "0.7 a month",
        "72\N{NO-BREAK SPACE}%",
        "0.7",
    ]


def test_a_hidden_wave_is_not_drawn() -> None:
    from lib.model.pulse import Sample
    from lib.queries.pulse import PulseWave

    def wave(day: date, safe: int, n: int) -> PulseWave:
        return PulseWave(1, "K2", day, day, "2026-1", Sample.RANDOM, n * 3, pulse_share(safe, n))

    spec = pulse_chart([wave(date(2025, 9, 1), 33, 60), wave(date(2026, 3, 1), 4, 9), wave(date(2026, 9, 1), 40, 60)])
    assert [point["wave"] for point in spec["data"]["values"]] == ["Sep 2025|of 60", "Sep 2026|of 60"]
