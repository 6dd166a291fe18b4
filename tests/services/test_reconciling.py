"""Promise 6: per side, no more ballots than drawn passes and as many paper slips as paper ballots, or nothing is
published."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from lib.errors import Conflict, Invalid, NotAllowed
from lib.model import Goal, Minute, Outcome, Reconciliation, Round, SealedBallot, SideCount
from lib.queries.reconciling import SideReconciliation, reconciliation
from lib.queries.voting import RoundRow, voting_round
from lib.rules.lifecycle import Electorate, GoalState, RoundState
from lib.rules.voting import PassKind
from lib.services.counting import count_round, open_paper, seal_round
from lib.services.door import show_next_pass
from lib.services.paper import enter_paper_ballot
from lib.services.passes import mint_passes
from lib.services.publishing import publish_round, set_aside_round
from lib.services.reconciling import reconcile_side
from lib.services.rounds import close_round, open_round
from lib.storage.transaction import reading, writing
from tests.builders import a_person
from tests.hall import Hall, a_hall

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


def counted_by_hand(
    hall: Hall, row: RoundRow, side: Electorate, left: int, *, spoiled: int = 0, paper: int = 0
) -> None:
    reconcile_side(
        actor=hall.facilitator,
        round_id=row.id,
        side=side,
        slips_left=left,
        slips_spoiled=0,
        paper_slips=paper,
    )


def a_counted_round(hall: Hall) -> RoundRow:
    """10 of 25 residents and 4 of 6 officers voted for the first goal."""
    row = hall.opened()
    for voter in range(10):
        hall.votes(row, voter, 0)
    for officer in range(4):
        hall.votes(row, officer, 0, side=OFFICERS)
    hall.counted(row)
    return row


def publish(hall: Hall, row: RoundRow) -> None:
    publish_round(actor=hall.facilitator, second=hall.second, round_id=row.id)


def test_a_result_waits_until_both_sides_are_counted(database: str) -> None:
    hall = a_hall()
    row = a_counted_round(hall)
    with pytest.raises(Conflict, match="Residents: count the slips"):
        publish(hall, row)
    counted_by_hand(hall, row, RESIDENTS, 14)
    with pytest.raises(Conflict, match="Officers: count the slips"):
        publish(hall, row)
    counted_by_hand(hall, row, OFFICERS, 2)
    publish(hall, row)
    sides = reconciliation(row.id)
    assert [(side.issued, side.drawn, side.cast, side.not_cast, side.agrees) for side in sides] == [
        (25, 11, 10, 1, True),
        (6, 4, 4, 0, True),
    ]


def test_one_ballot_too_many_blocks_publishing_and_says_where_to_look(database: str) -> None:
    hall = a_hall()
    row = a_counted_round(hall)
    counted_by_hand(hall, row, RESIDENTS, 16)
    counted_by_hand(hall, row, OFFICERS, 2)
    with pytest.raises(Conflict, match=r"10 ballots, but only 9 passes were drawn .* 1 ballot too many"):
        publish(hall, row)
    counted_by_hand(hall, row, RESIDENTS, 15)
    publish(hall, row)
    assert voting_round(row.uuid).state is RoundState.PUBLISHED


def test_one_paper_slip_without_its_ballot_blocks_publishing(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    enter_paper_ballot(
        actor=hall.facilitator,
        second=hall.second,
        round_id=row.id,
        token=hall.tokens[RESIDENTS][1],
        choices=hall.goals[:1],
        none_of_these=False,
    )
    counted_by_hand(hall, row, RESIDENTS, 23, paper=2)
    counted_by_hand(hall, row, OFFICERS, 6)
    assert reconciliation(row.id)[0].problems == (
        "Residents: 2 paper slips were counted, but 1 paper ballot was typed in. Look for a slip without a tracker "
        "written on it.",
    )
    seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with pytest.raises(Conflict, match="2 paper slips were counted"):
        publish(hall, row)
    counted_by_hand(hall, row, RESIDENTS, 23, paper=1)
    publish(hall, row)


@pytest.mark.parametrize(("left", "paper"), [(16, 0), (15, 1)])
def test_the_database_itself_refuses_to_publish_what_does_not_agree(database: str, left: int, paper: int) -> None:
    hall = a_hall()
    row = a_counted_round(hall)
    counted_by_hand(hall, row, OFFICERS, 2)
    published = update(Round).where(Round.id == row.id).values(state=RoundState.PUBLISHED)
    with pytest.raises(DBAPIError, match="passes and ballots of both sides agree"), writing() as db:
        db.execute(published)
    counted_by_hand(hall, row, RESIDENTS, left, paper=paper)
    with pytest.raises(DBAPIError, match="passes and ballots of both sides agree"), writing() as db:
        db.execute(published)
    counted_by_hand(hall, row, RESIDENTS, 15)
    with writing() as db:
        db.execute(published)


@pytest.mark.parametrize(
    "change",
    [
        update(Reconciliation).values(slips_left=0),
        delete(Reconciliation),
        update(SideCount).values(cast_ballots=1),
        delete(SideCount),
        update(Outcome).values(residents_approvals=1),
        delete(Outcome),
        update(SealedBallot).values(choices="[]"),
        delete(SealedBallot),
    ],
    ids=lambda change: f"{type(change).__name__} {change.table.name}",
)
def test_every_figure_of_a_published_round_stays_as_it_is(database: str, change: object) -> None:
    hall = a_hall()
    row = a_counted_round(hall)
    hall.published(row)
    with pytest.raises(DBAPIError, match="stay as they are"), writing() as db:
        db.execute(change)  # type: ignore[call-overload]
    with pytest.raises(Conflict, match="before its result is published"):
        counted_by_hand(hall, row, RESIDENTS, 15)
    with reading() as db:
        assert len(db.scalars(select(SealedBallot.tracker)).all()) == 10


def test_the_database_itself_refuses_to_publish_a_round_that_was_set_aside(database: str) -> None:
    hall = a_hall()
    row = a_counted_round(hall)
    hall.reconciled(row)
    set_aside_round(actor=hall.facilitator, second=hall.second, round_id=row.id, reason="A box stood open.")
    published = update(Round).where(Round.id == row.id).values(state=RoundState.PUBLISHED)
    with pytest.raises(DBAPIError, match="agree"), writing() as db:
        db.execute(published)


@pytest.mark.parametrize("side", Electorate)
def test_the_database_itself_wants_the_figures_of_both_sides(database: str, side: Electorate) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    hall.counted(row)
    hall.reconciled(row)
    with writing() as db:
        db.execute(delete(SideCount).where(SideCount.side == side))
    with pytest.raises(DBAPIError, match="passes and ballots of both sides agree"), writing() as db:
        db.execute(update(Round).where(Round.id == row.id).values(state=RoundState.PUBLISHED))


def test_more_slips_left_than_were_issued_is_a_typing_error(database: str) -> None:
    hall = a_hall()
    row = a_counted_round(hall)
    with pytest.raises(Invalid, match="26 slips left are more than the 25 passes"):
        counted_by_hand(hall, row, RESIDENTS, 26)
    with pytest.raises(Invalid, match="0 or more"):
        counted_by_hand(hall, row, RESIDENTS, -1)


def test_slips_are_counted_after_closing_by_a_facilitator(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    with pytest.raises(Conflict, match="after a vote is closed"):
        counted_by_hand(hall, row, RESIDENTS, 25)
    with pytest.raises(NotAllowed):
        reconcile_side(actor=a_person(), round_id=row.id, side=RESIDENTS, slips_left=0, slips_spoiled=0, paper_slips=0)


def test_passes_that_still_wait_at_the_door_are_not_drawn(database: str) -> None:
    hall = a_hall(residents=5)
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=4, kind=PassKind.DOOR)
    token = show_next_pass(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS)
    hall.tokens[RESIDENTS].append(token)
    row = hall.opened()
    hall.votes(row, 5, 0)
    hall.counted(row)
    assert reconciliation(row.id)[0].door_waiting is None
    counted_by_hand(hall, row, RESIDENTS, 6)
    assert (
        reconciliation(row.id)[0]
        .problems[0]
        .startswith(
            "Residents: 1 ballot, but only 0 passes were drawn (9 issued less 6 left and 3 waiting at the door)"
        )
    )
    counted_by_hand(hall, row, RESIDENTS, 5)
    residents = reconciliation(row.id)[0]
    assert residents == SideReconciliation(
        side=RESIDENTS,
        issued=9,
        cast=1,
        paper_ballots=0,
        left=5,
        spoiled=0,
        paper_slips=0,
        door_left=3,
        counted_at=residents.counted_at,
        problems=(),
        door_shown=1,
    )
    assert (residents.drawn, residents.not_cast) == (1, 0)


def test_passes_minted_after_closing_are_not_issued_for_that_round(database: str) -> None:
    hall = a_hall(residents=10)
    row = hall.opened()
    close_round(actor=hall.facilitator, round_id=row.id)
    mint_passes(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, side=RESIDENTS, number=7)
    assert reconciliation(row.id)[0].issued == 10
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert reconciliation(row.id)[0].issued == 10


def test_a_round_that_can_never_agree_is_set_aside_and_its_goals_are_voted_on_again(database: str) -> None:
    hall = a_hall()
    row = a_counted_round(hall)
    with pytest.raises(Invalid):
        set_aside_round(actor=hall.facilitator, second=hall.second, round_id=row.id, reason=" ")
    set_aside_round(
        actor=hall.facilitator, second=hall.second, round_id=row.id, reason="Two ballots more than passes drawn."
    )
    with pytest.raises(Conflict, match="was set aside"):
        publish(hall, row)
    with pytest.raises(Conflict, match="can be set aside"):
        set_aside_round(actor=hall.facilitator, second=hall.second, round_id=row.id, reason="Again.")
    with reading() as db:
        assert db.scalars(select(Minute.text)).all() == [
            "Round 1, Which goals shall we work on? Set aside without a result: Two ballots more than passes drawn."
        ]
        assert set(db.scalars(select(Goal.state))) == {GoalState.CANDIDATE}
    again = hall.planned()
    open_round(actor=hall.facilitator, second=hall.second, round_id=again.id)
    assert voting_round(again.uuid).state is RoundState.OPEN
