"""Questions about what became of solved concerns: who is asked what, and what people said so far."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from lib.model import Beat, Category, City, Concern, ConcernOutcome
from lib.queries.residents_word import link_followed
from lib.rules.concern_outcome import ASKED_AFTER_DAYS, asked_from, is_asked_about, pooled
from lib.rules.goals import ResidentsWord
from lib.rules.residents_word import WordCount
from lib.rules.states import ConcernStatus
from lib.storage.transaction import reading


@dataclass(frozen=True)
class AskedConcern:
    """A solved concern as a follow link asks about it. `answer`: what they said last since it was solved, None
    before."""

    uuid: UUID
    text: str
    solved_on: date
    asked_from: date
    is_asked: bool
    answer: ResidentsWord | None


@dataclass(frozen=True)
class BeatOutcome:
    """How a beat's concerns ended. `solved` and `closed_otherwise` (no further action, passed on) are kept apart,
    merged ones are in neither; `asked`: solved long enough ago to ask; `word`: what was answered, as far as it is
    shown."""

    beat: str
    solved: int
    closed_otherwise: int
    asked: int
    word: WordCount


def asked_concerns(secret: str, *, today: date) -> tuple[AskedConcern, ...]:
    """The solved concerns that a follow link is or will be asked about; none that were solved before the link was made.
    At most five statements."""
    with reading() as db:
        link = link_followed(db, secret)
        if not link.concerns:
            return ()
        zone = city_zone(db)
        solved = [
            (row, row.closed_at.astimezone(zone).date())
            for row in db.execute(
                select(Concern.id, Concern.uuid, Concern.text, Concern.status, Concern.closed_at)
                .join(Category, Category.id == Concern.category_id)
                .where(
                    Concern.id.in_(link.concerns),
                    Concern.status == ConcernStatus.SOLVED,
                    Concern.closed_at.is_not(None),
                    Category.is_public,
                )
                .order_by(Concern.closed_at, Concern.id)
            )
        ]
        solved = [(row, on) for row, on in solved if link.is_older_than(on)]
        mine = {link.answerer(row.uuid): row.id for row, _on in solved}
        given = {
            row.concern_id: (row.answer, row.answered_on)
            for row in db.execute(
                select(ConcernOutcome.concern_id, ConcernOutcome.answer, ConcernOutcome.answered_on).where(
                    ConcernOutcome.concern_id.in_(mine.values()), ConcernOutcome.answerer.in_(mine)
                )
            )
        }
    asked = []
    for row, on in solved:
        answer, answered_on = given.get(row.id, (None, on))
        asked.append(
            AskedConcern(
                uuid=row.uuid,
                text=row.text,
                solved_on=on,
                asked_from=asked_from(on),
                is_asked=is_asked_about(row.status, on, today),
                answer=answer if answered_on > on else None,
            )
        )
    return tuple(asked)


def outcomes_shown(concern_uuids: Collection[UUID], *, today: date) -> dict[UUID, WordCount]:
    """What people say became of each solved concern, up to the end of yesterday; absent where fewer than three
    answered. Two statements."""
    with reading() as db:
        counts = _counts(db, select(Concern.id).where(Concern.uuid.in_(concern_uuids)), today)
        names = {row.id: row.uuid for row in db.execute(select(Concern.id, Concern.uuid).where(Concern.id.in_(counts)))}
    return {names[row_id]: word for row_id, word in counts.items() if word.is_shown}


def beat_outcomes(*, today: date) -> tuple[BeatOutcome, ...]:
    """How the public concerns of each beat ended, by the beat's code; beats without a closed one are absent. Four
    statements."""
    with reading() as db:
        zone = city_zone(db)
        until = datetime.combine(today - timedelta(days=ASKED_AFTER_DAYS - 1), time.min, zone)
        is_solved = Concern.status == ConcernStatus.SOLVED
        ended = Concern.status.in_((ConcernStatus.SOLVED, ConcernStatus.NO_FURTHER_ACTION, ConcernStatus.REFERRED))
        rows = db.execute(
            select(
                Beat.code,
                func.sum(case((is_solved, 1), else_=0)),
                func.sum(case((is_solved, 0), else_=1)),
                func.sum(case((is_solved & (Concern.closed_at < until), 1), else_=0)),
            )
            .join(Beat, Beat.id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(ended, Category.is_public)
            .group_by(Beat.code)
            .order_by(Beat.code)
        ).all()
        counts = _counts(db, None, today)
        answered = (
            select(Concern.id, Beat.code)
            .join(Beat, Beat.id == Concern.beat_id)
            .join(Category, Category.id == Concern.category_id)
            .where(Concern.id.in_(select(ConcernOutcome.concern_id)), Category.is_public)
        )
        beats = {row.id: row.code for row in db.execute(answered)}
    by_beat: dict[str, list[WordCount]] = {}
    for row_id, word in counts.items():
        if row_id in beats:
            by_beat.setdefault(beats[row_id], []).append(word)
    return tuple(
        BeatOutcome(code, int(solved), int(otherwise), int(asked), pooled(by_beat.get(code, ())))
        for code, solved, otherwise, asked in rows
    )


def city_zone(db: Session) -> ZoneInfo:
    """The city's time zone, UTC before there is a city. One statement."""
    return ZoneInfo(db.scalar(select(City.time_zone)) or "UTC")


def _counts(db: Session, among: Select[int] | None, today: date) -> dict[int, WordCount]:
    """Answers to each solved concern since it was solved, up to the end of yesterday. People are asked four weeks after
    that, so the time zone of its day does not matter."""
    since = func.date(Concern.closed_at)
    question = (
        select(ConcernOutcome.concern_id, ConcernOutcome.answer, func.count())
        .join(Concern, Concern.id == ConcernOutcome.concern_id)
        .where(
            Concern.status == ConcernStatus.SOLVED,
            ConcernOutcome.answered_on > since,
            ConcernOutcome.answered_on < today,
        )
        .group_by(ConcernOutcome.concern_id, ConcernOutcome.answer)
    )
    if among is not None:
        question = question.where(ConcernOutcome.concern_id.in_(among))
    found: dict[int, dict[ResidentsWord, int]] = {}
    for concern_id, answer, number in db.execute(question):
        found.setdefault(concern_id, {})[answer] = number
    return {concern_id: WordCount.of(numbers) for concern_id, numbers in found.items()}
