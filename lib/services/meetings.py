"""Planning a meeting, its agenda, opening and closing it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import AgendaItem, Beat, Meeting, MeetingBeat, Round
from lib.queries.checkin import answers_counted
from lib.queries.door import handed_out
from lib.rules.lifecycle import MEETING_MOVES, UNCOUNTED, MeetingState
from lib.rules.moves import require_move
from lib.rules.rights import Actor, Right, require
from lib.rules.text import LINE_LENGTH, TITLE_LENGTH, clean_text, listed
from lib.rules.voting import Display
from lib.services.log import record
from lib.services.minutes import add_drafted_lines
from lib.services.round_rows import meeting_with
from lib.storage.transaction import writing

PLANNED_LATE = timedelta(hours=1)
"""A meeting may still be written down when the room already sits; what began earlier is a slip of the pen."""

LONGEST_STEP = 8 * 60
"""Minutes. A step of the agenda is shorter than a day's work."""


def plan_meeting(
    *,
    actor: Actor | None,
    title: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    beat_codes: Sequence[str],
    access: str = "",
    wifi: str = "",
    now: datetime | None = None,
) -> int:
    """Plan a meeting of one or more beats; its id. `access`: how to get in; `wifi`: what the room needs to join.

    Raises SignInNeeded, NotAllowed, NotFound (beat), Invalid (texts, times, a beginning in the past, no beat).
    """
    person = require(actor, Right.PLAN_MEETING)
    require_times(starts_at, ends_at, now or clock.now())
    with writing() as db:
        beats = beats_named(db, beat_codes)
        meeting = Meeting(
            **meeting_texts(title=title, place=place, access=access, wifi=wifi), starts_at=starts_at, ends_at=ends_at
        )
        db.add(meeting)
        db.flush()
        db.add_all(MeetingBeat(meeting_id=meeting.id, beat_id=beat) for beat in beats.values())
        record(db, person, "meeting_planned", "meeting", meeting.uuid, beats=",".join(sorted(beats)))
        return meeting.id


def add_agenda_item(
    *, actor: Actor | None, meeting_id: int, title: str, minutes: int, round_id: int | None = None
) -> int:
    """Add a step at the end of the agenda; its id. `round_id` where the step is a vote of this meeting.

    Raises SignInNeeded, NotAllowed, NotFound (meeting, round), Conflict (the meeting is over), Invalid.
    """
    person = require(actor, Right.PLAN_MEETING)
    if not 1 <= minutes <= LONGEST_STEP:
        raise Invalid(f"A step takes between 1 and {LONGEST_STEP} minutes.", field="minutes")
    with writing() as db:
        meeting = unfinished_meeting(db, meeting_id)
        if round_id is not None:
            owner = db.scalar(select(Round.meeting_id).where(Round.id == round_id))
            if owner != meeting_id:
                raise NotFound("This vote does not belong to the meeting. Choose one from its list.")
        last = db.scalar(select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id)) or 0
        item = AgendaItem(
            meeting_id=meeting_id,
            position=last + 1,
            title=clean_text(title, field="Title", longest=160, required=True),
            minutes=minutes,
            round_id=round_id,
        )
        db.add(item)
        db.flush()
        record(db, person, "agenda_item_added", "meeting", meeting.uuid, item=item.id, minutes=minutes)
        return item.id


def reorder_agenda(*, actor: Actor | None, meeting_id: int, item_ids: Sequence[int]) -> None:
    """Put the agenda into this order; every step is named once.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (the meeting is over, or the agenda changed meanwhile).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting = unfinished_meeting(db, meeting_id)
        items = {item.id: item for item in _agenda(db, meeting_id)}
        if sorted(item_ids) != sorted(items):
            raise Conflict("The agenda changed meanwhile. Reload the page and order it again.")
        _place(db, [items[item_id] for item_id in item_ids])
        record(db, person, "agenda_reordered", "meeting", meeting.uuid, items=len(items))


def drop_agenda_item(*, actor: Actor | None, meeting_id: int, item_id: int) -> None:
    """Take a step off the agenda. Raises SignInNeeded, NotAllowed, NotFound, Conflict (the meeting is over)."""
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting = unfinished_meeting(db, meeting_id)
        items = _agenda(db, meeting_id)
        dropped = next((item for item in items if item.id == item_id), None)
        if dropped is None:
            raise NotFound("This step is not on the agenda any more. Reload the page.")
        db.delete(dropped)
        db.flush()
        _place(db, [item for item in items if item is not dropped])
        record(db, person, "agenda_item_dropped", "meeting", meeting.uuid, item=item_id)


def open_meeting(*, actor: Actor | None, meeting_id: int) -> None:
    """Open the doors: from here on the meeting's passes are admitted.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (already open, or over).
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        require_move(MEETING_MOVES, meeting.state, MeetingState.OPEN, roles=person.roles, side=person.side)
        meeting.state = MeetingState.OPEN
        record(db, person, "meeting_opened", "meeting", meeting.uuid)


