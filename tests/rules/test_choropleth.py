"""Classes of the map: round, never empty, and a missing figure is not zero."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.rules.choropleth import class_breaks, class_labels, class_of

figures = st.lists(st.one_of(st.none(), st.integers(0, 5000), st.floats(0, 200)), max_size=60)


@pytest.mark.parametrize(
    ("values", "breaks"),
    [
        ([], ()),
        ([None, float("nan")], ()),
        ([7], ()),
        ([0, 0, 0], ()),
        ([0, 1], (1.0,)),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 3], ()),
        (range(0, 60), (10.0, 20.0, 30.0, 40.0, 50.0)),
        ([1, 2, 3, 4, 5, 6], (2.0, 3.0, 4.0, 5.0)),
    ],
)
def test_breaks_are_round_numbers(values: list[float | None], breaks: tuple[float, ...]) -> None:
    assert class_breaks(values) == breaks


@given(figures)
def test_no_class_is_empty_and_there_are_at_most_six(values: list[float | None]) -> None:
    breaks = class_breaks(values)
    filled = Counter(class_of(value, breaks) for value in values if value is not None)
    assert len(breaks) <= 5
    assert list(breaks) == sorted(set(breaks))
    assert set(filled) == (set(range(len(breaks) + 1)) if filled else set())


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_counts_have_whole_breaks(values: list[int]) -> None:
    assert all(number.is_integer() for number in class_breaks(values))


def test_a_missing_figure_has_no_class() -> None:
    assert [class_of(value, (1.0,)) for value in (None, float("nan"), 0, 1)] == [None, None, 0, 1]


def test_legends_name_every_class() -> None:
    assert class_labels((1.0, 2.0, 10.0, 1500.0), counts=True) == (
        "under 1", "1", "2 to 9", "10 to 1,499", "1,500 and more"
    )  # fmt: skip
    assert class_labels((0.25, 1.0, 12.0), counts=False) == (
        "under 0.25", "0.25 to under 1.00", "1.00 to under 12.00", "12.00 and more"
    )  # fmt: skip
    assert class_labels((), counts=True) == ("all",)
