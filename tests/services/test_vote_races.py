"""Many at once, forced with barriers: one ballot per pass, nothing lost, nothing after closing, one counts."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select, text, update

from lib.clock import now
from lib.errors import Conflict, Explained
from lib.model import Ballot, LogEntry, Minute, Pass, Reconciliation, Round, SealedBallot
from lib.queries.counts import turnouts
from lib.queries.results import ballots_hash
from lib.queries.voting import RoundRow, pass_batches, round_of, rounds
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.voting import Channel
from lib.services.casting import VOTED_MEANWHILE, Receipt, cast_ballot, fresh_nonce
from lib.services.counting import DiceNeeded, SealedRound, count_round, open_paper, seal_round
from lib.services.passes import mint_passes, void_slip
from lib.services.publishing import publish_round
from lib.services.reconciling import reconcile_side
from lib.services.round_rows import keep_ballots_out
from lib.services.rounds import close_due_rounds, close_round, extend_round, open_round
from lib.storage.engine import engine
from lib.storage.transaction import reading, writing
from tests.hall import Hall, a_hall

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


def all_at_once(doings: Sequence[Callable[[], object]]) -> list[object]:
    """Start all from one barrier; what each returned, or the explained error it raised."""
    barrier = Barrier(len(doings), timeout=60)

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


def test_of_twenty_forms_opened_before_any_vote_one_is_taken(database: str) -> None:
    hall = a_hall()
    row = hall.opened()

    def send() -> Receipt:
        return cast_ballot(
            round_id=row.id,
            cred=hall.cred(0),
            choices=hall.goals[:1],
            none_of_these=False,
            nonce=fresh_nonce(),
            replaces="",
        )

    ends = all_at_once([send] * 20)
    taken = [end for end in ends if isinstance(end, Receipt)]
    assert ([end.tracker for end in taken], len(ends) - len(taken)) == ([*stored_trackers()], 19)
    refused = {end.sentence for end in ends if isinstance(end, Explained)}
    assert refused == {VOTED_MEANWHILE}


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


def test_publishing_one_round_from_four_consoles_moves_its_goals_once(database: str) -> None:
    hall = a_hall()
    row = hall.opened(places=2)
    for voter in range(5):
        hall.votes(row, voter, 0, 1)
    for officer in range(3):
        hall.votes(row, officer, 0, side=OFFICERS)
    hall.counted(row)
    hall.reconciled(row)
    ends = all_at_once([lambda: publish_round(actor=hall.facilitator, second=hall.second, round_id=row.id)] * 4)
    assert [type(end) for end in ends].count(Conflict) == 3, ends
    with reading() as db:
        assert db.scalar(select(func.count()).where(LogEntry.action == "round_published")) == 1
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


def paper(hall: Hall, row: RoundRow, voter: int, *goals: int) -> Receipt:
    """A paper slip typed in, as `enter_paper_ballot` does when the second person's PIN was right."""
    return cast_ballot(
        round_id=row.id,
        cred=hall.cred(voter),
        choices=[hall.goals[goal] for goal in goals],
        none_of_these=False,
        nonce=fresh_nonce(),
        channel=Channel.PAPER,
    )


