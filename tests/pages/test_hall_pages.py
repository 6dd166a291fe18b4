"""The pages of a meeting: live display, facilitator's console, station, results, the list of meetings."""

import pytest

from lib.queries.meetings import meeting_detail
from lib.queries.results import round_result
from lib.queries.voting import rounds
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.voting import ResultsShown, SideFigures
from lib.services.counting import count_round
from lib.services.rounds import close_round
from tests.builders import a_beat, a_city, a_meeting
from tests.hall import TITLES, Hall, a_hall
from tests.pages.visiting import page_text, visit

LIVE = {"shows": ResultsShown.LIVE, "officers_figures": SideFigures.OPEN}


def everybody_votes(hall: Hall, row) -> None:
    """21 residents and 4 officers: the first goal is carried by both, the second by residents only."""
    for voter in range(21):
        hall.votes(row, voter, *((0, 1) if voter < 15 else (2,)))
    for voter in range(4):
        hall.votes(row, voter, 0, side=Electorate.OFFICERS)


def press(app, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()


def press_together(app, label: str, pin: str) -> None:
    """The second person types their PIN, then the button is pressed."""
    next(each for each in app.text_input if each.label == "Second person’s own PIN").set_value(pin)
    press(app, label)


def test_the_lobby_shows_how_to_join(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_hall()
    shown = page_text(visit("live", monkeypatch))
    assert "localhost:8501/join" in shown
    assert "Your vote is secret" in shown


def test_a_secret_round_shows_turnout_and_nothing_else(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    everybody_votes(hall, hall.opened())
    shown = page_text(visit("live", monkeypatch))
    assert "21 of 25" in shown
    assert "4 of 6" in shown
    assert "Results are shown when voting closes" in shown
    assert [title for title in TITLES if title in shown] == []
    assert "lv-fill" not in shown.replace(".lv-fill", "")


def test_a_show_of_hands_shows_both_sides_while_it_runs(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    everybody_votes(hall, hall.opened(**LIVE))
    shown = page_text(visit("live", monkeypatch))
    assert "Show of hands" in shown
    assert "15 residents" in shown
    assert "4 officers" in shown


def test_sides_are_never_added_up(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 5: 21 residents and 4 officers are never 25 of 31."""
    hall = a_hall()
    row = hall.opened(**LIVE)
    everybody_votes(hall, row)
    for page, actor in (("live", None), ("run", hall.facilitator)):
        shown = page_text(visit(page, monkeypatch, actor))
        assert "25 of 31" not in shown
        assert "25 ballots" not in shown
        assert "25 have voted" not in shown


def test_a_question_and_goals_typed_as_markup_stay_text(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 14."""
    hall = a_hall(titles=("<script>alert(1)</script> & <b>bold</b>", "Second", "Third"))
    everybody_votes(hall, hall.opened(**LIVE))
    shown = page_text(visit("live", monkeypatch))
    assert "<script>" not in shown
    assert "<b>bold" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;" in shown


def test_the_published_result_shows_both_keys_of_every_goal(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.opened()
    everybody_votes(hall, row)
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.published(row)
    shown = page_text(visit("live", monkeypatch))
    assert "We will work on this goal" in shown
    assert "residents yes, officers no" in shown
    assert "4 officers" not in shown, "a sealed side shows its keys and no figures"
    assert [title for title in TITLES if title in shown] == list(TITLES)


def test_without_any_meeting_the_display_says_what_to_do(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    assert "No meeting is planned." in page_text(visit("live", monkeypatch))


def test_the_console_leads_from_lobby_to_result(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.planned()
    console = visit("run", monkeypatch, hall.facilitator)
    press_together(console, "Open the vote", hall.second.pin)
    assert rounds(hall.meeting_id)[0].state is RoundState.OPEN
    everybody_votes(hall, row)
    press(console, "Give 2 more minutes")
    press(console, "Close the vote")
    press(console, "Yes, close it now")
    hall.reconciled(row)
    console.run()
    press_together(console, "Count the vote", hall.second.pin)
    assert rounds(hall.meeting_id)[0].state is RoundState.SEALED
    press_together(console, "Publish the result", hall.second.pin)
    assert [line.outcome.ending.value for line in round_result(row.uuid).lines] == [
        "adopted",
        "residents_only",
        "neither",
    ]
    press(console, "End the meeting")
    press(console, "Yes, end the meeting")
    assert meeting_detail(hall.meeting_uuid).meeting.state is MeetingState.CLOSED


def test_the_console_is_for_those_who_run_meetings(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_hall()
    assert len(visit("run", monkeypatch).exception) == 1


def test_minting_offers_the_codes_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall(residents=0, officers=0)
    console = visit("run", monkeypatch, hall.facilitator)
    console.number_input(key="p_number").set_value(7)
    press(console, "Mint passes")
    assert "save its 7 codes now" in page_text(console)
    saves = [each for each in console.get("link_button") if each.proto.url.startswith("/slips/")]
    assert (len(saves), len(console.get("download_button"))) == (1, 0)


def test_a_station_takes_a_code_typed_in_a_hurry_and_forgets_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    hall.opened()
    station = visit("vote", monkeypatch)
    code = printed_token(hall.tokens[Electorate.RESIDENTS][0]).lower().replace("-", " ")
    station.text_input(key="vote_code").set_value(code).run()
    station.checkbox[0].check()
    press(station, "Cast my vote")
    assert "Your ballot is in" in page_text(station)
    press(station, "Next person")
    assert station.text_input(key="vote_code").value == ""
    assert len(station.checkbox) == 0


@pytest.mark.parametrize("typed", ["hello", "AAAA-BBBB-CCCC-DDDD", "<script>", "é" * 60])
def test_a_wrong_code_is_explained(sqlite_database: str, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    hall = a_hall()
    hall.opened()
    station = visit("vote", monkeypatch)
    station.text_input(key="vote_code").set_value(typed).run()
    assert "not known here" in station.error[0].value
    assert not station.exception


def test_a_station_says_so_when_no_vote_is_open(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    station = visit("vote", monkeypatch)
    station.text_input(key="vote_code").set_value(hall.tokens[Electorate.RESIDENTS][0]).run()
    assert "No vote is open right now" in page_text(station)


def test_goals_and_none_of_these_together_are_explained(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    hall.opened()
    station = visit("vote", monkeypatch)
    station.text_input(key="vote_code").set_value(hall.tokens[Electorate.RESIDENTS][0]).run()
    for box in station.checkbox:
        box.check()
    press(station, "Cast my vote")
    assert "but not both" in station.error[0].value


def test_meetings_lists_what_comes_and_what_was(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    a_meeting(beat, "Past meeting", state=MeetingState.MINUTED)
    a_meeting(beat, "Meeting that is open")
    page = visit("meetings", monkeypatch)
    assert [header.value for header in page.header] == ["Coming", "Meeting that is open", "Past", "Past meeting"]


def test_results_of_an_unknown_round_are_explained(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    assert "Nothing is published yet" in page_text(visit("result", monkeypatch))
