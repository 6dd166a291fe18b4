"""What became of it since the meeting before: you said, we agreed, we did, we didn't."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select

from lib.model import (
    Beat,
    Candidate,
    Category,
    CategoryText,
    Commitment,
    Concern,
    Countersignature,
    Goal,
    GoalBeat,
    LogEntry,
    OwedAnswer,
    Partner,
)
from lib.queries.meetings import MeetingRow, last_meeting
from lib.queries.places import city
from lib.queries.supports import supports_counted
from lib.rules.lifecycle import CommitmentState, GoalState
from lib.rules.moderation import readable
from lib.rules.months import day_in_words
from lib.rules.text import clipped, listed
from lib.storage.transaction import reading

TOP_CONCERNS = 3
_TEXT = 90
"""Characters of a concern's text in a list."""


@dataclass(frozen=True)
class SaidAbout:
    """How many concerns of one public category are new."""

    category: str
    colour: str
    name: str
    concerns: int


@dataclass(frozen=True)
class SaidMost:
    """A new concern with much support, in its own words."""

    uuid: UUID
    text: str
    supports: int


@dataclass(frozen=True)
class Told:
    """One thing that was agreed, done or not: what, a note on who and when, and the goal that it belongs to."""

    title: str
    note: str
    goal: UUID


@dataclass(frozen=True)
class SinceLastTime:
    """From the beginning of `meeting`, so that what was agreed there counts, to `until`."""

    meeting: MeetingRow
    until: datetime
    said: tuple[SaidAbout, ...]
    most: tuple[SaidMost, ...]
    agreed: tuple[Told, ...]
    did: tuple[Told, ...]
    did_not: tuple[Told, ...]

    @property
    def concerns(self) -> int:
        """New concerns of all public categories."""
        return sum(about.concerns for about in self.said)


@dataclass(frozen=True)
class _Period:
    """Instants and days from the first (included) to the last (not included)."""

    since: datetime
    until: datetime
    first: date
    end: date


def since_last_time(codes: Collection[str], *, now: datetime, before: datetime | None = None) -> SinceLastTime | None:
    """What happened in these beats since their last meeting that began earlier than `before` (else `now`), until then.

    Overdue is what was taken on, past its day and not settled by then. None before any meeting was held. Eleven
    statements, three without one.
    """
    limit = min(before or now, now)
    zone = ZoneInfo(city().time_zone)
    meeting = last_meeting(codes, before=before or now)
    if meeting is None:
        return None
    last_day = limit.astimezone(zone).date()
    period = _Period(
        since=meeting.starts_at,
        until=limit,
        first=meeting.starts_at.astimezone(zone).date(),
        # The day of the next meeting belongs to what comes after it; today is still running.
        end=last_day if before is not None and before <= now else last_day + timedelta(days=1),
    )
    goals = Goal.id.in_(select(GoalBeat.goal_id).join(Beat, Beat.id == GoalBeat.beat_id).where(Beat.code.in_(codes)))
    done, not_done = _settled(goals, period)
    achieved, missed = _ended(goals, period)
    return SinceLastTime(
        meeting=meeting,
        until=limit,
        said=_said(codes, period),
        most=_most(codes, period),
        agreed=(*_adopted(goals, period), *_taken_on(goals, period)),
        did=(*achieved, *done),
        did_not=(*missed, *not_done, *_unanswered(goals, period)),
    )


def _new(codes: Collection[str], period: _Period) -> ColumnElement[bool]:
    return and_(
        Beat.code.in_(codes),
        Category.is_public,
        Concern.reported_at >= period.since,
        Concern.reported_at < period.until,
    )


def _said(codes: Collection[str], period: _Period) -> tuple[SaidAbout, ...]:
    question = (
        select(Category.key, Category.colour, CategoryText.name, func.count())
        .join(Concern, Concern.category_id == Category.id)
        .join(Beat, Beat.id == Concern.beat_id)
        .join(CategoryText, and_(CategoryText.category_id == Category.id, CategoryText.language == "en"))
        .where(_new(codes, period))
        .group_by(Category.id, Category.key, Category.colour, CategoryText.name)
        .order_by(func.count().desc(), Category.position, Category.key)
    )
    with reading() as db:
        return tuple(SaidAbout(*row) for row in db.execute(question))


def _most(codes: Collection[str], period: _Period) -> tuple[SaidMost, ...]:
    supports = supports_counted()
    question = (
        select(Concern.uuid, Concern.text, Concern.text_state, supports.label("supports"))
        .join(Beat, Beat.id == Concern.beat_id)
        .join(Category, Category.id == Concern.category_id)
        .where(_new(codes, period), Concern.erased_at.is_(None), Concern.duplicate_of_id.is_(None))
        .order_by(supports.desc(), Concern.reported_at.desc(), Concern.id)
        .limit(TOP_CONCERNS)
    )
    with reading() as db:
        return tuple(
            SaidMost(row.uuid, clipped(" ".join(readable(row.text, row.text_state).split()), _TEXT), row.supports)
            for row in db.execute(question)
        )


