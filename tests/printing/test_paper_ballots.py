"""The slip as a ballot of paper: which rounds fit, and whether everybody can read and mark them."""

import re
from collections import Counter

import pytest

from lib.errors import Invalid
from lib.printing.paper import AREA, Grid, Paper
from lib.printing.paper_ballots import NONE, RECEIPT, PaperRound
from lib.printing.parts import STUB
from lib.rules.lifecycle import Electorate
from tests.printing.reading import Page, pages
from tests.printing.test_slips import batch, printed

SHORT = "A gym open on Fridays"
USUAL = "Slow the cars at the school on Cherry Street"
LONGEST = (
    "Light the path on 23rd Avenue between Cherry and Jefferson, and keep it lit until the last bus has gone home at ni"
)


def rounds(number: int, goals: int, title: str) -> tuple[PaperRound, ...]:
    return tuple(
        PaperRound(place, "Which goals shall we work on?", tuple(f"{title} {each}" for each in range(1, goals + 1)))
        for place in range(1, number + 1)
    )


def first_page(*paper_rounds: PaperRound, paper: Paper = Paper.A4, side: Electorate = Electorate.RESIDENTS) -> Page:
    [page] = pages(printed(batch(1), rounds=paper_rounds, paper=paper, side=side))
    return page


@pytest.mark.parametrize("paper", [Paper.A4, Paper.LETTER], ids=["a4", "letter"])
@pytest.mark.parametrize(
    ("number", "goals", "title", "on_sheet"),
    [
        (1, 1, SHORT, 2),
        (1, 6, USUAL, 2),
        (1, 12, USUAL, 1),
        (1, 12, LONGEST, 1),
        (2, 8, USUAL, 1),
        (3, 6, LONGEST, 1),
        (3, 12, USUAL, 1),
    ],
    ids=["one goal", "usual", "twelve goals", "twelve long goals", "two rounds", "long goals", "all that is possible"],
)
def test_every_goal_stands_in_readable_type_with_its_number_within_its_piece(
    paper: Paper, number: int, goals: int, title: str, on_sheet: int
) -> None:
    printing = rounds(number, goals, title)
    page = first_page(*printing, paper=paper)
    grid = Grid(paper, 1, on_sheet)
    bottom, tear = grid.top + grid.piece_height, grid.left + AREA[0] - STUB
    text = " ".join(word.text for word in page.words)
    for each in printing:
        assert f"Round {each.number} · Votación {each.number}" in text
    readable = [word for word in page.words if word.size >= 10]
    numbers = Counter(int(word.text) for word in readable if re.fullmatch(r"\d{1,2}", word.text) and word.x < tear)
    assert {place: numbers[place] for place in range(1, goals + 1)} == dict.fromkeys(range(1, goals + 1), number)
    words_of_titles = " ".join(word.text for word in readable)
    assert words_of_titles.count(title.split(maxsplit=1)[0]) == number * goals
    assert (text.count(NONE), text.count(RECEIPT)) == (number, number)
    assert max(word.y for word in page.words) < bottom - 1.5


def test_boxes_are_as_many_as_goals_and_one_for_none_of_them() -> None:
    """A box is an outline of its own; the sheet has no other for residents."""
    few, many = (first_page(*rounds(1, goals, SHORT)) for goals in (3, 8))
    assert many.outlines - few.outlines == 5
    assert few.outlines == 4


def test_a_side_without_trackers_gets_no_line_for_one() -> None:
    sealed = PaperRound(1, "Which goals shall we work on?", (SHORT,), has_receipt=False)
    page = first_page(sealed, side=Electorate.OFFICERS)
    assert not any(RECEIPT in word.text for word in page.words)


@pytest.mark.parametrize(
    ("printing", "sentence"),
    [
        (rounds(4, 2, SHORT), "A paper ballot has room for 3 rounds, not 4: print two batches."),
        (rounds(1, 13, SHORT), "Round 1 has 13 goals; a paper ballot has room for 1 to 12."),
        (rounds(1, 0, SHORT), "Round 1 has 0 goals; a paper ballot has room for 1 to 12."),
        (
            rounds(3, 12, LONGEST),
            "These rounds do not fit on one sheet in type that everybody can read: "
            "print fewer rounds on a slip, or shorten the titles of the goals.",
        ),
    ],
    ids=["four rounds", "thirteen goals", "no goal", "too long"],
)
def test_what_nobody_could_read_is_refused(printing: tuple[PaperRound, ...], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        first_page(*printing)
    assert refused.value.sentence == sentence
