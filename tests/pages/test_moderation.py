"""The moderator's queue, the public list of what was kept back, and the coordinator's categories."""

from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from lib.queries.categories import category_settings
from lib.queries.concerns import ConcernFilter, concern_list
from lib.queries.moderation import kept_back, moderated_concern
from lib.rules.lifecycle import Role
from lib.rules.moderation import PhotoState, Reason, TextState
from lib.services.moderation import withhold_words
from lib.services.places import name_city
from tests.builders import NOON, a_coordinator, a_facilitator, a_person
from tests.pages.visiting import focused, page_text, visit
from tests.photo_builders import a_picture
from tests.services.test_moderation import WORDS, held


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_the_queue_marks_what_was_found_and_takes_it_out_with_one_click(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(f"{WORDS} <script>alert(1)</script>")
    app = visit("moderation", monkeypatch, a_facilitator())
    shown = page_text(app)
    assert app.exception == []
    assert '<mark title="a name">Kevin Doyle</mark> deals' in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    press(app, "Take out what is marked")
    assert concern_list(ConcernFilter())[0].text == "[…] deals at the corner, […] <script>alert(1)</script>"
    shown = page_text(app)
    assert "Nothing waits" in shown and "Everybody reads:" in shown


def test_words_are_shown_withheld_or_redacted_by_hand(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    concern = held()
    app = visit("moderation", monkeypatch, a_facilitator())
    app.text_area(key=f"words_{concern}_text").input("Something else").run()
    press(app, "Publish it so")
    assert "Take out parts" in app.error[0].value
    app.text_area(key=f"words_{concern}_text").input("Kevin […] deals at the corner, […]").run()
    app.selectbox(key=f"words_{concern}_reason").select(Reason.ACCUSES_SOMEBODY).run()
    press(app, "Publish it so")
    found = moderated_concern(concern)
    assert (found.public, found.reason) == ("Kevin […] deals at the corner, […]", Reason.ACCUSES_SOMEBODY)
    press(app, "Withhold")
    assert moderated_concern(concern).text_state is TextState.WITHHELD
    press(app, "Show as it is")
    assert moderated_concern(concern).text_state is TextState.SHOWN


def test_a_public_concern_is_reached_by_its_link(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    concern = held("The house with the red door")
    moderator = a_facilitator()
    assert f"/moderation?concern={concern}" in page_text(visit("concerns", monkeypatch, moderator, days="all"))
    assert "/moderation?concern=" not in page_text(visit("concerns", monkeypatch, days="all"))
    app = visit("moderation", monkeypatch, moderator, concern=str(concern))
    app.selectbox(key=f"words_{concern}_reason").select(Reason.TELLS_A_HOME).run()
    press(app, "Withhold")
    assert concern_list(ConcernFilter())[0].text == ""
    for nonsense in ("x", str(UUID(int=0))):
        assert visit("moderation", monkeypatch, moderator, concern=nonsense).exception == []


def test_a_photo_is_looked_at_and_decided(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    concern = held("A broken lamp", photos=[a_picture(), a_picture("#2AA58E")])
    app = visit("moderation", monkeypatch, a_coordinator())
    first = moderated_concern(concern).photos[0].uuid
    assert f'src="/concerns/photos/{first}.jpg"' in page_text(app)
    press(app, "Show photo 1")
    press(app, "Withhold and delete photo 2")
    assert [photo.state for photo in moderated_concern(concern).photos] == [PhotoState.SHOWN, PhotoState.WITHHELD]
    public = page_text(visit("concerns", monkeypatch, days="all"))
    assert f'src="/concerns/photos/{first}.jpg"' in public


def test_the_keyboard_goes_on_with_the_next_decision(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (
        held("Kevin Doyle deals", photos=[a_picture()]),
        held("A broken lamp", photos=[a_picture("#2AA58E")]),
    )
    app = visit("moderation", monkeypatch, a_facilitator())
    assert focused(app) == []
    press(app, "Take out what is marked")
    assert focused(app) == [f".st-key-card_moderated_{first} [data-testid=stButton] button"]
    press(app, "Show photo 1")
    assert focused(app) == [f".st-key-card_moderated_{second} [data-testid=stButton] button"]


def test_an_officer_who_runs_meetings_moderates_nothing(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held()
    app = visit("moderation", monkeypatch, a_person(roles=(Role.OFFICER, Role.FACILITATOR)))
    assert (len(app.exception), "Kevin" in page_text(app)) == (1, False)


def test_everybody_reads_how_much_was_kept_back(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    concern = held()
    assert "Nothing was kept back" in page_text(visit("withheld", monkeypatch))
    withhold_words(actor=a_facilitator(), concern_uuid=concern, reason=Reason.ACCUSES_SOMEBODY, now=NOON)
    shown = page_text(visit("withheld", monkeypatch))
    assert [
        words
        for words in ("May 2026", "Noise in K2", "Words, withheld", "accuses somebody", "Facilitator")
        if words not in shown
    ] == []
    assert "can erase it; the row stays then, with its month and without a word" in shown
    assert "Kevin" not in shown and str(concern) not in shown
    assert len(kept_back()) == 1


def test_the_public_list_of_concerns_says_what_is_held(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    concern = held()
    assert "A moderator reads these words first." in page_text(visit("concerns", monkeypatch, days="all"))
    withhold_words(actor=a_facilitator(), concern_uuid=concern, reason=Reason.ACCUSES_SOMEBODY)
    shown = page_text(visit("concerns", monkeypatch, days="all"))
    assert "A moderator withheld these words." in shown and "Kevin" not in shown


def test_a_coordinator_changes_a_category(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name_city(name="Lakeside", time_zone="UTC", from_command_line=True)
    app = visit("admin", monkeypatch, a_coordinator())
    row = next(each for each in category_settings() if each.key == "noise")
    app.selectbox(key="category_chosen").select(row.id).run()
    app.text_input(key=f"category_{row.id}_name_en").input("Loud <nights>")
    app.number_input(key=f"category_{row.id}_place").set_value(1)
    app.checkbox(key=f"category_{row.id}_public").uncheck()
    save(app, row.id)
    assert "Say what to do instead" in app.error[0].value
    app.text_area(key=f"category_{row.id}_advice_en").input("Call the night office.")
    save(app, row.id)
    changed = category_settings()[0]
    assert (changed.key, changed.name, changed.is_public) == ("noise", "Loud <nights>", False)
    assert "Loud &lt;nights&gt;" in page_text(app)


def save(app: AppTest, category_id: int) -> None:
    """Press the button of the form of one category."""
    form = f"category_{category_id}"
    next(button for button in app.button if button.label == "Save" and button.form_id == form).click().run()
    assert not app.exception
