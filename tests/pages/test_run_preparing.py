"""What is prepared on the console: passes, votes with their words in other languages, the agenda, one's own PIN."""

import json
from hashlib import sha256

import pytest
from streamlit.testing.v1 import AppTest

from lib.queries.meetings import meeting_detail
from lib.queries.voting import frozen_text, pass_batches, round_of, rounds, waiting_passes
from lib.rules.lifecycle import Electorate
from lib.rules.voting import PassKind, RoundMode
from lib.services.frozen import draft_text
from lib.services.meetings import add_agenda_item, begin_agenda_item
from lib.services.once import Waiting, forget_once, take_once, waiting_once
from lib.services.rounds import open_round
from lib.services.witnesses import Witness, confirmed_by
from tests.builders import a_facilitator
from tests.hall import Hall, a_hall
from tests.pages.run_console import is_there, press, press_together, said
from tests.pages.visiting import page_text, visit

RESIDENTS, OFFICERS = Electorate


def with_agenda(hall: Hall) -> list[int]:
    about = {"actor": hall.facilitator, "meeting_id": hall.meeting_id}
    return [add_agenda_item(**about, title=title, minutes=10) for title in ("Welcome", "The vote", "Next date")]


def choose(app, label: str, value: object) -> None:
    next(each for each in app.selectbox if each.label == label).select(value).run()


def type_in(app, label: str, text: str) -> None:
    fields = [*app.text_input, *app.text_area]
    next(each for each in fields if each.label == label).set_value(text)


