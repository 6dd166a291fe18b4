"""After a wave of the pulse has closed: nothing that is kept links an answer to an invitation any more."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from lib.model import PulseAnswer, PulseInvitation, PulseSurvey
from lib.rules.instrument import Sample
from lib.services.log import record
from lib.services.pulse import city_today, keep_answers_out
from lib.services.traces import PULSE, sweep_traces
from lib.storage.transaction import reading, writing

GRACE = timedelta(minutes=1)
"""After the end of the last day: a process whose clock is behind may take an answer until then."""


def sweep_closed_waves(*, now: datetime) -> int:
    """Clean every closed wave that is not clean yet; how many. Its figures show from then on.

    Resumable: stopped at any point, or held up by a reader, it begins again at its next call. In three steps: the rows
    of each wave are written again in the order of their random keys, without who answered; the tables go to fresh
    pages, which PostgreSQL writes in one transaction; then the wave is marked and its total logged.
    """
    with reading() as db:
        is_closed = (PulseSurvey.closes_on < city_today(db, now - GRACE), PulseSurvey.swept_at.is_(None))
        closed = db.scalars(select(PulseSurvey.id).where(*is_closed).order_by(PulseSurvey.id)).all()
    if not closed:
        return 0
    for survey_id in closed:
        _forget_order(survey_id)
    if not sweep_traces(PULSE):
        return 0
    with writing() as db:
        # Another process may have been faster: it has written the entry too.
        marked = [survey_id for survey_id in closed if _mark(db, survey_id, now)]
    return len(marked)


def _forget_order(survey_id: int) -> None:
    """Write the wave's rows again, sorted by their random keys. Invitations stay known, so that a late one is told that
    the survey is closed; whether they were used is forgotten, and so are the devices of volunteers."""
    with writing() as db:
        keep_answers_out(db, survey_id)
        survey = db.get(PulseSurvey, survey_id)
        if survey is None:
            return
        of_wave = PulseAnswer.survey_id == survey_id
        answers = [dict(row) for row in db.execute(select(PulseAnswer.__table__).where(of_wave)).mappings()]
        digests = db.scalars(select(PulseInvitation.digest).where(PulseInvitation.survey_id == survey_id)).all()
        db.execute(delete(PulseAnswer).where(of_wave))
        db.execute(delete(PulseInvitation).where(PulseInvitation.survey_id == survey_id))
        if answers:
            db.execute(insert(PulseAnswer), sorted(answers, key=lambda row: row["id"].bytes))
        if digests and survey.sample is not Sample.VOLUNTEER:
            kept = [{"survey_id": survey_id, "digest": digest, "is_used": False} for digest in sorted(digests)]
            db.execute(insert(PulseInvitation), kept)


def _mark(db: Session, survey_id: int, now: datetime) -> bool:
    """Mark the wave as clean; False where it was already. The log gets the number of answers."""
    is_waiting = (PulseSurvey.id == survey_id, PulseSurvey.swept_at.is_(None))
    if not getattr(db.execute(update(PulseSurvey).where(*is_waiting).values(swept_at=now)), "rowcount", 0):
        return False
    answers = db.scalar(select(func.count()).where(PulseAnswer.survey_id == survey_id)) or 0
    record(db, None, "pulse_wave_closed", "pulse_survey", survey_id, answers=answers)
    return True
