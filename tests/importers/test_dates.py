"""The dates that cities write."""

from datetime import date

import pandas as pd
import pytest

from lib.importers.dates import Moments, read_dates


def moments(*written: str, zone: str = "America/Chicago", month_first: bool | None = None) -> Moments:
    return read_dates(pd.Series(written, dtype="str"), zone=zone, month_first=month_first)


def days(found: Moments) -> list[date | None]:
    return [day.item() for day in found.day]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2012-01-01T00:05:00.000", "2012-01-01 06:05:00+00:00"),
        ("2012-01-01 00:05", "2012-01-01 06:05:00+00:00"),
        ("2012-01-01T06:05:00Z", "2012-01-01 06:05:00+00:00"),
        ("2012/01/01 06:05:00+00", "2012-01-01 06:05:00+00:00"),
        ("01/01/2012 12:05:00 AM", "2012-01-01 06:05:00+00:00"),
        ("1/1/12 0:05", "2012-01-01 06:05:00+00:00"),
        ("2012 Jan 01 12:05:00 AM", "2012-01-01 06:05:00+00:00"),
        ("1325397900000", "2012-01-01 06:05:00+00:00"),
    ],
)
def test_a_time_of_day_becomes_an_instant(written: str, at: str) -> None:
    found = moments(written)
    assert (days(found), [str(moment) for moment in found.at], found.reason.tolist()) == (
        [date(2012, 1, 1)],
        [at],
        [""],
    )


@pytest.mark.parametrize(
    "written",
    [
        "2012-01-31",
        "2012-01-31T00:00:00.000",
        "2012-01-31T00:00:00Z",
        "2012/01/31",
        "01/31/2012",
        "1/31/12",
        "31/01/2012",
        "31.01.2012",
        "31-01-2012",
        "31-Jan-2012",
        "Jan 31, 2012",
        "January 31, 2012",
        "2012 Jan 31",
        "31 January 2012",
        "20120131",
        " 2012-01-31 ",
        "1327968000000",
    ],
)
def test_a_day_without_a_time_is_no_instant(written: str) -> None:
    found = moments(written)
    assert (days(found), found.at.isna().tolist(), found.is_month.tolist()) == ([date(2012, 1, 31)], [True], [False])


def test_a_month_is_its_first_day() -> None:
    found = moments("2014-08", "2014-08-15")
    assert (days(found), found.is_month.tolist()) == ([date(2014, 8, 1), date(2014, 8, 15)], [True, False])


def test_what_is_no_date_says_why() -> None:
    found = moments(
        "2014", "2020-13-01", "nonsense", "", "13/13/2020", "1812-01-01", "<script>", "99999999", "2024-01-05"
    )
    assert days(found) == [None] * 8 + [date(2024, 1, 5)]
    assert found.reason.tolist() == [
        "the date “2014” cannot be read",
        "the date “2020-13-01” cannot be read",
        "the date “nonsense” cannot be read",
        "no date",
        "the date “13/13/2020” cannot be read",
        "a date before 1900",
        "the date “<script>” cannot be read",
        "the date “99999999” cannot be read",
        "",
    ]


def test_the_whole_column_decides_which_number_is_the_month() -> None:
    assert days(moments("03/04/2024", "25/04/2024")) == [date(2024, 4, 3), date(2024, 4, 25)]
    assert days(moments("03/04/2024", "04/25/2024")) == [date(2024, 3, 4), date(2024, 4, 25)]


def test_a_column_that_does_not_tell_is_read_month_first_and_said_so() -> None:
    found = moments("03/04/2024", "05/06/2024")
    assert (days(found), found.notes) == (
        [date(2024, 3, 4), date(2024, 5, 6)],
        ("Dates such as 03/04/2024 were read month first; --day-first reads them the other way.",),
    )
    assert days(moments("03/04/2024", month_first=False)) == [date(2024, 4, 3)]


def test_an_hour_that_the_clock_skips_or_repeats_still_has_one_instant() -> None:
    found = moments("2012-03-11 02:30", "2012-11-04 01:30")
    assert [str(at) for at in found.at] == ["2012-03-11 08:00:00+00:00", "2012-11-04 06:30:00+00:00"]


def test_a_separate_column_gives_the_time() -> None:
    written = pd.Series(["03/01/2020 12:00:00 AM"] * 5, dtype="str")
    times = pd.Series(["2130", "1", "17:30:00", "5:30 PM", ""], dtype="str")
    found = read_dates(written, zone="UTC", times=times)
    assert [str(at) for at in found.at] == [
        "2020-03-01 21:30:00+00:00",
        "2020-03-01 00:01:00+00:00",
        "2020-03-01 17:30:00+00:00",
        "2020-03-01 17:30:00+00:00",
        "NaT",
    ]


def test_different_ways_of_writing_may_stand_in_one_column() -> None:
    found = moments("2024-01-05", "01/06/2024 10:00 PM", "Jan 7, 2024", "20240108")
    assert days(found) == [date(2024, 1, day) for day in (5, 6, 7, 8)]
