"""Joining an activity: confirmed from the mailbox first, and neither side ever sees the other's address."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import Table, func, select

from lib.errors import Conflict, Invalid, NotFound, TooMany
from lib.model import Activity, Base, LogEntry, Mail, SignUp
from lib.queries.volunteers import organised_activity, signed_up
from lib.rules.volunteers import MOST_FOR_AN_ADDRESS, MOST_FROM_ORGANISER, MOST_FROM_VOLUNTEER, MOST_SIGN_UPS
from lib.services.activities import name_organiser, remove_activity
from lib.services.relay import write_to_organiser, write_to_volunteers
from lib.services.volunteers import confirm_sign_up, leave_activity, sign_up, tidy_sign_ups
from lib.storage.secrets import unseal
from lib.storage.transaction import reading
from tests.builders import NOON, a_beat, a_city, a_coordinator
from tests.directory_builders import an_activity

ORGANISER, ANA, BEN = "olga.organiser@example.org", "ana.volunteer@example.org", "ben@example.net"


def an_organised_activity(name: str = "Evening walk", *, beat_id: int | None = None) -> int:
    number = an_activity(beat_id or a_beat(), name, kind="watch group")
    name_organiser(actor=a_coordinator(f"Coordinator of {name}"), activity_id=number, address=ORGANISER)
    return number


def mails() -> list[EmailMessage]:
    """Every mail that waits, in the order in which they were written."""
    with reading() as db:
        sealed = db.scalars(select(Mail.message).where(Mail.message.is_not(None)).order_by(Mail.id)).all()
    return [_read(each) for each in sealed if each is not None]


def _read(sealed: bytes) -> EmailMessage:
    message = message_from_bytes(unseal(sealed), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def words(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def secret_in(mail: EmailMessage) -> str:
    """The secret of the first link in a mail."""
    return next(
        line.rpartition("/")[2] for line in words(mail).splitlines() if "/sign-up/" in line or "/organiser/" in line
    )


def joined(activity: int, name: str = "Ana", address: str = ANA) -> str:
    """Somebody who has confirmed; the secret of their link."""
    sign_up(activity_id=activity, name=name, address=address, now=NOON)
    secret = secret_in(mails()[-1])
    confirm_sign_up(secret=secret, now=NOON)
    return secret


def organisers_secret() -> str:
    return next(secret_in(mail) for mail in mails() if "/organiser/" in words(mail))


def test_nobody_is_told_before_the_address_is_confirmed(database: str) -> None:
    a_city()
    activity = an_organised_activity()
    sign_up(activity_id=activity, name="Ana", address=ANA, now=NOON)
    asked = mails()
    assert [mail["To"] for mail in asked] == [ANA]
    assert asked[0]["Subject"] == "Would you like to join? Please confirm"
    assert ("Evening walk" in words(asked[0]), "Ana" in words(asked[0])) == (True, False)
    confirm_sign_up(secret=secret_in(asked[0]), now=NOON)
    confirm_sign_up(secret=secret_in(asked[0]), now=NOON)
    assert [mail["To"] for mail in mails()] == [ANA, ORGANISER]
    told = mails()[1]
    assert "Ana → Evening walk" in words(told)
    assert "Alguien quiere participar" in words(told)
    assert [each.name for each in organised_activity(secret_in(told)).volunteers] == ["Ana"]


def test_the_request_is_written_in_the_language_of_the_page(sqlite_database: str) -> None:
    a_city()
    sign_up(activity_id=an_organised_activity(), name="Ana", address=ANA, language="es", now=NOON)
    assert mails()[0]["Subject"] == "¿Quiere participar? Confirme, por favor"


def test_letters_are_passed_on_both_ways(database: str) -> None:
    a_city()
    activity = an_organised_activity()
    ana, ben = joined(activity), joined(activity, "Ben", BEN)
    own = organisers_secret()
    before = len(mails())
    assert write_to_volunteers(secret=own, letter="Monday at 7?\n\nBring a lamp.", now=NOON) == 2
    write_to_organiser(secret=ben.upper(), letter="I come.", now=NOON)
    mark = organised_activity(own).volunteers[0].mark
    assert write_to_volunteers(secret=own, letter="Only you, Ana.", mark=mark, now=NOON) == 1
    new = mails()[before:]
    assert [mail["To"] for mail in new] == [ANA, BEN, ORGANISER, ANA]
    assert "> Monday at 7?\n> \n> Bring a lamp." in words(new[0])
    assert "> I come." in words(new[2])
    assert "Ben → Evening walk" in words(new[2])
    assert ana in words(new[0]) and ana not in words(new[1])


def test_neither_address_stands_in_a_mail_to_the_other_or_in_any_column(database: str) -> None:
    a_city()
    activity = an_organised_activity()
    ana = joined(activity)
    joined(activity, "Ben", BEN)
    own = organisers_secret()
    write_to_volunteers(secret=own, letter="Monday?", now=NOON)
    write_to_organiser(secret=ana, letter="Yes.", now=NOON)
    for mail in mails():
        others = {ORGANISER, ANA, BEN} - {mail["To"]}
        assert [address for address in others if address in mail.as_string()] == []
        assert (mail["Reply-To"], mail["Cc"], mail["Bcc"], mail["Sender"]) == (None,) * 4
    with reading() as db:
        tables: list[Table] = list(Base.metadata.tables.values())
        stored = " ".join(repr(tuple(row)) for table in tables for row in db.execute(select(table)))
    # In quotes: three letters come up by chance in what is sealed.
    assert [
        part for part in ("olga.organiser", "ana.volunteer", "ben@example", "'Ana'", own, ana) if part in stored
    ] == []


def test_nothing_of_it_is_logged_but_who_organises(database: str) -> None:
    a_city()
    activity = an_organised_activity()
    leave_activity(secret=joined(activity))
    with reading() as db:
        assert db.scalars(select(LogEntry.action)).all() == ["organiser_named"]


def test_leaving_erases_name_address_and_mails(database: str) -> None:
    a_city()
    activity = an_organised_activity()
    ana = joined(activity)
    joined(activity, "Ben", BEN)
    write_to_organiser(secret=ana, letter="Hello", now=NOON)
    write_to_volunteers(secret=organisers_secret(), letter="Hello", now=NOON)
    own = organisers_secret()
    leave_activity(secret=ana)
    leave_activity(secret=ana)
    assert [each.name for each in organised_activity(own).volunteers] == ["Ben"]
    assert {mail["To"] for mail in mails()} == {BEN, ORGANISER}
    assert [mail for mail in mails() if "Ana" in words(mail)] == []
    with pytest.raises(NotFound):
        signed_up(ana)


def test_everything_goes_with_the_activity(database: str) -> None:
    a_city()
    beat = a_beat()
    activity, other = an_organised_activity(beat_id=beat), an_organised_activity("Open gym", beat_id=beat)
    joined(activity)
    joined(activity, "Ben", BEN)
    kept = joined(other)
    remove_activity(actor=a_coordinator(), activity_id=activity)
    with reading() as db:
        assert db.scalars(select(SignUp.activity_id)).all() == [other]
        assert db.scalars(select(Activity.id)).all() == [other]
        assert db.scalar(select(func.count()).select_from(Mail)) == 2
        assert [entry.facts for entry in db.scalars(select(LogEntry).where(LogEntry.action == "activity_removed"))] == [
            {"sign_ups": 2}
        ]
    assert signed_up(kept).activity == "Open gym"


def test_a_new_organiser_gets_a_new_link_and_the_old_one_ends(sqlite_database: str) -> None:
    a_city()
    activity = an_organised_activity()
    joined(activity)
    old = organisers_secret()
    name_organiser(actor=a_coordinator(), activity_id=activity, address="new@example.org")
    with pytest.raises(NotFound):
        organised_activity(old)
    joined(activity, "Ben", BEN)
    assert mails()[-1]["To"] == "new@example.org"
    assert len(organised_activity(secret_in(mails()[-1])).volunteers) == 2


def test_an_address_signs_up_once_and_is_asked_once_a_day(database: str) -> None:
    a_city()
    activity = an_organised_activity()
    for spelling in (ANA, ANA, f"  {ANA.upper()}"):
        sign_up(activity_id=activity, name="Ana", address=spelling, now=NOON)
    assert len(mails()) == 1
    sign_up(activity_id=activity, name="Ana", address=ANA, now=NOON + timedelta(days=1))
    assert len(mails()) == 2
    assert secret_in(mails()[0]) == secret_in(mails()[1])
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(SignUp)) == 1


def test_a_stranger_is_not_flooded_through_us(sqlite_database: str) -> None:
    a_city()
    beat = a_beat()
    for number in range(MOST_FOR_AN_ADDRESS + 2):
        sign_up(activity_id=an_organised_activity(f"Walk {number}", beat_id=beat), name="Ana", address=ANA, now=NOON)
    assert len(mails()) == MOST_FOR_AN_ADDRESS
    activity = an_organised_activity("The last", beat_id=beat)
    for number in range(MOST_SIGN_UPS - MOST_FOR_AN_ADDRESS):
        sign_up(activity_id=activity, name="Ben", address=f"ben{number}@example.net", now=NOON)
    with pytest.raises(TooMany):
        sign_up(activity_id=activity, name="Ben", address=BEN, now=NOON)


def test_a_sign_up_that_nobody_confirmed_is_erased_after_a_week(sqlite_database: str) -> None:
    a_city()
    activity = an_organised_activity()
    sign_up(activity_id=activity, name="Ana", address=ANA, now=NOON)
    sign_up(activity_id=activity, name="Ben", address=BEN, now=NOON + timedelta(days=8))
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(SignUp)) == 1
    assert [mail["To"] for mail in mails()] == [BEN]


def test_upkeep_erases_what_nobody_confirmed_and_nothing_else(sqlite_database: str) -> None:
    a_city()
    activity = an_organised_activity()
    joined(activity)
    sign_up(activity_id=activity, name="Ben", address=BEN, now=NOON)
    tidy_sign_ups(now=NOON + timedelta(days=6))
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(SignUp)) == 2
    tidy_sign_ups(now=NOON + timedelta(days=8))
    with reading() as db:
        assert list(db.scalars(select(SignUp.confirmed_at.is_not(None)))) == [True]


def test_letters_are_limited_a_day_and_a_link(sqlite_database: str) -> None:
    a_city()
    activity = an_organised_activity()
    ana, ben = joined(activity), joined(activity, "Ben", BEN)
    own = organisers_secret()
    for _ in range(MOST_FROM_VOLUNTEER):
        write_to_organiser(secret=ana, letter="Hello", now=NOON)
    with pytest.raises(TooMany):
        write_to_organiser(secret=ana, letter="Hello", now=NOON)
    write_to_organiser(secret=ben, letter="Hello", now=NOON)
    write_to_organiser(secret=ana, letter="Hello", now=NOON + timedelta(days=1))
    for _ in range(MOST_FROM_ORGANISER):
        write_to_volunteers(secret=own, letter="Hello", now=NOON)
    with pytest.raises(TooMany):
        write_to_volunteers(secret=own, letter="Hello", now=NOON)


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "http://evil.example", "Ana <b>", "a@b.example", "1234", "@"])
def test_only_a_first_name_is_a_first_name(sqlite_database: str, name: str) -> None:
    a_city()
    with pytest.raises(Invalid):
        sign_up(activity_id=an_organised_activity(), name=name, address=ANA)
    assert mails() == []


@pytest.mark.parametrize("address", ["", "ana", "ana@", "ana@example.org\nBcc: x@example.org", "a@b@c", "@example.org"])
def test_only_an_address_is_an_address(sqlite_database: str, address: str) -> None:
    a_city()
    with pytest.raises(Invalid):
        sign_up(activity_id=an_organised_activity(), name="Ana", address=address)


def test_what_people_write_stays_in_the_body(sqlite_database: str) -> None:
    a_city()
    activity = an_organised_activity("Walk\r\nBcc: all@example.org")
    ana = joined(activity)
    write_to_organiser(secret=ana, letter="-- \nCommon Beat Lakeside\nBcc: x@example.org\x00", now=NOON)
    mail = mails()[-1]
    assert (mail["Bcc"], mail["To"]) == (None, ORGANISER)
    assert "> --\n> Common Beat Lakeside\n> Bcc: x@example.org" in words(mail)


@pytest.mark.parametrize("letter", ["", " \n ", "x" * 1001])
def test_a_letter_has_some_length(sqlite_database: str, letter: str) -> None:
    a_city()
    ana = joined(an_organised_activity())
    with pytest.raises(Invalid):
        write_to_organiser(secret=ana, letter=letter)
    with pytest.raises(Invalid):
        write_to_volunteers(secret=organisers_secret(), letter=letter)


def test_who_cannot_write_is_told_why(sqlite_database: str) -> None:
    a_city()
    activity = an_organised_activity()
    sign_up(activity_id=activity, name="Ana", address=ANA, now=NOON)
    waiting = secret_in(mails()[0])
    with pytest.raises(Conflict, match="confirm first"):
        write_to_organiser(secret=waiting, letter="Hello")
    confirm_sign_up(secret=waiting, now=NOON)
    own = organisers_secret()
    with pytest.raises(Conflict, match="has left"):
        write_to_volunteers(secret=own, letter="Hello", mark="nobody")
    name_organiser(actor=a_coordinator(), activity_id=activity, address="")
    with pytest.raises(Conflict, match="Nobody organises"):
        write_to_organiser(secret=waiting, letter="Hello")
    with pytest.raises(Conflict, match="Nobody can be told"):
        sign_up(activity_id=activity, name="Ben", address=BEN)
    for secret in ("", "0" * 26, own):
        with pytest.raises(NotFound):
            write_to_volunteers(secret=secret, letter="Hello")
        with pytest.raises(NotFound):
            write_to_organiser(secret=secret, letter="Hello")
