"""What a meeting could speak about, and the agenda that can be drafted from it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from lib.model import (
    Beat,
    Category,
    CategoryText,
    Commitment,
    Concern,
    Goal,
    GoalBeat,
    GoalEvent,
    Round,
)
from lib.queries.contested import contested_goals
from lib.queries.goals import GoalCard, cards_where
from lib.queries.meetings import AgendaRow, MeetingRow, agenda, last_meeting
from lib.queries.places import city
from lib.queries.supports import supports_counted
from lib.rules.agenda import DraftItem, KeptItem, Matter, OpenMatters, redrafted
from lib.rules.lifecycle import OPEN_CONCERN, CommitmentState, GoalState, RoundState
from lib.rules.moderation import readable
from lib.rules.text import clipped, counted
from lib.storage.transaction import reading

CONCERNS_SPOKEN_OF = 3
"""The new concerns with the most support that an agenda takes up."""

_DELIVERABLE, _CONCERN = 72, 48
"""Characters of people's text in the title of a step; the projector shows more of it beside."""


def open_matters(meeting: MeetingRow, *, now: datetime) -> OpenMatters:
    """What is open in the meeting's beats at `now`, since the meeting before.

    Overdue: commitments taken on whose day has passed. Reopened: goals that came back since then and run. Verdicts:
    running goals whose measure is due by the day of the meeting or says something else than then, and goals that
    ended since; none of them reopened. Contested: goals that one side owes an answer for, or that wait for a second
    vote. Concerns: the new ones with the most support. Votes: prepared ones of this meeting. Ten statements, and two
    times `cards_where` where goals run.
    """
    zone = ZoneInfo(city().time_zone)
    today = now.astimezone(zone).date()
    codes = meeting.beat_codes
    before = last_meeting(codes, before=meeting.starts_at)
    since = before.ends_at if before is not None else None
    since_on = since.astimezone(zone).date() if since is not None else None
    reopened = _reopened(codes, since)
    back = {matter.source for matter in reopened}
    verdicts = _verdicts(codes, today, since_on, meeting.starts_at.astimezone(zone).date())
    return OpenMatters(
        since=f"meeting:{before.uuid}" if before is not None else "",
        overdue=_overdue(codes, today),
        reopened=reopened,
        verdicts=tuple(matter for matter in verdicts if matter.source not in back),
        contested=_contested(codes, today),
        concerns=_concerns(codes, since),
        votes=_votes(meeting.id),
    )


def agenda_draft(meeting: MeetingRow, *, now: datetime) -> tuple[DraftItem | KeptItem, ...]:
    """The agenda as drafting would leave it: see `redrafted`. As `open_matters`, and one statement.

    Raises Invalid where the steps that stay leave no room.
    """
    kept = [kept_item(step) for step in agenda(meeting) if not step.topic or step.started_at is not None]
    minutes = (meeting.ends_at - meeting.starts_at) // timedelta(minutes=1)
    return redrafted(open_matters(meeting, now=now), kept, minutes)


def kept_item(step: AgendaRow) -> KeptItem:
    """A step as drafting sees it; a vote refers to its round, whoever put it there."""
    source = step.source or (f"round:{step.round_id}" if step.round_id is not None else "")
    return KeptItem(
        order=step.id,
        minutes=step.minutes,
        source=source,
        is_vote=step.round_id is not None,
        has_begun=step.started_at is not None,
    )


def _in_beats(codes: Collection[str]) -> ColumnElement[bool]:
    goals = select(GoalBeat.goal_id).join(Beat, Beat.id == GoalBeat.beat_id).where(Beat.code.in_(codes))
    return Goal.id.in_(goals)


def _overdue(codes: Collection[str], today: date) -> tuple[Matter, ...]:
    question = (
        select(Commitment.id, Commitment.deliverable)
        .join(Goal, Goal.id == Commitment.goal_id)
        .where(
            _in_beats(codes),
            Commitment.state.in_((CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED)),
            Commitment.due_on < today,
        )
        .order_by(Commitment.due_on, Commitment.id)
    )
    with reading() as db:
        return tuple(
            Matter(clipped(row.deliverable, _DELIVERABLE), f"commitment:{row.id}") for row in db.execute(question)
        )


