"""What became of the goals that grew out of followed concerns: read once for many readers, told to each from their own
time on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import Session

from lib.model import (
    Candidate,
    Commitment,
    Countersignature,
    Goal,
    GoalConcern,
    GoalEvent,
    LogEntry,
    Measure,
    OwedAnswer,
    Partner,
)
from lib.queries.digest_period import Period
from lib.queries.goals import cards_where
from lib.queries.residents_word import reopened_days
from lib.rules.digest import Deed, GoalNews, Told, merged
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.rules.residents_word import counts_from, is_asked
from lib.settings import settings

_EVENTS = (Deed.PROPOSED, Deed.ON_BALLOT, Deed.CONTESTED, Deed.REOPENED, Deed.WITHDRAWN)
"""Deeds that a goal's events tell of; the others have columns of their own."""

A_DAY = timedelta(days=1)

_PROMISE = (Commitment.deliverable, Commitment.party, Commitment.due_on, Partner.name)


@dataclass(frozen=True)
class _Fact:
    """One thing that happened to a goal. It belongs to the digest in whose time `when` lies: a day or an instant."""

    goal_id: int
    when: date | datetime
    told: Told


@dataclass(frozen=True)
class GoalFacts:
    """Goals, the oldest first, with what they grew out of and what happened to them."""

    goals: Sequence[Goal]
    concerns: Mapping[int, frozenset[int]]
    facts: Mapping[int, Sequence[_Fact]]
    due: Mapping[int, date | None]
    opened_again: Mapping[int, date]
    headlines: Mapping[int, str]

    def told(self, concern_ids: frozenset[int], period: Period) -> tuple[GoalNews, ...]:
        """The news of the goals that grew out of these concerns."""
        news = []
        for goal in self.goals:
            if not self.concerns[goal.id] & concern_ids:
                continue
            told = [each.told for each in self.facts.get(goal.id, ()) if each.when in period]
            asked = self._asked_from(goal, period)
            if told or asked:
                link = f"{settings().address}/goals/{goal.uuid}/sheet"
                headline = self.headlines.get(goal.id, "") if goal.ended_on in period else ""
                news.append(GoalNews(goal.title, link, merged(told), headline, asked))
        return tuple(news)

    def _asked_from(self, goal: Goal, period: Period) -> date | None:
        """The day from which the residents' word is due, if it came in this period and still is."""
        due_on = self.due[goal.id]
        if due_on is None or goal.state is not GoalState.ACTIVE:
            return None
        since = counts_from(due_on, self.opened_again.get(goal.id))
        return since if since in period and is_asked(goal.state, due_on, period.end) else None


def goals_that_grew(db: Session, concern_ids: Collection[int], period: Period, zone: ZoneInfo) -> GoalFacts:
    """The goals that grew out of these concerns, with all that happened to them in a period. Seven statements and those
    of the measures of goals that ended; one where there is no goal."""
    rows = db.execute(
        select(Goal, GoalConcern.concern_id, Measure.due_on)
        .join(GoalConcern, GoalConcern.goal_id == Goal.id)
        .outerjoin(Measure, Measure.goal_id == Goal.id)
        .where(GoalConcern.concern_id.in_(concern_ids))
        .order_by(Goal.proposed_at, Goal.id)
    ).all()
    if not rows:
        return GoalFacts((), {}, {}, {}, {}, {})
    goals = list({row.Goal.id: row.Goal for row in rows}.values())
    concerns: dict[int, set[int]] = {}
    for row in rows:
        concerns.setdefault(row.Goal.id, set()).add(row.concern_id)
    ids = [goal.id for goal in goals]
    facts: dict[int, list[_Fact]] = {}
    for each in (
        *(fact for goal in goals for fact in _of_columns(goal)),
        *_events(db, ids, zone),
        *_answers(db, ids, zone),
        *_taken_on(db, ids, period),
        *_settled(db, ids, period),
    ):
        facts.setdefault(each.goal_id, []).append(each)
    return GoalFacts(
        goals=goals,
        concerns={goal_id: frozenset(of) for goal_id, of in concerns.items()},
        facts=facts,
        due={row.Goal.id: row.due_on for row in rows},
        opened_again=reopened_days(db, ids),
        headlines=_headlines(db, goals, period),
    )


