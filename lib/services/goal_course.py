"""The course of a goal once it was voted on: adopted by a round, begun, withdrawn or ended."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, NotFound
from lib.model import Commitment, Goal, Measure
from lib.queries.evidence import has_reached_target
from lib.queries.residents_word import reopened_days, word_of
from lib.rules.beginning import missing_to_begin
from lib.rules.lifecycle import GOAL_MOVES, CommitmentState, GoalState, Party
from lib.rules.moves import require_move, require_rule
from lib.rules.residents_word import is_asked
from lib.rules.rights import Actor, Right, require
from lib.rules.states import words
from lib.rules.text import SUMMARY_LENGTH, clean_text, listed
from lib.services.goal_rows import codes_of, day_in_city, goal_with, is_being_voted, note_event, require_posting
from lib.services.log import record
from lib.services.readings import begin_measure
from lib.services.residents_word import require_confirmed
from lib.storage.transaction import writing


def activate_goal(*, actor: Actor | None, goal_uuid: UUID, now: datetime | None = None) -> None:
    """Begin an adopted goal. It needs a measure and an accepted commitment of each side; the database insists too.

    The measure starts now, and what was before is counted anew (`begin_measure`). Raises SignInNeeded, NotAllowed
    (right, beat), NotFound, Conflict (not adopted; its sentence says what is missing).
    """
    person = require(actor, Right.SHAPE_GOAL)
    when = now or clock.now()
    with writing() as db:
        goal = goal_with(db, goal_uuid)
        require_posting(db, person, goal)
        require_move(GOAL_MOVES, goal.state, GoalState.ACTIVE, roles=person.roles, side=person.side)
        if missing := missing_for_activation(db, goal.id):
            raise Conflict(f"This goal cannot begin yet. Still missing: {listed(missing)}.")
        begin_measure(db, goal, at=when)
        goal.state = GoalState.ACTIVE
        try:
            db.flush()
        except IntegrityError as cause:
            raise Conflict("This goal cannot begin yet: it needs a measure and a commitment of each side.") from cause
        note_event(db, goal, "active", "The goal began: measure and commitments of both sides are set.", at=when)
        record(db, person, "goal_activated", "goal", goal.uuid)


def withdraw_goal(*, actor: Actor | None, goal_uuid: UUID, reason: str, now: datetime | None = None) -> None:
    """Give a goal up before its end, with a reason that everybody can read.

    An active goal is given up by a facilitator of the residents' side only, and not while residents are asked. Raises
    SignInNeeded, NotAllowed (right, beat, side), NotFound, Invalid (no reason), Conflict (ended, voted on, asked).
    """
    person = require(actor, Right.SHAPE_GOAL)
    when = now or clock.now()
    with writing() as db:
        goal = goal_with(db, goal_uuid)
        require_posting(db, person, goal)
        require_move(GOAL_MOVES, goal.state, GoalState.WITHDRAWN, roles=person.roles, side=person.side, reason=reason)
        if _residents_are_asked(db, goal, day_in_city(when)):
            raise Conflict(
                "Residents are being asked what has become of this goal, so it cannot be withdrawn. It ends as "
                "achieved or not achieved."
            )
        if is_being_voted(db, goal.id):
            raise Conflict("A vote on this goal is under way. It can be withdrawn once the result is published.")
        goal.withdrawn_reason = clean_text(reason, field="Reason", longest=SUMMARY_LENGTH, required=True)
        goal.state = GoalState.WITHDRAWN
        goal.ended_on = day_in_city(when)
        note_event(db, goal, "withdrawn", "The goal was withdrawn.", at=when)
        record(db, person, "goal_withdrawn", "goal", goal.uuid)


def end_goal(
    *,
    actor: Actor | None,
    goal_uuid: UUID,
    state: GoalState,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """End an active goal as achieved or not achieved. Closure belongs to the residents.

    A facilitator of the residents' side ends it. Achieved needs the measure's last reading at the target and the
    residents' word that confirms it, of a goal opened again since that day; not achieved needs a reason,
    and that residents are asked: the measure is due. Raises SignInNeeded, NotAllowed, NotFound, Invalid, Conflict.
    """
    person = require(actor, Right.SHAPE_GOAL)
    when = now or clock.now()
    with writing() as db:
        goal = goal_with(db, goal_uuid)
        require_move(GOAL_MOVES, goal.state, state, roles=person.roles, side=person.side, reason=reason)
        today = day_in_city(when)
        if state is GoalState.ACHIEVED and not has_reached_target(goal.uuid, today=today):
            raise Conflict("The measure has not reached its target, so this goal cannot be called achieved.")
        opened_again = reopened_days(db, [goal.id]).get(goal.id)
        if state is GoalState.ACHIEVED and not has_reached_target(goal.uuid, today=today, after=opened_again):
            raise Conflict(
                "Residents opened this goal again: the measure needs a reading at the target from after that day, a "
                "month that began after it, or a new wave."
            )
        if state is GoalState.NOT_ACHIEVED and not _residents_are_asked(db, goal, day_in_city(when)):
            raise Conflict(
                "It is too early to say that this goal was not achieved: residents are asked from its due date on."
            )
        word = word_of(db, goal, today=day_in_city(when))
        if state is GoalState.ACHIEVED:
            require_confirmed(word.by_link + word.by_hands)
        goal.ended_reason = clean_text(reason, field="Reason", longest=SUMMARY_LENGTH)
        goal.state = state
        goal.ended_on = day_in_city(when)
        sentence = {
            GoalState.ACHIEVED: "Residents confirmed: the goal was achieved.",
            GoalState.NOT_ACHIEVED: "The goal ended without being achieved.",
        }.get(state, f"The goal is {words(state)}.")
        note_event(db, goal, state.value, sentence, at=when)
        record(db, person, "goal_ended", "goal", goal.uuid, state=state.value)


def follow_outcome(db: Session, *, goal_id: int, outcome: str, on: date, sentence: str) -> None:
    """Move a candidate by the rule of its published round, inside the caller's transaction.

    `adopted` makes it an adopted goal from `on`; every other outcome sends it back to proposed. Carried by one side
    only is kept as the event "contested". A goal withdrawn meanwhile keeps its state. Raises NotFound, Conflict.
    """
    goal = db.get(Goal, goal_id)
    if goal is None:
        raise NotFound("This goal does not exist any more.")
    is_adopted = outcome == "adopted"
    if goal.state is not GoalState.WITHDRAWN:
        target = GoalState.ADOPTED if is_adopted else GoalState.PROPOSED
        require_rule(GOAL_MOVES, goal.state, target)
        goal.state = target
        if is_adopted:
            goal.adopted_on = on
    kind = "contested" if outcome in ("residents_only", "officers_only") else outcome
    note_event(db, goal, kind, sentence, at=datetime.combine(on, time(12), tzinfo=UTC))
    record(db, None, "outcome_followed", "goal", goal.uuid, outcome=outcome)


def missing_for_activation(db: Session, goal_id: int) -> list[str]:
    """What an adopted goal still needs before it can begin, in words; empty when it is ready. Three statements."""
    has_measure = db.scalar(select(Measure.id).where(Measure.goal_id == goal_id)) is not None
    promised: dict[Party, list[CommitmentState]] = {}
    for party, state in db.execute(select(Commitment.party, Commitment.state).where(Commitment.goal_id == goal_id)):
        promised.setdefault(party, []).append(state)
    missing = missing_to_begin(has_measure=has_measure, promised=promised, beats=sorted(codes_of(db, goal_id)))
    return [each.what for each in missing]


def _residents_are_asked(db: Session, goal: Goal, today: date) -> bool:
    return is_asked(goal.state, db.scalar(select(Measure.due_on).where(Measure.goal_id == goal.id)), today)