def _reopened(codes: Collection[str], since: datetime | None) -> tuple[Matter, ...]:
    question = (
        select(Goal.uuid, Goal.title)
        .join(GoalEvent, GoalEvent.goal_id == Goal.id)
        .where(_in_beats(codes), Goal.state == GoalState.ACTIVE, GoalEvent.kind == "reopened")
        .group_by(Goal.id, Goal.uuid, Goal.title)
        .order_by(func.max(GoalEvent.happened_at).desc(), Goal.id)
    )
    if since is not None:
        question = question.where(GoalEvent.happened_at >= since)
    with reading() as db:
        return tuple(Matter(row.title, f"goal:{row.uuid}") for row in db.execute(question))


def _verdicts(codes: Collection[str], today: date, since_on: date | None, meets_on: date) -> tuple[Matter, ...]:
    running = Goal.state == GoalState.ACTIVE
    ended = Goal.state.in_((GoalState.ACHIEVED, GoalState.NOT_ACHIEVED))
    with reading() as db:
        now = cards_where(db, _in_beats(codes), running, today=today)
        then = cards_where(db, _in_beats(codes), running, today=since_on) if since_on is not None and now else ()
        since = cards_where(db, _in_beats(codes), ended, Goal.ended_on >= since_on, today=today) if since_on else ()
    before = {card.id: _headline(card) for card in then}
    due = [card for card in now if card.measure is not None and card.measure.due_on <= meets_on]
    changed = [
        card
        for card in now
        if card not in due and card.id in before and _headline(card) and _headline(card) != before[card.id]
    ]
    return tuple(
        Matter(f"{card.title} ({_said(card)})" if _said(card) else card.title, f"goal:{card.uuid}")
        for card in (*since, *due, *changed)
    )


def _headline(card: GoalCard) -> str:
    return card.progress.standing.headline if card.progress is not None else ""


def _said(card: GoalCard) -> str:
    ended = {GoalState.ACHIEVED: "achieved", GoalState.NOT_ACHIEVED: "not achieved"}
    headline = _headline(card)
    return ended.get(card.state, headline[:1].lower() + headline[1:])


def _contested(codes: Collection[str], today: date) -> tuple[Matter, ...]:
    """Where an answer is late first, then where it is owed, then what was answered."""
    waiting = [goal for goal in contested_goals(codes) if not goal.has_second_vote]
    matters = []
    for goal in sorted(waiting, key=lambda goal: (goal.owed.answered_at is not None, goal.owed.due_on)):
        side = goal.owed.side.value
        if goal.owed.answered_at is not None:
            said = f"the {side} answered"
        else:
            said = f"the {side} owe an answer{', late' if goal.owed.is_overdue(today) else ''}"
        matters.append(Matter(f"{goal.title} ({said})", f"goal:{goal.goal_uuid}"))
    return tuple(matters)


def _concerns(codes: Collection[str], since: datetime | None) -> tuple[Matter, ...]:
    supports = supports_counted()
    question = (
        select(Concern.uuid, Concern.text, Concern.text_state, CategoryText.name, supports.label("supports"))
        .join(Beat, Beat.id == Concern.beat_id)
        .join(Category, Category.id == Concern.category_id)
        .join(CategoryText, (CategoryText.category_id == Category.id) & (CategoryText.language == "en"))
        .where(
            Beat.code.in_(codes),
            Category.is_public,
            Concern.status.in_(OPEN_CONCERN),
            Concern.duplicate_of_id.is_(None),
            Concern.erased_at.is_(None),
        )
        .order_by(supports.desc(), Concern.reported_at.desc(), Concern.id)
        .limit(CONCERNS_SPOKEN_OF)
    )
    if since is not None:
        question = question.where(Concern.reported_at >= since)
    with reading() as db:
        return tuple(
            Matter(
                f"{row.name}: {clipped(' '.join(readable(row.text, row.text_state).split()), _CONCERN)}"
                + (f" ({counted(row.supports, 'supporter')})" if row.supports else ""),
                f"concern:{row.uuid}",
            )
            for row in db.execute(question)
        )


def _votes(meeting_id: int) -> tuple[Matter, ...]:
    question = (
        select(Round.id, Round.question)
        .where(Round.meeting_id == meeting_id, Round.state == RoundState.DRAFT)
        .order_by(Round.number)
    )
    with reading() as db:
        return tuple(Matter(row.question, f"round:{row.id}") for row in db.execute(question))
