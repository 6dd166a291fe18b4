"""Minutes on paper: every word is there, on as many pages as it takes, and nothing typed is anything but text."""

from dataclasses import replace

import pytest

from lib.printing.minutes import PrintedMinutes, minutes_pdf
from lib.printing.paper import Paper
from tests.printing.reading import facts, pages

MINUTES = PrintedMinutes(
    title="Autumn meeting, Pioneer Square",
    beats="K2 Pioneer Square",
    city="Lakeside",
    when="Tuesday 8 December 2026, 6:30 pm to 8:00 pm",
    place="Community Room, 105 Yesler Way",
    sections=(
        ("Decided", ("Round 1, Which goals? Two goals adopted.\nAdopted: Lamps (place 1).",)),
        ("Noted", ("The choir sang.",)),
    ),
    approved="Approved by both sides on 9 December 2026.",
    fingerprint="acea 0884 305f",
    address="http://localhost:8501/meetings?meeting=1",
)


def read(pdf: bytes) -> list[str]:
    """Each page's words, in the order in which they are drawn."""
    return [" ".join(word.text for word in page.words if word.text.strip()) for page in pages(pdf)]


@pytest.mark.parametrize("paper", Paper)
def test_short_minutes_are_one_page_with_everything_on_it(paper: Paper) -> None:
    pdf = minutes_pdf(MINUTES, paper=paper)
    (page,) = pages(pdf)
    assert read(pdf) == [
        "Minutes · Lakeside Autumn meeting, Pioneer Square Beat K2 Pioneer Square "
        "Tuesday 8 December 2026, 6:30 pm to 8:00 pm · Community Room, 105 Yesler Way "
        "Approved by both sides on 9 December 2026. Decided Round 1, Which goals? Two goals adopted. "
        "Adopted: Lamps (place 1). Noted The choir sang. Fingerprint of the approved text: acea 0884 305f "
        "http://localhost:8501/meetings?meeting=1 Page 1 of 1"
    ]
    assert all(
        7 <= word.x < page.width - 7 and 7 <= word.y < page.height - 7 for word in page.words if word.text != " "
    )


def test_long_minutes_go_on_over_the_pages_and_lose_no_line() -> None:
    lines = tuple(f"Line {number}: " + "somebody said something long and true " * 6 for number in range(90))
    texts = read(minutes_pdf(replace(MINUTES, sections=(("Noted", lines),)), paper=Paper.A4))
    assert len(texts) > 4
    whole = " ".join(texts)
    assert [f"Line {number}:" in whole for number in range(90)] == [True] * 90
    assert whole.count("somebody said something long and true") >= 90 * 4
    assert [f"Page {number} of {len(texts)}" in text for number, text in enumerate(texts, 1)] == [True] * len(texts)


def test_one_line_longer_than_a_page_is_broken_and_a_heading_never_stands_alone() -> None:
    endless = "word " * 4000
    texts = read(minutes_pdf(replace(MINUTES, sections=(("Noted", (endless,)),)), paper=Paper.LETTER))
    assert sum(text.count("word") for text in texts) == 4000
    for number in range(20, 60):
        sections = (("Promised", ("filled",) * number), ("Noted", ("x y z",)))
        for text in read(minutes_pdf(replace(MINUTES, sections=sections), paper=Paper.A4)):
            assert "Noted Fingerprint" not in text


def test_what_people_typed_is_text_in_any_script_and_the_file_tells_no_time() -> None:
    typed = replace(
        MINUTES, title="<b>(bold)\\</b> שלום", sections=(("Noted", ("/JavaScript (alert) \N{PARTY POPPER} 漢字",)),)
    )
    pdf = minutes_pdf(typed, paper=Paper.A4)
    (text,) = read(pdf)
    assert "<b>(bold)\\</b>" in text
    assert "/JavaScript (alert)" in text
    assert b"/JavaScript" not in facts(pdf)
    assert b"CreationDate" not in pdf
    assert pdf == minutes_pdf(typed, paper=Paper.A4)
