"""Joining an activity on a phone, and the private pages of volunteers and organisers."""

from html import unescape

import pytest
from starlette.testclient import TestClient

from lib.model import Activity
from lib.services.activities import name_organiser, translate_activity
from lib.web.quiet import is_never_logged
from tests.builders import a_beat, a_city, a_coordinator, uuid_of
from tests.directory_builders import an_activity
from tests.services.test_volunteers import (
    ANA,
    BEN,
    ORGANISER,
    an_organised_activity,
    joined,
    mails,
    organisers_secret,
    secret_in,
)
from tests.web.shown import english_words, shown


def path_of(activity: int) -> str:
    """Where people join it."""
    return f"/join-in/{uuid_of(Activity, activity)}"


def test_from_the_page_to_the_organiser_s_mailbox(database: str, phone: TestClient) -> None:
    a_city()
    activity = an_organised_activity()
    assert f'href="{path_of(activity)}"' in phone.get("/help").text
    page = phone.get(path_of(activity)).text
    assert ("Evening walk" in page, "Your first name" in page) == (True, True)
    answer = phone.post(path_of(activity), data={"name": "Ana", "address": ANA})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path_of(activity)}?asked=1")
    assert "look into your mail" in phone.get(answer.headers["location"]).text
    own = f"/sign-up/{secret_in(mails()[0])}"
    assert "Yes, I would like to join" in phone.get(own).text
    assert len(mails()) == 1, "looking at a link confirms nothing: programs look at every link"
    confirmed = phone.post(own)
    assert "The organiser was told your first name" in phone.get(confirmed.headers["location"]).text
    assert mails()[1]["To"] == ORGANISER


def test_letters_go_both_ways_and_no_page_shows_an_address(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    activity = an_organised_activity()
    ana = joined(activity)
    joined(activity, "Ben", BEN)
    organiser = f"/organiser/{organisers_secret()}"
    page = phone.get(organiser).text
    assert ("2 people would join" in page, "Ana" in page, "Ben" in page) == (True, True, True)
    sent = phone.post(organiser, data={"to": "all", "letter": "Monday at 7?"})
    told = phone.get(sent.headers["location"]).text
    assert "Your message goes to 2 people." in told
    answered = phone.post(f"/sign-up/{ana}/letter", data={"letter": "I come."})
    shown_now = phone.get(answered.headers["location"]).text
    assert "Your message is on its way." in shown_now
    pages = [page, told, shown_now, phone.get(path_of(activity)).text, phone.get("/help").text]
    assert [each for each in (ORGANISER, ANA, BEN) for text in pages if each in unescape(text)] == []


def test_leaving_is_one_click_also_for_a_mail_program(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    activity = an_organised_activity()
    ana = joined(activity)
    link = mails()[0]["List-Unsubscribe"].strip("<>")
    assert link.endswith(f"/sign-up/{ana}/leave")
    assert "Leave this activity" in phone.get(f"/sign-up/{ana}/leave").text
    left = phone.post(f"/sign-up/{ana}/leave", data={"List-Unsubscribe": "One-Click"})
    assert (left.status_code, left.headers["location"]) == (303, "/sign-up/left")
    assert "You have left" in phone.get("/sign-up/left").text
    assert phone.get(f"/sign-up/{ana}").status_code == 404
    assert phone.post(f"/sign-up/{ana}/leave").status_code == 303


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "", "address": ANA}, "First name is empty"),
        ({"name": "<b>", "address": ANA}, "in letters only"),
        ({"name": "Ana", "address": "nowhere"}, "This is no e-mail address"),
        ({"name": "Ana"}, "This is no e-mail address"),
        ({"name": "x" * 60_000, "address": ANA}, "40 characters are possible"),
    ],
)
def test_a_refused_form_says_what_to_do_and_loses_nothing(
    sqlite_database: str, phone: TestClient, given: dict[str, str], sentence: str
) -> None:
    a_city()
    answer = phone.post(path_of(an_organised_activity()), data=given)
    assert (answer.status_code, sentence in unescape(answer.text), mails()) == (422, True, [])
    assert f'value="{given.get("address", "")}"' in answer.text
    assert "<b>" not in answer.text


def test_what_nobody_organises_cannot_be_joined(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    activity = an_activity(a_beat())
    assert "/join-in/" not in phone.get("/help").text
    page = phone.get(path_of(activity)).text
    assert ("Nobody can be told of volunteers" in page, "<input" in page) == (True, False)
    assert phone.post(path_of(activity), data={"name": "Ana", "address": ANA}).status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "/join-in/1",
        "/join-in/7d0e0b6c-1f7c-4f0e-9d5e-0c1a2b3c4d5e",
        "/join-in/x",
        "/join-in/٣",
        "/join-in/" + "9" * 30,
        "/sign-up/nope",
        "/organiser/nope",
    ],
)
def test_what_is_not_there_is_not_found(sqlite_database: str, phone: TestClient, path: str) -> None:
    a_city()
    an_activity(a_beat())
    assert (phone.get(path).status_code, phone.post(path).status_code) == (404, 404)


