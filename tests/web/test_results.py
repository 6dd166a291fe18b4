"""The plain result page and its downloads."""

import csv
import io
import json

import pytest
from starlette.testclient import TestClient

from lib.queries.voting import voting_round
from lib.rules.ballots import frozen_hash
from lib.rules.lifecycle import Electorate
from lib.rules.voting import SideFigures
from tests.hall import a_hall
from tests.web.test_ballot import finish

OFFICERS = Electorate.OFFICERS


def test_the_result_says_in_words_and_figures_what_was_decided(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(10):
        hall.votes(row, voter, 0, *([1] if voter < 6 else []))
    for officer in range(4):
        hall.votes(row, officer, 0, side=OFFICERS)
    finish(hall, row)
    page = phone.get(f"/results/{row.uuid}")
    assert page.status_code == 200
    assert "1 goal adopted for 1 place, 1 contested." in page.text
    assert "10 (100\N{NO-BREAK SPACE}%)" in page.text
    assert "4 ballots of 6 passes. Only their keys are shown" in page.text
    assert "reached the same result" in page.text
    assert "set-cookie" not in page.headers


def test_the_downloads_are_what_was_frozen_and_the_sorted_ballots(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened(officers_figures=SideFigures.OPEN)
    trackers = [hall.votes(row, voter, 0).tracker for voter in range(5)]
    trackers += [hall.votes(row, officer, 0, 1, side=OFFICERS).tracker for officer in range(3)]
    finish(hall, row)
    rule = json.loads(phone.get(f"/results/{row.uuid}/rule.json").content)
    assert frozen_hash(rule) == voting_round(row.uuid).frozen_hash
    rows = list(csv.DictReader(io.StringIO(phone.get(f"/results/{row.uuid}/ballots.csv").text)))
    assert [line["tracker"] for line in rows] == sorted(str(tracker) for tracker in trackers)
    assert {line["choices"] for line in rows if line["side"] == "residents"} == {str(hall.goals[0])}


def test_an_advisory_result_says_that_nothing_is_adopted(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    hall.votes(row, 0, 0, side=OFFICERS)
    finish(hall, row)
    page = phone.get(f"/results/{row.uuid}").text
    assert "Advisory" in page and "nothing is adopted" in page
    assert "Officers</th>" not in page


@pytest.mark.parametrize("address", ["nonsense", "00000000-0000-4000-8000-000000000000", "%3Cscript%3E"])
def test_a_vote_that_does_not_exist_is_a_sentence_and_404(database: str, phone: TestClient, address: str) -> None:
    a_hall()
    for file in ("", "/ballots.csv", "/rule.json"):
        assert phone.get(f"/results/{address}{file}").status_code == 404


def test_titles_are_text(database: str, phone: TestClient) -> None:
    hall = a_hall(titles=["<script>alert('goal')</script>"])
    row = hall.opened()
    hall.votes(row, 0, 0)
    finish(hall, row)
    assert "<script>alert" not in phone.get(f"/results/{row.uuid}").text
