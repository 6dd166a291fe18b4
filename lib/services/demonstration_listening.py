"""Storing how the demonstration's concerns were listened to. Inside the caller's transaction."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from lib.demo.listening import PARTNER_OF, REOPENED_BEATS, SPLIT_WORDS, SPLITS, TEMPLATES, SplitPlan, invent_word
from lib.model import AnswerTemplate, Beat, Category, Concern, ConcernAnswer, ConcernOutcome, Partner, Support
from lib.rules.concern_outcome import ASKED_AFTER_DAYS, REOPENED, asked_from
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus
from lib.services.demonstration_rows import add_rows, inserted
from lib.services.log import record


def store_listening(db: Session, *, seed: int, today: date, time_zone: str) -> None:
    """Referrals with their partners, merges and splits with their history, residents' word on what was solved, two
    concerns that were opened again, and six templates. Concerns and partners are stored before."""
    rng = np.random.default_rng([seed, 21])
    _name_partners(db)
    # A merged concern's step names the one that it went into.
    original = select(Concern.duplicate_of_id).where(Concern.id == ConcernAnswer.concern_id).scalar_subquery()
    db.execute(update(ConcernAnswer).where(ConcernAnswer.status == ConcernStatus.DUPLICATE).values(other_id=original))
    for plan in SPLITS:
        _split(db, rng, plan)
    _let_residents_say(db, rng, today, ZoneInfo(time_zone))
    add_rows(
        db,
        AnswerTemplate,
        [
            {"name": name, "status": status, "text": text, "position": at}
            for at, (name, status, text) in enumerate(TEMPLATES, start=1)
        ],
    )
    record(db, None, "templates_stored", "answer_template", "all", templates=len(TEMPLATES))


def _name_partners(db: Session) -> None:
    partners = {row.name: row.id for row in db.execute(select(Partner.name, Partner.id))}
    categories = {row.key: row.id for row in db.execute(select(Category.key, Category.id))}
    named = {
        categories[key]: partners[name] for key, name in PARTNER_OF.items() if key in categories and name in partners
    }
    if not named:
        return
    referred = Concern.status == ConcernStatus.REFERRED
    db.execute(
        update(Concern)
        .where(referred, Concern.category_id.in_(named))
        .values(referred_to_id=case(named, value=Concern.category_id))
    )
    partner = select(Concern.referred_to_id).where(Concern.id == ConcernAnswer.concern_id).scalar_subquery()
    db.execute(update(ConcernAnswer).where(ConcernAnswer.status == ConcernStatus.REFERRED).values(partner_id=partner))


def _split(db: Session, rng: np.random.Generator, plan: SplitPlan) -> None:
    """The newest open concern of the beat and category that somebody has answered is split by who answered it."""
    found = db.execute(
        select(Concern, ConcernAnswer.person_id, ConcernAnswer.answered_at)
        .join(Beat, Beat.id == Concern.beat_id)
        .join(Category, Category.id == Concern.category_id)
        .join(ConcernAnswer, ConcernAnswer.concern_id == Concern.id)
        .where(Beat.code == plan.beat, Category.key == plan.category, Concern.status.in_(OPEN_CONCERN))
        .order_by(Concern.reported_at.desc(), Concern.id, ConcernAnswer.answered_at.desc())
        .limit(1)
    ).first()
    if found is None:
        return
    whole, person_id, at = found
    part_id = inserted(
        db,
        Concern,
        [
            {
                "uuid": UUID(bytes=rng.bytes(16), version=4),
                "category_id": db.scalar(select(Category.id).where(Category.key == plan.part_category)),
                "beat_id": whole.beat_id,
                "cell": whole.cell,
                "place_kind": whole.place_kind,
                "text": plan.part,
                "frequency": "",
                "status": ConcernStatus.ACKNOWLEDGED,
                "reported_at": whole.reported_at,
                "answered_at": at,
                "split_from_id": whole.id,
                "salt": rng.bytes(16),
            }
        ],
    )[0]
    add_rows(
        db,
        ConcernAnswer,
        [
            _step(concern, at, SPLIT_WORDS, status, person_id=person_id, other_id=other)
            for concern, status, other in (
                (whole.id, whole.status, part_id),
                (part_id, ConcernStatus.ACKNOWLEDGED, whole.id),
            )
        ],
    )


def _let_residents_say(db: Session, rng: np.random.Generator, today: date, zone: ZoneInfo) -> None:
    supports = select(func.count()).where(Support.concern_id == Concern.id).scalar_subquery()
    until = datetime.combine(today - timedelta(days=ASKED_AFTER_DAYS + 2), datetime.min.time(), zone)
    solved = db.execute(
        select(Concern.id, Beat.code, Concern.closed_at, supports.label("supports"))
        .join(Beat, Beat.id == Concern.beat_id)
        .where(Concern.status == ConcernStatus.SOLVED, Concern.closed_at < until)
        .order_by(Concern.closed_at.desc(), Concern.id)
    ).all()
    reopened = {next((row.id for row in solved if row.code == beat and row.supports), None) for beat in REOPENED_BEATS}
    rows: list[dict[str, Any]] = []
    for row in solved:
        first_on = asked_from(row.closed_at.astimezone(zone).date())
        days = max(1, min(60, (today - first_on).days))
        if row.id in reopened:
            on = first_on + timedelta(days=1)
            rows += [_said(rng, row.id, ResidentsWord.WORSE, day) for day in (first_on, on)]
            at = datetime.combine(on, datetime.min.time(), zone) + timedelta(hours=19)
            db.execute(
                update(Concern).where(Concern.id == row.id).values(status=ConcernStatus.INVESTIGATING, closed_at=None)
            )
            add_rows(db, ConcernAnswer, [_step(row.id, at, REOPENED, ConcernStatus.INVESTIGATING)])
        else:
            rows += [
                _said(rng, row.id, word, first_on + timedelta(days=int(rng.integers(days))))
                for word in invent_word(rng, row.supports)
            ]
    add_rows(db, ConcernOutcome, rows)


def _said(rng: np.random.Generator, concern_id: int, word: ResidentsWord, on: date) -> dict[str, Any]:
    return {"concern_id": concern_id, "answerer": rng.bytes(32), "answer": word, "answered_on": on}


def _step(concern_id: int, at: datetime, text: str, status: ConcernStatus, **more: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {"person_id": None, "other_id": None}
    return row | {"concern_id": concern_id, "answered_at": at, "text": text, "status": status} | more
