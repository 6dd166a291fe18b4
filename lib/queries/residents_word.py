"""Questions about the residents' word: who is asked what, and what they said so far."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from lib.errors import NotFound
from lib.model import (
    City,
    Concern,
    Goal,
    GoalAnswer,
    GoalBeat,
    GoalConcern,
    GoalEvent,
    GoalRoomAnswer,
    Measure,
    Meeting,
    MeetingBeat,
    Support,
)
from lib.queries.concern_line import line_of
from lib.queries.concern_story import follow_digest
from lib.queries.places import city
from lib.queries.support_links import device_of_link
from lib.rules.goals import ResidentsWord
from lib.rules.residents_word import WordCount, asks_links_before, counts_from, is_asked
from lib.rules.states import GoalState
from lib.storage.secrets import keyed_digest
from lib.storage.transaction import reading


@dataclass(frozen=True)
class AskedGoal:
    """A goal that grew out of somebody's concern, as their follow link asks about it. `answer`: what they said last,
    None before the first time. `asked_from`: the day from which they are asked."""

    uuid: UUID
    title: str
    summary: str
    state: GoalState
    asked_from: date
    is_asked: bool
    answer: ResidentsWord | None


@dataclass(frozen=True)
class WordOfResidents:
    """What residents said of one goal. Each source is shown from three answers on; `confirms` counts both.

    `by_link` holds every answer and is for the rule alone. What is shown is `shown_by_link`, the answers up to the end
    of yesterday: else a single new one could be read as the difference. `asked_from` is None without a measure. `room`:
    the last meeting that raised hands, with its title and day.
    """

    asked_from: date | None
    is_asked: bool
    by_link: WordCount
    by_hands: WordCount
    room: str
    room_on: date | None
    shown_by_link: WordCount = field(default_factory=WordCount)

    @property
    def confirms(self) -> bool:
        return (self.by_link + self.by_hands).confirms

    @property
    def seems_to_confirm(self) -> bool:
        """As `confirms`, of what is shown: a source that is hidden must not be read from the answer."""
        shown = [count for count in (self.shown_by_link, self.by_hands) if count.is_shown]
        return sum(shown, WordCount()).confirms


@dataclass(frozen=True)
class FollowLink:
    """A follow link: the concerns it is about (all that such a one goes on in, too: `concern_line`), the city's day on
    which it was made (None where that was not kept), and of a supporter's link a keyed hash of the device behind
    it."""

    secret: str
    concerns: frozenset[int] = frozenset()
    made_on: date | None = None
    device: bytes | None = None

    def answerer(self, about: UUID) -> bytes:
        """Whose answer about a goal or a concern it is, so that nothing leads back: a keyed hash over it and the
        device, which has one answer for all of its links; of whoever raised the concern, SHA-256 over it and the
        link."""
        if self.device is not None:
            return keyed_digest("goal answer", f"{about}|{self.device.hex()}")
        return hashlib.sha256(b"goal answer" + about.bytes + self.secret.strip().lower().encode()).digest()

    def is_older_than(self, day: date) -> bool:
        return self.made_on is not None and self.made_on < day


def link_followed(db: Session, secret: str) -> FollowLink:
    """The follow link with this secret. Two statements; one, and about no concern, where it is unknown."""
    digest = follow_digest(secret)
    supported = select(Support.concern_id).where(Support.follow_digest == digest)
    rows = db.execute(
        select(
            *(Concern.id, Concern.uuid, Concern.reported_at, Support.supported_on),
            (Concern.follow_digest == digest).label("is_reporter"),
            select(City.time_zone).limit(1).scalar_subquery().label("zone"),
        )
        .outerjoin(Support, and_(Support.concern_id == Concern.id, Support.follow_digest == digest))
        .where(or_(Concern.follow_digest == digest, Concern.id.in_(supported)))
    ).all()
    if not rows:
        return FollowLink(secret)
    found = rows[0]
    concerns = line_of(db, [found.id])
    if found.is_reporter:
        return FollowLink(secret, concerns, found.reported_at.astimezone(ZoneInfo(found.zone or "UTC")).date())
    return FollowLink(secret, concerns, found.supported_on, device_of_link(found.uuid, secret))


def asked_goals(secret: str, *, today: date) -> tuple[AskedGoal, ...]:
    """The active and achieved goals that a follow link is or will be asked about, the first due first; none for which
    it was made too late. At most five statements."""
    with reading() as db:
        link = link_followed(db, secret)
        goals = (
            db.execute(
                select(Goal.id, Goal.uuid, Goal.title, Goal.summary, Goal.state, Goal.ended_on, Measure.due_on)
                .join(Measure, Measure.goal_id == Goal.id)
                .where(
                    Goal.id.in_(select(GoalConcern.goal_id).where(GoalConcern.concern_id.in_(link.concerns))),
                    Goal.state.in_((GoalState.ACTIVE, GoalState.ACHIEVED)),
                )
                .order_by(Measure.due_on, Goal.id)
            ).all()
            if link.concerns
            else []
        )
        goals = [
            goal for goal in goals if link.is_older_than(asks_links_before(goal.state, goal.due_on, goal.ended_on))
        ]
        if not goals:
            return ()
        opened_again = reopened_days(db, [goal.id for goal in goals])
        mine = {link.answerer(goal.uuid): goal.id for goal in goals}
        given = {
            row.goal_id: (row.answer, row.answered_on)
            for row in db.execute(
                select(GoalAnswer.goal_id, GoalAnswer.answer, GoalAnswer.answered_on).where(
                    GoalAnswer.answerer.in_(mine)
                )
            )
        }
    asked = []
    for goal in goals:
        since = counts_from(goal.due_on, opened_again.get(goal.id))
        answer, answered_on = given.get(goal.id, (None, since))
        asked.append(
            AskedGoal(
                uuid=goal.uuid,
                title=goal.title,
                summary=goal.summary,
                state=goal.state,
                asked_from=since,
                is_asked=is_asked(goal.state, goal.due_on, today),
                answer=answer if answered_on >= since else None,
            )
        )
    return tuple(asked)


def word_of_residents(goal_uuid: UUID, *, today: date) -> WordOfResidents:
    """What residents said of one goal since they were asked. Four statements. Raises NotFound."""
    with reading() as db:
        goal = db.scalar(select(Goal).where(Goal.uuid == goal_uuid))
        if goal is None:
            raise NotFound("This goal does not exist. Go back to the list of goals.")
        return word_of(db, goal, today=today)


@dataclass(frozen=True)
class GoalForRoom:
    """A goal that the room is asked about at a meeting, with the hands counted there."""

    uuid: UUID
    title: str
    state: GoalState
    asked_from: date
    hands: WordCount


def goals_for_room(meeting_id: int, *, today: date) -> tuple[GoalForRoom, ...]:
    """The goals of a meeting's beats whose residents are asked today, the longest due first. Two statements."""
    of_meeting = select(GoalBeat.goal_id).join(MeetingBeat, MeetingBeat.beat_id == GoalBeat.beat_id)
    with reading() as db:
        goals = db.execute(
            select(Goal.id, Goal.uuid, Goal.title, Goal.state, Measure.due_on)
            .join(Measure, Measure.goal_id == Goal.id)
            .where(
                Goal.id.in_(of_meeting.where(MeetingBeat.meeting_id == meeting_id)),
                Goal.state.in_((GoalState.ACTIVE, GoalState.ACHIEVED)),
            )
            .order_by(Measure.due_on, Goal.id)
        ).all()
        hands: dict[int, dict[ResidentsWord, int]] = {}
        for row in db.execute(
            select(GoalRoomAnswer.goal_id, GoalRoomAnswer.answer, GoalRoomAnswer.number).where(
                GoalRoomAnswer.meeting_id == meeting_id
            )
        ):
            hands.setdefault(row.goal_id, {})[row.answer] = row.number
    return tuple(
        GoalForRoom(goal.uuid, goal.title, goal.state, goal.due_on, WordCount.of(hands.get(goal.id, {})))
        for goal in goals
        if is_asked(goal.state, goal.due_on, today)
    )


