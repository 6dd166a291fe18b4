"""Paper on the console: scan, tick, read back, PIN, tracker; and what becomes of a slip that is refused."""

import pytest

from lib.queries.reconciling import reconciliation
from lib.queries.voting import pass_batches, round_of
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.voting import SideFigures
from lib.services.counting import open_paper
from lib.services.meetings import add_agenda_item
from lib.services.passes import void_pass
from lib.services.rounds import close_round
from tests.hall import TITLES, Hall, a_hall
from tests.pages.run_console import count_slips, is_there, press, press_together, said, scan, tick
from tests.pages.visiting import page_text, visit

RESIDENTS, OFFICERS = Electorate


def on_paper(hall: Hall, **wishes: object):
    """A closed round whose paper ballots are being typed in."""
    row = hall.opened(**wishes)
    hall.votes(row, 0, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    return row


def paper_ballots(row) -> dict[Electorate, int]:
    return {side.side: side.paper_ballots for side in reconciliation(row.id)}


def test_paper_is_begun_by_two_people(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.opened()
    close_round(actor=hall.facilitator, round_id=row.id)
    console = visit("run", monkeypatch, hall.facilitator)
    press_together(console, "Begin with the paper ballots", hall)
    assert round_of(row.id).state is RoundState.PAPER


def test_a_slip_is_scanned_ticked_read_back_and_gets_its_tracker(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = on_paper(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, f"http://192.168.1.20:8501/b/{hall.tokens[RESIDENTS][7]}")
    assert not is_there(console, "Keep the count of the residents"), "a slip in hand stands alone"
    tick(console, "1.", "3.")
    read_back = page_text(console)
    assert all(f"{place}. {TITLES[place - 1]}" in read_back for place in (1, 3))
    assert hall.tokens[RESIDENTS][7] not in read_back.replace("-", "")
    assert paper_ballots(row) == {RESIDENTS: 0, OFFICERS: 0}
    press_together(console, "It is right: count this ballot", hall)
    assert paper_ballots(row) == {RESIDENTS: 1, OFFICERS: 0}
    assert "Write this on the slip" in page_text(console)
    press(console, "Next slip")
    scan(console, printed_token(hall.tokens[RESIDENTS][8]).lower())
    tick(console, "None of these")
    press_together(console, "It is right: count this ballot", hall)
    assert paper_ballots(row) == {RESIDENTS: 2, OFFICERS: 0}


def test_a_sealed_side_gets_no_tracker_and_an_open_side_does(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    on_paper(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, hall.tokens[OFFICERS][0])
    tick(console, "2.")
    press_together(console, "It is right: count this ballot", hall)
    assert "This side gets no tracker." in page_text(console)


def test_an_open_sides_officer_gets_a_tracker(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    on_paper(hall, officers_figures=SideFigures.OPEN)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, hall.tokens[OFFICERS][0])
    tick(console, "2.")
    press_together(console, "It is right: count this ballot", hall)
    assert "Write this on the slip" in page_text(console)


def test_a_wrong_pin_keeps_what_was_read_back(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = on_paper(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, hall.tokens[RESIDENTS][7])
    tick(console, "2.")
    press_together(console, "It is right: count this ballot", hall, pin="8080")
    assert "This PIN is not right." in said(console)
    assert paper_ballots(row)[RESIDENTS] == 0
    press_together(console, "It is right: count this ballot", hall)
    assert paper_ballots(row)[RESIDENTS] == 1


def test_a_blank_ballot_has_to_be_said(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = on_paper(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, hall.tokens[RESIDENTS][7])
    tick(console)
    assert "say that the ballot is blank" in said(console)
    tick(console, "The ballot is blank")
    assert "Blank: nothing is ticked" in page_text(console)
    press_together(console, "It is right: count this ballot", hall)
    assert paper_ballots(row)[RESIDENTS] == 1


def test_goals_and_none_of_these_exclude_each_other(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    on_paper(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, hall.tokens[RESIDENTS][7])
    tick(console, "1.", "None of these")
    assert "exclude each other" in said(console)


def test_ticks_are_changed_after_reading_back(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    on_paper(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, hall.tokens[RESIDENTS][7])
    tick(console, "1.", "2.")
    press(console, "Change what was ticked")
    assert [each.value for each in console.checkbox][:3] == [True, True, False]
    tick(console, "3.")
    assert f"3. {TITLES[2]}" in page_text(console)


@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        pytest.param("voted", "This slip has voted already", id="voted by phone"),
        pytest.param("void", "declared void", id="void"),
        pytest.param("unknown", "cannot vote here", id="of another meeting"),
    ],
)
def test_a_refused_slip_is_told_where_to_go(
    database: str, monkeypatch: pytest.MonkeyPatch, which: str, sentence: str
) -> None:
    hall = a_hall()
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=2)
    row = on_paper(hall)
    code = {"voted": hall.tokens[RESIDENTS][0], "void": hall.tokens[RESIDENTS][1], "unknown": "0" * 16}[which]
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, code)
    tick(console, "1.")
    press_together(console, "It is right: count this ballot", hall)
    assert sentence in said(console)
    assert "Put this slip on a pile of its own" in said(console)
    assert paper_ballots(row)[RESIDENTS] == 0
    press(console, "Put this slip aside")
    assert is_there(console, "Keep the count of the residents")


def test_a_slip_typed_in_again_after_a_reload_shows_its_tracker_and_is_not_refused(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = on_paper(hall)
    trackers = []
    for _reload in range(2):
        console = visit("run", monkeypatch, hall.facilitator)
        scan(console, hall.tokens[RESIDENTS][7])
        tick(console, "1.")
        press_together(console, "It is right: count this ballot", hall)
        trackers.append(page_text(console).partition("Write this on the slip")[2].split()[0])
        assert "refused" not in said(console)
    assert trackers[0] == trackers[1] != ""
    assert "Typed in already as paper" in "".join(each.value for each in console.info)
    assert paper_ballots(row)[RESIDENTS] == 1
    press(console, "Next slip")
    count_slips(console, OFFICERS, left=6)
    count_slips(console, RESIDENTS, left=23, paper_slips=1)
    assert is_there(console, "Count the vote")


def test_the_cursor_stands_in_the_codes_field_for_each_further_slip_and_no_letter_is_a_key(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = on_paper(hall)
    add_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, title="Next date", minutes=5)
    console = visit("run", monkeypatch, hall.facilitator)
    assert _focused(console) == []
    scan(console, hall.tokens[RESIDENTS][7])
    press(console, "Put this slip aside")
    assert [f".st-key-paper_code_{row.id} input" in each for each in _focused(console)] == [True]
    keys = {each.label: each.proto.shortcut for each in console.button if each.proto.shortcut}
    assert keys == {}
    scan(console, hall.tokens[RESIDENTS][7])
    tick(console, "1.")
    press_together(console, "It is right: count this ballot", hall)
    keys = {each.label: each.proto.shortcut for each in console.button if each.proto.shortcut}
    assert keys == {"Next slip": "n"}
    before = _focused(console)
    press(console, "Next slip")
    assert len(_focused(console)) == 1
    assert _focused(console) != before


def _focused(console) -> list[str]:
    """The scripts that put the cursor somewhere."""
    return [each.proto.body for each in console.get("html") if ".focus()" in each.proto.body]


def test_a_code_with_a_letter_missing_is_not_taken(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    on_paper(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, hall.tokens[RESIDENTS][7][:-1])
    assert "Codes have 16 letters and digits" in said(console)
    assert not is_there(console, "Read it back")


def test_paper_slips_and_paper_ballots_have_to_be_as_many(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    on_paper(hall)
    console = visit("run", monkeypatch, hall.facilitator)
    scan(console, hall.tokens[RESIDENTS][7])
    tick(console, "1.")
    press_together(console, "It is right: count this ballot", hall)
    press(console, "Next slip")
    count_slips(console, OFFICERS, left=6)
    count_slips(console, RESIDENTS, left=23, paper_slips=2)
    assert "2 paper slips were counted, but 1 paper ballot was typed in." in said(console)
    count_slips(console, RESIDENTS, left=23, paper_slips=1)
    assert is_there(console, "Count the vote")


def test_a_slip_is_void_by_its_code_while_a_vote_runs(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 3, 0)
    console = visit("run", monkeypatch, hall.facilitator)
    for code, told in ((3, "Its ballot in this vote was deleted."), (4, "It had cast no ballot in this vote.")):
        field = next(each for each in console.text_input if each.label.startswith("Scan the slip to declare void"))
        field.set_value(hall.tokens[RESIDENTS][code])
        press_together(console, "Declare void", hall)
        assert told in said(console)
    assert sum(batch.void for batch in pass_batches(hall.meeting_id)) == 2
    assert "A lost slip is not replaced" in "\n".join(each.value for each in console.text)
