"""The minutes: drafted from what happened, changed by people, approved by both sides, and then left alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Executable, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from lib.clock import now
from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import City, Goal, Meeting, Minute, MinutesApproval, Person
from lib.queries.log import log_entries
from lib.queries.meetings import agenda, meeting, meeting_detail
from lib.queries.minutes import Minutes, minutes_of, who_may_approve
from lib.queries.minutes_draft import drafted_lines
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, MeetingState, Party, Side
from lib.rules.minutes import MinuteKind
from lib.services.commitments import accept_commitment, countersign_commitment, offer_commitment
from lib.services.meetings import add_agenda_item, begin_agenda_item, close_meeting
from lib.services.minutes import approve_minutes, change_minute, draft_minutes, move_minute, note_minute, strike_minute
from lib.storage.transaction import reading, writing
from tests.builders import a_beat, a_city, a_coordinator, a_facilitator, a_goal, a_meeting, a_person, a_witness
from tests.counting import counted_statements
from tests.hall import TITLES, Hall, a_hall
from tests.meeting_builders import a_commitment

NOTE, DECISION, PROMISE = MinuteKind.NOTE, MinuteKind.DECISION, MinuteKind.PROMISE


def texts(hall: Hall) -> dict[str, str]:
    """The lines that stand, by what they were drafted from."""
    return {line.source: line.text for line in meeting_detail(hall.meeting_uuid).minutes}


def a_closed_hall() -> Hall:
    hall = a_hall(residents=0, officers=0)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    return hall


def read(hall: Hall) -> Minutes:
    return minutes_of(hall.meeting_id)


def state_of(hall: Hall) -> MeetingState:
    return meeting(hall.meeting_uuid).state


def test_a_vote_is_minuted_with_the_turnout_of_each_side_and_what_is_owed(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(21):
        hall.votes(row, voter, *((0, 1) if voter < 15 else (2,)))
    for voter in range(4):
        hall.votes(row, voter, 0, side=Electorate.OFFICERS)
    hall.counted(row)
    hall.published(row)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    told = texts(hall)
    assert told[f"round:{row.id}:counted"] == (
        f"Round 1 was counted: 21 of 25 residents and 4 of 6 officers voted. Carried by neither side: {TITLES[2]}."
    )
    assert told[f"round:{row.id}:opened"].endswith("“Which goals shall we work on?” 3 goals, 1 place.")
    (owed,) = [text for source, text in told.items() if source.startswith("owed:")]
    assert owed.startswith(f"The officers answer in writing on “{TITLES[1]}” by ")
    lines = meeting_detail(hall.meeting_uuid).minutes
    assert [line.kind for line in lines] == [NOTE, NOTE, NOTE, DECISION, PROMISE, NOTE]


def test_an_advisory_vote_says_nothing_per_goal(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(3):
        hall.votes(row, voter, 0)
    hall.votes(row, 0, 0, side=Electorate.OFFICERS)
    hall.counted(row)
    hall.published(row)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    assert texts(hall)[f"round:{row.id}:counted"] == (
        "Round 1 was counted: 3 of 25 residents and 1 of 6 officers voted."
    )


def test_what_was_promised_and_settled_in_the_meeting_is_minuted_with_its_side(database: str) -> None:
    hall = a_hall(residents=0, officers=0)
    officer = a_person("Sgt. Ruiz", beats=(hall.beat_id,))
    goal = a_goal(hall.beat_id, "Lamps", state=GoalState.ADOPTED)
    earlier = a_commitment(goal, "Count the lamps", due_on=date(2026, 4, 1))
    away = a_beat("K9", west=-122.2)
    elsewhere = a_goal(away, "Elsewhere", state=GoalState.ADOPTED)
    with reading() as db:
        uuids = {row.id: row.uuid for row in db.execute(select(Goal.id, Goal.uuid))}
    due_on = now().date() + timedelta(days=30)
    offer = {"party": Party.OFFICERS, "owner": "Sgt. Ruiz", "deliverable": "Mend two lamps", "due_on": due_on}
    new = offer_commitment(actor=officer, goal_uuid=uuids[goal], **offer)
    accept_commitment(actor=officer, commitment_id=new)
    countersign_commitment(actor=hall.facilitator, commitment_id=earlier, verdict=CommitmentState.KEPT)
    offer_commitment(actor=a_person("Ofc. Park", beats=(away,)), goal_uuid=uuids[elsewhere], **offer)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    told = texts(hall)
    by = f"{due_on.day} {due_on:%B %Y}"
    assert {source: text for source, text in told.items() if source.startswith("commitment:")} == {
        f"commitment:{new}:promised": (
            f"Sgt. Ruiz (officers): Mend two lamps, by {by}. Offered and taken on for “Lamps”."
        ),
        f"commitment:{earlier}:countersigned:residents": (
            "“Count the lamps” (officers) was countersigned as kept by the residents, for “Lamps”."
        ),
    }


def test_the_agenda_as_it_went_and_the_next_date_are_minuted(database: str) -> None:
    hall = a_hall(residents=0, officers=0)
    with writing() as db:
        db.execute(update(City).values(time_zone="America/Los_Angeles"))
    for title in ("Welcome", "Lamps", "Close"):
        add_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, title=title, minutes=10)
    steps = agenda(meeting(hall.meeting_uuid))
    at = now().replace(hour=2, minute=31)
    for place, step in enumerate(steps[:2]):
        begun = at + timedelta(minutes=11 * place)
        begin_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, item_id=step.id, now=begun)
    following = now() + timedelta(days=30)
    a_meeting(hall.beat_id, starts_at=following.replace(hour=12, minute=0), state=MeetingState.PLANNED)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    told = texts(hall)
    assert told["agenda"] in (
        "Agenda as it went: Welcome (6:31 pm); Lamps (6:42 pm). Not reached: Close.",
        "Agenda as it went: Welcome (7:31 pm); Lamps (7:42 pm). Not reached: Close.",
    )
    assert told["next"].startswith("The next meeting is on ")
    assert told["next"].endswith("am: Community Room.")


def test_drafting_again_adds_what_is_new_and_brings_back_nothing_that_was_struck(database: str) -> None:
    hall = a_closed_hall()
    opened, closed = read(hall).lines
    strike_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, minute_id=opened.id)
    change_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, minute_id=closed.id, text="We ended early.")
    assert draft_minutes(actor=hall.facilitator, meeting_id=hall.meeting_id) == 0
    a_meeting(hall.beat_id, starts_at=now() + timedelta(days=30), state=MeetingState.PLANNED)
    assert draft_minutes(actor=hall.facilitator, meeting_id=hall.meeting_id) == 1
    assert [(line.source, line.is_struck) for line in read(hall).lines] == [
        ("opened", True),
        ("closed", False),
        ("next", False),
    ]
    assert texts(hall)["closed"] == "We ended early."
    strike_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, minute_id=opened.id, is_struck=False)
    assert "opened" in texts(hall)


def test_a_facilitator_of_each_side_approves_on_one_screen_and_then_nothing_changes(database: str) -> None:
    hall = a_closed_hall()
    minutes = read(hall)
    assert minutes.missing.startswith("A facilitator of the residents’ side and one of the officers’ side")
    at = now()
    assert approve_minutes(
        actor=hall.facilitator,
        meeting_id=hall.meeting_id,
        text_hash=minutes.text_hash,
        second=hall.second,
        now=at,
    )
    row = meeting(hall.meeting_uuid)
    assert (row.state, row.minuted_at) == (MeetingState.MINUTED, at)
    assert [(each.name, each.side) for each in read(hall).approvals] == [
        ("Rosa Delgado", Side.RESIDENTS),
        ("Sgt. Noor Haddad", Side.OFFICERS),
    ]
    assert [entry.action for entry in log_entries()[:2]] == ["meeting_minuted", "minutes_approved"]
    about = {"actor": hall.facilitator, "meeting_id": hall.meeting_id}
    line = minutes.lines[0].id
    for change in (
        lambda: note_minute(**about, text="One thing more"),
        lambda: change_minute(**about, minute_id=line, text="Other"),
        lambda: strike_minute(**about, minute_id=line),
        lambda: draft_minutes(**about),
        lambda: approve_minutes(**about, text_hash=minutes.text_hash),
    ):
        with pytest.raises(Conflict, match="approved and stay"):
            change()
    assert read(hall).lines == minutes.lines


def test_each_side_can_approve_on_its_own_and_a_change_lets_the_first_approval_fall(database: str) -> None:
    hall = a_closed_hall()
    officers = a_facilitator("Sam Reyes", side=Side.OFFICERS)
    about = {"meeting_id": hall.meeting_id}
    before = read(hall).text_hash
    assert not approve_minutes(actor=hall.facilitator, **about, text_hash=before)
    assert read(hall).missing == "A facilitator of the officers’ side has not approved yet."
    note_minute(actor=officers, **about, text="The choir sang.", kind=PROMISE)
    assert read(hall).approvals == ()
    with reading() as db:
        assert db.scalars(select(MinutesApproval)).all() == []
    with pytest.raises(Conflict, match="changed while you read"):
        approve_minutes(actor=officers, **about, text_hash=before)
    after = read(hall).text_hash
    assert not approve_minutes(actor=officers, **about, text_hash=after)
    assert not approve_minutes(actor=officers, **about, text_hash=after), "twice the same side is not both"
    assert state_of(hall) is MeetingState.CLOSED
    assert approve_minutes(actor=hall.facilitator, **about, text_hash=after)
    assert state_of(hall) is MeetingState.MINUTED


def test_where_one_side_has_no_facilitator_two_different_people_approve(database: str) -> None:
    hall = a_closed_hall()
    with writing() as db:
        db.execute(update(Person).where(Person.id == hall.second.person_id).values(is_active=False))
    coordinator = a_coordinator()
    about = {"meeting_id": hall.meeting_id, "text_hash": read(hall).text_hash}
    assert not approve_minutes(actor=coordinator, **about)
    assert read(hall).missing == "A second person has not approved yet."
    assert approve_minutes(actor=hall.facilitator, **about)


def test_who_may_not_approve_is_told_so_and_nothing_is_kept(database: str) -> None:
    hall = a_closed_hall()
    about = {"meeting_id": hall.meeting_id, "text_hash": read(hall).text_hash}
    wrong_pin = type(hall.second)(hall.second.person_id, "0000")
    oneself = type(hall.second)(hall.facilitator.person_id, "4711")
    for actor, second, error in (
        (None, None, SignInNeeded),
        (a_person(beats=(hall.beat_id,)), None, NotAllowed),
        (a_coordinator(), None, NotAllowed),
        (hall.facilitator, wrong_pin, Invalid),
        (hall.facilitator, oneself, Conflict),
    ):
        with pytest.raises(error):
            approve_minutes(actor=actor, second=second, **about)
    with pytest.raises(NotAllowed, match="A facilitator of each side"):
        officer = a_witness("Ofc. Lind")
        with writing() as db:
            db.execute(update(Person).where(Person.id == officer.person_id).values(side=Side.NEITHER))
        approve_minutes(actor=hall.facilitator, second=officer, **about)
    assert (read(hall).approvals, state_of(hall)) == ((), MeetingState.CLOSED)


def test_only_people_whose_approval_counts_are_offered(database: str) -> None:
    hall = a_closed_hall()
    coordinator, officer = a_coordinator(), a_person(beats=(hall.beat_id,))
    assert who_may_approve() == {hall.facilitator.person_id, hall.second.person_id}
    with writing() as db:
        db.execute(update(Person).where(Person.id == hall.second.person_id).values(is_active=False))
    assert who_may_approve() == {hall.facilitator.person_id, coordinator.person_id}
    assert officer.person_id not in who_may_approve()


def test_lines_change_by_hand_except_decisions_and_only_by_who_runs_meetings(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.counted(row)
    about = {"actor": hall.facilitator, "meeting_id": hall.meeting_id}
    close_meeting(**about)
    with pytest.raises(Conflict, match="Round 1 is counted and not published"):
        approve_minutes(**about, text_hash=read(hall).text_hash)
    hall.published(row)
    lines = read(hall).lines
    decision = next(line for line in lines if line.kind is DECISION)
    line = lines[0].id
    for change in (
        lambda: change_minute(**about, minute_id=decision.id, text="We decided otherwise"),
        lambda: strike_minute(**about, minute_id=decision.id),
    ):
        with pytest.raises(Conflict, match="A decision stands"):
            change()
    with pytest.raises(Invalid):
        change_minute(**about, minute_id=line, text="  ")
    with pytest.raises(NotFound):
        change_minute(**about, minute_id=line + 999, text="Nothing")
    for actor, error in ((None, SignInNeeded), (a_person(beats=(hall.beat_id,)), NotAllowed)):
        for change in (
            lambda who: change_minute(actor=who, meeting_id=hall.meeting_id, minute_id=line, text="Mine"),
            lambda who: strike_minute(actor=who, meeting_id=hall.meeting_id, minute_id=line),
            lambda who: draft_minutes(actor=who, meeting_id=hall.meeting_id),
        ):
            with pytest.raises(error):
                change(actor)
    assert read(hall).lines == lines


def test_lines_are_moved_among_their_kind_and_later_ones_come_last(database: str) -> None:
    hall = a_closed_hall()
    about = {"actor": hall.facilitator, "meeting_id": hall.meeting_id}
    first, struck, second = (note_minute(**about, text=f"Line {name}.") for name in "abc")
    promise = note_minute(**about, text="A promise.", kind=PROMISE)
    strike_minute(**about, minute_id=struck)
    move_minute(**about, minute_id=second, is_up=True)
    noted = [line.id for line in read(hall).lines if line.id in (first, struck, second, promise)]
    assert noted == [second, first, struck, promise]
    approve_minutes(**about, text_hash=read(hall).text_hash)
    move_minute(**about, minute_id=second, is_up=False)
    assert [line.id for line in read(hall).lines if line.id in (first, struck, second)] == [first, second, struck]
    assert read(hall).approvals == ()
    last = note_minute(**about, text="Afterwards.")
    assert read(hall).lines[-1].id == last
    assert [line.text for line in meeting_detail(hall.meeting_uuid).minutes] == [
        line.text for line in read(hall).standing
    ]
    assert [entry.action for entry in log_entries()[:2]] == ["minute_noted", "minute_moved"]


def test_what_cannot_be_moved_says_why(database: str) -> None:
    hall = a_closed_hall()
    about = {"actor": hall.facilitator, "meeting_id": hall.meeting_id}
    only = note_minute(**about, text="A promise.", kind=PROMISE)
    with pytest.raises(Conflict, match="no line above"):
        move_minute(**about, minute_id=only, is_up=True)
    with pytest.raises(Conflict, match="no line below"):
        move_minute(**about, minute_id=only, is_up=False)
    with pytest.raises(NotFound):
        move_minute(**about, minute_id=only + 999, is_up=True)
    with pytest.raises(SignInNeeded):
        move_minute(actor=None, meeting_id=hall.meeting_id, minute_id=only, is_up=True)
    with pytest.raises(NotAllowed):
        move_minute(actor=a_person("Max"), meeting_id=hall.meeting_id, minute_id=only, is_up=True)
    with writing() as db:
        decision = Minute(meeting_id=hall.meeting_id, kind=DECISION, text="Decided.", noted_at=now())
        db.add(decision)
        db.flush()
        number = decision.id
    with pytest.raises(Conflict, match="decision stands"):
        move_minute(**about, minute_id=number, is_up=True)


@pytest.mark.parametrize("change", ["closed again", "deleted"])
def test_the_database_itself_keeps_a_minuted_meeting_minuted(database: str, change: str) -> None:
    hall = a_closed_hall()
    note_minute(actor=hall.facilitator, meeting_id=hall.meeting_id, text="The choir sang.")
    approve_minutes(
        actor=hall.facilitator, meeting_id=hall.meeting_id, text_hash=read(hall).text_hash, second=hall.second
    )
    statement: Executable = update(Meeting).where(Meeting.id == hall.meeting_id).values(state=MeetingState.CLOSED)
    if change == "deleted":
        statement = delete(Meeting).where(Meeting.id == hall.meeting_id)
    with pytest.raises(DBAPIError, match="minutes are approved stays so"), writing() as db:
        db.execute(statement)
    with writing() as db:
        db.execute(update(Meeting).where(Meeting.id == hall.meeting_id).values(title="A better title"))
    assert state_of(hall) is MeetingState.MINUTED


def test_minutes_are_drafted_and_approved_only_when_the_meeting_is_over(database: str) -> None:
    hall = a_hall(residents=0, officers=0)
    with pytest.raises(Conflict, match="when the meeting is over"):
        draft_minutes(actor=hall.facilitator, meeting_id=hall.meeting_id)
    with pytest.raises(Conflict, match="when the meeting is over"):
        approve_minutes(actor=hall.facilitator, meeting_id=hall.meeting_id, text_hash=read(hall).text_hash)
    with pytest.raises(NotFound):
        draft_minutes(actor=hall.facilitator, meeting_id=hall.meeting_id + 99)


@pytest.mark.parametrize("number", [1, 3])
def test_drafting_reads_as_much_however_much_happened(database: str, number: int) -> None:
    hall = a_hall(residents=0, officers=0)
    officer = a_person("Sgt. Ruiz", beats=(hall.beat_id,))
    with reading() as db:
        uuids = list(db.scalars(select(Goal.uuid)))
    for place in range(number):
        add_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, title="Step", minutes=5)
        offer_commitment(
            actor=officer,
            goal_uuid=uuids[place],
            party=Party.OFFICERS,
            owner="Sgt. Ruiz",
            deliverable="Mend a lamp",
            due_on=now().date() + timedelta(days=9),
        )
    row = meeting(hall.meeting_uuid)
    with counted_statements() as sent:
        lines = drafted_lines(row)
    assert (len([line for line in lines if line.source.endswith("promised")]), len(sent)) == (number, 13)


@pytest.mark.parametrize("number", [1, 3])
def test_the_minutes_take_four_statements_however_long(database: str, number: int) -> None:
    a_city()
    facilitator = a_facilitator()
    held = a_meeting(a_beat(), state=MeetingState.CLOSED)
    for _ in range(number):
        note_minute(actor=facilitator, meeting_id=held, text="Said")
    approve_minutes(actor=facilitator, meeting_id=held, text_hash=minutes_of(held).text_hash)
    with counted_statements() as sent:
        found = minutes_of(held)
    assert (len(found.lines), len(found.approvals), len(sent)) == (number, 1, 4)


@pytest.mark.parametrize(
    "change",
    [
        insert(Minute).values(meeting_id=1, kind=NOTE, text="Added later", noted_at=now()),
        update(Minute).where(Minute.meeting_id == 1).values(text="Said otherwise"),
        update(Minute).where(Minute.meeting_id == 1).values(is_struck=True),
        update(Minute).where(Minute.meeting_id == 1).values(meeting_id=2),
        update(Minute).where(Minute.meeting_id == 2).values(meeting_id=1),
        delete(Minute).where(Minute.meeting_id == 1),
    ],
    ids=["insert", "text", "struck", "away", "into", "delete"],
)
def test_the_database_itself_refuses_to_change_approved_minutes(database: str, change: Executable) -> None:
    hall = a_closed_hall()
    other = a_meeting(hall.beat_id)
    assert (hall.meeting_id, other) == (1, 2)
    for meeting_id in (hall.meeting_id, other):
        note_minute(actor=hall.facilitator, meeting_id=meeting_id, text="We met.")
    approve_minutes(actor=hall.facilitator, meeting_id=1, text_hash=read(hall).text_hash, second=hall.second)
    before = read(hall)
    with pytest.raises(DBAPIError, match="approved minutes stay as they were approved"), writing() as db:
        db.execute(change)
    assert read(hall) == before
    with writing() as db:
        db.execute(update(Minute).where(Minute.meeting_id == 2).values(text="Drafts change."))
