"""Goals before their vote: proposed from concerns, worded, told as a story, answered by officers."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import (
    Beat,
    Category,
    Concern,
    Goal,
    GoalBeat,
    GoalConcern,
    StoryVersion,
)
from lib.rules.goals import Feasibility
from lib.rules.lifecycle import GoalState
from lib.rules.rights import Actor, Right, require
from lib.rules.states import words
from lib.rules.text import STORY_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH, clean_text, listed
from lib.services.goal_rows import (
    codes_of,
    goal_with,
    is_being_voted,
    note_event,
    require_own_beat,
    require_posting,
    require_posting_to,
    running_goal,
)
from lib.services.log import record
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
