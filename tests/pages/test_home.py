"""Home: a beat at a glance, and what it shows while there is little or nothing yet."""

import re
from datetime import date, timedelta

import pytest

from lib import clock
from lib.model import AgendaItem
from lib.rules.instrument import Sample
from lib.rules.lifecycle import CommitmentState, GoalState, MeetingState, Party
from lib.rules.months import months_later
from lib.services.agenda import draft_agenda
from lib.storage.transaction import writing
from tests.builders import (
    a_beat,
    a_city,
    a_concern,
    a_facilitator,
    a_goal,
    a_meeting,
    a_person,
    a_published_outcome,
    a_wave,
)
from tests.meeting_builders import a_commitment, a_draft_round
from tests.pages.visiting import page_text, visit

NOW = clock.now()


def test_a_beat_without_anything_says_what_comes_first(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    app = visit("home", monkeypatch, beat="K2")
    shown = page_text(app)
    assert app.exception == []
    assert [title.value for title in app.title] == ["Beat K2 · Quarter K2"]
    for words in (
        "Nothing is agreed in this beat yet",
        "No figure yet",
        "No meeting is planned",
        "No officer is named yet",
        "Call <b>911</b>",
    ):
        assert words in shown


def test_a_city_without_beats_says_how_to_get_them(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    assert "python -m lib import beats FILE" in page_text(visit("home", monkeypatch))


def test_without_a_chosen_beat_all_beats_stand_side_by_side(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_goal(a_beat("K2"), state=GoalState.ADOPTED)
    a_beat("K10", west=-122.2)
    app = visit("home", monkeypatch)
    shown = page_text(app)
    assert [title.value for title in app.title] == ["Lakeside"]
    assert shown.index('href="/?beat=K10"') < shown.index('href="/?beat=K2"')
    assert "Goals are agreed in 1 beat of 2" in shown
    assert "Not a ranking" in shown


def test_beats_side_by_side_name_failures_and_say_whom_the_pulse_asked(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat, other = a_beat("K2"), a_beat("K3", west=-122.2)
    goal = a_goal(beat, state=GoalState.NOT_ACHIEVED)
    for party, state in ((Party.RESIDENTS, CommitmentState.BROKEN), (Party.OFFICERS, CommitmentState.KEPT)):
        a_commitment(goal, due_on=NOW.date() - timedelta(days=9), party=party, state=state)
    month = months_later(NOW.date().replace(day=1), -2)
    a_wave(beat, month, safe=36, unsafe=27, sample=Sample.VOLUNTEER)
    a_wave(other, month, safe=5, unsafe=2)
    shown = page_text(visit("home", monkeypatch)).replace("\N{NO-BREAK SPACE}", " ")
    row, other_row = (shown.partition(f'href="/?beat={code}"')[2].partition("</tr>")[0] for code in ("K2", "K3"))
    assert re.findall("<td[^>]*>(.*?)</td>", row)[:8] == ["0", "0", "1", "0", "0 of 1", "1 of 1", "0", "0"]
    assert "57 %<small>63 answers, volunteers, by chance 45 % to 69 %</small>" in row
    assert "not shown<small>7 answers</small>" in other_row
    assert 'tabindex="0" aria-label="Beats by code.' in shown


def test_an_unknown_beat_is_as_good_as_none(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    app = visit("home", monkeypatch, beat="<script>")
    assert app.exception == []
    assert [title.value for title in app.title] == ["Lakeside"]


def test_choosing_a_beat_puts_it_into_the_address(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    app = visit("home", monkeypatch)
    app.selectbox[0].select("K2").run()
    assert app.query_params["beat"] == "K2"
    assert [title.value for title in app.title] == ["Beat K2 · Quarter K2"]


def test_an_agreed_goal_shows_its_standing_both_keys_and_what_is_overdue(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    goal = a_goal(beat, "Quieter <b>nights</b>", state=GoalState.ACTIVE)
    a_published_outcome(goal, a_meeting(beat, state=MeetingState.MINUTED), residents=(97, 159))
    shown = page_text(visit("home", monkeypatch, beat="K2"))
    assert "Quieter &lt;b&gt;nights&lt;/b&gt;" in shown
    assert "Too early to say" in shown
    assert "Residents <b>61\N{NO-BREAK SPACE}%</b>" in shown
    assert "Officers <b>agreed</b>" in shown
    assert "0 of 2 commitments kept · <b>2 overdue</b>" in shown


def test_more_goals_than_fit_are_one_link_away(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    for number in range(5):
        a_goal(beat, f"Goal {number}", state=GoalState.ADOPTED)
    shown = page_text(visit("home", monkeypatch, beat="K2"))
    assert [f"Goal {number}</h3>" in shown for number in range(5)] == [True, True, True, False, False]
    assert "All 5 goals of this beat" in shown


def test_how_safe_people_feel_comes_with_n_and_interval(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    month = NOW.date().replace(day=1)
    for months, safe in ((-14, 33), (-8, 34), (-2, 36)):
        a_wave(beat, months_later(month, months), safe=safe, unsafe=27)
    shown = page_text(visit("home", monkeypatch, beat="K2")).replace("\N{NO-BREAK SPACE}", " ")
    assert "57 % <small>feel safe alone here after dark</small>" in shown
    assert "Likely 45 % to 68 % · 63 answers, random sample" in shown
    assert "No detectable change since" in shown


def test_a_small_wave_is_hidden(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_wave(a_beat("K2"), date(2026, 3, 1), safe=5, unsafe=4)
    shown = page_text(visit("home", monkeypatch, beat="K2"))
    assert "Too few people answered to show a figure" in shown
    assert "56" not in shown.partition("How safe people feel")[2][:400]


def test_the_next_meeting_can_be_taken_along(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    starts = (NOW + timedelta(days=9)).replace(hour=18, minute=30)
    meeting = a_meeting(beat, "Autumn meeting", starts_at=starts, state=MeetingState.PLANNED)
    with writing() as db:
        db.add(AgendaItem(meeting_id=meeting, position=1, title="Lamps & <i>noise</i>", minutes=20))
    app = visit("home", monkeypatch, beat="K2")
    shown = page_text(app)
    assert f"{starts:%A} {starts.day} {starts:%B}, 6:30 pm" in shown
    assert "Lamps &amp; &lt;i&gt;noise&lt;/i&gt;" in shown
    assert [button.label for button in app.download_button] == ["Add to calendar"]


def test_officers_and_when_to_meet_them(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_person("Sgt. Ruth <Alvarez>", beats=(a_beat("K2"),))
    shown = page_text(visit("home", monkeypatch, beat="K2"))
    assert "Sgt. Ruth &lt;Alvarez&gt;" in shown
    assert "Hours are not known yet" in shown


def test_no_title_is_markup_anywhere_on_the_first_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    goal = a_goal(beat, "<img src=x onerror=alert(1)>", state=GoalState.ACTIVE)
    a_published_outcome(goal, a_meeting(beat, state=MeetingState.MINUTED), residents=(97, 159))
    page = page_text(visit("home", monkeypatch, beat="K2"))
    assert "<img src=x" not in page
    assert page.count("&lt;img src=x") >= 2


def test_since_last_time_is_one_line_with_four_numbers(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    held = (NOW - timedelta(days=30)).replace(hour=12)
    a_meeting(beat, starts_at=held, state=MeetingState.MINUTED)
    goal = a_goal(beat, state=GoalState.ADOPTED)
    a_concern(beat, reported_at=NOW - timedelta(days=1))
    a_commitment(goal, due_on=(NOW - timedelta(days=2)).date())
    shown = page_text(visit("home", monkeypatch, beat="K2"))
    assert f"Since {held.day} {held:%B %Y}" in shown
    assert "You said <b>1</b></li>" in shown
    assert '<li class="is-late">We didn’t <b>1</b></li>' in shown


def test_before_any_meeting_no_last_time_is_spoken_of(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_concern(a_beat("K2"))
    assert "You said" not in page_text(visit("home", monkeypatch, beat="K2"))


def test_an_open_meeting_says_so_and_leads_to_the_vote(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_meeting(a_beat("K2"), starts_at=NOW - timedelta(minutes=20))
    app = visit("home", monkeypatch, beat="K2")
    assert "Open now" in page_text(app)
    assert [button.label for button in app.download_button] == []
    everywhere = page_text(visit("home", monkeypatch))
    assert "Open now" in everywhere
    assert "Beat K2 Quarter K2" in everywhere


def test_the_agenda_on_home_is_what_the_evening_is_about(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    meeting = a_meeting(beat, starts_at=NOW + timedelta(days=9), state=MeetingState.PLANNED)
    a_draft_round(meeting)
    for number in range(3):
        a_commitment(a_goal(beat, state=GoalState.ADOPTED), f"Lamp {number}", due_on=date(2026, 1, 1))
    draft_agenda(actor=a_facilitator(), meeting_id=meeting, now=NOW)
    shown = page_text(visit("home", monkeypatch, beat="K2"))
    assert '<li value="2"><span>Overdue: Lamp 0, Lamp 1 and 1 more</span></li>' in shown
    assert '<li value="4"><span>Vote: Which goals shall we take on next?</span></li>' in shown
    assert "and 2 more steps" in shown
