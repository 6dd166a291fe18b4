"""Many at once, forced with barriers: one ballot per pass, nothing lost, nothing after closing, one counts."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select, update

from lib.clock import now
from lib.errors import Conflict, Explained
from lib.model import Ballot, LogEntry, Minute, Round, SealedBallot
from lib.queries.voting import pass_batches, rounds
from lib.rules.lifecycle import Electorate, RoundState
from lib.services.counting import count_round, publish_round
from lib.services.passes import mint_passes
from lib.services.rounds import close_due_rounds, close_round, open_round
from lib.services.voting import Receipt, cast_ballot, fresh_nonce
from lib.storage.transaction import reading, writing
from tests.hall import a_hall

RESIDENTS = Electorate.RESIDENTS


def all_at_once(doings: Sequence[Callable[[], object]]) -> list[object]:
    """Start all from one barrier; what each returned, or the explained error it raised."""
    barrier = Barrier(len(doings))

    def run(doing: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return doing()
        except Explained as refusal:
            return refusal

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def stored_trackers() -> set[str]:
    with reading() as db:
        return set(db.scalars(select(Ballot.tracker)))


def test_one_pass_from_twenty_threads_is_one_ballot(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    receipts = all_at_once([lambda goal=place % 3: hall.votes(row, 0, goal) for place in range(20)])  # type: ignore[misc]
    assert all(isinstance(receipt, Receipt) for receipt in receipts), receipts
    stored = stored_trackers()
    assert len(stored) == 1
    assert stored <= {receipt.tracker for receipt in receipts if isinstance(receipt, Receipt)}
    # Exactly one was the first; every other one knows that it took another's place.
    assert sum(not receipt.replaced for receipt in receipts if isinstance(receipt, Receipt)) == 1


def test_the_same_form_from_twenty_threads_is_one_ballot_with_one_tracker(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    nonce = fresh_nonce()

    def send() -> Receipt:
        return cast_ballot(
            round_id=row.id, cred=hall.cred(0), choices=hall.goals[:1], none_of_these=False, nonce=nonce, word="oak"
        )

    receipts = all_at_once([send] * 20)
    assert {receipt.tracker for receipt in receipts if isinstance(receipt, Receipt)} == stored_trackers()
    assert not any(receipt.replaced for receipt in receipts if isinstance(receipt, Receipt))


def test_forty_passes_at_once_are_forty_ballots(database: str) -> None:
    hall = a_hall(residents=40)
    row = hall.opened()
    receipts = all_at_once([lambda voter=voter: hall.votes(row, voter, 0) for voter in range(40)])  # type: ignore[misc]
    assert stored_trackers() == {receipt.tracker for receipt in receipts if isinstance(receipt, Receipt)}
    assert len(stored_trackers()) == 40


@pytest.mark.parametrize("by", ["hand", "timer"])
def test_closing_while_people_vote_keeps_every_acknowledged_ballot_and_no_other(database: str, by: str) -> None:
    hall = a_hall(residents=60)
    row = hall.opened()
    half = Event()

    def vote(voter: int) -> Receipt:
        receipt = hall.votes(row, voter, 0)
        if voter % 6 == 0:
            half.set()
        return receipt

    def close() -> set[str]:
        """What was stored at the moment the round was closed."""
        half.wait(10)
        if by == "hand":
            close_round(actor=hall.facilitator, round_id=row.id)
        else:
            with writing() as db:
                db.execute(update(Round).values(closes_at=now() - timedelta(microseconds=1)))
            close_due_rounds(now=now())
        return stored_trackers()

    *ends, at_closing = all_at_once([*(lambda voter=voter: vote(voter) for voter in range(60)), close])  # type: ignore[misc]
    acknowledged = {receipt.tracker for receipt in ends if isinstance(receipt, Receipt)}
    assert stored_trackers() == acknowledged == at_closing
    assert all(isinstance(end, Receipt | Conflict) for end in ends)
    with pytest.raises(Conflict):
        hall.votes(row, 1, 0)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with reading() as db:
        assert set(db.scalars(select(SealedBallot.tracker))) == acknowledged


def test_of_two_consoles_that_count_one_counts(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(10):
        hall.votes(row, voter, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    ends = all_at_once([lambda: count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)] * 4)
    assert sum(isinstance(end, Conflict) for end in ends) == 3
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(SealedBallot)) == 10
        assert db.scalar(select(func.count()).where(LogEntry.action == "round_sealed")) == 1
    hall.reconciled(row)
    ends = all_at_once([lambda: publish_round(actor=hall.facilitator, second=hall.second, round_id=row.id)] * 3)
    assert sum(isinstance(end, Conflict) for end in ends) == 2
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Minute)) == 1


def test_of_two_rounds_opened_at_once_one_opens(database: str) -> None:
    hall = a_hall()
    drafts = [hall.planned(goal_ids=[goal]) for goal in hall.goal_ids]
    ends = all_at_once(
        [
            lambda draft=draft: open_round(actor=hall.facilitator, second=hall.second, round_id=draft.id)
            for draft in drafts
        ]  # type: ignore[misc]
    )
    assert sum(isinstance(end, Conflict) for end in ends) == 2
    assert sorted(row.state for row in rounds(hall.meeting_id)) == [
        RoundState.DRAFT,
        RoundState.DRAFT,
        RoundState.OPEN,
    ]


def test_two_consoles_that_close_close_once(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    ends = all_at_once([lambda: close_round(actor=hall.facilitator, round_id=row.id)] * 4)
    assert sum(isinstance(end, Conflict) for end in ends) == 3


def test_processes_that_watch_the_timer_close_once(database: str) -> None:
    hall = a_hall()
    hall.opened()
    with writing() as db:
        db.execute(update(Round).values(closes_at=now() - timedelta(seconds=1)))
    assert sum(int(str(end)) for end in all_at_once([lambda: close_due_rounds(now=now())] * 4)) == 1


def test_batches_minted_at_once_never_share_a_number_or_a_serial(database: str) -> None:
    hall = a_hall(residents=0, officers=0)
    all_at_once(
        [lambda: mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=10)] * 6
    )
    batches = pass_batches(hall.meeting_id)
    assert [batch.number for batch in batches] == [1, 2, 3, 4, 5, 6]
    assert [batch.first_serial for batch in batches] == [1, 11, 21, 31, 41, 51]
