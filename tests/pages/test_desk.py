"""The officer's desk: pages, templates, merging, splitting, words that are not public, and what recurs."""

from datetime import UTC, datetime, timedelta

import h3
import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from lib.clock import now
from lib.model import Beat, Concern, ConcernAnswer, ConcernReview, Goal, GoalConcern, Incident
from lib.queries.desk import answer_templates
from lib.queries.moderation import moderated_concern
from lib.rules.geography import STREET_RESOLUTION
from lib.rules.lifecycle import ConcernStatus
from lib.rules.moderation import Finding, Reason, TextState
from lib.services.answer_templates import keep_template
from lib.services.answers import answer_concern
from lib.services.moderation import show_photo, withhold_photo
from lib.storage.transaction import reading, writing
from tests.builders import (
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_coordinator,
    a_facilitator,
    a_partner,
    a_person,
    incidents_recorded,
    uuid_of,
)
from tests.directory_builders import a_service
from tests.pages.visiting import focused, page_text, visit
from tests.photo_builders import a_picture
from tests.services.test_moderation import held

CELL = h3.latlng_to_cell(47.61, -122.33, STREET_RESOLUTION)


def press(app: AppTest, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()


def box(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(each for each in app.selectbox if each.label.startswith(label))


def area(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(each for each in app.text_area if each.label == label)


def raised(beat: int, number: int, *, days: int = 0) -> list[int]:
    """So many concerns, the first the oldest, a week apart."""
    return [
        a_concern(
            beat,
            text=f"Loud music, part {position}",
            cell=CELL,
            reported_at=now() - timedelta(days=days + 7 * (number - position)),
        )
        for position in range(number)
    ]


@pytest.mark.parametrize("status", [ConcernStatus.INVESTIGATING, ConcernStatus.SOLVED])
def test_the_later_of_two_officers_keeps_the_form_and_its_words_where_the_concern_left_the_page(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, status: ConcernStatus
) -> None:
    """An answered concern stands behind all that wait, or is closed: its form must not go with it."""
    a_city()
    beat = a_beat()
    first = uuid_of(Concern, raised(beat, 12)[0])
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    press(app, "Answer")
    answer_concern(actor=a_person("Ray Kim", beats=(beat,)), concern_uuid=first, status=status, text="We came")
    area(app, "What everybody can read").input("My own words")
    press(app, "Send the answer")
    assert not app.exception
    assert "Somebody else has answered meanwhile" in page_text(app)
    assert area(app, "What everybody can read").value == "My own words"
    assert ("We came" in page_text(app), "part 1" in page_text(app)) == (True, True)
    press(app, "Not now")
    assert "What everybody can read" not in [each.label for each in app.text_area]
    assert "We came" not in page_text(app)


def test_a_long_queue_is_turned_page_by_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    raised(beat, 12)
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    assert ("part 0" in page_text(app), "part 10" in page_text(app)) == (True, False)
    press(app, "Next")
    shown = page_text(app)
    assert ("Page 2 of 2" in shown, "part 10" in shown, "part 9" in shown) == (True, True, False)
    for _ in range(2):
        press(app, "Answer")
        area(app, "What everybody can read").input("Done")
        box(app, "Status").select(ConcernStatus.SOLVED)
        press(app, "Send the answer")
        assert not app.exception
    assert "part 9" in page_text(app)


def test_answer_and_next_opens_the_one_after(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    first, second = raised(beat, 2)
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    press(app, "Answer")
    area(app, "What everybody can read").input("We read it")
    press(app, "Answer and next")
    assert app.session_state["desk_open"] == uuid_of(Concern, second)
    with reading() as db:
        assert db.scalars(select(ConcernAnswer.concern_id)).all() == [first]


def test_a_template_fills_the_field_and_the_status(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    raised(beat, 1)
    officer = a_person(beats=(beat,))
    kept = keep_template(actor=officer, name="Planned", text="It is <planned>.", status=ConcernStatus.PLANNED)
    app = visit("desk", monkeypatch, officer)
    press(app, "Answer")
    box(app, "Begin with a template").select(kept).run()
    assert area(app, "What everybody can read").value == "It is <planned>."
    press(app, "Send the answer")
    with reading() as db:
        assert list(db.execute(select(ConcernAnswer.status, ConcernAnswer.text))) == [
            (ConcernStatus.PLANNED, "It is <planned>.")
        ]


def test_templates_are_kept_on_the_desk(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    next(each for each in app.text_input if each.label == "Name").input("Read")
    area(app, "Words").input("We read it.")
    press(app, "Keep it")
    assert [(row.name, row.text) for row in answer_templates()] == [("Read", "We read it.")]
    box(app, "Template").select(answer_templates()[0].id).run()
    assert area(app, "Words").value == "We read it."
    press(app, "Remove it")
    assert (answer_templates(), app.exception) == ((), [])


def test_merging_taking_out_splitting_and_referring(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    first, second = raised(beat, 2)
    partner = a_partner("City Light")
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    press(app, "Answer")
    box(app, "Status").select(ConcernStatus.DUPLICATE).run()
    box(app, "Merge it into").select(uuid_of(Concern, second))
    area(app, "What everybody can read").input("The same thing")
    press(app, "Send the answer")
    assert "1 other merged into it" in page_text(app)
    press(app, "Answer")
    press(app, "Take out")
    assert ("own again" in app.success[0].value, "merged into it" in page_text(app)) == (True, False)
    press(app, "Answer")
    box(app, "What the second one is about").select("noise")
    area(app, "The second concern, in your words").input("Dogs bark, too")
    press(app, "Split it")
    assert "Dogs bark, too" in page_text(app)
    press(app, "Answer")
    box(app, "Status").select(ConcernStatus.REFERRED).run()
    box(app, "Passed on to").select(partner)
    area(app, "What everybody can read").input("They repair lamps")
    press(app, "Send the answer")
    with reading() as db:
        assert sum(row.referred_to_id == partner for row in db.scalars(select(Concern))) == 1
        assert db.get_one(Concern, first).duplicate_of_id is None


def test_words_that_are_not_public_are_for_the_officers_of_the_beat(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    held = a_concern(here)
    with writing() as db:
        db.execute(update(Concern).values(text="", text_state=TextState.HELD))
        db.add(ConcernReview(concern_id=held, original="Call <b>Ann</b> at 4", findings=[Finding.NAME], held_at=now()))
    shown = page_text(visit("desk", monkeypatch, a_person(beats=(here,))))
    assert ("Call <b>Ann</b> at 4" in shown, "Not public" in shown) == (True, True)
    for other in (a_coordinator(), a_person(beats=(there,))):
        assert "Ann" not in page_text(visit("desk", monkeypatch, other))
    assert "Ann" not in page_text(visit("concerns", monkeypatch))


def test_what_a_shift_holds_is_said_with_its_table(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    month = (now() - timedelta(days=70)).date().replace(day=1)
    incidents_recorded(beat, "NOISE", {month: 12})
    at_night = datetime(month.year, month.month, 2, 23, 30, tzinfo=UTC)
    with writing() as db:
        db.execute(update(Incident).where(Incident.occurred_on < month.replace(day=5)).values(occurred_at=at_night))
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    shown = page_text(app)
    assert "A night shift (11 pm to 7 am) on K2 Quarter K2 holds on average" in shown
    assert "8 of 12 have no time of day" in shown
    public = page_text(visit("concerns", monkeypatch, beat="K2"))
    assert "A night shift (11 pm to 7 am) on K2 Quarter K2 holds on average" in public


def test_what_recurs_becomes_a_goal_with_its_concerns(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    concerns = raised(beat, 4)
    a_category("street_lighting")
    officer = a_person(beats=(beat,))
    app = visit("desk", monkeypatch, officer, beat="K2")
    next(each for each in app.toggle if each.label.startswith("Look for places")).set_value(True).run()
    shown = page_text(app)
    assert ("Noise at one place" in shown, "4 concerns on 4 days" in shown) == (True, True)
    key = f"place-{uuid_of(Concern, concerns[0]).hex[:12]}"
    app = visit("goals", monkeypatch, officer, beat="K2", grow=key)
    assert not app.exception
    assert app.text_input[0].value == "Noise: one place in K2 Quarter K2"
    press(app, "Propose this goal")
    assert not app.exception
    with reading() as db:
        goal = db.scalars(select(Goal)).one()
        assert db.scalars(select(GoalConcern.concern_id)).all() == concerns
    assert "4 concerns on 4 days" in goal.scanning
    assert "The goal is proposed" in app.success[0].value


def test_a_link_to_what_recurs_no_more_says_so(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat()
    raised(beat, 4)
    app = visit("goals", monkeypatch, a_person(beats=(beat,)), beat="K2", grow="place-<b>nothing")
    assert "recurs no more" in str([each.value for each in app.text])


def test_who_can_help_is_at_hand_while_an_officer_answers(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat()
    raised(beat, 1)
    a_service(a_partner("Mediation <desk>", phone="206-555-0163"), "A talk between neighbours", needs="noise music")
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    press(app, "Answer")
    shown = page_text(app)
    assert not app.exception
    assert [each.label for each in app.expander if each.label.startswith("Who can help")] == ["Who can help (1)"]
    assert ('href="tel:2065550163"' in shown, "Mediation &lt;desk&gt;" in shown) == (True, True)


def test_the_desk_shows_public_photos_and_says_how_many_wait(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    concern = held("A broken lamp", photos=[a_picture(), a_picture("#2AA58E"), a_picture("#222222")])
    shown, withheld, _held = (photo.uuid for photo in moderated_concern(concern).photos)
    show_photo(actor=a_facilitator(), photo_uuid=shown)
    withhold_photo(actor=a_facilitator(), photo_uuid=withheld, reason=Reason.SHOWS_A_PERSON)
    with reading() as db:
        beat = db.scalars(select(Beat.id)).one()
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    said = page_text(app)
    assert f"/concerns/photos/{shown}.jpg" in said
    assert said.count("/concerns/photos/") == 2
    assert "1 photo waits for a moderator" in said


def test_the_keyboard_goes_on_in_the_words_and_back_in_the_list(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat()
    first, second = (uuid_of(Concern, row) for row in raised(beat, 2))
    app = visit("desk", monkeypatch, a_person(beats=(beat,)))
    assert focused(app) == []
    press(app, "Answer")
    assert focused(app) == [f".st-key-answer_{first}_text textarea"]
    area(app, "What everybody can read").input("We look at it.")
    press(app, "Answer and next")
    assert focused(app) == [f".st-key-answer_{second}_text textarea"]
    press(app, "Not now")
    assert focused(app) == [f".st-key-open_{second} button"]
