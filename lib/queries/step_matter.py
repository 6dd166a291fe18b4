"""What a step of the agenda is about, for the room to read: how the goal stands, what is overdue, what was said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lib.model import Category, CategoryText, Commitment, Concern, Goal, Partner
from lib.queries.contested import contested_goal
from lib.queries.goals import cards_where
from lib.queries.meetings import AgendaRow, MeetingRow, coming_meetings
from lib.queries.places import city
from lib.queries.since_last_time import since_last_time
from lib.queries.supports import supports_counted
from lib.queries.voting import round_of
from lib.rules.agenda import Topic, referred
from lib.rules.moderation import readable
from lib.rules.months import day_in_words, hour_in_words
from lib.rules.text import clipped, counted
from lib.storage.transaction import reading

_TEXT = 180
"""Characters of people's text that fit in large letters."""


@dataclass(frozen=True)
class MatterLine:
    """One line to read, with what is said of it more quietly."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class StepMatter:
    """What a step is about. `figures`: large numbers with their words; `title` "" where the step's own says it."""

    title: str = ""
    lines: tuple[MatterLine, ...] = ()
    figures: tuple[tuple[str, int], ...] = ()


def step_matter(step: AgendaRow, meeting: MeetingRow, *, now: datetime) -> StepMatter | None:
    """What this step of the meeting is about; None where it refers to nothing, or to something that is gone.

    Eleven statements for what happened since last time, for a goal those of `cards_where` and two; else no more than
    two for each beat of the meeting.
    """
    kind, names = referred(step.source)
    asked: dict[str, Callable[[], StepMatter | None]] = {
        "goal": lambda: _goal(UUID(names[0]), now),
        "commitment": lambda: _commitments([int(name) for name in names]),
        "concern": lambda: _concern(UUID(names[0])),
        "meeting": lambda: _since(meeting, now),
    }
    if kind in asked:
        return asked[kind]()
    if step.round_id is not None:
        return _vote(step.round_id)
    return _next(meeting, now) if step.topic == Topic.CLOSE else None


def _next(meeting: MeetingRow, now: datetime) -> StepMatter | None:
    """When one of the beats meets again."""
    zone = ZoneInfo(city().time_zone)
    for code in meeting.beat_codes:
        for row in coming_meetings(code, now=now, at_most=2):
            if row.id != meeting.id:
                begins = row.starts_at.astimezone(zone)
                when = f"{begins:%A} {begins.day} {begins:%B}, {hour_in_words(begins)}"
                return StepMatter("We meet again", (MatterLine(when, row.place),))
    return None


def _goal(uuid: UUID, now: datetime) -> StepMatter | None:
    today = now.astimezone(ZoneInfo(city().time_zone)).date()
    with reading() as db:
        cards = cards_where(db, Goal.uuid == uuid, today=today)
    if not cards:
        return None
    card = cards[0]
    if card.progress is not None:
        standing = card.progress.standing
        due = f"Due by {day_in_words(card.measure.due_on)}" if card.measure is not None else ""
        overdue = f"{counted(card.overdue, 'commitment is', 'commitments are')} overdue" if card.overdue else ""
        note = " · ".join(part for part in (due, overdue) if part)
        return StepMatter(standing.headline, (MatterLine(standing.finding, note),))
    owed = contested_goal(uuid) if card.is_contested else None
    if owed is not None and owed.owed.answered_at is not None:
        side = owed.owed.side.value
        lines = [MatterLine(clipped(owed.owed.reason, _TEXT), f"The {side} said why they did not carry it")]
        if owed.owed.counter_offer:
            lines.append(MatterLine(clipped(owed.owed.counter_offer, _TEXT), f"The {side} offer"))
        return StepMatter("Contested: one side carried it", tuple(lines))
    if owed is not None:
        text = f"The {owed.owed.side.value} owe a written answer by {day_in_words(owed.owed.due_on)}."
        return StepMatter("Contested: one side carried it", (MatterLine(text),))
    return StepMatter("", (MatterLine(clipped(card.summary, _TEXT)),))


def _commitments(ids: list[int]) -> StepMatter | None:
    question = (
        select(Commitment.deliverable, Commitment.party, Partner.name, Commitment.due_on)
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .where(Commitment.id.in_(ids))
        .order_by(Commitment.due_on, Commitment.id)
    )
    with reading() as db:
        lines = tuple(
            MatterLine(
                clipped(row.deliverable, _TEXT),
                f"{row.name or 'The ' + row.party.value} · due {day_in_words(row.due_on)}",
            )
            for row in db.execute(question)
        )
    return StepMatter("", lines) if lines else None


def _concern(uuid: UUID) -> StepMatter | None:
    supports = supports_counted()
    question = (
        select(Concern.text, Concern.text_state, CategoryText.name, supports.label("supports"))
        .join(Category, Category.id == Concern.category_id)
        .join(CategoryText, (CategoryText.category_id == Category.id) & (CategoryText.language == "en"))
        .where(Concern.uuid == uuid, Category.is_public, Concern.erased_at.is_(None))
    )
    with reading() as db:
        row = db.execute(question).first()
    if row is None:
        return None
    note = f"{row.name} · {counted(row.supports, 'supporter')}" if row.supports else row.name
    return StepMatter(
        "", (MatterLine(f"“{clipped(' '.join(readable(row.text, row.text_state).split()), _TEXT)}”", note),)
    )


def _since(meeting: MeetingRow, now: datetime) -> StepMatter | None:
    since = since_last_time(meeting.beat_codes, now=now, before=max(meeting.starts_at, now))
    if since is None:
        return None
    lines = [MatterLine(told.title, told.note) for told in (*since.did[:1], *since.did_not[:1])]
    figures = (
        ("You said", since.concerns),
        ("We agreed", len(since.agreed)),
        ("We did", len(since.did)),
        ("We didn’t", len(since.did_not)),
    )
    return StepMatter("", tuple(lines), figures)


def _vote(round_id: int) -> StepMatter:
    row = round_of(round_id)
    goals = counted(len(row.candidates), "goal")
    return StepMatter("", (MatterLine(row.question, f"{goals} on the ballot, {counted(row.places, 'place')}"),))
