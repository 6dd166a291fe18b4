"""Outlines by address: compact, tagged, gzipped, and never an unknown name."""

import gzip
import json

import pytest
from starlette.testclient import TestClient

from lib.services.places import draw_features
from lib.web.geography import KINDS
from tests.builders import a_beat, a_city


def test_beats_are_drawn_once_and_kept_by_the_browser(phone: TestClient, database: str) -> None:
    a_city()
    a_beat("K2")
    answer = phone.get("/map/beats.geojson", headers={"accept-encoding": "identity"})
    assert answer.headers["content-type"] == "application/geo+json"
    assert [feature["properties"] for feature in answer.json()["features"]] == [
        {"code": "K2", "name": "Quarter K2", "label": "K2 Quarter K2"}
    ]
    assert " " not in answer.text.replace("Quarter K2", "").replace("K2 ", "")
    again = phone.get("/map/beats.geojson", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_browser_that_can_gets_them_gzipped(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    a_beat("K2")
    with phone.stream("GET", "/map/beats.geojson", headers={"accept-encoding": "gzip"}) as answer:
        body = b"".join(answer.iter_raw())
        assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert json.loads(gzip.decompress(body))["type"] == "FeatureCollection"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_lies_under_the_beats_is_drawn_too(phone: TestClient, sqlite_database: str, kind: str) -> None:
    point = {"type": "Point", "coordinates": [-122.33, 47.6]}
    draw_features(kind=kind, features=[{"properties": {"name": None}, "geometry": point}], source="a test")
    assert phone.get(f"/map/{kind}.geojson").json() == {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"name": ""}, "geometry": point}],
    }


@pytest.mark.parametrize("path", ["/map/secrets.geojson", "/map/beats.json", "/map", "/map/beats.geojson/x"])
def test_another_name_is_not_found(phone: TestClient, sqlite_database: str, path: str) -> None:
    a_city()
    assert phone.get(path).status_code == 404


def test_before_there_is_a_city_there_is_nothing_to_draw(phone: TestClient, sqlite_database: str) -> None:
    assert phone.get("/map/beats.geojson").status_code == 404
