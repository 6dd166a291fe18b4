"""An open room: any device joins, ranks, and adopts nothing."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from lib.errors import Conflict
from lib.model import Goal, LogEntry, OwedAnswer
from lib.queries.counts import Turnout, turnouts
from lib.queries.meetings import meeting_detail
from lib.queries.results import round_result
from lib.queries.voting import RoundRow, pass_batches
from lib.rules.lifecycle import Electorate, GoalState
from lib.rules.tally import Ending
from lib.rules.voting import PassKind, RoundMode
from lib.services.admission import join_open_room
from lib.services.casting import cast_ballot, fresh_nonce
from lib.services.counting import count_round
from lib.services.meetings import close_meeting
from lib.services.passes import void_pass
from lib.services.publishing import publish_round
from lib.services.rounds import close_round
from lib.storage.transaction import reading
from lib.web import open_room
from lib.web.open_room import A_SECOND, AT_ONCE, LONGEST_WAIT, wait_to_join
from lib.web.room_state import forget_states
from tests.hall import Hall, a_hall
from tests.web.conftest import phone_door

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


@pytest.fixture(autouse=True)
def no_memory() -> Iterator[None]:
    forget_states()
    open_room._queues.clear()
    yield
    open_room._queues.clear()


def a_room(**wishes: int) -> tuple[Hall, RoundRow]:
    """A hall without any slip, with an open room that takes votes."""
    hall = a_hall(residents=wishes.get("residents", 0), officers=wishes.get("officers", 0))
    return hall, hall.opened(mode=RoundMode.OPEN_ROOM, places=2)


def joined(phone: TestClient, hall: Hall) -> None:
    answer = phone.post("/ballot/open-room", data={"meeting": str(hall.meeting_uuid)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ballot")


def votes(phone: TestClient, hall: Hall, *goals: int) -> int:
    form = re.search(r'name="form" value="([^"]+)"', phone.get("/ballot?change=1").text)
    assert form
    chosen = [str(hall.goals[goal]) for goal in goals]
    return phone.post("/ballot", data={"form": form[1], "goal": chosen}).status_code


def test_an_open_room_from_joining_to_its_result(database: str, phone: TestClient) -> None:
    hall, row = a_room()
    shown = phone.get("/open-room").text
    assert "Open room: it ranks, it adopts nothing." in shown and row.question in shown
    for goals in ((0, 1), (0,), (0, 2), (2,)):
        with TestClient(phone_door(), follow_redirects=False) as device:
            joined(device, hall)
            assert votes(device, hall, *goals) == 303
    assert turnouts(row.id)[RESIDENTS].cast == 4
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    publish_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    result = round_result(row.uuid)
    assert "open room" in result.sentence.lower()
    assert result.tally.adopted == () and result.tally.contested == ()
    assert result.tally.ranking[0] == hall.goals[0]
    assert Ending.ADOPTED not in {line.outcome.ending for line in result.lines}
    assert "open room" in phone.get(f"/results/{row.uuid}").text.lower()
    decision = meeting_detail(hall.meeting_uuid).decisions[-1].text
    assert "open room" in decision.lower() and "Adopted" not in decision
    with reading() as db:
        assert set(db.scalars(select(Goal.state))) == {GoalState.PROPOSED}
        assert list(db.scalars(select(OwedAnswer))) == []
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)


def test_a_device_that_joined_keeps_its_pass(database: str, phone: TestClient) -> None:
    hall, row = a_room()
    joined(phone, hall)
    assert votes(phone, hall, 0) == 303
    cookie = dict(phone.cookies)
    joined(phone, hall)
    assert dict(phone.cookies) == cookie
    assert votes(phone, hall, 1) == 303
    assert turnouts(row.id)[RESIDENTS].cast == 1


def test_a_residents_slip_is_kept_and_votes_in_the_open_room(database: str, phone: TestClient) -> None:
    hall, row = a_room(residents=3)
    assert phone.get(f"/b/{hall.tokens[RESIDENTS][0]}").status_code == 303
    joined(phone, hall)
    assert votes(phone, hall, 0) == 303
    hall.votes(row, 0, 1)
    assert turnouts(row.id)[RESIDENTS].cast == 1
    assert [(batch.kind, batch.size) for batch in pass_batches(hall.meeting_id)] == [(PassKind.SLIPS, 3)]


def test_an_officers_slip_cannot_vote_in_an_open_room(database: str, phone: TestClient) -> None:
    hall, row = a_room(residents=1, officers=2)
    with pytest.raises(Conflict, match="for the residents"):
        hall.votes(row, 0, 0, side=OFFICERS)
    assert phone.get(f"/b/{hall.tokens[OFFICERS][0]}").status_code == 303
    assert votes(phone, hall, 0) == 409
    assert {side: turnout.cast for side, turnout in turnouts(row.id).items()} == {RESIDENTS: 0, OFFICERS: 0}


def test_a_pass_of_an_open_room_cannot_vote_in_a_meetings_round(database: str, phone: TestClient) -> None:
    hall, row = a_room(residents=2, officers=2)
    joined(phone, hall)
    admission = join_open_room(meeting_id=hall.meeting_id)
    hall.counted(row)
    second = hall.opened()
    with pytest.raises(Conflict, match="needs a slip from the door"):
        cast_ballot(
            round_id=second.id, cred=admission.cred, choices=hall.goals[:1], none_of_these=False, nonce=fresh_nonce()
        )
    forget_states()
    assert votes(phone, hall, 0) == 409
    assert turnouts(second.id) == {RESIDENTS: Turnout(0, 2), OFFICERS: Turnout(0, 2)}


def test_a_void_slip_does_not_keep_its_holder_out(database: str, phone: TestClient) -> None:
    hall = a_hall(residents=2, officers=0)
    assert phone.get(f"/b/{hall.tokens[RESIDENTS][0]}").status_code == 303
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=1)
    hall.opened(mode=RoundMode.OPEN_ROOM)
    joined(phone, hall)
    assert votes(phone, hall, 0) == 303


def test_without_an_open_room_nobody_joins(database: str, phone: TestClient) -> None:
    hall = a_hall()
    hall.opened()
    assert "No open room at this moment" in phone.get("/open-room").text
    answer = phone.post("/ballot/open-room", data={"meeting": str(hall.meeting_uuid)})
    assert (answer.status_code, "set-cookie" in answer.headers) == (409, False)
    assert phone.post("/ballot/open-room", data={"meeting": "nonsense"}).status_code == 409
    assert "/open-room" not in phone.get("/join").text


def test_the_lobby_leads_on_to_an_open_room(database: str, phone: TestClient) -> None:
    a_room()
    assert '<a href="/open-room">Join this open room</a>' in phone.get("/join").text
    assert '<a href="/open-room">' in phone.post("/join", data={"code": "nonsense"}).text


def test_nothing_says_who_joined(database: str, phone: TestClient) -> None:
    hall, _row = a_room()
    with reading() as db:
        before = list(db.scalars(select(LogEntry.id)))
    joined(phone, hall)
    with TestClient(phone_door(), follow_redirects=False) as other:
        joined(other, hall)
    with reading() as db:
        later = [entry.action for entry in db.scalars(select(LogEntry)) if entry.id not in before]
    assert later == ["passes_minted"], "the batch is logged, nobody's joining is"


def test_sixty_phones_behind_one_router_join_at_once(database: str) -> None:
    hall, row = a_room()

    def join(_phone: int) -> int:
        with TestClient(phone_door(), follow_redirects=False) as device:
            joined(device, hall)
            return votes(device, hall, 0)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(join, range(60))) == [303] * 60
    assert turnouts(row.id)[RESIDENTS].cast == 60


def test_a_hall_behind_one_router_waits_in_turn_and_a_flood_is_asked_to_come_back() -> None:
    waits = [wait_to_join("router", moment=0.0) for _ in range(AT_ONCE + 100)]
    assert waits[:AT_ONCE] == [0.0] * AT_ONCE
    assert waits[AT_ONCE] == 1 / A_SECOND
    told = [wait for wait in waits if wait is not None]
    assert max(told) == LONGEST_WAIT and waits[-1] is None
    assert wait_to_join("router", moment=1.0) is not None
    assert wait_to_join("another router", moment=0.0) == 0.0
    assert wait_to_join("router", moment=600.0) == 0.0


def test_a_flood_gets_a_page_that_says_so(database: str, phone: TestClient) -> None:
    hall, _row = a_room()
    while wait_to_join("testclient") is not None:
        pass
    answer = phone.post("/ballot/open-room", data={"meeting": str(hall.meeting_uuid)})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
    assert "Many devices join from this network" in answer.text and "Join this open room" in answer.text