def a_tie_on_paper(hall: Hall) -> RoundRow:
    """Two goals level for one place; paper is open."""
    row = hall.opened(places=1)
    for voter in range(4):
        hall.votes(row, voter, 0, 1)
    for officer in range(3):
        hall.votes(row, officer, 0, 1, side=OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    return row


def fingerprint(row: RoundRow) -> str:
    """The hash of the ballots that are in now, without the sealed side's."""
    with reading() as db:
        ballots = db.execute(
            select(Ballot.tracker, Ballot.side, Ballot.choices).where(
                Ballot.round_id == row.id, Ballot.side == RESIDENTS
            )
        )
        return ballots_hash(tuple(ballot) for ballot in ballots)  # type: ignore[misc]


@pytest.mark.parametrize("going", [0, 1, 2, 3, 4, 5])
def test_no_paper_ballot_gets_in_once_the_fingerprint_is_made_for_the_dice(database: str, going: int) -> None:
    hall = a_hall(titles=("One", "Two"))
    row = a_tie_on_paper(hall)
    called = Event()

    def call_dice() -> str:
        with pytest.raises(DiceNeeded) as asked:
            seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
        called.set()
        return asked.value.ballots_hash

    def type_in(voter: int) -> list[object]:
        """The same slip's turn comes again and again until the fingerprint is out: somebody is always at the door."""
        ends: list[object] = []
        for place in range(4):
            try:
                ends.append(paper(hall, row, voter + 4 * place, 0, 1))
            except Conflict as refusal:
                ends.append(refusal)
            if called.wait(0.02):
                break
        return ends

    read_out, *typed = all_at_once([call_dice, *(lambda voter=voter: type_in(voter) for voter in range(4, 8))])  # type: ignore[misc]
    assert read_out == fingerprint(row) == round_of(row.id).dice_hash
    acknowledged = sum(isinstance(end, Receipt) for ends in typed for end in ends)  # type: ignore[attr-defined]
    assert turnouts(row.id)[RESIDENTS].cast == 4 + acknowledged
    sealed = seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed="4-1-6")
    assert sealed.ballots_hash == read_out


def waiting_for_the_round() -> bool:
    """Whether somebody waits for a round's advisory lock."""
    question = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with engine().connect() as connection:
        return bool(connection.execute(text(question)).scalar())


@pytest.mark.parametrize("meanwhile", ["dice called", "counted"])
def test_a_slip_voided_while_the_round_is_being_counted_takes_no_ballot_out(
    postgres_database: str, meanwhile: str
) -> None:
    hall = a_hall(titles=("One", "Two"))
    row = a_tie_on_paper(hall)

    def void() -> object:
        try:
            return void_slip(
                actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, token=hall.tokens[RESIDENTS][0]
            )
        except Conflict as refusal:
            return refusal

    with ThreadPoolExecutor(1) as pool:
        with writing() as db:
            keep_ballots_out(db, row.id)
            voided = pool.submit(void)
            until = time.monotonic() + 10
            while not waiting_for_the_round() and time.monotonic() < until:
                time.sleep(0.01)
            change = {"dice_hash": "a" * 64} if meanwhile == "dice called" else {"state": RoundState.SEALED}
            db.execute(update(Round).values(**change))
        end = voided.result()
    assert isinstance(end, Conflict), end
    assert turnouts(row.id)[RESIDENTS].cast == 4
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Pass).where(Pass.is_void)) == 0


def test_a_slip_voided_while_it_votes_has_no_ballot_and_casts_none(database: str) -> None:
    hall = a_hall(residents=6)
    row = hall.opened()

    def void(voter: int) -> bool:
        return void_slip(
            actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, token=hall.tokens[RESIDENTS][voter]
        )

    def vote_on(voter: int) -> list[object]:
        ends: list[object] = []
        for goal in range(12):
            try:
                ends.append(hall.votes(row, voter, goal % 3))
            except Conflict as refusal:
                ends.append(refusal)
                break
        return ends

    voters = [*(lambda voter=voter: vote_on(voter) for voter in range(3))]  # type: ignore[misc]
    ends = all_at_once([*voters, *(lambda voter=voter: void(voter) for voter in range(3))])  # type: ignore[misc]
    assert all(isinstance(had, bool) for had in ends[3:]), ends[3:]
    assert stored_trackers() == set()
    for voter in range(3):
        with pytest.raises(Conflict, match="void"):
            hall.votes(row, voter, 0)
    assert turnouts(row.id)[RESIDENTS].issued == 6


