"""How a mail is written: what its headers hold whatever is put into them."""

from datetime import UTC, datetime

import pytest

from lib.rules.mail import written_mail

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LONG_HOST = "https://common-beat.community-policing.departments.cityofseattle.example.gov"


def written(link: str) -> str:
    return (
        written_mail(
            sender="Common Beat <common-beat@beat.example.org>",
            to="maya@example.org",
            subject="News",
            text="Hello.\n",
            message_id="1@beat.example.org",
            written_at=NOON,
            unsubscribe_url=link,
        )
        .as_bytes()
        .decode("ascii")
    )


@pytest.mark.parametrize("path", ["/mail/off/" + "a" * 26, "/sign-up/" + "a" * 26 + "/leave", "/" + "a" * 300])
def test_the_link_that_ends_mail_stands_whole_in_its_header_however_long_it_is(path: str) -> None:
    assert f"\r\nList-Unsubscribe: <{LONG_HOST}{path}>\r\n" in written(LONG_HOST + path)


def test_nothing_in_the_link_ends_it_early_or_becomes_a_header() -> None:
    link = "https://münchen.example/mail/off/a>\r\nBcc: everybody@example.org"
    expected = "List-Unsubscribe: <https://m%C3%BCnchen.example/mail/off/a%3E%20Bcc:%20everybody@example.org>"
    assert [line for line in written(link).split("\r\n") if "everybody" in line] == [expected]
