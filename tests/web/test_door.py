"""The tablet at the door: one tap, one pass, shown once and found nowhere else."""

import logging
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
import segno
from sqlalchemy import select, text
from starlette.testclient import TestClient

from lib.clock import now
from lib.model import CheckinAnswer, DoorPass, MeetingBeat, OfficerPosting
from lib.queries.counts import turnouts
from lib.queries.voting import waiting_passes
from lib.rules.ballots import normalise_token, printed_token
from lib.rules.checkin import questions_of
from lib.rules.lifecycle import Electorate, Role, Side
from lib.rules.voting import PassKind
from lib.services import door as door_service
from lib.services.meetings import close_meeting, plan_meeting
from lib.services.passes import mint_passes
from lib.services.people import add_person
from lib.services.sessions import SESSION_COOKIE, sign_in_with_city_account
from lib.settings import settings
from lib.storage.engine import engine
from lib.storage.transaction import reading, writing
from lib.web import door
from lib.web.quiet import is_never_logged
from tests.builders import a_beat
from tests.counting import counted_statements
from tests.hall import Hall, a_hall
from tests.web.shown import english_words, shown

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS
CODE = re.compile(r'<p class="code">([0-9A-Z -]+)</p>')


@pytest.fixture(autouse=True)
def no_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    door_service._last.clear()
    monkeypatch.setattr(door_service, "PACE", timedelta(0))
    door._shown.clear()
    door._taken.clear()
    yield
    door._shown.clear()


@pytest.fixture
def hall(database: str) -> Hall:
    """A hall whose door has five passes for residents and two for officers."""
    made = a_hall(residents=3, officers=1)
    for side, number in ((RESIDENTS, 5), (OFFICERS, 2)):
        mint_passes(actor=made.facilitator, meeting_id=made.meeting_id, side=side, number=number, kind=PassKind.DOOR)
    return made


def signed_in(phone: TestClient, *roles: Role, side: Side = Side.NEITHER, beat_id: int | None = None) -> None:
    """Somebody new on this browser; `beat_id`: posted to this beat."""
    email = f"{uuid4().hex[:8]}@example.org"
    person_id = add_person(
        name="Door Staff", email=email, side=side, roles=roles, password=None, from_command_line=True
    )
    if beat_id is not None:
        with writing() as db:
            db.add(OfficerPosting(person_id=person_id, beat_id=beat_id, valid_from=date(2020, 1, 1)))
    phone.cookies.set(SESSION_COOKIE, sign_in_with_city_account(email=email, is_verified=True, now=now()).session)


@pytest.fixture
def tablet(hall: Hall, phone: TestClient) -> TestClient:
    signed_in(phone, Role.FACILITATOR, side=Side.RESIDENTS)
    return phone


def button(page: str, side: Electorate = RESIDENTS) -> dict[str, str]:
    """The fields that a tap on one side's button sends."""
    form = re.search(rf'<form[^>]*class="next {side}">(.*?)</form>', page, re.DOTALL)
    assert form, page
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))


def start(tablet: TestClient, hall: Hall) -> str:
    return tablet.get(f"/door?meeting={hall.meeting_uuid}").text


def code_on(page: str) -> str:
    found = CODE.search(page)
    assert found, page
    token = normalise_token(found[1])
    assert token is not None
    return token


def test_one_tap_shows_a_pass_that_votes(hall: Hall, tablet: TestClient) -> None:
    row = hall.opened()
    page = start(tablet, hall)
    assert ("5 passes wait" in page, "2 passes wait" in page) == (True, True)
    shown = tablet.post("/door", data=button(page))
    assert shown.status_code == 200
    assert "For a resident" in shown.text and "Scan this with your phone’s camera" in shown.text
    assert "4 passes wait" in shown.text
    token = code_on(shown.text)
    with TestClient(tablet.app, follow_redirects=False) as voter:
        assert voter.get(f"/b/{token}").headers["location"] == "/ballot"
        ballot = voter.get("/ballot").text
        form = re.search(r'name="form" value="([^"]+)"', ballot)
        assert form
        assert voter.post("/ballot", data={"form": form[1], "goal": str(hall.goals[0])}).status_code == 303
    assert turnouts(row.id)[RESIDENTS].cast == 1


