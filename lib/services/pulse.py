"""The pulse: planning a wave with its invitations, and taking one answer for each.

An answer holds no time, no address and no invitation. While a wave is open, whoever reads the raw database can see
which rows one transaction wrote; after it has closed `lib/services/pulse_sweep.py` removes that too.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import Beat, City, PulseAnswer, PulseInvitation, PulseSurvey
from lib.queries.places import adults_per_beat
from lib.queries.pulse_waves import UNKNOWN_INVITATION, wave_of_code
from lib.rules.ballots import TOKEN_BYTES, invitation_digest, normalise_token, token_from_bytes
from lib.rules.instrument import ISSUE_LENGTH, PRESENT, QuestionKind, Sample, instrument
from lib.rules.pulse import WaveState, wave_state
from lib.rules.rights import Actor, Right, require
from lib.rules.text import clean_text
from lib.services.log import record
from lib.storage.transaction import writing

MOST_INVITATIONS = 5000
LONGEST_OPEN = 92
"""Days. Whoever answers three months after another answers about another time."""

PULSE_LOCK = 727405
"""First half of a wave's advisory lock; the second half is the wave's id."""

Given = Mapping[str, int | str | None]
"""Answers by the key of their question; absent or None where a question was left out."""

USED = "This invitation has been used: one answer is counted for each, and yours is in. Thank you."
EARLY = "This survey has not begun. Use your invitation again from the day that it names."
CLOSED = "This survey is closed. Its results are on the page How safe people feel."


@dataclass(frozen=True)
class PlannedWave:
    """A wave at the only moment its codes exist here: print them, they are stored nowhere.

    `codes` holds one code per invitation; for volunteers the one public code, which stays readable.
    """

    survey_id: int
    beat_code: str
    wave_on: date
    closes_on: date
    sample: Sample
    codes: tuple[str, ...]


def plan_wave(
    *,
    actor: Actor | None,
    beat_code: str,
    wave_on: date,
    closes_on: date,
    sample: Sample,
    adults: int | None = None,
    invitations: int = 0,
    now: datetime | None = None,
) -> PlannedWave:
    """Plan a wave in one beat and mint its invitations. `adults` None takes the beat's latest figure.

    Raises SignInNeeded, NotAllowed, NotFound (beat), Invalid (days, adults, number), Conflict (the beat has a wave in
    these days).
    """
    person = require(actor, Right.RUN_PULSE)
    moment = now or clock.now()
    number = _required_invitations(sample, invitations)
    with writing() as db:
        beat_id = db.scalar(select(Beat.id).where(Beat.code == beat_code))
        if beat_id is None:
            raise NotFound(f"There is no beat {beat_code[:32]!r}. Choose one from the list.")
        _require_days(db, beat_id, wave_on, closes_on, today=city_today(db, moment))
        frame = adults if adults is not None else adults_per_beat().get(beat_code)
        if frame is None:
            raise Invalid("How many adults live in this beat is not known. Write their number.", field="adults")
        if not 1 <= frame <= 100_000_000 or number > frame:
            raise Invalid(
                "The number of adults is at least 1, and no smaller than that of invitations.", field="adults"
            )
        codes = tuple(token_from_bytes(secrets.token_bytes(TOKEN_BYTES)) for _ in range(number or 1))
        survey = PulseSurvey(
            beat_id=beat_id,
            wave_on=wave_on,
            closes_on=closes_on,
            wording=PRESENT,
            sample=sample,
            adults=frame,
            invited=number,
            code="" if number else codes[0],
            planned_at=moment,
        )
        db.add(survey)
        try:
            db.flush()
        except IntegrityError as cause:
            raise Conflict("This beat has a wave in these days already.") from cause
        if number:
            # By digest, so that no order of minting, and so of printing, is kept.
            digests = sorted(invitation_digest(code) for code in codes)
            db.execute(insert(PulseInvitation), [{"survey_id": survey.id, "digest": digest} for digest in digests])
        record(
            db,
            person,
            "pulse_wave_planned",
            "pulse_survey",
            survey.id,
            beat=beat_code,
            wave_on=wave_on.isoformat(),
            closes_on=closes_on.isoformat(),
            sample=sample.value,
            wording=PRESENT,
            adults=frame,
            invited=number,
        )
    return PlannedWave(survey.id, beat_code, wave_on, closes_on, sample, codes)


def withdraw_wave(*, actor: Actor | None, survey_id: int) -> None:
    """Take back a wave that nobody has answered yet, for instance because its codes were not saved.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (somebody has answered).
    """
    person = require(actor, Right.RUN_PULSE)
    with writing() as db:
        keep_answers_out(db, survey_id)
        survey = db.get(PulseSurvey, survey_id)
        if survey is None:
            raise NotFound("This wave does not exist any more.")
        if db.scalar(select(func.count()).where(PulseAnswer.survey_id == survey_id)):
            raise Conflict("Somebody has answered already, so this wave stays until it closes.")
        db.execute(delete(PulseSurvey).where(PulseSurvey.id == survey_id))
        record(db, person, "pulse_wave_withdrawn", "pulse_survey", survey_id)


def answer_pulse(*, code: str, given: Given, device: str = "", now: datetime | None = None) -> None:
    """Count one answer under an invitation, or under a volunteer's device: both or nothing, and only once.

    `device` is what the volunteer's device is known by; it is a hint against answering twice, no proof. Not logged: the
    number of answers stands in the entry of the wave's closing. Raises NotFound (code), Invalid (an answer, none at
    all, no device), Conflict (used, not begun, closed).
    """
    token = normalise_token(code)
    found = wave_of_code(token, now=now or clock.now()) if token else None
    if token is None or found is None:
        raise NotFound(UNKNOWN_INVITATION)
    answers = taken(found.wording, given)
    with writing() as db:
        let_answers_in(db, found.survey_id)
        # Read here: while this waited, the wave may have closed.
        survey = db.get(PulseSurvey, found.survey_id)
        if survey is None:
            raise NotFound(UNKNOWN_INVITATION)
        state = wave_state(survey.wave_on, survey.closes_on, today=city_today(db, now or clock.now()))
        if state is WaveState.EARLY:
            raise Conflict(EARLY)
        if state is WaveState.CLOSED or survey.swept_at is not None:
            raise Conflict(CLOSED)
        if survey.sample is Sample.VOLUNTEER:
            _use_device(db, survey.id, invitation_digest(token, device), device)
        else:
            _use_invitation(db, survey.id, invitation_digest(token))
        db.execute(insert(PulseAnswer), {"survey_id": survey.id, **answers})


def enter_paper_answer(*, actor: Actor | None, code: str, given: Given, now: datetime | None = None) -> None:
    """Type in an answer that came on paper, under the code printed on it. As `answer_pulse`; which answers came on
    paper is not kept. Raises SignInNeeded and NotAllowed too."""
    require(actor, Right.RUN_PULSE)
    # A volunteer's sheet of paper is known by nothing: each counts as a device of its own.
    answer_pulse(code=code, given=given, device=secrets.token_hex(16), now=now)


def taken(version: str, given: Given) -> dict[str, int | str | None]:
    """The answers as they are stored, by column. Raises Invalid."""
    stored: dict[str, int | str | None] = {}
    for question in instrument(version).questions:
        value = given.get(question.key)
        if question.kind is QuestionKind.TEXT:
            stored[question.key] = clean_text(str(value or ""), field="Number one issue", longest=ISSUE_LENGTH)
        elif value is not None and value not in question.values:
            raise Invalid("This is no answer to that question. Choose one from the list.", field=question.key)
        else:
            stored[question.key] = bool(value) if question.key == "took_part" and value is not None else value
    if all(value in (None, "") for value in stored.values()):
        raise Invalid("Every question may be left out, but not all of them. Answer at least one.", field="")
    return stored


def let_answers_in(db: Session, survey_id: int) -> None:
    """Hold the wave open for one answer, beside others, until the transaction ends."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock_shared(:lock, :id)"), {"lock": PULSE_LOCK, "id": survey_id})


