"""The follow link: the whole story for whoever raised a concern, and taking it back."""

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from lib.model import Concern, ConcernPlace
from lib.queries.concerns import ConcernFilter, concern_list
from lib.rules.geography import PlaceKind, Point
from lib.rules.lifecycle import ConcernStatus
from lib.services.answers import answer_concern
from lib.services.concerns import Place, Reported, report_concern
from lib.storage.transaction import reading
from tests.builders import NOON, a_beat, a_category, a_city, a_concern, a_partner, a_person, uuid_of
from tests.directory_builders import a_service


def a_report() -> Reported:
    return report_concern(
        category_id=a_category("street_lighting"),
        text="Two lamps are broken.\nIt is dark.",
        frequency="every day",
        place=Place(Point(-122.331234, 47.611234), "1412 Harbor Lane"),
        place_kind=PlaceKind.STREET,
        contact="555-0100",
        now=NOON,
    )


def test_the_story_is_told_in_plain_words(database: str, phone: TestClient) -> None:
    a_city()
    officer = a_person("Sam Okafor", beats=(a_beat(),))
    found = a_report()
    waiting = phone.get(f"/follow/{found.follow_secret}").text
    assert "It waits for a first answer." in waiting
    assert "No officer has answered yet" in waiting
    answer_concern(
        actor=officer, concern_uuid=found.uuid, status=ConcernStatus.PLANNED, text="<b>Lamps</b> are ordered", now=NOON
    )
    page = phone.get(f"/follow/{found.follow_secret.upper()}")
    assert page.status_code == 200
    for part in (
        "Something is planned.",
        "&lt;b&gt;Lamps&lt;/b&gt; are ordered",
        "Sam Okafor",
        "4 May 2026",
        "Two lamps are broken.\nIt is dark.",
        "Street lighting",
        "Every day",
        "shown to nobody, as you asked",
        'content="noindex"',
    ):
        assert part in page.text
    assert [part for part in ("331234", "Harbor", "555-0100") if part in page.text] == []
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "strict-origin"


def test_a_duplicate_leads_to_the_concern_it_goes_on_with(database: str, phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    original = uuid_of(Concern, a_concern(beat))
    found = a_report()
    answer_concern(
        actor=a_person(beats=(beat,)),
        concern_uuid=found.uuid,
        status=ConcernStatus.DUPLICATE,
        text="See the other one",
        duplicate_of=original,
    )
    assert f'href="/me-too/{original}"' in phone.get(f"/follow/{found.follow_secret}").text


@pytest.mark.parametrize("secret", ["nothing", "a" * 5000, "%3Cscript%3E", "%00", "..%2F..%2Fetc"])
def test_an_unknown_link_is_a_page_with_its_status(database: str, phone: TestClient, secret: str) -> None:
    a_city()
    for answer in (
        phone.get(f"/follow/{secret}"),
        phone.get(f"/follow/{secret}/erase"),
        phone.post(f"/follow/{secret}/erase"),
    ):
        assert answer.status_code == 404
        assert "<script>" not in answer.text


def test_taking_back_asks_first_and_then_nothing_is_left(database: str, phone: TestClient) -> None:
    a_city()
    a_beat()
    address = f"/follow/{a_report().follow_secret}"
    assert f'href="{address}/erase"' in phone.get(address).text
    asked = phone.get(f"{address}/erase")
    assert (asked.status_code, "Erase it for good" in asked.text) == (200, True)
    assert phone.get(address).status_code == 200
    sent = phone.post(f"{address}/erase")
    assert (sent.status_code, sent.headers["location"]) == (303, "/follow/erased")
    assert "It is erased" in phone.get("/follow/erased").text
    assert phone.get(address).status_code == 404
    assert phone.post(f"{address}/erase").status_code == 404
    assert [(row.text, row.is_erased) for row in concern_list(ConcernFilter())] == [("", True)]
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(ConcernPlace)) == 0


def test_who_can_help_stands_beside_the_story(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    a_beat()
    partner = a_partner("Lighting <desk>", phone="206-555-0170")
    a_service(partner, "Report a dark lamp", needs="lamp light dark")
    a_service(partner, "Night shelter", needs="cold bed tonight")
    page = phone.get(f"/follow/{a_report().follow_secret}").text
    assert "While you wait: who can help" in page
    assert ('href="tel:2065550170"' in page, "Lighting &lt;desk&gt;" in page, "Night shelter" in page) == (
        True,
        True,
        False,
    )
