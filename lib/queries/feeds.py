"""What the Atom feeds of a beat and of a goal tell: nothing but what everybody can see on their pages.

Entries have the same ids in every language: whoever changes it sees nothing twice.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from urllib.parse import quote
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lib.errors import NotFound
from lib.model import (
    Category,
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
from lib.queries.moderation import PHOTO, KeptBack, kept_back
from lib.queries.places import beat, categories, city
from lib.rules import feed_words as words
from lib.rules.atom import Entry, Feed
from lib.rules.feed_words import ENGLISH, Voice
from lib.rules.lifecycle import MeetingState
from lib.rules.moderation import TextState
from lib.rules.months import day_in_words, month_of, months_in_words, months_later
from lib.settings import settings
from lib.storage.transaction import reading

MOST = 50
"""Entries of one feed: whoever looks in weekly misses nothing, and a reader's program loads it in a moment."""

BEATS = UUID("6f4a35f2-5f0e-4c8e-9a38-0e4a7a7a5d11")
"""Names the feeds of beats, whose rows have a code and no public id."""

IN_ENGLISH = Voice(ENGLISH, lambda text: text, day_in_words, lambda month: months_in_words([month]))


def beat_feed(code: str, voice: Voice = IN_ENGLISH, *, today: date) -> Feed:
    """The latest events of a beat: what was raised and answered, what happened to its goals, which minutes were
    approved, what moderators kept back in the months before this one. Ten statements. Raises NotFound (beat, city)."""
    found, town = beat(code), city()
    with reading() as db:
        names = {row.key: row.name for row in categories(voice.language)}
        entries = [
            *_raised(db, found.id, ZoneInfo(town.time_zone), voice, names),
            *_answered(db, found.id, voice, names),
            *_events(db, GoalEvent.goal_id.in_(select(GoalBeat.goal_id).where(GoalBeat.beat_id == found.id)), voice),
            *_minutes(db, found.id, voice),
            *_kept_back(found.code, uuid5(BEATS, f"{town.name}/{found.code}"), voice, names, today),
        ]
    path = f"/feeds/beats/{quote(found.code, safe='')}.atom"
    return Feed(
        id=_of_language(uuid5(BEATS, f"{town.name}/{found.code}"), voice),
        title=words.beat_title(voice, beat=found.label, city=town.name),
        author=f"Common Beat {town.name}",
        address=_address(path, voice),
        link=f"{settings().address}/?beat={quote(found.code, safe='')}",
        entries=tuple(sorted(entries, key=lambda each: each.updated, reverse=True)[:MOST]),
        language=voice.language,
    )


def goal_feed(goal_uuid: UUID, voice: Voice = IN_ENGLISH) -> Feed:
    """The latest events of one goal, and its commitments. Four statements. Raises NotFound (goal, city)."""
    town = city()
    with reading() as db:
        goal = db.scalar(select(Goal).where(Goal.uuid == goal_uuid))
        if goal is None:
            raise NotFound("This goal does not exist. Go back to the list of goals.")
        entries = [*_events(db, GoalEvent.goal_id == goal.id, voice), *_commitments(db, goal, voice)]
    return Feed(
        id=_of_language(goal.uuid, voice),
        title=f"{goal.title}, {town.name}",
        author=f"Common Beat {town.name}",
        address=_address(f"/feeds/goals/{goal.uuid}.atom", voice),
        link=_goal_page(goal.uuid, voice),
        entries=tuple(sorted(entries, key=lambda each: each.updated, reverse=True)[:MOST]),
        language=voice.language,
    )


def _of_language(feed: UUID, voice: Voice) -> UUID:
    return feed if voice.language == ENGLISH else uuid5(feed, voice.language)


def _address(path: str, voice: Voice) -> str:
    """One of our addresses, in the language where that is not English."""
    return f"{settings().address}{path}" + ("" if voice.language == ENGLISH else f"?language={voice.language}")