def _of_columns(goal: Goal) -> list[_Fact]:
    found = []
    if goal.adopted_on is not None:
        found.append(_Fact(goal.id, goal.adopted_on, Told(Deed.ADOPTED, goal.adopted_on)))
    if goal.ended_on is not None and goal.state is GoalState.ACHIEVED:
        found.append(_Fact(goal.id, goal.ended_on, Told(Deed.ACHIEVED, goal.ended_on)))
    if goal.ended_on is not None and goal.state is GoalState.NOT_ACHIEVED:
        told = Told(Deed.NOT_ACHIEVED, goal.ended_on, why=goal.ended_reason)
        found.append(_Fact(goal.id, goal.ended_on, told))
    return found


def _events(db: Session, goal_ids: list[int], zone: ZoneInfo) -> list[_Fact]:
    rows = db.execute(
        select(GoalEvent.goal_id, GoalEvent.kind, GoalEvent.happened_at, Goal.withdrawn_reason)
        .join(Goal, Goal.id == GoalEvent.goal_id)
        .where(GoalEvent.goal_id.in_(goal_ids), GoalEvent.kind.in_(_EVENTS))
        .order_by(GoalEvent.happened_at, GoalEvent.id)
    )
    found = []
    for row in rows:
        on, deed = row.happened_at.astimezone(zone).date(), Deed(row.kind)
        why = row.withdrawn_reason if deed is Deed.WITHDRAWN else ""
        found.append(_Fact(row.goal_id, on, Told(deed, on, why=why)))
    return found


def _answers(db: Session, goal_ids: list[int], zone: ZoneInfo) -> list[_Fact]:
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
        told = Told(Deed.ANSWERED, on, party=Party(row.side.value), why=row.reason)
        found.append(_Fact(row.goal_id, on, told))
    return found


def _taken_on(db: Session, goal_ids: list[int], period: Period) -> list[_Fact]:
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
    return [
        _Fact(
            row.goal_id,
            row.happened_at,
            Told(Deed.TAKEN_ON, row.due_on, row.deliverable, row.party, row.name or ""),
        )
        for row in rows
    ]


def _settled(db: Session, goal_ids: list[int], period: Period) -> list[_Fact]:
    """What was kept, broken (and why, as the other side says), or became overdue and still is: on the day after its due
    date."""
    settled = and_(
        Commitment.state.in_((CommitmentState.KEPT, CommitmentState.BROKEN)),
        Commitment.settled_on >= period.first,
        Commitment.settled_on < period.end,
    )
    overdue: ColumnElement[bool] = and_(
        Commitment.state.in_((CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED)),
        Commitment.due_on >= period.first - A_DAY,
        Commitment.due_on < period.end - A_DAY,
    )
    rows = db.execute(
        select(Commitment.id, Commitment.goal_id, Commitment.state, Commitment.settled_on, *_PROMISE)
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .where(Commitment.goal_id.in_(goal_ids), or_(settled, overdue))
        .order_by(Commitment.due_on, Commitment.id)
    ).all()
    notes = _notes(db, [row.id for row in rows if row.state is CommitmentState.BROKEN])
    deeds = {CommitmentState.KEPT: Deed.KEPT, CommitmentState.BROKEN: Deed.BROKEN}
    found = []
    for row in rows:
        deed = deeds.get(row.state, Deed.OVERDUE)
        on = row.due_on if deed is Deed.OVERDUE else row.settled_on
        told = Told(deed, on, row.deliverable, row.party, row.name or "", notes.get(row.id, ""))
        found.append(_Fact(row.goal_id, on + A_DAY if deed is Deed.OVERDUE else on, told))
    return found


def _notes(db: Session, commitment_ids: list[int]) -> dict[int, str]:
    if not commitment_ids:
        return {}
    rows = db.execute(
        select(Countersignature.commitment_id, Countersignature.note)
        .where(Countersignature.commitment_id.in_(commitment_ids), Countersignature.verdict == CommitmentState.BROKEN)
        .order_by(Countersignature.signed_at)
    )
    return {row.commitment_id: row.note for row in rows}


def _headlines(db: Session, goals: Sequence[Goal], period: Period) -> dict[int, str]:
    """The verdict of the measure, for goals that ended in the period."""
    ended = {goal.uuid: goal.id for goal in goals if goal.ended_on in period}
    if not ended:
        return {}
    cards = cards_where(db, Goal.uuid.in_(ended), today=period.end)
    return {ended[card.uuid]: card.progress.standing.headline for card in cards if card.progress is not None}
