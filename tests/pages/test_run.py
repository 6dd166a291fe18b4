"""The console leads through a vote: two people where it takes two, a warning before what cannot be taken back."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from lib.clock import now
from lib.model import Person, Round
from lib.queries.live import live_snapshot
from lib.queries.meetings import coming_meetings, meeting_detail
from lib.queries.results import round_result
from lib.queries.voting import round_of
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.voting import RoundMode
from lib.services.rounds import close_round, extend_round
from lib.storage.transaction import writing
from tests.builders import a_coordinator, a_facilitator, a_goal, a_meeting
from tests.hall import TITLES, Hall, a_hall
from tests.pages.run_console import count_slips, is_there, number_field, press, press_together, said
from tests.pages.visiting import page_text, visit

RESIDENTS, OFFICERS = Electorate


def everybody_votes(hall: Hall, row) -> None:
    """21 residents and 4 officers: the first goal is carried by both, the second by residents only."""
    for voter in range(21):
        hall.votes(row, voter, *((0, 1) if voter < 15 else (2,)))
    for voter in range(4):
        hall.votes(row, voter, 0, side=OFFICERS)


def closed(hall: Hall):
    """A round in which everybody voted, closed by hand."""
    row = hall.opened()
    everybody_votes(hall, row)
    close_round(actor=hall.facilitator, round_id=row.id)
    return row


def state(row) -> RoundState:
    return round_of(row.id).state


def test_a_whole_vote_from_the_console(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    assert console.title[0].value == "Round 1 is next"
    press_together(console, "Open the vote", hall)
    everybody_votes(hall, row)
    press(console, "Close the vote")
    assert state(row) is RoundState.OPEN, "the first press only asks"
    press(console, "Yes, close it now")
    assert state(row) is RoundState.CLOSED
    assert not is_there(console, "Count the vote")
    count_slips(console, RESIDENTS, left=4)
    count_slips(console, OFFICERS, left=2)
    press_together(console, "Count the vote", hall)
    press_together(console, "Publish the result", hall)
    assert [line.outcome.ending.value for line in round_result(row.uuid).lines] == [
        "adopted",
        "residents_only",
        "neither",
    ]
    press(console, "End the meeting")
    press(console, "Not yet")
    press(console, "End the meeting")
    press(console, "Yes, end the meeting")
    assert meeting_detail(hall.meeting_uuid).meeting.state is MeetingState.CLOSED
    assert "Next\\: approve the minutes" in [each.value for each in console.header]


def test_a_planned_meeting_is_opened_first(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    uuid = _next_month(hall)
    console = visit("run", monkeypatch, hall.facilitator, meeting=str(uuid))
    assert console.title[0].value == "The meeting has not begun"
    press(console, "Open the meeting")
    assert meeting_detail(uuid).meeting.state is MeetingState.OPEN


def test_a_wrong_pin_is_explained_at_its_field_and_no_pin_stays(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    press_together(console, "Open the vote", hall, pin="9090")
    assert state(row) is RoundState.DRAFT
    assert "This PIN is not right." in said(console)
    assert _kept(console, "9090") == []
    press_together(console, "Open the vote", hall)
    assert state(row) is RoundState.OPEN
    assert _kept(console, hall.second.pin) == []


def test_without_anybody_with_a_pin_the_console_says_how_to_get_one(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    _forget_pins()
    hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    assert "python -m lib person pin ADDRESS" in said(console)
    assert next(each for each in console.button if each.label == "Open the vote").disabled


def test_both_sides_of_the_two_people_are_named(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    who = next(each for each in console.selectbox if each.label == "Second person")
    assert who.options == ["Sgt. Noor Haddad, officers"]
    assert "Beside you: Rosa Delgado, residents" in who.help


def test_off_by_one_blocks_the_count_and_says_where_to_look(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    closed(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    count_slips(console, RESIDENTS, left=5)
    count_slips(console, OFFICERS, left=2)
    assert "21 ballots, but only 20 passes were drawn (25 issued less 5 left): 1 ballot too many." in said(console)
    assert not is_there(console, "Count the vote")
    count_slips(console, RESIDENTS, left=4)
    assert is_there(console, "Count the vote")


def test_one_side_alone_does_not_agree(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    closed(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    count_slips(console, RESIDENTS, left=4)
    assert "Officers: count the slips that are left" in page_text(console)
    assert not is_there(console, "Count the vote")


def test_a_count_typed_on_one_console_stands_on_the_other(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    closed(hall)
    other = a_facilitator("Noah Berg")
    one, two = visit("run", monkeypatch, hall.facilitator), visit("run", monkeypatch, other)
    count_slips(one, RESIDENTS, left=4, spoiled=1)
    two.run()
    typed = [number_field(two, f"{words}, residents").value for words in ("Slips left", "Slips spoiled", "Paper slips")]
    assert typed == [4, 1, 0]


def test_a_missing_number_is_asked_for(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    closed(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    press(console, "Keep the count of the residents")
    assert "Type all three numbers" in said(console)


def test_a_vote_that_never_agrees_is_set_aside_and_voted_again(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = closed(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    count_slips(console, RESIDENTS, left=5)
    count_slips(console, OFFICERS, left=2)
    press_together(console, "Count the vote already", hall)
    assert state(row) is RoundState.SEALED
    assert not is_there(console, "Publish the result")
    why = next(each for each in console.text_input if each.label.startswith("Why"))
    why.set_value("One ballot more than slips drawn.")
    press_together(console, "Set this vote aside", hall)
    assert round_of(row.id).set_aside == "One ballot more than slips drawn."
    hall.planned()
    console.run()
    assert console.title[0].value == "Round 1 is set aside · round 2 is next"
    assert is_there(console, "Open the vote")


def test_level_goals_wait_for_dice_after_the_fingerprint(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(4):
        hall.votes(row, voter, 0, 1)
    for voter in range(4):
        hall.votes(row, voter, 0, 1, side=OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    hall.reconciled(row)
    console = visit("run", monkeypatch, hall.facilitator)
    press_together(console, "Count the vote", hall)
    fingerprint = round_of(row.id).dice_hash
    assert fingerprint in page_text(console)
    assert f"{fingerprint[:4]} {fingerprint[4:8]} {fingerprint[8:12]}" in page_text(console)
    press_together(console, "Count with these dice", hall)
    assert "Type what each of the three dice shows." in said(console)
    for die, shows in enumerate((4, 1, 6), 1):
        number_field(console, f"Die {die}").set_value(shows)
    other = visit("run", monkeypatch, hall.facilitator)
    for die in (1, 2, 3):
        number_field(other, f"Die {die}").set_value(2)
    press_together(console, "Count with these dice", hall)
    assert (state(row), round_of(row.id).tie_seed) == (RoundState.SEALED, "4-1-6")
    press_together(other, "Count with these dice", hall)
    assert "somebody else did it a moment ago" in said(other)
    for screen in (console, other):
        assert "Counted with the dice 4-1-6." in page_text(screen)


def test_a_vote_whose_time_is_over_is_closed_for_the_console(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = hall.opened()
    _let_time_pass(row.id)
    console = visit("run", monkeypatch, hall.facilitator)
    assert console.title[0].value == "Round 1 is closed and not yet counted"
    count_slips(console, RESIDENTS, left=25)
    assert "Kept." in said(console)
    assert state(row) is RoundState.CLOSED


def test_two_more_minutes_are_given(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.opened()
    before = round_of(row.id).closes_at
    console = visit("run", monkeypatch, hall.facilitator)
    press(console, "Give 2 more minutes")
    after = round_of(row.id).closes_at
    assert before is not None
    assert after is not None
    assert (after - before).total_seconds() == 120


def test_the_slower_of_two_consoles_is_told_what_happened(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.opened()
    console = visit("run", monkeypatch, hall.facilitator)
    extend_round(actor=hall.facilitator, round_id=row.id, minutes=1)
    press(console, "Close the vote")
    close_round(actor=hall.facilitator, round_id=row.id)
    button = next(each for each in console.button if each.label == "Yes, close it now")
    button.click().run()
    assert "This is already “closed”: somebody else did it a moment ago." in said(console)
    assert console.title[0].value == "Round 1 is closed and not yet counted"


def test_the_room_is_covered_shown_the_lobby_and_the_result_revealed(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = closed(hall)
    hall.counted(row)
    hall.reconciled(row)
    console = visit("run", monkeypatch, hall.facilitator)
    press(console, "Lobby: how to join")
    assert live_snapshot(hall.meeting_uuid).in_lobby
    press(console, "Cover the display")
    assert "The display is covered" in page_text(console)
    press_together(console, "Publish the result", hall)
    press(console, "Show the result")
    snapshot = live_snapshot(hall.meeting_uuid)
    assert (snapshot.is_covered, snapshot.in_lobby) == (False, False)


def test_an_open_room_needs_no_passes_and_no_slips(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    row = hall.planned(mode=RoundMode.OPEN_ROOM)
    console = visit("run", monkeypatch, hall.facilitator)
    press_together(console, "Open the vote", hall)
    press(console, "Close the vote")
    press(console, "Yes, close it now")
    assert "Slips counted" not in page_text(console)
    press_together(console, "Count the vote", hall)
    press_together(console, "Publish the result", hall)
    assert state(row) is RoundState.PUBLISHED


def test_few_passes_are_warned_about_before_opening(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=5, officers=2)
    hall.planned()
    heeded = said(visit("run", monkeypatch, hall.facilitator))
    assert "a unanimous result tells how everybody voted" in heeded
    assert "the result will be advisory" in heeded


def test_a_coordinator_reads_who_does_the_next_step(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    hall.planned()
    console = visit("run", monkeypatch, a_coordinator())
    assert not console.exception
    assert "A facilitator does this." in "\n".join(each.value for each in console.text)
    assert [is_there(console, label) for label in ("Open the vote", "Cover the display", "Mint passes")] == [
        False,
        False,
        True,
    ]


def test_other_meetings_leave_out_the_one_that_is_shown(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    _next_month(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    labels = [each.proto.label for each in console.get("link_button")]
    assert [label for label in labels if "meeting" in label.lower() or "month" in label] == [
        label for label in labels if "Next month" in label
    ]
    assert any("Next month" in label for label in labels)


def test_what_people_typed_stays_text(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 14."""
    hall = a_hall(titles=("<img src=x onerror=alert(1)> **bold**", TITLES[1], TITLES[2]))
    a_goal(hall.beat_id, "Another")
    row = closed(hall)
    hall.counted(row)
    hall.published(row)
    shown = page_text(visit("run", monkeypatch, hall.facilitator))
    assert "<img" not in shown
    assert "&lt;img src=x" in shown


def _kept(console, pin: str) -> list[str]:
    return [key for key, value in console.session_state._state.filtered_state.items() if value == pin]


def _next_month(hall: Hall) -> UUID:
    """Another meeting of the same beat, planned."""
    planned = a_meeting(hall.beat_id, "Next month", starts_at=now() + timedelta(days=30), state=MeetingState.PLANNED)
    return next(row.uuid for row in coming_meetings() if row.id == planned)


def _forget_pins() -> None:
    with writing() as db:
        db.execute(update(Person).values(pin_hash=""))


def _let_time_pass(round_id: int) -> None:
    with writing() as db:
        db.get_one(Round, round_id).closes_at = now()
