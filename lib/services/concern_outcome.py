"""What people say became of a solved concern, through their follow links, and what follows from it by rule."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, NotFound
from lib.model import Concern, ConcernAnswer, ConcernOutcome
from lib.queries.concern_outcome import city_zone
from lib.queries.residents_word import link_followed
from lib.rules.concern_outcome import REOPENED, is_asked_about
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import CONCERN_MOVES, ConcernStatus
from lib.rules.moves import require_rule
from lib.rules.residents_word import reopens
from lib.services.log import record
from lib.storage.transaction import writing

NOT_ASKED = "Nobody is asked about this concern now: it is not called solved, or four weeks have not passed since."
TOO_YOUNG = "This link was made after the concern was called solved. Only earlier ones are asked."
UNKNOWN_LINK = "This link leads nowhere: it is mistyped, or the concern was erased."


def answer_outcome(
    *, follow_secret: str, concern_uuid: UUID, answer: ResidentsWord, now: datetime | None = None
) -> ConcernStatus:
    """Say what became of a solved concern, with the follow link of whoever raised or supports it (or one that goes on
    in it); the concern's status afterwards.

    One answer from whoever raised it and from each device that supports; a later one replaces it. It is not logged: the
    log would tell when. Raises NotFound (link, a concern that is not the link's), Conflict (nobody is asked now, the
    link is younger than the solving).
    """
    when = now or clock.now()
    with writing() as db:
        link = link_followed(db, follow_secret)
        concern = db.scalar(select(Concern).where(Concern.uuid == concern_uuid).with_for_update())
        if concern is None or concern.id not in link.concerns:
            raise NotFound(UNKNOWN_LINK)
        zone = city_zone(db)
        today = when.astimezone(zone).date()
        solved_on = concern.closed_at.astimezone(zone).date() if concern.closed_at is not None else None
        if solved_on is None or not is_asked_about(concern.status, solved_on, today):
            raise Conflict(NOT_ASKED)
        if not link.is_older_than(solved_on):
            raise Conflict(TOO_YOUNG)
        row = {"concern_id": concern.id, "answerer": link.answerer(concern.uuid)}
        said = {"answer": answer, "answered_on": today}
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        db.execute(
            insert(ConcernOutcome)
            .values(**row, **said)
            .on_conflict_do_update(index_elements=["concern_id", "answerer"], set_=said)
        )
        _reopen_if_worse(db, concern, solved_on, today, when)
        return concern.status


def _reopen_if_worse(db: Session, concern: Concern, solved_on: date, today: date, when: datetime) -> None:
    """A solved concern that got worse is investigated again, by rule: nobody has to, and nobody can prevent it."""
    worse = db.scalars(
        select(ConcernOutcome.answered_on).where(
            ConcernOutcome.concern_id == concern.id, ConcernOutcome.answer == ResidentsWord.WORSE
        )
    )
    if not reopens([(on, 1) for on in worse], achieved_on=solved_on, today=today):
        return
    require_rule(CONCERN_MOVES, concern.status, ConcernStatus.INVESTIGATING)
    concern.status, concern.closed_at = ConcernStatus.INVESTIGATING, None
    db.add(ConcernAnswer(concern_id=concern.id, person_id=None, status=concern.status, text=REOPENED, answered_at=when))
    record(db, None, "concern_reopened", "concern", concern.uuid)