def word_of(db: Session, goal: Goal, *, today: date) -> WordOfResidents:
    """As `word_of_residents`, inside a transaction. Three or four statements."""
    due_on = db.scalar(select(Measure.due_on).where(Measure.goal_id == goal.id))
    if due_on is None:
        return WordOfResidents(None, False, WordCount(), WordCount(), "", None)
    since = counts_from(due_on, reopened_days(db, [goal.id]).get(goal.id))
    is_shown = GoalAnswer.answered_on < today
    by_link = db.execute(
        select(GoalAnswer.answer, func.count().label("all"), func.sum(case((is_shown, 1), else_=0)).label("shown"))
        .where(GoalAnswer.goal_id == goal.id, GoalAnswer.answered_on >= since)
        .group_by(GoalAnswer.answer)
    ).all()
    hands = db.execute(
        select(GoalRoomAnswer.answer, GoalRoomAnswer.number, GoalRoomAnswer.counted_on, Meeting.id, Meeting.title)
        .join(Meeting, Meeting.id == GoalRoomAnswer.meeting_id)
        .where(GoalRoomAnswer.goal_id == goal.id, GoalRoomAnswer.counted_on >= since)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    ).all()
    last = [row for row in hands if row.id == hands[0].id]
    return WordOfResidents(
        asked_from=since,
        is_asked=is_asked(goal.state, due_on, today),
        by_link=WordCount.of({row.answer: row.all for row in by_link}),
        shown_by_link=WordCount.of({row.answer: int(row.shown) for row in by_link}),
        by_hands=WordCount.of({row.answer: row.number for row in last}),
        room=last[0].title if last else "",
        room_on=last[0].counted_on if last else None,
    )


def reopened_days(db: Session, goal_ids: Collection[int]) -> dict[int, date]:
    """The city's calendar date on which each goal was last opened again; absent if never. One statement."""
    rows = db.execute(
        select(GoalEvent.goal_id, func.max(GoalEvent.happened_at))
        .where(GoalEvent.goal_id.in_(goal_ids), GoalEvent.kind == "reopened")
        .group_by(GoalEvent.goal_id)
    ).all()
    if not rows:
        return {}
    zone = ZoneInfo(city().time_zone)
    return {goal_id: at.astimezone(zone).date() for goal_id, at in rows}
