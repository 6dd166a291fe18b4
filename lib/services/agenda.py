"""The agenda that writes itself, and changing what it wrote."""

from datetime import datetime

from sqlalchemy import select

from lib import clock
from lib.errors import Invalid, NotFound
from lib.model import AgendaItem
from lib.queries.agenda import agenda_draft
from lib.queries.meetings import meeting
from lib.rules.agenda import DraftItem, referred
from lib.rules.rights import Actor, Right, require
from lib.rules.text import clean_text
from lib.services.log import record
from lib.services.meetings import LONGEST_STEP, unfinished_meeting
from lib.storage.transaction import writing

STEP_TITLE = 160
"""Characters of a step's title."""


def draft_agenda(*, actor: Actor | None, meeting_id: int, now: datetime | None = None) -> int:
    """Draft the agenda from what is open in the meeting's beats, in the meeting's own minutes; how many steps it wrote.

    Only drafted steps that have not begun are replaced: what somebody typed or changed stays. Votes of the meeting are
    linked. Raises SignInNeeded, NotAllowed, NotFound, Conflict (the meeting is over), Invalid (what stays leaves no
    room).
    """
    person = require(actor, Right.PLAN_MEETING)
    with writing() as db:
        held = unfinished_meeting(db, meeting_id)
        drafted = agenda_draft(meeting(held.uuid), now=now or clock.now())
        present = {item.id: item for item in db.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id))}
        kept = {item.order for item in drafted if not isinstance(item, DraftItem)}
        for item in present.values():
            if item.id not in kept:
                db.delete(item)
        db.flush()
        # Positions are unique: what stays steps aside first.
        for item_id in kept:
            present[item_id].position = -item_id
        db.flush()
        for position, step in enumerate(drafted, 1):
            if isinstance(step, DraftItem):
                db.add(drafted_row(meeting_id, position, step))
            else:
                present[step.order].position = position
        db.flush()
        written = len(drafted) - len(kept)
        record(db, person, "agenda_drafted", "meeting", held.uuid, steps=written, kept=len(kept))
        return written


def change_agenda_item(*, actor: Actor | None, meeting_id: int, item_id: int, title: str, minutes: int) -> None:
    """Give a step another title or another time box. It is somebody's own from then on: drafting again leaves it alone.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (the meeting is over), Invalid.
    """
    person = require(actor, Right.PLAN_MEETING)
    if not 1 <= minutes <= LONGEST_STEP:
        raise Invalid(f"A step takes between 1 and {LONGEST_STEP} minutes.", field="minutes")
    with writing() as db:
        held = unfinished_meeting(db, meeting_id)
        item = db.scalar(select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.meeting_id == meeting_id))
        if item is None:
            raise NotFound("This step is not on the agenda any more. Reload the page.")
        item.title = clean_text(title, field="Title", longest=STEP_TITLE, required=True)
        item.minutes = minutes
        item.topic = ""
        record(db, person, "agenda_item_changed", "meeting", held.uuid, item=item_id, minutes=minutes)


def drafted_row(meeting_id: int, position: int, step: DraftItem) -> AgendaItem:
    """A drafted step as it is stored, its vote linked."""
    kind, names = referred(step.source)
    return AgendaItem(
        meeting_id=meeting_id,
        position=position,
        title=step.title,
        minutes=step.minutes,
        round_id=int(names[0]) if kind == "round" else None,
        topic=step.topic.value,
        source=step.source,
    )
