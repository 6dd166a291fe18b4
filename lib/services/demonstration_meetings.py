"""The demonstration's meetings as the product remembers them: coming agendas drafted from what is open, minutes drafted
from what happened and approved by both sides.

Inside the caller's transaction, after goals, votes and events are stored: the product's own drafts read them.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lib.demo.goals import Staff
from lib.demo.plan import MeetingPlan, Plan
from lib.model import AgendaItem, Meeting, MinutesApproval
from lib.queries.agenda import agenda_draft
from lib.queries.meetings import meeting
from lib.queries.minutes import minutes_of
from lib.rules.agenda import DraftItem
from lib.rules.lifecycle import MeetingState
from lib.services.agenda import drafted_row
from lib.services.demonstration_history import Ids, Step
from lib.services.demonstration_rows import add_rows
from lib.services.minutes import add_drafted_lines

OFFICERS_FACILITATOR = "facilitator.officers@demo.example"

APPROVED_AFTER = timedelta(days=2)
"""How long after a meeting both sides approved its minutes."""


def draft_coming_agendas(db: Session, plan: Plan, ids: Ids, today: date) -> None:
    """Each planned meeting's agenda, as a facilitator lets it be drafted this morning."""
    now = datetime.combine(today, time(9), ids.zone)
    for each in plan.meetings:
        if each.state is MeetingState.PLANNED:
            row = meeting(each.uuid)
            db.execute(delete(AgendaItem).where(AgendaItem.meeting_id == row.id))
            steps = [step for step in agenda_draft(row, now=now) if isinstance(step, DraftItem)]
            db.add_all(drafted_row(row.id, position, step) for position, step in enumerate(steps, 1))
    db.flush()


def draft_past_minutes(db: Session, plan: Plan, staff: Staff, ids: Ids) -> list[Step]:
    """Lines drafted from what happened, beside those that somebody noted; approvals where the meeting is minuted. What
    to write in the log."""
    steps: list[Step] = []
    past = [each for each in plan.meetings if each.state is not MeetingState.PLANNED]
    for at, each in enumerate(past):
        row = db.scalars(select(Meeting).where(Meeting.uuid == each.uuid)).one()
        # The next meeting of an early one has been held since: only the last one of a beat names a date to come.
        is_last = not any(set(later.beats) & set(each.beats) for later in past[at + 1 :])
        add_drafted_lines(db, row, without=frozenset() if is_last else frozenset({"next"}))
        if each.state is MeetingState.MINUTED:
            steps += _approved(db, row, each, staff, ids)
    db.flush()
    return steps


def _approved(db: Session, row: Meeting, each: MeetingPlan, staff: Staff, ids: Ids) -> list[Step]:
    """A facilitator of each side approved the text on the same screen."""
    at = each.ends_at + APPROVED_AFTER
    digest = minutes_of(row.id).text_hash
    first = staff.facilitator(each.beats[0]).email
    people = [ids.people[email] for email in (first, OFFICERS_FACILITATOR)]
    row.state, row.minuted_at = MeetingState.MINUTED, at
    add_rows(
        db,
        MinutesApproval,
        [{"meeting_id": row.id, "person_id": person, "approved_at": at, "text_hash": digest} for person in people],
    )
    uuid, told = str(each.uuid), ",".join(str(person) for person in people)
    return [
        Step(at, "minutes_approved", "meeting", uuid, actor=first, facts={"text_hash": digest, "people": told}),
        Step(at, "meeting_minuted", "meeting", uuid, actor=first, facts={"text_hash": digest}),
    ]
