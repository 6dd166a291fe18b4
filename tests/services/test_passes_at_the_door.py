"""Passes that wait at the door, and those of an open room: each is given to one, and nothing says to whom."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lib.clock import now
from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import DoorPass, LogEntry, Pass
from lib.queries.door import WaitingAtDoor, waiting_at_door
from lib.queries.open_rooms import OpenRoom, open_rooms
from lib.queries.voting import pass_batches
from lib.rules.ballots import commitment, credential
from lib.rules.lifecycle import Electorate, Role, Side
from lib.rules.voting import PassKind, RoundMode
from lib.services import passes
from lib.services.meetings import close_meeting
from lib.services.passes import Admission, admit_pass, join_open_room, mint_passes, show_next_pass
from lib.services.rounds import close_round, open_round
from lib.storage.transaction import reading
from tests.builders import a_person
from tests.counting import counted_statements
from tests.hall import Hall, a_hall
from tests.services.test_vote_races import all_at_once

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


def a_door(*, residents: int = 5, officers: int = 2) -> Hall:
    """A hall without slips, whose passes wait at the door."""
    hall = a_hall(residents=0, officers=0)
    for side, number in ((RESIDENTS, residents), (OFFICERS, officers)):
        mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=side, number=number, kind=PassKind.DOOR)
    return hall


def shown(hall: Hall, side: Electorate = RESIDENTS, **offered: object) -> str:
    return show_next_pass(actor=hall.facilitator, meeting_id=hall.meeting_id, side=side, **offered)  # type: ignore[arg-type]


def waiting() -> int:
    with reading() as db:
        return db.scalar(select(func.count()).select_from(DoorPass)) or 0


def test_twenty_tablets_at_once_show_twenty_passes(database: str) -> None:
    hall = a_door(residents=20)
    tokens = all_at_once([lambda: shown(hall)] * 20)
    assert len(set(tokens)) == 20 and all(isinstance(token, str) for token in tokens)
    assert waiting() == 2
    with pytest.raises(Conflict, match="No pass for residents is left"):
        shown(hall)
    assert {admit_pass(token=str(token)).side for token in tokens} == {RESIDENTS}
    assert admit_pass(token=shown(hall, OFFICERS)).side is OFFICERS


def test_an_offered_pass_is_taken_once_however_many_ask_for_it(database: str) -> None:
    hall = a_door()
    offered = waiting_at_door(hall.meeting_id)[RESIDENTS].offered
    taken = all_at_once([lambda: shown(hall, offered=offered)] * 8)
    assert sum(isinstance(each, str) for each in taken) == 1
    assert {each.sentence for each in taken if isinstance(each, Conflict)} == {passes.SHOWN_ALREADY}
    assert waiting() == 6
    with reading() as db:
        assert db.get(DoorPass, offered) is None


def test_an_offer_is_good_for_its_own_side_and_meeting_only(database: str) -> None:
    hall = a_door()
    offered = waiting_at_door(hall.meeting_id)[OFFICERS].offered
    for wrong in ({"offered": offered}, {"offered": uuid4()}):
        with pytest.raises(Conflict):
            shown(hall, RESIDENTS, **wrong)
    assert waiting() == 7


def test_the_door_knows_how_many_wait_and_which_comes_next(database: str) -> None:
    hall = a_door(officers=1)
    with counted_statements() as statements:
        seen = waiting_at_door(hall.meeting_id)
    assert len(statements) == 3
    assert [each.number for each in seen.values()] == [5, 1]
    with reading() as db:
        assert seen[OFFICERS].offered in set(db.scalars(select(DoorPass.id)))
    shown(hall, OFFICERS)
    assert waiting_at_door(hall.meeting_id)[OFFICERS] == WaitingAtDoor(0, None)


def test_slips_and_passes_of_an_open_room_never_wait_at_the_door(database: str) -> None:
    hall = a_hall(residents=4, officers=0)
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=3, kind=PassKind.OPEN_ROOM)
    assert waiting_at_door(hall.meeting_id)[RESIDENTS] == WaitingAtDoor(0, None)
    with pytest.raises(Conflict):
        shown(hall)


def test_showing_a_pass_is_not_logged_and_leaves_only_its_commitment(database: str) -> None:
    hall = a_door()
    with reading() as db:
        before = db.scalar(select(func.count()).select_from(LogEntry))
    token = shown(hall)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(LogEntry)) == before
        row = db.get(Pass, commitment(credential(hall.meeting_uuid, token)))
    assert row is not None and (row.serial, row.is_void) == (None, False)


def test_only_staff_show_passes_and_only_until_the_meeting_is_over(database: str) -> None:
    hall = a_door()
    auditor = a_person("Ada Auditor", side=Side.NEITHER, roles=(Role.AUDITOR,))
    for actor, refusal in ((None, SignInNeeded), (auditor, NotAllowed)):
        with pytest.raises(refusal):
            show_next_pass(actor=actor, meeting_id=hall.meeting_id, side=RESIDENTS)
    with pytest.raises(NotFound):
        show_next_pass(actor=hall.facilitator, meeting_id=99, side=RESIDENTS)
    assert show_next_pass(actor=a_person(), meeting_id=hall.meeting_id, side=RESIDENTS)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    with pytest.raises(Conflict, match="is over"):
        shown(hall)


def test_twenty_devices_at_once_get_twenty_passes_of_one_batch(database: str) -> None:
    hall = a_hall(residents=0, officers=0)
    hall.opened(mode=RoundMode.OPEN_ROOM)
    joined = all_at_once([lambda: join_open_room(meeting_id=hall.meeting_id)] * 20)
    assert all(isinstance(each, Admission) for each in joined), joined
    assert len({each.cred for each in joined if isinstance(each, Admission)}) == 20
    assert [(batch.kind, batch.size) for batch in pass_batches(hall.meeting_id)] == [
        (PassKind.OPEN_ROOM, passes.OPEN_ROOM_BATCH)
    ]
    assert waiting() == passes.OPEN_ROOM_BATCH - 20


def test_an_open_room_mints_more_when_more_devices_come_and_stops_somewhere(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall(residents=0, officers=0)
    hall.opened(mode=RoundMode.OPEN_ROOM)
    monkeypatch.setattr(passes, "OPEN_ROOM_BATCH", 3)
    monkeypatch.setattr(passes, "LARGEST_BATCH", 6)
    for _ in range(6):
        join_open_room(meeting_id=hall.meeting_id)
    assert [batch.size for batch in pass_batches(hall.meeting_id)] == [3, 3]
    with pytest.raises(Conflict, match="more passes than any hall holds"):
        join_open_room(meeting_id=hall.meeting_id)


def test_nobody_joins_before_an_open_room_opens_or_after_it_closed(database: str) -> None:
    hall = a_hall()
    row = hall.planned(mode=RoundMode.OPEN_ROOM)
    with pytest.raises(Conflict, match="No open room"):
        join_open_room(meeting_id=hall.meeting_id)
    assert open_rooms() == ()
    passes_before = len(pass_batches(hall.meeting_id))
    opened = open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with counted_statements() as statements:
        rooms = open_rooms()
    assert len(statements) == 1
    assert rooms == (
        OpenRoom(hall.meeting_id, hall.meeting_uuid, "Spring meeting", "Community Room", row.question, row.eligibility),
    )
    assert open_rooms(now=opened.closes_at) == ()
    with pytest.raises(Conflict):
        join_open_room(meeting_id=hall.meeting_id, now=opened.closes_at)
    close_round(actor=hall.facilitator, round_id=row.id)
    with pytest.raises(Conflict):
        join_open_room(meeting_id=hall.meeting_id, now=now())
    assert len(pass_batches(hall.meeting_id)) == passes_before
    with pytest.raises(NotFound):
        join_open_room(meeting_id=99)


def test_an_open_room_has_no_officers_passes(database: str) -> None:
    hall = a_hall(residents=0, officers=0)
    with pytest.raises(Invalid):
        mint_passes(
            actor=hall.facilitator, meeting_id=hall.meeting_id, side=OFFICERS, number=1, kind=PassKind.OPEN_ROOM
        )