def keep_answers_out(db: Session, survey_id: int) -> None:
    """Wait for the answers under way and let no other begin until the transaction ends."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:lock, :id)"), {"lock": PULSE_LOCK, "id": survey_id})


def city_today(db: Session, moment: datetime) -> date:
    """The calendar date in the city at a moment; in UTC before the city was named."""
    return moment.astimezone(ZoneInfo(db.scalar(select(City.time_zone)) or "UTC")).date()


def _use_invitation(db: Session, survey_id: int, digest: bytes) -> None:
    """Mark the invitation as used. Raises Conflict (used meanwhile), NotFound."""
    mine = (PulseInvitation.survey_id == survey_id, PulseInvitation.digest == digest)
    done = db.execute(update(PulseInvitation).where(*mine, PulseInvitation.is_used.is_(False)).values(is_used=True))
    if getattr(done, "rowcount", 0) == 1:
        return
    if db.scalar(select(PulseInvitation.is_used).where(*mine)) is None:
        raise NotFound(UNKNOWN_INVITATION)
    raise Conflict(USED)


def _use_device(db: Session, survey_id: int, digest: bytes, device: str) -> None:
    """Note the volunteer's device. Raises Invalid (none), Conflict (it has answered)."""
    if not device:
        raise Invalid("Your browser kept no cookie, so we cannot count you once only. Allow cookies and try again.")
    made = (postgresql if db.get_bind().dialect.name == "postgresql" else sqlite).insert(PulseInvitation)
    row = {"survey_id": survey_id, "digest": digest, "is_used": True}
    noted = made.values(row).on_conflict_do_nothing(index_elements=["survey_id", "digest"])
    if db.scalar(noted.returning(PulseInvitation.is_used)) is None:
        raise Conflict(USED)


def _required_invitations(sample: Sample, number: int) -> int:
    """How many invitations are minted; 0 for volunteers. Raises Invalid."""
    if sample is Sample.VOLUNTEER:
        return 0
    if not 1 <= number <= MOST_INVITATIONS:
        raise Invalid(f"A random sample has between 1 and {MOST_INVITATIONS:,} invitations.", field="invitations")
    return number


def _require_days(db: Session, beat_id: int, wave_on: date, closes_on: date, *, today: date) -> None:
    """Raises Invalid (days that have been, in the wrong order, too far apart), Conflict (a wave in these days)."""
    if wave_on < today:
        raise Invalid("A wave begins today or later.", field="wave_on")
    if not wave_on <= closes_on <= wave_on + timedelta(days=LONGEST_OPEN):
        raise Invalid(f"A wave is open for 1 to {LONGEST_OPEN + 1} days, the last one included.", field="closes_on")
    beside = (PulseSurvey.beat_id == beat_id, PulseSurvey.wave_on <= closes_on, PulseSurvey.closes_on >= wave_on)
    if db.scalar(select(func.count()).select_from(PulseSurvey).where(*beside)):
        raise Conflict("This beat has a wave in these days already.")