def _adopted(goals: ColumnElement[bool], period: _Period) -> tuple[Told, ...]:
    question = (
        select(Goal.uuid, Goal.title, Goal.adopted_on)
        .where(goals, Goal.adopted_on >= period.first, Goal.adopted_on < period.end)
        .order_by(Goal.adopted_on, Goal.id)
    )
    with reading() as db:
        return tuple(
            Told(row.title, f"Goal, adopted by both sides on {day_in_words(row.adopted_on)}", row.uuid)
            for row in db.execute(question)
        )


def _taken_on(goals: ColumnElement[bool], period: _Period) -> tuple[Told, ...]:
    """Commitments accepted in the period, as the log tells it."""
    accepted = select(LogEntry.subject_id).where(
        LogEntry.subject == "commitment",
        LogEntry.action == "commitment_accepted",
        LogEntry.happened_at >= period.since,
        LogEntry.happened_at < period.until,
    )
    question = (
        select(Commitment.deliverable, Commitment.party, Partner.name, Commitment.due_on, Goal.uuid)
        .join(Goal, Goal.id == Commitment.goal_id)
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .where(goals, cast(Commitment.id, String).in_(accepted))
        .order_by(Commitment.due_on, Commitment.id)
    )
    with reading() as db:
        return tuple(
            Told(
                row.deliverable,
                f"{row.name or 'The ' + row.party.value} took this on, by {day_in_words(row.due_on)}",
                row.uuid,
            )
            for row in db.execute(question)
        )


def _settled(goals: ColumnElement[bool], period: _Period) -> tuple[list[Told], list[Told]]:
    """What was kept, and what was broken or is overdue at the end of the period."""
    settled = and_(
        Commitment.state.in_((CommitmentState.KEPT, CommitmentState.BROKEN)),
        Commitment.settled_on >= period.first,
        Commitment.settled_on < period.end,
    )
    last_day = period.end - timedelta(days=1)
    open_then = or_(Commitment.settled_on.is_(None), Commitment.settled_on >= period.end)
    overdue = and_(Commitment.state != CommitmentState.OFFERED, Commitment.due_on < last_day, open_then)
    question = (
        select(
            Commitment.id,
            Commitment.deliverable,
            Commitment.party,
            Commitment.state,
            Commitment.due_on,
            Partner.name,
            Goal.uuid,
            overdue.label("is_overdue"),
        )
        .join(Goal, Goal.id == Commitment.goal_id)
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .where(goals, or_(settled, overdue))
        .order_by(Commitment.due_on, Commitment.id)
    )
    with reading() as db:
        rows = db.execute(question).all()
        sides: dict[int, list[str]] = {}
        for commitment_id, side in db.execute(
            select(Countersignature.commitment_id, Countersignature.side)
            .where(Countersignature.commitment_id.in_([row.id for row in rows]))
            .order_by(Countersignature.side.desc())
        ):
            sides.setdefault(commitment_id, []).append(f"the {side.value}")
    done, not_done = [], []
    for row in rows:
        who = row.name or f"The {row.party.value}"
        owes = "owe" if row.name is None else "owes"
        signed = listed(sides.get(row.id, []))
        if row.is_overdue:
            not_done.append(Told(row.deliverable, f"{who} {owes} this since {day_in_words(row.due_on)}", row.uuid))
        elif row.state is CommitmentState.KEPT:
            done.append(Told(row.deliverable, f"{who} kept this, countersigned by {signed}", row.uuid))
        else:
            not_done.append(Told(row.deliverable, f"{who} did not keep this, say {signed}", row.uuid))
    return done, not_done


def _ended(goals: ColumnElement[bool], period: _Period) -> tuple[list[Told], list[Told]]:
    question = (
        select(Goal.uuid, Goal.title, Goal.state, Goal.ended_on)
        .where(
            goals,
            Goal.state.in_((GoalState.ACHIEVED, GoalState.NOT_ACHIEVED)),
            Goal.ended_on >= period.first,
            Goal.ended_on < period.end,
        )
        .order_by(Goal.ended_on, Goal.id)
    )
    achieved, missed = [], []
    with reading() as db:
        for row in db.execute(question):
            day = day_in_words(row.ended_on)
            if row.state is GoalState.ACHIEVED:
                achieved.append(Told(row.title, f"Goal achieved, confirmed by residents on {day}", row.uuid))
            else:
                missed.append(Told(row.title, f"Goal not achieved, ended on {day}", row.uuid))
    return achieved, missed


def _unanswered(goals: ColumnElement[bool], period: _Period) -> list[Told]:
    """Answers on contested goals that were due and not given by the end of the period."""
    question = (
        select(Goal.uuid, Goal.title, OwedAnswer.side, OwedAnswer.due_on)
        .join(Candidate, Candidate.id == OwedAnswer.candidate_id)
        .join(Goal, Goal.id == Candidate.goal_id)
        .where(
            goals,
            OwedAnswer.due_on < period.end - timedelta(days=1),
            or_(OwedAnswer.answered_at.is_(None), OwedAnswer.answered_at >= period.until),
        )
        .order_by(OwedAnswer.due_on, Goal.id)
    )
    with reading() as db:
        return [
            Told(row.title, f"The {row.side.value} owe a written answer since {day_in_words(row.due_on)}", row.uuid)
            for row in db.execute(question)
        ]
