"""What a reader is told in one mail, read from what everybody could see. No address is part of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select
from sqlalchemy.orm import Session, aliased

from lib.model import (
    Beat,
    Candidate,
    Commitment,
    Concern,
    ConcernAnswer,
    Countersignature,
    Following,
    Goal,
    GoalConcern,
    GoalEvent,
    LogEntry,
    Measure,
    OwedAnswer,
    Partner,
    Person,
    Reader,
)
from lib.queries.following import is_told
from lib.queries.goals import cards_where
from lib.queries.meetings import next_meeting
from lib.queries.places import BeatRow, categories, city
from lib.queries.residents_word import reopened_days
from lib.rules.concern_outcome import asked_from
from lib.rules.digest import ConcernNews, Deed, Digest, GoalNews, MeetingNews, Step, Told, merged
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.rules.residents_word import counts_from, is_asked
from lib.rules.states import ConcernStatus
from lib.rules.text import clipped
from lib.settings import settings
from lib.storage.transaction import reading

_TEXT = 160
_MOST_MEETINGS = 3
_MOST_STEPS = 8
"""How far a line of merged and split concerns is followed."""

_EVENTS = (Deed.PROPOSED, Deed.ON_BALLOT, Deed.CONTESTED, Deed.REOPENED, Deed.WITHDRAWN)
"""Deeds that a goal's events tell of; the others have columns of their own."""


@dataclass(frozen=True)
class _Followed:
    """A concern and, in `line`, itself and all that it goes on in: what it was merged into, and parts split from it."""

    id: int
    uuid: UUID
    category_id: int
    beat: BeatRow
    text: str
    since: datetime
    line: frozenset[int]


@dataclass(frozen=True)
class _Period:
    """`since` (not included) to `until` (included). Of what is dated by day, whole days: from `first` to the day before
    `end`, so that the next digest begins where this one ended, and nothing of today is told before today is over."""

    since: datetime
    until: datetime
    first: date
    end: date


def readers_to_tell(*, after: int = 0, at_most: int = 500) -> tuple[tuple[int, datetime | None], ...]:
    """Confirmed readers as (id, told until), by id, in pages that begin behind an id. One statement."""
    question = (
        select(Reader.id, Reader.told_until)
        .where(Reader.confirmed_at.is_not(None), Reader.id > after)
        .order_by(Reader.id)
        .limit(at_most)
    )
    with reading() as db:
        return tuple((row.id, row.told_until) for row in db.execute(question))


def digest_of(reader_id: int, *, until: datetime) -> Digest:
    """What happened with all that a reader follows since they were last told. At most eighteen statements, seven where
    nothing they follow grew into a goal, and those of a goal's measure where one has ended."""
    zone = ZoneInfo(city().time_zone)
    with reading() as db:
        reader = db.get_one(Reader, reader_id)
        followed, unconfirmed = _followed(db, reader)
        if not followed:
            return Digest(until.astimezone(zone).date(), unconfirmed=unconfirmed)
        since = min(each.since for each in followed)
        first, end = since.astimezone(zone).date(), until.astimezone(zone).date()
        period = _Period(since, until, first, end)
        names = {row.id: row.name for row in categories(reader.language)}
        concerns = _concerns(db, followed, names, period, zone)
        goals = _goals(db, frozenset().union(*(each.line for each in followed)), period, zone)
    beats = {each.beat.code: each.beat for each in followed}
    meetings = _meetings(beats, until, zone) if concerns or goals else ()
    return Digest(first, concerns, goals, meetings, unconfirmed)


