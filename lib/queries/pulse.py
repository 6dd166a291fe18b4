"""Questions about the pulse: how many people of a beat feel safe after dark, wave by wave.

Only waves that have closed, and of which nothing links an answer to its invitation any more (`swept_at`), are answered
for: figures that grow while people answer could be subtracted from each other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select

from lib.model import Beat, PulseAnswer, PulseSurvey
from lib.rules.instrument import Sample
from lib.rules.pulse import PulseShare, pulse_share
from lib.rules.standing import AskedWave
from lib.storage.transaction import reading

FEELS_SAFE = (1, 2)
"""Answers to "how safe" that count as safe: the two safe ones of the four."""


@dataclass(frozen=True)
class PulseWave:
    """One wave in one beat. `after_dark` is the share feeling safe alone after dark, hidden under 10 answers."""

    beat_id: int
    beat_code: str
    wave_on: date
    closes_on: date
    wording: str
    sample: Sample
    invited: int
    after_dark: PulseShare

    @property
    def is_volunteer(self) -> bool:
        return self.sample is Sample.VOLUNTEER


def pulse_waves(beat_code: str, *, today: date) -> tuple[PulseWave, ...]:
    """The closed waves of one beat, oldest first. One statement."""
    return _waves(Beat.code == beat_code, today=today)


def pulse_waves_of(beat_ids: Collection[int], *, today: date) -> tuple[PulseWave, ...]:
    """The closed waves of several beats, oldest first. One statement."""
    return _waves(Beat.id.in_(beat_ids), today=today)


def latest_pulse(*, today: date) -> dict[str, PulseWave]:
    """The last closed wave of each beat that has one, by beat code. One statement."""
    return {wave.beat_code: wave for wave in _waves(Beat.id.is_not(None), today=today)}


def pooled(waves: Collection[PulseWave]) -> tuple[AskedWave, ...]:
    """Waves of the same day taken together, oldest first, for a goal of several beats.

    A wave in which one beat is hidden is left out whole: what is hidden must not come back by subtraction. One in which
    beats were asked in different words has no wording, one with volunteers in any beat is one of volunteers.
    """
    days = sorted({wave.wave_on for wave in waves})
    together = []
    for day in days:
        same_day = [wave for wave in waves if wave.wave_on == day]
        shares = [wave.after_dark for wave in same_day]
        if any(share.positive is None for share in shares):
            continue
        positive, n = sum(share.positive or 0 for share in shares), sum(share.n for share in shares)
        wordings = {wave.wording for wave in same_day}
        adults = [share.adults for share in shares if share.adults is not None]
        together.append(
            AskedWave(
                day,
                pulse_share(
                    positive,
                    n,
                    adults=sum(adults) if len(adults) == len(shares) else None,
                    volunteers=any(share.volunteers for share in shares),
                ),
                wordings.pop() if len(wordings) == 1 else "",
            )
        )
    return tuple(together)


def _waves(of_beats: ColumnElement[bool], *, today: date) -> tuple[PulseWave, ...]:
    feels_safe = func.sum(case((PulseAnswer.after_dark.in_(FEELS_SAFE), 1), else_=0))
    question = (
        select(
            Beat.id,
            Beat.code,
            PulseSurvey.wave_on,
            PulseSurvey.closes_on,
            PulseSurvey.wording,
            PulseSurvey.sample,
            PulseSurvey.invited,
            PulseSurvey.adults,
            func.count(PulseAnswer.after_dark).label("n"),
            feels_safe.label("positive"),
        )
        .join(PulseSurvey, PulseSurvey.beat_id == Beat.id)
        .outerjoin(PulseAnswer, PulseAnswer.survey_id == PulseSurvey.id)
        .where(and_(of_beats, PulseSurvey.closes_on < today, PulseSurvey.swept_at.is_not(None)))
        .group_by(Beat.id, PulseSurvey.id)
        .order_by(PulseSurvey.wave_on, Beat.code)
    )
    with reading() as db:
        rows = db.execute(question).all()
    return tuple(
        PulseWave(
            beat_id=row.id,
            beat_code=row.code,
            wave_on=row.wave_on,
            closes_on=row.closes_on,
            wording=row.wording,
            sample=row.sample,
            invited=row.invited,
            after_dark=pulse_share(
                int(row.positive), row.n, adults=row.adults, volunteers=row.sample is Sample.VOLUNTEER
            ),
        )
        for row in rows
    )
