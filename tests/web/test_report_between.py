"""What comes between a concern and its sending, without a script: whom to call, danger, similar ones, photos."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from lib.clock import now
from lib.model import Category, Concern, ConcernPhoto, ConcernReview
from lib.queries.categories import category_settings
from lib.queries.concerns import ConcernFilter, concern_list
from lib.queries.moderation import moderated_concern, waiting_for_moderator
from lib.rules.lifecycle import Role, Side
from lib.rules.moderation import Reason
from lib.services.moderation import redact_words, show_photo, withhold_words
from lib.services.people import add_person
from lib.services.places import name_city
from lib.services.sessions import SESSION_COOKIE, sign_in_with_city_account
from lib.storage.transaction import reading, writing
from tests.builders import a_beat, a_concern, a_facilitator, uuid_of
from tests.photo_builders import a_picture
from tests.web.test_report import form_of

MUSIC = "Loud music from the bar every Friday night"


def a_place() -> int:
    name_city(name="Lakeside", time_zone="UTC", from_command_line=True)
    return a_beat()


def noise() -> int:
    return next(row.id for row in category_settings() if row.key == "noise")


def send(phone: TestClient, *pictures: bytes, **changed: Any) -> Response:
    given = {"category": "noise", "text": MUSIC, "beat": "K2", "kind": "street", **changed}
    given.setdefault("form", form_of(phone.get("/report").text))
    files = [("photo", (f"{number}.jpg", picture, "image/jpeg")) for number, picture in enumerate(pictures)]
    return phone.post("/report", data=given, files=files or None)


def sent_on(phone: TestClient, page: str) -> Response:
    """Send the form of a page in between as it stands there."""
    assert page.count("<form") == 1
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        fields.setdefault(name, []).append(unescape(value))
    return phone.post("/report", data=fields)


def stored() -> int:
    with reading() as db:
        return db.scalar(select(func.count()).select_from(Concern)) or 0


@pytest.mark.parametrize("key", ["domestic_abuse", "named_suspects"])
def test_what_is_never_public_shows_whom_to_call_instead_of_the_form(
    sqlite_database: str, phone: TestClient, key: str
) -> None:
    a_place()
    form = phone.get("/report").text
    assert f'href="/report?category={key}"' in form
    assert f'value="{key}"' not in form
    for page in (phone.get(f"/report?category={key}"), send(phone, category=key, text="He hits her every night")):
        assert page.status_code == 200
        assert "<form" not in page.text and "<textarea" not in page.text
        assert 'href="tel:911"' in page.text
        assert "hits her" not in page.text
    assert stored() == 0


def test_danger_at_this_moment_shows_the_number_first_and_sends_on(sqlite_database: str, phone: TestClient) -> None:
    a_place()
    page = send(phone, text="A man with a gun <b>right now</b>", contact="maya@example.org", consent="yes")
    assert (page.status_code, stored()) == (200, 0)
    assert page.text.index('href="tel:911"') < page.text.index("It is not happening now: send it")
    assert "<b>right now" not in page.text
    assert sent_on(phone, page.text).status_code == 303
    assert concern_list(ConcernFilter())[0].text == "A man with a gun <b>right now</b>"


def test_violence_at_home_told_under_another_category_shows_whom_to_call_and_waits_for_a_moderator(
    sqlite_database: str, phone: TestClient
) -> None:
    a_place()
    told = "My husband beats me every <b>night</b>"
    page = send(phone, a_picture(), text=told)
    assert (page.status_code, stored()) == (200, 0)
    assert page.text.index('href="tel:911"') < page.text.index("Send it all the same")
    assert "Talk to people who help in confidence" in page.text
    # Whoever is feared may share the phone.
    assert "data-forget-draft" in page.text
    assert "<b>night" not in page.text
    sent = sent_on(phone, page.text)
    assert (sent.status_code, stored()) == (303, 1)
    [waiting], _total = waiting_for_moderator()
    assert (waiting.original, waiting.findings, len(waiting.photos)) == (told, ("at_home",), 1)
    assert concern_list(ConcernFilter())[0].text == ""


def test_a_page_about_violence_at_home_is_left_at_once(sqlite_database: str, phone: TestClient) -> None:
    a_place()
    pages = [phone.get("/report?category=domestic_abuse"), send(phone, text="My husband beats me")]
    for page in [*pages, phone.post("/help", data={"need": "mi marido me pega"})]:
        body = page.text.partition("<body>")[2]
        # The first thing that the keyboard reaches, and a plain link where no script runs.
        assert re.findall(r"<a [^>]*?href=\"([^\"]+)\"", body)[0] == "/today"
        assert "The browser’s history still shows this visit." in body
        nonce = re.search(r"script-src 'nonce-([^']+)'", page.headers["content-security-policy"])
        [script] = re.findall(r'<script src="(/assets/leave\.js\?v=\w+)" nonce="([^"]+)" defer></script>', body)
        assert nonce and script[1] == nonce[1]
        assert 'removeItem("beat_report")' in phone.get(script[0]).text
    for page in (phone.get("/report"), phone.get("/help"), send(phone, text="A man with a gun")):
        assert "data-leave" not in page.text


def test_violence_at_home_is_heard_where_a_city_set_no_card(sqlite_database: str, phone: TestClient) -> None:
    a_place()
    with writing() as db:
        abuse = db.scalar(select(Category.id).where(Category.key == "domestic_abuse"))
        db.get_one(Category, abuse).key = "at_home"
    page = send(phone, text="Mi esposo me golpea cada noche")
    assert 'href="tel:911"' in page.text and "Send it all the same" in page.text
    assert stored() == 0


def test_whoever_changes_their_words_finds_them_in_the_form(sqlite_database: str, phone: TestClient) -> None:
    a_place()
    for told in ("My husband beats me", "A man with a gun"):
        page = send(phone, a_picture(), text=told, contact="maya@example.org", **{"change": "yes"})
        assert "<textarea" in page.text and f">{told}</textarea>" in page.text
        assert 'value="maya@example.org"' in page.text and "Photo 1 is kept" in page.text
    assert stored() == 0


def test_similar_ones_come_before_sending_and_everything_typed_goes_on(sqlite_database: str, phone: TestClient) -> None:
    beat = a_place()
    before = a_concern(beat, category_id=noise(), text="Music from the <bar>, loud on Friday", reported_at=now())
    page = send(phone, a_picture(), contact="maya@example.org", address="12 Elm", consent="yes", frequency="every week")
    assert (page.status_code, stored()) == (200, 1)
    assert "Music from the &lt;bar&gt;, loud on Friday" in page.text
    assert f'href="/me-too/{uuid_of(Concern, before)}"' in page.text
    assert "Same kind of concern, somewhere in the same beat, similar words" in page.text
    sent = sent_on(phone, page.text)
    assert (sent.status_code, stored()) == (303, 2)
    shown = phone.get(sent.headers["location"]).text
    assert "Every week" in shown and "the exact place" in shown and "1 photo waits for a moderator" in shown


def test_nothing_similar_is_in_nobodys_way(sqlite_database: str, phone: TestClient) -> None:
    beat = a_place()
    a_concern(
        beat, category_id=noise(), text="A dog barks all day in the yard", reported_at=now() - timedelta(days=200)
    )
    assert send(phone).status_code == 303


def test_both_pages_come_once_each_and_the_same_form_counts_once(sqlite_database: str, phone: TestClient) -> None:
    beat = a_place()
    a_concern(beat, category_id=noise(), text=MUSIC, reported_at=now())
    danger = send(phone, text=f"{MUSIC} right now")
    similar = sent_on(phone, danger.text)
    assert "Is it one of these?" in similar.text
    first, second = sent_on(phone, similar.text), sent_on(phone, similar.text)
    assert (first.status_code, second.status_code, stored()) == (303, 303, 2)
    # Whoever goes back to the first page and sends it again has sent it already.
    assert sent_on(phone, danger.text).headers["location"].endswith("?again=1")


def test_words_that_name_somebody_wait_and_the_follow_page_says_so(sqlite_database: str, phone: TestClient) -> None:
    a_place()
    address = send(phone, text="Kevin Doyle deals at the corner").headers["location"]
    page = phone.get(address).text
    assert "A moderator reads the words before everybody can" in page
    uuid = concern_list(ConcernFilter())[0].uuid
    me_too = phone.get(f"/me-too/{uuid}").text
    assert "A moderator reads these words first." in me_too
    assert "Kevin" not in page + me_too
    moderator = a_facilitator()
    redact_words(actor=moderator, concern_uuid=uuid, text="[…] deals at the corner", reason=Reason.NAMES_A_PERSON)
    assert "[…] deals at the corner" in phone.get(address).text
    withhold_words(actor=moderator, concern_uuid=uuid, reason=Reason.ACCUSES_SOMEBODY)
    assert "keeps the words from the public" in phone.get(address).text
    assert "A moderator withheld these words." in phone.get(f"/me-too/{uuid}").text
    assert phone.get(f"{address.split('?')[0]}/erase").status_code == 200


def test_a_refused_form_keeps_the_photos_and_lets_each_be_left_out(sqlite_database: str, phone: TestClient) -> None:
    a_place()
    refused = send(phone, a_picture(), a_picture("#2AA58E"), text="")
    kept = re.findall(r'name="kept_photo" value="([^"]+)" checked', refused.text)
    assert (refused.status_code, len(kept)) == (422, 2)
    sent = send(phone, a_picture("#3A4A04"), kept_photo=kept[:1], form=form_of(refused.text))
    assert sent.status_code == 303
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(ConcernPhoto)) == 2


@pytest.mark.parametrize(
    ("pictures", "more", "sentence"),
    [
        ([b"%PDF-1.7 nothing"], {}, "no photo that we can read"),
        ([b"<svg xmlns='http://www.w3.org/2000/svg'/>"], {}, "no photo that we can read"),
        ([b"x" * (5 * 1024 * 1024 + 1)], {}, "larger than 5 MB"),
        ([a_picture()] * 4, {}, "Up to three photos"),
        ([], {"kept_photo": "not base64!"}, "no photo that we can read"),
        ([], {"kept_photo": "bm8gcGhvdG8="}, "no photo that we can read"),
    ],
)
def test_what_is_no_photo_is_said_and_loses_no_word(
    sqlite_database: str, phone: TestClient, pictures: list[bytes], more: dict[str, str], sentence: str
) -> None:
    a_place()
    answer = send(phone, *pictures, **more)
    assert (answer.status_code, sentence in answer.text, stored()) == (422, True, 0)
    assert f"{MUSIC}</textarea>" in answer.text


def test_only_the_form_with_photos_may_be_long(sqlite_database: str, phone: TestClient) -> None:
    a_place()
    assert phone.post("/join", data={"code": "x" * 70_000}).status_code == 413
    assert send(phone, b"x" * (25 * 1024 * 1024)).status_code == 413


def test_a_photo_is_seen_by_moderators_first_and_by_everybody_once_it_is_shown(
    sqlite_database: str, phone: TestClient
) -> None:
    a_place()
    address = send(phone, a_picture(with_place=True)).headers["location"]
    [waiting], _total = waiting_for_moderator()
    photo = waiting.photos[0].uuid
    path = f"/concerns/photos/{photo}.jpg"
    assert phone.get(path).status_code == 404
    for role, status in ((Role.OFFICER, 404), (Role.AUDITOR, 404), (Role.FACILITATOR, 200), (Role.COORDINATOR, 200)):
        side = {Role.OFFICER: Side.OFFICERS, Role.FACILITATOR: Side.RESIDENTS}.get(role, Side.NEITHER)
        email = f"{role}@example.org"
        add_person(name=role, email=email, side=side, roles=[role], password=None, from_command_line=True)
        session = sign_in_with_city_account(email=email, is_verified=True, now=now()).session
        phone.cookies.set(SESSION_COOKIE, session)
        seen = phone.get(path)
        assert (role, seen.status_code) == (role, status)
    assert (seen.headers["content-type"], seen.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert b"camera" not in seen.content
    officer = add_person(
        name="Both",
        email="both@example.org",
        side=Side.OFFICERS,
        roles=[Role.OFFICER, Role.FACILITATOR],
        password=None,
        from_command_line=True,
    )
    assert officer
    session = sign_in_with_city_account(email="both@example.org", is_verified=True, now=now()).session
    phone.cookies.set(SESSION_COOKIE, session)
    assert phone.get(path).status_code == 404
    phone.cookies.clear()
    show_photo(actor=a_facilitator(), photo_uuid=photo)
    assert "max-age=300" in phone.get(path).headers["cache-control"]
    assert f'src="{path}"' in phone.get(address).text
    assert f'src="{path}"' in phone.get(f"/me-too/{moderated_concern(waiting.uuid).uuid}").text
    for unknown in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert phone.get(f"/concerns/photos/{unknown}.jpg").status_code == 404


def test_what_is_in_is_kept_on_the_phone_no_longer(sqlite_database: str, phone: TestClient) -> None:
    """The draft lives in the phone's own storage; the server's part is to say when it is over."""
    a_place()
    empty = phone.get("/report").text
    assert 'data-fresh="1"' in empty and "sessionStorage" in empty
    assert 'data-fresh="1"' not in send(phone, category="").text
    address = send(phone).headers["location"]
    assert 'localStorage.removeItem("beat_report")' in phone.get(address).text
    assert "localStorage" not in phone.get(address.split("?")[0]).text


def test_nothing_of_a_report_in_between_is_kept(sqlite_database: str, phone: TestClient) -> None:
    beat = a_place()
    a_concern(beat, category_id=noise(), text=MUSIC, reported_at=now())
    send(phone, a_picture(), text=f"{MUSIC}, says Kevin Doyle", contact="maya@example.org")
    with reading() as db:
        counts = [
            db.scalar(select(func.count()).select_from(table)) for table in (Concern, ConcernReview, ConcernPhoto)
        ]
    assert counts == [1, 0, 0]
