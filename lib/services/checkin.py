"""Voluntary answers at the door, as totals: nothing ties an answer to a person, a pass, a time or another answer."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib.errors import Conflict, Invalid, NotFound
from lib.model import CheckinAnswer, Meeting
from lib.queries.checkin import questions_asked
from lib.rules.checkin import ANSWERS_AT_A_TIME, Question
from lib.rules.lifecycle import MeetingState
from lib.rules.rights import Actor, Right, require
from lib.services.log import record
from lib.storage.transaction import writing

MOST_HANDS = 5000
"""No hall holds more."""


def count_answers(*, actor: Actor | None, meeting_id: int, answers: Mapping[str, str]) -> None:
    """Add one to the total of each answer; a question that is left out or "" was not answered. Not logged.

    Every total of the meeting is written anew each time, whichever answer was given: so the database's own marks on
    its rows do not tell which answers came together. Raises SignInNeeded, NotAllowed, NotFound, Conflict (meeting
    over), Invalid (no such answer).
    """
    require(actor, Right.HAND_OUT_PASSES)
    with writing() as db:
        questions = _questions_of_running(db, meeting_id)
        given = {(key, answer) for key, answer in answers.items() if answer}
        known = {(question.key, answer) for question in questions for answer in question.answers}
        if not given <= known:
            raise Invalid("This is no answer to that question. Choose one from the list.")
        if not given:
            return
        _write(db, meeting_id, {each: int(each in given) for each in known}, adds=True)


def count_hands(*, actor: Actor | None, meeting_id: int, question: str, hands: Mapping[str, int]) -> None:
    """Replace the totals of one question by hands that were counted in the room; later answers at the door are added.

    The log keeps that they were counted and how many there were, not the single totals. Raises SignInNeeded,
    NotAllowed, NotFound (meeting, question), Conflict (meeting over), Invalid (answers, numbers).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        asked = next((each for each in _questions_of_running(db, meeting_id) if each.key == question), None)
        if asked is None:
            raise NotFound("This question is not asked at this meeting. Reload the page.")
        if set(hands) != set(asked.answers):
            raise Invalid("Count the hands for every answer of the question; nobody is 0.", field="hands")
        if any(not 0 <= number <= MOST_HANDS for number in hands.values()):
            raise Invalid(f"Write how many hands there were, from 0 to {MOST_HANDS:,}.", field="hands")
        _write(db, meeting_id, {(question, answer): number for answer, number in hands.items()}, adds=False)
        meeting = db.get_one(Meeting, meeting_id)
        record(db, person, "hands_counted", "meeting", meeting.uuid, question=question, hands=sum(hands.values()))


def _questions_of_running(db: Session, meeting_id: int) -> tuple[Question, ...]:
    """The meeting's row is only read: PostgreSQL would write this transaction's number into a locked one."""
    meeting = db.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound("This meeting does not exist. Choose one from the list of meetings.")
    if meeting.state not in (MeetingState.PLANNED, MeetingState.OPEN):
        raise Conflict("This meeting is over; nothing is asked at its door any more.")
    return questions_asked(meeting_id)


def _write(db: Session, meeting_id: int, totals: Mapping[tuple[str, str], int], *, adds: bool) -> None:
    """The rows in one order, so that no two writers wait for each other and none loses a count."""
    made = (postgresql if db.get_bind().dialect.name == "postgresql" else sqlite).insert(CheckinAnswer)
    made = made.values(
        [
            {"meeting_id": meeting_id, "question": question, "answer": answer, "number": number}
            for (question, answer), number in sorted(totals.items())
        ]
    )
    number = CheckinAnswer.number + made.excluded.number if adds else made.excluded.number
    db.execute(made.on_conflict_do_update(index_elements=["meeting_id", "question", "answer"], set_={"number": number}))
    _move_what_is_shown(db, meeting_id, at_once=() if adds else {question for question, _answer in totals})


def _move_what_is_shown(db: Session, meeting_id: int, *, at_once: Collection[str]) -> None:
    """Show the present totals of a question that has ten answers more than are shown; of counted hands at once."""
    sums = (
        select(CheckinAnswer.question, func.sum(CheckinAnswer.number - CheckinAnswer.shown))
        .where(CheckinAnswer.meeting_id == meeting_id)
        .group_by(CheckinAnswer.question)
    )
    due = {question for question, more in db.execute(sums) if more >= ANSWERS_AT_A_TIME} | set(at_once)
    if due:
        db.execute(
            update(CheckinAnswer)
            .where(CheckinAnswer.meeting_id == meeting_id, CheckinAnswer.question.in_(due))
            .values(shown=CheckinAnswer.number)
        )
