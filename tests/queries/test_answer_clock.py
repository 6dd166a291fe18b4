"""How long a first answer takes: those who wait are counted as waiting, and both databases count alike."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from lib.model import Category, Concern
from lib.queries.answer_clock import ClockRow, answer_clocks
from lib.rules.answer_clock import FEWEST, AnswerClock, answer_clock, clocks_by_group
from lib.rules.lifecycle import ConcernStatus
from lib.services.answers import answer_concern
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_category, a_concern, a_person, uuid_of
from tests.counting import counted_statements


def raised(beat: int, days_ago: float, answered_after: float | None = None, **more: object) -> int:
    """A concern raised so many days before NOON, answered after so many days."""
    at = NOON - timedelta(days=days_ago)
    concern = a_concern(beat, reported_at=at, **more)  # type: ignore[arg-type]
    if answered_after is not None:
        with writing() as db:
            db.get_one(Concern, concern).answered_at = at + timedelta(days=answered_after)
    return concern


def test_the_clock_of_each_beat_and_category_takes_one_statement(database: str) -> None:
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    lighting = a_category("street_lighting")
    for day in range(1, 11):
        raised(here, 300, day)
    for _ in range(3):
        raised(there, 20, category_id=lighting)
    with counted_statements() as sent:
        rows = answer_clocks(now=NOON)
    assert len(sent) == 1
    waiting, answered = AnswerClock(3, 3, None, None), AnswerClock(10, 0, 5.0, 9.0)
    rounded = [
        ClockRow(row.beat, row.category, AnswerClock(row.clock.n, row.clock.waiting, *_rounded(row.clock)))
        for row in rows
    ]
    assert rounded == [
        ClockRow(None, None, AnswerClock(13, 3, 7.0, None)),
        ClockRow("K2", None, answered),
        ClockRow("K3", None, waiting),
        ClockRow(None, "noise", answered),
        ClockRow(None, "street_lighting", waiting),
        ClockRow("K2", "noise", answered),
        ClockRow("K3", "street_lighting", waiting),
    ]
    assert [row.beat for row in answer_clocks(now=NOON, beat_codes=["K3"], by_category=False)] == [None, "K3"]


def _rounded(clock: AnswerClock) -> tuple[float | None, float | None]:
    return tuple(None if days is None else round(days, 6) for days in (clock.median, clock.ninetieth))  # type: ignore[return-value]


def test_what_was_raised_before_the_window_erased_split_off_or_never_public_is_not_counted(database: str) -> None:
    beat = a_beat()
    whole = raised(beat, 10)
    raised(beat, 366)
    raised(beat, -1)
    hidden = a_category("at_home")
    raised(beat, 10, category_id=hidden)
    part, erased = raised(beat, 10), raised(beat, 10)
    with writing() as db:
        db.get_one(Category, hidden).is_public = False
        db.get_one(Concern, part).split_from_id = whole
        gone = db.get_one(Concern, erased)
        gone.erased_at, gone.text = NOON, ""
    assert [row.clock.n for row in answer_clocks(now=NOON)] == [1, 1, 1, 1]


def test_an_answer_stops_the_clock(database: str) -> None:
    beat = a_beat()
    officer = a_person(beats=(beat,))
    for _ in range(10):
        concern = uuid_of(Concern, raised(beat, 10))
        for days, status in ((4, ConcernStatus.PLANNED), (1, ConcernStatus.SOLVED)):
            answer_concern(
                actor=officer, concern_uuid=concern, status=status, text="Told", now=NOON - timedelta(days=days)
            )
    clock = answer_clocks(now=NOON)[0].clock
    assert _rounded(clock) == (6.0, 6.0)


def test_without_a_concern_the_clock_says_so(database: str) -> None:
    assert answer_clocks(now=NOON) == (ClockRow(None, None, AnswerClock(0, 0, None, None)),)


@given(st.lists(st.floats(0, 400), min_size=10, max_size=60), st.lists(st.floats(0, 400), max_size=30))
def test_who_waits_never_makes_the_clock_quicker(answered: list[float], waiting: list[float]) -> None:
    """More people who wait longer than anybody was answered can only move the figures up, or out of sight."""
    alone = answer_clock(answered, [])
    longer = answer_clock(answered, [max(answered) + 1 for _ in waiting])
    assert alone.median is not None
    for before, after in ((alone.median, longer.median), (alone.ninetieth, longer.ninetieth)):
        assert after is None or (before is not None and after >= before)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12), st.booleans()), max_size=120),
)
def test_every_group_has_the_survival_curve_that_scipy_draws(waits: list[tuple[int, int, bool]]) -> None:
    """Many equal days, answers and waits on the same day, groups without anybody."""
    columns = np.array(waits, int).reshape(-1, 3)
    group, days, is_answered = columns[:, 0], columns[:, 1].astype(float), columns[:, 2].astype(bool)
    assert clocks_by_group(group, days, is_answered, 4) == [
        drawn_by_scipy(days[(group == each) & is_answered], days[(group == each) & ~is_answered]) for each in range(4)
    ]


def drawn_by_scipy(answered: np.ndarray, waiting: np.ndarray) -> AnswerClock:
    """The clock read off Kaplan and Meier's curve in `scipy.stats.ecdf`."""
    n = len(answered) + len(waiting)
    if n < FEWEST:
        return AnswerClock(n, len(waiting), None, None)
    curve = ecdf(CensoredData(uncensored=answered, right=waiting)).sf
    reached = [curve.quantiles[curve.probabilities <= share + 1e-9] for share in (0.5, 0.1)]
    return AnswerClock(n, len(waiting), *(float(days[0]) if len(days) else None for days in reached))


@pytest.mark.parametrize("answered", [[-3.0] * 10, [0.0] * 10])
def test_a_clock_that_ran_backwards_counts_as_at_once(answered: list[float]) -> None:
    assert answer_clock(answered, []) == AnswerClock(10, 0, 0.0, 0.0)
