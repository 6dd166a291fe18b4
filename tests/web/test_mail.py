"""The pages of mail: asking answers alike for every address, opening changes nothing, one click ends it."""

import pytest
from starlette.testclient import TestClient

from lib.errors import NotFound
from lib.queries.following import reader_of, reader_secret
from lib.services.following import confirm_reader, follow_by_mail
from tests.builders import a_beat, a_city, a_concern
from tests.goal_builders import a_follow_link

MAYA = "maya@example.org"
SECRET = reader_secret(MAYA)


@pytest.fixture
def link(sqlite_database: str) -> str:
    a_city()
    return a_follow_link(a_concern(a_beat(), text="<b>Loud</b> music"))


def test_the_follow_page_offers_mail_and_says_what_is_kept(phone: TestClient, link: str) -> None:
    page = phone.get(f"/follow/{link}").text
    assert f'action="/follow/{link}/mail"' in page
    assert "Your address is kept encrypted beside this concern" in page


def test_asking_answers_the_same_for_a_new_and_for_a_known_address(phone: TestClient, link: str) -> None:
    answers = []
    for _ in range(2):
        sent = phone.post(f"/follow/{link}/mail", data={"email": MAYA})
        answers.append((sent.status_code, sent.headers["location"], phone.get(sent.headers["location"]).text))
        confirm_reader(secret=SECRET)
    assert answers[0] == answers[1]
    assert (answers[0][0], "Look into your mailbox" in answers[0][2]) == (303, True)


@pytest.mark.parametrize("address", ["", "maya", "maya@example.org\r\nBcc: tom@example.org", '"><script>@x.org'])
def test_what_is_no_address_comes_back_with_the_reason(phone: TestClient, link: str, address: str) -> None:
    answer = phone.post(f"/follow/{link}/mail", data={"email": address})
    assert (answer.status_code, "This is no e-mail address." in answer.text) == (422, True)
    assert "<script>" not in answer.text
    assert 'aria-describedby="mail-refusal"' in answer.text


def test_an_unknown_link_asks_for_nothing(phone: TestClient, link: str) -> None:
    assert phone.get("/follow/nothing/mail").status_code == 404
    assert phone.post("/follow/nothing/mail", data={"email": MAYA}).status_code == 404


def test_opening_the_links_changes_nothing_and_the_buttons_do(phone: TestClient, link: str) -> None:
    follow_by_mail(follow_secret=link, address=MAYA)
    asked = phone.get(f"/mail/confirm/{SECRET}").text
    assert "&lt;b&gt;Loud&lt;/b&gt; music" in asked
    assert "Yes, write to me" in asked
    assert phone.get(f"/mail/off/{SECRET}").status_code == 200
    assert reader_of(SECRET).is_confirmed is False
    sent = phone.post(f"/mail/confirm/{SECRET}")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/mail/{SECRET}?confirmed=yes")
    assert reader_of(SECRET).is_confirmed is True
    assert "From now on we write when something happened." in phone.get(sent.headers["location"]).text
    assert "This is confirmed" in phone.get(f"/mail/confirm/{SECRET}").text


def test_a_mail_programs_one_click_ends_it_without_cookie_origin_or_redirect(phone: TestClient, link: str) -> None:
    follow_by_mail(follow_secret=link, address=MAYA)
    for _ in range(2):
        answer = phone.post(f"/mail/off/{SECRET}", data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "You get no more mail" in answer.text) == (200, True)
    with pytest.raises(NotFound):
        reader_of(SECRET)


def test_one_click_as_multipart_form_ends_it_too(phone: TestClient, link: str) -> None:
    follow_by_mail(follow_secret=link, address=MAYA)
    form = {"List-Unsubscribe": (None, "One-Click")}
    assert phone.post(f"/mail/off/{SECRET}", files=form).status_code == 200
    assert phone.get(f"/mail/{SECRET}").status_code == 404


def test_what_is_followed_can_be_stopped_one_by_one(phone: TestClient, link: str) -> None:
    follow_by_mail(follow_secret=link, address=MAYA)
    [row] = reader_of(SECRET).followed
    page = phone.get(f"/mail/{SECRET}").text
    assert f'action="/mail/{SECRET}/stop/{row.uuid}"' in page
    assert MAYA not in page
    assert phone.post(f"/mail/{SECRET}/stop/nonsense").status_code == 404
    sent = phone.post(f"/mail/{SECRET}/stop/{row.uuid}")
    assert (sent.status_code, sent.headers["location"]) == (303, "/mail/ended")
    assert phone.get(f"/mail/{SECRET}").status_code == 404


@pytest.mark.parametrize("secret", ["nothing", "a" * 3000, "%3Cscript%3E", "..%2F..%2Fetc"])
def test_an_unknown_mail_link_is_a_page_with_its_status(phone: TestClient, link: str, secret: str) -> None:
    for path in (f"/mail/{secret}", f"/mail/confirm/{secret}"):
        answer = phone.get(path)
        assert (answer.status_code, "<script>" in answer.text) == (404, False)
    assert phone.post(f"/mail/confirm/{secret}").status_code == 404


def test_pages_of_mail_are_never_stored_and_never_logged(phone: TestClient, link: str) -> None:
    from lib.web.quiet import is_never_logged

    follow_by_mail(follow_secret=link, address=MAYA)
    for path in (f"/mail/{SECRET}", f"/mail/confirm/{SECRET}", f"/mail/off/{SECRET}", f"/follow/{link}/mail"):
        assert phone.get(path).headers["cache-control"] == "no-store"
        assert is_never_logged(path)