def test_two_consoles_that_reconcile_keep_one_count_whole(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    close_round(actor=hall.facilitator, round_id=row.id)

    def count(number: int) -> None:
        reconcile_side(
            actor=hall.facilitator,
            round_id=row.id,
            side=RESIDENTS,
            slips_left=number,
            slips_spoiled=number,
            paper_slips=number,
        )

    ends = all_at_once([lambda number=number: count(number) for number in range(8)])  # type: ignore[misc]
    assert ends == [None] * 8
    with reading() as db:
        kept = db.scalars(select(Reconciliation)).one()
        last = db.scalars(
            select(LogEntry.facts).where(LogEntry.action == "side_reconciled").order_by(LogEntry.id.desc()).limit(1)
        ).one()
        assert db.scalar(select(func.count()).where(LogEntry.action == "side_reconciled")) == 8
    assert kept.slips_left == kept.slips_spoiled == kept.paper_slips == last["slips_left"]


def test_counting_by_hand_while_the_round_is_published_never_changes_what_was_published(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    hall.counted(row)
    hall.reconciled(row)

    def miscount() -> None:
        reconcile_side(
            actor=hall.facilitator, round_id=row.id, side=RESIDENTS, slips_left=25, slips_spoiled=0, paper_slips=0
        )

    published, counted = all_at_once(
        [lambda: publish_round(actor=hall.facilitator, second=hall.second, round_id=row.id), miscount]
    )
    with reading() as db:
        left = db.scalars(select(Reconciliation.slips_left).where(Reconciliation.side == RESIDENTS)).one()
    state = round_of(row.id).state
    if published is None:
        assert (state, left) == (RoundState.PUBLISHED, 24) and isinstance(counted, Conflict)
    else:
        assert (state, left, counted) == (RoundState.SEALED, 25, None) and isinstance(published, Conflict)


@pytest.mark.parametrize("going", [0, 1, 2, 3])
def test_a_round_given_more_time_as_its_time_ends_is_either_closed_or_open_for_longer(
    database: str, going: int
) -> None:
    hall = a_hall()
    row = hall.opened()
    ends_at = now() + timedelta(seconds=0.05)
    with writing() as db:
        db.execute(update(Round).values(closes_at=ends_at))

    def watch() -> int:
        while now() < ends_at:
            time.sleep(0.001)
        return close_due_rounds(now=now())

    def extend() -> object:
        time.sleep(0.03 + going * 0.01)
        return extend_round(actor=hall.facilitator, round_id=row.id, minutes=5)

    closed, extended = all_at_once([watch, extend])
    state = round_of(row.id).state
    if isinstance(extended, Conflict):
        assert (closed, state) == (1, RoundState.CLOSED)
        with pytest.raises(Conflict):
            hall.votes(row, 0, 0)
    else:
        assert (closed, state) == (0, RoundState.OPEN)
        assert extended == ends_at + timedelta(minutes=5)
        assert hall.votes(row, 0, 0).tracker is not None


def test_of_two_consoles_that_seal_one_gets_the_result_while_paper_comes_in(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(4):
        hall.votes(row, voter, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    sealing = [lambda: seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)] * 3
    ends = all_at_once([*sealing, *(lambda voter=voter: paper(hall, row, voter, 1) for voter in range(4, 14))])  # type: ignore[misc]
    assert sum(isinstance(end, SealedRound) for end in ends[:3]) == 1, ends[:3]
    acknowledged = {end.tracker for end in ends[3:] if isinstance(end, Receipt)}
    with reading() as db:
        sealed = set(db.scalars(select(SealedBallot.tracker)))
    assert acknowledged <= sealed and len(sealed) == 4 + len(acknowledged)
    assert turnouts(row.id)[RESIDENTS].cast == len(sealed)


def test_a_slip_minted_after_closing_types_in_no_paper_ballot_and_votes_in_the_next_round(database: str) -> None:
    hall = a_hall(residents=2)
    row = hall.opened(goal_ids=hall.goal_ids[:1])
    hall.votes(row, 0, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    late = mint_passes(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, side=RESIDENTS, number=2)
    hall.tokens[RESIDENTS] += [slip.token for slip in late.slips]
    with pytest.raises(Conflict, match="made after the vote was closed"):
        paper(hall, row, 2, 0)
    paper(hall, row, 1, 0)
    assert (turnouts(row.id)[RESIDENTS].cast, turnouts(row.id)[RESIDENTS].issued) == (2, 2)
    seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    later = hall.opened(goal_ids=hall.goal_ids[1:])
    assert hall.votes(later, 2, 1).tracker is not None
