"""Ballots that are cast with one commit: each is taken or refused by itself, and none takes another one with it."""

from uuid import uuid4

import pytest

from lib.errors import Conflict, Explained, Invalid, NotFound
from lib.model import Ballot
from lib.queries.counts import Turnout, turnouts
from lib.queries.passes import BallotState, ballot_state
from lib.queries.voting import RoundRow
from lib.rules.lifecycle import Electorate
from lib.services.casting import USED_ALREADY, BallotToCast, Receipt, cast_ballots, fresh_nonce
from lib.services.rounds import close_round
from tests.counting import counted_statements
from tests.hall import Hall, a_hall


def ballot_of(hall: Hall, voter: int, *goals: int, nonce: bytes = b"", replaces: str | None = None) -> BallotToCast:
    chosen = [hall.goals[goal] for goal in goals]
    return BallotToCast(hall.cred(voter), chosen, not goals, nonce or fresh_nonce(), replaces=replaces)


def stored(hall: Hall, row: RoundRow, voters: int) -> list[BallotState]:
    return [ballot_state(row.id, hall.cred(voter)) for voter in range(voters)]


def sentences(outcomes: list[Receipt | Explained]) -> list[str]:
    return [outcome.sentence if isinstance(outcome, Explained) else "" for outcome in outcomes]


def test_each_of_several_ballots_gets_its_own_receipt_and_is_stored(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    receipts = cast_ballots(round_id=row.id, ballots=[ballot_of(hall, voter, voter % 3) for voter in range(20)])
    marks = [receipt.mark for receipt in receipts if isinstance(receipt, Receipt)]
    assert [state.mark for state in stored(hall, row, 20)] == marks
    assert len(set(marks)) == 20
    assert turnouts(row.id)[Electorate.RESIDENTS] == Turnout(20, 25)


def test_a_ballot_that_is_refused_leaves_the_others_in(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    kept = hall.votes(row, 4, 0)
    stranger = BallotToCast(b"x" * 32, hall.goals[:1], False, fresh_nonce())
    unlisted = BallotToCast(hall.cred(1), [uuid4()], False, fresh_nonce())
    both = BallotToCast(hall.cred(2), hall.goals[:1], True, fresh_nonce())
    too_long = BallotToCast(hall.cred(3), hall.goals[:1], False, fresh_nonce(), "x" * 61)
    stale = ballot_of(hall, 4, 1, replaces="")
    outcomes = cast_ballots(
        round_id=row.id, ballots=[ballot_of(hall, 0, 0), stranger, unlisted, both, too_long, stale, ballot_of(hall, 5)]
    )
    assert [type(outcome) for outcome in outcomes] == [Receipt, NotFound, Invalid, Invalid, Invalid, Conflict, Receipt]
    assert [state.has_ballot for state in stored(hall, row, 6)] == [True, False, False, False, True, True]
    assert ballot_state(row.id, hall.cred(4)).mark == kept.mark


def test_one_form_with_two_passes_leaves_the_third_voter_alone(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    nonce = fresh_nonce()
    outcomes = cast_ballots(
        round_id=row.id,
        ballots=[ballot_of(hall, 0, 0, nonce=nonce), ballot_of(hall, 1, 1, nonce=nonce), ballot_of(hall, 2, 2)],
    )
    assert sentences(outcomes) == ["", USED_ALREADY, ""]
    assert [state.has_ballot for state in stored(hall, row, 3)] == [True, False, True]


def test_changed_votes_and_first_ones_go_together(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    first = hall.votes(row, 0, 0)
    changed, new = cast_ballots(
        round_id=row.id, ballots=[ballot_of(hall, 0, 1, replaces=first.mark), ballot_of(hall, 1, 1, replaces="")]
    )
    assert isinstance(changed, Receipt) and isinstance(new, Receipt)
    assert (changed.replaced, new.replaced) == (True, False)
    assert [state.mark for state in stored(hall, row, 2)] == [changed.mark, new.mark]
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 2


def test_two_ballots_of_one_pass_are_never_cast_with_one_commit(sqlite_database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    with pytest.raises(ValueError, match="order"):
        cast_ballots(round_id=row.id, ballots=[ballot_of(hall, 0, 0), ballot_of(hall, 0, 1)])
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 0


def test_after_closing_none_of_them_is_taken(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    close_round(actor=hall.facilitator, round_id=row.id)
    outcomes = cast_ballots(round_id=row.id, ballots=[ballot_of(hall, 0, 0), ballot_of(hall, 1, 0)])
    assert [type(outcome) for outcome in outcomes] == [Conflict, Conflict]
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 0


def test_many_ballots_take_as_many_statements_as_one(sqlite_database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    with counted_statements() as for_one:
        cast_ballots(round_id=row.id, ballots=[ballot_of(hall, 0, 0)])
    with counted_statements() as for_twenty:
        cast_ballots(round_id=row.id, ballots=[ballot_of(hall, voter, 1) for voter in range(1, 21)])
    assert (len(for_one), len(for_twenty)) == (4, 4)


def test_a_ballot_never_prints_what_it_holds() -> None:
    ballot = BallotToCast(b"the pass", [uuid4()], False, b"nonce", "oak", "mark")
    assert repr(ballot) == "BallotToCast(channel=<Channel.PHONE: 'phone'>)"
    assert Ballot.__table__.c.keys() == ["round_id", "key", "side", "choices", "tracker", "channel"]
