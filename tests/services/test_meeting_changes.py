"""A planned meeting is changed or cancelled, and an opening is taken back while nothing has happened."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import LogEntry, Meeting
from lib.queries.meetings import coming_meetings, meeting, meeting_detail
from lib.queries.opening import what_happened
from lib.rules.checkin import FIRST
from lib.rules.lifecycle import Electorate, MeetingState
from lib.rules.rights import Actor
from lib.rules.voting import PassKind
from lib.services.checkin import count_answers
from lib.services.door import show_next_pass
from lib.services.meeting_changes import (
    cancel_meeting,
    change_meeting,
    take_back_agenda_step,
    take_back_opening,
)
from lib.services.meetings import add_agenda_item, begin_agenda_item, open_meeting, plan_meeting
from lib.services.minutes import note_minute
from lib.services.passes import mint_passes
from lib.services.planning import plan_round, translate_round
from lib.storage.transaction import reading
from tests.builders import NOON, a_beat, a_coordinator, a_facilitator, a_goal, a_person
from tests.hall import Hall, a_hall


def a_plan(hall: Hall, *, beats: tuple[str, ...] = ("K2",)) -> int:
    return plan_meeting(
        actor=hall.facilitator,
        title="Spring meeting",
        place="Library",
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=2),
        beat_codes=beats,
        now=NOON,
    )


def changed(actor: Actor | None, meeting_id: int, **wishes: object) -> None:
    given: dict[str, object] = {
        "title": "Summer meeting",
        "place": "School",
        "starts_at": NOON + timedelta(days=7),
        "ends_at": NOON + timedelta(days=7, hours=1),
        "beat_codes": ["K2"],
        "access": "Ring twice",
        "wifi": "School",
        "now": NOON,
    }
    change_meeting(actor=actor, meeting_id=meeting_id, **(given | wishes))  # type: ignore[arg-type]


def prepared(hall: Hall, meeting_id: int, goal_ids: list[int]) -> int:
    return plan_round(
        actor=hall.facilitator,
        meeting_id=meeting_id,
        question="Which goals?",
        eligibility="Everybody",
        goal_ids=goal_ids,
        places=1,
    )


def uuid_of(meeting_id: int) -> UUID:
    with reading() as db:
        return db.scalars(select(Meeting.uuid).where(Meeting.id == meeting_id)).one()


def logged() -> list[tuple[str, dict[str, object]]]:
    with reading() as db:
        return [(row.action, row.facts) for row in db.scalars(select(LogEntry).order_by(LogEntry.id))]


def test_a_planned_meeting_gets_another_title_place_time_and_beats(database: str) -> None:
    hall = a_hall()
    a_beat("K3", west=-122.30)
    meeting_id = a_plan(hall)
    changed(a_coordinator(), meeting_id, beat_codes=["K3", "K2"])
    row = meeting(uuid_of(meeting_id))
    assert (row.title, row.place, row.access, row.wifi) == ("Summer meeting", "School", "Ring twice", "School")
    assert (row.starts_at, row.ends_at) == (NOON + timedelta(days=7), NOON + timedelta(days=7, hours=1))
    assert row.beat_codes == ("K2", "K3")
    assert logged()[-1] == ("meeting_changed", {"beats": "K2,K3"})


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"title": " "}, Invalid),
        ({"ends_at": NOON}, Invalid),
        ({"starts_at": NOON - timedelta(days=1)}, Invalid),
        ({"beat_codes": []}, Invalid),
        ({"beat_codes": ["nowhere"]}, NotFound),
        ({"now": NOON + timedelta(days=30)}, Invalid),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(
    database: str, wrong: dict[str, object], error: type[Exception]
) -> None:
    hall = a_hall()
    meeting_id = a_plan(hall)
    before = meeting(uuid_of(meeting_id))
    with pytest.raises(error):
        changed(hall.facilitator, meeting_id, **wrong)
    assert meeting(uuid_of(meeting_id)) == before


def test_a_late_meeting_keeps_its_beginning_when_only_its_place_changes(database: str) -> None:
    hall = a_hall()
    meeting_id = a_plan(hall)
    late = NOON + timedelta(hours=3)
    changed(hall.facilitator, meeting_id, starts_at=NOON, ends_at=NOON + timedelta(hours=5), now=late)
    assert meeting(uuid_of(meeting_id)).place == "School"


def test_a_beat_whose_goals_are_on_a_prepared_vote_stays(database: str) -> None:
    hall = a_hall()
    other = a_beat("K3", west=-122.30)
    meeting_id = a_plan(hall, beats=("K2", "K3"))
    prepared(hall, meeting_id, [a_goal(other, "A lamp")])
    with pytest.raises(Conflict, match="Round 1 is prepared on goals of a beat that you take off"):
        changed(hall.facilitator, meeting_id)


def test_a_cancelled_meeting_is_gone_with_its_agenda_votes_and_passes(database: str) -> None:
    hall = a_hall()
    meeting_id = a_plan(hall)
    uuid = uuid_of(meeting_id)
    round_id = prepared(hall, meeting_id, hall.goal_ids)
    translate_round(actor=hall.facilitator, round_id=round_id, language="es", question="¿Qué?", eligibility="Todos")
    add_agenda_item(actor=hall.facilitator, meeting_id=meeting_id, title="Vote", minutes=5, round_id=round_id)
    for kind in (PassKind.SLIPS, PassKind.DOOR):
        mint_passes(actor=hall.facilitator, meeting_id=meeting_id, side=Electorate.RESIDENTS, number=3, kind=kind)
    cancel_meeting(actor=hall.facilitator, meeting_id=meeting_id)
    assert [row.id for row in coming_meetings(now=NOON)] == [hall.meeting_id]
    with pytest.raises(NotFound):
        meeting(uuid)
    assert logged()[-1] == ("meeting_cancelled", {"votes": 1})
    with pytest.raises(NotFound):
        cancel_meeting(actor=hall.facilitator, meeting_id=meeting_id)


def test_a_meeting_that_begun_or_holds_minutes_is_neither_cancelled_nor_changed(database: str) -> None:
    hall = a_hall()
    with pytest.raises(Conflict, match="has begun"):
        cancel_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    with pytest.raises(Conflict, match="has begun"):
        changed(hall.facilitator, hall.meeting_id)
    meeting_id = a_plan(hall)
    note_minute(actor=hall.facilitator, meeting_id=meeting_id, text="The library gives us the room.")
    with pytest.raises(Conflict, match="stands in the minutes"):
        cancel_meeting(actor=hall.facilitator, meeting_id=meeting_id)


def test_an_opening_is_taken_back_while_nothing_has_happened(database: str) -> None:
    hall = a_hall()
    meeting_id = a_plan(hall)
    item = add_agenda_item(actor=hall.facilitator, meeting_id=meeting_id, title="Welcome", minutes=5)
    mint_passes(actor=hall.facilitator, meeting_id=meeting_id, side=Electorate.RESIDENTS, number=3, kind=PassKind.DOOR)
    open_meeting(actor=hall.facilitator, meeting_id=meeting_id)
    begin_agenda_item(actor=hall.facilitator, meeting_id=meeting_id, item_id=item)
    assert what_happened(meeting_id) == ""
    take_back_opening(actor=hall.facilitator, meeting_id=meeting_id)
    detail = meeting_detail(uuid_of(meeting_id))
    assert detail.meeting.state is MeetingState.PLANNED
    assert [step.started_at for step in detail.agenda] == [None]
    assert logged()[-1] == ("meeting_opening_taken_back", {})
    with pytest.raises(Conflict, match="somebody else did it a moment ago"):
        take_back_opening(actor=hall.facilitator, meeting_id=meeting_id)


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        ("vote", "A vote was opened"),
        ("pass", "A pass was handed out at the door"),
        ("answer", "Answers were counted at the door"),
    ],
)
def test_an_opening_stays_once_something_has_happened(database: str, happens: str, sentence: str) -> None:
    hall = a_hall()
    if happens == "vote":
        hall.opened()
    elif happens == "pass":
        about = {"actor": hall.facilitator, "meeting_id": hall.meeting_id, "side": Electorate.RESIDENTS}
        mint_passes(**about, number=3, kind=PassKind.DOOR)  # type: ignore[arg-type]
        show_next_pass(**about)  # type: ignore[arg-type]
    else:
        count_answers(actor=hall.facilitator, meeting_id=hall.meeting_id, answers={FIRST: "yes"})
    assert what_happened(hall.meeting_id) == sentence
    with pytest.raises(Conflict, match=f"{sentence}, so the opening cannot be taken back"):
        take_back_opening(actor=hall.facilitator, meeting_id=hall.meeting_id)


def test_a_step_begun_by_mistake_is_taken_back_the_last_one_too(database: str) -> None:
    hall = a_hall()
    about = {"actor": hall.facilitator, "meeting_id": hall.meeting_id}
    items = [add_agenda_item(**about, title=title, minutes=5) for title in ("Welcome", "Vote")]  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="No step has been begun"):
        take_back_agenda_step(**about)  # type: ignore[arg-type]
    for minutes, item in enumerate(items):
        begin_agenda_item(**about, item_id=item, now=NOON + timedelta(minutes=minutes))  # type: ignore[arg-type]
    take_back_agenda_step(**about)  # type: ignore[arg-type]
    assert [step.started_at for step in meeting_detail(hall.meeting_uuid).agenda] == [NOON, None]
    assert logged()[-1] == ("agenda_item_taken_back", {"item": items[1]})
    with pytest.raises(NotAllowed):
        take_back_agenda_step(actor=a_person(), meeting_id=hall.meeting_id)
    planned = a_plan(hall)
    with pytest.raises(Conflict, match="while the meeting is open"):
        take_back_agenda_step(actor=hall.facilitator, meeting_id=planned)


def test_whoever_may_not_plan_or_run_changes_nothing(database: str) -> None:
    hall = a_hall()
    meeting_id = a_plan(hall)
    for nobody, error in ((None, SignInNeeded), (a_person(), NotAllowed)):
        with pytest.raises(error):
            changed(nobody, meeting_id)
        with pytest.raises(error):
            cancel_meeting(actor=nobody, meeting_id=meeting_id)
        with pytest.raises(error):
            take_back_opening(actor=nobody, meeting_id=hall.meeting_id)
    with pytest.raises(NotAllowed):
        take_back_opening(actor=a_coordinator(), meeting_id=hall.meeting_id)
    take_back_opening(actor=a_facilitator("Another"), meeting_id=hall.meeting_id)