def show_in_room(*, actor: Actor | None, meeting_id: int, display: Display) -> None:
    """Let the live display show the vote, the lobby, or a cover for a moment. Can be taken back at any time.

    Raises SignInNeeded, NotAllowed, NotFound.
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        if meeting.display is not display:
            meeting.display = display
            record(db, person, "display_changed", "meeting", meeting.uuid, display=display.value)


def begin_agenda_item(*, actor: Actor | None, meeting_id: int, item_id: int, now: datetime | None = None) -> None:
    """Begin a step of the agenda: its time box runs from now on. Begun again, it runs anew.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (the meeting is not open).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        if meeting.state is not MeetingState.OPEN:
            raise Conflict("Steps begin when the meeting is open.")
        item = next((each for each in _agenda(db, meeting_id) if each.id == item_id), None)
        if item is None:
            raise NotFound("This step is not on the agenda any more. Reload the page.")
        item.started_at = now or clock.now()
        record(db, person, "agenda_item_begun", "meeting", meeting.uuid, item=item_id)


def close_meeting(*, actor: Actor | None, meeting_id: int) -> None:
    """End the meeting: its passes are good for nothing any more, and its minutes are drafted from what happened, who
    was in the room among it.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (not open, or a round has not been counted).
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        require_move(MEETING_MOVES, meeting.state, MeetingState.CLOSED, roles=person.roles, side=person.side)
        uncounted = db.scalar(
            select(Round.number)
            .where(
                Round.meeting_id == meeting_id,
                Round.state.in_(UNCOUNTED),
            )
            .limit(1)
        )
        if uncounted is not None:
            raise Conflict(f"Round {uncounted} has not been counted. Close and count it before you end the meeting.")
        meeting.state = MeetingState.CLOSED
        answers = {f"answers_{question}": number for question, number in answers_counted(meeting_id).items() if number}
        # Passes handed out appear in the log as totals only (promise 13).
        doors = {f"door_{each.side.value}_by_{each.person_id}": each.number for each in handed_out(meeting_id)}
        record(db, person, "meeting_closed", "meeting", meeting.uuid, **answers, **doors)
        add_drafted_lines(db, meeting)


def require_times(starts_at: datetime, ends_at: datetime, moment: datetime) -> None:
    """Raises Invalid where a meeting ends before it begins, or begins in the past."""
    if starts_at >= ends_at:
        raise Invalid("The meeting must end after it begins.", field="ends_at")
    if starts_at < moment - PLANNED_LATE:
        raise Invalid("This beginning is in the past. Write a day and an hour that are to come.", field="starts_at")


def beats_named(db: Session, codes: Sequence[str]) -> dict[str, int]:
    """The ids of beats by their codes. Raises Invalid (none), NotFound (a code that no beat has)."""
    if not codes:
        raise Invalid("Choose the beat that the meeting is for.", field="beats")
    beats = {row.code: row.id for row in db.execute(select(Beat.code, Beat.id).where(Beat.code.in_(codes)))}
    if unknown := sorted(set(codes) - set(beats)):
        raise NotFound(f"There is no beat {listed(unknown)[:60]}. Choose one from the list.")
    return beats


def meeting_texts(*, title: str, place: str, access: str, wifi: str) -> dict[str, str]:
    """The texts of a meeting as they are kept. Raises Invalid."""
    return {
        "title": clean_text(title, field="Title", longest=TITLE_LENGTH, required=True),
        "place": clean_text(place, field="Place", longest=200, required=True),
        "access": clean_text(access, field="Access", longest=LINE_LENGTH),
        "wifi": clean_text(wifi, field="Wi-Fi", longest=80),
    }


def unfinished_meeting(db: Session, meeting_id: int) -> Meeting:
    """The meeting's row, held, while its agenda can change. Raises NotFound, Conflict (it is over)."""
    meeting = meeting_with(db, meeting_id)
    if meeting.state not in (MeetingState.PLANNED, MeetingState.OPEN):
        raise Conflict("This meeting is over; its agenda stays as it was.")
    return meeting


def _agenda(db: Session, meeting_id: int) -> list[AgendaItem]:
    question = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(AgendaItem.position)
    return list(db.scalars(question))


def _place(db: Session, items: Sequence[AgendaItem]) -> None:
    # Positions are unique, so everything steps aside before it takes its new one.
    for position, item in enumerate(items, 1):
        item.position = -position
    db.flush()
    for position, item in enumerate(items, 1):
        item.position = position
    db.flush()
