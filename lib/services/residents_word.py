"""The residents' word on a goal: by follow link, by hands at a meeting, and what follows from it by rule."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Beat, Goal, GoalAnswer, GoalConcern, GoalRoomAnswer, Measure, Meeting, MeetingBeat
from lib.queries.residents_word import FollowLink, link_followed
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import GOAL_MOVES, GoalState, MeetingState, Side
from lib.rules.moves import require_rule
from lib.rules.residents_word import MOST_HANDS, REOPENING_DAYS, WordCount, asks_links_before, is_asked, reopens
from lib.rules.rights import Actor, Right, require
from lib.services.goal_rows import codes_of, day_in_city, goal_with, note_event
from lib.services.log import record
from lib.storage.transaction import writing

NOT_ASKED = "Nobody is asked about this goal now: it has another state, or its due date has not come."
UNKNOWN_LINK = "This link leads nowhere: it is mistyped, or the concern was erased."
TOO_YOUNG = "This link was made after residents began to be asked about this goal. Only earlier ones are asked."
REOPENED = f"Residents said twice within {REOPENING_DAYS} days that it is worse: the goal was opened again."


def answer_goal(
    *, follow_secret: str, goal_uuid: UUID, answer: ResidentsWord, now: datetime | None = None
) -> GoalState:
    """Say what became of the matter behind a goal, with the follow link of a concern that it grew out of; the goal's
    state afterwards.

    One answer for each goal from whoever raised a concern and from each device that supports; a later one replaces it.
    Like every answer of residents it is not logged: the log would tell when. Raises NotFound (link, goal, or a goal
    that did not grow out of the link's concern), Conflict (nobody is asked now, the link is younger than the asking).
    """
    when = now or clock.now()
    with writing() as db:
        goal = goal_with(db, goal_uuid)
        link = link_followed(db, follow_secret)
        behind = select(GoalConcern.goal_id).where(
            GoalConcern.goal_id == goal.id, GoalConcern.concern_id.in_(link.concerns)
        )
        if not link.concerns or db.scalar(behind.limit(1)) is None:
            raise NotFound(UNKNOWN_LINK)
        today = day_in_city(when)
        _require_asked(db, goal, today, link)
        row = {"goal_id": goal.id, "answerer": link.answerer(goal.uuid)}
        said = {"answer": answer, "answered_on": today}
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        db.execute(
            insert(GoalAnswer)
            .values(**row, **said)
            .on_conflict_do_update(index_elements=["goal_id", "answerer"], set_=said)
        )
        _reopen_if_worse(db, goal, today, when)
        return goal.state


def count_hands(
    *,
    actor: Actor | None,
    goal_uuid: UUID,
    meeting_uuid: UUID,
    hands: Mapping[ResidentsWord, int],
    now: datetime | None = None,
) -> GoalState:
    """Write down the hands counted for each answer at an open meeting of the goal's beats; the goal's state afterwards.

    Counting again at the same meeting replaces the count. Only a facilitator of the residents' side: closure is theirs.
    Raises SignInNeeded, NotAllowed (right, side), NotFound (goal, meeting), Invalid (a number that is none, no hand at
    all), Conflict (nobody is asked now, the meeting is not open or is about other beats).
    """
    person = require(actor, Right.COUNT_HANDS)
    if person.side is not Side.RESIDENTS:
        raise NotAllowed("Only a facilitator of the residents’ side counts the residents’ hands.")
    numbers = {word: hands.get(word, 0) for word in ResidentsWord}
    if any(number < 0 or number > MOST_HANDS for number in numbers.values()):
        raise Invalid(f"Hands are counted from 0 to {MOST_HANDS:,}. Look at the numbers again.", field="hands")
    if not any(numbers.values()):
        raise Invalid("Not one hand is counted. Enter how many were raised for each answer.", field="hands")
    when = now or clock.now()
    with writing() as db:
        goal = goal_with(db, goal_uuid)
        meeting = _open_meeting(db, meeting_uuid, codes_of(db, goal.id))
        today = day_in_city(when)
        _require_asked(db, goal, today)
        db.execute(
            delete(GoalRoomAnswer).where(GoalRoomAnswer.goal_id == goal.id, GoalRoomAnswer.meeting_id == meeting.id)
        )
        db.add_all(
            GoalRoomAnswer(
                goal_id=goal.id,
                meeting_id=meeting.id,
                answer=word,
                number=number,
                counted_on=today,
                person_id=person.person_id,
            )
            for word, number in numbers.items()
        )
        db.flush()
        note_event(db, goal, "hands_counted", "Residents raised their hands on what has become of it.", at=when)
        facts = {word.value: number for word, number in numbers.items()}
        record(db, person, "hands_counted", "goal", goal.uuid, meeting=str(meeting.uuid), **facts)
        _reopen_if_worse(db, goal, today, when)
        return goal.state


def require_confirmed(word: WordCount) -> None:
    """Raises Conflict where the residents' word does not (yet) confirm that a goal was achieved."""
    if not word.confirms:
        raise Conflict(
            "Residents have not confirmed it yet: it needs at least 3 answers, and more than half of them solved or "
            "better. They are asked by follow link and at the meeting, from the due date on."
        )


def _require_asked(db: Session, goal: Goal, today: date, link: FollowLink | None = None) -> None:
    due_on = db.scalar(select(Measure.due_on).where(Measure.goal_id == goal.id))
    if due_on is None or not is_asked(goal.state, due_on, today):
        raise Conflict(NOT_ASKED)
    if link is not None and not link.is_older_than(asks_links_before(goal.state, due_on, goal.ended_on)):
        raise Conflict(TOO_YOUNG)


def _open_meeting(db: Session, meeting_uuid: UUID, codes: set[str]) -> Meeting:
    meeting = db.scalar(select(Meeting).where(Meeting.uuid == meeting_uuid))
    if meeting is None:
        raise NotFound("This meeting does not exist. Choose one from the list of meetings.")
    of_meeting = select(Beat.code).join(MeetingBeat, MeetingBeat.beat_id == Beat.id)
    if codes.isdisjoint(db.scalars(of_meeting.where(MeetingBeat.meeting_id == meeting.id))):
        raise Conflict("This meeting is about other beats than the goal.")
    if meeting.state is not MeetingState.OPEN:
        raise Conflict("Hands are counted while the meeting is open.")
    return meeting


def _reopen_if_worse(db: Session, goal: Goal, today: date, when: datetime) -> None:
    """An achieved goal that got worse is active again, by rule: nobody can do it by hand, and nobody can prevent it."""
    if goal.state is not GoalState.ACHIEVED or goal.ended_on is None:
        return
    by_link = [(on, 1) for on in db.scalars(_worse_by_link(goal.id))]
    by_hands = [(row.counted_on, row.number) for row in db.execute(_worse_by_hands(goal.id))]
    if not any(reopens(worse, achieved_on=goal.ended_on, today=today) for worse in (by_link, by_hands)):
        return
    require_rule(GOAL_MOVES, goal.state, GoalState.ACTIVE)
    goal.state, goal.ended_on, goal.ended_reason = GoalState.ACTIVE, None, ""
    db.flush()
    note_event(db, goal, "reopened", REOPENED, at=when)
    record(db, None, "goal_reopened", "goal", goal.uuid)


def _worse_by_link(goal_id: int) -> Select[date]:
    return select(GoalAnswer.answered_on).where(GoalAnswer.goal_id == goal_id, GoalAnswer.answer == ResidentsWord.WORSE)


def _worse_by_hands(goal_id: int) -> Select[date, int]:
    """At the last meeting only: the same people come again."""
    last = (
        select(GoalRoomAnswer.meeting_id)
        .where(GoalRoomAnswer.goal_id == goal_id)
        .order_by(GoalRoomAnswer.counted_on.desc(), GoalRoomAnswer.meeting_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(GoalRoomAnswer.counted_on, GoalRoomAnswer.number).where(
        GoalRoomAnswer.goal_id == goal_id,
        GoalRoomAnswer.meeting_id == last,
        GoalRoomAnswer.answer == ResidentsWord.WORSE,
    )
