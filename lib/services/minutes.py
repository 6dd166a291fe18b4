"""A meeting's minutes: noting, drafting them from what happened, changing a line, and the approval of both sides."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Meeting, Minute, MinutesApproval, Round
from lib.queries.meetings import meeting as meeting_row
from lib.queries.minutes import IN_ORDER, approvers_with, facilitated_sides, minutes_of
from lib.queries.minutes_draft import drafted_lines
from lib.rules.lifecycle import MEETING_MOVES, MeetingState, RoundState
from lib.rules.minutes import OF_EACH_SIDE, MinuteKind, may_approve
from lib.rules.moves import require_move
from lib.rules.rights import Actor, Right, require
from lib.rules.text import STORY_LENGTH, clean_text
from lib.services.log import record
from lib.services.round_rows import meeting_with
from lib.services.witnesses import Witness, confirmed_by
from lib.storage.transaction import writing

APPROVED = "The minutes of this meeting are approved and stay as they are."
A_DECISION_STANDS = "A decision stands as its vote was published; it cannot be changed or struck."


def note_minute(
    *,
    actor: Actor | None,
    meeting_id: int,
    text: str,
    kind: MinuteKind = MinuteKind.NOTE,
    now: datetime | None = None,
) -> int:
    """Write down what was said or promised; its id. Decisions are written by publishing a round, never by hand.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (minutes approved), Invalid (text; a decision by hand).
    """
    person = require(actor, Right.PLAN_MEETING)
    if kind is MinuteKind.DECISION:
        raise Invalid("A decision is written into the minutes when its vote is published.", field="kind")
    with writing() as db:
        meeting = _unapproved(db, meeting_id)
        minute = Minute(
            meeting_id=meeting_id,
            kind=kind,
            text=_clean(text),
            noted_at=now or clock.now(),
            position=last_position(db, meeting_id),
        )
        db.add(minute)
        db.flush()
        _forget_approvals(db, meeting_id)
        record(db, person, "minute_noted", "meeting", meeting.uuid, minute=minute.id, kind=kind.value)
        return minute.id


def draft_minutes(*, actor: Actor | None, meeting_id: int) -> int:
    """Draft the minutes of a meeting that is over from what happened; how many lines were added.

    Each line is drawn once: drafting again adds what came to be known since, and brings back no line that was struck.
    Raises SignInNeeded, NotAllowed, NotFound, Conflict (the meeting is not over, or its minutes are approved).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting = _unapproved(db, meeting_id)
        if meeting.state is not MeetingState.CLOSED:
            raise Conflict("Minutes are drafted when the meeting is over.")
        added = add_drafted_lines(db, meeting)
        if added:
            record(db, person, "minutes_drafted", "meeting", meeting.uuid, lines=added)
        return added


def add_drafted_lines(db: Session, meeting: Meeting, *, without: Collection[str] = ()) -> int:
    """Inside the caller's transaction: every line that can be drafted and was not yet, except from the sources in
    `without`; how many were added."""
    db.flush()
    present = set(db.scalars(select(Minute.source).where(Minute.meeting_id == meeting.id, Minute.source != "")))
    known = present | set(without)
    new = [line for line in drafted_lines(meeting_row(meeting.uuid)) if line.source not in known]
    position = last_position(db, meeting.id)
    db.add_all(
        Minute(
            meeting_id=meeting.id,
            kind=line.kind,
            text=line.text,
            noted_at=line.noted_at,
            source=line.source,
            position=position,
        )
        for line in new
    )
    if new:
        _forget_approvals(db, meeting.id)
    return len(new)


def change_minute(*, actor: Actor | None, meeting_id: int, minute_id: int, text: str) -> None:
    """Say a line in other words. Approvals given so far fall with the text.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (minutes approved, a decision), Invalid (text).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting, minute = _line(db, meeting_id, minute_id)
        minute.text = _clean(text)
        _forget_approvals(db, meeting_id)
        record(db, person, "minute_changed", "meeting", meeting.uuid, minute=minute_id)


def strike_minute(*, actor: Actor | None, meeting_id: int, minute_id: int, is_struck: bool = True) -> None:
    """Strike a line, or let a struck one stand again. Approvals given so far fall with the text.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (minutes approved, a decision).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting, minute = _line(db, meeting_id, minute_id)
        minute.is_struck = is_struck
        _forget_approvals(db, meeting_id)
        action = "minute_struck" if is_struck else "minute_restored"
        record(db, person, action, "meeting", meeting.uuid, minute=minute_id)


