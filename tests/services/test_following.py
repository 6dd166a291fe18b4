"""Following by mail: nobody is written to who did not say yes, nobody learns an address, and one click ends it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from lib.errors import Invalid, NotFound, TooMany
from lib.model import Concern, Following, LogEntry, Mail, Reader
from lib.queries.following import MailCounts, mail_counts, reader_of, reader_secret
from lib.rules.mail import MailState
from lib.services import following
from lib.services.concerns import erase_concern
from lib.services.following import confirm_reader, follow_by_mail, forget_reader, stop_following, tidy_readers
from lib.services.mail import send_waiting
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_city, a_concern, uuid_of
from tests.goal_builders import a_follow_link, a_supporter
from tests.posting import posted, text_of

DAY = timedelta(days=1)
MAYA = "Maya@example.org"
SECRET = reader_secret(MAYA)


def a_link(text: str = "Loud music every Friday night") -> str:
    """The follow link of a concern of its own."""
    with reading() as db:
        has_beat = db.scalar(select(func.count()).select_from(Concern)) or 0
    if not has_beat:
        a_city()
        a_beat()
    return a_follow_link(a_concern(1, text=text))


def rows() -> dict[str, int]:
    with reading() as db:
        tables = {"readers": Reader, "followings": Following, "mails": Mail}
        return {name: db.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


def test_asking_writes_one_mail_that_asks_and_nothing_that_somebody_typed(database: str) -> None:
    link = a_link("Buy our pills at https://pills.example")
    follow_by_mail(follow_secret=link, address=" Maya@Example.org ", language="en", now=NOON)
    send_waiting(limit=9, now=NOON)
    [mail] = posted()
    text = text_of(mail)
    assert (mail["To"], mail["Subject"]) == (MAYA, "Shall we write to you? Please confirm")
    assert f"http://localhost:8501/mail/confirm/{SECRET}" in text
    assert mail["List-Unsubscribe"] == f"<http://localhost:8501/mail/off/{SECRET}>"
    assert "Noise, Quarter K2" in text
    assert "pills" not in text
    assert reader_of(SECRET).is_confirmed is False


def test_the_mail_speaks_the_language_of_whoever_asked(sqlite_database: str) -> None:
    follow_by_mail(follow_secret=a_link(), address=MAYA, language="es", now=NOON)
    send_waiting(limit=9, now=NOON)
    [mail] = posted()
    assert mail["Subject"] == "¿Le escribimos? Confírmelo, por favor"
    assert "Si fue usted, abra esta página y toque el botón:" in text_of(mail)


def test_an_address_gets_one_such_mail_a_day_however_often_and_however_it_is_typed(database: str) -> None:
    link, other = a_link(), a_link("Broken lamp")
    for hour, address in enumerate((MAYA, "maya@example.org", "MAYA@EXAMPLE.ORG")):
        for followed in (link, other):
            follow_by_mail(follow_secret=followed, address=address, now=NOON + timedelta(hours=hour))
    assert rows() == {"readers": 1, "followings": 2, "mails": 1}
    follow_by_mail(follow_secret=link, address=MAYA, now=NOON + DAY)
    assert rows() == {"readers": 1, "followings": 2, "mails": 2}


def test_a_confirmed_reader_is_asked_again_before_another_concern_is_told_of(database: str) -> None:
    first, second = a_link("Loud music"), a_link("Broken lamp")
    follow_by_mail(follow_secret=first, address=MAYA, now=NOON)
    confirm_reader(secret=SECRET.upper() + " ", now=NOON + timedelta(hours=1))
    follow_by_mail(follow_secret=first, address=MAYA, now=NOON + DAY)
    assert rows()["mails"] == 1
    follow_by_mail(follow_secret=second, address=MAYA, now=NOON + 2 * DAY)
    assert rows()["mails"] == 2
    assert [(row.text, row.is_confirmed) for row in reader_of(SECRET).followed] == [
        ("Broken lamp", False),
        ("Loud music", True),
    ]
    confirm_reader(secret=SECRET, now=NOON + 3 * DAY)
    assert reader_of(SECRET).is_all_confirmed


def test_a_second_concern_on_the_day_of_the_first_yes_is_asked_about_in_a_mail_of_its_own(database: str) -> None:
    first, second, third = a_link("Loud music"), a_link("Broken lamp"), a_link("Litter")
    follow_by_mail(follow_secret=first, address=MAYA, now=NOON)
    confirm_reader(secret=SECRET, now=NOON + timedelta(minutes=1))
    for minute, link in enumerate((second, second, third), start=2):
        follow_by_mail(follow_secret=link, address=MAYA, now=NOON + timedelta(minutes=minute))
    assert rows() == {"readers": 1, "followings": 3, "mails": 2}
    confirm_reader(secret=SECRET, now=NOON + timedelta(minutes=9))
    assert reader_of(SECRET).is_all_confirmed
    for link in (first, second, third):
        follow_by_mail(follow_secret=link, address=MAYA, now=NOON + timedelta(minutes=10))
    assert rows() == {"readers": 1, "followings": 3, "mails": 2}


def test_a_supporters_link_serves_as_well_and_an_unknown_one_does_not(database: str) -> None:
    a_city()
    concern = a_concern(a_beat())
    follow_by_mail(follow_secret=a_supporter(concern), address=MAYA, now=NOON)
    assert [row.uuid for row in reader_of(SECRET).followed] == [uuid_of(Concern, concern)]
    with pytest.raises(NotFound):
        follow_by_mail(follow_secret="nothing", address=MAYA, now=NOON)


@pytest.mark.parametrize(
    "address", ["", "maya", "maya@", "a@b", "maya@example.org, tom@example.org", "m@x.org\r\nBcc:y@z.org"]
)
def test_what_is_no_address_is_refused_and_leaves_nothing(sqlite_database: str, address: str) -> None:
    link = a_link()
    with pytest.raises(Invalid):
        follow_by_mail(follow_secret=link, address=address, now=NOON)
    assert rows() == {"readers": 0, "followings": 0, "mails": 0}


def test_one_click_erases_the_address_and_every_mail_that_waits(database: str) -> None:
    follow_by_mail(follow_secret=a_link(), address=MAYA, now=NOON)
    forget_reader(secret=SECRET)
    forget_reader(secret=SECRET)
    forget_reader(secret="nothing")
    assert rows() == {"readers": 0, "followings": 0, "mails": 0}
    with pytest.raises(NotFound):
        reader_of(SECRET)
    with pytest.raises(NotFound):
        confirm_reader(secret=SECRET)


def test_stopping_the_last_one_erases_the_address(database: str) -> None:
    follow_by_mail(follow_secret=a_link("Loud music"), address=MAYA, now=NOON)
    follow_by_mail(follow_secret=a_link("Broken lamp"), address=MAYA, now=NOON)
    one, other = reader_of(SECRET).followed
    assert stop_following(secret=SECRET, concern_uuid=one.uuid) is True
    assert [row.uuid for row in reader_of(SECRET).followed] == [other.uuid]
    assert stop_following(secret=SECRET, concern_uuid=one.uuid) is True
    assert stop_following(secret=SECRET, concern_uuid=other.uuid) is False
    assert rows()["readers"] == 0


def test_erasing_a_concern_ends_mail_about_it_and_with_the_last_one_the_address(database: str) -> None:
    link = a_link()
    follow_by_mail(follow_secret=link, address=MAYA, now=NOON)
    confirm_reader(secret=SECRET, now=NOON)
    erase_concern(follow_secret=link)
    assert rows()["followings"] == 0
    assert tidy_readers(now=NOON + timedelta(minutes=1)) == 1
    assert rows() == {"readers": 0, "followings": 0, "mails": 0}


def test_what_nobody_confirmed_is_erased_after_seven_days(database: str) -> None:
    follow_by_mail(follow_secret=a_link("Loud music"), address=MAYA, now=NOON)
    follow_by_mail(follow_secret=a_link("Broken lamp"), address="tom@example.org", now=NOON)
    confirm_reader(secret=SECRET, now=NOON)
    follow_by_mail(follow_secret=a_link("Litter"), address=MAYA, now=NOON + DAY)
    assert tidy_readers(now=NOON + 7 * DAY) == 0
    assert tidy_readers(now=NOON + 7 * DAY + timedelta(seconds=1)) == 1
    assert len(reader_of(SECRET).followed) == 2
    assert tidy_readers(now=NOON + 9 * DAY) == 0
    assert [row.text for row in reader_of(SECRET).followed] == ["Loud music"]


def test_a_mail_of_which_nobody_knows_loses_its_text_after_thirty_days(sqlite_database: str) -> None:
    follow_by_mail(follow_secret=a_link(), address=MAYA, now=NOON)
    confirm_reader(secret=SECRET, now=NOON)
    with writing() as db:
        db.scalars(select(Mail)).one().state = MailState.SENDING
    tidy_readers(now=NOON + 31 * DAY)
    with reading() as db:
        mail = db.scalars(select(Mail)).one()
    assert (mail.state, mail.message, mail.trouble) == (MailState.GIVEN_UP, None, "nobody knows whether it arrived")
    tidy_readers(now=NOON + 91 * DAY)
    assert rows() == {"readers": 1, "followings": 1, "mails": 0}


def test_nobody_uses_us_to_write_to_many_strangers(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_CONFIRMATIONS", 2)
    link = a_link()
    for name in ("a", "b"):
        follow_by_mail(follow_secret=link, address=f"{name}@example.org", now=NOON)
    with pytest.raises(TooMany):
        follow_by_mail(follow_secret=link, address="c@example.org", now=NOON + timedelta(minutes=59))
    follow_by_mail(follow_secret=link, address="c@example.org", now=NOON + timedelta(minutes=61))


def test_the_same_form_sent_by_many_at_once_makes_one_reader_and_one_mail(database: str) -> None:
    link, barrier = a_link(), Barrier(8, timeout=60)

    def asks(_: int) -> None:
        barrier.wait()
        follow_by_mail(follow_secret=link, address=MAYA, now=NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(asks, range(8)))
    assert rows() == {"readers": 1, "followings": 1, "mails": 1}


def test_an_address_is_in_no_log_and_not_readable_in_the_database(sqlite_database: str) -> None:
    follow_by_mail(follow_secret=a_link(), address=MAYA, now=NOON)
    confirm_reader(secret=SECRET, now=NOON)
    send_waiting(limit=9, now=NOON)
    with reading() as db:
        assert [entry for entry in db.scalars(select(LogEntry)) if "reader" in entry.subject] == []
    file = sqlite_database.removeprefix("sqlite:///")
    content = Path(file).read_bytes() + Path(f"{file}-wal").read_bytes()
    assert not any(word in content.lower() for word in (b"maya", SECRET.encode()))


def test_counts_hold_no_address(database: str) -> None:
    follow_by_mail(follow_secret=a_link(), address=MAYA, now=NOON)
    follow_by_mail(follow_secret=a_link("Litter"), address="tom@example.org", now=NOON)
    confirm_reader(secret=SECRET, now=NOON)
    send_waiting(limit=1, now=NOON)
    assert mail_counts() == MailCounts(
        waiting=1, sending=0, given_up=0, sent=1, readers=1, unconfirmed=1, last_trouble=""
    )