def _goal_page(goal: UUID, voice: Voice) -> str:
    """The screen of a goal; it speaks English only, so other languages are led to the phone page."""
    if voice.language == ENGLISH:
        return f"{settings().address}/goal?id={goal}"
    return _address(f"/goals/{goal}/sheet", voice)


def _raised(db: Session, beat_id: int, zone: ZoneInfo, voice: Voice, names: Mapping[str, str]) -> list[Entry]:
    """Concerns in words that everybody may read. Of when they came only the day is public."""
    rows = db.execute(
        select(Concern.uuid, Concern.text, Concern.text_state, Concern.reported_at, Category.key)
        .join(Category, Category.id == Concern.category_id)
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
            title=words.raised_title(voice, names.get(row.key, "")),
            updated=_noon(row.reported_at.astimezone(zone).date()),
            link=_address(f"/me-too/{row.uuid}", voice),
            term="concern",
            text=words.raised_text(voice, row.text, row.text_state),
        )
        for row in rows
    ]


def _answered(db: Session, beat_id: int, voice: Voice, names: Mapping[str, str]) -> list[Entry]:
    rows = db.execute(
        select(
            ConcernAnswer.id,
            ConcernAnswer.status,
            ConcernAnswer.text,
            ConcernAnswer.answered_at,
            Concern.uuid,
            Category.key,
        )
        .join(Concern, Concern.id == ConcernAnswer.concern_id)
        .join(Category, Category.id == Concern.category_id)
        .where(Concern.beat_id == beat_id, Category.is_public)
        .order_by(ConcernAnswer.answered_at.desc(), ConcernAnswer.id.desc())
        .limit(MOST)
    )
    return [
        Entry(
            id=uuid5(row.uuid, f"answer {row.id}"),
            title=words.answered_title(voice, names.get(row.key, ""), row.status),
            updated=row.answered_at,
            link=_address(f"/me-too/{row.uuid}", voice),
            term="answer",
            text=row.text,
        )
        for row in rows
    ]


def _events(db: Session, which: ColumnElement[bool], voice: Voice) -> list[Entry]:
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
            link=_goal_page(row.uuid, voice),
            term=f"goal {row.kind}",
            text=words.event_text(voice, row.kind, row.sentence),
        )
        for row in rows
    ]


def _commitments(db: Session, goal: Goal, voice: Voice) -> list[Entry]:
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
            title=words.commitment_title(
                voice, party=row.Commitment.party, partner=row.name or "", deliverable=row.Commitment.deliverable
            ),
            updated=_noon(row.Commitment.settled_on) if row.Commitment.settled_on else row.Commitment.offered_at,
            link=_goal_page(goal.uuid, voice),
            term=f"commitment {row.Commitment.state.value}",
            text=words.commitment_text(voice, row.Commitment.state, row.Commitment.due_on),
        )
        for row in rows
    ]


def _minutes(db: Session, beat_id: int, voice: Voice) -> list[Entry]:
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
            title=words.minutes_title(voice, row.title),
            updated=row.minuted_at or row.ends_at,
            link=f"{settings().address}/meetings/{row.uuid}/minutes.pdf",
            term="minutes",
            text=words.minutes_text(voice),
        )
        for row in rows
    ]


def _kept_back(beat_code: str, feed: UUID, voice: Voice, names: Mapping[str, str], today: date) -> list[Entry]:
    """What was kept back in each month, once that is over: like the public log it tells no day."""
    by_month: dict[date, list[KeptBack]] = {}
    for row in kept_back():
        if row.beat == beat_code and row.month < month_of(today):
            by_month.setdefault(row.month, []).append(row)
    return [
        Entry(
            id=uuid5(feed, f"kept back {month}"),
            title=words.kept_back_title(voice, month),
            updated=_noon(months_later(month, 1)),
            link=f"{settings().address}/withheld",
            term="kept back",
            text="\n".join(
                words.kept_back_line(
                    voice,
                    category=names.get(row.category, ""),
                    is_photo=row.what == PHOTO,
                    decision=TextState(row.decision),
                    reason=row.reason,
                )
                for row in rows
            ),
        )
        for month, rows in by_month.items()
    ]


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), UTC)
