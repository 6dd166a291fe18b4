"""The public follow link of a round: the same for every voter, before and after the result."""

from datetime import date

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from lib.model import Goal, GoalEvent, Round
from lib.rules.lifecycle import Electorate, GoalState
from lib.services.publishing import set_aside_round
from lib.storage.transaction import writing
from lib.web.quiet import is_never_logged
from tests.builders import NOON, a_beat, a_city, a_goal, a_meeting, a_published_outcome
from tests.hall import a_hall
from tests.published import a_round
from tests.web.test_ballot import send


def test_a_voter_is_led_there_and_finds_the_goals_before_the_result(sqlite_database: str, phone: TestClient) -> None:
    hall = a_hall(residents=6, titles=("Light <b>here</b>", "Slow cars", "Gym"))
    row = hall.opened(places=1)
    address = f"/rounds/{row.uuid}/follow"
    page = phone.get(f"/b/{hall.tokens[Electorate.RESIDENTS][0]}", follow_redirects=True).text
    receipt = send(phone, page, goal=str(hall.goals[0]))
    assert f'href="{address}"' in phone.get(receipt.headers["location"]).text  # type: ignore[attr-defined]
    shown = phone.get(address)
    assert shown.status_code == 200
    assert "The result appears here when both sides have been counted." in shown.text
    assert "Light &lt;b&gt;here&lt;/b&gt;" in shown.text
    assert "/sheet" not in shown.text


def test_after_the_result_it_tells_what_became_of_each_goal(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.ACTIVE)
    a_published_outcome(goal, a_meeting(beat))
    with writing() as db:
        row = db.get_one(Goal, goal)
        row.adopted_on = date(2026, 5, 4)
        uuid = db.get_one(Round, 1).uuid
    page = phone.get(f"/rounds/{uuid}/follow").text
    for part in (
        '<span class="pill open">Adopted</span>',
        "Under way, until 31 December 2026",
        "0 of 2 commitments kept",
        f'href="/goals/{row.uuid}/sheet"',
        f'href="/feeds/goals/{row.uuid}.atom"',
        f'href="/results/{uuid}?language=en"',
    ):
        assert part in page, part


def test_a_goal_that_got_worse_promises_no_day_until_which_it_does(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.ACTIVE)
    a_published_outcome(goal, a_meeting(beat))
    with writing() as db:
        db.get_one(Goal, goal).adopted_on = date(2026, 5, 4)
        db.add(GoalEvent(goal_id=goal, kind="reopened", sentence="It was opened again.", happened_at=NOON))
        uuid = db.get_one(Round, 1).uuid
    page = phone.get(f"/rounds/{uuid}/follow").text
    assert ("<dd>Opened again: residents say worse</dd>" in page, "until" in page) == (True, False)


def test_a_vote_that_only_advises_says_nothing_of_a_goals_keys(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    a_published_outcome(a_goal(beat), a_meeting(beat), outcome="residents_only")
    with writing() as db:
        db.execute(update(Round).values(is_advisory=True))
        uuid = db.get_one(Round, 1).uuid
    assert "Contested" not in phone.get(f"/rounds/{uuid}/follow").text


def test_it_is_the_same_for_everybody_and_only_its_address_names_the_language(
    sqlite_database: str, phone: TestClient
) -> None:
    published = a_round("sealed officers")
    address = f"/rounds/{published.uuid}/follow"
    plain = phone.get(address)
    other = phone.get(address, headers={"accept-language": "es", "cookie": "beat_language=es; beat_supporter=x"})
    assert plain.text == other.text
    assert (plain.headers["cache-control"], "set-cookie" in other.headers) == ("public, max-age=60", False)
    assert '<html lang="es">' in phone.get(f"{address}?language=es").text
    assert is_never_logged(address)
    assert f'href="{address}?language=en"' in phone.get(f"/results/{published.uuid}").text


def test_a_vote_that_was_set_aside_says_why(sqlite_database: str, phone: TestClient) -> None:
    hall = a_hall(residents=6)
    row = hall.opened()
    hall.counted(row)
    set_aside_round(actor=hall.facilitator, second=hall.second, round_id=row.id, reason="Two ballots <too> many.")
    page = phone.get(f"/rounds/{row.uuid}/follow").text
    assert "This vote was set aside. Two ballots &lt;too&gt; many." in page


@pytest.mark.parametrize("which", ["draft", "unknown", "nonsense"])
def test_a_round_that_is_not_there_is_a_page_with_its_status(
    sqlite_database: str, phone: TestClient, which: str
) -> None:
    hall = a_hall(residents=2)
    drafts = {"draft": str(hall.planned().uuid), "unknown": "00000000-0000-0000-0000-000000000000"}
    assert phone.get(f"/rounds/{drafts.get(which, which)}/follow").status_code == 404
