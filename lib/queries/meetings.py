"""Questions about meetings: which come, what is on the agenda, what was decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event
from sqlalchemy import ColumnElement, UnaryExpression, and_, or_, select

from lib import clock
from lib.errors import NotFound
from lib.model import AgendaItem, Beat, Meeting, MeetingBeat, Minute, Round
from lib.network import hall_address
from lib.queries.places import BeatRow
from lib.queries.voting import RoundRow, rounds
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.minutes import MinuteKind
from lib.rules.text import listed
from lib.rules.voting import Display
from lib.settings import settings
from lib.storage.transaction import reading

RUNNING_LATE = timedelta(hours=6)
"""How long after its planned end a planned meeting that nobody opened still counts as coming."""


@dataclass(frozen=True)
class MeetingRow:
    """One meeting. `beats` by code. `address`: see `room_address`."""

    id: int
    uuid: UUID
    title: str
    place: str
    access: str
    wifi: str
    starts_at: datetime
    ends_at: datetime
    state: MeetingState
    address: str
    display: Display
    beats: tuple[BeatRow, ...]
    minuted_at: datetime | None = None

    @property
    def room_address(self) -> str:
        """The address that this room's QR codes carry: its own where one was chosen, else the installation's."""
        return self.address or hall_address()

    @property
    def beat_codes(self) -> tuple[str, ...]:
        return tuple(beat.code for beat in self.beats)

    @property
    def beat_labels(self) -> str:
        """The beats as people say them."""
        return listed([beat.label for beat in self.beats])


@dataclass(frozen=True)
class AgendaRow:
    """A step of the meeting; it begins when the steps before it have had their minutes. `started_at`: when it really
    began, once the facilitator said so. `topic` and `source`: see `AgendaItem`."""

    id: int
    position: int
    title: str
    minutes: int
    starts_at: datetime
    round_id: int | None
    round_number: int | None
    round_state: RoundState | None
    started_at: datetime | None = None
    topic: str = ""
    source: str = ""


@dataclass(frozen=True)
class MinuteRow:
    """A line of the minutes that stands. `source`: what it was drafted from, "" where somebody wrote it."""

    id: int
    kind: MinuteKind
    text: str
    noted_at: datetime
    source: str = ""


@dataclass(frozen=True)
class MeetingDetail:
    """A meeting with everything that belongs to it."""

    meeting: MeetingRow
    agenda: tuple[AgendaRow, ...]
    rounds: tuple[RoundRow, ...]
    minutes: tuple[MinuteRow, ...]

    @property
    def decisions(self) -> tuple[MinuteRow, ...]:
        return tuple(minute for minute in self.minutes if minute.kind is MinuteKind.DECISION)


def coming_meetings(
    beat: str | None = None, *, now: datetime | None = None, at_most: int | None = None
) -> tuple[MeetingRow, ...]:
    """Meetings that are open or still to come, the next first; of one beat (by code) or of all. Two statements."""
    return _meetings(_is_coming(now or clock.now()), beat, Meeting.starts_at.asc(), at_most)


def past_meetings(
    beat: str | None = None, *, now: datetime | None = None, at_most: int | None = 50
) -> tuple[MeetingRow, ...]:
    """Meetings that are over, the latest first; of one beat (by code) or of all. Two statements."""
    return _meetings(~_is_coming(now or clock.now()), beat, Meeting.starts_at.desc(), at_most)


def next_meeting(beat: str | None = None, *, now: datetime | None = None) -> MeetingRow | None:
    """The meeting that is open, or else the next one. Two statements, one if there is none."""
    found = coming_meetings(beat, now=now, at_most=1)
    return found[0] if found else None


def last_meeting(beats: Collection[str], *, before: datetime) -> MeetingRow | None:
    """The last meeting of any of these beats (by code) that began earlier and has ended. Two statements, one if there
    is none."""
    of_beats = select(MeetingBeat.meeting_id).join(Beat, Beat.id == MeetingBeat.beat_id).where(Beat.code.in_(beats))
    ended = Meeting.state.in_((MeetingState.CLOSED, MeetingState.MINUTED))
    where = and_(ended, Meeting.starts_at < before, Meeting.id.in_(of_beats))
    found = _meetings(where, None, Meeting.starts_at.desc(), 1)
    return found[0] if found else None


def open_meetings() -> tuple[MeetingRow, ...]:
    """Meetings that are open at this moment, the one that began last first. Two statements, one if there is none."""
    return _meetings(Meeting.state == MeetingState.OPEN, None, Meeting.starts_at.desc(), None)


def meeting(meeting_uuid: UUID) -> MeetingRow:
    """One meeting with its beats. Two statements. Raises NotFound."""
    found = _meetings(Meeting.uuid == meeting_uuid, None, Meeting.starts_at.asc(), 1)
    if not found:
        raise NotFound("This meeting does not exist. Choose one from the list of meetings.")
    return found[0]


def meeting_detail(meeting_uuid: UUID, language: str = "en") -> MeetingDetail:
    """One meeting with agenda, rounds and minutes. Six statements (five without a round). Raises NotFound."""
    row = meeting(meeting_uuid)
    with reading() as db:
        minutes = db.execute(
            select(Minute.id, Minute.kind, Minute.text, Minute.noted_at, Minute.source)
            .where(Minute.meeting_id == row.id, Minute.is_struck.is_(False))
            .order_by(Minute.position, Minute.noted_at, Minute.id)
        ).all()
    return MeetingDetail(row, agenda(row), rounds(row.id, language), tuple(MinuteRow(*minute) for minute in minutes))


def agenda(row: MeetingRow) -> tuple[AgendaRow, ...]:
    """The steps of a meeting in order, with the time each begins as planned. One statement."""
    with reading() as db:
        items = db.execute(
            select(
                AgendaItem.id,
                AgendaItem.position,
                AgendaItem.title,
                AgendaItem.minutes,
                AgendaItem.round_id,
                AgendaItem.started_at,
                AgendaItem.topic,
                AgendaItem.source,
                Round.number,
                Round.state,
            )
            .outerjoin(Round, Round.id == AgendaItem.round_id)
            .where(AgendaItem.meeting_id == row.id)
            .order_by(AgendaItem.position)
        ).all()
    steps, begins = [], row.starts_at
    for item in items:
        steps.append(
            AgendaRow(
                item.id,
                item.position,
                item.title,
                item.minutes,
                begins,
                item.round_id,
                item.number,
                item.state,
                item.started_at,
                item.topic,
                item.source,
            )
        )
        begins += timedelta(minutes=item.minutes)
    return tuple(steps)


def meeting_calendar(meeting_uuid: UUID, *, now: datetime | None = None) -> bytes:
    """The meeting as an iCalendar file (RFC 5545) with one event. Three statements. Raises NotFound.

    It is stamped with the moment it is made: a calendar that has an older one takes the newer times.
    """
    row = meeting(meeting_uuid)
    steps = [f"{step.title} ({step.minutes} min)" for step in agenda(row)]
    event = Event()
    event.add("uid", f"{row.uuid}@common-beat")
    event.add("dtstamp", now or clock.now())
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", row.title)
    event.add("location", row.place)
    event.add("description", "\n".join([f"Beat {row.beat_labels}", *([row.access] if row.access else []), *steps]))
    event.add("url", f"{settings().address}/meetings?meeting={row.uuid}")
    calendar = Calendar()
    calendar.add("prodid", "-//Common Beat//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _is_coming(now: datetime) -> ColumnElement[bool]:
    still_planned = and_(Meeting.state == MeetingState.PLANNED, Meeting.ends_at > now - RUNNING_LATE)
    return or_(Meeting.state == MeetingState.OPEN, still_planned)


def _meetings(
    which: ColumnElement[bool], beat: str | None, order: UnaryExpression[datetime], at_most: int | None
) -> tuple[MeetingRow, ...]:
    question = (
        select(
            Meeting.id,
            Meeting.uuid,
            Meeting.title,
            Meeting.place,
            Meeting.access,
            Meeting.wifi,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.state,
            Meeting.address,
            Meeting.display,
            Meeting.minuted_at,
        )
        .where(which)
        .order_by((Meeting.state == MeetingState.OPEN).desc(), order, Meeting.id)
        .limit(at_most)
    )
    if beat is not None:
        of_beat = select(MeetingBeat.meeting_id).join(Beat, Beat.id == MeetingBeat.beat_id).where(Beat.code == beat)
        question = question.where(Meeting.id.in_(of_beat))
    with reading() as db:
        rows = db.execute(question).all()
        places = _beats_of({row.id for row in rows}) if rows else {}
    return tuple(MeetingRow(**row._mapping, beats=tuple(places.get(row.id, ()))) for row in rows)


def _beats_of(meeting_ids: Collection[int]) -> dict[int, list[BeatRow]]:
    found: dict[int, list[BeatRow]] = {}
    with reading() as db:
        for row in db.execute(
            select(MeetingBeat.meeting_id, Beat.id, Beat.code, Beat.name, Beat.precinct)
            .join(Beat, Beat.id == MeetingBeat.beat_id)
            .where(MeetingBeat.meeting_id.in_(meeting_ids))
            .order_by(Beat.code)
        ):
            found.setdefault(row.meeting_id, []).append(BeatRow(*row[1:]))
    return found
