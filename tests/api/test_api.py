"""The open-data door: what it says is what is stored, and never more than is public."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from lib.api.app import api
from lib.model import BeatFigure, Category, Concern, ConcernPlace, Goal, Meeting, Minute, Round
from lib.model.meetings import MinuteKind
from lib.queries.results import published_rounds
from lib.rules.geography import PlaceKind
from lib.rules.lifecycle import ConcernStatus, GoalState, MeetingState, RoundState
from lib.storage.engine import using
from lib.storage.transaction import writing
from tests.builders import (
    NOON,
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_goal,
    a_meeting,
    a_published_outcome,
    incidents_recorded,
    uuid_of,
)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[Mount("/api", app=api)]), raise_server_exceptions=False) as made:
        yield made


def test_the_start_lists_every_address(client: TestClient) -> None:
    answer = client.get("/api/").json()
    assert answer["name"] == "Common Beat"
    assert answer["document"] == "/api/openapi.json"
    assert set(answer["addresses"]) == {
        "/api/",
        "/api/health",
        "/api/city",
        "/api/beats",
        "/api/beats.geojson",
        "/api/categories",
        "/api/concerns",
        "/api/first-answers",
        "/api/outcomes",
        "/api/withheld",
        "/api/incidents/months",
        "/api/pulse",
        "/api/pulse/wordings",
        "/api/goals",
        "/api/goals/{uuid}",
        "/api/meetings",
        "/api/meetings/{uuid}",
        "/api/meetings/{uuid}/calendar.ics",
        "/api/rounds",
        "/api/rounds/{uuid}",
        "/api/rounds/{uuid}/ballots.csv",
        "/api/rounds/{uuid}/frozen.json",
    }


def test_every_address_is_described(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    operations = [(path, method) for path, methods in document["paths"].items() for method in methods.items()]
    assert [method[0] for _path, method in operations] == ["get"] * len(operations)
    for path, (_name, operation) in operations:
        assert operation["summary"], path
        assert operation.get("description"), path


def test_it_is_healthy_while_the_database_answers(client: TestClient, database: str) -> None:
    before = client.get("/api/health").json()
    a_city()
    answer = client.get("/api/health")
    assert (before, answer.json(), answer.headers["cache-control"]) == (
        {"status": "ok", "has_city": False},
        {"status": "ok", "has_city": True},
        "no-store",
    )


def test_it_says_when_the_database_is_gone(client: TestClient) -> None:
    with using("postgresql+psycopg://nobody@127.0.0.1:1/nowhere?connect_timeout=1"):
        answer = client.get("/api/health")
    assert (answer.status_code, answer.headers["retry-after"], list(answer.json())) == (503, "10", ["error"])


NOBODYS = "00000000-0000-4000-8000-000000000000"
"""A name that nothing has."""


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/api/nope", 404, "There is nothing at this address. See /api/ for what there is."),
        ("POST", "/api/beats", 405, "This API is read-only: use GET."),
        ("GET", "/api/concerns?page=0", 422, "page: Input should be greater than or equal to 1."),
        ("GET", "/api/goals/nonsense", 422, None),
        (
            "GET",
            "/api/goals/00000000-0000-4000-8000-000000000000",
            404,
            "This goal does not exist. Go back to the list of goals.",
        ),
        ("GET", "/api/concerns?beat=%00", 422, None),
        ("GET", "/api/concerns?from=yesterday", 422, None),
    ],
)
@pytest.mark.usefixtures("sqlite_database")
def test_what_cannot_be_answered_is_one_sentence(
    client: TestClient, method: str, path: str, status: int, sentence: str | None
) -> None:
    a_city()
    answer = client.request(method, path)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert sentence is None or answer.json()["error"] == sentence


def test_any_page_of_the_web_may_read_it(client: TestClient, sqlite_database: str) -> None:
    answer = client.get("/api/beats", headers={"origin": "https://news.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = client.options(
        "/api/beats", headers={"origin": "https://news.example", "access-control-request-method": "POST"}
    )
    assert asked.status_code == 400


def test_beats_come_with_their_adults(client: TestClient, database: str) -> None:
    a_city()
    beat = a_beat("0122")
    a_beat("K2")
    with writing() as db:
        db.add(BeatFigure(beat_id=beat, kind="adults", value=9000, as_of=date(2020, 4, 1), source="Census"))
    assert client.get("/api/beats").json() == [
        {"code": "0122", "name": "Quarter 0122", "precinct": "", "adults": 9000},
        {"code": "K2", "name": "Quarter K2", "precinct": "", "adults": None},
    ]


def test_outlines_are_geojson(client: TestClient, database: str) -> None:
    a_city()
    a_beat("K2")
    answer = client.get("/api/beats.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    [feature] = answer.json()["features"]
    assert (feature["properties"]["code"], feature["geometry"]["type"]) == ("K2", "MultiPolygon")


def test_only_public_categories_are_listed(client: TestClient, sqlite_database: str) -> None:
    a_category("noise")
    hidden = a_category("domestic")
    with writing() as db:
        db.get_one(Category, hidden).is_public = False
    assert client.get("/api/categories").json() == [{"key": "noise", "name": "Noise", "colour": "#4B2A9B"}]


def test_a_concern_shows_its_public_row_and_no_more(client: TestClient, database: str) -> None:
    a_city()
    concern = a_concern(a_beat("K2"), text="=1+1 loud music", cell="8928d5422b7ffff")
    with writing() as db:
        db.add(
            ConcernPlace(
                concern_id=concern, longitude=-122.331234, latitude=47.612345, address="12 Elm", contact="me@x.org"
            )
        )
    answer = client.get("/api/concerns")
    assert answer.json() == {
        "total": 1,
        "page": 1,
        "per_page": 100,
        "rows": [
            {
                "uuid": str(uuid_of(Concern, concern)),
                "category": "noise",
                "beat": "K2",
                "cell": "8928d5422b7ffff",
                "status": "new",
                "reported_on": "2026-05-04",
                "month": "2026-05",
                "text": "=1+1 loud music",
                "text_state": "shown",
                "supports": 0,
                "duplicate_of": None,
                "photos": [],
            }
        ],
    }
    rows = list(csv.DictReader(io.StringIO(client.get("/api/concerns?format=csv").text)))
    assert [(row["beat"], row["text"], row["reported_on"]) for row in rows] == [
        ("K2", "'=1+1 loud music", "2026-05-04")
    ]


def test_an_erased_concern_keeps_its_month_only(client: TestClient, database: str) -> None:
    a_city()
    with writing() as db:
        db.add(
            Concern(
                category_id=a_category(),
                beat_id=a_beat("K2"),
                place_kind=PlaceKind.HOME,
                text="",
                reported_at=NOON.replace(day=1, hour=0),
                erased_at=NOON,
            )
        )
    [row] = client.get("/api/concerns").json()["rows"]
    assert (row["reported_on"], row["month"], row["text"], row["cell"]) == (None, "2026-05", "", None)


def test_a_concern_of_a_hidden_category_is_not_there(client: TestClient, database: str) -> None:
    a_city()
    category = a_category("domestic")
    a_concern(a_beat("K2"), category_id=category)
    with writing() as db:
        db.get_one(Category, category).is_public = False
    assert client.get("/api/concerns").json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 3),
        ("beat=K2", 2),
        ("beat=K2&status=solved", 1),
        ("category=noise", 3),
        ("category=litter", 0),
        ("from=2026-05-05", 1),
        ("to=2026-05-04", 2),
        ("from=2026-05-04&to=2026-05-04", 2),
        ("to=9999-12-31&from=0001-01-01", 3),
    ],
)
def test_concerns_are_filtered(client: TestClient, database: str, query: str, total: int) -> None:
    a_city()
    first, second = a_beat("K1"), a_beat("K2", west=-122.30)
    a_concern(second)
    a_concern(second, status=ConcernStatus.SOLVED)
    a_concern(first, reported_at=NOON.replace(day=5))
    assert client.get(f"/api/concerns?{query}").json()["total"] == total


def test_pages_of_concerns_follow_one_another(client: TestClient, sqlite_database: str) -> None:
    a_city()
    beat = a_beat("K2")
    for day in range(1, 6):
        a_concern(beat, reported_at=NOON.replace(day=day))
    pages = [client.get(f"/api/concerns?per_page=2&page={page}").json() for page in (1, 2, 3, 4)]
    assert [[row["reported_on"][-1] for row in page["rows"]] for page in pages] == [["5", "4"], ["3", "2"], ["1"], []]
    assert {page["total"] for page in pages} == {5}


def test_incidents_are_counted_per_month(client: TestClient, database: str) -> None:
    beat = a_beat("K2")
    incidents_recorded(beat, "BURGLARY", {date(2026, 1, 1): 3, date(2026, 2, 1): 2})
    assert client.get("/api/incidents/months?from=2026-02-10").json() == {
        "total": 1,
        "page": 1,
        "per_page": 100,
        "rows": [{"beat": "K2", "category": "BURGLARY", "month": "2026-02", "incidents": 2}],
    }
    assert client.get("/api/incidents/months?format=csv&to=2026-01-31").text.splitlines() == [
        "beat,category,month,incidents",
        "K2,BURGLARY,2026-01,3",
    ]


def test_goals_are_listed_and_told(client: TestClient, database: str) -> None:
    a_city()
    beat = a_beat("K2")
    active = a_goal(beat, state=GoalState.ACTIVE)
    a_goal(beat, "Brighter paths in the park", state=GoalState.PROPOSED)
    assert [goal["title"] for goal in client.get("/api/goals?state=active&beat=K2").json()] == [
        "Quieter Friday nights on Pine Street"
    ]
    assert len(client.get("/api/goals").json()) == 2
    goal = client.get(f"/api/goals/{uuid_of(Goal, active)}").json()
    assert (goal["state"], goal["beats"], goal["promised"], goal["measure"]["target"]) == ("active", ["K2"], 2, 4.0)
    assert [(each["party"], each["state"]) for each in goal["commitments"]] == [
        ("residents", "accepted"),
        ("officers", "accepted"),
    ]


def test_meetings_are_listed_and_told(client: TestClient, database: str) -> None:
    a_city()
    meeting = a_meeting(a_beat("K2"))
    with writing() as db:
        db.add(Minute(meeting_id=meeting, kind=MinuteKind.DECISION, text="We walk together.", noted_at=NOON))
    uuid = uuid_of(Meeting, meeting)
    assert [row["title"] for row in client.get("/api/meetings").json()] == ["Spring meeting"]
    assert client.get("/api/meetings?when=past").json() == []
    told = client.get(f"/api/meetings/{uuid}").json()
    assert (told["decisions"], told["minutes_pdf"]) == ([], None)
    with writing() as db:
        db.get_one(Meeting, meeting).state = MeetingState.MINUTED
    told = client.get(f"/api/meetings/{uuid}").json()
    assert told["decisions"] == ["We walk together."]
    assert told["minutes_pdf"].endswith(f"/meetings/{uuid}/minutes.pdf")
    calendar = client.get(f"/api/meetings/{uuid}/calendar.ics")
    assert (calendar.headers["content-type"], "SUMMARY:Spring meeting" in calendar.text) == (
        "text/calendar; charset=utf-8",
        True,
    )


def a_round(state: RoundState) -> UUID:
    """A round in this state with one candidate, written without its ballots."""
    beat = a_beat("K2")
    a_published_outcome(a_goal(beat), a_meeting(beat))
    [row] = published_rounds()
    if state is not RoundState.PUBLISHED:
        with writing() as db:
            voted = db.query(Round).one()
            voted.state = state
            voted.published_at = None
    return row.uuid


def test_a_published_round_tells_its_result(client: TestClient, database: str) -> None:
    a_city()
    uuid = a_round(RoundState.PUBLISHED)
    answer = client.get(f"/api/rounds/{uuid}").json()
    assert [row["uuid"] for row in client.get("/api/rounds").json()] == [str(uuid)]
    assert (answer["state"], answer["result"] is None) == ("published", False)
    assert client.get(f"/api/rounds/{uuid}/ballots.csv").text.splitlines() == ["tracker,side,choices"]
    assert client.get(f"/api/rounds/{uuid}/frozen.json").json() == {}


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER, RoundState.SEALED])
def test_until_it_is_published_a_round_tells_turnout_only(client: TestClient, database: str, state: RoundState) -> None:
    a_city()
    uuid = a_round(state)
    answer = client.get(f"/api/rounds/{uuid}")
    assert answer.json()["result"] is None
    assert set(answer.json()["turnout"]) == {"residents", "officers"}
    assert "approval" not in answer.text
    assert client.get(f"/api/rounds/{uuid}/ballots.csv").status_code == 404
    assert client.get("/api/rounds").json() == []


def test_a_draft_is_not_public(client: TestClient, sqlite_database: str) -> None:
    a_city()
    assert client.get(f"/api/rounds/{a_round(RoundState.DRAFT)}").status_code == 404
