"""Hours and weekdays of what is recorded: by the city's own clock and its changes, on both databases."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from lib.model import Category, City, Concern, Incident
from lib.queries.pressures import concern_hours, incident_hours
from lib.storage.transaction import writing
from tests.builders import a_beat, a_category, a_city, a_concern
from tests.counting import counted_statements

MARCH, NOVEMBER = date(2026, 3, 1), date(2026, 11, 1)


def in_zone(zone: str) -> None:
    a_city()
    with writing() as db:
        db.execute(update(City).values(time_zone=zone))


def recorded(beat: int, *instants: datetime, zone: str, without_time: int = 0) -> None:
    """Incidents at these instants, and so many on 2 March 2026 (a Monday) whose time nobody knows."""
    with writing() as db:
        days = [(at.astimezone(ZoneInfo(zone)).date(), at) for at in instants]
        days += [(date(2026, 3, 2), None)] * without_time  # type: ignore[list-item]
        db.add_all(
            Incident(
                source="a test",
                source_key=f"{beat}/{number}",
                category="NOISE",
                occurred_on=on,
                occurred_at=at,
                beat_id=beat,
            )
            for number, (on, at) in enumerate(days)
        )


@pytest.mark.parametrize(
    ("zone", "month", "instants"),
    [
        # The hour from 2 to 3 does not exist on 8 March 2026: 9:59 UTC is 1 am, 10:00 UTC is 3 am.
        (
            "America/Los_Angeles",
            MARCH,
            [datetime(2026, 3, 8, 9, 59, 59, tzinfo=UTC), datetime(2026, 3, 8, 10, tzinfo=UTC)],
        ),
        # The hour from 1 to 2 comes twice on 1 November 2026.
        ("America/Los_Angeles", NOVEMBER, [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (7, 8, 9, 10)]),
        ("Europe/Berlin", MARCH, [datetime(2026, 3, 29, hour, tzinfo=UTC) for hour in (0, 1, 2)]),
        ("Asia/Kathmandu", MARCH, [datetime(2026, 3, 7, 18, minute, tzinfo=UTC) for minute in (14, 15)]),
        (
            "Pacific/Kiritimati",
            MARCH,
            [datetime(2026, 2, 28, 10, tzinfo=UTC), datetime(2026, 3, 31, 9, 59, tzinfo=UTC)],
        ),
        ("UTC", MARCH, [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC)]),
    ],
)
def test_the_hour_is_that_of_the_citys_clock(database: str, zone: str, month: date, instants: list[datetime]) -> None:
    in_zone(zone)
    beat = a_beat()
    recorded(beat, *instants, zone=zone)
    expected: dict[tuple[int, int], int] = {}
    for at in instants:
        local = at.astimezone(ZoneInfo(zone))
        expected[local.weekday(), local.hour] = expected.get((local.weekday(), local.hour), 0) + 1
    assert incident_hours(["K2"], [month]) == expected
    for at in instants:
        a_concern(beat, reported_at=at)
    assert concern_hours(["K2"], [month]) == expected


def test_what_has_no_time_and_what_lies_outside(database: str) -> None:
    in_zone("America/Los_Angeles")
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    noon = datetime(2026, 3, 4, 20, tzinfo=UTC)
    recorded(here, noon, noon, noon - timedelta(days=30), zone="America/Los_Angeles", without_time=3)
    recorded(there, noon, zone="America/Los_Angeles")
    with counted_statements() as sent:
        assert incident_hours(["K2"], [MARCH]) == {(2, 12): 2, (0, None): 3}
    assert len(sent) == 2
    assert incident_hours(["K2", "K3"], [MARCH]) == {(2, 12): 3, (0, None): 3}
    assert (incident_hours([], [MARCH]), incident_hours(["K2"], []), concern_hours(["K2"], [])) == ({}, {}, {})


def test_concerns_that_are_erased_or_never_public_say_no_hour(database: str) -> None:
    in_zone("UTC")
    beat = a_beat()
    at = datetime(2026, 3, 4, 20, tzinfo=UTC)
    hidden = a_category("at_home")
    a_concern(beat, reported_at=at)
    a_concern(beat, reported_at=at, category_id=hidden)
    erased = a_concern(beat, reported_at=at)
    with writing() as db:
        db.get_one(Category, hidden).is_public = False
        gone = db.get_one(Concern, erased)
        gone.erased_at, gone.text = at, ""
    assert concern_hours(["K2"], [MARCH]) == {(2, 20): 1}
