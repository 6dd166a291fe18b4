"""What the figures say: complete months, same months, intervals, and nothing that flatters."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.rules.evidence import (
    NO_MONTH,
    Change,
    Direction,
    MeasureStanding,
    TypedReading,
    counted_standing,
    is_reached,
    share_of_the_way,
    typed_standing,
)
from lib.rules.months import complete_months, month_of, months_in_words, months_later
from lib.rules.told import Told
from lib.rules.windows import Window, monthly_series, window_after, window_before

STARTS_ON = date(2026, 3, 12)
DUE_ON = date(2027, 3, 31)


def series(before: list[int], after: list[int]) -> dict[date, int]:
    """Months before March 2026, March itself with 9, and months after it."""
    first = months_later(date(2026, 3, 1), -len(before))
    return {months_later(first, number): events for number, events in enumerate([*before, 9, *after])}


def standing(
    months: dict[date, int],
    today: date,
    *,
    baseline: Fraction = Fraction(10),
    target: Fraction = Fraction(6),
    direction: Direction = Direction.DOWN,
) -> MeasureStanding:
    return counted_standing(
        months,
        baseline=baseline,
        baseline_months=12,
        target=target,
        direction=direction,
        starts_on=STARTS_ON,
        due_on=DUE_ON,
        today=today,
        unit="thefts from cars",
        source="recorded incidents, beat K2",
    )


def test_months_without_events_are_zeros_and_partly_covered_months_are_left_out() -> None:
    counts = {date(2026, 1, 1): 3, date(2026, 3, 20): 2, date(2026, 3, 1): 1, date(2026, 4, 1): 8, date(2025, 1, 1): 9}
    assert monthly_series(counts, date(2025, 12, 2), date(2026, 4, 29)) == {
        date(2026, 1, 1): 3,
        date(2026, 2, 1): 0,
        date(2026, 3, 1): 3,
    }


def test_the_window_before_a_goal_ends_before_the_month_it_starts_in() -> None:
    months = series([5, 6, 7], [1])
    assert window_before(months, STARTS_ON, 3) == Window((date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)), 18)
    assert window_before(months, STARTS_ON, 4) is None
    assert window_before(months, STARTS_ON, 0) is None


def test_the_window_after_holds_only_complete_months() -> None:
    months = series([], [4, 3, 2, 1])
    assert window_after(months, STARTS_ON, date(2026, 4, 30)) is None
    assert window_after(months, STARTS_ON, date(2026, 5, 1)) == Window((date(2026, 4, 1),), 4)
    assert window_after(months, STARTS_ON, date(2026, 6, 15)) == Window((date(2026, 4, 1), date(2026, 5, 1)), 7)
    assert window_after(months, date(2026, 3, 1), date(2026, 4, 1)) == Window((date(2026, 3, 1),), 9)


def test_the_window_after_is_at_most_twelve_months_long() -> None:
    months = series([], list(range(1, 21)))
    window = window_after(months, STARTS_ON, date(2027, 12, 1))
    assert window == Window(tuple(months_later(date(2026, 12, 1), n) for n in range(12)), sum(range(9, 21)))
    assert window.per_month == Fraction(29, 2)


def test_before_the_first_complete_month_it_is_too_early_to_say() -> None:
    early = standing(series([10] * 12, []), date(2026, 4, 20))
    assert early == MeasureStanding(
        baseline=Fraction(10),
        latest=None,
        target=Fraction(6),
        direction=Direction.DOWN,
        reached=False,
        way=Fraction(0),
        change=Change.TOO_EARLY,
        interval=None,
        headline="Too early to say",
        finding=(
            "Too early to say: no complete month of figures since 12 March 2026. Before: 10 thefts from cars a month."
        ),
        sentence=(
            "Too early to say: no complete month of figures since 12 March 2026. Before: 10 thefts from cars a month. "
            "Target: at most 6 a month by 31 March 2027. Source: recorded incidents, beat K2."
        ),
        told=Told(NO_MONTH, {"day": date(2026, 3, 12), "before": "10", "unit": "thefts from cars"}),
    )


def test_a_fall_that_chance_would_rarely_bring() -> None:
    """120 before, 60 after: the same months of the year before, ratio 0.5."""
    moved = standing(series([20] * 12, [10] * 6), date(2026, 10, 5), baseline=Fraction(20), target=Fraction(10))
    assert (moved.change, moved.headline) == (Change.MOVED, "Fewer than before")
    assert moved.interval is not None
    assert moved.interval.high < 1
    assert (moved.latest, moved.reached, moved.way) == (Fraction(10), True, Fraction(1))
    assert moved.sentence == (
        "60 thefts from cars in April to September 2026 instead of about 120 expected; "
        "chance alone would rarely do that. "
        "Expected: as many a month as before (120 in the same months before). There is no area to compare with. "
        "Target: at most 10 a month by 31 March 2027, reached: 10 a month. Source: recorded incidents, beat K2."
    )


def test_a_small_fall_may_be_chance() -> None:
    chance = standing(series([10] * 12, [9, 8, 8, 6, 7, 5]), date(2026, 10, 5))
    assert (chance.change, chance.headline) == (Change.NO_DETECTABLE_CHANGE, "No detectable change")
    assert chance.interval is not None
    assert chance.interval.includes(1)
    assert (chance.latest, chance.reached, chance.way) == (Fraction(43, 6), False, Fraction(17, 24))
    assert chance.sentence == (
        "43 thefts from cars in April to September 2026 instead of about 60 expected; that may be chance. "
        "Expected: as many a month as before (60 in the same months before). There is no area to compare with. "
        "Target: at most 6 a month by 31 March 2027, not reached yet: 7.2 a month. "
        "Source: recorded incidents, beat K2."
    )


def test_more_than_before_is_worse_when_fewer_were_wanted() -> None:
    worse = standing(series([10] * 12, [20] * 6), date(2026, 10, 5))
    assert (worse.change, worse.headline, worse.way) == (Change.WORSE, "More than before", Fraction(0))


def test_more_than_before_is_moved_when_more_were_wanted() -> None:
    more = standing(series([10] * 12, [20] * 6), date(2026, 10, 5), target=Fraction(18), direction=Direction.UP)
    assert (more.change, more.headline, more.reached) == (Change.MOVED, "More than before", True)
    fewer = standing(series([20] * 12, [10] * 6), date(2026, 10, 5), target=Fraction(25), direction=Direction.UP)
    assert (fewer.change, fewer.headline) == (Change.WORSE, "Fewer than before")


def test_the_same_months_are_compared_so_that_a_season_is_no_success() -> None:
    """Every summer has 30 a month and every winter 10: against the whole year before this would look like a rise."""
    year = [30 if month in range(4, 10) else 10 for month in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2)]
    season = standing(series(year, [30] * 6), date(2026, 10, 5))
    assert season.change is Change.NO_DETECTABLE_CHANGE
    assert "180 thefts from cars in April to September 2026 instead of about 180 expected" in season.sentence


def test_without_the_same_months_the_whole_window_before_is_compared() -> None:
    months = series([10] * 4, [10] * 2)
    compared = counted_standing(
        months,
        baseline=Fraction(10),
        baseline_months=4,
        target=Fraction(6),
        direction=Direction.DOWN,
        starts_on=STARTS_ON,
        due_on=DUE_ON,
        today=date(2026, 6, 2),
        unit="thefts from cars",
        source="recorded incidents",
    )
    assert compared.change is Change.NO_DETECTABLE_CHANGE
    assert "20 thefts from cars in April to May 2026 instead of about 20 expected" in compared.finding
    assert "40 in November 2025 to February 2026" in compared.basis


def test_without_figures_from_before_nothing_is_tested() -> None:
    untested = standing(series([], [5, 5]), date(2026, 6, 2))
    assert (untested.change, untested.headline, untested.interval) == (Change.NOT_TESTED, "Target reached", None)
    assert untested.sentence.startswith(
        "10 thefts from cars in April to May 2026: there are no figures from before to compare with."
    )


def test_no_events_at_all_say_nothing() -> None:
    nothing = standing(series([0] * 12, [0] * 6), date(2026, 10, 5))
    assert (nothing.change, nothing.interval) == (Change.NO_DETECTABLE_CHANGE, None)
    assert "too few to say anything" in nothing.sentence


def test_in_the_second_year_the_months_before_the_goal_stay_the_comparison() -> None:
    moved = standing(series([20] * 12, [10] * 20), date(2027, 12, 1), baseline=Fraction(20), target=Fraction(10))
    assert "120 thefts from cars in December 2026 to November 2027 instead of about 240 expected" in moved.sentence


@given(
    st.lists(st.integers(0, 40), min_size=0, max_size=14),
    st.lists(st.integers(0, 40), min_size=0, max_size=14),
    st.sampled_from(Direction),
)
def test_improved_is_never_written_and_no_change_is_called_inside_the_interval(
    before: list[int], after: list[int], direction: Direction
) -> None:
    told = standing(series(before, after), date(2027, 6, 1), direction=direction)
    assert "improve" not in (told.sentence + told.headline).lower()
    assert "recorded incidents, beat K2" in told.sentence
    if told.change in (Change.MOVED, Change.WORSE):
        assert told.interval is not None
        assert not told.interval.includes(1)


class TestTypedReadings:
    READINGS = (
        TypedReading(date(2026, 2, 1), Fraction(30), "counted by hand, 1 evening"),
        TypedReading(date(2026, 6, 1), Fraction(24), "speed board, 7 days"),
        TypedReading(date(2026, 5, 1), Fraction(26), "speed board, 7 days"),
        TypedReading(date(2026, 9, 1), Fraction(19), "speed board, 7 days"),
    )

    def stand(self, today: date) -> MeasureStanding:
        return typed_standing(
            self.READINGS,
            baseline=Fraction(30),
            target=Fraction(20),
            direction=Direction.DOWN,
            starts_on=STARTS_ON,
            due_on=DUE_ON,
            today=today,
            unit="per cent over the limit",
        )

    def test_the_latest_reading_since_the_start_counts(self) -> None:
        now = self.stand(date(2026, 7, 1))
        assert (now.latest, now.reached, now.way, now.change) == (
            Fraction(24), False, Fraction(3, 5), Change.NOT_TESTED
        )  # fmt: skip
        assert now.headline == "Target not reached yet"
        assert now.sentence == (
            "24 per cent over the limit on 1 June 2026, 30 before; 2 readings, whether it is chance cannot be said. "
            "Target: at most 20 by 31 March 2027, not reached yet: 24. Source: speed board, 7 days."
        )

    def test_a_reached_target_says_so_and_claims_nothing_more(self) -> None:
        later = self.stand(date(2026, 9, 1))
        assert (later.reached, later.way, later.headline) == (True, Fraction(1), "Target reached")

    def test_readings_from_before_the_goal_or_from_the_future_do_not_count(self) -> None:
        early = self.stand(date(2026, 4, 1))
        assert (early.latest, early.change) == (None, Change.TOO_EARLY)
        assert early.sentence == (
            "Too early to say: no reading since 12 March 2026. Before: 30 per cent over the limit. "
            "Target: at most 20 by 31 March 2027."
        )


@pytest.mark.parametrize(
    ("latest", "way"), [(12, Fraction(0)), (10, Fraction(0)), (8, Fraction(1, 2)), (6, Fraction(1)), (2, Fraction(1))]
)
def test_the_way_goes_from_baseline_to_target(latest: int, way: Fraction) -> None:
    assert share_of_the_way(Fraction(10), Fraction(latest), Fraction(6)) == way


def test_the_way_also_goes_up_and_has_no_length_between_equals() -> None:
    assert share_of_the_way(Fraction(4), Fraction(5), Fraction(8)) == Fraction(1, 4)
    assert share_of_the_way(Fraction(4), Fraction(4), Fraction(4)) == 1


def test_at_the_target_is_reached() -> None:
    assert [is_reached(Fraction(value), Fraction(6), Direction.DOWN) for value in (5, 6, 7)] == [True, True, False]
    assert [is_reached(Fraction(value), Fraction(6), Direction.UP) for value in (5, 6, 7)] == [False, True, True]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-300, 300))
def test_months_go_forth_and_back(day: date, months: int) -> None:
    month = month_of(day)
    assert months_later(months_later(month, months), -months) == month


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.dates(date(2020, 1, 1), date(2026, 1, 1)))
def test_complete_months_lie_within_their_days(first_on: date, last_on: date) -> None:
    months = complete_months(first_on, last_on)
    assert all(month >= first_on and months_later(month, 1).toordinal() - 1 <= last_on.toordinal() for month in months)
    assert list(months) == [months_later(months[0], number) for number in range(len(months))] if months else True


def test_no_months_have_no_words() -> None:
    assert months_in_words([]) == ""