def test_an_organiser_is_told_what_went_wrong_and_keeps_what_was_typed(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    activity = an_organised_activity()
    ana = joined(activity)
    organiser = f"/organiser/{organisers_secret()}"
    for given, status, sentence in (
        ({"to": "", "letter": "Hi <all>"}, 422, "Choose whom to write to"),
        ({"to": "0000", "letter": "Hi <all>"}, 409, "This person has left the activity"),
        ({"to": "all", "letter": ""}, 422, "Message is empty"),
        ({"to": "all", "letter": "x" * 1001}, 422, "1,000 characters are possible"),
    ):
        answer = phone.post(organiser, data=given)
        assert (answer.status_code, sentence in answer.text) == (status, True), sentence
        assert given["letter"].replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert phone.post(f"/sign-up/{ana}/letter", data={"letter": ""}).status_code == 422
    assert "Nobody has signed up yet" in phone.get(f"/organiser/{_emptied(phone, ana, organiser)}").text


def _emptied(phone: TestClient, volunteer: str, organiser: str) -> str:
    phone.post(f"/sign-up/{volunteer}/leave")
    return organiser.rpartition("/")[2]


def test_a_form_of_another_site_signs_nobody_up(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    activity = an_organised_activity()
    elsewhere = {"Origin": "https://elsewhere.example"}
    answer = phone.post(path_of(activity), data={"name": "Ana", "address": ANA}, headers=elsewhere)
    assert (answer.status_code, mails()) == (403, [])


def test_private_links_are_in_no_log_and_no_search_engine(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    ana = joined(an_organised_activity())
    for path in (f"/sign-up/{ana}", f"/organiser/{organisers_secret()}"):
        assert is_never_logged(path)
        answer = phone.get(path)
        assert ('content="noindex"' in answer.text, answer.headers["cache-control"]) == (True, "no-store")


def test_the_pages_speak_spanish(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    activity = an_activity(a_beat(), "Caminata", kind="watch group", description="Para todas las personas")
    name_organiser(actor=a_coordinator(), activity_id=activity, address=ORGANISER)
    phone.cookies.set("beat_language", "es")
    join = path_of(activity)
    pages = [phone.get(join), phone.post(join, data={"name": "4", "address": ANA}), phone.get(f"{join}?asked=1")]
    phone.post(join, data={"name": "Ana", "address": ANA})
    own = f"/sign-up/{secret_in(mails()[0])}"
    pages.append(phone.get(own))
    phone.post(own)
    organiser = f"/organiser/{organisers_secret()}"
    pages += [phone.get(f"{own}?confirmed=1&sent=1"), phone.get(f"{own}/leave"), phone.get(f"{organiser}?sent=2")]
    pages += [phone.post(organiser, data={"to": "x", "letter": ""}), phone.post(f"{own}/letter", data={"letter": ""})]
    phone.post(f"{own}/leave")
    pages += [phone.get("/sign-up/left"), phone.get(organiser), phone.get(own)]
    for answer in pages:
        assert '<html lang="es">' in answer.text
        left = {text: words for text in shown(answer.text) if (words := english_words(text))}
        assert left == {}


def test_a_volunteer_s_page_names_the_activity_in_their_language_or_says_which_one_it_is(
    sqlite_database: str, phone: TestClient
) -> None:
    a_city()
    activity = an_organised_activity()
    own = f"/sign-up/{joined(activity)}"
    for path in (own, f"{own}/leave"):
        assert '<h1 lang="en">Evening walk</h1>' in phone.get(path, headers={"accept-language": "es"}).text
    translate_activity(
        actor=a_coordinator(),
        activity_id=activity,
        language="es",
        name="Paseo de la tarde",
        description="Caminamos juntos.",
        rhythm="cada lunes",
    )
    for path in (own, f"{own}/leave"):
        assert "<h1>Paseo de la tarde</h1>" in phone.get(path, headers={"accept-language": "es"}).text
    assert "cada lunes" in phone.get(own, headers={"accept-language": "es"}).text


def test_a_letter_that_is_one_too_many_is_not_lost(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    own = f"/sign-up/{joined(an_organised_activity())}"
    for number in range(5):
        assert phone.post(f"{own}/letter", data={"letter": f"Letter {number}"}).status_code == 303
    refused = phone.post(f"{own}/letter", data={"letter": "I bring my own lamp."})
    assert refused.status_code == 429
    for part in ("Please go on tomorrow.", ">I bring my own lamp.</textarea>"):
        assert part in refused.text, part
