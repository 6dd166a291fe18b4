"""What the open data say of a goal beyond its figures: arguments, evidence, the residents' word, and nobody's name."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from lib import clock
from lib.api.app import api
from lib.model import Commitment, Goal, Meeting
from lib.queries.goal_voices import goal_voices
from lib.rules.goals import EvidenceKind, ResidentsWord, Stance
from lib.rules.lifecycle import GoalState, MeetingState
from lib.services.arguments import argue, withdraw_argument
from lib.services.commitment_evidence import add_evidence, withdraw_evidence
from lib.services.residents_word import count_hands
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_facilitator, a_goal, a_meeting, uuid_of
from tests.counting import counted_statements
from tests.goal_builders import due, residents_say
from tests.photo_builders import a_picture

TODAY = clock.now().date()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[Mount("/api", app=api)])) as made:
        yield made


def told(client: TestClient, goal: UUID) -> Any:
    answer = client.get(f"/api/goals/{goal}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_arguments_are_told_with_their_side_and_without_names(client: TestClient, database: str) -> None:
    a_city()
    goal = uuid_of(Goal, a_goal(a_beat("K2")))
    rosa = a_facilitator()
    argue(actor=rosa, goal_uuid=goal, stance=Stance.FOR, text="The stairs are dark.")
    argue(actor=rosa, goal_uuid=goal, stance=Stance.AGAINST, text="Lamps keep people awake.")
    withdraw_argument(actor=rosa, argument_id=goal_voices(goal).arguments[1].id)
    found = told(client, goal)
    assert [(each["stance"], each["side"], each["text"], each["is_withdrawn"]) for each in found["arguments"]] == [
        ("for", "residents", "The stairs are dark.", False),
        ("against", "residents", "Lamps keep people awake.", True),
    ]
    assert rosa.name not in str(found["arguments"])


def test_evidence_stands_below_its_commitment_and_what_was_taken_back_says_why(
    client: TestClient, database: str
) -> None:
    a_city()
    goal_id = a_goal(a_beat("K2"), state=GoalState.ACTIVE)
    goal, rosa = uuid_of(Goal, goal_id), a_facilitator()
    with reading() as db:
        commitment = db.scalars(
            select(Commitment.id).where(Commitment.goal_id == goal_id, Commitment.party == "residents")
        ).first()
    assert commitment is not None
    given = {"actor": rosa, "commitment_id": commitment}
    add_evidence(**given, kind=EvidenceKind.TEXT, text="Six walks in May.")
    add_evidence(**given, kind=EvidenceKind.PHOTO, text="The new lamp.", photo=a_picture())
    add_evidence(**given, kind=EvidenceKind.LINK, text="The paper wrote.", link="https://example.org/lamps")
    shown = {row.kind: row.uuid for row in goal_voices(goal).evidence}
    withdraw_evidence(actor=rosa, evidence_uuid=shown[EvidenceKind.LINK], reason="Another street.")
    by_commitment = [each["evidence"] for each in told(client, goal)["commitments"]]
    (evidence,) = [each for each in by_commitment if each]
    assert [
        (each["kind"], each["text"], each["photo"], each["link"], each["withdrawn_reason"]) for each in evidence
    ] == [
        ("text", "Six walks in May.", None, None, None),
        ("photo", "The new lamp.", f"/evidence/{shown[EvidenceKind.PHOTO]}.jpg", None, None),
        ("link", "", None, None, "Another street."),
    ]
    assert {each["side"] for each in evidence} == {"residents"}
    assert rosa.name not in str(evidence)


def test_the_residents_word_has_n_window_and_source_and_hides_fewer_than_three(
    client: TestClient, database: str
) -> None:
    a_city()
    beat = a_beat("K2")
    goal_id = a_goal(beat, state=GoalState.ACTIVE)
    goal = uuid_of(Goal, goal_id)
    due(goal_id, YESTERDAY)
    residents_say(goal_id, on=YESTERDAY, solved=2)
    word = told(client, goal)["residents_word"]
    assert word == {
        "asked_from": YESTERDAY.isoformat(),
        "is_asked": True,
        "is_confirmed": False,
        "by_link": None,
        "by_hands": None,
    }
    residents_say(goal_id, on=YESTERDAY, better=2, worse=1)
    meeting = uuid_of(Meeting, a_meeting(beat, state=MeetingState.OPEN))
    hands = {ResidentsWord.SOLVED: 1, ResidentsWord.SAME: 1}
    count_hands(actor=a_facilitator("Ana"), goal_uuid=goal, meeting_uuid=meeting, hands=hands)
    word = told(client, goal)["residents_word"]
    assert word["by_link"] == {
        "n": 5,
        "solved": 2,
        "better": 2,
        "same": 0,
        "worse": 1,
        "source": "follow links",
        "from_on": YESTERDAY.isoformat(),
        "until_on": YESTERDAY.isoformat(),
        "sentence": "4 of 5 answers say solved or better: 2 solved, 2 better and 1 worse.",
    }
    assert word["by_hands"] is None
    hands |= {ResidentsWord.WORSE: 4}
    count_hands(actor=a_facilitator("Eve"), goal_uuid=goal, meeting_uuid=meeting, hands=hands)
    by_hands = told(client, goal)["residents_word"]["by_hands"]
    assert (by_hands["n"], by_hands["worse"], by_hands["until_on"]) == (6, 4, TODAY.isoformat())
    assert by_hands["source"].startswith("hands raised: ")


def test_todays_answers_by_link_wait_until_tomorrow(client: TestClient, sqlite_database: str) -> None:
    a_city()
    goal_id = a_goal(a_beat("K2"), state=GoalState.ACTIVE)
    due(goal_id, YESTERDAY)
    residents_say(goal_id, on=TODAY, solved=5)
    assert told(client, uuid_of(Goal, goal_id))["residents_word"]["by_link"] is None


def test_a_goal_that_has_not_begun_has_no_word(client: TestClient, sqlite_database: str) -> None:
    a_city()
    assert told(client, uuid_of(Goal, a_goal(a_beat("K2"))))["residents_word"] is None


@pytest.mark.parametrize("arguments", [1, 3])
def test_more_said_takes_no_more_statements(client: TestClient, sqlite_database: str, arguments: int) -> None:
    a_city()
    goal, rosa = uuid_of(Goal, a_goal(a_beat("K2"))), a_facilitator()
    for number in range(arguments):
        argue(actor=rosa, goal_uuid=goal, stance=Stance.FOR, text=f"Argument {number}.")
    with counted_statements() as statements:
        told(client, goal)
    assert len(statements) == 17
