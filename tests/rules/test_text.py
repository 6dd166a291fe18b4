"""Text from people stays text, and plain language stays plain."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import Invalid
from lib.rules.text import clean_text, counted, largest_remainder, listed, percent


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  a  b\t c \n d ", "a b c d"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("e\u0301", "é"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u2067right\u2069 \u200fto\u200e left", "right to left"),
        ("nul\x00l and bell\x07", "null and bell"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("no\u00a0break", "no break"),
        ("family 👨\u200d👩\u200d👧 stays", "family 👨\u200d👩\u200d👧 stays"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("lone \ud800 half", "lone half"),
    ],
)
def test_a_line_is_cleaned_and_never_escaped(typed: str, stored: str) -> None:
    assert clean_text(typed, field="Title", longest=120) == stored


def test_lines_are_kept_where_a_story_needs_them() -> None:
    typed = "\r\n first \r\n\r\n\r\n second\u2028third\x0bfourth\rfifth\n\n"
    assert clean_text(typed, field="Story", longest=120, lines=True) == "first\n\nsecond\nthird\nfourth\nfifth"


def test_a_text_that_is_too_long_is_refused_with_both_numbers() -> None:
    assert clean_text("x" * 120, field="Title", longest=120) == "x" * 120
    with pytest.raises(Invalid) as refused:
        clean_text("x" * 10_000, field="Title", longest=120)
    assert refused.value.sentence == "Title is too long: 120 characters are possible, this has 10,000."
    assert refused.value.field == "Title"


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u202e", "\n\t"])
def test_an_empty_text_is_refused_only_where_it_is_required(typed: str) -> None:
    assert clean_text(typed, field="Words", longest=10) == ""
    with pytest.raises(Invalid, match="Words is empty: please write something"):
        clean_text(typed, field="Words", longest=10, required=True)


@given(st.text(max_size=200), st.booleans())
def test_cleaning_twice_changes_nothing(typed: str, lines: bool) -> None:
    once = clean_text(typed, field="Text", longest=1000, lines=lines)
    assert clean_text(once, field="Text", longest=1000, lines=lines) == once
    assert lines or "\n" not in once


def test_lists_are_read_aloud() -> None:
    assert listed([]) == ""
    assert listed(["a", "b", "c"], last="or") == "a, b or c"


def test_nouns_follow_their_number() -> None:
    assert [counted(number, "reply", "replies") for number in (0, 1, 2)] == ["0 replies", "1 reply", "2 replies"]


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0 %"),
        (Fraction(1, 201), "under 1 %"),
        (Fraction(1, 200), "1 %"),
        (Fraction(1, 2), "50 %"),
        (0.426, "43 %"),
        (Fraction(99, 100), "99 %"),
        (Fraction(199, 200), "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_only_nobody_is_0_and_only_everybody_is_100_per_cent(share: Fraction | float, written: str) -> None:
    assert percent(share) == written.replace(" %", "\N{NO-BREAK SPACE}%")


@given(st.dictionaries(st.integers(), st.fractions(0, 100), max_size=8), st.integers(0, 200))
def test_rounded_shares_add_up_and_are_off_by_less_than_one(shares: dict[int, Fraction], whole: int) -> None:
    parts = largest_remainder(shares, whole)
    total = sum(shares.values())
    assert list(parts) == list(shares)
    if total == 0:
        assert set(parts.values()) <= {0}
    else:
        assert sum(parts.values()) == whole
        assert all(abs(parts[key] - shares[key] * whole / total) < 1 for key in shares)
