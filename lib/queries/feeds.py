"""What the Atom feeds of a beat and of a goal tell: nothing but what everybody can see on their pages."""

from datetime import UTC, date, datetime, time
from urllib.parse import quote
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from lib.errors import NotFound
from lib.model import (
    Category,
    CategoryText,
    Commitment,
    Concern,
    ConcernAnswer,
    Goal,
    GoalBeat,
    GoalEvent,
    Meeting,
    MeetingBeat,
    Partner,
)
from lib.queries.places import beat, city
from lib.rules.atom import Entry, Feed
from lib.rules.concerns import STATUS_SENTENCES
from lib.rules.lifecycle import MeetingState, words
from lib.rules.moderation import TextState
from lib.rules.months import day_in_words
from lib.settings import settings
from lib.storage.transaction import reading

MOST = 50
"""Entries of one feed: whoever looks in weekly misses nothing, and a reader's program loads it in a moment."""

BEATS = UUID("6f4a35f2-5f0e-4c8e-9a38-0e4a7a7a5d11")
"""Names the feeds of beats, whose rows have a code and no public id."""

_NAME = CategoryText.name


def beat_feed(code: str) -> Feed:
    """The latest events of a beat: what was raised and answered, what happened to its goals, which minutes were
    approved. Six statements. Raises NotFound (beat, city)."""
    found, town = beat(code), city()
    with reading() as db:
        entries = [
            *_raised(db, found.id, ZoneInfo(town.time_zone)),
            *_answered(db, found.id),
            *_events(db, GoalEvent.goal_id.in_(select(GoalBeat.goal_id).where(GoalBeat.beat_id == found.id))),
            *_minutes(db, found.id),
        ]
    return Feed(
        id=uuid5(BEATS, f"{town.name}/{found.code}"),
        title=f"{found.label}, {town.name}: concerns, goals and what became of them",
        author=f"Common Beat {town.name}",
        address=f"{settings().address}/feeds/beats/{quote(found.code, safe='')}.atom",
        link=f"{settings().address}/?beat={quote(found.code, safe='')}",
        entries=tuple(sorted(entries, key=lambda each: each.updated, reverse=True)[:MOST]),
    )


def goal_feed(goal_uuid: UUID) -> Feed:
    """The latest events of one goal, and its commitments. Four statements. Raises NotFound (goal, city)."""
    town = city()
    with reading() as db:
        goal = db.scalar(select(Goal).where(Goal.uuid == goal_uuid))
        if goal is None:
            raise NotFound("This goal does not exist. Go back to the list of goals.")
        entries = [*_events(db, GoalEvent.goal_id == goal.id), *_commitments(db, goal)]
    return Feed(
        id=goal.uuid,
        title=f"{goal.title}, {town.name}",
        author=f"Common Beat {town.name}",
        address=f"{settings().address}/feeds/goals/{goal.uuid}.atom",
        link=f"{settings().address}/goal?id={goal.uuid}",
        entries=tuple(sorted(entries, key=lambda each: each.updated, reverse=True)[:MOST]),
    )


def _raised(db: Session, beat_id: int, zone: ZoneInfo) -> list[Entry]:
    """Concerns in words that everybody may read. Of when they came only the day is public."""
    rows = db.execute(
        select(Concern.uuid, Concern.text, Concern.reported_at, _NAME)
        .join(Category, Category.id == Concern.category_id)
        .outerjoin(CategoryText, and_(CategoryText.category_id == Category.id, CategoryText.language == "en"))
        .where(
            Concern.beat_id == beat_id,
            Category.is_public,
            Concern.erased_at.is_(None),
            Concern.text != "",
            Concern.text_state.in_((TextState.SHOWN, TextState.REDACTED)),
        )
        .order_by(Concern.reported_at.desc(), Concern.id.desc())
        .limit(MOST)
    )
    return [
        Entry(
            id=row.uuid,
            title=f"Raised: {row.name or 'a concern'}",
            updated=_noon(row.reported_at.astimezone(zone).date()),
            link=f"{settings().address}/me-too/{row.uuid}",
            term="concern",
            text=row.text,
        )
        for row in rows
    ]


