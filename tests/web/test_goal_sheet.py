"""One goal on one sheet: for the room and for paper, without a script, in English and Spanish."""

from datetime import timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from lib import clock
from lib.model import Commitment, Goal, GoalEvent, Measure
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.services.readings import record_reading
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_city, a_facilitator, a_goal, uuid_of
from tests.goal_builders import due, residents_say
from tests.web.shown import english_words, shown

TODAY = clock.today("UTC")


def an_active_goal(title: str = "Quieter <b>nights</b>") -> tuple[int, str]:
    a_city()
    goal = a_goal(a_beat(), title, state=GoalState.ACTIVE)
    due(goal, TODAY + timedelta(days=30))
    return goal, f"/goals/{uuid_of(Goal, goal)}/sheet"


def test_it_tells_what_was_agreed_where_it_stands_and_who_does_what(database: str, phone: TestClient) -> None:
    goal, address = an_active_goal()
    record_reading(actor=a_facilitator(), goal_uuid=uuid_of(Goal, goal), read_on=TODAY, value=3, source="office")
    page = phone.get(address)
    assert page.status_code == 200
    for part in (
        "Quieter &lt;b&gt;nights&lt;/b&gt;",
        "Fewer noisy nights between ten and two.",
        "Noisy nights a month",
        "<strong>10</strong>",
        "<strong>3</strong>",
        "<strong>4</strong>",
        "A walk every Friday night",
        "on residents are asked: solved, better, the same or worse?",
        "Source: log of the night office",
        "data:image/svg+xml",
    ):
        assert part in page.text
    assert "<script" not in page.text
    assert " style=" not in page.text


@pytest.mark.parametrize(
    ("value", "words", "spanish"),
    [
        (3, "Target reached", "Objetivo alcanzado"),
        (9, "Target not reached yet", "Objetivo aún no alcanzado"),
    ],
)
def test_the_verdict_stands_where_the_goals_page_has_it(
    database: str, phone: TestClient, value: int, words: str, spanish: str
) -> None:
    goal, address = an_active_goal()
    record_reading(actor=a_facilitator(), goal_uuid=uuid_of(Goal, goal), read_on=TODAY, value=value, source="office")
    assert f'<span class="pill info">{words}</span>' in phone.get(address).text
    phone.cookies.set("beat_language", "es")
    assert f'<span class="pill info">{spanish}</span>' in phone.get(address).text


def test_what_residents_say_shows_from_three_answers_on(database: str, phone: TestClient) -> None:
    goal, address = an_active_goal()
    residents_say(goal, on=TODAY - timedelta(days=1), solved=2)
    assert "Fewer than 3 answers so far" in phone.get(address).text
    residents_say(goal, on=TODAY - timedelta(days=1), worse=1)
    page = phone.get(address).text
    assert "By follow link" in page
    assert page.count('<td class="number"><strong>2</strong></td>') == 1


def test_overdue_and_waiting_commitments_are_named(database: str, phone: TestClient) -> None:
    goal, address = an_active_goal()
    with writing() as db:
        db.add(
            Commitment(
                goal_id=goal,
                party=Party.OFFICERS,
                owner="Ofc. Lindqvist",
                deliverable="Eight foot patrols",
                due_on=TODAY + timedelta(days=5),
                state=CommitmentState.UNACCEPTED,
                offered_at=clock.now(),
            )
        )
    page = phone.get(address).text
    assert "Waits for a new officer" in page
    assert "Eight foot patrols</dd>" in page


@pytest.mark.parametrize("state", list(GoalState))
def test_every_state_has_a_sheet(sqlite_database: str, phone: TestClient, state: GoalState) -> None:
    a_city()
    assert phone.get(f"/goals/{uuid_of(Goal, a_goal(a_beat(), state=state))}/sheet").status_code == 200


def test_an_unknown_goal_is_a_page_with_its_status(database: str, phone: TestClient) -> None:
    a_city()
    for address in (f"/goals/{uuid4()}/sheet", "/goals/nonsense/sheet"):
        assert phone.get(address).status_code == 404


def test_in_spanish_nothing_of_ours_is_english(sqlite_database: str, phone: TestClient) -> None:
    goal, address = an_active_goal("Noches tranquilas")
    with writing() as db:
        row = db.get_one(Goal, goal)
        row.summary = "Menos noches ruidosas."
        for promise in db.query(Commitment).filter_by(goal_id=goal):
            promise.owner, promise.deliverable = "Gente del sector", "Una ronda cada viernes"
        measure = db.query(Measure).filter_by(goal_id=goal).one()
        measure.unit, measure.source = "noches ruidosas", "registro"
    for said in ((), ("solved",)):
        if said:
            residents_say(goal, on=TODAY, solved=3)
        page = phone.get(address, headers={"accept-language": "es"}).text
        texts = shown(page)
        assert {text: found for text in texts if (found := english_words(text))} == {}
        assert "Lo que dicen los residentes" in " ".join(texts)


def test_a_goal_that_was_opened_again_says_so_first(database: str, phone: TestClient) -> None:
    goal, address = an_active_goal()
    assert "Opened again" not in phone.get(address).text
    with writing() as db:
        db.add(GoalEvent(goal_id=goal, kind="reopened", sentence="It was opened again.", happened_at=NOON))
    assert '<span class="pill warn">Opened again: residents say worse</span>' in phone.get(address).text
