"""Questions about running waves of the pulse: which one a code belongs to, and how many have answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select

from lib.errors import NotFound
from lib.model import Beat, City, PulseAnswer, PulseInvitation, PulseSurvey
from lib.queries.places import BeatRow
from lib.rules.ballots import invitation_digest, normalise_token
from lib.rules.instrument import Sample
from lib.rules.pulse import HIDDEN_BELOW, WaveState, wave_state
from lib.storage.transaction import reading

REMEMBERED = timedelta(days=90)
"""How long after its closing a wave still tells its invitations that it is closed; later they are unknown."""

UNKNOWN_INVITATION = "This code is not known here. Codes of invitations have 16 letters and digits; please check yours."


@dataclass(frozen=True)
class WaveOfCode:
    """The wave that a code invites to. `is_used` is known for invitations, not for the public code of volunteers."""

    survey_id: int
    beat: BeatRow
    wave_on: date
    closes_on: date
    wording: str
    sample: Sample
    state: WaveState
    is_used: bool

    @property
    def is_volunteer(self) -> bool:
        return self.sample is Sample.VOLUNTEER


@dataclass(frozen=True)
class WaveProgress:
    """A planned, running or closed wave as its coordinator sees it: how many answered, never what.

    `code` is the public code of volunteers, "" for invitations, which exist on paper only.
    """

    survey_id: int
    beat: BeatRow
    wave_on: date
    closes_on: date
    wording: str
    sample: Sample
    adults: int
    invited: int
    answered: int
    code: str
    state: WaveState
    is_swept: bool


def wave_of_code(token: str, *, now: datetime) -> WaveOfCode | None:
    """The wave of a normalised code, None for an unknown one. At most two statements."""
    mine = and_(PulseInvitation.survey_id == PulseSurvey.id, PulseInvitation.digest == invitation_digest(token))
    with reading() as db:
        today = now.astimezone(ZoneInfo(db.scalar(select(City.time_zone)) or "UTC")).date()
        row = db.execute(
            select(PulseSurvey, Beat, PulseInvitation.is_used)
            .join(Beat, Beat.id == PulseSurvey.beat_id)
            .outerjoin(PulseInvitation, mine)
            .where(PulseSurvey.closes_on >= today - REMEMBERED)
            .where(or_(PulseInvitation.digest.is_not(None), PulseSurvey.code == token))
        ).first()
    if row is None:
        return None
    wave, beat = row.PulseSurvey, row.Beat
    return WaveOfCode(
        survey_id=wave.id,
        beat=BeatRow(beat.id, beat.code, beat.name, beat.precinct),
        wave_on=wave.wave_on,
        closes_on=wave.closes_on,
        wording=wave.wording,
        sample=wave.sample,
        state=wave_state(wave.wave_on, wave.closes_on, today=today),
        is_used=bool(row.is_used),
    )


def invited_wave(code: str, *, now: datetime) -> WaveOfCode:
    """The wave that a typed or scanned code invites to; as forgiving as `normalise_token`. At most two statements.
    Raises NotFound."""
    token = normalise_token(code)
    found = wave_of_code(token, now=now) if token else None
    if found is None:
        raise NotFound(UNKNOWN_INVITATION)
    return found


def has_answered(survey_id: int, digest: bytes) -> bool:
    """Whether a volunteer's device has answered in this wave. One statement."""
    mine = (PulseInvitation.survey_id == survey_id, PulseInvitation.digest == digest)
    with reading() as db:
        return bool(db.scalar(select(PulseInvitation.is_used).where(*mine)))


def wave_progress(*, today: date) -> tuple[WaveProgress, ...]:
    """Every wave, the latest first, with the number of its answers. One statement."""
    answered = func.count(PulseAnswer.id).label("answered")
    with reading() as db:
        rows = db.execute(
            select(PulseSurvey, Beat, answered)
            .join(Beat, Beat.id == PulseSurvey.beat_id)
            .outerjoin(PulseAnswer, PulseAnswer.survey_id == PulseSurvey.id)
            .group_by(PulseSurvey.id, Beat.id)
            .order_by(PulseSurvey.wave_on.desc(), Beat.code)
        ).all()
    return tuple(
        WaveProgress(
            survey_id=row.PulseSurvey.id,
            beat=BeatRow(row.Beat.id, row.Beat.code, row.Beat.name, row.Beat.precinct),
            wave_on=row.PulseSurvey.wave_on,
            closes_on=row.PulseSurvey.closes_on,
            wording=row.PulseSurvey.wording,
            sample=row.PulseSurvey.sample,
            adults=row.PulseSurvey.adults,
            invited=row.PulseSurvey.invited,
            answered=row.answered,
            code=row.PulseSurvey.code,
            state=wave_state(row.PulseSurvey.wave_on, row.PulseSurvey.closes_on, today=today),
            is_swept=row.PulseSurvey.swept_at is not None,
        )
        for row in rows
    )


def top_issues(survey_id: int) -> tuple[str, ...]:
    """What people called the number one issue, by alphabet, so that it stands beside no other answer. Nothing while the
    wave is not clean, or under 10 answers. Two statements."""
    with reading() as db:
        is_clean = db.scalar(select(PulseSurvey.swept_at).where(PulseSurvey.id == survey_id)) is not None
        rows = db.scalars(select(PulseAnswer.top_issue).where(PulseAnswer.survey_id == survey_id)).all()
    if not is_clean or len(rows) < HIDDEN_BELOW:
        return ()
    return tuple(sorted((row for row in rows if row), key=lambda row: (row.casefold(), row)))
