"""Questions about a meeting's minutes: their lines, who approved them as they stand, and whose approval is missing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lib.model import Minute, MinutesApproval, Person, PersonRole
from lib.queries.meetings import MeetingRow
from lib.rules.lifecycle import Role, Side
from lib.rules.minutes import Approver, MinuteKind, may_approve, minutes_hash, missing_approval
from lib.storage.transaction import reading


@dataclass(frozen=True)
class MinutesLine:
    """A line as it is edited. A struck one is kept, so that drafting again does not bring it back."""

    id: int
    kind: MinuteKind
    text: str
    noted_at: datetime
    source: str
    is_struck: bool


@dataclass(frozen=True)
class Approval:
    """Somebody's approval of the text as it stands."""

    person_id: int
    name: str
    side: Side
    approved_at: datetime


@dataclass(frozen=True)
class Minutes:
    """The minutes with what approving needs. `text_hash`: of the lines that stand. `missing`: whose approval is, as a
    sentence, "" where none is. `is_another_text`: somebody's approval is of another text than the one that stands."""

    lines: tuple[MinutesLine, ...]
    text_hash: str
    approvals: tuple[Approval, ...]
    missing: str
    is_another_text: bool = False

    @property
    def standing(self) -> tuple[MinutesLine, ...]:
        """The lines that were not struck."""
        return tuple(line for line in self.lines if not line.is_struck)


IN_ORDER = (Minute.position, Minute.noted_at, Minute.id)
"""The order in which the lines of one meeting are read."""


def minutes_of(meeting_id: int) -> Minutes:
    """The minutes of a meeting, lines in the order of time, or in that of whoever moved them. Four statements, three
    before any approval."""
    with reading() as db:
        rows = db.execute(
            select(Minute.id, Minute.kind, Minute.text, Minute.noted_at, Minute.source, Minute.is_struck)
            .where(Minute.meeting_id == meeting_id)
            .order_by(*IN_ORDER)
        )
        lines = tuple(MinutesLine(*row) for row in rows)
        digest = minutes_hash((line.kind, line.text) for line in lines if not line.is_struck)
        given = db.execute(
            select(MinutesApproval.text_hash, Person.id, Person.name, Person.side, MinutesApproval.approved_at)
            .join(MinutesApproval, MinutesApproval.person_id == Person.id)
            .where(MinutesApproval.meeting_id == meeting_id)
            .order_by(MinutesApproval.approved_at, Person.id)
        ).all()
        approvals = tuple(Approval(*row[1:]) for row in given if row.text_hash == digest)
        approvers = approvers_with([each.person_id for each in approvals]) if approvals else ()
    return Minutes(
        lines, digest, approvals, missing_approval(approvers, facilitated_sides()), len(approvals) < len(given)
    )


def differs_from_approved(minutes: Minutes, meeting: MeetingRow) -> bool:
    """Whether minutes that count as approved are another text than the one that people approved."""
    return minutes.is_another_text or (meeting.minuted_at is not None and not minutes.approvals)


def who_may_approve() -> frozenset[int]:
    """The ids of the active people whose approval counts at present. Two statements."""
    roles: dict[tuple[int, Side], set[Role]] = {}
    with reading() as db:
        for row in db.execute(
            select(Person.id, Person.side, PersonRole.role)
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(Person.is_active)
        ):
            roles.setdefault((row.id, row.side), set()).add(row.role)
    facilitated = facilitated_sides()
    approvers = (Approver(number, side, frozenset(held)) for (number, side), held in roles.items())
    return frozenset(each.person_id for each in approvers if may_approve(each, facilitated))


def approvers_with(person_ids: list[int]) -> tuple[Approver, ...]:
    """These people with the roles that they hold at present; whoever is not active holds none. One statement."""
    roles: dict[int, set[Role]] = {}
    sides: dict[int, Side] = {}
    with reading() as db:
        for row in db.execute(
            select(Person.id, Person.side, Person.is_active, PersonRole.role)
            .outerjoin(PersonRole, PersonRole.person_id == Person.id)
            .where(Person.id.in_(person_ids))
        ):
            sides[row.id] = row.side
            roles.setdefault(row.id, set()).update({row.role} if row.role is not None and row.is_active else set())
    return tuple(Approver(number, sides[number], frozenset(roles[number])) for number in sides)


def facilitated_sides() -> frozenset[Side]:
    """The sides that have an active facilitator. One statement."""
    with reading() as db:
        return frozenset(
            db.scalars(
                select(Person.side)
                .join(PersonRole, PersonRole.person_id == Person.id)
                .where(Person.is_active, PersonRole.role == Role.FACILITATOR)
                .distinct()
            )
        )