def _followed(db: Session, reader: Reader) -> tuple[list[_Followed], int]:
    """What the reader confirmed, the first followed first, and how much waits for their yes."""
    rows = db.execute(
        select(Concern, Beat, Following.began_at)
        .join(Following, Following.concern_id == Concern.id)
        .join(Beat, Beat.id == Concern.beat_id)
        .where(Following.reader_id == reader.id)
        .order_by(Following.began_at, Concern.id)
    ).all()
    told = [row for row in rows if is_told(row.began_at, reader.confirmed_at)]
    lines = _lines(db, [row.Concern.id for row in told])
    followed = [
        _Followed(
            id=row.Concern.id,
            uuid=row.Concern.uuid,
            category_id=row.Concern.category_id,
            beat=BeatRow(row.Beat.id, row.Beat.code, row.Beat.name, row.Beat.precinct),
            text=row.Concern.text,
            since=max(row.began_at, reader.told_until or row.began_at),
            line=frozenset(lines[row.Concern.id]),
        )
        for row in told
    ]
    return followed, len(rows) - len(told)


def _lines(db: Session, concern_ids: Collection[int]) -> dict[int, set[int]]:
    """Each of these concerns with all that it goes on in."""
    first = (
        select(
            Concern.id.label("root"), Concern.id, Concern.duplicate_of_id.label("original"), literal(0).label("step")
        )
        .where(Concern.id.in_(concern_ids))
        .cte("line", recursive=True)
    )
    next_one = aliased(Concern)
    line = first.union(
        select(first.c.root, next_one.id, next_one.duplicate_of_id, first.c.step + 1).where(
            or_(next_one.id == first.c.original, next_one.split_from_id == first.c.id), first.c.step < _MOST_STEPS
        )
    )
    found: dict[int, set[int]] = {concern_id: {concern_id} for concern_id in concern_ids}
    for root, concern_id in db.execute(select(line.c.root, line.c.id)):
        found[root].add(concern_id)
    return found


def _asked(db: Session, concern_ids: Collection[int], period: _Period, zone: ZoneInfo) -> frozenset[int]:
    """Solved concerns of which, in this period, the day came on which people are asked whether they are."""
    rows = db.execute(
        select(Concern.id, Concern.closed_at).where(
            Concern.id.in_(concern_ids), Concern.status == ConcernStatus.SOLVED, Concern.closed_at.is_not(None)
        )
    )
    return frozenset(row.id for row in rows if _in(period, asked_from(row.closed_at.astimezone(zone).date())))


def _concerns(
    db: Session, followed: list[_Followed], names: Mapping[int, str], period: _Period, zone: ZoneInfo
) -> tuple[ConcernNews, ...]:
    wanted = frozenset().union(*(each.line for each in followed))
    answers = db.execute(
        select(ConcernAnswer, Person.name, Partner.name.label("partner"))
        .outerjoin(Person, Person.id == ConcernAnswer.person_id)
        .outerjoin(Partner, Partner.id == ConcernAnswer.partner_id)
        .where(
            ConcernAnswer.concern_id.in_(wanted),
            ConcernAnswer.answered_at > period.since,
            ConcernAnswer.answered_at <= period.until,
        )
        .order_by(ConcernAnswer.answered_at, ConcernAnswer.id)
    ).all()
    asked = _asked(db, wanted, period, zone)
    news = []
    for each in followed:
        is_asked_now = bool(each.line & asked)
        steps = tuple(
            Step(
                on=row.ConcernAnswer.answered_at.astimezone(zone).date(),
                status=row.ConcernAnswer.status,
                said=row.ConcernAnswer.text,
                by=row.name or "",
                partner=(row.partner or "") if row.ConcernAnswer.status is ConcernStatus.REFERRED else "",
                elsewhere=row.ConcernAnswer.concern_id != each.id,
            )
            for row in answers
            if row.ConcernAnswer.concern_id in each.line and row.ConcernAnswer.answered_at > each.since
        )
        if steps or is_asked_now:
            text = clipped(" ".join(each.text.split()), _TEXT)
            link = f"{settings().address}/me-too/{each.uuid}"
            news.append(ConcernNews(names.get(each.category_id, ""), each.beat.label, text, link, steps, is_asked_now))
    return tuple(news)


