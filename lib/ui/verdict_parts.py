"""A measure on screen: the verdict with what it rests on, the way to the target, and what its chart shows, as text.

All text is escaped here.
"""

from collections.abc import Iterator
from fractions import Fraction
from html import escape

from lib.queries.evidence import MeasureProgress, MeasureRow
from lib.queries.measure_areas import beats_in_words
from lib.rules.comparing import about
from lib.rules.displacement import Spill
from lib.rules.evidence import Change
from lib.rules.months import day_in_words
from lib.rules.standing import ratio_in_words
from lib.rules.text import percent
from lib.ui.charts import value_in_words
from lib.ui.parts import Column, meta, table


def verdict(progress: MeasureProgress) -> str:
    """How a measure stands: the finding first, then what it rests on and what else has to be known."""
    standing, measure = progress.standing, progress.measure
    tone = {Change.MOVED: "is-open", Change.WORSE: "is-closed"}.get(standing.change, "")
    parts = [f'<p class="cb-verdict {tone}">{_verdict_figure(progress)}</p>', f"<p>{escape(standing.finding)}</p>"]
    if standing.before is not None and standing.after is not None:
        expected = _expected_a_month(progress)
        most = max(standing.before.per_month, standing.after.per_month, expected or Fraction(0), Fraction(1))
        parts.append(
            '<dl class="cb-bars">'
            + _bar_row(_before_in_words(progress), standing.before.per_month, most, "was")
            + ("" if expected is None else _bar_row("Expected since", expected, most, "was"))
            + _bar_row("Since the start", standing.after.per_month, most, tone)
            + "</dl>"
        )
    if standing.basis:
        parts.append(meta(standing.basis))
    if standing.interval is not None:
        than = "than expected" if standing.comparison is not None else "than before"
        parts.append(meta(f"Allowing for chance: {ratio_in_words(standing.interval)} {than} (19 times in 20)."))
    if standing.notes:
        parts.append(f'<ul class="cb-also">{"".join(f"<li>{escape(note)}</li>" for note in standing.notes)}</ul>')
    parts += [meta(words) for words in _quotient_in_words(progress)]
    parts.append(meta(f"Source: {measure.source}."))
    return "".join(parts)


def way_to_target(progress: MeasureProgress) -> str:
    """From the baseline to the target, and where the measure is on that way."""
    standing, measure = progress.standing, progress.measure
    words = "Target reached" if standing.reached else "Target not reached yet"
    now = "" if standing.latest is None else escape(value_in_words(progress, standing.latest))
    return (
        f'<div class="cb-way"><h3>{words}</h3>'
        f'<div class="cb-way-track" aria-hidden="true" style="--to:{float(standing.way) * 100:.0f}%"><i></i><b></b></div>'
        f"<ul><li>{escape(value_in_words(progress, standing.baseline))}<br>{_baseline_in_words(measure)}</li>"
        + (f"<li><b>{now}</b><br>{_at_last(measure)}</li>" if now else "<li>no reading<br>yet</li>")
        + f"<li>{escape(value_in_words(progress, standing.target))}<br>by {measure.due_on:%b %Y}</li></ul></div>"
    )


def chart_legend(progress: MeasureProgress) -> str:
    """What the lines of the chart mean, in words that wrap on a phone."""
    standing = progress.standing
    lines = [
        ("line", "Readings"),
        ("before", f"Before: {value_in_words(progress, standing.baseline)}"),
        ("target", f"Target: {value_in_words(progress, standing.target)}"),
    ]
    if standing.scale is not None:
        compared = beats_in_words("beat", progress.comparison)
        lines.append(("beside", f"{compared[0].upper()}{compared[1:]}, scaled"))
    elif standing.band:
        lines.append(("usual", "As before"))
    if standing.band:
        lines.append(("band", "Expected, allowing for chance"))
    return f'<ul class="cb-lines">{"".join(f"<li class={kind}>{escape(words)}</li>" for kind, words in lines)}</ul>'


