"""The pressures that officers deal with: what is recorded on a beat beside what is raised there, and what a shift
holds."""

from collections.abc import Sequence
from fractions import Fraction
from html import escape

import streamlit as st

from lib.queries.incidents import CategoryCount
from lib.rules.months import day_in_words, months_in_words
from lib.rules.shifts import Pressures, load_sentence, mean_in_words, shares
from lib.rules.text import counted, percent
from lib.ui import concerns_reads, pressure_reads, reads
from lib.ui.concerns_reads import Asked
from lib.ui.desk_parts import wide
from lib.ui.links import page_link
from lib.ui.parts import Column, Markup, bar, empty_state, meta, table
from lib.ui.pressure_charts import RAISED, RECORDED, chart_text, hours_of, pressures_chart, weekdays_of
from lib.ui.session import BEAT

LARGEST_CATEGORIES = 12
HOUR, WEEKDAY, CATEGORY = "Hour", "Weekday", "Category"


@st.fragment
def pressures_part(codes: Sequence[str], place: str, *, heading: str = "The pressures on the beat") -> None:
    """Recorded incidents of the last twelve complete months beside the concerns raised in them; `place` as it is
    said."""
    st.header(heading, anchor="pressures")
    months = concerns_reads.recorded_months("365", reads.today())
    counts = concerns_reads.incidents_by_category(tuple(codes), months)
    total = sum(count.incidents for count in counts)
    if not total:
        empty_state("No incidents are recorded here", "The coordinator imports them from the city's own file.")
        return
    st.html(meta(f"{counted(total, 'recorded incident')}, {months_in_words(months)}; imported, never typed in."))
    if len(codes) > 1:
        st.text("Choose one beat to see its hours, its weekdays and its shifts.")
        st.html(_categories_table(counts, len(months)))
        return
    recorded = pressure_reads.recorded(tuple(codes), months)
    raised = pressure_reads.raised(tuple(codes), months)
    if recorded is None or raised is None:
        return
    _shifts(recorded, place)
    by = st.segmented_control("By", [HOUR, WEEKDAY, CATEGORY], default=HOUR, required=True, key="pressures_by")
    if by == CATEGORY:
        st.html(_categories_table(counts, len(months)))
        st.html(_raised_table(codes[0]))
    else:
        _chart(by or HOUR, recorded, raised)
    page_link("Incidents and concerns on one map", "concerns", colour="incidents", days="365", **{BEAT: codes[0]})


def _shifts(recorded: Pressures, place: str) -> None:
    if not sum(load.recorded for load in recorded.shifts):
        st.text(f"None of them has a time of day, so nobody can say what a shift on {place} holds.")
        return
    heaviest = max(recorded.shifts, key=lambda load: load.mean)
    st.html(f'<p class="cb-say"><b>{escape(load_sentence(heaviest, place))}</b></p>')
    days = [Column(day[:3], True) for day in weekdays_of(recorded)[0]]
    columns = [Column("A shift holds on average"), Column("Any day", True), *days]
    rows: list[tuple[str | Markup, ...]] = [
        (f"{load.shift.name}, {load.shift.hours}", _mean(load.mean), *(mean_in_words(mean) for mean in load.by_weekday))
        for load in recorded.shifts
    ]
    caption = f"Recorded incidents in a shift of eight hours that begins on that day, on {place}"
    st.html(wide(table(caption, columns, rows, hide_caption=True), caption, 33))
    if recorded.time_sentence:
        st.html(meta(recorded.time_sentence))


def _chart(by: str, recorded: Pressures, raised: Pressures) -> None:
    names, incidents = hours_of(recorded) if by == HOUR else weekdays_of(recorded)
    concerns = raised.by_hour if by == HOUR else raised.by_weekday
    st.vega_lite_chart(
        spec=pressures_chart(names, incidents, concerns),
        alt=chart_text(by.lower(), names, incidents, concerns),
        theme=None,
        key=f"pressures_chart_{by}",
    )
    st.html(
        meta(
            f"Shares of {sum(incidents):,} recorded incidents and of {counted(sum(concerns), 'concern')}, "
            f"{day_in_words(recorded.first_on)} to {day_in_words(recorded.last_on)}. Concerns stand at the time "
            "at which they were raised, not at which it happened."
        )
    )
    with st.expander("The same figures as a table", icon=":material/table_chart:"):
        rows = [
            (name, here, percent(share), there, percent(part))
            for name, here, share, there, part in zip(
                names, incidents, shares(incidents), concerns, shares(concerns), strict=True
            )
        ]
        columns = [
            Column(by),
            Column("Recorded incidents", True),
            Column("of all", True),
            Column("Concerns raised", True),
            Column("of all", True),
        ]
        total = ("All", sum(incidents), "", sum(concerns), "")
        st.html(table(f"By {by.lower()}", columns, rows, total=total, hide_caption=True))


def _raised_table(code: str) -> str:
    """The concerns of the same twelve months by category, on the same axis of shares."""
    counts = concerns_reads.counts(Asked(None, "365", "all", reads.today()))
    here = counts[counts["beat"] == code].sort_values("concerns", ascending=False)
    names = {category.key: category.name for category in reads.categories()}
    numbers = here["concerns"].tolist()
    rows: list[tuple[str, Markup, int, str]] = [
        (names.get(key, key), Markup(bar(share, RAISED)), int(number), percent(share))
        for key, number, share in zip(here["category"], numbers, shares(numbers), strict=True)
    ]
    columns = [Column("Concerns raised"), Column("Share of all"), Column("In a year", True), Column("of all", True)]
    return table("Concerns by category", columns, rows, total=("All", Markup(""), sum(numbers), ""), hide_caption=True)


def _categories_table(counts: Sequence[CategoryCount], months: int) -> str:
    shown = counts[:LARGEST_CATEGORIES]
    total = sum(count.incidents for count in counts)
    rest = sum(count.incidents for count in counts[LARGEST_CATEGORIES:])
    rows: list[tuple[str, Markup, int, str]] = [
        (
            count.category,
            Markup(bar(Fraction(count.incidents, total), RECORDED)),
            count.incidents,
            f"{count.incidents / months:,.1f}",
        )
        for count in shown
    ]
    if rest:
        name = f"{counted(len(counts) - len(shown), 'other category', 'other categories')}"
        rows.append((name, Markup(bar(Fraction(rest, total), "#76869C")), rest, f"{rest / months:,.1f}"))
    columns = [
        Column("Recorded incidents"),
        Column("Share of all"),
        Column("12 months" if months == 12 else "All", True),
        Column("A month", True),
    ]
    sums = ("All", Markup(""), total, f"{total / months:,.1f}")
    return table("Recorded incidents by category", columns, rows, total=sums, hide_caption=True)


def _mean(mean: Fraction) -> Markup:
    return Markup(f"<b>{mean_in_words(mean)}</b>")
