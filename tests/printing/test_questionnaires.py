"""The pulse on paper: every question with every answer, front and back of one sheet, in type that everybody reads."""

from datetime import date

import pytest
import segno

from lib.errors import Invalid
from lib.printing.paper import Paper
from lib.printing.questionnaires import LANGUAGES, PAGES_EACH, Questionnaire, questionnaires_pdf
from lib.rules.ballots import printed_token, token_from_bytes
from lib.rules.instrument import INSTRUMENTS, PRESENT, QuestionKind, instrument
from tests.printing.reading import facts, pages

ABOUT = Questionnaire("K2 Pioneer Square", "Lakeside", "https://beat.example", PRESENT, date(2026, 5, 18))
CODES = tuple(token_from_bytes(bytes([number] * 10)) for number in range(3))

SMALLEST = 12.0
"""Points: what people without their glasses still read."""


def said(pdf: bytes) -> list[str]:
    """Each page's words in one line."""
    return [" ".join(word.text for word in page.words if word.text.strip()) for page in pages(pdf)]


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("version", sorted(INSTRUMENTS))
def test_every_question_and_answer_stands_on_one_sheet(version: str, language: str, paper: Paper) -> None:
    about = Questionnaire("K2", "Lakeside", "https://beat.example", version)
    pdf = questionnaires_pdf(CODES[:1], about, paper=paper, languages=(language,))
    printed = pages(pdf)
    assert [(round(page.width, 1), round(page.height, 1)) for page in printed] == [paper.value] * PAGES_EACH
    whole = " ".join(said(pdf))
    for question in instrument(version).questions:
        words = question.in_language(language)
        assert words.ask in whole
        assert all(answer in whole for answer in words.answers)
    boxes = {QuestionKind.CHOICE: lambda each: len(each.values), QuestionKind.SCALE: lambda _each: 11}
    wanted = sum(boxes[each.kind](each) for each in instrument(version).questions if each.kind in boxes)
    assert sum(page.outlines for page in printed) == wanted


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("language", LANGUAGES)
def test_type_is_large_and_nothing_leaves_the_paper(language: str, paper: Paper) -> None:
    printed = pages(questionnaires_pdf(CODES[:1], ABOUT, paper=paper, languages=(language,)))
    words = [(page, word) for page in printed for word in page.words if word.text.strip()]
    assert min(word.size for _page, word in words) >= SMALLEST
    assert all(7 <= word.x < page.width - 7 and 7 <= word.y < page.height - 5 for page, word in words)
    (code,) = printed[0].codes
    beside = [word for word in printed[0].words if word.y <= code.top + 33]
    assert all(word.x < code.left for word in beside)


def test_each_sheet_carries_its_own_code_to_scan_and_to_type_on_both_sides() -> None:
    pdf = questionnaires_pdf(CODES, ABOUT, paper=Paper.A4)
    for place, code in enumerate(CODES):
        front, back = said(pdf)[2 * place : 2 * place + 2]
        assert printed_token(code) in front
        assert f"Code: {printed_token(code)}" in back
        others = [printed_token(other) for other in CODES if other != code]
        assert not any(other in front + back for other in others)
    wanted = [segno.make_qr(f"https://beat.example/pulse/{code}", error="m").matrix for code in CODES]
    drawn = [code.matrix(len(wanted[0])) for page in pages(pdf) for code in page.codes]
    assert drawn == [[bytearray(row) for row in each] for each in wanted]


def test_without_codes_there_are_sixteen_boxes_to_write_one_into() -> None:
    with_code, without = (pages(questionnaires_pdf(codes, ABOUT, paper=Paper.A4)) for codes in (CODES[:1], ()))
    assert sum(page.outlines for page in without) == sum(page.outlines for page in with_code) + 16
    assert [len(page.codes) for page in without] == [0, 0]
    assert "Copy the code of your invitation here" in " ".join(word.text for word in without[0].words)


def test_both_languages_stand_one_after_the_other_with_one_code() -> None:
    english, _back, spanish, _dorso = said(questionnaires_pdf(CODES[:1], ABOUT, paper=Paper.A4, languages=("en", "es")))
    assert "How safe do you feel?" in english
    assert "by May 18, 2026" in english
    assert "Beat K2 Pioneer Square · Lakeside" in english
    assert "¿Qué tan seguro se siente?" in spanish
    assert "hasta el 18 de mayo de 2026" in spanish
    assert printed_token(CODES[0]) in english
    assert printed_token(CODES[0]) in spanish


def test_the_file_holds_no_time_is_the_same_for_the_same_codes_and_asks_for_both_sides() -> None:
    pdf = questionnaires_pdf(CODES, ABOUT, paper=Paper.LETTER)
    assert b"CreationDate" not in facts(pdf)
    assert b"DuplexFlipLongEdge" in facts(pdf)
    assert questionnaires_pdf(CODES, ABOUT, paper=Paper.LETTER) == pdf


def test_a_beats_name_of_any_length_fits() -> None:
    about = Questionnaire("漢字 Ñ " * 60, "Lakeside" * 9, "https://" + "very-long." * 12 + "example", PRESENT)
    for page in pages(questionnaires_pdf(CODES[:1], about, paper=Paper.A4)):
        assert all(word.x < page.width for word in page.words)


@pytest.mark.parametrize("languages", [(), ("tl",), ("en", "xx")])
def test_a_language_that_it_is_not_printed_in_is_refused(languages: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="English and in Spanish"):
        questionnaires_pdf(CODES, ABOUT, paper=Paper.A4, languages=languages)
