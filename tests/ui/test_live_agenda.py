"""The agenda as the room sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.queries.step_matter import MatterLine, StepMatter
from lib.ui.live_agenda import AT_ONCE, matter_html
from lib.ui.live_marks import Drawing
from lib.ui.live_parts import Scene, live_html, scene_of
from tests.ui.test_live_display import CITY, NOW, rehearsed, shown, words

AGENDA = ("agenda", "agenda-before", "agenda-since", "agenda-overdue", "agenda-last", "agenda-long")


@pytest.mark.parametrize("state", AGENDA)
def test_the_agenda_says_nothing_of_any_vote(state: str) -> None:
    html = shown(state)
    assert "lv-fill" not in html
    assert "have voted" not in html


def test_the_present_step_stands_large_with_what_is_left_and_what_comes_next() -> None:
    text = words(shown("agenda"))
    assert "Did it help? Fewer car break-ins around Example Square Step 4 of 8 5 minutes left of 8, until" in text
    assert words(matter_html(rehearsed("agenda").matter)).startswith("Fewer than before 74 thefts from cars")
    assert "What comes next" in text
    assert "Contested: foot patrol on Example Avenue every night 10&nbsp;min" in text
    assert "Welcome" not in text


def test_a_time_box_that_is_over_says_so() -> None:
    html = shown("agenda-overdue")
    assert "3 minutes over" in words(html)
    assert "lv-box is-over" in html
    assert words(matter_html(rehearsed("agenda-overdue").matter)).endswith("and 2 more")


def test_before_the_first_step_the_whole_agenda_is_there_as_far_as_it_fits() -> None:
    snapshot = rehearsed("agenda-before").snapshot
    text = words(shown("agenda-before"))
    assert [step.title in text for step in snapshot.agenda] == [True] * 8
    many = tuple(replace(snapshot.agenda[0], id=number, position=number) for number in range(1, 14))
    drawn = words(live_html(replace(snapshot, agenda=many), Drawing(city=CITY, now=NOW)))
    assert drawn.count("Welcome") == AT_ONCE - 1
    assert "and 5 more steps" in drawn
    empty = words(live_html(replace(snapshot, agenda=()), Drawing(city=CITY, now=NOW)))
    assert "The agenda is being written" in empty


def test_the_last_step_has_nothing_after_it() -> None:
    assert "This is the last step" in words(shown("agenda-last"))


def test_what_people_wrote_is_text() -> None:
    html = matter_html(StepMatter("<b>", (MatterLine("<script>", "<i>"),), (("<u>", 1),)))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    snapshot = rehearsed("agenda").snapshot
    evil = tuple(replace(step, title="<script>x</script>") for step in snapshot.agenda)
    assert "<script>" not in live_html(replace(snapshot, agenda=evil), Drawing(city=CITY, now=NOW))


def test_the_cover_goes_before_the_agenda_and_the_agenda_before_a_vote() -> None:
    agenda, vote = rehearsed("agenda").snapshot, rehearsed("hidden").snapshot
    assert scene_of(agenda) is Scene.AGENDA
    assert scene_of(replace(agenda, is_covered=True)) is Scene.COVER
    assert scene_of(replace(vote, on_agenda=True)) is Scene.AGENDA
    assert scene_of(vote) is Scene.VOTE


def test_minutes_left_follow_the_clock() -> None:
    assert "3 minutes left" in words(shown("agenda", after=timedelta(minutes=3)))