def test_the_qr_code_holds_the_address_of_the_room_and_its_code(hall: Hall, tablet: TestClient) -> None:
    shown = tablet.post("/door", data=button(start(tablet, hall))).text
    address = f"{settings().address}/b/{code_on(shown)}"
    modules, path = door._qr_path(address)
    assert f'viewBox="0 0 {modules} {modules}"' in shown and f'd="{path}"' in shown
    dark = {(int(row), int(column)) for column, row in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    assert dark == {
        (row + 4, column + 4)
        for row, line in enumerate(segno.make_qr(address, error="m").matrix)
        for column, is_dark in enumerate(line)
        if is_dark
    }


def test_a_shown_pass_is_stored_nowhere(
    hall: Hall, tablet: TestClient, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = start(tablet, hall)
    answer = tablet.post("/door", data=button(page))
    token = code_on(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers and "location" not in answer.headers
    assert token not in str(answer.headers) and token not in str(answer.request.url)
    with reading() as db:
        assert len(list(db.scalars(select(DoorPass.id)))) == 6
        tables = db.scalars(text(_TABLES[engine().dialect.name]))
        everything = repr([list(db.execute(text(f'SELECT * FROM "{table}"'))) for table in list(tables)])
    said = (token, printed_token(token), token.lower())
    assert not any(each in everything for each in said)
    if database.startswith("sqlite"):
        file = Path(database.removeprefix("sqlite:///"))
        raw = b"".join(each.read_bytes() for each in file.parent.glob(file.name + "*"))
        assert raw and not any(each.encode() in raw for each in said)
    records = caplog.records
    assert not any(each in record.getMessage() for record in records for each in said)


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def test_a_double_tap_takes_one_pass_and_shows_it_twice(hall: Hall, tablet: TestClient) -> None:
    fields = button(start(tablet, hall))
    barrier = Barrier(4, timeout=60)

    def tap(_finger: int) -> str:
        barrier.wait()
        return code_on(tablet.post("/door", data=fields).text)

    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(tap, range(4)))
    assert len(codes) == 1
    assert waiting_passes(hall.meeting_id)[RESIDENTS] == 4


def test_a_form_sent_again_later_shows_no_pass_and_takes_none(hall: Hall, tablet: TestClient) -> None:
    fields = button(start(tablet, hall))
    token = code_on(tablet.post("/door", data=fields).text)
    door._shown.clear()  # ten seconds later
    again = tablet.post("/door", data=fields)
    assert (again.status_code, "shown already" in again.text) == (409, True)
    assert printed_token(token) not in again.text
    assert waiting_passes(hall.meeting_id)[RESIDENTS] == 4
    assert tablet.post("/door", data=button(again.text)).status_code == 200


def test_another_person_is_not_shown_the_same_pass(hall: Hall, tablet: TestClient) -> None:
    fields = button(start(tablet, hall))
    assert tablet.post("/door", data=fields).status_code == 200
    with TestClient(tablet.app, follow_redirects=False) as other:
        signed_in(other, Role.OFFICER, side=Side.OFFICERS, beat_id=hall.beat_id)
        assert other.post("/door", data=fields).status_code == 409


def test_the_same_tap_is_forgotten_after_a_moment(
    hall: Hall, tablet: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "AGAIN_SECONDS", 0)
    tablet.post("/door", data=button(start(tablet, hall)))
    until = time.monotonic() + 5
    while door._shown and time.monotonic() < until:
        tablet.get("/assets/door.css")
    assert door._shown == {}


def test_a_pass_leaves_the_screen_by_itself(hall: Hall, tablet: TestClient) -> None:
    shown = tablet.post("/door", data=button(start(tablet, hall)))
    assert shown.headers["refresh"] == f"60; url=/door?meeting={hall.meeting_uuid}"


def test_officers_passes_say_for_whom_and_ask_nothing(hall: Hall, tablet: TestClient) -> None:
    shown = tablet.post("/door", data=button(start(tablet, hall), OFFICERS)).text
    assert "For an officer" in shown and 'class="shown officers"' in shown
    assert "/door/questions" not in shown


def test_when_none_is_left_the_page_says_how_to_mint_more(hall: Hall, tablet: TestClient) -> None:
    for _ in range(2):
        page = tablet.post("/door", data=button(start(tablet, hall), OFFICERS)).text
    assert "No pass for officers is left" in page
    assert "A facilitator mints more" in page and "/run?" not in page
    signed_in(tablet, Role.OFFICER, side=Side.OFFICERS, beat_id=hall.beat_id)
    page = start(tablet, hall)
    assert "A facilitator mints more" in page and "/run?" not in page


def test_only_signed_in_staff_hand_out_passes(hall: Hall, phone: TestClient) -> None:
    address = f"/door?meeting={hall.meeting_uuid}"
    fields = {"meeting": str(hall.meeting_uuid), "side": "residents", "pass": str(uuid4())}
    for role, status in ((None, 401), (Role.AUDITOR, 403)):
        if role:
            signed_in(phone, role)
        assert phone.get(address).status_code == status
        assert phone.get(address.replace("door", "door/questions")).status_code == status
        assert phone.post("/door", data=fields).status_code == status
        assert phone.post("/door/questions", data=fields).status_code == status
    for role in (Role.FACILITATOR, Role.COORDINATOR, Role.OFFICER):
        signed_in(phone, role, side=Side.OFFICERS if role is Role.OFFICER else Side.NEITHER, beat_id=hall.beat_id)
        assert phone.get(address).status_code == 200


def test_a_sign_in_leads_back_to_the_door(hall: Hall, phone: TestClient) -> None:
    page = phone.get(f"/door?meeting={hall.meeting_uuid}").text
    assert f"/signin?next=/door%3Fmeeting%3D{hall.meeting_uuid}" in page


def test_without_a_meeting_the_open_one_is_shown_or_a_list(hall: Hall, tablet: TestClient) -> None:
    assert "5 passes wait" in tablet.get("/door").text
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    assert "No meeting is planned" in tablet.get("/door").text
    over = tablet.get(f"/door?meeting={hall.meeting_uuid}").text
    assert "This meeting is over" in over and "<form" not in over
    plan_meeting(
        actor=hall.facilitator,
        title="Next month <b>",
        place="Library",
        starts_at=now() + timedelta(days=30),
        ends_at=now() + timedelta(days=30, hours=2),
        beat_codes=["K2"],
    )
    assert "Next month &lt;b&gt;" in tablet.get("/door").text


@pytest.mark.parametrize(
    "wrong",
    [{}, {"meeting": "x"}, {"side": "everybody"}, {"pass": "1"}, {"meeting": "00000000-0000-4000-8000-000000000000"}],
    ids=str,
)
def test_a_broken_form_is_a_sentence(hall: Hall, tablet: TestClient, wrong: dict[str, str]) -> None:
    fields = button(start(tablet, hall)) | wrong if wrong else {}
    assert tablet.post("/door", data=fields).status_code in (404, 422)
    assert waiting_passes(hall.meeting_id)[RESIDENTS] == 5


def test_a_pass_of_one_side_cannot_be_taken_for_the_other(hall: Hall, tablet: TestClient) -> None:
    fields = button(start(tablet, hall), OFFICERS) | {"side": "residents"}
    assert tablet.post("/door", data=fields).status_code == 409
    assert dict(waiting_passes(hall.meeting_id)) == {RESIDENTS: 5, OFFICERS: 2}


def test_the_door_is_never_logged() -> None:
    assert is_never_logged("/door?meeting=1") and is_never_logged("/door/questions") and is_never_logged("/open-room")
    assert logging.getLogger("uvicorn.access").filters


def test_the_page_takes_a_fixed_number_of_statements(hall: Hall, tablet: TestClient) -> None:
    start(tablet, hall)
    with counted_statements() as statements:
        start(tablet, hall)
    # Session and roles (2), meeting and beats (2), passes (3), and at most the city.
    assert len(statements) <= 8


def answers_form(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def totals() -> dict[tuple[str, str], int]:
    with reading() as db:
        rows = db.execute(select(CheckinAnswer.question, CheckinAnswer.answer, CheckinAnswer.number))
        return {(row[0], row[1]): row[2] for row in rows if row[2]}


def test_answers_are_counted_once_however_often_the_form_comes(hall: Hall, tablet: TestClient) -> None:
    page = tablet.get(f"/door/questions?meeting={hall.meeting_uuid}").text
    assert "Only if you like" in page
    fields = answers_form(page) | {"age": "25_39", "part": "lives", "first": ""}
    for _ in range(3):
        answer = tablet.post("/door/questions", data=fields)
        assert answer.headers["location"] == f"/door?meeting={hall.meeting_uuid}&thanks=1"
    assert totals() == {("age", "25_39"): 1, ("part", "lives"): 1}
    assert "Thank you" in tablet.get(answer.headers["location"]).text


def test_an_answer_from_no_list_is_refused_and_can_be_sent_again(hall: Hall, tablet: TestClient) -> None:
    fields = answers_form(tablet.get(f"/door/questions?meeting={hall.meeting_uuid}").text)
    assert tablet.post("/door/questions", data=fields | {"age": "130"}).status_code == 422
    assert tablet.post("/door/questions", data=fields | {"age": "65_up"}).status_code == 303
    assert tablet.post("/door/questions", data=fields | {"form": "made up", "age": "65_up"}).status_code == 422
    assert totals() == {("age", "65_up"): 1}


def test_nothing_answered_is_nothing_counted(hall: Hall, tablet: TestClient) -> None:
    fields = answers_form(tablet.get(f"/door/questions?meeting={hall.meeting_uuid}").text)
    assert tablet.post("/door/questions", data=fields | {"age": "", "part": ""}).status_code == 303
    assert totals() == {}


def test_the_questions_say_what_the_rules_say(hall: Hall, tablet: TestClient) -> None:
    """Question and answers are written here for translation; in English they are the same."""
    for several in (False, True):
        if several:
            other = a_beat("K3", west=-122.30)
            with writing() as db:
                db.add(MeetingBeat(meeting_id=hall.meeting_id, beat_id=other))
        page = tablet.get(f"/door/questions?meeting={hall.meeting_uuid}").text
        shown = re.findall(r'name="(\w+)" value="([^"]+)"><span class="words">([^<]+)<', page)
        beats = {"K2": "K2 Quarter K2"} | ({"K3": "K3 Quarter K3"} if several else {})
        assert shown == [
            (question.key, answer, words)
            for question in questions_of(beats)
            for answer, words in question.answers.items()
        ]


def test_the_door_speaks_spanish(hall: Hall, tablet: TestClient) -> None:
    tablet.cookies.set("beat_language", "es")
    page = start(tablet, hall)
    assert "Siguiente residente" in page
    pages = [
        page,
        tablet.post("/door", data=button(page)).text,
        tablet.post("/door", data=button(page) | {"pass": str(uuid4())}).text,
        tablet.get(f"/door/questions?meeting={hall.meeting_uuid}").text,
        tablet.get(f"/door?meeting={hall.meeting_uuid}&thanks=1").text,
        tablet.get("/open-room").text,
    ]
    assert [english_words(" ".join(shown(each))) for each in pages] == [set()] * 6


def test_a_tap_too_early_is_told_so_and_the_same_tap_shows_the_pass_later(
    hall: Hall, tablet: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_service, "PACE", timedelta(seconds=2))
    shown = tablet.post("/door", data=button(start(tablet, hall)))
    early = button(shown.text)
    refused = tablet.post("/door", data=early)
    assert (refused.status_code, "wait two seconds" in refused.text, CODE.search(refused.text)) == (409, True, None)
    assert waiting_passes(hall.meeting_id)[RESIDENTS] == 4
    door_service._last.clear()
    assert code_on(tablet.post("/door", data=early).text)


def test_an_officer_of_another_beat_sees_no_door_here(hall: Hall, phone: TestClient) -> None:
    signed_in(phone, Role.OFFICER, side=Side.OFFICERS)
    for path in ("/door", "/door/questions"):
        assert phone.get(f"{path}?meeting={hall.meeting_uuid}").status_code == 403
    fields = {"meeting": str(hall.meeting_uuid), "side": "residents", "pass": str(uuid4())}
    assert phone.post("/door", data=fields).status_code == 403
    assert waiting_passes(hall.meeting_id)[RESIDENTS] == 5


def test_no_page_of_the_door_leads_to_another_one_with_a_persons_session(hall: Hall, tablet: TestClient) -> None:
    first = start(tablet, hall)
    empty = dict.fromkeys(Electorate, 0)
    pages = [
        first,
        tablet.post("/door", data=button(first)).text,
        tablet.get(f"/door/questions?meeting={hall.meeting_uuid}").text,
        tablet.get("/door/end").text,
    ]
    while waiting_passes(hall.meeting_id) != empty:
        page = start(tablet, hall)
        side = RESIDENTS if "Next resident" in page else OFFICERS
        pages.append(tablet.post("/door", data=button(page, side)).text)
    pages.append(start(tablet, hall))
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    pages.append(start(tablet, hall))
    for page in pages:
        links = {link.partition("?")[0] for link in re.findall(r'<(?:a|form)[^>]*(?:href|action)="([^"]*)"', page)}
        assert links <= {"#main", "", "/door", "/door/questions", "/door/end", "/signout"} | {
            link for link in links if link.startswith("/language")
        }, links
        assert "/run" not in page
    assert tablet.post("/signout").status_code == 303
    assert tablet.get("/door").status_code in (303, 401)
