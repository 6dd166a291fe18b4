"""Goals: proposed from concerns, told as a story, answered by officers, adopted by a round, begun and ended."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import (
    Beat,
    Category,
    Commitment,
    Concern,
    Goal,
    GoalBeat,
    GoalConcern,
    Measure,
    StoryVersion,
)
from lib.queries.evidence import has_reached_target
from lib.queries.residents_word import reopened_days, word_of
from lib.rules.goals import Feasibility
from lib.rules.lifecycle import (
    GOAL_MOVES,
    CommitmentState,
    GoalState,
    Party,
    require_move,
    require_rule,
    words,
)
from lib.rules.residents_word import is_asked
from lib.rules.rights import Actor, Right, require
from lib.rules.text import STORY_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH, clean_text, listed
from lib.services.goal_rows import (
    codes_of,
    day_in_city,
    goal_with,
    is_being_voted,
    note_event,
    require_own_beat,
    require_posting,
    require_posting_to,
    running_goal,
)
from lib.services.log import record
from lib.services.readings import begin_measure
from lib.services.residents_word import require_confirmed
from lib.storage.transaction import writing


def propose_goal(
    *,
    actor: Actor | None,
    title: str,
    summary: str,
    beat_codes: Collection[str],
    concern_uuids: Collection[UUID],
    category: str = "",
    scanning: str = "",
    analysis: str = "",
    response: str = "",
    assessment: str = "",
    now: datetime | None = None,
) -> UUID:
    """Make a goal of one or many concerns; the goal's uuid.

    Every concern must lie in one of the goal's beats; without a `category` (its key) the goal takes the concerns' own
    where they share one. Raises SignInNeeded, NotAllowed (right, beat), NotFound (beat, concern, category), Invalid.
    """
    person = require(actor, Right.PROPOSE_GOAL)
    if not beat_codes:
        raise Invalid("Choose the beat that the goal is for.", field="beats")
    if not concern_uuids:
        raise Invalid("Choose at least one concern: a goal grows out of what residents raised.", field="concerns")
    with writing() as db:
        beats = {row.code: row.id for row in db.execute(select(Beat.code, Beat.id).where(Beat.code.in_(beat_codes)))}
        if unknown := sorted(set(beat_codes) - set(beats)):
            raise NotFound(f"There is no beat {listed(unknown)[:60]}. Choose one from the list.")
        require_posting_to(person, beats)
        concerns = db.execute(
            select(Concern.id, Concern.uuid, Concern.beat_id, Concern.category_id).where(
                Concern.uuid.in_(set(concern_uuids))
            )
        ).all()
        if len(concerns) < len(set(concern_uuids)):
            raise NotFound("One of the concerns does not exist any more. Choose again from the list.")
        if any(concern.beat_id not in beats.values() for concern in concerns):
            raise Invalid("One of the concerns lies in another beat. Add that beat, or leave it out.", field="concerns")
        told = _story(scanning, analysis, response, assessment)
        goal = Goal(
            title=clean_text(title, field="Title", longest=TITLE_LENGTH, required=True),
            summary=clean_text(summary, field="Summary", longest=SUMMARY_LENGTH, required=True),
            category_id=_category_id(db, category, {concern.category_id for concern in concerns}),
            state=GoalState.PROPOSED,
            proposed_at=now or clock.now(),
            proposed_by_id=person.person_id,
            **told,
        )
        db.add(goal)
        db.flush()
        db.add_all(GoalBeat(goal_id=goal.id, beat_id=beat) for beat in beats.values())
        db.add_all(GoalConcern(goal_id=goal.id, concern_id=concern.id) for concern in concerns)
        if any(told.values()):
            _keep_version(db, goal, told, person, goal.proposed_at)
        note_event(db, goal, "proposed", "Proposed as a goal.", at=goal.proposed_at)
        record(db, person, "goal_proposed", "goal", goal.uuid, concerns=len(concerns), beats=",".join(sorted(beats)))
        return goal.uuid


def reword_goal(*, actor: Actor | None, goal_uuid: UUID, title: str, summary: str) -> None:
    """Change title and summary while the goal is only proposed: what was voted on keeps its words.

    Raises SignInNeeded, NotAllowed (right, beat), NotFound, Conflict (no longer proposed), Invalid (texts).
    """
    person = require(actor, Right.SHAPE_GOAL)
    with writing() as db:
        goal = goal_with(db, goal_uuid)
        require_posting(db, person, goal)
        if goal.state is not GoalState.PROPOSED:
            raise Conflict(f"This goal is {words(goal.state)}: its title and summary stay as they were voted on.")
        goal.title = clean_text(title, field="Title", longest=TITLE_LENGTH, required=True)
        goal.summary = clean_text(summary, field="Summary", longest=SUMMARY_LENGTH, required=True)
        record(db, person, "goal_reworded", "goal", goal.uuid)


def tell_story(
    *,
    actor: Actor | None,
    goal_uuid: UUID,
    scanning: str,
    analysis: str,
    response: str,
    assessment: str,
    now: datetime | None = None,
) -> None:
    """Write the four parts of the goal's SARA story (scanning, analysis, response, assessment); parts may be empty.

    Each telling is kept with its day and its teller, and what was said before stays readable; the same words again keep
    nothing. Raises SignInNeeded, NotAllowed (right, beat), NotFound, Conflict (the goal has ended), Invalid (too long).
    """
    person = require(actor, Right.SHAPE_GOAL)
    with writing() as db:
        goal = running_goal(db, goal_uuid)
        require_posting(db, person, goal)
        told = _story(scanning, analysis, response, assessment)
        if all(getattr(goal, part) == text for part, text in told.items()):
            return
        _keep_first_version(db, goal)
        for part, text in told.items():
            setattr(goal, part, text)
        _keep_version(db, goal, told, person, now or clock.now())
        record(db, person, "story_told", "goal", goal.uuid)


def answer_feasibility(
    *, actor: Actor | None, goal_uuid: UUID, answer: Feasibility, reason: str, now: datetime | None = None
) -> None:
    """The officers' answer before the vote: can the goal be worked on, and why (not).

    Only an officer posted to one of the goal's beats answers; a later answer replaces an earlier one until a vote on
    the goal opens. Raises SignInNeeded, NotAllowed, NotFound, Conflict (too late), Invalid (no reason).
    """
    person = require(actor, Right.ANSWER_FEASIBILITY)
    with writing() as db:
        goal = goal_with(db, goal_uuid)
        require_own_beat(person, codes_of(db, goal.id))
        if goal.state not in (GoalState.PROPOSED, GoalState.CANDIDATE) or is_being_voted(db, goal.id):
            raise Conflict("The officers’ answer belongs before the vote, and the vote on this goal has begun.")
        goal.feasibility = answer
        goal.feasibility_reason = clean_text(reason, field="Reason", longest=STORY_LENGTH, required=True, lines=True)
        goal.feasibility_by_id = person.person_id
        goal.feasibility_at = now or clock.now()
        said = {Feasibility.YES: "can", Feasibility.PARTLY: "can partly", Feasibility.NO: "cannot"}[answer]
        note_event(db, goal, "feasibility", f"Officers answered: this {said} be done.", at=goal.feasibility_at)
        record(db, person, "feasibility_answered", "goal", goal.uuid, answer=answer.value)


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
    """What an adopted goal still needs before it can begin, in words; empty when it is ready. Two statements."""
    missing = []
    if db.scalar(select(Measure.id).where(Measure.goal_id == goal_id)) is None:
        missing.append("a measure")
    # A goal that is under way goes on after a broken commitment; none begins on one.
    promised = set(
        db.scalars(
            select(Commitment.party).where(
                Commitment.goal_id == goal_id,
                Commitment.state.in_((CommitmentState.ACCEPTED, CommitmentState.KEPT)),
            )
        )
    )
    missing += [
        f"an accepted commitment of the {party.value}"
        for party in (Party.RESIDENTS, Party.OFFICERS)
        if party not in promised
    ]
    return missing


def _residents_are_asked(db: Session, goal: Goal, today: date) -> bool:
    return is_asked(goal.state, db.scalar(select(Measure.due_on).where(Measure.goal_id == goal.id)), today)


def _category_id(db: Session, key: str, of_the_concerns: set[int]) -> int | None:
    if not key:
        return of_the_concerns.pop() if len(of_the_concerns) == 1 else None
    category_id = db.scalar(select(Category.id).where(Category.key == key))
    if category_id is None:
        raise NotFound("There is no such category. Choose one from the list.")
    return category_id


def _keep_version(db: Session, goal: Goal, told: dict[str, str], person: Actor, at: datetime) -> None:
    db.add(StoryVersion(goal_id=goal.id, told_at=at, person_id=person.person_id, **told))


def _keep_first_version(db: Session, goal: Goal) -> None:
    """A story from before tellings were kept is kept now, before it is told anew."""
    before = {part: getattr(goal, part) for part in ("scanning", "analysis", "response", "assessment")}
    if any(before.values()) and db.scalar(select(StoryVersion.id).where(StoryVersion.goal_id == goal.id)) is None:
        db.add(StoryVersion(goal_id=goal.id, told_at=goal.proposed_at, person_id=goal.proposed_by_id, **before))


def _story(scanning: str, analysis: str, response: str, assessment: str) -> dict[str, str]:
    parts = {"scanning": scanning, "analysis": analysis, "response": response, "assessment": assessment}
    return {
        part: clean_text(text, field=part.capitalize(), longest=STORY_LENGTH, lines=True)
        for part, text in parts.items()
    }