def _answered(db: Session, beat_id: int) -> list[Entry]:
    rows = db.execute(
        select(
            ConcernAnswer.id, ConcernAnswer.status, ConcernAnswer.text, ConcernAnswer.answered_at, Concern.uuid, _NAME
        )
        .join(Concern, Concern.id == ConcernAnswer.concern_id)
        .join(Category, Category.id == Concern.category_id)
        .outerjoin(CategoryText, and_(CategoryText.category_id == Category.id, CategoryText.language == "en"))
        .where(Concern.beat_id == beat_id, Category.is_public)
        .order_by(ConcernAnswer.answered_at.desc(), ConcernAnswer.id.desc())
        .limit(MOST)
    )
    return [
        Entry(
            id=uuid5(row.uuid, f"answer {row.id}"),
            title=f"{row.name or 'A concern'}: {STATUS_SENTENCES[row.status]}",
            updated=row.answered_at,
            link=f"{settings().address}/me-too/{row.uuid}",
            term="answer",
            text=row.text,
        )
        for row in rows
    ]


def _events(db: Session, which: ColumnElement[bool]) -> list[Entry]:
    rows = db.execute(
        select(GoalEvent.id, GoalEvent.kind, GoalEvent.sentence, GoalEvent.happened_at, Goal.uuid, Goal.title)
        .join(Goal, Goal.id == GoalEvent.goal_id)
        .where(which)
        .order_by(GoalEvent.happened_at.desc(), GoalEvent.id.desc())
        .limit(MOST)
    )
    return [
        Entry(
            id=uuid5(row.uuid, f"event {row.id}"),
            title=row.title,
            updated=row.happened_at,
            link=f"{settings().address}/goal?id={row.uuid}",
            term=f"goal {row.kind}",
            text=row.sentence,
        )
        for row in rows
    ]


def _commitments(db: Session, goal: Goal) -> list[Entry]:
    """Each commitment as it stands, dated when it was offered or settled."""
    rows = db.execute(
        select(Commitment, Partner.name)
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .where(Commitment.goal_id == goal.id)
        .order_by(Commitment.offered_at.desc(), Commitment.id.desc())
        .limit(MOST)
    )
    return [
        Entry(
            id=uuid5(goal.uuid, f"commitment {row.Commitment.id}"),
            title=f"{row.name or 'The ' + row.Commitment.party.value}: {row.Commitment.deliverable}",
            updated=_noon(row.Commitment.settled_on) if row.Commitment.settled_on else row.Commitment.offered_at,
            link=f"{settings().address}/goal?id={goal.uuid}",
            term=f"commitment {row.Commitment.state.value}",
            text=f"{words(row.Commitment.state).capitalize()}. Due on {day_in_words(row.Commitment.due_on)}.",
        )
        for row in rows
    ]


def _minutes(db: Session, beat_id: int) -> list[Entry]:
    """Minutes that both sides approved."""
    rows = db.execute(
        select(Meeting.uuid, Meeting.title, Meeting.starts_at, Meeting.minuted_at, Meeting.ends_at)
        .join(MeetingBeat, MeetingBeat.meeting_id == Meeting.id)
        .where(MeetingBeat.beat_id == beat_id, Meeting.state == MeetingState.MINUTED)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(MOST)
    )
    return [
        Entry(
            id=row.uuid,
            title=f"Minutes: {row.title}",
            updated=row.minuted_at or row.ends_at,
            link=f"{settings().address}/meetings/{row.uuid}/minutes.pdf",
            term="minutes",
            text="Both sides approved the minutes of this meeting.",
        )
        for row in rows
    ]


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), UTC)
