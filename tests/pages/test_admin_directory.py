"""The coordinator keeps the directory on the page Admin."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from lib.clock import today
from lib.queries.partners import activities, partners, services
from tests.builders import a_beat, a_city, a_coordinator, a_partner
from tests.directory_builders import a_service, an_activity
from tests.pages.visiting import page_text, visit


def click(app: AppTest, label: str, nth: int = 0) -> AppTest:
    return [button for button in app.button if button.label == label][nth].click().run()


def test_a_partner_and_its_service_are_entered(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    app = visit("admin", monkeypatch, a_coordinator())
    app.text_input(key="partner_0_name").input("Harbour House")
    app.text_input(key="partner_0_phone").input("206-555-0101")
    app.button(key="FormSubmitter:partner_form_0-Save").click().run()
    assert app.exception == []
    assert [(row.name, row.phone) for row in partners()] == [("Harbour House", "206-555-0101")]
    app = visit("admin", monkeypatch, a_coordinator("Noa Berg"))
    app.text_input(key="service_0_name").input("Talk")
    app.text_area(key="service_0_description").input("Free.")
    app.button(key="FormSubmitter:service_form_0-Save").click().run()
    assert [(row.name, row.phone, row.checked_on) for row in services()] == [("Talk", "206-555-0101", today("UTC"))]


def test_a_wrong_number_is_said_and_what_was_typed_stays(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    app = visit("admin", monkeypatch, a_coordinator())
    app.text_input(key="partner_0_name").input("Harbour House")
    app.text_input(key="partner_0_phone").input("call us")
    app.button(key="FormSubmitter:partner_form_0-Save").click().run()
    assert "phone number in digits" in app.error[0].value.replace("\\", "")
    assert app.text_input(key="partner_0_name").value == "Harbour House"
    assert partners() == ()


def test_an_old_service_is_checked_today_and_taken_off_the_list(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    number = a_service(a_partner(), checked_on=date(2020, 1, 1))
    app = visit("admin", monkeypatch, a_coordinator())
    assert "1 service not checked for more than a year" in page_text(app)
    app.selectbox(key="directory_service").select(number).run()
    click(app, "Checked today: all of it is right")
    assert services()[0].checked_on == today("UTC")
    click(app, "Take it off the list")
    assert services() == ()
    click(app, "List it again")
    assert len(services()) == 1


def test_an_activity_gets_an_organiser_whose_address_is_shown_to_nobody(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    number = an_activity(a_beat("K2"))
    app = visit("admin", monkeypatch, a_coordinator())
    app.selectbox(key="directory_activity").select(number).run()
    app.text_input(key=f"organiser_{number}").input("olga@example.org")
    click(app, "Save the address")
    assert activities()[0].can_join
    assert "olga@example.org" not in page_text(app)
    app.checkbox(key=f"activity_sure_{number}").check().run()
    app.button(key=f"activity_removed_{number}").click().run()
    assert activities() == ()


def test_an_activity_is_entered_with_its_next_time(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    app = visit("admin", monkeypatch, a_coordinator())
    for name, value in (("name", "Walk"), ("place", "The square"), ("rhythm", "weekly"), ("next_at", "soon")):
        app.text_input(key=f"activity_0_{name}").input(value)
    app.text_area(key="activity_0_description").input("Together.")
    app.button(key="FormSubmitter:activity_form_0-Save").click().run()
    assert "2026-12-03 18:00" in app.error[0].value.replace("\\", "")
    app.text_input(key="activity_0_next_at").input("2026-12-03 18:00")
    app.button(key="FormSubmitter:activity_form_0-Save").click().run()
    row = activities()[0]
    assert (row.name, row.beat, row.kind, str(row.next_at)) == (
        "Walk",
        "K2",
        "youth evening",
        "2026-12-03 18:00:00+00:00",
    )


def test_a_directory_is_uploaded_checked_and_taken_in(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    app = visit("admin", monkeypatch, a_coordinator())
    app.file_uploader(key="directory_upload_file").upload(
        "services.csv",
        b"partner;name;phone\nHarbour House;=Talk;206-555-0101\nHarbour House;=Talk;206-555-0101\n;@Nobody;\n",
        "text/csv",
    ).run()
    click(app, "Check the file")
    assert services() == ()
    text = page_text(app)
    assert ("nothing was stored" in app.success[0].value, "no partner’s name" in text) == (True, True)
    assert "1 row repeats the id of an earlier row" in text
    click(app, "Take it in")
    assert [row.name for row in services()] == ["=Talk"]
    assert "Taken in" in app.success[0].value


def test_a_translation_is_entered_and_shown_to_whoever_reads_spanish(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    number = a_service(a_partner())
    app = visit("admin", monkeypatch, a_coordinator())
    app.selectbox(key="directory_service").select(number).run()
    key = f"service_{number}_translation"
    app.text_input(key=f"{key}_es_name").input("Hablar de la bebida")
    app.text_area(key=f"{key}_es_description").input("Gratis")
    app.button(key=f"FormSubmitter:{key}_form_es-Save the translation").click().run()
    assert app.exception == []
    assert services()[0].said_in("es").name == "Hablar de la bebida"
    app.text_input(key=f"{key}_es_name").input("")
    app.text_area(key=f"{key}_es_description").input("")
    app.button(key=f"FormSubmitter:{key}_form_es-Save the translation").click().run()
    assert services()[0].translations == ()
