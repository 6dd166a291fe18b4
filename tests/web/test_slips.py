"""A slip that lets nobody in has a page of its own, with the right status and what to do next; and a full hall behind
one address gets through, whatever a prankster sends."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import anyio.to_thread
import httpx
import pytest
from starlette.testclient import TestClient

from lib.clock import now
from lib.queries.counts import Turnout, turnouts
from lib.queries.passes import ballot_state
from lib.rules.lifecycle import Electorate, MeetingState
from lib.services.meetings import close_meeting, open_meeting
from lib.services.passes import mint_passes, void_pass, void_slip
from lib.web import wrong_codes
from lib.web.rendering import _city
from lib.web.room_state import forget_states
from tests.builders import a_meeting
from tests.hall import Hall, a_hall
from tests.serving import run_apart
from tests.web.conftest import phone_door
from tests.web.test_ballot import form_of, let_in, send

RESIDENTS = Electorate.RESIDENTS
ONE_ADDRESS = ("10.0.0.7", 40_000)
PRANKS = 120


@pytest.fixture(autouse=True)
def no_memory() -> Iterator[None]:
    forget_states()
    _city.cache_clear()
    wrong_codes._tries.clear()
    yield
    wrong_codes._tries.clear()


def heading(page: str) -> str:
    found = re.search(r"<h1>([^<]+)</h1>", page)
    assert found, page
    return found[1]


def ways_on(page: str) -> list[str]:
    """The buttons and forms of a page, as addresses."""
    return re.findall(r'(?:class="button[^"]*" href|<form method="post" action)="([^"]+)"', page)


def a_slip_of_another_meeting(hall: Hall, state: MeetingState) -> tuple[int, str]:
    """A meeting of tomorrow and one of its slips."""
    meeting_id = a_meeting(hall.beat_id, "Summer meeting", starts_at=now() + timedelta(days=1), state=state)
    batch = mint_passes(actor=hall.facilitator, meeting_id=meeting_id, side=RESIDENTS, number=1)
    return meeting_id, batch.slips[0].token


def test_an_unknown_slip_leads_to_the_form_to_type_it(database: str, phone: TestClient) -> None:
    a_hall()
    answer = phone.get("/b/0000000000000000")
    assert (answer.status_code, heading(answer.text)) == (404, "This code does not work")
    assert ways_on(answer.text) == ["/join"]


def test_a_void_slip_says_so_and_leads_to_another(database: str, phone: TestClient) -> None:
    hall = a_hall()
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=1)
    for answer in (
        phone.get(f"/b/{hall.tokens[RESIDENTS][0]}"),
        phone.post("/join", data={"code": hall.tokens[RESIDENTS][0]}),
    ):
        assert (answer.status_code, heading(answer.text)) == (409, "This slip is void")
        assert "Ask at the door" in answer.text
        assert ways_on(answer.text) == ["/join"]


def test_a_slip_that_is_declared_void_later_is_told_why_as_often_as_it_asks(database: str, phone: TestClient) -> None:
    hall = a_hall()
    let_in(phone, hall)
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=1)
    for _ in range(2):
        answer = phone.get("/ballot")
        assert (answer.status_code, heading(answer.text)) == (409, "This slip is void")
        assert "declared void before the vote" in answer.text
    other = phone.get(f"/b/{hall.tokens[RESIDENTS][1]}")
    assert (other.status_code, phone.get("/ballot").status_code) == (303, 200)


def voided(hall: Hall, voter: int = 0) -> None:
    void_slip(
        actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, token=hall.tokens[RESIDENTS][voter]
    )


def test_a_slip_declared_void_while_its_ballot_is_being_filled_in_is_told_so_at_each_try(
    database: str, phone: TestClient
) -> None:
    """The page's script sends the form a second time to show the refusal."""
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    page = phone.get("/ballot").text
    voided(hall)
    for _ in range(2):
        answer = send(phone, page, goal=str(hall.goals[0]))
        assert (answer.status_code, heading(answer.text)) == (409, "This slip is void")  # type: ignore[attr-defined]
        assert "declared void during round 1" in answer.text  # type: ignore[attr-defined]
    assert turnouts(row.id)[RESIDENTS].cast == 0


