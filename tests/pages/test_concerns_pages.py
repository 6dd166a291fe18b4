"""The pages about concerns: the same numbers everywhere, a link that reproduces the view, writes that are kept."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
import streamlit as st
from sqlalchemy import func, select, update
from streamlit.testing.v1 import AppTest

from lib.clock import now
from lib.model import Concern, ConcernAnswer, ConcernPlace, GoalConcern, LogEntry
from lib.queries.concerns import ConcernFilter, concern_list
from lib.rules.geography import PlaceKind, Point, cell_centre, public_cell
from lib.rules.lifecycle import ConcernStatus, GoalState
from lib.rules.rights import Actor
from lib.services.concerns import Place, erase_concern, report_concern, support_concern
from lib.settings import ROOT
from lib.storage.transaction import reading, writing
from tests.builders import (
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_coordinator,
    a_goal,
    a_partner,
    a_person,
    incidents_recorded,
    uuid_of,
)
from tests.counting import counted_statements
from tests.directory_builders import a_service
from tests.pages.visiting import page_text, visit

STREET = public_cell(-122.331234, 47.611234, PlaceKind.STREET)


def visit_at(
    page: str, monkeypatch: pytest.MonkeyPatch, address: Mapping[str, str], actor: Actor | None = None
) -> AppTest:
    """As `visit`, with something behind the question mark of the address."""
    first = visit(page, monkeypatch, actor)
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=30)
    assert not first.exception
    for name, word in address.items():
        app.query_params[name] = word
    return app.run()


def some_concerns(number: int = 3, *, days: int = 10, code: str = "K2", west: float = -122.34) -> int:
    beat = a_beat(code, west=west)
    for position in range(number):
        a_concern(
            beat, cell=STREET, reported_at=now() - timedelta(days=days + position), text=f"Music {code} {position}"
        )
    return beat


def chart_of(app: AppTest) -> str:
    """Everything that the map sends to the browser."""
    return str(app.get("deck_gl_json_chart")[0].proto.json)


def press(app: AppTest, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()


def test_sentence_table_and_list_say_the_same_numbers(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = some_concerns(3, days=10)
    some_concerns(2, code="K3", west=-122.30)
    lighting = a_category("street_lighting")
    goal = a_goal(beat, "Lamps that <work>", state=GoalState.PROPOSED)
    for position in range(5):
        lamp = a_concern(beat, category_id=lighting, reported_at=now() - timedelta(days=2))
        with writing() as db:
            db.add(GoalConcern(goal_id=goal, concern_id=lamp))
        support_concern(concern_uuid=uuid_of(Concern, lamp), device=f"phone {position}")
    a_concern(beat, status=ConcernStatus.SOLVED)
    app = visit_at("concerns", monkeypatch, {"beat": "K2"})
    assert not app.exception
    shown = page_text(app)
    assert "<b>8 open concerns</b> in K2 Quarter K2 in the last 90 days. Most are about street lighting" in shown
    assert "the oldest of these has waited 12\N{NO-BREAK SPACE}days for an answer." in shown
    cells = [re.findall(r'<td class="num">(\d+)</td>', row) for row in re.findall(r"<tr.*?</tr>", shown)]
    assert [row for row in cells if row][:3] == [["5", "5"], ["3", "0"], ["8", "5"]]
    assert "Read all 8" in shown
    assert shown.count("<li><div") == 8
    assert "5 concerns about street lighting became the goal" in shown
    assert "Lamps that &lt;work&gt;" in shown


def test_a_link_reproduces_the_view(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = some_concerns(1, days=200)
    a_concern(beat, category_id=a_category("street_lighting"), reported_at=now() - timedelta(days=200))
    incidents_recorded(beat, "THEFT", {(now() - timedelta(days=70)).date().replace(day=1): 5})
    address = {
        "beat": "K2",
        "category": "street_lighting",
        "days": "365",
        "status": "new",
        "colour": "incidents",
        "kind": "THEFT",
    }
    app = visit_at("concerns", monkeypatch, address)
    assert {box.label: box.value for box in app.selectbox} == {
        "Beat": "K2",
        "Category": "street_lighting",
        "Period": "365",
        "Status": "new",
        "Colour of a beat": "incidents",
        "Kind of incident": "THEFT",
    }
    assert "1 concern</b> about street lighting with the status “new”" in page_text(app)


def test_a_changed_filter_stands_in_the_address(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    some_concerns(1)
    app = visit_at("concerns", monkeypatch, {})
    boxes = {box.label: box for box in app.selectbox}
    boxes["Beat"].select("K2").run()
    boxes = {box.label: box for box in app.selectbox}
    boxes["Status"].select("all").run()
    app.get("button_group")[0].set_value("hexagons").run()
    assert {name: app.query_params[name] for name in app.query_params} == {
        "beat": "K2",
        "status": "all",
        "as": "hexagons",
    }
    {box.label: box for box in app.selectbox}["Status"].select("open").run()
    assert "status" not in app.query_params


def test_what_an_address_asks_in_vain_is_said_and_left_out(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    some_concerns(1)
    nonsense = {
        "beat": "<b>Z9",
        "days": "-1",
        "status": "'; DROP TABLE",
        "colour": "red",
        "as": "x" * 5000,
        "kind": "?",
    }
    app = visit_at("concerns", monkeypatch, nonsense)
    assert not app.exception
    assert app.info[0].value == (
        "This link asks for a beat, period, status, colour, way of drawing and kind of incident that there is not "
        "here. The page shows what it would without; choose again below."
    )
    assert "1 open concern</b> in Lakeside in the last 90 days" in page_text(app)


def test_the_map_sends_cells_and_never_an_exact_point(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 10."""
    a_city()
    a_beat()
    exact = Point(-122.331234, 47.611234)
    report_concern(
        category_id=a_category(),
        text="Loud music",
        frequency="",
        place=Place(exact, "1412 Harbor Lane"),
        place_kind=PlaceKind.HOME,
        contact="555-0100",
        officers_may_see=True,
    )
    for address in ({"beat": "K2"}, {}, {"as": "hexagons"}):
        app = visit_at("concerns", monkeypatch, address)
        sent = chart_of(app) + page_text(app)
        assert [
            part for part in ("331234", "611234", "-122.3312", "47.6112", "Harbor", "555-0100") if part in sent
        ] == []
    centre = cell_centre(public_cell(*exact, PlaceKind.HOME))
    pinned = chart_of(visit_at("concerns", monkeypatch, {"beat": "K2"}))
    assert f"[{round(centre.longitude, 5)},{round(centre.latitude, 5)}]" in pinned.replace(" ", "")


