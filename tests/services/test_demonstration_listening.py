"""The demonstration city shows what became of concerns, as if it had been done through the product."""

from datetime import date

from sqlalchemy import func, select

from lib.model import AnswerTemplate, Concern, ConcernAnswer, ConcernOutcome
from lib.queries.concern_outcome import beat_outcomes
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import ConcernStatus
from lib.services.demonstration import Loaded
from lib.storage.transaction import reading

TODAY = date(2026, 11, 24)


def test_concerns_are_passed_on_merged_split_judged_and_opened_again(sqlite_demonstration: Loaded) -> None:
    with reading() as db:
        without = db.scalar(
            select(func.count()).where(Concern.status == ConcernStatus.REFERRED, Concern.referred_to_id.is_(None))
        )
        merged = db.execute(
            select(ConcernAnswer.other_id, Concern.duplicate_of_id)
            .join(Concern, Concern.id == ConcernAnswer.concern_id)
            .where(ConcernAnswer.status == ConcernStatus.DUPLICATE)
        ).all()
        parts = db.scalar(select(func.count()).where(Concern.split_from_id.is_not(None)))
        by_rule = db.scalars(select(ConcernAnswer.concern_id).where(ConcernAnswer.person_id.is_(None))).all()
        worse = db.execute(
            select(ConcernOutcome.concern_id, func.count())
            .where(ConcernOutcome.answer == ResidentsWord.WORSE)
            .group_by(ConcernOutcome.concern_id)
            .having(func.count() > 1)
        ).all()
        templates = db.scalar(select(func.count()).select_from(AnswerTemplate))
        last = db.scalar(select(func.max(ConcernOutcome.answered_on)))
    assert (without, parts, templates) == (0, 2, 6)
    assert merged
    assert all(other == original for other, original in merged)
    assert by_rule
    assert sorted(row.concern_id for row in worse) == sorted(by_rule)
    assert last is not None
    assert last <= TODAY
    outcomes = beat_outcomes(today=TODAY)
    assert sum(row.word.total for row in outcomes) > 50
    assert 0.5 < sum(row.word.improved for row in outcomes) / sum(row.word.total for row in outcomes) < 0.9
