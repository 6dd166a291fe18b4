"""What each side says for and against a goal: before the vote only, for oneself only, crossed out when taken back."""

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Goal, GoalEvent, LogEntry, Round
from lib.queries.goal_voices import ArgumentRow, goal_voices
from lib.rules.goals import Stance
from lib.rules.lifecycle import Electorate, GoalState, Role, RoundState, Side
from lib.services.arguments import MOST_OF_A_SIDE, argue, withdraw_argument
from lib.storage.transaction import reading, writing
from tests.builders import (
    NOON,
    a_beat,
    a_city,
    a_facilitator,
    a_goal,
    a_meeting,
    a_person,
    a_published_outcome,
    uuid_of,
)

FOR, AGAINST = Stance


class Beat:
    def __init__(self, state: GoalState = GoalState.PROPOSED) -> None:
        a_city()
        self.beat = a_beat()
        self.goal_id = a_goal(self.beat, state=state)
        self.goal = uuid_of(Goal, self.goal_id)
        self.officer = a_person("Maya Lindqvist", beats=(self.beat,))
        self.resident = a_facilitator("Rosa Delgado")

    def said(self, actor: object, stance: Stance = FOR, text: str = "People could sleep again") -> int:
        return argue(actor=actor, goal_uuid=self.goal, stance=stance, text=text, now=NOON)  # type: ignore[arg-type]


def test_each_side_argues_for_itself_either_way(database: str) -> None:
    at = Beat()
    first, second = at.said(at.officer, AGAINST, "  It takes two patrols  off burglary "), at.said(at.resident)
    assert goal_voices(at.goal).arguments == (
        ArgumentRow(
            first,
            AGAINST,
            Electorate.OFFICERS,
            "It takes two patrols off burglary",
            "Maya Lindqvist",
            NOON,
            False,
        ),
        ArgumentRow(second, FOR, Electorate.RESIDENTS, "People could sleep again", "Rosa Delgado", NOON, False),
    )


def test_taken_back_it_stays_and_only_its_own_side_takes_it_back(database: str) -> None:
    at = Beat()
    argument = at.said(at.officer)
    with pytest.raises(NotAllowed, match="Only the officers"):
        withdraw_argument(actor=at.resident, argument_id=argument)
    withdraw_argument(actor=at.officer, argument_id=argument, now=NOON)
    (row,) = goal_voices(at.goal).arguments
    assert (row.text, row.is_withdrawn) == ("People could sleep again", True)
    with pytest.raises(Conflict, match="taken back already"):
        withdraw_argument(actor=at.officer, argument_id=argument)
    with pytest.raises(NotFound):
        withdraw_argument(actor=at.officer, argument_id=77)


def test_who_has_no_say_here_says_nothing(database: str) -> None:
    at = Beat()
    elsewhere = a_person(beats=(a_beat("K9", west=-122.2),))
    neither = a_person("Ines", side=Side.NEITHER, roles=(Role.FACILITATOR,))
    auditor = a_person("Olu", side=Side.NEITHER, roles=(Role.AUDITOR,))
    own = at.said(at.officer)
    for wrong in (elsewhere, neither, auditor):
        with pytest.raises(NotAllowed):
            at.said(wrong)
        with pytest.raises(NotAllowed):
            withdraw_argument(actor=wrong, argument_id=own)
    with pytest.raises(SignInNeeded):
        at.said(None)
    for text in ("  ", "x" * 301):
        with pytest.raises(Invalid):
            at.said(at.officer, text=text)
    assert len(goal_voices(at.goal).arguments) == 1


@pytest.mark.parametrize("state", [GoalState.ADOPTED, GoalState.ACTIVE, GoalState.WITHDRAWN])
def test_after_the_vote_nobody_argues_any_more(database: str, state: GoalState) -> None:
    at = Beat(state)
    with pytest.raises(Conflict, match="before the vote"):
        at.said(at.officer)


def test_while_the_vote_runs_what_was_said_stands(database: str) -> None:
    at = Beat(GoalState.CANDIDATE)
    argument = at.said(at.resident)
    a_published_outcome(at.goal_id, a_meeting(at.beat))
    with writing() as db:
        db.scalars(select(Round)).one().state = RoundState.OPEN
    with pytest.raises(Conflict, match="before the vote"):
        at.said(at.officer)
    with pytest.raises(Conflict, match="before the vote"):
        withdraw_argument(actor=at.resident, argument_id=argument)


def test_a_side_says_no_more_than_a_room_reads(database: str) -> None:
    at = Beat()
    said = [at.said(at.officer, text=f"Reason {number}") for number in range(MOST_OF_A_SIDE)]
    with pytest.raises(Conflict, match="Take one back first"):
        at.said(at.officer)
    at.said(at.resident)
    withdraw_argument(actor=at.officer, argument_id=said[0])
    at.said(at.officer)


def test_the_log_and_the_timeline_hold_no_words_of_people(database: str) -> None:
    at = Beat()
    withdraw_argument(actor=at.officer, argument_id=at.said(at.officer))
    with reading() as db:
        actions = db.scalars(select(LogEntry.action)).all()
        kept = str(db.scalars(select(LogEntry.facts)).all()) + str(db.scalars(select(GoalEvent.sentence)).all())
    assert actions == ["goal_argued", "argument_withdrawn"]
    assert "sleep" not in kept