def move_minute(*, actor: Actor | None, meeting_id: int, minute_id: int, is_up: bool) -> None:
    """Put a line before the one of its kind above it that stands, or behind the one below. Approvals given so far fall
    with the text.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (minutes approved, a decision, nothing above or below).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting, minute = _line(db, meeting_id, minute_id)
        lines = list(db.scalars(select(Minute).where(Minute.meeting_id == meeting_id).order_by(*IN_ORDER)))
        place = lines.index(minute)
        beyond = lines[:place][::-1] if is_up else lines[place + 1 :]
        other = next((each for each in beyond if each.kind is minute.kind and not each.is_struck), None)
        if other is None:
            raise Conflict("There is no line above it." if is_up else "There is no line below it.")
        lines.remove(minute)
        lines.insert(lines.index(other) + (0 if is_up else 1), minute)
        for position, line in enumerate(lines, 1):
            line.position = position
        _forget_approvals(db, meeting_id)
        record(db, person, "minute_moved", "meeting", meeting.uuid, minute=minute_id)


def last_position(db: Session, meeting_id: int) -> int:
    """The place of a line that is added: the last one, which time orders where several share it. One statement."""
    return db.scalar(select(func.max(Minute.position)).where(Minute.meeting_id == meeting_id)) or 0


def approve_minutes(
    *,
    actor: Actor | None,
    meeting_id: int,
    text_hash: str,
    second: Witness | None = None,
    now: datetime | None = None,
) -> bool:
    """Approve the minutes as they read under `text_hash`, for oneself and, by their PIN, for a second person on the
    same screen; whether they are approved now.

    Where both sides have a facilitator, one of each side approves, at once or one after the other; else any two
    facilitators or coordinators. With the last approval the minutes are public and nothing in them changes any more.
    Raises SignInNeeded, NotAllowed, NotFound, Conflict (not over, approved already, the text changed meanwhile, a
    counted vote waits to be published), Invalid and SlowDown (PIN).
    """
    person = require(actor, Right.PLAN_MEETING)
    people = [person.person_id]
    if second is not None:
        people.append(confirmed_by(actor=person, second=second, now=now))
    moment = now or clock.now()
    with writing() as db:
        meeting = _unapproved(db, meeting_id)
        if meeting.state is not MeetingState.CLOSED:
            raise Conflict("Minutes are approved when the meeting is over.")
        _require_votes_are_done(db, meeting_id)
        minutes = minutes_of(meeting_id)
        if not minutes.standing:
            raise Conflict("There is nothing in these minutes yet. Draft them, or note what was said.")
        if minutes.text_hash != text_hash:
            raise Conflict("The minutes changed while you read them. Read them again, then approve.")
        facilitated = facilitated_sides()
        for approver in approvers_with(people):
            if not may_approve(approver, facilitated):
                raise NotAllowed(f"{OF_EACH_SIDE} Let one of the side that is missing choose their name.")
        _forget_approvals(db, meeting_id)
        given = {each.person_id for each in minutes.approvals}
        db.add_all(
            MinutesApproval(meeting_id=meeting_id, person_id=each, approved_at=moment, text_hash=text_hash)
            for each in people
            if each not in given
        )
        db.flush()
        facts = {"text_hash": text_hash, "people": ",".join(str(each) for each in people)}
        record(db, person, "minutes_approved", "meeting", meeting.uuid, **facts)
        if minutes_of(meeting_id).missing:
            return False
        require_move(MEETING_MOVES, meeting.state, MeetingState.MINUTED, roles=person.roles, side=person.side)
        meeting.state, meeting.minuted_at = MeetingState.MINUTED, moment
        record(db, person, "meeting_minuted", "meeting", meeting.uuid, text_hash=text_hash)
        return True


def _unapproved(db: Session, meeting_id: int) -> Meeting:
    meeting = meeting_with(db, meeting_id)
    if meeting.state is MeetingState.MINUTED:
        raise Conflict(APPROVED)
    return meeting


def _line(db: Session, meeting_id: int, minute_id: int) -> tuple[Meeting, Minute]:
    meeting = _unapproved(db, meeting_id)
    minute = db.scalar(select(Minute).where(Minute.id == minute_id, Minute.meeting_id == meeting_id))
    if minute is None:
        raise NotFound("This line is not in the minutes any more. Reload the page.")
    if minute.kind is MinuteKind.DECISION:
        raise Conflict(A_DECISION_STANDS)
    return meeting, minute


def _require_votes_are_done(db: Session, meeting_id: int) -> None:
    """Publishing a counted vote writes its decision into the minutes, so it comes before they are approved."""
    waiting = db.scalar(
        select(Round.number)
        .where(Round.meeting_id == meeting_id, Round.state == RoundState.SEALED, Round.set_aside == "")
        .limit(1)
    )
    if waiting is not None:
        raise Conflict(f"Round {waiting} is counted and not published. Publish it or set it aside first.")


def _forget_approvals(db: Session, meeting_id: int) -> None:
    """Drop the approvals of another text than the one that stands now."""
    db.flush()
    stands = minutes_of(meeting_id).text_hash
    db.execute(
        delete(MinutesApproval).where(MinutesApproval.meeting_id == meeting_id, MinutesApproval.text_hash != stands)
    )


def _clean(text: str) -> str:
    return clean_text(text, field="Text", longest=STORY_LENGTH, required=True, lines=True)
