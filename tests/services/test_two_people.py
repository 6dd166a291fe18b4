"""Every step that needs two people: refused to one, and the log names both (promise 6)."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from lib.errors import Conflict, Invalid
from lib.model import LogEntry, Pass, Person
from lib.queries.counts import turnouts
from lib.queries.voting import RoundRow, voting_round
from lib.rules.lifecycle import Electorate
from lib.services.counting import count_round, open_paper, seal_round
from lib.services.paper import enter_paper_ballot
from lib.services.passes import void_slip
from lib.services.publishing import publish_round, set_aside_round
from lib.services.rounds import close_round, open_round
from lib.services.witnesses import Witness, pin_hash
from lib.storage.transaction import reading, writing
from tests.builders import WITNESS_PIN
from tests.hall import Hall, a_hall


def up_to(hall: Hall, step: str) -> RoundRow:
    """The round just before this step."""
    row = hall.planned()
    if step == "open":
        return row
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.votes(row, 0, 0)
    if step == "void":
        return row
    close_round(actor=hall.facilitator, round_id=row.id)
    if step in ("paper", "seal"):
        open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    if step in ("publish", "set aside"):
        count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
        hall.reconciled(row)
    return row


STEPS: dict[str, Callable[[Hall, RoundRow, Witness | None], object]] = {
    "open": lambda hall, row, second: open_round(actor=hall.facilitator, second=second, round_id=row.id),
    "begin paper": lambda hall, row, second: open_paper(actor=hall.facilitator, second=second, round_id=row.id),
    "paper": lambda hall, row, second: enter_paper_ballot(
        actor=hall.facilitator,
        second=second,
        round_id=row.id,
        token=hall.tokens[Electorate.RESIDENTS][1],
        choices=hall.goals[:1],
        none_of_these=False,
    ),
    "seal": lambda hall, row, second: seal_round(actor=hall.facilitator, second=second, round_id=row.id),
    "count": lambda hall, row, second: count_round(actor=hall.facilitator, second=second, round_id=row.id),
    "publish": lambda hall, row, second: publish_round(actor=hall.facilitator, second=second, round_id=row.id),
    "set aside": lambda hall, row, second: set_aside_round(
        actor=hall.facilitator, second=second, round_id=row.id, reason="Two ballots too many."
    ),
    "void": lambda hall, row, second: void_slip(
        actor=hall.facilitator, second=second, meeting_id=hall.meeting_id, token=hall.tokens[Electorate.RESIDENTS][0]
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_two_people_is_refused_to_one(database: str, step: str) -> None:
    hall = a_hall()
    with writing() as db:
        # The one who is signed in has a PIN too, so that only being the same person stands in the way.
        own = hall.facilitator.person_id
        db.get_one(Person, own).pin_hash = pin_hash(own, WITNESS_PIN)
    row = up_to(hall, step)
    before = as_it_stands(row)
    alone = {
        None: Invalid,
        Witness(hall.second.person_id, ""): Invalid,
        Witness(hall.second.person_id, "9731"): Invalid,
        Witness(hall.facilitator.person_id, WITNESS_PIN): Conflict,
    }
    for second, refusal in alone.items():
        with pytest.raises(refusal, match=r"two people|PIN|somebody else"):
            STEPS[step](hall, row, second)
    assert as_it_stands(row) == before
    STEPS[step](hall, row, hall.second)
    assert as_it_stands(row) != before


def as_it_stands(row: RoundRow) -> tuple[object, ...]:
    """The round's state, its ballots, void passes and log."""
    with reading() as db:
        void = db.scalar(select(func.count()).select_from(Pass).where(Pass.is_void))
        entries = db.scalar(select(func.count()).select_from(LogEntry))
    return voting_round(row.uuid), turnouts(row.id), void, entries


@pytest.mark.parametrize("step", [step for step in STEPS if step != "paper"])
def test_the_log_names_both_people_of_every_step(sqlite_database: str, step: str) -> None:
    hall = a_hall()
    row = up_to(hall, step)
    with reading() as db:
        last = db.scalar(select(func.max(LogEntry.id)))
    STEPS[step](hall, row, hall.second)
    with reading() as db:
        # What follows from a published vote (its goals move) is nobody's doing and names no second person.
        entries = db.scalars(
            select(LogEntry).where(LogEntry.id > last, LogEntry.subject.in_(("round", "meeting")))
        ).all()
    assert entries
    assert {(each.actor_id, each.facts.get("second")) for each in entries} == {
        (hall.facilitator.person_id, hall.second.person_id)
    }
