"""Questions about goals as cards: how each stands, how both sides voted on it, what was kept of what was promised."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from lib.model import (
    Beat,
    Candidate,
    Category,
    Commitment,
    Concern,
    Goal,
    GoalBeat,
    GoalConcern,
    GoalEvent,
    Measure,
    Outcome,
    Round,
    SideCount,
)
from lib.queries.evidence import MeasureProgress, MeasureRow, measure_row, measures_progress
from lib.queries.places import BeatRow
from lib.rules.commitments import Promise, PromiseRecord, promise_records
from lib.rules.geography import Point, cell_centre
from lib.rules.goals import Feasibility
from lib.rules.lifecycle import Electorate, GoalState, Party, RoundState
from lib.rules.voting import RoundMode
from lib.storage.transaction import reading

AGREED = frozenset({GoalState.ADOPTED, GoalState.ACTIVE})
"""States of a goal that both sides carried and that has not ended."""

BEGUN = AGREED | {GoalState.ACHIEVED, GoalState.NOT_ACHIEVED}
"""States in which a measure has something to say."""


@dataclass(frozen=True)
class Keys:
    """How a goal ended in its last published round. Shares are of the side's non-blank ballots; those of officers are
    None while their figures are sealed: then only the key shows.

    `is_advisory`: fewer than three officers voted, or only residents (open room). Then nothing may be said of the
    officers per goal, and the residents' share stands as advice.
    """

    round_uuid: UUID
    published_at: datetime
    outcome: str
    is_advisory: bool
    place: int | None
    residents_key: bool
    officers_key: bool
    residents_ballots: int
    residents_share: Fraction | None
    officers_ballots: int
    officers_share: Fraction | None

    @property
    def is_contested(self) -> bool:
        """Carried by one side only, in a round in which both could carry."""
        return not self.is_advisory and self.residents_key != self.officers_key


@dataclass(frozen=True)
class GoalCard:
    """A goal at a glance. `progress` is None without a measure or before the goal was adopted."""

    id: int
    uuid: UUID
    title: str
    summary: str
    state: GoalState
    category: str
    beats: tuple[BeatRow, ...]
    proposed_at: datetime
    adopted_on: date | None
    ended_on: date | None
    feasibility: Feasibility | None
    concerns: int
    measure: MeasureRow | None
    progress: MeasureProgress | None
    keys: Keys | None
    promises: dict[Party, PromiseRecord]
    was_reopened: bool = False

    @property
    def is_open_again(self) -> bool:
        """Under way again after residents said that it got worse."""
        return self.state is GoalState.ACTIVE and self.was_reopened

    @property
    def promised(self) -> int:
        """Commitments of all parties that were taken on."""
        return sum(record.promised for record in self.promises.values())

    @property
    def kept(self) -> int:
        return sum(record.kept for record in self.promises.values())

    @property
    def overdue(self) -> int:
        return sum(record.overdue for record in self.promises.values())

    @property
    def is_contested(self) -> bool:
        """Proposed again after a round in which one side only carried it."""
        return self.state is GoalState.PROPOSED and self.keys is not None and self.keys.is_contested


def goal_cards(
    *, today: date, beat_code: str | None = None, states: Collection[GoalState] | None = None
) -> tuple[GoalCard, ...]:
    """Goals of a beat (or of every beat), the first adopted first, then the latest proposed.

    Five statements, and those of `measures_progress` (at most thirteen) where a goal with a measure has begun; one
    without any goal.
    """
    where: list[ColumnElement[bool]] = []
    if beat_code is not None:
        of_the_beat = select(GoalBeat.goal_id).join(Beat, Beat.id == GoalBeat.beat_id).where(Beat.code == beat_code)
        where.append(Goal.id.in_(of_the_beat))
    if states is not None:
        where.append(Goal.state.in_(states))
    with reading() as db:
        return cards_where(db, *where, today=today)


def cards_where(db: Session, *where: ColumnElement[bool], today: date) -> tuple[GoalCard, ...]:
    """The cards of the goals that meet the conditions, see `goal_cards`."""
    concerns = select(func.count()).where(GoalConcern.goal_id == Goal.id).scalar_subquery()
    goals = db.execute(
        select(
            Goal.id,
            Goal.uuid,
            Goal.title,
            Goal.summary,
            Goal.state,
            func.coalesce(Category.key, "").label("category"),
            Goal.proposed_at,
            Goal.adopted_on,
            Goal.ended_on,
            Goal.feasibility,
            concerns.label("concerns"),
            select(GoalEvent.id)
            .where(GoalEvent.goal_id == Goal.id, GoalEvent.kind == "reopened")
            .exists()
            .label("was_reopened"),
        )
        .outerjoin(Category, Category.id == Goal.category_id)
        .where(*where)
        .order_by(Goal.adopted_on.is_(None), Goal.adopted_on, Goal.proposed_at.desc(), Goal.id)
    ).all()
    if not goals:
        return ()
    ids = [goal.id for goal in goals]
    beats = _beats(db, ids)
    measures = _measures(db, {goal.id: goal.ended_on for goal in goals}, beats)
    promises = _promises(db, ids)
    keys = _keys(db, ids)
    progress = measures_progress(
        [measures[goal.id] for goal in goals if goal.id in measures and goal.state in BEGUN], today=today
    )
    return tuple(
        GoalCard(
            **goal._mapping,
            beats=tuple(beats.get(goal.id, ())),
            measure=measures.get(goal.id),
            progress=progress.get(goal.id),
            keys=keys.get(goal.id),
            promises=promise_records(promises.get(goal.id, ()), today),
        )
        for goal in goals
    )


def goal_places(goal_ids: Collection[int]) -> dict[int, Point]:
    """Where a goal's concerns lie: the middle of their public cells, by goal id; absent without any. One statement."""
    with reading() as db:
        rows = db.execute(
            select(GoalConcern.goal_id, Concern.cell)
            .join(Concern, Concern.id == GoalConcern.concern_id)
            .where(GoalConcern.goal_id.in_(goal_ids), Concern.cell != "")
        )
        cells: dict[int, list[Point]] = {}
        for goal_id, cell in rows:
            cells.setdefault(goal_id, []).append(cell_centre(cell))
    return {
        goal_id: Point(
            sum(point.longitude for point in points) / len(points),
            sum(point.latitude for point in points) / len(points),
        )
        for goal_id, points in cells.items()
    }


