"""Passes that wait at the door, and those of an open room: each is given to one, and nothing says to whom."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, inspect, select

from lib.clock import now
from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded, TooMany
from lib.model import DoorPass, LogEntry, Pass
from lib.queries.door import HandedOut, WaitingAtDoor, handed_out, waiting_at_door
from lib.queries.downloads import round_download
from lib.queries.open_rooms import OpenRoom, open_rooms
from lib.queries.reconciling import reconciliation
from lib.queries.voting import pass_batches
from lib.rules.ballots import commitment, credential
from lib.rules.lifecycle import Electorate, Role, Side
from lib.rules.rights import Actor
from lib.rules.voting import PassKind, RoundMode
from lib.services import admission, door
from lib.services.admission import Admission, admit_pass, join_open_room
from lib.services.door import show_next_pass
from lib.services.meetings import close_meeting
from lib.services.passes import mint_passes
from lib.services.publishing import publish_round
from lib.services.reconciling import reconcile_side
from lib.services.rounds import close_round, open_round
from lib.storage.engine import engine
from lib.storage.transaction import reading
from tests.builders import a_beat, a_coordinator, a_facilitator, a_person
from tests.counting import counted_statements
from tests.hall import Hall, a_hall
from tests.published import files_of
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


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait; those about the pace set it again."""
    door._last.clear()
    monkeypatch.setattr(door, "PACE", timedelta(0))


def test_one_person_hands_out_a_pass_every_two_seconds_and_others_do_not_wait(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PACE", timedelta(seconds=2))
    hall, moment = a_door(), now()
    colleague = a_facilitator("Noor")

    def at(seconds: float, actor: Actor = hall.facilitator) -> str:
        later = moment + timedelta(seconds=seconds)
        return show_next_pass(actor=actor, meeting_id=hall.meeting_id, side=RESIDENTS, now=later)

    at(0)
    with pytest.raises(TooMany, match="wait two seconds"):
        at(1.9)
    assert waiting() == 6
    at(0, colleague)
    at(2)
    taken = all_at_once([lambda: at(10)] * 5)
    assert sum(isinstance(each, str) for each in taken) == 1
    assert waiting() == 3


def test_an_officer_hands_out_passes_at_the_own_beats_door_only(database: str) -> None:
    hall = a_door()
    elsewhere = a_person("Sam Ortiz", beats=(a_beat("K3"),))
    with pytest.raises(NotAllowed, match="own beats only"):
        show_next_pass(actor=elsewhere, meeting_id=hall.meeting_id, side=RESIDENTS)
    assert waiting() == 7
    own = a_person("Maya", beats=(hall.beat_id,))
    assert show_next_pass(actor=own, meeting_id=hall.meeting_id, side=RESIDENTS)
    assert show_next_pass(actor=a_coordinator(), meeting_id=hall.meeting_id, side=RESIDENTS)


def test_how_many_somebody_handed_out_is_counted_and_logged_at_closing(database: str) -> None:
    hall = a_door()
    officer = a_person("Maya", beats=(hall.beat_id,))
    for _ in range(2):
        show_next_pass(actor=officer, meeting_id=hall.meeting_id, side=RESIDENTS)
    shown(hall)
    shown(hall, OFFICERS)
    rosa = hall.facilitator
    assert handed_out(hall.meeting_id) == (
        HandedOut(RESIDENTS, officer.person_id, "Maya", 2),
        HandedOut(RESIDENTS, rosa.person_id, rosa.name, 1),
        HandedOut(OFFICERS, rosa.person_id, rosa.name, 1),
    )
    columns = [column["name"] for column in inspect(engine()).get_columns("door_tally")]
    assert columns == ["meeting_id", "side", "person_id", "number"]
    row = hall.opened()
    hall.counted(row)
    for side, left in ((RESIDENTS, 0), (OFFICERS, 0)):
        reconcile_side(actor=rosa, round_id=row.id, side=side, slips_left=left, slips_spoiled=0, paper_slips=0)
    assert [each.door_shown for each in reconciliation(row.id)] == [3, 1]
    publish_round(actor=rosa, second=hall.second, round_id=row.id)
    shown(hall)
    assert [each.door_shown for each in reconciliation(row.id)] == [3, 1]
    passes_of = json.loads(files_of(round_download(row.uuid).content)["result.json"])["passes"]
    assert [passes_of[side]["shown_at_the_door"] for side in ("residents", "officers")] == [3, 1]
    close_meeting(actor=rosa, meeting_id=hall.meeting_id)
    with reading() as db:
        facts = db.scalar(select(LogEntry.facts).where(LogEntry.action == "meeting_closed"))
    assert facts == {
        f"door_residents_by_{officer.person_id}": 2,
        f"door_residents_by_{rosa.person_id}": 2,
        f"door_officers_by_{rosa.person_id}": 1,
    }


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
    assert {each.sentence for each in taken if isinstance(each, Conflict)} == {door.SHOWN_ALREADY}
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
    assert show_next_pass(actor=a_person(beats=(hall.beat_id,)), meeting_id=hall.meeting_id, side=RESIDENTS)
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
        (PassKind.OPEN_ROOM, admission.OPEN_ROOM_BATCH)
    ]
    assert waiting() == admission.OPEN_ROOM_BATCH - 20


def test_an_open_room_mints_more_when_more_devices_come_and_stops_somewhere(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall(residents=0, officers=0)
    hall.opened(mode=RoundMode.OPEN_ROOM)
    monkeypatch.setattr(admission, "OPEN_ROOM_BATCH", 3)
    monkeypatch.setattr(admission, "LARGEST_BATCH", 6)
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
