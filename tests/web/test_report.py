"""Telling a concern and saying "me too" on a phone, without a script."""

import re
from html import unescape
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from lib.model import Concern, ConcernPlace, Support
from lib.queries.concern_story import followed_concern
from lib.queries.concerns import ConcernFilter, concern_list
from lib.rules.geography import PlaceKind, public_cell
from lib.rules.lifecycle import ConcernStatus
from lib.storage.signing import sign
from lib.storage.transaction import reading
from tests.builders import a_beat, a_category, a_city, a_concern, uuid_of
from tests.web.conftest import phone_door

LONGITUDE, LATITUDE = "-122.331234", "47.611234"


def form_of(page: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def send(phone: TestClient, *, form: str | None = None, **changed: str) -> Response:
    """Send the form with what a test cares about changed."""
    given = {
        "category": "noise",
        "text": "Loud music every Friday night",
        "frequency": "every week",
        "beat": "K2",
        "kind": "home",
        "form": form_of(phone.get("/report").text) if form is None else form,
    }
    return phone.post("/report", data={**given, **changed})


def a_place() -> None:
    a_city()
    a_beat()
    a_category()


def test_the_form_begins_with_the_emergency_number_and_works_without_a_script(database: str, phone: TestClient) -> None:
    a_place()
    page = phone.get("/report?beat=K2&category=noise")
    assert page.status_code == 200
    assert page.text.index('href="tel:911"') < page.text.index("<h1>")
    assert '<option value="K2" selected>' in page.text
    assert 'value="noise" required checked' in page.text
    assert re.search(r'<button class="second" type="button" id="locate" hidden', page.text)
    assert re.search(r"script-src 'nonce-[^']+'", page.headers["content-security-policy"])
    assert "onclick" not in page.text


def test_a_sent_concern_leads_to_its_follow_link(database: str, phone: TestClient) -> None:
    a_place()
    sent = send(phone, contact="555-0100", consent="yes", address="1412 Harbor Lane")
    assert sent.status_code == 303
    address = sent.headers["location"]
    assert re.fullmatch(r"/follow/[0-9a-z]{26}\?new=1", address)
    page = phone.get(address)
    assert (page.status_code, "Thank you, it is in" in page.text) == (200, True)
    secret = address.split("/")[2].split("?")[0]
    assert f"http://localhost:8501/follow/{secret}" in page.text
    story = followed_concern(secret)
    assert (story.text, story.has_place, story.has_contact, story.officers_may_see) == (
        "Loud music every Friday night",
        True,
        True,
        True,
    )
    assert [part for part in ("Harbor", "555-0100") if part in page.text] == []


def test_a_position_becomes_a_cell_and_no_page_shows_it_again(database: str, phone: TestClient) -> None:
    a_place()
    sent = send(phone, longitude=LONGITUDE, latitude=LATITUDE, beat="")
    row = concern_list(ConcernFilter())[0]
    assert row.cell == public_cell(float(LONGITUDE), float(LATITUDE), PlaceKind.HOME)
    pages = phone.get(sent.headers["location"]).text + phone.get(f"/me-too/{row.uuid}").text
    assert [part for part in ("331234", "611234") if part in pages] == []
    with reading() as db:
        assert db.scalar(select(ConcernPlace.longitude)) == float(LONGITUDE)


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"text": "x" * 10_000}, 422, "2,000 characters are possible, this has 10,000"),
        ({"text": ""}, 422, "What happens is empty"),
        ({"category": ""}, 422, "Choose what it is about"),
        ({"category": "dragons"}, 422, "Choose what it is about"),
        ({"beat": ""}, 422, "Choose the beat"),
        ({"beat": "Z9\x00"}, 404, "There is no beat"),
        ({"frequency": "hourly"}, 422, "how often"),
        ({"longitude": "-122.40", "latitude": "47.61"}, 422, "lies outside every beat of Lakeside"),
        ({"longitude": "north", "latitude": "47.61"}, 422, "could not be read"),
        ({"longitude": "nan", "latitude": "inf"}, 422, "no point on the map"),
    ],
)
def test_a_refused_form_says_what_to_do_and_loses_nothing(
    database: str, phone: TestClient, changed: dict[str, str], status: int, sentence: str
) -> None:
    a_place()
    kept = {"address": 'The "old" mill & yard', "contact": "555-0100", "consent": "yes", "kind": "street"}
    answer = send(phone, **{**kept, **changed})
    assert (answer.status_code, sentence in unescape(answer.text)) == (status, True)
    assert 'value="The &#34;old&#34; mill &amp; yard"' in answer.text
    assert 'value="555-0100"' in answer.text
    assert 'name="consent" value="yes" checked' in answer.text
    assert 'name="kind" value="street" checked' in answer.text
    if "text" not in changed:
        assert "Loud music every Friday night</textarea>" in answer.text
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Concern)) == 0
    # The form that came back can be sent at once, by its own nonce.
    assert send(phone, form=form_of(answer.text)).status_code == 303


