"""Atom feeds: valid, the same for everybody, with nothing that is not public, and cheap to ask again."""

import re
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from starlette.testclient import TestClient

from lib import clock
from lib.model import Category, Commitment, Concern, ConcernPhoto, ConcernReview, Goal, GoalEvent, Meeting
from lib.rules.atom import NAMESPACE
from lib.rules.feed_words import EVENT_WORDS
from lib.rules.lifecycle import ConcernStatus, GoalState, MeetingState
from lib.rules.moderation import PhotoState, Reason, TextState
from lib.rules.tally import Ending
from lib.services.answers import answer_concern
from lib.storage.transaction import writing
from lib.web import feeds
from tests.builders import NOON, a_beat, a_category, a_city, a_concern, a_goal, a_meeting, a_person, uuid_of

BEAT = "/feeds/beats/K2.atom"
DAY = timedelta(days=1)
NASTY = 'Ampers& <script>alert(1)</script> ]]> "quoted" é 🚲'


@pytest.fixture(autouse=True)
def fresh() -> None:
    feeds._of_beat.cache_clear()
    feeds._of_goal.cache_clear()


@pytest.fixture
def beat(sqlite_database: str) -> int:
    a_city()
    return a_beat()


def parsed(phone: TestClient, address: str) -> feedparser.FeedParserDict:
    answer = phone.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml")
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_the_feed_of_a_beat_tells_what_is_public_the_latest_first(phone: TestClient, beat: int) -> None:
    concern = uuid_of(Concern, a_concern(beat, text=NASTY))
    officer = a_person(beats=(beat,))
    answer_concern(
        actor=officer, concern_uuid=concern, status=ConcernStatus.PLANNED, text="We <b>talk</b>.", now=NOON + DAY
    )
    goal = a_goal(beat, NASTY)
    with writing() as db:
        db.add(GoalEvent(goal_id=goal, kind="proposed", sentence="Proposed as a goal.", happened_at=NOON + 2 * DAY))
    meeting = a_meeting(beat, "Spring & summer", state=MeetingState.MINUTED)
    with writing() as db:
        db.get_one(Meeting, meeting).minuted_at = NOON + 3 * DAY
    found = parsed(phone, BEAT)
    address = "http://localhost:8501"
    assert found.feed.title == "K2 Quarter K2, Lakeside: concerns, goals and what became of them"
    assert (found.feed.author, found.feed.updated) == ("Common Beat Lakeside", "2026-05-07T12:00:00Z")
    assert [(link.rel, link.href) for link in found.feed.links] == [
        ("self", f"{address}{BEAT}"),
        ("alternate", f"{address}/?beat=K2"),
    ]
    told = [(entry.title, entry.updated, entry.link, entry.tags[0].term) for entry in found.entries]
    assert told == [
        (
            "Minutes: Spring & summer",
            "2026-05-07T12:00:00Z",
            f"{address}/meetings/{uuid_of(Meeting, meeting)}/minutes.pdf",
            "minutes",
        ),
        (NASTY, "2026-05-06T12:00:00Z", f"{address}/goal?id={uuid_of(Goal, goal)}", "goal proposed"),
        ("Noise: Something is planned.", "2026-05-05T12:00:00Z", f"{address}/me-too/{concern}", "answer"),
        ("Raised: Noise", "2026-05-04T12:00:00Z", f"{address}/me-too/{concern}", "concern"),
    ]
    assert found.entries[3].id == f"urn:uuid:{concern}"
    assert (found.entries[3].content[0].type, found.entries[3].content[0].value) == ("text/plain", NASTY)


def test_ids_stay_when_the_feed_is_written_again(phone: TestClient, beat: int) -> None:
    concern = uuid_of(Concern, a_concern(beat))
    answer_concern(
        actor=a_person(beats=(beat,)), concern_uuid=concern, status=ConcernStatus.PLANNED, text="Yes.", now=NOON
    )
    first = [entry.id for entry in parsed(phone, BEAT).entries]
    feeds._of_beat.cache_clear()
    assert [entry.id for entry in parsed(phone, BEAT).entries] == first
    assert len(set(first)) == 2


@pytest.mark.parametrize("state", [TextState.HELD, TextState.WITHHELD])
def test_what_is_not_public_is_not_in_it(phone: TestClient, beat: int, state: TextState) -> None:
    hidden, erased, secret = (a_concern(beat, text=text) for text in ("", "", "Her husband hits her"))
    private = a_category("domestic_abuse")
    with writing() as db:
        db.get_one(Concern, hidden).text_state = state
        db.get_one(Concern, erased).erased_at = NOON
        db.get_one(Category, private).is_public = False
        db.get_one(Concern, secret).category_id = private
    answer_concern(
        actor=a_person(beats=(beat,)),
        concern_uuid=uuid_of(Concern, secret),
        status=ConcernStatus.ACKNOWLEDGED,
        text="We come by.",
        now=NOON,
    )
    assert parsed(phone, BEAT).entries == []


