"""What the console says the room sees is what the room sees, in every state of the display."""

from dataclasses import replace
from html import unescape

import pytest

from lib.rules.lifecycle import MeetingState
from lib.ui.live_marks import Drawing
from lib.ui.live_parts import live_html, scene_heading
from lib.ui.live_result import answers_shown, answers_waiting
from lib.ui.run_preview import room_preview
from tests.ui.test_live_display import CITY, DRAWN, NOW, rehearsed, words

IN_BOTH = {
    "waiting": "Waiting for the first vote",
    "hidden": "Results are shown when voting closes",
    "closing-soon": "Closing soon",
    "show-of-hands": "Show of hands",
    "closed": "The vote is being counted",
    "counted": "The vote is being counted",
    "set-aside": "One ballot more than slips was found, and nobody can say why. No result is published.",
    "tie": "A tie. The dice decide",
    "answered": "What the other side answers",
    "over": "Thank you for tonight",
    "not-begun": "We meet soon",
    "covered": "One moment, please",
}


@pytest.mark.parametrize("state", DRAWN)
def test_the_preview_has_the_heading_of_the_display(state: str) -> None:
    made = rehearsed(state)
    drawing = Drawing(city=CITY, now=NOW, is_rehearsal=True, evening=made.evening)
    heading = scene_heading(made.snapshot, drawing)
    assert heading
    assert heading in unescape(words(live_html(made.snapshot, drawing)))
    assert heading in unescape(words(room_preview(made.snapshot, drawing)))


@pytest.mark.parametrize(("state", "sentence"), IN_BOTH.items())
def test_the_preview_says_the_display_s_own_sentence(state: str, sentence: str) -> None:
    made = rehearsed(state)
    drawing = Drawing(city=CITY, now=NOW, is_rehearsal=True, evening=made.evening)
    assert sentence in unescape(words(live_html(made.snapshot, drawing)))
    assert sentence in unescape(words(room_preview(made.snapshot, drawing)))


@pytest.mark.parametrize("state", ["closed", "counted", "tie", "result", "agenda", "over"])
def test_the_preview_shows_no_address_to_join_once_voting_is_over(state: str) -> None:
    made = rehearsed(state)
    drawing = Drawing(city=CITY, now=NOW, is_rehearsal=True, evening=made.evening)
    assert "/join" not in words(live_html(made.snapshot, drawing))
    assert "/join" not in words(room_preview(made.snapshot, drawing))


def test_the_preview_of_a_meeting_that_is_over_shows_no_result() -> None:
    vote = rehearsed("result").snapshot
    over = replace(vote, meeting=replace(vote.meeting, state=MeetingState.CLOSED))
    assert vote.lines[0].candidate.title not in room_preview(over, Drawing(city=CITY, now=NOW))


def test_an_answer_given_during_the_meeting_waits_for_the_next_step() -> None:
    answered = rehearsed("answered").snapshot
    room = Drawing(city=CITY, now=NOW)
    assert (answers_shown(answered, room), answers_waiting(answered, room)) == ({}, 1)
    assert "We will work on these three goals" in room_preview(answered, room)
    step = replace(answered.agenda[0], started_at=NOW)
    begun = replace(answered, agenda=(step, *answered.agenda[1:]))
    assert (answers_shown(begun, room), answers_waiting(begun, room)) == (answered.owed, 0)
    closed = replace(answered, meeting=replace(answered.meeting, state=MeetingState.CLOSED))
    assert answers_shown(closed, room) == answered.owed
