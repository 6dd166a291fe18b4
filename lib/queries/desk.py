"""What waits on an officer's desk, and the words that only the officers of the beat may read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select

from lib.model import AnswerTemplate, Beat, Category, Concern, ConcernAnswer, ConcernPlace, ConcernReview
from lib.queries.concern_line import AnswerRow, answers_to
from lib.queries.concern_story import category_name
from lib.queries.supports import supports_counted
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.rules.moderation import TextState
from lib.storage.transaction import reading

UNREAD = (TextState.HELD, TextState.WITHHELD)


class DeskOrder(StrEnum):
    """How the desk is sorted."""

    AGE = "age"
    SUPPORT = "support"


@dataclass(frozen=True)
class DeskConcern:
    """An open concern on an officer's desk; `last_answer` is "" before the first. `may_see_place`: something exact is
    kept and its reporter agreed that officers see it. `merged`: how many others were merged into it. `unread`: its
    reporter's words while they are not public, for officers of the beat only, else ""."""

    uuid: UUID
    category: str
    category_name: str
    icon: str
    colour: str
    beat: str
    text: str
    frequency: str
    status: ConcernStatus
    reported_at: datetime
    answered_at: datetime | None
    supports: int
    last_answer: str
    may_see_place: bool
    is_erased: bool
    merged: int = 0
    unread: str = ""


@dataclass(frozen=True)
class MergedConcern:
    """A concern that was merged into another one, as the desk offers to take it out again."""

    uuid: UUID
    text: str
    reported_at: datetime


@dataclass(frozen=True)
class MergeChoice:
    """An open or solved concern of a beat that another one can be merged into."""

    uuid: UUID
    category_name: str
    text: str
    status: ConcernStatus
    reported_at: datetime


@dataclass(frozen=True)
class DeskStory:
    """What stands behind one concern on the desk, the oldest step first."""

    answers: tuple[AnswerRow, ...]
    merged: tuple[MergedConcern, ...]


@dataclass(frozen=True)
class TemplateRow:
    """Words to begin an answer with; `status` is what they usually go with."""

    id: int
    name: str
    status: ConcernStatus | None
    text: str


def desk_concerns(
    beat_codes: Collection[str],
    *,
    order: DeskOrder = DeskOrder.AGE,
    limit: int = 20,
    offset: int = 0,
    reader_beats: Collection[str] = (),
    language: str = "en",
) -> tuple[tuple[DeskConcern, ...], int]:
    """Open concerns of these beats and how many there are in all. Those without any answer come first; then by age
    (the oldest first) or by support. `reader_beats`: where an officer reads words that are not public. Two statements.
    """
    meant = select(Beat.id).where(Beat.code.in_(beat_codes))
    wanted = (Concern.beat_id.in_(meant), Concern.status.in_(OPEN_CONCERN))
    unanswered_first = case((Concern.answered_at.is_(None), 0), else_=1)
    chosen = select(Concern.id).where(*wanted)
    if order is DeskOrder.AGE:
        chosen = chosen.order_by(unanswered_first, Concern.reported_at, Concern.id)
    else:
        chosen = chosen.order_by(supports_counted().desc(), Concern.reported_at, Concern.id)
    # The page's rows are chosen before anything is looked up about them.
    page = chosen.limit(limit).offset(offset).subquery()
    supports = supports_counted()
    sorting = (
        (unanswered_first, Concern.reported_at, Concern.id)
        if order is DeskOrder.AGE
        else (supports.desc(), Concern.reported_at, Concern.id)
    )
    with reading() as db:
        total = db.scalar(select(func.count()).select_from(Concern).where(*wanted))
        rows = db.execute(_on_desk(page, supports, reader_beats, language).order_by(*sorting))
        return tuple(DeskConcern(*tuple(row)) for row in rows), total or 0