def _goals(db: Session, concern_ids: Collection[int], period: _Period, zone: ZoneInfo) -> tuple[GoalNews, ...]:
    of_concerns = select(GoalConcern.goal_id).where(GoalConcern.concern_id.in_(concern_ids))
    rows = db.execute(
        select(Goal, Measure.due_on)
        .outerjoin(Measure, Measure.goal_id == Goal.id)
        .where(Goal.id.in_(of_concerns))
        .order_by(Goal.proposed_at, Goal.id)
    ).all()
    if not rows:
        return ()
    goals = [row.Goal for row in rows]
    due = {row.Goal.id: row.due_on for row in rows}
    ids = [goal.id for goal in goals]
    told: dict[int, list[Told]] = {goal.id: list(_of_columns(goal, period)) for goal in goals}
    for reads in (_events, _answers, _taken_on, _settled):
        for goal_id, each in reads(db, ids, period, zone):
            told[goal_id].append(each)
    opened_again = reopened_days(db, ids)
    news = []
    for goal in goals:
        asked = _asked_from(goal, due[goal.id], opened_again.get(goal.id), period)
        if told[goal.id] or asked:
            link = f"{settings().address}/goals/{goal.uuid}/sheet"
            news.append(GoalNews(goal.title, link, merged(told[goal.id]), _headline(db, goal, period), asked))
    return tuple(news)


def _in(period: _Period, on: date | None) -> bool:
    return on is not None and period.first <= on < period.end


def _of_columns(goal: Goal, period: _Period) -> list[Told]:
    found = []
    if goal.adopted_on is not None and _in(period, goal.adopted_on):
        found.append(Told(Deed.ADOPTED, goal.adopted_on))
    if goal.ended_on is not None and _in(period, goal.ended_on):
        if goal.state is GoalState.ACHIEVED:
            found.append(Told(Deed.ACHIEVED, goal.ended_on))
        elif goal.state is GoalState.NOT_ACHIEVED:
            found.append(Told(Deed.NOT_ACHIEVED, goal.ended_on, why=goal.ended_reason))
    return found


def _events(db: Session, goal_ids: list[int], period: _Period, zone: ZoneInfo) -> list[tuple[int, Told]]:
    rows = db.execute(
        select(GoalEvent.goal_id, GoalEvent.kind, GoalEvent.happened_at, Goal.withdrawn_reason)
        .join(Goal, Goal.id == GoalEvent.goal_id)
        .where(GoalEvent.goal_id.in_(goal_ids), GoalEvent.kind.in_(_EVENTS))
        .order_by(GoalEvent.happened_at, GoalEvent.id)
    )
    found = []
    for row in rows:
        on, deed = row.happened_at.astimezone(zone).date(), Deed(row.kind)
        if _in(period, on):
            why = row.withdrawn_reason if deed is Deed.WITHDRAWN else ""
            found.append((row.goal_id, Told(deed, on, why=why)))
    return found


def _answers(db: Session, goal_ids: list[int], period: _Period, zone: ZoneInfo) -> list[tuple[int, Told]]:
    """The written answers of the side that did not carry a goal."""
    rows = db.execute(
        select(Candidate.goal_id, OwedAnswer.side, OwedAnswer.reason, OwedAnswer.answered_at)
        .join(Candidate, Candidate.id == OwedAnswer.candidate_id)
        .where(Candidate.goal_id.in_(goal_ids), OwedAnswer.answered_at.is_not(None))
        .order_by(OwedAnswer.answered_at)
    )
    found = []
    for row in rows:
        on = row.answered_at.astimezone(zone).date()
        if _in(period, on) and row.goal_id is not None:
            found.append((row.goal_id, Told(Deed.ANSWERED, on, party=Party(row.side.value), why=row.reason)))
    return found