def test_what_residents_wrote_is_never_markup(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 14."""
    a_city()
    a_concern(a_beat(), text='<script>alert(1)</script><img src=x onerror="alert(2)">', reported_at=now())
    app = visit_at("concerns", monkeypatch, {})
    shown = page_text(app)
    assert "<script>" not in shown and "<img" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_an_erased_concern_counts_without_words_or_day(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat()
    found = report_concern(
        category_id=a_category(),
        text="Something private",
        frequency="every day",
        place=Place(beat_code="K2"),
        place_kind=PlaceKind.HOME,
    )
    erase_concern(follow_secret=found.follow_secret)
    shown = page_text(visit_at("concerns", monkeypatch, {"days": "365"}))
    assert "1 open concern</b>" in shown
    assert "Its reporter took the words back" in shown
    assert "private" not in shown and "/me-too/" not in shown


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_a_literal_number_of_statements(
    database: str, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    a_city()
    beat = some_concerns(number)
    incidents_recorded(beat, "THEFT", {(now() - timedelta(days=70)).date().replace(day=1): 5})
    visit_at("concerns", monkeypatch, {"beat": "K2"})
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_file(str(ROOT / "pages" / "concerns.py"), default_timeout=30)
    app.query_params["beat"] = "K2"
    with counted_statements() as sent:
        app.run()
    assert len(sent) == 36
    with counted_statements() as sent:
        app.run()
    assert sent == []


def test_every_beat_stands_in_the_table_with_its_rates(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    some_concerns(6)
    a_beat("K3", west=-122.30)
    shown = page_text(visit_at("concerns", monkeypatch, {"beat": "K2", "days": "30"}))
    chosen = re.search(r'<tr class="is-chosen">.*?</tr>', shown)
    assert chosen and "K2 Quarter K2" in chosen[0]
    assert re.findall(r'<td class="num">([^<]*)</td>', chosen[0]) == ["6", "0", "6.1", "–", "–", "–"]
    assert 'href="/concerns?beat=K3&amp;days=30"' in shown


def test_a_city_without_concerns_or_beats_says_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    for page in ("concerns", "raise_concern"):
        app = visit(page, monkeypatch)
        assert not app.exception
    assert "This city has no beats yet" in page_text(visit("raise_concern", monkeypatch))
    a_beat()
    assert "No concern</b> in Lakeside" in page_text(visit_at("concerns", monkeypatch, {"status": "all"}))


def raising(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page Raise a concern with everything filled in but the words."""
    a_city()
    a_beat()
    a_category()
    app = visit_at("raise_concern", monkeypatch, {"beat": "K2"})
    app.get("button_group")[0].set_value(a_category()).run()
    app.get("button_group")[1].set_value("beat").run()
    return app


def test_the_emergency_number_comes_before_the_form(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = raising(monkeypatch)
    shown = page_text(app)
    assert shown.index("tel:911") < shown.index("Raise a concern")


def test_a_raised_concern_shows_its_follow_link_and_counts_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = raising(monkeypatch)
    app.text_area[0].input("Loud music every Friday night").run()
    press(app, "Send")
    assert not app.exception
    found = re.search(r"http://localhost:8501/follow/[0-9a-z]{26}", page_text(app))
    assert found
    assert [code.value for code in app.code] == [found[0]]
    rows = concern_list(ConcernFilter())
    assert [(row.text, row.beat, row.cell, row.category) for row in rows] == [
        ("Loud music every Friday night", "K2", "", "noise")
    ]
    app.run()
    press(app, "Raise another concern")
    assert app.text_area[0].value == ""
    assert len(concern_list(ConcernFilter())) == 1


def test_whoever_raised_a_concern_reads_who_can_help_meanwhile(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = raising(monkeypatch)
    a_service(a_partner("Mediation", phone="206-555-0163"), "A talk between neighbours", needs="noise music quarrel")
    app.text_area[0].input("Loud music every Friday night").run()
    press(app, "Send")
    shown = page_text(app)
    assert app.exception == []
    assert ("While you wait" in shown, 'href="tel:2065550163"' in shown) == (True, True)


def test_a_refused_form_keeps_what_was_typed(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = raising(monkeypatch)
    app.text_area[0].input("x" * 10_000).run()
    press(app, "Send")
    assert "2,000 characters are possible, this has 10,000" in app.error[0].value
    assert app.text_area[0].value == "x" * 10_000
    app.text_area[0].input("Shorter").run()
    press(app, "Send")
    assert [row.text for row in concern_list(ConcernFilter())] == ["Shorter"]


def test_a_place_clicked_on_the_map_is_kept_apart_from_the_public_row(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = raising(monkeypatch)
    app.get("button_group")[1].set_value("map").run()
    offered = json.loads(chart_of(app))
    assert STREET in json.dumps(offered)
    app.session_state["raise_cell"] = STREET
    app.text_area[0].input("A broken lamp").run()
    press(app, "Send")
    with reading() as db:
        place = db.scalars(select(ConcernPlace)).one()
    assert (place.longitude, place.latitude) == cell_centre(STREET)
    assert concern_list(ConcernFilter())[0].cell == public_cell(place.longitude, place.latitude, PlaceKind.HOME)


def desk(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> AppTest:
    app = visit("desk", monkeypatch, actor)
    assert not app.exception
    return app


def test_the_desk_shows_own_beats_only_beside_the_pressures(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = some_concerns(2)
    some_concerns(1, code="K3", west=-122.30)
    incidents_recorded(beat, "THEFT", {(now() - timedelta(days=70)).date().replace(day=1): 12})
    officer = a_person(beats=(beat,))
    app = desk(monkeypatch, officer)
    app.session_state["pressures_by"] = "Category"
    shown = page_text(app.run())
    assert "2 open concerns" in shown
    assert "Music K2 0" in shown and "Music K3" not in shown
    assert "12 recorded incidents" in shown and "THEFT" in shown
    everything = page_text(desk(monkeypatch, a_coordinator()))
    assert "3 open concerns" in everything
    assert "You serve no beat at present" in page_text(desk(monkeypatch, a_person()))


def test_an_answer_is_sent_from_the_desk(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = some_concerns(1)
    app = desk(monkeypatch, a_person(beats=(beat,)))
    press(app, "Answer")
    press(app, "Send the answer")
    assert "Answer is empty" in app.error[0].value
    app.selectbox[0].select(ConcernStatus.PLANNED).run()
    app.text_area[0].input("A walk on <b>Friday</b>")
    press(app, "Send the answer")
    assert "Your answer is out" in app.success[0].value
    assert "A walk on &lt;b&gt;Friday&lt;/b&gt;" in page_text(app)
    with reading() as db:
        assert list(db.execute(select(ConcernAnswer.status, ConcernAnswer.text))) == [
            (ConcernStatus.PLANNED, "A walk on <b>Friday</b>")
        ]


def test_an_exact_place_is_shown_once_asked_for_and_each_look_is_logged(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat()
    report_concern(
        category_id=a_category(),
        text="Somebody sleeps in the cellar",
        frequency="",
        place=Place(Point(-122.331234, 47.611234), "1412 Harbor Lane"),
        place_kind=PlaceKind.HOME,
        contact="555-0100",
        officers_may_see=True,
    )
    app = desk(monkeypatch, a_person(beats=(beat,)))
    press(app, "Answer")
    assert "Harbor" not in page_text(app)
    press(app, "Show the exact place")
    shown = page_text(app)
    assert "Address: 1412 Harbor Lane" in shown and "Contact: 555-0100" in shown and "47.61123, -122.33123" in shown
    press(app, "Not now")
    assert "Harbor" not in page_text(app)
    with reading() as db:
        seen = select(func.count()).select_from(LogEntry).where(LogEntry.action == "exact_place_seen")
        assert db.scalar(seen) == 1


def test_whoever_lost_their_posting_meanwhile_is_told_and_changes_nothing(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.model import OfficerPosting

    a_city()
    beat = some_concerns(1)
    app = desk(monkeypatch, a_person(beats=(beat,)))
    press(app, "Answer")
    app.text_area[0].input("Too late")
    with writing() as db:
        db.execute(update(OfficerPosting).values(valid_to=now().date()))
    press(app, "Send the answer")
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(ConcernAnswer)) == 0
    assert "not posted there" in str([error.value for error in app.error]) or "serve no beat" in page_text(app)