def _beats(db: Session, goal_ids: Collection[int]) -> dict[int, list[BeatRow]]:
    rows = db.execute(
        select(GoalBeat.goal_id, Beat.id, Beat.code, Beat.name, Beat.precinct)
        .join(Beat, Beat.id == GoalBeat.beat_id)
        .where(GoalBeat.goal_id.in_(goal_ids))
        .order_by(Beat.code)
    )
    beats: dict[int, list[BeatRow]] = {}
    for row in rows:
        beats.setdefault(row.goal_id, []).append(BeatRow(row.id, row.code, row.name, row.precinct))
    return beats


def _measures(db: Session, ended: dict[int, date | None], beats: dict[int, list[BeatRow]]) -> dict[int, MeasureRow]:
    rows = db.scalars(select(Measure).where(Measure.goal_id.in_(ended)))
    return {
        row.goal_id: measure_row(row, frozenset(beat.id for beat in beats.get(row.goal_id, ())), ended[row.goal_id])
        for row in rows
    }


def _promises(db: Session, goal_ids: Collection[int]) -> dict[int, list[Promise]]:
    rows = db.execute(
        select(Commitment.goal_id, Commitment.party, Commitment.state, Commitment.due_on).where(
            Commitment.goal_id.in_(goal_ids)
        )
    )
    promises: dict[int, list[Promise]] = {}
    for goal_id, party, state, due_on in rows:
        promises.setdefault(goal_id, []).append(Promise(party, state, due_on))
    return promises


def _keys(db: Session, goal_ids: Collection[int]) -> dict[int, Keys]:
    """How each goal ended in its last published round."""
    residents, officers = aliased(SideCount), aliased(SideCount)
    rows = db.execute(
        select(
            Candidate.goal_id,
            Round.uuid,
            Round.published_at,
            Round.is_advisory,
            Round.mode,
            Outcome,
            (residents.cast_ballots - residents.blank_ballots).label("residents"),
            (officers.cast_ballots - officers.blank_ballots).label("officers"),
        )
        .join(Outcome, and_(Outcome.round_id == Candidate.round_id, Outcome.candidate_id == Candidate.id))
        .join(Round, Round.id == Candidate.round_id)
        .outerjoin(residents, and_(residents.round_id == Round.id, residents.side == Electorate.RESIDENTS))
        .outerjoin(officers, and_(officers.round_id == Round.id, officers.side == Electorate.OFFICERS))
        .where(Candidate.goal_id.in_(goal_ids), Round.state == RoundState.PUBLISHED)
        .order_by(Round.published_at)
    )
    return {
        row.goal_id: Keys(
            round_uuid=row.uuid,
            published_at=row.published_at,
            outcome=row.Outcome.outcome,
            is_advisory=row.is_advisory or row.mode is RoundMode.OPEN_ROOM,
            place=row.Outcome.place,
            residents_key=row.Outcome.residents_key,
            officers_key=row.Outcome.officers_key,
            residents_ballots=row.residents or 0,
            residents_share=_share(row.Outcome.residents_approvals, row.residents),
            officers_ballots=row.officers or 0,
            officers_share=None if row.is_advisory else _share(row.Outcome.officers_approvals, row.officers),
        )
        for row in rows
    }


def _share(approvals: int | None, ballots: int | None) -> Fraction | None:
    return None if approvals is None or not ballots else Fraction(approvals, ballots)
