"""Which moves exist, who may make them, and that nobody confirms their own promise."""

from datetime import date
from itertools import product

import pytest

from lib.errors import Conflict, Invalid, NotAllowed
from lib.rules.lifecycle import (
    CLOSED_CONCERN,
    COMMITMENT_MOVES,
    CONCERN_MOVES,
    GOAL_MOVES,
    MEETING_MOVES,
    OPEN_COMMITMENT,
    OPEN_CONCERN,
    ROUND_MOVES,
    SETTLED_COMMITMENT,
    CommitmentState,
    ConcernStatus,
    Electorate,
    GoalState,
    MeetingState,
    Party,
    Role,
    RoundState,
    Side,
    countersigning_sides,
    electorate_of,
    is_open_concern,
    is_overdue,
    may_countersign,
    may_move_commitment,
    require_commitment_move,
    settled_state,
)
from lib.rules.moves import follows_by_rule, may_move, next_states, require_move, require_rule
from lib.rules.states import words

TODAY = date(2026, 5, 4)
RESIDENT = {"roles": [Role.FACILITATOR], "side": Side.RESIDENTS}
OFFICER = {"roles": [Role.OFFICER], "side": Side.OFFICERS}
COORDINATOR = {"roles": [Role.COORDINATOR], "side": Side.NEITHER}
AUDITOR = {"roles": [Role.AUDITOR], "side": Side.NEITHER}


def pairs(table: tuple) -> set[tuple[str, str]]:  # type: ignore[type-arg]
    return {(move.source.value, move.target.value) for move in table}


def test_a_goal_moves_along_its_life_and_no_other_way() -> None:
    assert pairs(GOAL_MOVES) == {
        ("proposed", "candidate"),
        ("candidate", "proposed"),
        ("candidate", "adopted"),
        ("adopted", "active"),
        ("active", "achieved"),
        ("active", "not_achieved"),
        ("achieved", "active"),
        ("proposed", "withdrawn"),
        ("candidate", "withdrawn"),
        ("adopted", "withdrawn"),
        ("active", "withdrawn"),
    }


def test_a_commitment_moves_along_its_life_and_no_other_way() -> None:
    assert pairs(COMMITMENT_MOVES) == {
        ("offered", "accepted"),
        ("offered", "released"),
        ("accepted", "kept"),
        ("accepted", "broken"),
        ("accepted", "released"),
        ("accepted", "unaccepted"),
        ("unaccepted", "accepted"),
        ("unaccepted", "broken"),
        ("unaccepted", "released"),
    }


def test_rounds_and_meetings_go_step_by_step_and_only_an_opening_is_taken_back() -> None:
    assert pairs(ROUND_MOVES) == {
        ("draft", "open"),
        ("open", "closed"),
        ("closed", "paper"),
        ("paper", "sealed"),
        ("sealed", "published"),
    }
    assert pairs(MEETING_MOVES) == {("planned", "open"), ("open", "planned"), ("open", "closed"), ("closed", "minuted")}


def test_a_concern_never_becomes_new_again_and_closed_ones_only_reopen() -> None:
    assert all(move.target is not ConcernStatus.NEW for move in CONCERN_MOVES)
    from_closed = {(move.source, move.target) for move in CONCERN_MOVES if move.source in CLOSED_CONCERN}
    assert from_closed == {(status, ConcernStatus.INVESTIGATING) for status in CLOSED_CONCERN}
    from_open = {(move.source, move.target) for move in CONCERN_MOVES if move.source in OPEN_CONCERN}
    assert from_open == {
        (source, target)
        for source, target in product(OPEN_CONCERN, ConcernStatus)
        if target not in (source, ConcernStatus.NEW)
    }


def test_no_table_holds_a_move_twice() -> None:
    for table in (GOAL_MOVES, COMMITMENT_MOVES, CONCERN_MOVES, ROUND_MOVES, MEETING_MOVES):
        assert len(pairs(table)) == len(table)


def test_states_are_grouped_once() -> None:
    assert {status.value for status in OPEN_CONCERN} == {
        "new", "acknowledged", "investigating", "planned", "in_progress"
    }  # fmt: skip
    assert {status.value for status in CLOSED_CONCERN} == {"solved", "no_further_action", "duplicate", "referred"}
    assert {state.value for state in OPEN_COMMITMENT} == {"offered", "accepted", "unaccepted"}
    assert {state.value for state in SETTLED_COMMITMENT} == {"kept", "broken", "released"}
    assert is_open_concern(ConcernStatus.PLANNED)
    assert not is_open_concern(ConcernStatus.REFERRED)


