"""The wording of the pulse never changes once it was asked, and says where it is from."""

from lib.model import PulseAnswer
from lib.rules.instrument import INSTRUMENTS, PRESENT, QuestionKind, instrument

FINGERPRINTS = {"2026-1": "35816fb0059b724e2c379d15f9d97dbdc72ca45285ca6039931941ec6dd074f7"}
"""A version whose words change here was edited: add a new one instead."""


def test_no_version_was_edited() -> None:
    assert {version: each.fingerprint for version, each in INSTRUMENTS.items()} == FINGERPRINTS


def test_every_question_is_a_column_has_a_source_and_speaks_both_languages() -> None:
    columns = {column.key: column for column in PulseAnswer.__table__.columns}
    for version in INSTRUMENTS.values():
        assert len({question.key for question in version.questions}) == len(version.questions)
        for question in version.questions:
            assert question.key in columns
            assert len(question.source) > 10
            assert set(question.words) == {"en", "es"}
            for words in question.words.values():
                wanted = {QuestionKind.CHOICE: len(question.values), QuestionKind.SCALE: 2, QuestionKind.TEXT: 0}
                assert len(words.answers) == wanted[question.kind]
            assert question.in_language("tl") == question.words["en"]


def test_wording_taken_from_a_survey_and_our_own_are_told_apart() -> None:
    own = {question.key: question.is_own_wording for question in instrument(PRESENT).questions}
    assert own == {
        "after_dark": False,
        "by_day": True,
        "safety": False,
        "respect": False,
        "listens": False,
        "compared": True,
        "took_part": True,
        "top_issue": True,
    }
    assert "European Social Survey" in instrument(PRESENT).question("after_dark").source
    assert instrument(PRESENT).question("by_day").source.startswith("Our own wording")
