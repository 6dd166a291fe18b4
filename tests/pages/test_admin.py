"""The coordinator's page: what it shows is what is stored, and what is clicked is stored at once."""

import pytest
from sqlalchemy import select

from lib.model import City, ImportRun
from lib.queries.people import people
from lib.rules.lifecycle import Role, Side
from lib.services.people import post_officer
from lib.services.sessions import sign_in, sign_out_everywhere
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_city, a_coordinator, a_facilitator, a_person
from tests.pages.visiting import page_text, visit


def button(app: object, label: str) -> object:
    return next(each for each in app.button if each.label == label)  # type: ignore[attr-defined]


def test_only_coordinators_see_it(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    seen = [visit("admin", monkeypatch, actor) for actor in (None, a_facilitator(), a_coordinator())]
    assert [len(app.exception) for app in seen] == [1, 1, 0]


def test_who_was_signed_out_meanwhile_reads_no_more(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    ines = a_coordinator()
    app = visit("admin", monkeypatch, ines)
    sign_out_everywhere(actor=ines)
    button(app, "Save roles and side").click().run()  # type: ignore[attr-defined]
    assert "Ines Park" not in page_text(app)


def test_it_names_everybody_as_text(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_person("<script>Maya</script>", email="maya@example.org", beats=(a_beat("K2"),))
    app = visit("admin", monkeypatch, a_coordinator())
    text = page_text(app)
    assert ("&lt;script&gt;Maya" in text, "<script>" in text) == (True, False)
    assert "maya@example.org" in text
    assert "K2" in text


def test_a_person_is_added_and_can_sign_in(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    app = visit("admin", monkeypatch, a_coordinator())
    app.text_input(key="new_name").input("Rosa Delgado")
    app.text_input(key="new_email").input("rosa@example.org")
    app.text_input(key="new_password").input("four random words here")
    app.multiselect(key="new_roles").select(Role.FACILITATOR)
    app.selectbox(key="new_side").select(Side.RESIDENTS)
    button(app, "Add").click().run()  # type: ignore[attr-defined]
    assert "They can sign in at /signin" in app.success[0].value
    assert sign_in(email="rosa@example.org", password="four random words here").person_id
    assert app.text_input(key="new_password").value == ""


def test_what_cannot_be_taken_is_said_and_stays_typed(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    app = visit("admin", monkeypatch, a_coordinator())
    app.text_input(key="new_name").input("Rosa Delgado")
    app.text_input(key="new_email").input("no address")
    app.multiselect(key="new_roles").select(Role.FACILITATOR)
    button(app, "Add").click().run()  # type: ignore[attr-defined]
    assert len(app.error) == 1
    assert "This is no e" in app.error[0].value
    assert (app.text_input(key="new_email").value, len(people())) == ("no address", 1)


def test_roles_are_changed(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    maya = a_person("Maya Lindqvist")
    app = visit("admin", monkeypatch, a_coordinator())
    app.selectbox(key="changed_person").select(maya.person_id).run()
    app.multiselect(key=f"changed_roles_{maya.person_id}").select(Role.AUDITOR)
    button(app, "Save roles and side").click().run()  # type: ignore[attr-defined]
    assert {row.name: row.roles for row in people()}["Maya Lindqvist"] == {Role.OFFICER, Role.AUDITOR}


def test_an_officer_is_posted(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    a_person("Maya Lindqvist")
    app = visit("admin", monkeypatch, a_coordinator())
    assert "No officer is posted to a beat" in page_text(app)
    app.text_input(key="posted_hours").input("Tuesdays 5 to 7 pm")
    button(app, "Post").click().run()  # type: ignore[attr-defined]
    postings = [posting for row in people() for posting in row.postings]
    assert [(posting.beat, posting.hours) for posting in postings] == [("K2", "Tuesdays 5 to 7 pm")]


def test_a_posting_is_ended(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    maya = a_person("Maya Lindqvist")
    post_officer(person_id=maya.person_id, beat="K2", valid_from=NOON.date(), from_command_line=True)
    app = visit("admin", monkeypatch, a_coordinator())
    button(app, "End it").click().run()  # type: ignore[attr-defined]
    assert [posting.valid_to is not None for row in people() for posting in row.postings] == [True]


def test_the_city_is_renamed_and_a_wrong_zone_refused(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    app = visit("admin", monkeypatch, a_coordinator())
    app.text_input(key="city_zone").input("Mars/Olympus")
    button(app, "Save").click().run()  # type: ignore[attr-defined]
    assert "no time zone" in app.error[0].value
    app.text_input(key="city_zone").input("America/Los_Angeles")
    app.text_input(key="city_name").input("Harbour Town")
    button(app, "Save").click().run()  # type: ignore[attr-defined]
    with reading() as db:
        city = db.scalars(select(City)).one()
    assert (city.name, city.time_zone, city.languages) == ("Harbour Town", "America/Los_Angeles", ["en", "es"])


def test_imports_show_their_reports(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    with writing() as db:
        db.add(
            ImportRun(
                kind="incidents",
                file_name="crimes_2012.csv",
                sha256="ab" * 32,
                source="Police department",
                imported_at=NOON,
                report={
                    "rows": 1200,
                    "taken": 1100,
                    "duplicate": 60,
                    "unreadable": 40,
                    "notes": ["Two dates unclear."],
                },
            )
        )
    text = page_text(visit("admin", monkeypatch, a_coordinator()))
    for words in ("crimes_2012.csv", "1,200", "1,100", "Two dates unclear.", "1 beat of 1 has no number of adults"):
        assert words in text