def test_a_voter_whose_ballot_was_deleted_with_the_slip_is_told_that_it_does_not_count(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    hall.counted(hall.opened(goal_ids=hall.goal_ids[:1]))
    row = hall.opened(goal_ids=hall.goal_ids[1:])
    let_in(phone, hall)
    sent = send(phone, phone.get("/ballot").text, goal=str(hall.goals[1]))
    before = phone.get("/ballot/state").text
    voided(hall)
    forget_states()
    assert before != phone.get("/ballot/state").text == "void"
    says = "This slip was declared void during round 2; a ballot it had cast there or later was deleted"
    for answer in (
        phone.get(sent.headers["location"]),  # type: ignore[attr-defined]
        phone.get("/ballot"),
        phone.get("/ballot/in/tracker.txt"),
        phone.get(f"/b/{hall.tokens[RESIDENTS][0]}"),
    ):
        assert (answer.status_code, says in answer.text, "before the vote" in answer.text) == (409, True, False)
    assert turnouts(row.id)[RESIDENTS].cast == 0


def test_the_state_of_another_slip_of_the_room_stays_as_it_is(database: str, phone: TestClient) -> None:
    hall = a_hall()
    hall.opened()
    let_in(phone, hall, 1)
    before = phone.get("/ballot/state").text
    voided(hall, 0)
    forget_states()
    assert phone.get("/ballot/state").text == before


def test_an_early_slip_waits_and_becomes_the_ballots_page_when_the_meeting_begins(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    meeting_id, token = a_slip_of_another_meeting(hall, MeetingState.PLANNED)
    answer = phone.get(f"/b/{token}")
    assert (answer.status_code, heading(answer.text)) == (409, "You are early")
    assert '<meta http-equiv="refresh" content="15">' in answer.text
    typed = phone.post("/join", data={"code": token})
    assert (typed.status_code, ways_on(typed.text), "http-equiv" in typed.text) == (409, ["/join"], False)
    open_meeting(actor=hall.facilitator, meeting_id=meeting_id)
    assert phone.get(f"/b/{token}").headers["location"] == "/ballot"


def test_a_slip_of_a_meeting_that_is_over_leads_to_what_was_decided(database: str, phone: TestClient) -> None:
    hall = a_hall()
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    answer = phone.get(f"/b/{hall.tokens[RESIDENTS][0]}")
    assert (answer.status_code, heading(answer.text)) == (409, "This meeting is over")
    assert ways_on(answer.text) == ["/meetings", "/join"]


def test_a_slip_of_another_open_meeting_changes_over_to_that_one(database: str, phone: TestClient) -> None:
    hall = a_hall()
    hall.opened()
    let_in(phone, hall)
    _meeting_id, token = a_slip_of_another_meeting(hall, MeetingState.OPEN)
    assert phone.get(f"/b/{token}").headers["location"] == "/ballot"
    assert "Summer meeting" in phone.get("/ballot").text


def test_a_wrong_slip_does_not_take_away_the_one_that_is_held(database: str, phone: TestClient) -> None:
    hall = a_hall()
    hall.opened()
    let_in(phone, hall)
    assert phone.get("/b/0000000000000000").status_code == 404
    assert heading(phone.get("/ballot").text) == "Which goals shall we work on?"


def test_a_form_is_good_for_as_long_as_a_phone_sleeps_in_a_meeting(
    database: str, phone: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    page = phone.get("/ballot").text
    later = now().timestamp() + 600
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert send(phone, page, goal=str(hall.goals[0])).status_code == 303  # type: ignore[attr-defined]
    assert ballot_state(row.id, hall.cred(0)).has_ballot


@asynccontextmanager
async def a_phone(door: object) -> AsyncIterator[httpx.AsyncClient]:
    """A phone of its own behind the hall's one address."""
    transport = httpx.ASGITransport(door, client=ONE_ADDRESS)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", timeout=60) as client:
        yield client


async def vote(door: object, token: str, goal: str) -> int:
    """Scan, choose, send; the status of the receipt."""
    async with a_phone(door) as phone:
        page = await phone.get(f"/b/{token}", follow_redirects=True)
        sent = await phone.post("/ballot", data={"form": form_of(page.text), "goal": goal})
        return (await phone.get(sent.headers["location"])).status_code


async def prank(door: object, number: int) -> int:
    async with a_phone(door) as phone:
        return (await phone.post("/join", data={"code": f"{number:016d}"})).status_code


def test_sixty_phones_behind_one_address_get_through_beside_a_prankster(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them at once, while the same address sends wrong codes; a wrong code that is made to wait holds no thread.

    The wrong codes wait until every voter is through, so that nothing here depends on how fast this machine is.
    """
    hall = a_hall(residents=60)
    row = hall.opened()
    door = phone_door()

    async def evening() -> tuple[list[int], int, list[int]]:
        everybody_waits, go_on = asyncio.Event(), asyncio.Event()
        waiting: list[float] = []

        async def wait(seconds: float) -> None:
            waiting.append(seconds)
            if len(waiting) == PRANKS:
                everybody_waits.set()
            await go_on.wait()

        monkeypatch.setattr("lib.web.passes.asyncio.sleep", wait)
        pranks = [asyncio.create_task(prank(door, number)) for number in range(PRANKS)]
        voters = [vote(door, token, str(hall.goals[0])) for token in hall.tokens[RESIDENTS]]
        statuses = await asyncio.gather(*voters)
        await everybody_waits.wait()
        held = anyio.to_thread.current_default_thread_limiter().borrowed_tokens
        go_on.set()
        return statuses, held, await asyncio.gather(*pranks)

    statuses, held, pranks = run_apart(evening())
    assert (statuses, held) == ([200] * 60, 0)
    assert (pranks.count(404), pranks.count(429)) == (wrong_codes.REFUSED_AFTER, PRANKS - wrong_codes.REFUSED_AFTER)
    assert turnouts(row.id)[RESIDENTS] == Turnout(60, 60)