def test_only_the_day_of_a_report_is_told_and_no_place(phone: TestClient, beat: int) -> None:
    a_concern(beat, reported_at=NOON + timedelta(hours=9, minutes=41), cell="8a28d5423a5ffff")
    content = phone.get(BEAT).text
    assert "2026-05-04T12:00:00Z" in content
    assert not any(part in content for part in ("21:41", "8a28d5"))


def test_the_feed_of_a_goal_tells_its_events_and_commitments(phone: TestClient, beat: int) -> None:
    goal = a_goal(beat, state=GoalState.ACTIVE)
    uuid = uuid_of(Goal, goal)
    with writing() as db:
        db.add(GoalEvent(goal_id=goal, kind="active", sentence="The goal began.", happened_at=NOON + DAY))
        db.get_one(Commitment, 1).settled_on = date(2026, 5, 6)
    found = parsed(phone, f"/feeds/goals/{uuid}.atom")
    assert found.feed.id == f"urn:uuid:{uuid}"
    assert [(entry.title, entry.updated, entry.content[0].value) for entry in found.entries] == [
        ("The residents: A walk every Friday night", "2026-05-06T12:00:00Z", "Accepted. Due on 30 June 2026."),
        ("Quieter Friday nights on Pine Street", "2026-05-05T12:00:00Z", "The goal began."),
        ("The officers: A walk every Friday night", "2026-05-04T12:00:00Z", "Accepted. Due on 30 June 2026."),
    ]


def test_every_element_that_the_format_asks_for_is_there(phone: TestClient, beat: int) -> None:
    a_concern(beat)
    root = ElementTree.fromstring(phone.get(BEAT).content)  # noqa: S314  (it is our own)
    name = f"{{{NAMESPACE}}}"
    for element in (root, *root.findall(f"{name}entry")):
        assert [len(element.findall(f"{name}{part}")) for part in ("id", "title", "updated")] == [1, 1, 1]
    assert len(root.findall(f"{name}author")) == 1


def test_a_beat_where_nothing_happened_has_a_feed_too(phone: TestClient, beat: int) -> None:
    assert (parsed(phone, BEAT).entries, parsed(phone, BEAT).feed.updated) == ([], "2000-01-01T00:00:00Z")


def test_asking_again_costs_nothing_where_nothing_changed(phone: TestClient, beat: int) -> None:
    a_concern(beat)
    first = phone.get(BEAT)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    assert changed == "Mon, 04 May 2026 12:00:00 GMT"
    for known in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-Modified-Since": changed}):
        again = phone.get(BEAT, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    earlier = "Sun, 03 May 2026 12:00:00 GMT"
    for other in (
        {"If-None-Match": '"other"', "If-Modified-Since": changed},
        {"If-Modified-Since": earlier},
        {"If-Modified-Since": "no date"},
    ):
        assert phone.get(BEAT, headers=other).status_code == 200


def test_the_feed_is_the_same_for_everybody_and_sets_no_cookie(phone: TestClient, beat: int) -> None:
    plain = phone.get(BEAT)
    spanish = phone.get(BEAT, headers={"accept-language": "es", "cookie": "beat_language=es"})
    assert plain.content == spanish.content
    assert "set-cookie" not in spanish.headers
    assert plain.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/beats/nowhere.atom",
        "/feeds/beats/%3Cscript%3E.atom",
        "/feeds/beats/..%2Fx.atom",
        "/feeds/goals/1.atom",
        "/feeds/goals/00000000-0000-0000-0000-000000000000.atom",
        "/feeds/beats/K2",
        "/feeds",
    ],
)
def test_a_feed_that_is_not_there_is_a_page_with_its_status(phone: TestClient, beat: int, address: str) -> None:
    answer = phone.get(address)
    assert (answer.status_code, "<script>" in answer.text) == (404, False)


def test_signs_that_xml_cannot_hold_do_not_break_it(phone: TestClient, beat: int) -> None:
    a_concern(beat, text="A\x0bB\ufffeC")
    assert parsed(phone, BEAT).entries[0].content[0].value == "ABC"


def test_phone_pages_lead_to_the_feeds(phone: TestClient, beat: int) -> None:
    concern, goal = uuid_of(Concern, a_concern(beat)), uuid_of(Goal, a_goal(beat))
    for page, address in ((f"/me-too/{concern}", BEAT), (f"/goals/{goal}/sheet", f"/feeds/goals/{goal}.atom")):
        text = phone.get(page).text
        assert f'<link rel="alternate" type="application/atom+xml" href="{address}"' in text
        assert f'<a href="{address}">Atom feed' in text