def test_nobody_adopts_a_goal_by_hand() -> None:
    for role, side in product(Role, Side):
        assert not may_move(GOAL_MOVES, GoalState.CANDIDATE, GoalState.ADOPTED, roles=[role], side=side)
    assert follows_by_rule(GOAL_MOVES, GoalState.CANDIDATE, GoalState.ADOPTED)
    assert require_rule(GOAL_MOVES, GoalState.CANDIDATE, GoalState.ADOPTED).target is GoalState.ADOPTED
    with pytest.raises(NotAllowed, match="Nobody can set “adopted” by hand"):
        require_move(GOAL_MOVES, GoalState.CANDIDATE, GoalState.ADOPTED, **RESIDENT)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        require_rule(GOAL_MOVES, GoalState.PROPOSED, GoalState.ADOPTED)
    with pytest.raises(Conflict):
        require_rule(GOAL_MOVES, GoalState.ADOPTED, GoalState.ACTIVE)


def test_only_the_residents_side_can_call_a_goal_achieved() -> None:
    achieved = (GOAL_MOVES, GoalState.ACTIVE, GoalState.ACHIEVED)
    assert may_move(*achieved, roles=[Role.FACILITATOR], side=Side.RESIDENTS)
    assert not may_move(*achieved, roles=[Role.FACILITATOR], side=Side.OFFICERS)
    with pytest.raises(NotAllowed, match="Only a facilitator of the residents’ side can set “achieved”"):
        require_move(*achieved, roles=[Role.OFFICER], side=Side.OFFICERS)


@pytest.mark.parametrize("state", [GoalState.ACHIEVED, GoalState.NOT_ACHIEVED, GoalState.WITHDRAWN])
def test_an_active_goal_is_ended_by_the_residents_side_alone(state: GoalState) -> None:
    may = {(role, side) for role, side in product(Role, Side) if may_move(*_ending(state), roles=[role], side=side)}
    assert may == {(Role.FACILITATOR, Side.RESIDENTS)}


def _ending(state: GoalState) -> tuple:  # type: ignore[type-arg]
    return GOAL_MOVES, GoalState.ACTIVE, state


def test_withdrawing_a_goal_needs_a_reason() -> None:
    withdrawn = (GOAL_MOVES, GoalState.ADOPTED, GoalState.WITHDRAWN)
    with pytest.raises(Invalid, match="needs a reason") as refused:
        require_move(*withdrawn, roles=[Role.OFFICER], side=Side.OFFICERS, reason="  ")
    assert refused.value.field == "reason"
    move = require_move(*withdrawn, roles=[Role.OFFICER], side=Side.OFFICERS, reason="The house was sold.")
    assert move.reason


def test_a_move_that_does_not_exist_is_a_conflict_in_plain_words() -> None:
    with pytest.raises(Conflict, match="This is “published” and cannot become “open”"):
        require_move(ROUND_MOVES, RoundState.PUBLISHED, RoundState.OPEN, **RESIDENT)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="This is already “open”: somebody else did it a moment ago"):
        require_move(MEETING_MOVES, MeetingState.OPEN, MeetingState.OPEN, **RESIDENT)  # type: ignore[arg-type]


def test_the_steps_of_a_round_that_need_two_people() -> None:
    assert {move.target for move in ROUND_MOVES if move.two_people} == {
        RoundState.OPEN,
        RoundState.PAPER,
        RoundState.SEALED,
        RoundState.PUBLISHED,
    }
    assert follows_by_rule(ROUND_MOVES, RoundState.OPEN, RoundState.CLOSED)


def test_a_page_offers_only_the_moves_a_person_may_make() -> None:
    assert next_states(ROUND_MOVES, RoundState.CLOSED, **RESIDENT) == (RoundState.PAPER,)  # type: ignore[arg-type]
    assert next_states(ROUND_MOVES, RoundState.CLOSED, **OFFICER) == ()  # type: ignore[arg-type]
    assert next_states(CONCERN_MOVES, ConcernStatus.SOLVED, **OFFICER) == (  # type: ignore[arg-type]
        ConcernStatus.INVESTIGATING,
    )


def test_auditors_move_nothing() -> None:
    for table in (GOAL_MOVES, COMMITMENT_MOVES, CONCERN_MOVES, ROUND_MOVES, MEETING_MOVES):
        for move in table:
            assert Role.AUDITOR not in move.roles


@pytest.mark.parametrize(
    ("party", "sides"),
    [
        (Party.RESIDENTS, {Electorate.OFFICERS}),
        (Party.OFFICERS, {Electorate.RESIDENTS}),
        (Party.PARTNER, {Electorate.RESIDENTS, Electorate.OFFICERS}),
    ],
)
def test_only_the_other_side_countersigns(party: Party, sides: set[Electorate]) -> None:
    assert countersigning_sides(party) == sides
    for side in Electorate:
        assert may_countersign(party, side) is (side in sides)
        assert may_countersign(party, Side(side.value)) is (side in sides)
    assert not may_countersign(party, Side.NEITHER)


