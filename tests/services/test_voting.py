"""Opening, casting, closing and counting, one rule at a time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lib.clock import now
from lib.errors import Conflict, Explained, Invalid, NotAllowed, NotFound
from lib.model import Ballot, Candidate, Goal, LogEntry, Outcome, Round
from lib.queries.counts import Turnout, opening_warnings, turnouts
from lib.queries.live import live_snapshot
from lib.queries.passes import BallotState, ballot_state
from lib.queries.results import round_result
from lib.queries.voting import last_opened_round, open_rounds, round_of, voting_round
from lib.rules.goals import Feasibility
from lib.rules.lifecycle import Electorate, GoalState, RoundState
from lib.rules.tally import Tie
from lib.rules.voting import Channel, RoundMode, RoundRule, SideFigures
from lib.services.casting import Receipt, cast_ballot, fresh_nonce
from lib.services.counting import DiceNeeded, count_round, open_paper, seal_round
from lib.services.meetings import open_meeting, plan_meeting
from lib.services.passes import mint_passes
from lib.services.publishing import publish_round
from lib.services.rounds import close_due_rounds, close_round, extend_round, open_round
from lib.storage.transaction import reading, writing
from tests.builders import a_coordinator, a_person
from tests.counting import counted_statements
from tests.hall import Hall, a_hall

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


def time_is_over() -> None:
    with writing() as db:
        db.execute(update(Round).values(closes_at=now() - timedelta(seconds=1)))


def finish(hall: Hall, round_id: int, *, dice: str = "") -> None:
    close_round(actor=hall.facilitator, round_id=round_id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=round_id, tie_seed=dice)
    hall.published(round_of(round_id))


def test_opening_makes_goals_candidates_and_sets_the_timer(database: str) -> None:
    hall = a_hall()
    draft = hall.planned()
    at = now()
    opened = open_round(actor=hall.facilitator, second=hall.second, round_id=draft.id, now=at)
    assert opened.closes_at == at + timedelta(minutes=10)
    row = voting_round(draft.uuid)
    assert (row.state, row.frozen_hash, row.opened_at) == (RoundState.OPEN, opened.frozen_hash, at)
    assert open_rounds(hall.meeting_id)[0].uuid == row.uuid
    assert open_rounds(hall.meeting_id, now=opened.closes_at) == ()
    with reading() as db:
        assert set(db.scalars(select(Goal.state))) == {GoalState.CANDIDATE}


def test_a_round_opens_in_an_open_meeting_with_residents_passes_only(database: str) -> None:
    hall = a_hall(residents=0)
    draft = hall.planned()
    with pytest.raises(Conflict, match="Mint passes"):
        open_round(actor=hall.facilitator, second=hall.second, round_id=draft.id)
    hall.meeting_id = plan_meeting(
        actor=hall.facilitator,
        title="Next month",
        place="Library",
        starts_at=now(),
        ends_at=now() + timedelta(hours=2),
        beat_codes=["K2"],
    )
    later = hall.planned()
    with pytest.raises(Conflict, match="Open the meeting first"):
        open_round(actor=hall.facilitator, second=hall.second, round_id=later.id)
    open_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=1)
    assert open_round(actor=hall.facilitator, second=hall.second, round_id=later.id).frozen_hash


def test_one_round_is_open_at_a_time_and_one_whose_time_is_over_steps_aside(database: str) -> None:
    hall = a_hall()
    first = hall.opened(goal_ids=hall.goal_ids[:1])
    second = hall.planned(goal_ids=hall.goal_ids[1:])
    with pytest.raises(Conflict, match="Round 1 is open"):
        open_round(actor=hall.facilitator, second=hall.second, round_id=second.id)
    time_is_over()
    open_round(actor=hall.facilitator, second=hall.second, round_id=second.id)
    assert voting_round(first.uuid).state is RoundState.CLOSED


def test_a_goal_stands_on_one_running_ballot_only(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    close_round(actor=hall.facilitator, round_id=row.id)
    again = hall.planned()
    with pytest.raises(Conflict, match="another ballot"):
        open_round(actor=hall.facilitator, second=hall.second, round_id=again.id)


def test_small_sides_are_warned_about_before_opening(database: str) -> None:
    hall = a_hall(residents=5, officers=2)
    few, advisory, unanswered = opening_warnings(hall.planned().id)
    assert "5 passes for residents" in few and "how everybody voted" in few
    assert "advisory" in advisory
    with writing() as db:
        goals = db.scalars(select(Goal).join(Candidate, Candidate.goal_id == Goal.id)).unique().all()
        assert unanswered.startswith("The officers have not answered yet what is feasible: ")
        assert all(f"“{goal.title}”" in unanswered for goal in goals)
        for goal in goals:
            goal.feasibility, goal.feasibility_reason = Feasibility.YES, "We can"
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=14)
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=OFFICERS, number=1)
    assert ["19 passes for residents" in each for each in opening_warnings(hall.planned().id)] == [True]
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=1)
    assert opening_warnings(hall.planned().id) == ()


def test_changing_a_vote_replaces_it_and_changes_the_tracker(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    first, second = hall.votes(row, 0, 0), hall.votes(row, 0, 1, 2)
    assert (first.replaced, second.replaced) == (False, True)
    assert first.tracker != second.tracker
    state = ballot_state(row.id, hall.cred(0))
    assert (state.has_ballot, state.tracker, state.mark) == (True, second.tracker, second.mark)
    assert ballot_state(row.id, hall.cred(1)) == BallotState(False)
    assert turnouts(row.id)[RESIDENTS] == Turnout(1, 25)


def test_the_tracker_follows_from_the_form_and_the_word(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    nonce = fresh_nonce()

    def send(word: str) -> str | None:
        return cast_ballot(
            round_id=row.id, cred=hall.cred(0), choices=[], none_of_these=True, nonce=nonce, word=word
        ).tracker

    assert send("oak") == send(" oak ") != send("elm")


def test_a_form_replaces_the_ballot_that_it_was_opened_on_or_its_own_and_no_other(database: str) -> None:
    hall = a_hall()
    row = hall.opened()

    def send(replaces: str, nonce: bytes, *goals: int) -> Receipt:
        return cast_ballot(
            round_id=row.id,
            cred=hall.cred(0),
            choices=[hall.goals[goal] for goal in goals],
            none_of_these=False,
            nonce=nonce,
            replaces=replaces,
        )

    form, change, stale = fresh_nonce(), fresh_nonce(), fresh_nonce()
    first = send("", form, 0)
    assert send("", form, 0) == first
    second = send(first.mark, change, 1)
    assert send(first.mark, change, 1).mark == second.mark
    for replaces, nonce in (("", form), ("", stale), (first.mark, stale), ("made up", stale)):
        with pytest.raises(Conflict, match="You voted since this form was opened"):
            send(replaces, nonce, 2)
    assert ballot_state(row.id, hall.cred(0)).mark == second.mark
    assert turnouts(row.id)[RESIDENTS] == Turnout(1, 25)


def test_one_form_with_two_passes_is_refused(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    nonce = fresh_nonce()
    cast_ballot(round_id=row.id, cred=hall.cred(0), choices=[], none_of_these=True, nonce=nonce)
    with pytest.raises(Conflict, match="used already") as refusal:
        cast_ballot(round_id=row.id, cred=hall.cred(1), choices=[], none_of_these=True, nonce=nonce)
    assert refusal.value.__cause__ is None
    assert turnouts(row.id)[RESIDENTS].cast == 1


def test_what_is_no_ballot_is_refused(database: str) -> None:
    hall = a_hall()
    row = hall.opened(goal_ids=hall.goal_ids[:2])
    with pytest.raises(Invalid):
        hall.votes(row, 0, 0, none=True)
    with pytest.raises(Invalid):
        hall.votes(row, 0, 2)
    with pytest.raises(Invalid):
        cast_ballot(
            round_id=row.id, cred=hall.cred(0), choices=[], none_of_these=True, nonce=fresh_nonce(), word="x" * 61
        )
    with pytest.raises(NotFound):
        cast_ballot(round_id=row.id, cred=b"x" * 32, choices=[], none_of_these=True, nonce=fresh_nonce())
    with pytest.raises(NotFound):
        cast_ballot(round_id=999, cred=hall.cred(0), choices=[], none_of_these=True, nonce=fresh_nonce())
    assert turnouts(row.id)[RESIDENTS].cast == 0


def test_a_ballot_comes_between_opening_and_the_end_of_the_timer(database: str) -> None:
    hall = a_hall()
    draft = hall.planned()
    with pytest.raises(Conflict, match="not been opened"):
        hall.votes(draft, 0, 0)
    open_round(actor=hall.facilitator, second=hall.second, round_id=draft.id)
    hall.votes(draft, 0, 0)
    time_is_over()
    with pytest.raises(Conflict, match="too late"):
        hall.votes(draft, 0, 1)
    live = live_snapshot(hall.meeting_uuid)
    assert (live.state, live.seconds_left) == (RoundState.CLOSED, 0)


def test_paper_is_typed_in_after_closing_and_never_replaces_a_phone(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)

    def paper(voter: int) -> object:
        return cast_ballot(
            round_id=row.id,
            cred=hall.cred(voter),
            choices=hall.goals[:1],
            none_of_these=False,
            nonce=fresh_nonce(),
            channel=Channel.PAPER,
        )

    with pytest.raises(Conflict, match="typed in after"):
        paper(1)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    paper(1)
    with pytest.raises(Conflict, match="has voted already"):
        paper(0)
    with pytest.raises(Conflict, match="too late"):
        hall.votes(row, 2, 0)
    assert seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id).is_clean
    hall.published(row)
    assert round_result(row.uuid).sides[RESIDENTS].channels == {"phone": 1, "paper": 1}


def test_a_timer_closes_by_itself_and_the_log_says_who_set_it(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    assert close_due_rounds(now=now()) == 0
    extended = extend_round(actor=hall.facilitator, round_id=row.id, minutes=5)
    assert close_due_rounds(now=extended - timedelta(seconds=1)) == 0
    assert close_due_rounds(now=extended) == 1
    assert voting_round(row.uuid).closed_at == extended
    with reading() as db:
        facts = db.scalars(select(LogEntry.facts).where(LogEntry.action == "round_closed")).one()
    assert facts["by"] == f"timer set by person {hall.facilitator.person_id}"
    assert facts["residents_cast"] == 1
    with pytest.raises(Conflict):
        extend_round(actor=hall.facilitator, round_id=row.id, minutes=5)


def test_a_tie_asks_for_dice_and_leaves_everything_as_it_was(database: str) -> None:
    hall = a_hall(titles=("One", "Two"))
    row = hall.opened(places=1)
    for voter in range(4):
        hall.votes(row, voter, 0, 1)
    for officer in range(3):
        hall.votes(row, officer, 0, 1, side=OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    with pytest.raises(DiceNeeded) as asked:
        count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert asked.value.ballots_hash[:12] in asked.value.sentence
    assert voting_round(row.uuid).state is RoundState.CLOSED
    assert turnouts(row.id)[RESIDENTS].cast == 4
    with pytest.raises(Invalid, match="what the dice show"):
        count_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed="seven")
    sealed = count_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed=" 4 1 6 ")
    assert sealed.ballots_hash == asked.value.ballots_hash
    hall.published(row)
    result = round_result(row.uuid)
    assert result.round.tie_seed == "4-1-6"
    assert result.tally.adopted[0].tie is Tie.DICE
    assert result.is_recounted


def test_the_hash_read_out_before_the_dice_is_that_of_the_published_file(database: str) -> None:
    from hashlib import sha256

    from lib.queries.results import ballots_file

    hall = a_hall()
    row = hall.opened(officers_figures=SideFigures.OPEN)
    for voter in range(5):
        hall.votes(row, voter, voter % 3)
        hall.votes(row, voter, voter % 2, side=OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    sealed = count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.published(row)
    assert sha256(ballots_file(row.uuid)).hexdigest() == sealed.ballots_hash


def test_the_lower_of_the_two_shares_ranks_the_open_goals(database: str) -> None:
    hall = a_hall()
    row = hall.opened(rule=RoundRule.LOWER_SHARE, officers_figures=SideFigures.OPEN, places=2)
    for voter in range(10):
        hall.votes(row, voter, 0, *([1] if voter < 8 else []))
    for officer in range(5):
        hall.votes(row, officer, 1, *([0] if officer < 3 else []), side=OFFICERS)
    finish(hall, row.id)
    result = round_result(row.uuid)
    assert [line.candidate.title for line in result.lines][:2] == [
        "Slow the cars at the school",
        "Light the path on 23rd Avenue",
    ]
    assert result.is_recounted


def test_an_open_room_ranks_for_residents_and_leaves_its_goals_alone(database: str) -> None:
    hall = a_hall()
    row = hall.opened(mode=RoundMode.OPEN_ROOM)
    for voter in range(3):
        hall.votes(row, voter, 1)
    with pytest.raises(Conflict, match="residents in the room"):
        hall.votes(row, 0, 0, side=OFFICERS)
    finish(hall, row.id)
    result = round_result(row.uuid)
    assert result.tally.ranking == (hall.goals[1],)
    assert result.is_recounted
    with reading() as db:
        assert set(db.scalars(select(Goal.state))) == {GoalState.PROPOSED}


def test_nobody_voted_and_nothing_is_adopted(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    finish(hall, row.id)
    result = round_result(row.uuid)
    assert (result.tally.adopted, result.is_recounted) == ((), True)


def test_ballots_changed_after_sealing_block_publishing(database: str) -> None:
    from lib.model import SealedBallot

    hall = a_hall()
    row = hall.opened()
    for voter in range(3):
        hall.votes(row, voter, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with writing() as db:
        db.execute(update(SealedBallot).values(choices="[]"))
    with pytest.raises(Conflict, match="Call the auditor"):
        hall.published(row)
    assert voting_round(row.uuid).state is RoundState.SEALED


def test_a_second_vote_on_a_contested_goal_can_follow(database: str) -> None:
    hall = a_hall()
    for number in (1, 2):
        row = hall.opened(goal_ids=hall.goal_ids[:1])
        assert row.number == number
        hall.votes(row, 0, 0)
        for officer in range(3):
            hall.votes(row, officer, *([0] if number == 2 else []), none=number == 1, side=OFFICERS)
        finish(hall, row.id)
    with reading() as db:
        assert list(db.scalars(select(Outcome.outcome).order_by(Outcome.round_id))) == ["residents_only", "adopted"]
        assert db.get_one(Goal, hall.goal_ids[0]).state is GoalState.ADOPTED


@pytest.mark.parametrize("act", [count_round, open_paper, publish_round, seal_round])
def test_steps_out_of_order_are_refused(database: str, act: Callable[..., object]) -> None:
    hall = a_hall()
    draft = hall.planned()
    with pytest.raises(Conflict):
        act(actor=hall.facilitator, second=hall.second, round_id=draft.id)
    with pytest.raises(NotFound):
        act(actor=hall.facilitator, second=hall.second, round_id=999)


def test_a_draft_cannot_be_closed(database: str) -> None:
    hall = a_hall()
    draft = hall.planned()
    with pytest.raises(Conflict):
        close_round(actor=hall.facilitator, round_id=draft.id)
    with pytest.raises(NotFound):
        close_round(actor=hall.facilitator, round_id=999)


@pytest.mark.parametrize("act", [open_round, count_round, open_paper, publish_round, seal_round])
def test_only_a_facilitator_runs_a_round(database: str, act: Callable[..., object]) -> None:
    hall = a_hall()
    draft = hall.planned()
    for somebody in (a_person(), a_coordinator()):
        with pytest.raises(NotAllowed):
            act(actor=somebody, second=hall.second, round_id=draft.id)
    with pytest.raises(Explained):
        act(actor=None, second=hall.second, round_id=draft.id)


def test_only_a_facilitator_closes_a_round(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    for somebody in (a_person(), a_coordinator()):
        with pytest.raises(NotAllowed):
            close_round(actor=somebody, round_id=row.id)


def test_the_live_snapshot_takes_seven_statements_at_most_and_fewer_in_the_lobby(database: str) -> None:
    hall = a_hall()
    with counted_statements() as sent:
        assert live_snapshot(hall.meeting_uuid).round is None
    assert len(sent) == 4
    row = hall.opened()
    for voter in range(3):
        hall.votes(row, voter, 0)
    with counted_statements() as sent:
        live = live_snapshot()
    assert len(sent) == 7
    assert live.turnout == {RESIDENTS: Turnout(3, 25), OFFICERS: Turnout(0, 6)}
    assert live.join_address == "http://localhost:8501/join"
    assert 590 < live.seconds_left <= 600
    finish(hall, row.id)
    with counted_statements() as sent:
        live = live_snapshot(round_uuid=row.uuid)
    assert (len(sent), live.state, live.sentence != "") == (7, RoundState.PUBLISHED, True)
    with counted_statements() as sent:
        round_result(row.uuid)
    assert len(sent) == 8


def test_casting_takes_few_statements(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    with counted_statements() as sent:
        hall.votes(row, 0, 0)
    written = [statement for statement in sent if not statement.startswith("SELECT")]
    assert len(written) == 1 and "ballot" in written[0]
    assert len(sent) <= 6
    assert last_opened_round(hall.meeting_id) is not None
    with reading() as db:
        assert len(list(db.scalars(select(Ballot.tracker)))) == 1