def test_a_position_outside_every_beat_does_not_stand_in_the_way_of_the_list(database: str, phone: TestClient) -> None:
    a_place()
    page = send(phone, longitude="-122.40", latitude="47.61").text
    assert 'id="longitude" value=""' in page
    assert 'aria-invalid="true" aria-describedby="refusal"' in page


def test_a_form_that_was_open_for_too_long_comes_back_filled(database: str, phone: TestClient) -> None:
    a_place()
    for form in ("", "made up", sign("another form", "00" * 16), sign("report form", "zz")):
        answer = send(phone, form=form)
        assert (answer.status_code, "open for too long" in answer.text) == (409, True)
        assert "Loud music every Friday night</textarea>" in answer.text


def test_the_same_form_sent_twice_counts_once(database: str, phone: TestClient) -> None:
    a_place()
    form = form_of(phone.get("/report").text)
    first, second = send(phone, form=form), send(phone, form=form)
    assert first.headers["location"].replace("?new", "?again") == second.headers["location"]
    assert "This was sent before" in phone.get(second.headers["location"]).text
    assert len(concern_list(ConcernFilter())) == 1


def test_what_was_typed_is_never_markup(database: str, phone: TestClient) -> None:
    """Promise 14."""
    a_place()
    hostile = '</textarea><script>alert(1)</script><img src=x onerror="alert(2)">'
    refused = send(phone, text=hostile, category="", address='"><script>alert(3)</script>').text
    sent = send(phone, text=hostile)
    row = concern_list(ConcernFilter())[0]
    for page in (refused, phone.get(sent.headers["location"]).text, phone.get(f"/me-too/{row.uuid}").text):
        assert [part for part in ("<script>alert", "<img", "</textarea><") if part in page] == []
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_form_of_another_site_is_refused(database: str, phone: TestClient) -> None:
    a_place()
    form = form_of(phone.get("/report").text)
    answer = phone.post("/report", data={"form": form, "text": "x"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_me_too_counts_a_device_once_whatever_it_does(database: str, phone: TestClient) -> None:
    a_city()
    concern = uuid_of(Concern, a_concern(a_beat()))
    address = f"/me-too/{concern}?back=/concerns%3Fbeat%3DK2%26days%3D30"
    page = phone.get(address)
    assert "Nobody else has said so yet" in page.text
    assert 'href="/concerns?beat=K2&amp;days=30"' in page.text
    cookie = page.headers["set-cookie"]
    assert "Path=/me-too" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    for _ in range(2):
        sent = phone.post(address)
        assert (sent.status_code, sent.headers["location"]) == (303, address.replace("/concerns", "%2Fconcerns"))
    again = phone.get(address)
    assert "You are counted. 1 device says “me too”." in again.text
    assert "set-cookie" not in again.headers
    with TestClient(phone_door(), follow_redirects=False) as other:
        other.get(address)
        other.post(address)
        assert "2 devices say" in other.get(address).text
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Support)) == 2


def test_a_browser_that_keeps_no_cookie_is_not_counted(database: str, phone: TestClient) -> None:
    a_city()
    concern = uuid_of(Concern, a_concern(a_beat()))
    answers: list[Any] = [phone.post(f"/me-too/{concern}")]
    phone.cookies.clear()
    phone.cookies.set("beat_supporter", "made up")
    answers.append(phone.post(f"/me-too/{concern}"))
    assert [(answer.status_code, "kept no cookie" in answer.text) for answer in answers] == [(422, True)] * 2
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Support)) == 0


def test_me_too_leads_nowhere_for_what_is_unknown_and_says_what_is_closed(database: str, phone: TestClient) -> None:
    a_city()
    solved = uuid_of(Concern, a_concern(a_beat(), status=ConcernStatus.SOLVED))
    page = phone.get(f"/me-too/{solved}")
    assert (page.status_code, "closed (solved)" in page.text, "<form" in page.text) == (200, True, False)
    assert phone.post(f"/me-too/{solved}").status_code == 409
    for unknown in ("7", "%00", "00000000-0000-0000-0000-000000000000"):
        assert phone.get(f"/me-too/{unknown}").status_code == 404
        assert phone.post(f"/me-too/{unknown}").status_code == 404
    outside = phone.get(f"/me-too/{solved}?back=//elsewhere.example/")
    assert "elsewhere" not in outside.text