def _taken_on(db: Session, goal_ids: list[int], period: _Period, zone: ZoneInfo) -> list[tuple[int, Told]]:
    """Commitments that were accepted, as the log tells it, with the day by which they are due."""
    rows = db.execute(
        select(Commitment.goal_id, *_PROMISE, LogEntry.happened_at)
        .join(LogEntry, and_(LogEntry.subject == "commitment", LogEntry.subject_id == cast(Commitment.id, String)))
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .where(
            Commitment.goal_id.in_(goal_ids),
            LogEntry.action == "commitment_accepted",
            LogEntry.happened_at > period.since,
            LogEntry.happened_at <= period.until,
        )
        .order_by(Commitment.due_on, Commitment.id)
    )
    return [(row.goal_id, Told(Deed.TAKEN_ON, row.due_on, row.deliverable, row.party, row.name or "")) for row in rows]


def _settled(db: Session, goal_ids: list[int], period: _Period, zone: ZoneInfo) -> list[tuple[int, Told]]:
    """What was kept, broken (and why, as the other side says), or became overdue and still is."""
    settled = and_(
        Commitment.state.in_((CommitmentState.KEPT, CommitmentState.BROKEN)),
        Commitment.settled_on >= period.first,
        Commitment.settled_on < period.end,
    )
    # Overdue begins on the day after the due date.
    a_day = timedelta(days=1)
    overdue: ColumnElement[bool] = and_(
        Commitment.state.in_((CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED)),
        Commitment.due_on >= period.first - a_day,
        Commitment.due_on < period.end - a_day,
    )
    rows = db.execute(
        select(Commitment.id, Commitment.goal_id, Commitment.state, Commitment.settled_on, *_PROMISE)
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .where(Commitment.goal_id.in_(goal_ids), or_(settled, overdue))
        .order_by(Commitment.due_on, Commitment.id)
    ).all()
    notes = _notes(db, [row.id for row in rows if row.state is CommitmentState.BROKEN])
    deeds = {CommitmentState.KEPT: Deed.KEPT, CommitmentState.BROKEN: Deed.BROKEN}
    return [
        (
            row.goal_id,
            Told(
                deeds.get(row.state, Deed.OVERDUE),
                row.settled_on or row.due_on,
                row.deliverable,
                row.party,
                row.name or "",
                notes.get(row.id, ""),
            ),
        )
        for row in rows
    ]


_PROMISE = (Commitment.deliverable, Commitment.party, Commitment.due_on, Partner.name)


def _notes(db: Session, commitment_ids: list[int]) -> dict[int, str]:
    if not commitment_ids:
        return {}
    rows = db.execute(
        select(Countersignature.commitment_id, Countersignature.note)
        .where(Countersignature.commitment_id.in_(commitment_ids), Countersignature.verdict == CommitmentState.BROKEN)
        .order_by(Countersignature.signed_at)
    )
    return {row.commitment_id: row.note for row in rows}


def _asked_from(goal: Goal, due_on: date | None, reopened_on: date | None, period: _Period) -> date | None:
    """The day from which the residents' word is due, if it came in this period and still is."""
    if due_on is None or goal.state is not GoalState.ACTIVE:
        return None
    since = counts_from(due_on, reopened_on)
    return since if _in(period, since) and is_asked(goal.state, due_on, period.end) else None


def _headline(db: Session, goal: Goal, period: _Period) -> str:
    """The verdict of the measure, for a goal that ended in this period."""
    if not _in(period, goal.ended_on):
        return ""
    [card] = cards_where(db, Goal.id == goal.id, today=period.end)
    return card.progress.standing.headline if card.progress is not None else ""


def _meetings(beats: Mapping[str, BeatRow], until: datetime, zone: ZoneInfo) -> tuple[MeetingNews, ...]:
    found = {}
    for code in sorted(beats)[:_MOST_MEETINGS]:
        coming = next_meeting(code, now=until)
        if coming is not None:
            found[coming.uuid] = coming
    return tuple(
        MeetingNews(
            coming.title,
            coming.place,
            coming.starts_at.astimezone(zone),
            f"{settings().address}/meetings?meeting={coming.uuid}",
        )
        for coming in sorted(found.values(), key=lambda each: each.starts_at)
    )
