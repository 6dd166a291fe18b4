"""Storing what the demonstration invents about concerns and the pulse. Inside the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from lib import clock
from lib.demo.concerns import DemoConcern, demo_concerns
from lib.demo.geography import Geography
from lib.demo.people import demo_people
from lib.demo.pulse import DemoWave, demo_open_wave, demo_pulse
from lib.model import (
    Category,
    Concern,
    ConcernAnswer,
    ConcernPlace,
    PulseAnswer,
    PulseSurvey,
    Support,
)
from lib.rules.instrument import Sample
from lib.services.log import record
from lib.settings import settings


def inserted(db: Session, table: Any, rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Insert rows in few statements; their ids in the same order."""
    return list(db.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), list(rows)))


def store_concerns(
    db: Session,
    *,
    seed: int,
    today: date,
    size: float,
    time_zone: str,
    geography: Geography,
    beats: Mapping[str, int],
    people: Mapping[str, int],
    behind_goals: Sequence[DemoConcern] = (),
) -> tuple[DemoConcern, ...]:
    """Concerns with places, answers, duplicates and supports, `behind_goals` among them. Returns what was stored."""
    concerns = demo_concerns(
        seed=seed,
        today=today,
        geography=geography,
        officers=_present_officers(seed, today, geography),
        time_zone=time_zone,
        size=size,
        home_resolution=settings().home_cell_resolution,
        street_resolution=settings().street_cell_resolution,
        behind_goals=behind_goals,
    )
    categories = {key: row for row, key in db.execute(select(Category.id, Category.key))}
    ids = inserted(
        db,
        Concern,
        [
            {
                "uuid": each.uuid,
                "category_id": categories[each.category],
                "beat_id": beats[each.beat],
                "cell": each.cell,
                "place_kind": each.place_kind,
                "text": each.text,
                "frequency": each.frequency,
                "status": each.story.status,
                "reported_at": each.reported_at,
                "answered_at": each.story.answered_at,
                "closed_at": each.story.closed_at,
                "salt": each.salt,
                "follow_digest": each.follow_digest,
            }
            for each in concerns
        ],
    )
    both = list(zip(ids, concerns, strict=True))
    joined = [
        {"duplicate": row, "original": ids[each.duplicate_of]} for row, each in both if each.duplicate_of is not None
    ]
    if joined:
        db.connection().execute(
            update(Concern).where(Concern.id == bindparam("duplicate")).values(duplicate_of_id=bindparam("original")),
            joined,
        )
    add_rows(
        db,
        ConcernAnswer,
        [
            {
                "concern_id": row,
                "person_id": people[answer.officer],
                "status": answer.status,
                "text": answer.text,
                "answered_at": answer.answered_at,
            }
            for row, each in both
            for answer in each.story.answers
        ],
    )
    add_rows(
        db,
        ConcernPlace,
        [
            {
                "concern_id": row,
                "longitude": each.place.longitude,
                "latitude": each.place.latitude,
                "address": each.place.address,
                "contact": each.place.contact,
                "officers_may_see": each.place.officers_may_see,
            }
            for row, each in both
            if each.place is not None
        ],
    )
    add_rows(
        db,
        Support,
        [
            {"concern_id": row, "device": device, "supported_on": each.reported_at.date()}
            for row, each in both
            for device in each.supports
        ],
    )
    record(db, None, "concerns_stored", "concern", "all", concerns=len(ids))
    return concerns


def store_pulse(
    db: Session, *, seed: int, today: date, geography: Geography, beats: Mapping[str, int]
) -> tuple[DemoWave, ...]:
    """The waves of the pulse with their answers, and one that is open. Returns those that have closed."""
    closed = demo_pulse(seed=seed, today=today, geography=geography)
    waves = (*closed, demo_open_wave(today=today, geography=geography))
    moment = clock.now()
    ids = inserted(
        db,
        PulseSurvey,
        [
            {
                "beat_id": beats[each.beat],
                "wave_on": each.wave_on,
                "closes_on": each.closes_on,
                "wording": each.wording,
                "sample": Sample.VOLUNTEER if each.is_volunteer else Sample.RANDOM,
                "adults": each.adults,
                "invited": each.invited,
                "code": each.code,
                # Inserted at once and without invitations: there is nothing that could link them.
                "swept_at": moment if each.answers else None,
                "planned_at": None if each.answers else moment,
            }
            for each in waves
        ],
    )
    answers = [
        {"survey_id": row, **asdict(answer)} for row, each in zip(ids, waves, strict=True) for answer in each.answers
    ]
    add_rows(db, PulseAnswer, answers)
    for row, each in zip(ids, waves, strict=True):
        record(db, None, "pulse_wave_stored", "pulse_survey", row, answers=len(each.answers))
    return closed


def add_rows(db: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows whose ids nobody needs; nothing where there are none."""
    if rows:
        db.execute(insert(table), rows)


def _present_officers(seed: int, today: date, geography: Geography) -> dict[str, list[str]]:
    """The e-mail addresses of each beat's officers of today."""
    officers: dict[str, list[str]] = {}
    for person in demo_people(seed=seed, today=today, geography=geography):
        for posting in person.postings:
            if posting.valid_to is None:
                officers.setdefault(posting.beat, []).append(person.email)
    return officers