def desk_concern(
    uuid: UUID, beat_codes: Collection[str], *, reader_beats: Collection[str] = (), language: str = "en"
) -> DeskConcern | None:
    """One concern of these beats as the desk shows it, closed or not; None where there is none. One statement."""
    meant = select(Concern.id).join(Beat, Beat.id == Concern.beat_id)
    this = meant.where(Concern.uuid == uuid, Beat.code.in_(beat_codes)).subquery()
    with reading() as db:
        row = db.execute(_on_desk(this, supports_counted(), reader_beats, language)).one_or_none()
        return DeskConcern(*tuple(row)) if row else None


def _on_desk(
    chosen: Subquery, supports: ColumnElement[Any], reader_beats: Collection[str], language: str
) -> Select[*tuple[Any, ...]]:
    """What the desk shows of the concerns whose ids were chosen."""
    last_answer = (
        select(ConcernAnswer.text)
        .where(ConcernAnswer.concern_id == Concern.id)
        .order_by(ConcernAnswer.answered_at.desc(), ConcernAnswer.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    may_see = (
        select(func.count())
        .where(ConcernPlace.concern_id == Concern.id, ConcernPlace.officers_may_see)
        .scalar_subquery()
    )
    duplicate = Concern.__table__.alias("duplicate")
    merged = select(func.count()).where(duplicate.c.duplicate_of_id == Concern.id).scalar_subquery()
    is_reader = and_(ConcernReview.concern_id == Concern.id, Beat.code.in_(reader_beats))
    return (
        select(
            Concern.uuid,
            Category.key,
            category_name(language),
            Category.icon,
            Category.colour,
            Beat.code,
            Concern.text,
            Concern.frequency,
            Concern.status,
            Concern.reported_at,
            Concern.answered_at,
            supports.label("supports"),
            func.coalesce(last_answer, ""),
            may_see > 0,
            Concern.erased_at.is_not(None),
            merged,
            case((Concern.text_state.in_(UNREAD), func.coalesce(ConcernReview.original, "")), else_=""),
        )
        .join(chosen, chosen.c.id == Concern.id)
        .join(Category, Category.id == Concern.category_id)
        .join(Beat, Beat.id == Concern.beat_id)
        .outerjoin(ConcernReview, is_reader)
    )


def desk_story(concern_uuid: UUID) -> DeskStory:
    """The steps of a concern, and what was merged into it. Three statements."""
    with reading() as db:
        concern_id = db.scalar(select(Concern.id).where(Concern.uuid == concern_uuid)) or 0
        merged = db.execute(
            select(Concern.uuid, Concern.text, Concern.reported_at)
            .where(Concern.duplicate_of_id == concern_id)
            .order_by(Concern.reported_at, Concern.id)
        ).all()
        answers = answers_to(db, [concern_id]).get(concern_id, ())
    return DeskStory(answers, tuple(MergedConcern(*row) for row in merged))


def merge_choices(concern_uuid: UUID, *, limit: int = 200, language: str = "en") -> tuple[MergeChoice, ...]:
    """What a concern can be merged into: others of its beat that are no duplicates themselves, open ones and those of
    its category first, then the newest. One statement."""
    this = Concern.__table__.alias("this")
    with reading() as db:
        rows = db.execute(
            select(Concern.uuid, category_name(language), Concern.text, Concern.status, Concern.reported_at)
            .join(this, this.c.beat_id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(
                this.c.uuid == concern_uuid,
                Concern.id != this.c.id,
                Concern.status != ConcernStatus.DUPLICATE,
                Concern.erased_at.is_(None),
            )
            .order_by(
                case((Concern.status.in_(OPEN_CONCERN), 0), else_=1),
                case((Concern.category_id == this.c.category_id, 0), else_=1),
                Concern.reported_at.desc(),
                Concern.id,
            )
            .limit(limit)
        )
        return tuple(MergeChoice(*row) for row in rows)


def answer_templates() -> tuple[TemplateRow, ...]:
    """Every template in its order. One statement."""
    with reading() as db:
        rows = db.execute(
            select(AnswerTemplate.id, AnswerTemplate.name, AnswerTemplate.status, AnswerTemplate.text).order_by(
                AnswerTemplate.position, AnswerTemplate.name
            )
        )
        return tuple(TemplateRow(*row) for row in rows)
