"""Open data of the pulse: figures with n and interval, hidden ones absent, never an answer."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import insert, update
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from lib.api.app import api
from lib.model import PulseAnswer, PulseSurvey
from lib.rules.instrument import PRESENT
from lib.storage.transaction import writing
from tests.builders import a_beat, a_city, a_wave


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[Mount("/api", app=api)]), raise_server_exceptions=False) as made:
        yield made


def test_a_wave_comes_with_n_interval_and_how_it_was_asked(database: str, client: TestClient) -> None:
    a_city()
    a_wave(a_beat(), date(2026, 3, 1), safe=33, unsafe=27)
    (wave,) = client.get("/api/pulse", params={"beat": "K2"}).json()
    figure = wave["figures"].pop("after_dark")
    assert figure == {
        "n": 60,
        "value": 0.55,
        "unit": "share",
        "low": pytest.approx(0.426, abs=0.001),
        "high": pytest.approx(0.668, abs=0.001),
    }
    assert wave == {
        "wave_on": "2026-03-01",
        "closes_on": "2026-03-15",
        "wording": "2026-1",
        "sample": "random",
        "adults": 2500,
        "invited": 180,
        "answered": 60,
        "figures": {},
        "groups": {},
    }


def test_what_is_hidden_is_absent_and_what_people_wrote_is_never_here(database: str, client: TestClient) -> None:
    a_city()
    survey = a_wave(a_beat(), date(2026, 3, 1), safe=5, unsafe=4)
    with writing() as db:
        rows = [
            {"survey_id": survey, "safety": 4, "took_part": place < 8, "top_issue": "secret"} for place in range(30)
        ]
        db.execute(insert(PulseAnswer), rows)
    answer = client.get("/api/pulse", params={"beat": "K2"})
    (wave,) = answer.json()
    assert (set(wave["figures"]), wave["figures"]["safety"]["unit"], wave["groups"]) == (
        {"safety"},
        "mean of 0 to 10",
        {},
    )
    assert "secret" not in answer.text


def test_a_wave_that_is_open_or_not_clean_is_absent(database: str, client: TestClient) -> None:
    a_city()
    beat = a_beat()
    a_wave(beat, date(2026, 3, 1), safe=33, unsafe=27)
    with writing() as db:
        db.execute(update(PulseSurvey).values(swept_at=None))
    assert client.get("/api/pulse", params={"beat": "K2"}).json() == []


def test_the_wording_is_there_word_for_word(sqlite_database: str, client: TestClient) -> None:
    first = client.get("/api/pulse/wordings").json()[PRESENT][0]
    assert (first["key"], first["values"], first["is_own_wording"]) == ("after_dark", [1, 2, 3, 4], False)
    assert first["words"]["en"][1:] == ["Very safe", "Safe", "Unsafe", "Very unsafe"]


@pytest.mark.parametrize(
    ("query", "status"), [("", 422), ("?beat=Z9", 404), ("?beat=%00", 422), ("?beat=" + "x" * 40, 422)]
)
def test_what_is_no_beat_is_refused(sqlite_database: str, client: TestClient, query: str, status: int) -> None:
    a_city()
    assert client.get(f"/api/pulse{query}").status_code == status