def readings_table(progress: MeasureProgress) -> str:
    """The figures of the chart: readings, and for counted months what was expected and what the beats beside had."""
    monthly, standing = progress.measure.counted is not None, progress.standing
    columns = [Column("Month" if monthly else "Day"), Column(progress.measure.unit.capitalize(), True)]
    columns += [Column("Answers", True)] if progress.measure.is_share else []
    columns += [Column("Expected, allowing for chance", True)] if standing.band else []
    columns += [Column(beats_in_words("Beat", progress.comparison), True)] if progress.beside else []
    columns.append(Column("Source"))
    band = {each.month: f"{each.events:,.0f} ({each.low:,.0f} to {each.high:,.0f})" for each in standing.band}
    rows = []
    for position, point in enumerate(progress.points):
        value = percent(point.value) if progress.measure.is_share else f"{float(point.value):,.1f}".removesuffix(".0")
        day = f"{point.on:%B %Y}" if monthly else day_in_words(point.on)
        answers = [str(point.n)] if progress.measure.is_share else []
        expected = [band.get(point.on, "")] if band else []
        beside = [f"{progress.beside[position]:,}"] if progress.beside else []
        rows.append([day, value, *answers, *expected, *beside, point.source])
    return table("Readings of this goal", columns, rows, hide_caption=True)


def _verdict_figure(progress: MeasureProgress) -> str:
    standing = progress.standing
    if standing.latest is None:
        return "<b>Too early</b> to say" if standing.change is Change.TOO_EARLY else "<b>Not compared</b>"
    if standing.comparison is not None and standing.expected is not None and standing.after is not None:
        return f"<b>{standing.after.events:,}</b> instead of <strong>{about(standing.expected)}</strong> expected"
    before = standing.before.per_month if standing.before is not None else standing.baseline
    now = escape(value_in_words(progress, standing.latest)).replace(" a month", "")
    unit = " a month" if progress.measure.counted is not None else ""
    return f"<b>{now}</b>{unit} {_at_last(progress.measure)}, <strong>{escape(value_in_words(progress, before)).replace(' a month', '')}</strong> before"


def _expected_a_month(progress: MeasureProgress) -> Fraction | None:
    """What a month since the start would have had; None where that is what it was before."""
    standing = progress.standing
    if standing.comparison is None or standing.expected is None or standing.after is None:
        return None
    return standing.expected / len(standing.after.months)


def _quotient_in_words(progress: MeasureProgress) -> Iterator[str]:
    """How much of what was gained was lost next door, as a figure with its meaning."""
    spill = progress.standing.displacement
    if spill is not None and spill.quotient is not None:
        figure = f"{float(spill.quotient):.1f}".replace("-0.0", "0.0").replace("-", "\N{MINUS SIGN}")
        chance = ", within chance" if spill.spill is Spill.NO_DETECTABLE_CHANGE else ""
        yield (
            f"Displacement quotient {figure}{chance}: below 0 some of it moved next door, below \N{MINUS SIGN}1 more than was "
            "gained, above 0 the neighbours gained too."
        )


def _at_last(measure: MeasureRow) -> str:
    """When the latest value was: an ended goal is not looked at any more."""
    return "now" if measure.ended_on is None else "at the end"


def _before_in_words(progress: MeasureProgress) -> str:
    """Which months the ones since the start are compared with."""
    standing = progress.standing
    if standing.before is None or standing.after is None:
        return "Before"
    same = [month.month for month in standing.before.months] == [month.month for month in standing.after.months]
    return "Same months before" if same else "All months before"


def _baseline_in_words(measure: MeasureRow) -> str:
    return "in the year before" if measure.baseline_months == 12 else "before"


def _bar_row(words: str, value: Fraction, most: Fraction, tone: str) -> str:
    figure = f"{float(value):,.1f}".removesuffix(".0")
    return (
        f'<div class="{tone}"><dt>{words}</dt><dd><div aria-hidden="true" style="--to:{float(value / most) * 100:.0f}%">'
        f"<i></i></div><span>{figure}</span></dd></div>"
    )
