"""What became of a solved concern: who is asked when, what is shown, and that two "worse" open it again."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lib.errors import Conflict, NotFound
from lib.model import Concern, ConcernAnswer, ConcernOutcome, LogEntry
from lib.queries.concern_line import AnswerRow
from lib.queries.concern_outcome import (
    AskedConcern,
    BeatOutcome,
    asked_concerns,
    beat_outcomes,
    outcomes_shown,
)
from lib.queries.concern_story import followed_concern
from lib.rules.concern_outcome import REOPENED
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import ConcernStatus
from lib.rules.residents_word import WordCount
from lib.services.answers import answer_concern
from lib.services.concern_outcome import answer_outcome
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_concern, a_person, uuid_of
from tests.goal_builders import a_follow_link, a_supporter

SOLVED_ON = date(2026, 5, 4)
ASKED = SOLVED_ON + timedelta(days=28)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class Solved:
    """A concern that was called solved on 4 May, with its reporter's link and those of three supporters."""

    def __init__(self) -> None:
        a_city()
        self.beat = a_beat()
        self.officer = a_person(beats=(self.beat,))
        self.id = a_concern(self.beat)
        self.uuid: UUID = uuid_of(Concern, self.id)
        self.link = a_follow_link(self.id)
        self.supporters = [a_supporter(self.id) for _ in range(3)]
        self.call(ConcernStatus.SOLVED, SOLVED_ON)

    def call(self, status: ConcernStatus, on: date) -> None:
        answer_concern(actor=self.officer, concern_uuid=self.uuid, status=status, text="Told", now=noon(on))

    def say(self, link: str, answer: ResidentsWord, on: date = ASKED) -> ConcernStatus:
        return answer_outcome(follow_secret=link, concern_uuid=self.uuid, answer=answer, now=noon(on))

    def shown(self, on: date) -> WordCount | None:
        return outcomes_shown([self.uuid], today=on).get(self.uuid)


def test_from_four_weeks_after_it_was_called_solved_everybody_who_followed_is_asked(database: str) -> None:
    at = Solved()
    early, asked = asked_concerns(at.link, today=ASKED - timedelta(days=1)), asked_concerns(at.link, today=ASKED)
    about = AskedConcern(at.uuid, "Loud music every Friday night", SOLVED_ON, ASKED, True, None)
    assert asked == (about,)
    assert [each.is_asked for each in early] == [False]
    with pytest.raises(Conflict, match="four weeks"):
        at.say(at.link, ResidentsWord.SOLVED, ASKED - timedelta(days=1))
    at.say(at.link, ResidentsWord.SOLVED)
    at.say(at.link, ResidentsWord.SAME)
    assert [each.answer for each in asked_concerns(at.link, today=ASKED)] == [ResidentsWord.SAME]
    with reading() as db:
        assert len(db.scalars(select(ConcernOutcome.answerer)).all()) == 1
        assert {entry.action for entry in db.scalars(select(LogEntry))} == {"concern_answered"}


def test_a_link_made_after_the_solving_or_about_something_else_is_refused(database: str) -> None:
    at = Solved()
    late = a_supporter(at.id, SOLVED_ON)
    assert asked_concerns(late, today=ASKED) == ()
    with pytest.raises(Conflict, match="made after"):
        at.say(late, ResidentsWord.WORSE)
    stranger = a_follow_link(a_concern(at.beat))
    for link, concern in ((stranger, at.uuid), ("nothing", at.uuid), (at.link, uuid4())):
        with pytest.raises(NotFound, match="leads nowhere"):
            answer_outcome(follow_secret=link, concern_uuid=concern, answer=ResidentsWord.WORSE, now=noon(ASKED))
    with reading() as db:
        assert db.scalars(select(ConcernOutcome.concern_id)).all() == []


