"""Sealing: all of it or nothing, in the order of the trackers, and never more ballots than passes."""

from itertools import permutations

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from lib.errors import Conflict
from lib.model import Ballot, RoundSecret, SealedBallot
from lib.queries.results import ballots_csv
from lib.queries.voting import voting_round
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.voting import Channel
from lib.services.counting import count_round
from lib.services.rounds import close_round
from lib.storage.transaction import reading, writing
from tests.counting import counted_statements
from tests.hall import a_hall
from tests.refusing import refusing_a_row


@pytest.mark.parametrize("side", Electorate)
def test_a_box_stuffed_beyond_the_passes_is_not_even_counted(database: str, side: Electorate) -> None:
    """Whoever writes ballots into the database past `cast_ballot` is found at sealing, before anything is destroyed."""
    hall = a_hall(residents=4, officers=4)
    row = hall.opened()
    for voter in range(4):
        hall.votes(row, voter, 0)
        hall.votes(row, voter, 0, side=Electorate.OFFICERS)
    with writing() as db:
        stuffed = {"round_id": row.id, "key": b"k" * 16, "side": side, "choices": "[]", "channel": Channel.PHONE}
        db.execute(insert(Ballot).values(**stuffed, tracker="A" * 12))
    close_round(actor=hall.facilitator, round_id=row.id)
    with pytest.raises(Conflict, match=f"more ballots than passes on the side of the {side.value}"):
        count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert voting_round(row.uuid).state is RoundState.CLOSED
    with reading() as db:
        kept = [db.scalar(select(func.count()).select_from(table)) for table in (Ballot, RoundSecret, SealedBallot)]
    assert kept == [9, 1, 0]


def test_dice_that_decided_nothing_are_not_kept(database: str) -> None:
    """A recount says no to dice that are named where none decided."""
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed="4-1-6")
    assert voting_round(row.uuid).tie_seed == ""


def test_sealed_ballots_are_written_in_the_order_of_their_trackers(database: str) -> None:
    """Where the order is left to the database it follows an index today, and tomorrow the order of casting."""
    hall = a_hall()
    row = hall.opened()
    for voter in range(5):
        hall.votes(row, voter, 0)
    with counted_statements() as sent:
        hall.counted(row)
    written = [" ".join(each.split()) for each in sent if each.startswith("INSERT INTO sealed_ballot")]
    assert [each.endswith("ORDER BY ballot.tracker") for each in written] == [True]


@pytest.mark.parametrize("table", ["side_count", "outcome", "sealed_ballot", "log_entry"])
def test_sealing_that_fails_halfway_leaves_ballots_pepper_and_state_as_they_were(database: str, table: str) -> None:
    """The database itself refuses the second row of each table that sealing writes to, one table at a time."""
    hall = a_hall()
    row = hall.opened()
    for voter in range(5):
        hall.votes(row, voter, *range(voter % 3 + 1))
    close_round(actor=hall.facilitator, round_id=row.id)
    before = everything_of_a_vote()
    with refusing_a_row(table, after=len(before[table]) + 1), pytest.raises(DBAPIError, match="full"):
        count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert everything_of_a_vote() == before
    assert count_round(actor=hall.facilitator, second=hall.second, round_id=row.id).is_clean
    assert voting_round(row.uuid).state is RoundState.SEALED
    with reading() as db:
        kept = [db.scalar(select(func.count()).select_from(each)) for each in (Ballot, RoundSecret, SealedBallot)]
    assert kept == [0, 0, 5]


def everything_of_a_vote() -> dict[str, list[tuple[object, ...]]]:
    tables = ("ballot", "round_secret", "round", "sealed_ballot", "side_count", "outcome", "log_entry")
    with reading() as db:
        return {each: sorted(map(tuple, db.execute(text(f"SELECT * FROM {each}"))), key=str) for each in tables}


def test_the_file_of_the_ballots_is_the_same_whatever_order_they_come_in() -> None:
    """The fingerprint read out for the dice must not hang on the order in which a database happens to answer."""
    ballots = [
        ("B" * 12, Electorate.RESIDENTS, "[]"),
        ("C" * 12, Electorate.OFFICERS, '["none"]'),
        ("A" * 12, Electorate.RESIDENTS, '["1", "2"]'),
    ]
    assert {ballots_csv(each) for each in permutations(ballots)} == {
        b"tracker,side,choices\nAAAAAAAAAAAA,residents,1 2\nBBBBBBBBBBBB,residents,\nCCCCCCCCCCCC,officers,none\n"
    }
