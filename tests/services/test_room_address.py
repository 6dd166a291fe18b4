"""The address that a room's QR codes carry, and the check with a phone before the meeting."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.clock import now
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import LogEntry
from lib.network import is_of_this_machine, possible_addresses
from lib.queries.live import live_snapshot
from lib.queries.meetings import meeting
from lib.queries.room_address import PhoneCheckRow, phone_check
from lib.services.room_address import begin_phone_check, choose_room_address, note_phone_reached
from lib.settings import settings
from lib.storage.transaction import reading
from tests.builders import a_person
from tests.hall import a_hall

HALL = "http://192.168.1.20:8501"


def test_the_room_is_led_to_the_address_that_the_facilitator_chose(database: str) -> None:
    hall = a_hall()
    assert live_snapshot(hall.meeting_uuid).join_address == "http://localhost:8501/join"
    kept = choose_room_address(actor=hall.facilitator, meeting_id=hall.meeting_id, address=" 192.168.1.20:8501/ ")
    assert (kept, meeting(hall.meeting_uuid).room_address) == (HALL, HALL)
    assert live_snapshot(hall.meeting_uuid).join_address == f"{HALL}/join"
    choose_room_address(actor=hall.facilitator, meeting_id=hall.meeting_id, address="")
    assert meeting(hall.meeting_uuid).room_address == "http://localhost:8501"


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://hall",
        "http://",
        "http://hall/join",
        "http://hall:99999",
        "javascript:alert(1)",
        "http://a@hall",
        "h" * 300,
        "http://a b",
        "http://hall.local\t/",
        "http://a b.local:8501",
        "foo",
        "http://hall",
        "http://1.2.3",
        "http://-hall.local",
        "http://hall..local",
        "http://192.168.1.20:0",
        "http://192.168.1.20:65536",
        "http://[::1",
    ],
)
def test_what_is_no_address_of_a_machine_is_refused(database: str, typed: str) -> None:
    hall = a_hall()
    with pytest.raises(Invalid, match="Write the address"):
        choose_room_address(actor=hall.facilitator, meeting_id=hall.meeting_id, address=typed)


@pytest.mark.parametrize(
    "typed",
    ["http://hall.local:8501", "https://vote.example.org", "http://localhost:8501", "http://[fd00::1]:65535", HALL],
)
def test_an_address_that_a_phone_can_look_for_is_taken(sqlite_database: str, typed: str) -> None:
    hall = a_hall()
    assert choose_room_address(actor=hall.facilitator, meeting_id=hall.meeting_id, address=typed) == typed


def test_only_those_who_plan_meetings_choose_its_address(database: str) -> None:
    hall = a_hall()
    with pytest.raises(NotAllowed):
        choose_room_address(actor=a_person(), meeting_id=hall.meeting_id, address=HALL)


def test_the_console_learns_that_a_phone_arrived_and_keeps_the_first_moment(database: str) -> None:
    hall = a_hall()
    assert phone_check(hall.meeting_id) is None
    at = now()
    code = begin_phone_check(actor=hall.facilitator, meeting_id=hall.meeting_id, address=HALL, now=at)
    assert phone_check(hall.meeting_id) == PhoneCheckRow(code, HALL, None)
    for seconds in (5, 9):
        note_phone_reached(code=code, host="192.168.1.20:8501", now=at + timedelta(seconds=seconds))
    assert phone_check(hall.meeting_id) == PhoneCheckRow(code, HALL, at + timedelta(seconds=5))


def test_a_check_of_before_and_an_invented_one_say_nothing(database: str) -> None:
    hall = a_hall()
    at = now()
    older = begin_phone_check(actor=hall.facilitator, meeting_id=hall.meeting_id, address=HALL, now=at)
    latest = begin_phone_check(actor=hall.facilitator, meeting_id=hall.meeting_id, address=HALL, now=at)
    for code in (older, "", "ABCDEFGH", "x" * 500):
        with pytest.raises(NotFound):
            note_phone_reached(code=code, host="192.168.1.20:8501", now=at)
    with pytest.raises(NotFound):
        note_phone_reached(code=latest, host="192.168.1.20:8501", now=at + timedelta(hours=13))
    assert phone_check(hall.meeting_id) == PhoneCheckRow(latest, HALL, None)


def test_the_log_names_the_machine_that_the_room_is_led_to(database: str) -> None:
    hall = a_hall()
    for address in ("http://10.9.8.7:8501", ""):
        choose_room_address(actor=hall.facilitator, meeting_id=hall.meeting_id, address=address)
    with reading() as db:
        question = select(LogEntry.facts).where(LogEntry.action == "room_address_chosen").order_by(LogEntry.id)
        assert list(db.scalars(question)) == [{"host": "10.9.8.7"}, {"host": ""}]


def test_another_machine_is_known_from_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = possible_addresses.__globals__["_own_addresses"](0)
    assert [is_of_this_machine(f"http://{host}:8501") for host in ("localhost", "127.0.0.1", *own)] == [True] * (
        2 + len(own)
    )
    assert not is_of_this_machine("http://192.0.2.7:8501")
    monkeypatch.setenv("BASE_URL", "https://vote.example.org")
    settings.cache_clear()
    assert is_of_this_machine("https://vote.example.org")
    assert not is_of_this_machine("https://vote.example.com")
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("address", "host", "is_same"),
    [
        (HALL, "192.168.1.20:8501", True),
        (HALL, "localhost:8501", False),
        (HALL, "127.0.0.1:8501", False),
        (HALL, "192.168.1.20", False),
        (HALL, "", False),
        ("https://Vote.example.org", "vote.example.org", True),
        ("https://vote.example.org", "vote.example.org:443", True),
        ("http://hall.local:80", "hall.local", True),
    ],
)
def test_only_a_phone_that_came_by_the_checked_address_counts(
    sqlite_database: str, address: str, host: str, is_same: bool
) -> None:
    hall = a_hall()
    code = begin_phone_check(actor=hall.facilitator, meeting_id=hall.meeting_id, address=address)
    if is_same:
        note_phone_reached(code=code, host=host)
    else:
        with pytest.raises(Conflict, match="by another address"):
            note_phone_reached(code=code, host=host)
    seen = phone_check(hall.meeting_id)
    assert seen is not None
    assert (seen.reached_at is not None) is is_same
