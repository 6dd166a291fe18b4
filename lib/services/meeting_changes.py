"""Changing a planned meeting, cancelling it, and taking its opening back while nothing has happened in the room."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict
from lib.model import (
    AgendaItem,
    Candidate,
    CandidateText,
    CheckinAnswer,
    DoorPass,
    GoalBeat,
    Meeting,
    MeetingBeat,
    Minute,
    Pass,
    PassBatch,
    Round,
    RoundText,
    SecondVote,
)
from lib.queries.opening import what_happened
from lib.rules.lifecycle import MEETING_MOVES, MeetingState, RoundState
from lib.rules.moves import require_move
from lib.rules.rights import Actor, Right, require
from lib.services.log import record
from lib.services.meetings import beats_named, meeting_texts, require_times
from lib.services.round_rows import meeting_with
from lib.storage.transaction import writing

BEGUN_ALREADY = "This meeting has begun, so its plan stays as it was announced."


def change_meeting(
    *,
    actor: Actor | None,
    meeting_id: int,
    title: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    beat_codes: Sequence[str],
    access: str = "",
    wifi: str = "",
    now: datetime | None = None,
) -> None:
    """Give a planned meeting another title, place, time or other beats; its agenda, votes and passes stay.

    A beginning that stays as it was may have passed meanwhile. Raises SignInNeeded, NotAllowed, NotFound (meeting,
    beat), Conflict (begun already; a goal on a prepared vote is of a beat that is taken off), Invalid (as planning).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting = _planned(db, meeting_id)
        require_times(starts_at, ends_at, starts_at if starts_at == meeting.starts_at else now or clock.now())
        beats = beats_named(db, beat_codes)
        _keep_beats_of_goals(db, meeting_id, set(beats.values()))
        for name, text in meeting_texts(title=title, place=place, access=access, wifi=wifi).items():
            setattr(meeting, name, text)
        meeting.starts_at, meeting.ends_at = starts_at, ends_at
        db.execute(delete(MeetingBeat).where(MeetingBeat.meeting_id == meeting_id))
        db.add_all(MeetingBeat(meeting_id=meeting_id, beat_id=beat) for beat in beats.values())
        record(db, person, "meeting_changed", "meeting", meeting.uuid, beats=",".join(sorted(beats)))


def cancel_meeting(*, actor: Actor | None, meeting_id: int) -> None:
    """Remove a planned meeting with its agenda, its prepared votes and its passes. The log keeps that it was planned.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (begun already; something stands in its minutes).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting = _planned(db, meeting_id)
        if db.scalar(select(exists().where(Minute.meeting_id == meeting_id))):
            raise Conflict("Something stands in the minutes of this meeting, so it stays. Change its date instead.")
        if db.scalar(select(exists().where(Round.meeting_id == meeting_id, Round.state != RoundState.DRAFT))):
            raise Conflict(BEGUN_ALREADY)
        drafts = select(Round.id).where(Round.meeting_id == meeting_id)
        candidates = select(Candidate.id).where(Candidate.round_id.in_(drafts))
        batches = select(PassBatch.id).where(PassBatch.meeting_id == meeting_id)
        votes = db.scalar(select(func.count()).where(Round.meeting_id == meeting_id)) or 0
        for gone in (
            delete(AgendaItem).where(AgendaItem.meeting_id == meeting_id),
            delete(CheckinAnswer).where(CheckinAnswer.meeting_id == meeting_id),
            delete(CandidateText).where(CandidateText.candidate_id.in_(candidates)),
            delete(Candidate).where(Candidate.round_id.in_(drafts)),
            delete(RoundText).where(RoundText.round_id.in_(drafts)),
            delete(SecondVote).where(SecondVote.round_id.in_(drafts)),
            delete(Round).where(Round.meeting_id == meeting_id),
            delete(DoorPass).where(DoorPass.batch_id.in_(batches)),
            delete(Pass).where(Pass.batch_id.in_(batches)),
            delete(PassBatch).where(PassBatch.meeting_id == meeting_id),
        ):
            db.execute(gone.execution_options(synchronize_session=False))
        db.delete(meeting)
        record(db, person, "meeting_cancelled", "meeting", meeting.uuid, votes=votes)


def take_back_opening(*, actor: Actor | None, meeting_id: int) -> None:
    """Close the doors again, as if the meeting had not been opened: only while nothing has happened in the room.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (not open; a vote was opened, a pass handed out at the door, an
    answer counted).
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        require_move(MEETING_MOVES, meeting.state, MeetingState.PLANNED, roles=person.roles, side=person.side)
        if happened := what_happened(meeting_id):
            raise Conflict(f"{happened}, so the opening cannot be taken back any more.")
        for item in db.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)):
            item.started_at = None
        meeting.state = MeetingState.PLANNED
        record(db, person, "meeting_opening_taken_back", "meeting", meeting.uuid)


def take_back_agenda_step(*, actor: Actor | None, meeting_id: int) -> None:
    """The step that was begun last was begun by mistake: the one before it is the present one again, its time unbroken.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (the meeting is not open, no step was begun).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        if meeting.state is not MeetingState.OPEN:
            raise Conflict("Steps change while the meeting is open.")
        begun = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.started_at.is_not(None))
        last = db.scalar(begun.order_by(AgendaItem.started_at.desc(), AgendaItem.position.desc()).limit(1))
        if last is None:
            raise Conflict("No step has been begun.")
        last.started_at = None
        record(db, person, "agenda_item_taken_back", "meeting", meeting.uuid, item=last.id)


def _planned(db: Session, meeting_id: int) -> Meeting:
    meeting = meeting_with(db, meeting_id)
    if meeting.state is not MeetingState.PLANNED:
        raise Conflict(BEGUN_ALREADY)
    return meeting


def _keep_beats_of_goals(db: Session, meeting_id: int, beats: set[int]) -> None:
    """Raises Conflict where a goal on a prepared vote would be of no beat of the meeting any more."""
    of_here = exists().where(GoalBeat.goal_id == Candidate.goal_id, GoalBeat.beat_id.in_(beats))
    left_out = db.execute(
        select(Round.number)
        .join(Candidate, Candidate.round_id == Round.id)
        .where(Round.meeting_id == meeting_id, ~of_here)
        .limit(1)
    ).scalar()
    if left_out is not None:
        raise Conflict(f"Round {left_out} is prepared on goals of a beat that you take off. Change that vote first.")