def test_slips_are_saved_once_as_a_pdf(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    console.number_input(key="p_number").set_value(7)
    press(console, "Mint passes")
    assert "save its 7 codes now" in said(console)
    assert not [each for each in console.get("download_button") if "slips" in each.proto.label]
    pdf = saved_at(console)
    console.radio(key="p_sheet").set_value("List of codes (CSV)").run()
    codes = saved_at(console)
    assert (waiting_once(pdf), waiting_once(codes)) == (Waiting.GONE, Waiting.WAITS)
    found = take_once(codes, person_id=hall.facilitator.person_id)
    assert found is not None and found.content.count(b"\r\n") == 8
    console.run()
    assert "was fetched" in said(console) and "save its 7 codes now" not in said(console)


def test_slips_that_nobody_fetches_are_to_be_declared_void(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall(residents=0, officers=0)
    console = visit("run", monkeypatch, hall.facilitator)
    console.number_input(key="p_number").set_value(7)
    press(console, "Mint passes")
    forget_once(saved_at(console))
    console.run()
    assert "Declare its slips 1 to 7 void" in said(console)


def saved_at(console) -> str:
    """The name under which the batch just minted waits to be fetched."""
    links = [each.proto for each in console.get("link_button") if each.proto.url.startswith("/slips/")]
    assert [link.label for link in links] == ["Save 7 slips of batch 1"]
    return links[0].url.removeprefix("/slips/")


def test_door_passes_wait_and_show_no_code(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    console = visit("run", monkeypatch, hall.facilitator)
    console.selectbox(key="p_kind").select(PassKind.DOOR)
    console.number_input(key="p_number").set_value(9)
    press(console, "Mint passes")
    assert "9 passes wait at the door" in said(console)
    assert waiting_passes(hall.meeting_id) == {RESIDENTS: 9, OFFICERS: 0}
    assert "Waiting at the door: 9 for residents, 0 for officers." in page_text(console)


def test_a_slip_is_void_by_its_number_before_a_vote(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    press_together(console, "Declare void", hall)
    assert "Type the number on the stub" in said(console)
    console.number_input(key="void_serial").set_value(3)
    press(console, "Declare void")
    assert "This needs two people" in said(console)
    assert [batch.void for batch in pass_batches(hall.meeting_id)] == [0, 0]
    console.number_input(key="void_serial").set_value(3)
    press_together(console, "Declare void", hall)
    assert [batch.void for batch in pass_batches(hall.meeting_id)] == [1, 0]


def test_a_latecomers_batch_is_minted_by_two_and_announced(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    hall.opened()
    console = visit("run", monkeypatch, hall.facilitator)
    console.selectbox(key="p_side").select(OFFICERS)
    console.selectbox(key="p_kind").select(PassKind.DOOR)
    console.number_input(key="p_number").set_value(3)
    press(console, "Mint a latecomers’ batch")
    assert len(pass_batches(hall.meeting_id)) == 2
    press_together(console, "Mint a latecomers’ batch", hall)
    assert [(batch.number, batch.size) for batch in pass_batches(hall.meeting_id)][2:] == [(3, 3)]
    assert "Latecomers’ batch 3: 3 officers’ passes" in page_text(visit("live", monkeypatch))


def test_what_opening_freezes_is_shown_before_and_after(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.planned()
    draft = draft_text(actor=hall.facilitator, round_id=row.id)
    console = visit("run", monkeypatch, hall.facilitator)
    assert draft.frozen_hash[:12] in page_text(console)
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert frozen_text(row.uuid) == draft.text
    assert sha256(draft.text.encode()).hexdigest() == draft.frozen_hash
    assert json.loads(draft.text)["passes"][0]["minted"] == 25
    console.run()
    assert f"/results/{row.uuid}/rule.json" in page_text(console)


def test_an_open_room_is_prepared(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    console.multiselect(key="r_goals").set_value(hall.goal_ids[:2])
    console.number_input(key="r_places").set_value(1)
    console.selectbox(key="r_mode").select(RoundMode.OPEN_ROOM)
    press(console, "Prepare the vote")
    assert [(row.mode, len(row.candidates)) for row in rounds(hall.meeting_id)] == [(RoundMode.OPEN_ROOM, 2)]


def test_the_question_and_a_goal_are_translated(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    next(each for each in console.text_input if each.key and each.key.startswith("t_one_")).set_value("¿Qué metas?")
    next(each for each in console.text_area if each.key and each.key.startswith("t_two_")).set_value("Quien vive aquí.")
    press(console, "Keep the translation")
    choose(console, "Text", hall.goal_ids[0])
    next(each for each in console.text_input if each.key and each.key.startswith("t_one_")).set_value("Luz en la 23")
    press(console, "Keep the translation")
    spanish = round_of(row.id, "es")
    assert (spanish.question, spanish.eligibility) == ("¿Qué metas?", "Quien vive aquí.")
    assert spanish.candidates[0].title == "Luz en la 23"
    assert spanish.candidates[1].title == row.candidates[1].title


def test_goals_and_drafts_are_put_into_order_and_dropped(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    first, second = hall.planned(), hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    console.button(key="order_rounds_Later").click().run()
    assert [row.id for row in rounds(hall.meeting_id)] == [second.id, first.id]
    console.button(key=f"order_goals_{first.id}_Later").click().run()
    assert [each.goal_id for each in round_of(first.id).candidates][:2] == [hall.goal_ids[1], hall.goal_ids[0]]
    console.button(key="order_rounds_drop").click().run()
    assert [row.id for row in rounds(hall.meeting_id)] == [second.id]


def test_the_agenda_runs_with_its_time_boxes(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    with_agenda(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    press(console, "Begin\\: Welcome")
    shown = page_text(console)
    assert "10 minutes left" in shown
    assert "Agenda, 30 minutes late" in [each.value for each in console.header]
    press(console, "Begin\\: The vote")
    steps = meeting_detail(hall.meeting_uuid).agenda
    assert [step.started_at is not None for step in steps] == [True, True, False]
    assert '<small class="run-done">done</small>' in page_text(console)


def test_the_agenda_is_reordered_dropped_and_added_to(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    ids = with_agenda(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    choose(console, "Step", ids[2])
    console.button(key="order_agenda_Earlier").click().run()
    console.button(key="order_agenda_drop").click().run()
    type_in(console, "Another step", "Open floor")
    press(console, "Add to the agenda")
    assert [step.title for step in meeting_detail(hall.meeting_uuid).agenda] == ["Welcome", "The vote", "Open floor"]


def test_a_step_that_ended_is_not_begun_twice(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    for item in with_agenda(hall):
        begin_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, item_id=item)
    console = visit("run", monkeypatch, hall.facilitator)
    assert not any(each.label.startswith("Begin") for each in console.button)


def test_one_sets_an_own_pin_that_confirms_elsewhere_and_stays_nowhere(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    type_in(console, "New PIN", "5093")
    type_in(console, "New PIN again", "5094")
    press(console, "Keep this PIN")
    assert "not the same" in said(console)
    type_in(console, "New PIN", "5093")
    type_in(console, "New PIN again", "5093")
    press(console, "Keep this PIN")
    assert "Your PIN is kept." in said(console)
    assert "5093" not in [str(value) for value in console.session_state._state.filtered_state.values()]
    other, mine = a_facilitator("Noah Berg"), hall.facilitator.person_id
    assert confirmed_by(actor=other, second=Witness(mine, "5093")) == mine


def test_every_key_of_the_console_is_listed(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    hall.opened()
    console = visit("run", monkeypatch, hall.facilitator)
    listed = page_text(console)
    keys = {each.proto.shortcut for each in console.button if each.proto.shortcut}
    assert keys == {"g", "m", "v", "l", "t", "b"}
    assert all(f'<th scope="row">{key}</th>' in listed for key in ("G", "M", "V", "L", "B", "A", "N", "Esc"))
    assert is_there(console, "Close the vote")


def test_a_batch_is_numbered_and_one_for_latecomers_is_to_be_announced(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    console = visit("run", monkeypatch, hall.facilitator)
    assert "latecomers" not in texts_of(console)
    console.selectbox(key="p_side").select(RESIDENTS)
    press(console, "Mint passes")
    assert any("Batch 3 (residents)" in each.value.replace("\\", "") for each in console.warning)
    hall.opened()
    console = visit("run", monkeypatch, hall.facilitator)
    assert "this is a latecomers’ batch. The display announces it; say its number aloud too." in texts_of(console)


def texts_of(console: AppTest) -> str:
    return "\n".join(each.value for each in console.text)


def test_a_step_begun_by_mistake_is_taken_back_on_the_console(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    items = with_agenda(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    assert not is_there(console, "Not begun yet")
    for item in items:
        console.button(key=f"begin_{item}").click().run()
    press(console, "Back to the step before")
    press(console, "Back to the step before")
    press(console, "Not begun yet")
    assert [step.started_at for step in meeting_detail(hall.meeting_uuid).agenda] == [None, None, None]
    assert console.button(key=f"begin_{items[0]}")


def test_a_prepared_vote_is_changed_on_the_console(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    next(each for each in console.toggle if each.label == "Change round 1").set_value(True).run()
    assert console.multiselect(key=f"e{row.id}_goals").value == hall.goal_ids
    console.text_input(key=f"e{row.id}_question").set_value("Which one first?")
    console.multiselect(key=f"e{row.id}_goals").set_value(hall.goal_ids[1:])
    press(console, "Keep the changes of this vote")
    assert "Changed." in said(console)
    after = round_of(row.id)
    assert (after.question, [each.goal_id for each in after.candidates]) == ("Which one first?", hall.goal_ids[1:])
