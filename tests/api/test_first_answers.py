"""The open data on answers: clocks that count who waits, and outcomes that keep closed and solved apart."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from lib import clock
from lib.api.app import api
from lib.model import Concern
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import ConcernStatus
from lib.services.answers import answer_concern
from lib.services.concern_outcome import answer_outcome
from tests.builders import a_beat, a_city, a_concern, a_person, uuid_of
from tests.goal_builders import a_supporter

NOW = clock.now()


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[Mount("/api", app=api)])) as made:
        yield made


def test_clocks_by_beat_and_category(client: TestClient, sqlite_database: str) -> None:
    a_city()
    beat, other = a_beat("K2"), a_beat("K3", west=-122.30)
    officer = a_person(beats=(beat,))
    a_concern(other, reported_at=NOW - timedelta(days=3))
    for number in range(12):
        concern = uuid_of(Concern, a_concern(beat, reported_at=NOW - timedelta(days=40)))
        if number < 8:
            answer_concern(
                actor=officer,
                concern_uuid=concern,
                status=ConcernStatus.PLANNED,
                text="Soon",
                now=NOW - timedelta(days=39 - number),
            )
    waiting = {"waiting": 1, "median_days": None, "ninetieth_days": None}
    found = {"beat": "K2", "concerns": 12, "waiting": 4, "median_days": 6.0, "ninetieth_days": None}
    everything = client.get("/api/first-answers").json()
    assert everything[0]["concerns"] == 13
    assert everything[1:3] == [
        found | {"category": None},
        {"beat": "K3", "category": None, "concerns": 1} | waiting,
    ]
    assert client.get("/api/first-answers?beat=K2").json() == [
        found | {"category": None},
        found | {"category": "noise"},
    ]
    assert client.get("/api/first-answers?beat=K2&category=noise").json() == [found | {"category": "noise"}]
    assert client.get("/api/first-answers?beat=nowhere").json() == []


def test_outcomes_hide_fewer_than_three_answers(client: TestClient, sqlite_database: str) -> None:
    a_city()
    beat = a_beat()
    concern = a_concern(beat, reported_at=NOW - timedelta(days=90))
    uuid = uuid_of(Concern, concern)
    links = [a_supporter(concern) for _ in range(3)]
    answer_concern(
        actor=a_person(beats=(beat,)),
        concern_uuid=uuid,
        status=ConcernStatus.SOLVED,
        text="Done",
        now=NOW - timedelta(days=60),
    )
    a_concern(beat, status=ConcernStatus.NO_FURTHER_ACTION)
    row = {"beat": "K2", "called_solved": 1, "closed_otherwise": 1, "asked_about": 1}
    for at, link in enumerate(links):
        shown = {"answers": None, "solved_or_better": None, "share_solved_or_better": None}
        assert client.get("/api/outcomes").json() == [row | shown]
        answer = ResidentsWord.SAME if at == 2 else ResidentsWord.BETTER
        answer_outcome(follow_secret=link, concern_uuid=uuid, answer=answer, now=NOW - timedelta(days=2))
    shown = client.get("/api/outcomes?beat=K2").json()[0]
    assert (shown["answers"], shown["solved_or_better"]) == (3, 2)
    assert client.get("/api/outcomes?beat=K9").json() == []
