"""What one beat answered to every question of the pulse, wave by wave: figures of closed and cleaned waves only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select

from lib.model import Beat, PulseAnswer, PulseSurvey
from lib.queries.pulse import FEELS_SAFE
from lib.rules.instrument import Sample
from lib.rules.pulse import PulseShare, may_show_parts, pulse_share
from lib.rules.pulse_means import PulseMean, pulse_mean
from lib.storage.transaction import reading

SHARES = ("after_dark", "by_day")
"""Questions shown as the share that feels safe."""

MEANS = ("safety", "respect", "listens")
"""Questions shown as points."""

COMPARED = {"better": 1, "the same": 0, "worse": -1}


@dataclass(frozen=True)
class Groups:
    """Those who took part in the last 12 months against everybody else who answered (no, or no answer).

    Both are None where one has under 10 answers: the figure of all less the other would give it back.
    """

    took_part: PulseShare | PulseMean | None
    others: PulseShare | PulseMean | None


@dataclass(frozen=True)
class WaveResults:
    """One wave in one beat. Figures by the key of their question; `compared` by "better", "the same", "worse"."""

    wave_on: date
    closes_on: date
    wording: str
    sample: Sample
    adults: int
    invited: int
    answered: int
    shares: Mapping[str, PulseShare] = field(default_factory=dict)
    means: Mapping[str, PulseMean] = field(default_factory=dict)
    compared: Mapping[str, PulseShare] = field(default_factory=dict)
    groups: Mapping[str, Groups] = field(default_factory=dict)

    @property
    def is_volunteer(self) -> bool:
        return self.sample is Sample.VOLUNTEER

    @property
    def response(self) -> Fraction | None:
        """Answers per invitation, 0 to 1; None for volunteers, whom nobody invited."""
        return Fraction(self.answered, self.invited) if self.invited else None


def pulse_results(beat_code: str, *, today: date) -> tuple[WaveResults, ...]:
    """Every closed wave of a beat whose traces were removed, oldest first. Two statements."""
    with reading() as db:
        waves = db.scalars(
            select(PulseSurvey)
            .join(Beat, Beat.id == PulseSurvey.beat_id)
            .where(Beat.code == beat_code, PulseSurvey.closes_on < today, PulseSurvey.swept_at.is_not(None))
            .order_by(PulseSurvey.wave_on)
        ).all()
        asked = select(
            PulseAnswer.survey_id,
            *(getattr(PulseAnswer, key) for key in (*SHARES, *MEANS, "compared", "took_part")),
        )
        rows = db.execute(asked.where(PulseAnswer.survey_id.in_([wave.id for wave in waves]))).all()
    answers: dict[int, list[Row[Any]]] = {wave.id: [] for wave in waves}
    for row in rows:
        answers[row.survey_id].append(row)
    return tuple(_results(wave, answers[wave.id]) for wave in waves)


def _results(wave: PulseSurvey, rows: Sequence[Row[Any]]) -> WaveResults:
    """The figures of one wave from the rows of its answers."""
    adults, volunteers = wave.adults, wave.sample is Sample.VOLUNTEER

    def figure(key: str, some: Sequence[Row[Any]]) -> PulseShare | PulseMean:
        given = [value for row in some if (value := getattr(row, key)) is not None]
        if key in SHARES:
            safe = sum(value in FEELS_SAFE for value in given)
            return pulse_share(safe, len(given), adults=adults, volunteers=volunteers)
        return pulse_mean(given, adults=adults, volunteers=volunteers)

    took_part = [row for row in rows if row.took_part]
    others = [row for row in rows if not row.took_part]
    groups = {}
    for key in (*SHARES, *MEANS):
        parts = (figure(key, took_part), figure(key, others))
        groups[key] = Groups(*parts) if may_show_parts([part.n for part in parts]) else Groups(None, None)
    compared = [row.compared for row in rows if row.compared is not None]
    return WaveResults(
        wave_on=wave.wave_on,
        closes_on=wave.closes_on,
        wording=wave.wording,
        sample=wave.sample,
        adults=adults,
        invited=wave.invited,
        answered=len(rows),
        shares={key: each for key in SHARES if isinstance(each := figure(key, rows), PulseShare)},
        means={key: each for key in MEANS if isinstance(each := figure(key, rows), PulseMean)},
        compared={
            name: pulse_share(
                sum(value == answer for value in compared), len(compared), adults=adults, volunteers=volunteers
            )
            for name, answer in COMPARED.items()
        },
        groups=groups,
    )
