"""Builders for the pulse: a wave of today with its codes, and answers of every kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from lib.model import PulseAnswer, PulseInvitation
from lib.model.pulse import Sample
from lib.rules.rights import Actor
from lib.services.pulse import PlannedWave, answer_pulse, plan_wave
from lib.services.pulse_sweep import sweep_closed_waves
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_coordinator

TODAY = date(2026, 5, 4)
DURING = datetime(2026, 5, 5, 9, 0, tzinfo=UTC)
LAST_DAY = date(2026, 5, 18)
AFTER = datetime(2026, 5, 19, 0, 1, 1, tzinfo=UTC)
"""A minute after the last day, when its wave may be cleaned; the city of `a_city` lives in UTC."""

EVERYTHING = {
    "after_dark": 2,
    "by_day": 1,
    "safety": 7,
    "respect": 8,
    "listens": 6,
    "compared": 1,
    "took_part": 1,
    "top_issue": "Cars driving too fast",
}


@dataclass(frozen=True)
class Asked:
    """A city with one beat and a wave that begins on `TODAY`."""

    coordinator: Actor
    beat_id: int
    wave: PlannedWave

    @property
    def codes(self) -> tuple[str, ...]:
        return self.wave.codes

    def answers(self, place: int, **changed: int | str | None) -> None:
        """The invitation at this place answers during the wave; everything but what is given is left out."""
        answer_pulse(code=self.codes[place], given=changed, now=DURING)


def a_wave_asked(
    *, invitations: int = 40, sample: Sample = Sample.RANDOM, adults: int = 2500, now: datetime | None = None
) -> Asked:
    """A city, its beat K2 and a wave of two weeks; from today on with `now`."""
    a_city()
    beat_id, coordinator = a_beat("K2"), a_coordinator()
    begins = now.date() if now else TODAY
    wave = plan_wave(
        actor=coordinator,
        beat_code="K2",
        wave_on=begins,
        closes_on=begins + (LAST_DAY - TODAY),
        sample=sample,
        adults=adults,
        invitations=invitations if sample is Sample.RANDOM else 0,
        now=now or DURING - timedelta(days=1),
    )
    return Asked(coordinator, beat_id, wave)


def swept(now: datetime = AFTER) -> None:
    assert sweep_closed_waves(now=now) == 1


def stored() -> list[dict[str, object]]:
    """Every answer that is stored, without its random id, in no order of its own."""
    keys = [column.key for column in PulseAnswer.__table__.columns if column.key not in ("id", "survey_id")]
    with reading() as db:
        rows: Iterable[PulseAnswer] = db.scalars(select(PulseAnswer)).all()
    return [{key: getattr(row, key) for key in keys} for row in rows]


def used() -> int:
    with reading() as db:
        return len(db.scalars(select(PulseInvitation).where(PulseInvitation.is_used.is_(True))).all())
