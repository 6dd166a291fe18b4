"""Invitations on paper: each code once, as it is typed and as a QR code, in two languages, and nothing else that
differs."""

from datetime import date

import pytest
import segno

from lib.errors import Invalid
from lib.printing.invitations import Invitation, invitations_pdf
from lib.printing.paper import Paper
from lib.rules.ballots import printed_token, token_from_bytes
from tests.printing.reading import facts, pages

ABOUT = Invitation("Beat K2 Pioneer Square", "Lakeside", "https://beat.example", date(2026, 5, 18))
CODES = tuple(token_from_bytes(bytes([number] * 10)) for number in range(5))


def texts(pdf: bytes) -> list[list[str]]:
    return [[word.text for word in page.words] for page in pages(pdf)]


@pytest.mark.parametrize("paper", list(Paper))
def test_four_stand_on_a_sheet_of_either_size(paper: Paper) -> None:
    printed = pages(invitations_pdf(CODES, ABOUT, paper=paper))
    assert [len(page.codes) for page in printed] == [3, 2]
    assert [(round(page.width, 1), round(page.height, 1)) for page in printed] == [paper.value] * 2
    for page in printed:
        assert all(0 < word.x < page.width and 0 < word.y < page.height for word in page.words)


def test_each_code_stands_once_to_scan_and_once_to_type() -> None:
    pdf = invitations_pdf(CODES, ABOUT, paper=Paper.A4)
    words = [text for page in texts(pdf) for text in page]
    for code in CODES:
        groups = printed_token(code).split("-")
        for line in ("-".join(groups[:2]), "-".join(groups[2:])):
            assert line in words
    wanted = [segno.make_qr(f"https://beat.example/pulse/{code}", error="m").matrix for code in CODES]
    drawn = [code.matrix(len(wanted[0])) for page in pages(pdf) for code in page.codes]
    assert sorted(map(str, drawn)) == sorted(str([bytearray(row) for row in each]) for each in wanted)


def test_both_languages_say_until_when() -> None:
    said = " ".join(texts(invitations_pdf(CODES[:1], ABOUT, paper=Paper.A4))[0])
    for words in ("How safe do you feel?", "¿Qué tan seguro se siente?", "May 18, 2026", "18 de mayo de 2026"):
        assert words in said
    for words in ("drawn by lot", "salió sorteado", "Beat K2 Pioneer Square · Lakeside", "beat.example/pulse"):
        assert words in said


def test_the_one_code_of_volunteers_fills_a_sheet() -> None:
    about = Invitation("Beat K2", "Lakeside", "https://beat.example", date(2026, 5, 18), is_volunteer=True)
    (page,) = pages(invitations_pdf(CODES[:1], about, paper=Paper.LETTER))
    assert len(page.codes) == 4
    assert "Everybody who lives here may answer, once." in " ".join(word.text for word in page.words)


def test_the_file_holds_no_time_and_is_the_same_for_the_same_codes() -> None:
    pdf = invitations_pdf(CODES, ABOUT, paper=Paper.A4)
    assert b"CreationDate" not in facts(pdf)
    assert invitations_pdf(CODES, ABOUT, paper=Paper.A4) == pdf


def test_a_beats_name_of_any_length_fits() -> None:
    about = Invitation(
        "Beat " + "漢字 Ñ " * 60, "Lakeside" * 9, "https://" + "very-long." * 12 + "example", date(2026, 5, 1)
    )
    (page,) = pages(invitations_pdf(CODES[:1], about, paper=Paper.A4))
    assert all(word.x < page.width for word in page.words)


def test_nothing_is_printed_without_codes() -> None:
    with pytest.raises(Invalid):
        invitations_pdf((), ABOUT, paper=Paper.A4)
