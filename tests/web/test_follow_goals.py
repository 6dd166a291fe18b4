"""The question that closes a goal, on the phone of whoever raised or supported what it grew out of."""

from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from lib import clock
from lib.model import Concern, Goal
from lib.queries.residents_word import word_of_residents
from lib.rules.lifecycle import GoalState
from lib.rules.residents_word import WordCount
from lib.services.concerns import erase_concern
from tests.builders import a_beat, a_city, a_concern, a_goal, uuid_of
from tests.goal_builders import a_follow_link, a_supporter, due, grown_out_of

TODAY = clock.today("UTC")


class Asked:
    """A goal that is due, and the concern that it grew out of."""

    def __init__(self) -> None:
        a_city()
        beat = a_beat()
        self.goal_id = a_goal(beat, "Quieter <b>nights</b>", state=GoalState.ACTIVE)
        self.goal: UUID = uuid_of(Goal, self.goal_id)
        self.concern = a_concern(beat)
        grown_out_of(self.goal_id, self.concern)
        self.link = a_follow_link(self.concern)
        due(self.goal_id, TODAY)

    def answer(self, phone: TestClient, word: str, link: str = "") -> object:
        return phone.post(f"/follow/{link or self.link}/goals/{self.goal}", data={"answer": word})

    @property
    def count(self) -> WordCount:
        return word_of_residents(self.goal, today=TODAY).by_link


def test_one_tap_answers_and_another_changes_it(database: str, phone: TestClient) -> None:
    at = Asked()
    page = phone.get(f"/follow/{at.link}").text
    assert "Quieter &lt;b&gt;nights&lt;/b&gt;" in page
    assert [f'value="{word}"' in page for word in ("solved", "better", "same", "worse")] == [True] * 4
    assert "<script" not in page
    sent = at.answer(phone, "better")
    assert (sent.status_code, sent.headers["location"]) == (  # type: ignore[attr-defined]
        303,
        f"/follow/{at.link}?answered={at.goal}#goal-{at.goal}",
    )
    told = phone.get(sent.headers["location"]).text  # type: ignore[attr-defined]
    assert "Thank you. Your answer is kept." in told
    assert 'value="better" class="chosen" aria-pressed="true">✓ Better' in told
    at.answer(phone, "worse")
    assert at.count == WordCount(worse=1)


def test_a_supporter_follows_without_seeing_what_is_the_reporters(database: str, phone: TestClient) -> None:
    at = Asked()
    link = a_supporter(at.concern)
    page = phone.get(f"/follow/{link}").text
    for part in ("A concern you share", "What was raised", "It was raised.", "what has become of it?"):
        assert part in page
    for part in ("Take it back", "You raised it.", "Your concern"):
        assert part not in page
    assert phone.get(f"/follow/{link}/erase").status_code == 404
    assert phone.post(f"/follow/{link}/erase").status_code == 404
    at.answer(phone, "solved", link)
    assert at.count == WordCount(solved=1)
    erase_concern(follow_secret=at.link)
    assert "took the words back" in phone.get(f"/follow/{link}").text


def test_saying_me_too_shows_a_link_of_ones_own_that_leads_to_the_story(database: str, phone: TestClient) -> None:
    at = Asked()
    address = f"/me-too/{uuid_of(Concern, at.concern)}"
    phone.get(address)
    phone.post(address)
    page = phone.get(address).text
    link = unescape(page.split('<p class="big"><a href="')[1].split('"')[0])
    story = phone.get("/follow/" + link.rpartition("/")[2])
    assert (story.status_code, "A concern you share" in story.text) == (200, True)
    assert link in phone.get(address).text


def test_before_the_due_date_it_says_when_it_will_ask(database: str, phone: TestClient) -> None:
    at = Asked()
    due(at.goal_id, TODAY + timedelta(days=1))
    page = phone.get(f"/follow/{at.link}").text
    assert "you are asked here what has become of it" in page
    assert 'name="answer"' not in page
    sent = at.answer(phone, "solved")
    assert (sent.status_code, "due date has not come" in sent.text) == (409, True)  # type: ignore[attr-defined]
    assert at.count == WordCount()


@pytest.mark.parametrize("word", ["", "great", "SOLVED", "solved\x00"])
def test_another_word_is_refused_on_the_same_page(database: str, phone: TestClient, word: str) -> None:
    at = Asked()
    sent = at.answer(phone, word)
    assert (sent.status_code, "This is no answer to that question" in sent.text) == (422, True)  # type: ignore[attr-defined]
    assert at.count == WordCount()


def test_a_link_answers_only_for_what_it_is_about(database: str, phone: TestClient) -> None:
    at = Asked()
    stranger = a_follow_link(a_concern(a_beat("K9", west=-122.2)))
    assert at.answer(phone, "worse", stranger).status_code == 404  # type: ignore[attr-defined]
    assert at.answer(phone, "worse", "nothing").status_code == 404  # type: ignore[attr-defined]
    assert phone.post(f"/follow/{at.link}/goals/nonsense", data={"answer": "worse"}).status_code == 404
    assert phone.get(f"/follow/{at.link}/goals/{at.goal}").status_code in (404, 405)
    assert at.count == WordCount()