def test_the_verdicts_of_the_other_side_settle_a_commitment() -> None:
    kept, broken = CommitmentState.KEPT, CommitmentState.BROKEN
    ours, theirs = Electorate.RESIDENTS, Electorate.OFFICERS
    assert settled_state(Party.OFFICERS, {}) is None
    assert settled_state(Party.OFFICERS, {ours: kept}) is kept
    assert settled_state(Party.OFFICERS, {ours: broken}) is broken
    assert settled_state(Party.OFFICERS, {theirs: kept}) is None
    assert settled_state(Party.PARTNER, {ours: kept}) is None
    assert settled_state(Party.PARTNER, {ours: kept, theirs: kept}) is kept
    assert settled_state(Party.PARTNER, {ours: kept, theirs: broken}) is broken
    assert settled_state(Party.RESIDENTS, {theirs: CommitmentState.OFFERED}) is None


@pytest.mark.parametrize(
    ("source", "target", "party", "by_residents", "by_officers"),
    [
        ("offered", "accepted", "residents", True, False),
        ("offered", "accepted", "officers", False, True),
        ("offered", "accepted", "partner", True, True),
        ("offered", "released", "officers", False, True),
        ("unaccepted", "accepted", "officers", False, True),
        ("accepted", "kept", "residents", False, True),
        ("accepted", "kept", "officers", True, False),
        ("accepted", "kept", "partner", True, True),
        ("accepted", "broken", "officers", True, False),
        ("accepted", "released", "officers", True, False),
        ("unaccepted", "broken", "officers", True, False),
        ("kept", "broken", "officers", False, False),
        ("offered", "kept", "officers", False, False),
    ],
)
def test_who_moves_a_commitment(source: str, target: str, party: str, by_residents: bool, by_officers: bool) -> None:
    move = (CommitmentState(source), CommitmentState(target))
    for person, allowed in ((RESIDENT, by_residents), (OFFICER, by_officers), (AUDITOR, False)):
        assert may_move_commitment(*move, party=Party(party), **person) is allowed  # type: ignore[arg-type]


def test_a_facilitator_of_neither_side_cannot_speak_for_one() -> None:
    nobody = {"roles": [Role.FACILITATOR], "side": Side.NEITHER}
    accept = (CommitmentState.OFFERED, CommitmentState.ACCEPTED)
    assert not may_move_commitment(*accept, party=Party.PARTNER, **nobody)  # type: ignore[arg-type]


def test_the_coordinator_marks_commitments_of_an_officer_who_left() -> None:
    handover = (CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED)
    assert may_move_commitment(*handover, party=Party.OFFICERS, **COORDINATOR)  # type: ignore[arg-type]
    assert not may_move_commitment(*handover, party=Party.OFFICERS, **OFFICER)  # type: ignore[arg-type]


def test_countersigning_ones_own_promise_is_refused_in_a_sentence() -> None:
    kept = (CommitmentState.ACCEPTED, CommitmentState.KEPT)
    with pytest.raises(NotAllowed, match="Only the other side can say that a commitment is kept"):
        require_commitment_move(*kept, party=Party.OFFICERS, **OFFICER)  # type: ignore[arg-type]
    move = require_commitment_move(*kept, party=Party.OFFICERS, **RESIDENT)  # type: ignore[arg-type]
    assert move.target is CommitmentState.KEPT
    with pytest.raises(NotAllowed, match="Only the side that makes a commitment"):
        require_commitment_move(
            CommitmentState.OFFERED,
            CommitmentState.ACCEPTED,
            party=Party.OFFICERS,
            **RESIDENT,  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(
    ("due_on", "state", "overdue"),
    [
        (date(2026, 5, 3), "accepted", True),
        (date(2026, 5, 4), "accepted", False),
        (date(2026, 5, 5), "accepted", False),
        (date(2026, 5, 3), "unaccepted", True),
        (date(2026, 5, 3), "offered", False),
        (date(2026, 5, 3), "kept", False),
        (date(2026, 5, 3), "broken", False),
        (date(2026, 5, 3), "released", False),
        (None, "accepted", False),
    ],
)
def test_overdue_is_an_accepted_promise_after_its_due_date(due_on: date | None, state: str, overdue: bool) -> None:
    assert is_overdue(due_on, CommitmentState(state), TODAY) is overdue


def test_words_and_sides() -> None:
    assert words(GoalState.NOT_ACHIEVED) == "not achieved"
    assert [electorate_of(side) for side in Side] == [Electorate.RESIDENTS, Electorate.OFFICERS, None]