def test_a_feed_speaks_the_language_of_its_address(phone: TestClient, beat: int) -> None:
    concern = uuid_of(Concern, a_concern(beat, text="Ruido"))
    answer_concern(
        actor=a_person(beats=(beat,)), concern_uuid=concern, status=ConcernStatus.PLANNED, text="Ya.", now=NOON + DAY
    )
    goal = a_goal(beat, state=GoalState.ACTIVE)
    uuid = uuid_of(Goal, goal)
    with writing() as db:
        for kind, sentence in (("active", "The goal began."), ("other", "Something else.")):
            db.add(GoalEvent(goal_id=goal, kind=kind, sentence=sentence, happened_at=NOON + 2 * DAY))
    address = "http://localhost:8501"
    spanish = parsed(phone, f"{BEAT}?language=es")
    assert spanish.feed.title == "K2 Quarter K2, Lakeside: inquietudes, metas y qué pasó con ellas"
    assert (spanish.feed.language, spanish.feed.links[0].href) == ("es", f"{address}{BEAT}?language=es")
    assert [(entry.title, entry.link) for entry in spanish.entries[2:]] == [
        ("Noise: Ya hay algo planeado.", f"{address}/me-too/{concern}?language=es"),
        ("Se planteó: Noise", f"{address}/me-too/{concern}?language=es"),
    ]
    assert {entry.content[0].value for entry in spanish.entries[:2]} == {
        "La meta empezó: están fijados la medida y los compromisos de las dos partes.",
        "Something else.",
    }
    of_goal = parsed(phone, f"/feeds/goals/{uuid}.atom?language=es")
    assert of_goal.entries[2].content[0].value == "Asumido. Vence el 30 de junio de 2026."
    assert of_goal.entries[2].link == f"{address}/goals/{uuid}/sheet?language=es"
    english = parsed(phone, BEAT)
    assert english.feed.language == "en"
    assert english.feed.id != spanish.feed.id
    assert [entry.id for entry in english.entries] == [entry.id for entry in spanish.entries]
    assert parsed(phone, f"{BEAT}?language=xx").feed.language == "en"


def test_it_says_what_moderators_kept_back_once_the_month_is_over(phone: TestClient, beat: int) -> None:
    withheld, redacted, lately = (a_concern(beat, text="") for _ in range(3))
    photographed = a_concern(beat, text="Glass")
    today = clock.now()
    with writing() as db:
        for concern, decision, at in (
            (withheld, TextState.WITHHELD, NOON),
            (redacted, TextState.REDACTED, NOON + DAY),
            (lately, TextState.WITHHELD, today),
        ):
            row = db.get_one(Concern, concern)
            row.text_state = decision
            row.text = "[…] sells pills." if decision is TextState.REDACTED else ""
            review = ConcernReview(concern_id=concern, original="Kevin sells pills.", findings=[], held_at=NOON)
            review.decision, review.reason, review.decided_at = decision, Reason.NAMES_A_PERSON, at
            db.add(review)
        photo = ConcernPhoto(concern_id=photographed, photo=None, added_at=NOON, decided_at=NOON)
        photo.state, photo.reason = PhotoState.WITHHELD, Reason.SHOWS_A_PERSON
        db.add(photo)
    [kept] = [entry for entry in parsed(phone, BEAT).entries if entry.tags[0].term == "kept back"]
    assert (kept.title, kept.updated) == ("What moderators kept back in May 2026", "2026-06-01T12:00:00Z")
    assert sorted(kept.content[0].value.splitlines()) == [
        "- Noise: a photo was withheld and deleted. It shows a person, a number plate or a home.",
        "- Noise: parts of the words were taken out. It names a person.",
        "- Noise: the words were withheld. It names a person.",
    ]
    [raised] = [entry for entry in parsed(phone, BEAT).entries if "pills" in entry.content[0].value]
    assert raised.content[0].value == "[…] sells pills.\n\nA moderator took out what stands as […]."
    [kept] = [entry for entry in parsed(phone, f"{BEAT}?language=es").entries if entry.tags[0].term == "kept back"]
    assert kept.title == "Qué no se publicó en mayo de 2026, por decisión de moderación"
    assert "- Noise: las palabras se retuvieron. Nombra a una persona." in kept.content[0].value


def test_spanish_pages_lead_to_the_spanish_feed(phone: TestClient, beat: int) -> None:
    concern = uuid_of(Concern, a_concern(beat))
    phone.cookies.set("beat_language", "es")
    assert f'href="{BEAT}?language=es"' in phone.get(f"/me-too/{concern}").text


def test_every_kind_of_event_has_words_in_other_languages() -> None:
    """Read from the sources: a kind without words would be told in English."""
    sources = [file.read_text() for file in Path("lib/services").glob("*.py")]
    noted = {
        kind
        for text in sources
        for kind in re.findall(r'note_event\(\s*db,\s*(?:goal|db\.get_one\([^)]*\)),\s*"(\w+)"', text)
    }
    assert len(noted) > 15
    assert noted - set(EVENT_WORDS) == set()
    assert {each.value for each in Ending} - {"residents_only", "officers_only"} <= set(EVENT_WORDS)