@pytest.mark.parametrize(
    "status", [status for status in ConcernStatus if status not in (ConcernStatus.SOLVED, ConcernStatus.DUPLICATE)]
)
def test_only_a_solved_concern_is_asked_about(sqlite_database: str, status: ConcernStatus) -> None:
    a_city()
    concern = a_concern(a_beat(), status=status)
    link = a_follow_link(concern)
    assert asked_concerns(link, today=date(2030, 1, 1)) == ()
    with pytest.raises(Conflict, match="Nobody is asked"):
        answer_outcome(
            follow_secret=link,
            concern_uuid=uuid_of(Concern, concern),
            answer=ResidentsWord.WORSE,
            now=noon(date(2030, 1, 1)),
        )


def test_two_worse_within_ninety_days_open_it_again_by_rule(database: str) -> None:
    at = Solved()
    assert at.say(at.link, ResidentsWord.WORSE) is ConcernStatus.SOLVED
    later = ASKED + timedelta(days=89)
    assert at.say(at.supporters[0], ResidentsWord.WORSE, later) is ConcernStatus.INVESTIGATING
    story = followed_concern(at.link)
    assert story.answers[-1] == AnswerRow(ConcernStatus.INVESTIGATING, REOPENED, noon(later), "")
    with reading() as db:
        row = db.get_one(Concern, at.id)
        assert (row.closed_at, row.answered_at) == (None, noon(SOLVED_ON))
        entries = [(entry.action, entry.actor_id, entry.facts) for entry in db.scalars(select(LogEntry))]
        assert entries[-1] == ("concern_reopened", None, {})
        assert db.scalars(select(ConcernAnswer.person_id)).all() == [at.officer.person_id, None]
    with pytest.raises(Conflict, match="Nobody is asked"):
        at.say(at.supporters[1], ResidentsWord.WORSE, later)
    at.call(ConcernStatus.SOLVED, later + timedelta(days=1))
    again = later + timedelta(days=29)
    assert [each.answer for each in asked_concerns(at.link, today=again)] == [None]
    assert at.say(at.supporters[1], ResidentsWord.WORSE, again) is ConcernStatus.SOLVED


def test_two_worse_further_apart_do_not(database: str) -> None:
    at = Solved()
    at.say(at.link, ResidentsWord.WORSE)
    assert at.say(at.supporters[0], ResidentsWord.WORSE, ASKED + timedelta(days=90)) is ConcernStatus.SOLVED


def test_answers_show_from_three_on_and_from_the_day_after(database: str) -> None:
    at = Solved()
    tomorrow = ASKED + timedelta(days=1)
    at.say(at.link, ResidentsWord.SOLVED)
    at.say(at.supporters[0], ResidentsWord.BETTER)
    assert at.shown(tomorrow) is None
    at.say(at.supporters[1], ResidentsWord.SAME)
    assert (at.shown(ASKED), at.shown(tomorrow)) == (None, WordCount(solved=1, better=1, same=1))
    a_concern(at.beat, status=ConcernStatus.NO_FURTHER_ACTION)
    a_concern(at.beat, status=ConcernStatus.NEW)
    assert beat_outcomes(today=tomorrow) == (BeatOutcome("K2", 1, 1, 1, WordCount(solved=1, better=1, same=1)),)
    assert beat_outcomes(today=ASKED - timedelta(days=1)) == (BeatOutcome("K2", 1, 1, 0, WordCount()),)


def test_who_followed_a_merged_concern_answers_for_the_original_once(database: str) -> None:
    at = Solved()
    at.call(ConcernStatus.INVESTIGATING, SOLVED_ON)
    merged = a_concern(at.beat)
    link = a_follow_link(merged)
    both = [a_supporter(row, device="one phone") for row in (at.id, merged)]
    answer_concern(
        actor=at.officer,
        concern_uuid=uuid_of(Concern, merged),
        status=ConcernStatus.DUPLICATE,
        text="The same",
        duplicate_of=at.uuid,
        now=noon(SOLVED_ON),
    )
    at.call(ConcernStatus.SOLVED, SOLVED_ON)
    assert [each.uuid for each in asked_concerns(link, today=ASKED)] == [at.uuid]
    for secret in (link, *both):
        at.say(secret, ResidentsWord.BETTER)
    with reading() as db:
        assert len(db.scalars(select(ConcernOutcome.answerer)).all()) == 2
