"""Asking on the follow link what became of a solved concern, and the stories that a merged or split one goes on in."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from lib import clock
from lib.model import Concern
from lib.rules.lifecycle import ConcernStatus
from lib.services.answers import answer_concern
from lib.services.splitting import split_concern
from tests.builders import a_beat, a_city, a_concern, a_partner, a_person, uuid_of
from tests.goal_builders import a_follow_link, a_supporter

NOW = clock.now()


class Solved:
    """A concern that was called solved so many days ago."""

    def __init__(self, days: int) -> None:
        a_city()
        self.beat = a_beat()
        self.officer = a_person("Sam Okafor", beats=(self.beat,))
        self.id = a_concern(self.beat)
        self.uuid = uuid_of(Concern, self.id)
        self.link, self.supporter = a_follow_link(self.id), a_supporter(self.id)
        answer_concern(
            actor=self.officer,
            concern_uuid=self.uuid,
            status=ConcernStatus.SOLVED,
            text="Done",
            now=NOW - timedelta(days=days),
        )


def test_one_tap_answers_and_two_worse_open_it_again(sqlite_database: str, phone: TestClient) -> None:
    at = Solved(days=30)
    page = phone.get(f"/follow/{at.link}").text
    assert ("Is it solved?" in page, "<script" in page) == (True, False)
    address = f"/follow/{at.link}/concerns/{at.uuid}"
    sent = phone.post(address, data={"answer": "worse"})
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"/follow/{at.link}?answered={at.uuid}#concern-{at.uuid}",
    )
    assert "Thank you. Your answer is kept." in phone.get(sent.headers["location"]).text
    phone.post(f"/follow/{at.supporter}/concerns/{at.uuid}", data={"answer": "worse"})
    page = phone.get(f"/follow/{at.link}").text
    assert "Residents said twice that it is worse." in page
    assert ("Is it solved?" in page, "Investigating" in page, "by rule" in page) == (False, True, True)


def test_before_four_weeks_it_says_when_it_will_ask(sqlite_database: str, phone: TestClient) -> None:
    at = Solved(days=10)
    page = phone.get(f"/follow/{at.link}").text
    assert ("you are asked here whether it is" in page, 'name="answer"' in page) == (True, False)
    sent = phone.post(f"/follow/{at.link}/concerns/{at.uuid}", data={"answer": "worse"})
    assert (sent.status_code, "four weeks have not passed" in sent.text) == (409, True)


@pytest.mark.parametrize(("path", "word", "status"), [("nonsense", "worse", 404), ("", "great", 422), ("", "", 422)])
def test_what_is_no_answer_is_refused(
    sqlite_database: str, phone: TestClient, path: str, word: str, status: int
) -> None:
    at = Solved(days=30)
    sent = phone.post(f"/follow/{at.link}/concerns/{path or at.uuid}", data={"answer": word})
    assert sent.status_code == status


def test_a_part_and_the_partner_are_told_on_the_same_page(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    officer, concern = a_person("Sam Okafor", beats=(beat,)), a_concern(beat)
    link = a_follow_link(concern)
    part = split_concern(
        actor=officer,
        concern_uuid=uuid_of(Concern, concern),
        category_key="noise",
        part="<i>Dogs</i> bark too",
        text="Two things",
    )
    answer_concern(
        actor=officer,
        concern_uuid=part,
        status=ConcernStatus.REFERRED,
        text="They know dogs",
        partner_id=a_partner("Animal <b>Shelter</b>", phone="206 555 0100"),
    )
    page = phone.get(f"/follow/{link}").text
    for words in (
        "Also part of it",
        "&lt;i&gt;Dogs&lt;/i&gt; bark too",
        "Animal &lt;b&gt;Shelter&lt;/b&gt;",
        'href="tel:2065550100"',
    ):
        assert words in page
