"""Raising a concern on a screen: danger first, others who raised the same, whom to call instead, photos."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.clock import now
from lib.queries.categories import category_settings
from lib.queries.concerns import ConcernFilter, concern_list
from lib.queries.moderation import waiting_for_moderator
from lib.services.places import name_city
from tests.builders import a_beat, a_concern
from tests.pages.test_moderation import press
from tests.pages.visiting import page_text, visit
from tests.photo_builders import a_picture


def raising(monkeypatch: pytest.MonkeyPatch, category: str = "noise") -> AppTest:
    name_city(name="Lakeside", time_zone="UTC", from_command_line=True)
    beat = a_beat()
    a_concern(beat, category_id=id_of("noise"), text="Music from the <bar>, loud on Friday", reported_at=now())
    app = visit("raise_concern", monkeypatch, beat="K2")
    app.get("button_group")[0].set_value(id_of(category)).run()
    if category == "noise":
        app.get("button_group")[1].set_value("beat").run()
    return app


def id_of(key: str) -> int:
    return next(row.id for row in category_settings() if row.key == key)


def test_danger_at_this_moment_waits_for_a_second_click(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = raising(monkeypatch)
    app.text_area[0].input("A man with a gun at the door").run()
    press(app, "Send")
    assert "Call 911 now" in page_text(app)
    assert len(concern_list(ConcernFilter())) == 1
    press(app, "It is not happening now: send it")
    assert "Thank you, it is in" in [header.value for header in app.header]
    assert len(concern_list(ConcernFilter())) == 2


def test_violence_at_home_waits_for_a_second_click_and_then_for_a_moderator(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = raising(monkeypatch)
    app.text_area[0].input("My husband beats me").run()
    press(app, "Send")
    assert "Before everybody can read it" in [header.value for header in app.header]
    assert 'href="tel:911"' in page_text(app)
    assert 'href="/today" target="_self" data-leave>Leave this page</a>' in page_text(app)
    press(app, "Change what I wrote")
    assert "Before everybody can read it" not in [header.value for header in app.header]
    assert (app.text_area[0].value, len(concern_list(ConcernFilter()))) == ("My husband beats me", 1)
    press(app, "Send")
    press(app, "Send it all the same: a moderator reads it first")
    [waiting], _total = waiting_for_moderator()
    assert waiting.findings == ("at_home",)


def test_others_who_raised_the_same_stand_beside_the_form(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = raising(monkeypatch)
    assert "Is it one of these?" not in [header.value for header in app.header]
    app.text_area[0].input("Loud music from the bar on Friday").run()
    shown = page_text(app)
    assert "Is it one of these?" in [header.value for header in app.header]
    assert "Music from the &lt;bar&gt;" in shown
    assert f"/me-too/{concern_list(ConcernFilter())[0].uuid}" in shown
    assert "Who is responsible" in " ".join(caption.value for caption in app.caption)


@pytest.mark.parametrize("key", ["domestic_abuse", "named_suspects"])
def test_what_is_never_public_shows_whom_to_call(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    app = raising(monkeypatch, key)
    assert 'href="tel:911"' in page_text(app)
    assert "Leave this page" in page_text(app)
    assert [len(app.text_area), [button.label for button in app.button]] == [0, []]


def test_photos_go_to_the_moderator_with_the_concern(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = raising(monkeypatch)
    app.text_area[0].input("A broken window, Kevin Doyle did it").run()
    app.checkbox(key="raise_has_photos").check().run()
    app.file_uploader(key="raise_photos").set_value([("p.jpg", a_picture(), "image/jpeg")]).run()
    press(app, "Send")
    assert any("A moderator reads your words before everybody can" in each.value for each in app.text)
    [waiting], _total = waiting_for_moderator()
    assert (len(waiting.photos), waiting.findings) == (1, ("name",))
