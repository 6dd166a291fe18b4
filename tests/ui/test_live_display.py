"""What the room sees in every state, drawn from snapshots of invented votes."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.queries.places import CityRow
from lib.rules.lifecycle import Electorate, MeetingState
from lib.ui.live_marks import Drawing, day_of, page_of
from lib.ui.live_parts import Scene, live_html, live_shares, notice_html, scene_of
from lib.ui.live_preview import Rehearsal, Stage, invented_stage
from lib.ui.live_states import STATES, rehearsal_of

NOW = datetime(2026, 11, 24, 3, 42, 10, tzinfo=UTC)
CITY = CityRow("Example City", "America/Los_Angeles", "911", ("en",), False)
STAGE = invented_stage(NOW, join_address="http://192.168.0.20:8501/join")
DRAWN = sorted(name for name in STATES if name not in ("no-numbers", "no-meeting"))
HIDDEN = ("waiting", "hidden", "closing-soon", "open-room-vote", "closed", "counted", "tie", "set-aside", "covered")


def rehearsed(state: str, stage: Stage = STAGE, *, after: timedelta = timedelta()) -> Rehearsal:
    return rehearsal_of(state, stage, now=NOW + after, since=NOW)


def shown(state: str, stage: Stage = STAGE, *, after: timedelta = timedelta(minutes=1), city: CityRow = CITY) -> str:
    made = rehearsed(state, stage, after=after)
    assert made.snapshot is not None
    drawing = Drawing(city=city, now=NOW + after, evening=made.evening, trouble=made.trouble, is_rehearsal=True)
    return live_html(made.snapshot, drawing)


def words(html: str) -> str:
    """What stands there to be read, without markup and glyphs."""
    html = re.sub(r'<span class="cb-icon"[^>]*>[^<]*</span>', "", html)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("state", DRAWN)
def test_every_rehearsed_state_says_that_it_is_one(state: str) -> None:
    assert "Rehearsal: invented votes" in words(shown(state))


@pytest.mark.parametrize("state", HIDDEN)
def test_no_figure_of_a_goal_is_drawn_before_it_may_show(state: str) -> None:
    html = shown(state)
    assert "lv-fill" not in html
    snapshot = rehearsed(state).snapshot
    assert [goal.title for goal in snapshot.round.candidates if goal.title in html] == []
    assert snapshot.tally is None


@pytest.mark.parametrize("state", DRAWN)
def test_no_state_adds_the_two_sides_up(state: str) -> None:
    snapshot = rehearsed(state).snapshot
    residents, officers = (snapshot.turnout[side] for side in Electorate)
    if officers.issued:
        assert f"{residents.cast + officers.cast} of {residents.issued + officers.issued}" not in words(shown(state))


def test_without_a_rehearsal_nothing_is_labelled_as_one() -> None:
    snapshot = rehearsed("result").snapshot
    assert "ehearsal" not in live_html(snapshot, Drawing(city=CITY, now=NOW))


def test_the_lobby_says_how_to_join_with_and_without_a_phone() -> None:
    text = words(shown("lobby"))
    assert "Join the Wi-Fi Example hall" in text
    assert "Scan the code on your slip or scan this one, or open 192.168.0.20:8501/join" in text
    assert "No phone? Paper at the table." in text
    assert "Escanee" not in text


def test_the_lobby_speaks_spanish_where_the_city_does() -> None:
    html = shown("lobby", city=replace(CITY, languages=("en", "es-US")))
    assert '<p class="other" lang="es">Escanee el código de su papeleta' in html


def test_the_cover_shows_nothing_of_the_vote_behind_it() -> None:
    assert (
        words(shown("covered")) == "Rehearsal: invented votes Example meeting One moment, please Beat A1 Example Hill"
    )


def test_an_open_round_shows_the_fingerprint_of_what_was_frozen() -> None:
    text = words(shown("waiting"))
    frozen = rehearsed("waiting").snapshot.round.frozen_hash
    assert f"Rule, goals and texts are frozen: {frozen[:4]} {frozen[4:8]} {frozen[8:12]}" in text
    assert "Waiting for the first vote" in text


def test_a_hidden_round_shows_the_turnout_of_each_side() -> None:
    text = words(shown("hidden"))
    assert "Results are shown when voting closes" in text
    assert "97 of 124 residents 5 of 8 officers" in text


def test_a_show_of_hands_is_labelled_so() -> None:
    text = words(shown("show-of-hands"))
    assert "Show of hands" in text
    assert "69 residents" in text
    assert "Voting open" not in text


def test_the_last_seconds_are_said_in_words() -> None:
    assert "Closing soon" in words(shown("closing-soon"))


def test_a_tie_shows_the_fingerprint_to_read_out_and_all_of_it() -> None:
    text = words(shown("tie"))
    level = rehearsed("tie").snapshot.dice_hash
    fours = [level[at : at + 4] for at in range(0, 64, 4)]
    assert f"Fingerprint of the ballots {' '.join(fours[:3])} All of it: {' '.join(fours)}" in text
    assert "Roll the dice" in text


def test_the_dice_are_blank_until_they_are_rolled() -> None:
    assert re.findall(r'<i class="lv-die ([^"]+)">([^<]*)</i>', shown("tie")) == [("is-blank", "?")] * 3


def test_the_reveal_shows_both_keys_of_every_goal() -> None:
    html = shown("result")
    rows = [words(row) for row in re.findall(r"<tr class=.*?</tr>", html)]
    assert rows == [
        "1 Light the example path Turned 71 % 84 Turned Adopted first",
        "2 Slow the cars at Example School Turned 52 % 61 Turned Adopted second",
        "3 A gym open to teenagers on Fridays Turned 40 % 47 Turned Adopted third",
        "Board up the empty house on Sample Street Turned 45 % 53 Turned Open no place left this time",
        "Foot patrol on Example Avenue every night Turned 58 % 68 Not turned Contested residents yes, officers no",
        "Quiet hours for street music Not turned 19 % 22 Not turned Not carried by neither side",
    ]
    assert "We will work on these three goals" in html


def test_the_rows_of_the_reveal_come_one_after_the_other_and_then_stand_still() -> None:
    waits = [
        float(each) for each in re.findall(r"lv-come \.6s ease-out (\S+)s both", shown("result", after=timedelta()))
    ]
    assert waits == [0.0, 0.8, 1.6, 2.4, 3.2, 4.0]
    later = shown("result", after=timedelta(seconds=2))
    assert re.findall(r"ease-out (\S+)s both", later) == ["-0.40", "0.40", "1.20", "2.00"]
    assert "lv-come" not in shown("result", after=timedelta(seconds=8))


def test_twelve_rows_are_there_as_soon_as_six() -> None:
    html = shown("twelve-goals-result", after=timedelta())
    waits = [float(each) for each in re.findall(r"ease-out (\S+)s both", html)]
    assert len(waits) == 12
    assert max(waits) <= 6


def test_contested_goals_say_who_owes_an_answer_by_when() -> None:
    assert "The officers owe a written answer by Tuesday 8 December." in words(shown("contested"))
    both = words(shown("twelve-goals-result"))
    assert "The residents owe 2 written answers and the officers 2 by Tuesday 8 December." in both


def test_an_answer_stands_with_its_counter_offer() -> None:
    text = words(shown("answered"))
    assert "Contested: residents yes, officers no Foot patrol on Example Avenue every night" in text
    assert "The officers answer A patrol every night would take two officers" in text
    assert "They offer instead Foot patrol on Fridays and Saturdays" in text
    assert "3 goals are adopted by both sides. Whole texts with the result: 192.168.0.20:8501" in text


def test_keys_beside_figures_are_still_said() -> None:
    rows = [words(row) for row in re.findall(r"<tr class=.*?</tr>", shown("result-figures"))]
    assert rows[0] == "1 Light the example path Turned 71 % 84 Turned 75 % Adopted first"
    assert rows[4].endswith("68 Not turned 25 % Contested residents yes, officers no")


def test_advice_says_why_and_shows_nothing_per_goal_for_officers() -> None:
    text = words(shown("advisory"))
    assert "Advisory: with only 2 officers’ ballots nothing is adopted" in text
    assert "the vote is repeated" in text
    assert "urned" not in text
    assert "Officers’ key" not in text


def test_an_open_room_is_labelled_before_and_after() -> None:
    for state in ("open-room-vote", "open-room"):
        text = words(shown(state))
        assert "Open room" in text
        assert "officers voted" not in text
    assert "it ranks and adopts nothing" in words(shown("open-room"))


def test_dice_that_decided_are_shown_as_rolled() -> None:
    html = shown("by-dice")
    assert "Goals were level. The dice decided: 4-1-6" in words(html)
    assert re.findall(r'lv-die is-(\d)"', html) == ["4", "1", "6"]


def test_after_the_meeting_the_room_reads_what_was_adopted_and_what_comes_next() -> None:
    text = words(shown("over"))
    assert "Adopted tonight by both sides Light the example path Slow the cars at Example School" in text
    assert "1 contested goal gets a written answer, then a second vote." in text
    assert "We meet again on Monday 21 December" in text
    assert "No goal was adopted tonight" in words(shown("over-nothing"))


def test_a_vote_that_is_set_aside_says_why() -> None:
    assert "This vote is set aside One ballot more than slips was found" in words(shown("set-aside"))


def test_lost_numbers_say_how_old_they_are_and_no_time_seems_left() -> None:
    html = shown("connection-lost", after=timedelta())
    assert html.startswith('<div class="lv is-rehearsal is-lost"')
    assert "Connection lost, numbers as of 19:42" in words(html)
    assert "The database is away, numbers as of" in words(shown("database-away"))


@pytest.mark.parametrize("state", ["show-of-hands", "result", "answered", "over", "lobby", "covered", "hidden"])
def test_text_of_people_is_never_markup(state: str) -> None:
    """Promise 14: title, question, goals, Wi-Fi and address."""
    evil = '<img src=x onerror=alert(1)> & "quoted"'
    goals = tuple(replace(goal, title=evil) for goal in rehearsed("result").snapshot.round.candidates)
    meeting = replace(STAGE.meeting, title=evil, place=evil, wifi=evil)
    agenda = tuple(replace(step, title=evil) for step in STAGE.agenda)
    stage = replace(STAGE, meeting=meeting, agenda=agenda, question=evil, goals=goals, join_address=f"http://{evil}")
    html = shown(state, stage)
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot;" in html


def test_thirty_goals_turn_in_pages_that_leave_none_out() -> None:
    line = rehearsed("show-of-hands").snapshot.lines[0]
    lines = tuple(replace(line, sentence=str(number)) for number in range(30))
    pages = [page_of(lines, NOW + timedelta(seconds=12 * turn)) for turn in range(3)]
    assert sorted(int(each.sentence) for shown_lines, _ in pages for each in shown_lines) == list(range(30))
    assert {said for _, said in pages} == {"Goals 1 to 12 of 30", "Goals 13 to 24 of 30", "Goals 25 to 30 of 30"}
    assert page_of(lines[:12], NOW) == (lines[:12], "")


def test_the_facilitator_s_wish_goes_before_the_round() -> None:
    vote = rehearsed("result").snapshot
    closed = replace(vote, meeting=replace(vote.meeting, state=MeetingState.CLOSED))
    assert scene_of(vote) is Scene.RESULT
    assert scene_of(replace(vote, in_lobby=True)) is Scene.LOBBY
    assert scene_of(replace(vote, in_lobby=True, is_covered=True)) is Scene.COVER
    assert scene_of(closed) is Scene.OVER
    assert scene_of(closed, names_round=True) is Scene.RESULT


def test_bars_glide_from_the_width_they_had() -> None:
    snapshot = rehearsed("hidden").snapshot
    before = {**live_shares(snapshot), "turnout residents": 0.5}
    html = live_html(snapshot, Drawing(city=CITY, now=NOW, before=before))
    assert "--from:50.0%;--to:78.2%" in html


@pytest.mark.parametrize("state", DRAWN)
def test_every_second_is_drawn_anew(state: str) -> None:
    """Else the sentence that waits for a lost connection would appear on a screen that is only quiet."""
    one, next_one = (shown(state, after=timedelta(seconds=each)) for each in (30, 31))
    assert one != next_one


def test_a_notice_is_text() -> None:
    assert "&lt;b&gt;" in notice_html("<b>", "Try again")


def test_a_day_is_the_day_of_the_city() -> None:
    assert day_of(NOW, CITY) == "Monday 23 November"


def test_an_open_rehearsal_never_runs_out_of_time() -> None:
    for after in (timedelta(0), timedelta(minutes=4, seconds=12), timedelta(hours=2)):
        assert rehearsed("hidden", after=after).snapshot.seconds_left > 0


def test_why_a_vote_was_set_aside_is_text() -> None:
    evil = '<img src=x onerror=alert(1)> & "quoted"'
    snapshot = rehearsed("set-aside").snapshot
    assert snapshot is not None and snapshot.round is not None
    told = replace(snapshot, round=replace(snapshot.round, set_aside=evil))
    html = live_html(told, Drawing(city=CITY, now=NOW))
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
