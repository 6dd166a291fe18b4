"""The timer of a vote: its last moment, more time, and who set it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lib.clock import now
from lib.errors import Conflict
from lib.model import LogEntry, Round
from lib.queries.counts import turnouts
from lib.rules.lifecycle import Electorate
from lib.services.casting import cast_ballot, fresh_nonce
from lib.services.rounds import close_due_rounds, extend_round, open_round
from lib.storage.transaction import reading, writing
from tests.builders import a_facilitator
from tests.hall import a_hall

RESIDENTS = Electorate.RESIDENTS


def test_the_last_moment_of_the_timer_is_too_late(database: str) -> None:
    hall = a_hall()
    draft = hall.planned()
    ends = open_round(actor=hall.facilitator, second=hall.second, round_id=draft.id).closes_at

    def vote(voter: int, seconds: float) -> None:
        cast_ballot(
            round_id=draft.id,
            cred=hall.cred(voter),
            choices=hall.goals[:1],
            none_of_these=False,
            nonce=fresh_nonce(),
            now=ends + timedelta(seconds=seconds),
        )

    vote(0, -0.001)
    for voter, late in ((1, 0.0), (2, 0.001)):
        with pytest.raises(Conflict, match="came too late"):
            vote(voter, late)
    assert turnouts(draft.id)[RESIDENTS].cast == 1


def test_a_round_whose_time_is_over_gets_no_more_time(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    with writing() as db:
        db.execute(update(Round).values(closes_at=now() - timedelta(seconds=1)))
    with pytest.raises(Conflict, match="cannot be given more time"):
        extend_round(actor=hall.facilitator, round_id=row.id, minutes=5)


def test_more_time_is_logged_with_whoever_gave_it_and_the_timer_is_then_theirs(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    other = a_facilitator("Ana Paz")
    ends = extend_round(actor=other, round_id=row.id, minutes=7)
    assert close_due_rounds(now=ends) == 1
    with reading() as db:
        logged = {each.action: each for each in db.scalars(select(LogEntry).where(LogEntry.subject == "round"))}
    assert (logged["round_extended"].actor_id, logged["round_extended"].facts) == (other.person_id, {"minutes": 7})
    assert logged["round_closed"].facts["by"] == f"timer set by person {other.person_id}"
