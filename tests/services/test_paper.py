"""Paper slips typed in after closing, slips declared void while a vote runs, and dice nobody can fit ballots to."""

import pytest
from sqlalchemy import func, select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Ballot, LogEntry, Pass, Round
from lib.queries.counts import Turnout, turnouts
from lib.queries.results import round_result
from lib.queries.voting import RoundRow, voting_round
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Electorate
from lib.services.casting import Receipt, TypedInAlready
from lib.services.counting import DiceNeeded, count_round, open_paper, seal_round
from lib.services.paper import enter_paper_ballot
from lib.services.passes import void_pass, void_slip
from lib.services.rounds import close_round, open_round
from lib.services.witnesses import Witness
from lib.storage.transaction import reading
from tests.builders import a_person
from tests.hall import Hall, a_hall

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


def a_round_with_paper(hall: Hall) -> RoundRow:
    """The first resident has voted by phone; the vote is closed and paper is typed in."""
    row = hall.opened(places=1)
    hall.votes(row, 0, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    return row


def typed_in(hall: Hall, row: RoundRow, token: str, *goals: int, second: Witness | None = None) -> Receipt:
    return enter_paper_ballot(
        actor=hall.facilitator,
        second=second or hall.second,
        round_id=row.id,
        token=token,
        choices=[hall.goals[goal] for goal in goals],
        none_of_these=False,
    )


def voided(hall: Hall, token: str) -> bool:
    return void_slip(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, token=token)


def test_a_paper_slip_counts_as_a_phone_does_and_its_tracker_finds_it(database: str) -> None:
    hall = a_hall()
    row = a_round_with_paper(hall)
    receipt = typed_in(hall, row, printed_token(hall.tokens[RESIDENTS][1]).lower(), 0, 2)
    assert receipt.tracker is not None
    seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.published(row)
    result = round_result(row.uuid)
    assert result.sides[RESIDENTS].channels == {"phone": 1, "paper": 1}
    approvals = {line.candidate.goal_uuid: line.outcome.residents_approvals for line in result.lines}
    assert approvals == {hall.goals[0]: 2, hall.goals[1]: 0, hall.goals[2]: 1}


def test_a_slip_that_voted_by_phone_is_refused_on_paper_and_keeps_its_phone_ballot(database: str) -> None:
    hall = a_hall()
    row = a_round_with_paper(hall)
    with pytest.raises(Conflict, match="voted already"):
        typed_in(hall, row, hall.tokens[RESIDENTS][0], 1)
    assert turnouts(row.id)[RESIDENTS] == Turnout(1, 25)


def test_a_slip_typed_in_again_changes_nothing_and_tells_its_tracker(database: str) -> None:
    hall = a_hall()
    row = a_round_with_paper(hall)
    first = typed_in(hall, row, hall.tokens[RESIDENTS][1], 1)
    assert first.tracker is not None
    with pytest.raises(TypedInAlready) as again:
        typed_in(hall, row, hall.tokens[RESIDENTS][1], 2)
    assert again.value.tracker == first.tracker
    told = f"Typed in already as paper; write this tracker on it: {printed_token(first.tracker)}"
    assert again.value.sentence == told
    assert turnouts(row.id)[RESIDENTS] == Turnout(2, 25)
    seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.published(row)
    approvals = {line.candidate.goal_uuid: line.outcome.residents_approvals for line in round_result(row.uuid).lines}
    assert approvals == {hall.goals[0]: 1, hall.goals[1]: 1, hall.goals[2]: 0}


def test_a_sealed_sides_slip_typed_in_again_gets_no_tracker(database: str) -> None:
    hall = a_hall()
    row = a_round_with_paper(hall)
    typed_in(hall, row, hall.tokens[OFFICERS][0], 1)
    with pytest.raises(TypedInAlready, match="This side gets no tracker") as again:
        typed_in(hall, row, hall.tokens[OFFICERS][0], 1)
    assert again.value.tracker is None


@pytest.mark.parametrize("token", ["", "not a code", "0000-0000-0000-0000"])
def test_an_unknown_slip_is_refused_on_paper(database: str, token: str) -> None:
    hall = a_hall()
    row = a_round_with_paper(hall)
    with pytest.raises(NotFound):
        typed_in(hall, row, token, 0)


def test_paper_needs_two_people_for_each_slip(database: str) -> None:
    hall = a_hall()
    row = a_round_with_paper(hall)
    with pytest.raises(Invalid, match="PIN is not right"):
        typed_in(hall, row, hall.tokens[RESIDENTS][1], 0, second=Witness(hall.second.person_id, "9999"))
    with pytest.raises(NotAllowed):
        enter_paper_ballot(
            actor=a_person(),
            second=hall.second,
            round_id=row.id,
            token=hall.tokens[RESIDENTS][1],
            choices=[],
            none_of_these=True,
        )
    assert turnouts(row.id)[RESIDENTS] == Turnout(1, 25)


def test_a_slip_scanned_as_void_loses_its_ballot_and_still_counts_as_drawn(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    hall.votes(row, 1, 0)
    assert voided(hall, hall.tokens[RESIDENTS][0])
    assert not voided(hall, hall.tokens[RESIDENTS][2])
    with pytest.raises(Conflict, match="void already"):
        voided(hall, hall.tokens[RESIDENTS][0])
    with pytest.raises(Conflict, match="declared void during round 1; a ballot it had cast there or later was deleted"):
        hall.votes(row, 0, 1)
    assert turnouts(row.id)[RESIDENTS] == Turnout(1, 25)
    hall.counted(row)
    hall.published(row)
    assert round_result(row.uuid).sides[RESIDENTS].issued == 25
    later = hall.planned(goal_ids=hall.goal_ids[1:])
    open_round(actor=hall.facilitator, second=hall.second, round_id=later.id)
    assert turnouts(later.id)[RESIDENTS] == Turnout(0, 23)


def test_a_paper_ballot_typed_in_by_mistake_goes_with_its_slip(database: str) -> None:
    hall = a_hall()
    row = a_round_with_paper(hall)
    typed_in(hall, row, hall.tokens[RESIDENTS][1], 0)
    assert voided(hall, hall.tokens[RESIDENTS][1])
    assert turnouts(row.id)[RESIDENTS] == Turnout(1, 25)


def test_the_log_of_a_void_slip_names_neither_its_serial_nor_its_ballot(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    voided(hall, hall.tokens[RESIDENTS][0])
    with reading() as db:
        facts = db.scalars(select(LogEntry.facts).where(LogEntry.action == "slip_voided")).one()
        assert db.scalar(select(func.count()).select_from(Ballot)) == 0
        assert db.scalar(select(func.count()).select_from(Pass).where(Pass.is_void)) == 1
    assert facts == {"round": str(row.uuid), "second": hall.second.person_id}


def test_a_slip_is_scanned_only_while_a_vote_runs_and_voided_by_serial_only_before(database: str) -> None:
    hall = a_hall()
    with pytest.raises(Conflict, match="number on its stub"):
        voided(hall, hall.tokens[RESIDENTS][0])
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=2)
    row = hall.opened()
    assert turnouts(row.id)[RESIDENTS] == Turnout(0, 24)
    with pytest.raises(Conflict, match="scanning the slip itself"):
        void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=1)
    with pytest.raises(NotFound):
        voided(hall, "0000-0000-0000-0000")


def a_tie(hall: Hall) -> RoundRow:
    row = hall.opened(places=1)
    for voter in range(4):
        hall.votes(row, voter, 0, 1)
    for officer in range(3):
        hall.votes(row, officer, 0, 1, side=OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with pytest.raises(DiceNeeded):
        seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    return row


def test_after_the_fingerprint_is_read_out_no_ballot_comes_or_goes(database: str) -> None:
    hall = a_hall(titles=("One", "Two"))
    row = a_tie(hall)
    called = voting_round(row.uuid).dice_hash
    for token in (hall.tokens[RESIDENTS][9], hall.tokens[OFFICERS][4]):
        with pytest.raises(Conflict, match="read out"):
            typed_in(hall, row, token, 1)
    with pytest.raises(Conflict, match="read out"):
        voided(hall, hall.tokens[RESIDENTS][0])
    assert (
        seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed="4-1-6").ballots_hash == called
    )


def test_dice_typed_before_the_fingerprint_was_read_out_are_not_taken(database: str) -> None:
    hall = a_hall(titles=("One", "Two"))
    row = hall.opened(places=1)
    for voter in range(4):
        hall.votes(row, voter, 0, 1)
    for officer in range(3):
        hall.votes(row, officer, 0, 1, side=OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    with pytest.raises(DiceNeeded) as asked:
        count_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed="6-6-6")
    with pytest.raises(Conflict, match="read out"):
        open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed="1-2-3")
    with reading() as db:
        assert db.scalar(select(Round.tie_seed)) == "1-2-3"
        calls = db.scalars(select(LogEntry.facts).where(LogEntry.action == "dice_called")).all()
    assert calls == [{"ballots_hash": asked.value.ballots_hash}]


def test_no_paper_is_typed_in_before_two_people_begin_with_it(database: str) -> None:
    hall = a_hall()
    row = hall.opened(places=1)
    for is_closed in (False, True):
        if is_closed:
            close_round(actor=hall.facilitator, round_id=row.id)
        with pytest.raises(Conflict, match="typed in after the vote is closed"):
            typed_in(hall, row, hall.tokens[RESIDENTS][1], 0)
    assert turnouts(row.id)[RESIDENTS].cast == 0
