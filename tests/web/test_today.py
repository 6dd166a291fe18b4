"""Where "Leave this page" leads: a page about nothing in particular."""

from datetime import timedelta

from starlette.testclient import TestClient

from lib.clock import now
from tests.builders import a_beat, a_city, a_meeting
from tests.directory_builders import an_activity
from tests.web.shown import english_words, shown


def test_the_page_that_one_leaves_to_tells_of_the_city_and_of_nothing_that_was_read(
    sqlite_database: str, phone: TestClient
) -> None:
    a_city()
    beat = a_beat()
    a_meeting(beat, starts_at=now() + timedelta(days=3), title="Winter <b>meeting</b>")
    an_activity(beat)
    page = phone.get("/today", headers={"referer": "http://testserver/report"})
    assert page.status_code == 200
    assert "Winter &lt;b&gt;meeting&lt;/b&gt;" in page.text and "Something to join" in page.text
    assert ("violence" in page.text, "/report" in page.text, "<script" in page.text) == (False, False, False)


def test_it_is_there_where_nothing_is_announced_and_where_no_city_is(sqlite_database: str, phone: TestClient) -> None:
    assert "Nothing is announced at the moment." in phone.get("/today").text
    a_city()
    spanish = phone.get("/today", headers={"accept-language": "es"}).text
    assert "Por el momento no hay nada anunciado." in spanish
    assert english_words(" ".join(shown(spanish))) == set()
