"""Complete months only: what a source covers in part is left out, quiet months are zeros."""

from datetime import UTC, date, datetime

from sqlalchemy import insert

from lib.model import Incident, IncidentMonth
from lib.queries.monthly import Counted, Span, incident_categories, monthly_events, recorded_span
from lib.rules.goals import MeasureKind
from lib.storage.transaction import writing
from tests.builders import a_beat, a_category, a_city, a_concern, incidents_recorded
from tests.counting import counted_statements

TODAY = date(2026, 5, 4)
SINCE = date(2025, 1, 1)


def recorded_on(beat: int, *days: date, category: str = "CAR PROWL") -> None:
    months: dict[date, int] = {}
    with writing() as db:
        for position, day in enumerate(days):
            db.execute(
                insert(Incident).values(
                    source="t", source_key=f"{category}{position}", category=category, occurred_on=day, beat_id=beat
                )
            )
            months[day.replace(day=1)] = months.get(day.replace(day=1), 0) + 1
        for month, number in months.items():
            db.add(IncidentMonth(beat_id=beat, category=category, month=month, incidents=number))


def test_nothing_recorded_covers_nothing(database: str) -> None:
    a_city()
    wanted = Counted(MeasureKind.INCIDENTS, "CAR PROWL", frozenset({a_beat()}))
    assert recorded_span(today=TODAY) is None
    assert monthly_events([wanted], since=SINCE, today=TODAY) == {wanted: {}}


def test_a_month_that_the_source_covers_in_part_is_left_out(database: str) -> None:
    a_city()
    beat = a_beat()
    recorded_on(beat, date(2026, 1, 14), date(2026, 2, 3), date(2026, 3, 30), date(2026, 4, 17))
    assert recorded_span(today=TODAY) == Span(date(2026, 1, 14), date(2026, 4, 17))
    wanted = Counted(MeasureKind.INCIDENTS, "CAR PROWL", frozenset({beat}))
    assert monthly_events([wanted], since=SINCE, today=TODAY)[wanted] == {date(2026, 2, 1): 1, date(2026, 3, 1): 1}


def test_a_source_that_reaches_the_last_days_of_a_month_covers_it(database: str) -> None:
    a_city()
    beat = a_beat()
    recorded_on(beat, date(2026, 1, 2), date(2026, 3, 29))
    assert recorded_span(today=TODAY) == Span(date(2026, 1, 1), date(2026, 3, 31))
    wanted = Counted(MeasureKind.INCIDENTS, "CAR PROWL", frozenset({beat}))
    assert monthly_events([wanted], since=SINCE, today=TODAY)[wanted] == {
        date(2026, 1, 1): 1,
        date(2026, 2, 1): 0,
        date(2026, 3, 1): 1,
    }


def test_a_source_dated_by_month_covers_its_last_month_whole(database: str) -> None:
    a_city()
    recorded_on(a_beat(), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
    assert recorded_span(today=TODAY) == Span(date(2026, 2, 1), date(2026, 4, 30))


def test_a_file_that_ends_on_a_first_covers_that_day_only(database: str) -> None:
    a_city()
    recorded_on(a_beat(), date(2026, 2, 9), date(2026, 3, 20), date(2026, 4, 1))
    assert recorded_span(today=TODAY) == Span(date(2026, 2, 9), date(2026, 4, 1))


def test_the_running_month_is_never_complete(database: str) -> None:
    a_city()
    beat = a_beat()
    recorded_on(beat, date(2026, 4, 1), date(2026, 5, 31))
    wanted = Counted(MeasureKind.INCIDENTS, "CAR PROWL", frozenset({beat}))
    assert list(monthly_events([wanted], since=SINCE, today=TODAY)[wanted]) == [date(2026, 4, 1)]


def test_beats_and_categories_are_counted_apart_in_six_statements(database: str) -> None:
    a_city()
    first, second = a_beat("K2"), a_beat("K3", west=-122.2)
    incidents_recorded(first, "CAR PROWL", {date(2026, 3, 1): 4, date(2026, 4, 1): 5})
    incidents_recorded(second, "CAR PROWL", {date(2026, 4, 1): 7})
    incidents_recorded(first, "BURGLARY", {date(2026, 4, 1): 2})
    wanted = [
        Counted(MeasureKind.INCIDENTS, "CAR PROWL", frozenset({first})),
        Counted(MeasureKind.INCIDENTS, "CAR PROWL", frozenset({first, second})),
        Counted(MeasureKind.INCIDENTS, "BURGLARY", frozenset({first})),
    ]
    with counted_statements() as sent:
        events = monthly_events(wanted, since=date(2026, 4, 1), today=TODAY)
    assert [events[each] for each in wanted] == [
        {date(2026, 4, 1): 5},
        {date(2026, 4, 1): 12},
        {date(2026, 4, 1): 2},
    ]
    assert len(sent) == 6
    with counted_statements() as sent:
        monthly_events(wanted[:1], since=date(2026, 4, 1), today=TODAY)
    assert len(sent) == 6


def test_concerns_are_counted_in_the_citys_months(database: str) -> None:
    a_city()
    beat, noise = a_beat(), a_category("noise")
    for day in (datetime(2026, 2, 1, 9, tzinfo=UTC), datetime(2026, 2, 28, 23, 59, tzinfo=UTC)):
        a_concern(beat, category_id=noise, reported_at=day)
    a_concern(beat, category_id=noise, reported_at=datetime(2026, 5, 2, 9, tzinfo=UTC))
    wanted = Counted(MeasureKind.CONCERNS, "noise", frozenset({beat}))
    with counted_statements() as sent:
        events = monthly_events([wanted], since=SINCE, today=TODAY)
    assert events[wanted] == {date(2026, 2, 1): 2, date(2026, 3, 1): 0, date(2026, 4, 1): 0}
    assert len(sent) == 3


def test_the_most_frequent_category_is_named_first(database: str) -> None:
    a_city()
    beat = a_beat()
    incidents_recorded(beat, "BURGLARY", {date(2026, 4, 1): 2})
    incidents_recorded(beat, "CAR PROWL", {date(2026, 3, 1): 4})
    assert incident_categories([beat]) == ("CAR PROWL", "BURGLARY")
