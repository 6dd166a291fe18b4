"""Ballots that are cast with one commit: each is taken or refused by itself, and none takes another one with it."""

from uuid import UUID, uuid4

import pytest

from lib.errors import Conflict, Explained, Invalid, NotFound
from lib.queries.counts import Turnout, turnouts
from lib.queries.passes import BallotState, ballot_state
from lib.queries.voting import RoundRow
from lib.rules.lifecycle import Electorate
from lib.services.casting import BallotToCast, Receipt, UsedAlready, cast_ballots, fresh_nonce
from lib.services.rounds import close_round
from tests.counting import counted_statements
from tests.hall import Hall, a_hall


def approving(*goals: UUID, nonce: bytes = b"", word: str = "", replaces: str | None = None) -> BallotToCast:
    return BallotToCast(goals, not goals, nonce or fresh_nonce(), word, replaces)


def cast(hall: Hall, row: RoundRow, *ballots: BallotToCast) -> list[Receipt | Explained]:
    """The nth ballot with the nth slip."""
    outcomes = cast_ballots(round_id=row.id, ballots={hall.cred(voter): ballot for voter, ballot in enumerate(ballots)})
    return [outcomes[hall.cred(voter)] for voter in range(len(ballots))]


def stored(hall: Hall, row: RoundRow, voters: int) -> list[BallotState]:
    return [ballot_state(row.id, hall.cred(voter)) for voter in range(voters)]


def test_each_of_several_ballots_gets_its_own_receipt_and_is_stored(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    receipts = cast(hall, row, *(approving(hall.goals[voter % 3]) for voter in range(20)))
    marks = [receipt.mark for receipt in receipts if isinstance(receipt, Receipt)]
    assert [state.mark for state in stored(hall, row, 20)] == marks
    assert len(set(marks)) == 20
    assert turnouts(row.id)[Electorate.RESIDENTS] == Turnout(20, 25)


def test_a_ballot_that_is_refused_leaves_the_others_in(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    kept = hall.votes(row, 4, 0)
    goal = hall.goals[0]
    outcomes = cast(
        hall,
        row,
        approving(goal),
        approving(uuid4()),
        BallotToCast([goal], True, fresh_nonce()),
        approving(goal, word="x" * 61),
        approving(goal, replaces=""),
        approving(),
    )
    assert [type(outcome) for outcome in outcomes] == [Receipt, Invalid, Invalid, Invalid, Conflict, Receipt]
    assert [state.has_ballot for state in stored(hall, row, 6)] == [True, False, False, False, True, True]
    assert ballot_state(row.id, hall.cred(4)).mark == kept.mark


def test_a_stranger_among_them_is_not_found(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    outcomes = cast_ballots(round_id=row.id, ballots={b"x" * 32: approving(), hall.cred(0): approving()})
    assert [type(outcome) for outcome in outcomes.values()] == [NotFound, Receipt]


def test_one_form_with_two_passes_leaves_the_third_voter_alone(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    nonce = fresh_nonce()
    outcomes = cast(hall, row, approving(nonce=nonce), approving(hall.goals[1], nonce=nonce), approving())
    assert [type(outcome) for outcome in outcomes] == [Receipt, UsedAlready, Receipt]
    assert [state.has_ballot for state in stored(hall, row, 3)] == [True, False, True]


def test_changed_votes_and_first_ones_go_together(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    first = hall.votes(row, 0, 0)
    changed, new = cast(hall, row, approving(hall.goals[1], replaces=first.mark), approving(replaces=""))
    assert isinstance(changed, Receipt) and isinstance(new, Receipt)
    assert (changed.replaced, new.replaced) == (True, False)
    assert [state.mark for state in stored(hall, row, 2)] == [changed.mark, new.mark]
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 2


def test_after_closing_none_of_them_is_taken(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    close_round(actor=hall.facilitator, round_id=row.id)
    assert [type(outcome) for outcome in cast(hall, row, approving(), approving())] == [Conflict, Conflict]
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 0


@pytest.mark.parametrize("voters", [1, 20])
def test_many_ballots_take_as_many_statements_as_one(sqlite_database: str, voters: int) -> None:
    hall = a_hall()
    row = hall.opened()
    with counted_statements() as sent:
        cast(hall, row, *(approving(hall.goals[0]) for _ in range(voters)))
    assert len(sent) == 4


def test_a_ballot_never_prints_what_it_holds() -> None:
    ballot = BallotToCast([uuid4()], False, b"nonce", "oak", "mark")
    assert repr(ballot) == "BallotToCast(channel=<Channel.PHONE: 'phone'>)"
