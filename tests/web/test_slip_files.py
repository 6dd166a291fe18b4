"""Slips just minted: fetched once, by the person who minted them, and kept nowhere."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from lib.clock import now
from lib.errors import TooMany
from lib.rules.lifecycle import Role, Side
from lib.services import once
from lib.services.once import Waiting, forget_once, keep_once, take_once, waiting_once
from lib.services.people import add_person
from lib.services.sessions import SESSION_COOKIE, sign_in_with_city_account
from lib.web.quiet import is_never_logged
from tests.builders import a_city

PDF = {"file_name": "passes-batch-1-residents.pdf", "media_type": "application/pdf"}


@pytest.fixture(autouse=True)
def no_memory() -> None:
    once._files.clear()
    once._taken.clear()


def signed_in(phone: TestClient, name: str) -> int:
    """The id of a new facilitator who signs in on this browser."""
    email = f"{name}@example.org"
    person_id = add_person(
        name=name,
        email=email,
        side=Side.RESIDENTS,
        roles=(Role.FACILITATOR,),
        password=None,
        from_command_line=True,
    )
    session = sign_in_with_city_account(email=email, is_verified=True, now=now()).session
    phone.cookies.set(SESSION_COOKIE, session)
    return person_id


def test_slips_are_fetched_once_by_who_minted_them(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    other = signed_in(phone, "other")
    rosa = signed_in(phone, "rosa")
    name = keep_once(person_id=rosa, content=b"%PDF", **PDF)
    assert phone.head(f"/slips/{name}").status_code == 410
    fetched = phone.get(f"/slips/{name}")
    assert (fetched.status_code, fetched.content) == (200, b"%PDF")
    assert {word: fetched.headers[word] for word in ("cache-control", "content-disposition", "content-type")} == {
        "cache-control": "no-store",
        "content-disposition": 'attachment; filename="passes-batch-1-residents.pdf"',
        "content-type": "application/pdf",
    }
    again = phone.get(f"/slips/{name}")
    assert (again.status_code, "fetched already" in again.text, b"%PDF" in again.content) == (410, True, False)
    theirs = keep_once(person_id=other, content=b"%PDF", **PDF)
    assert phone.get(f"/slips/{theirs}").status_code == 410
    assert waiting_once(theirs) is Waiting.WAITS


def test_nobody_fetches_slips_without_signing_in(sqlite_database: str, phone: TestClient) -> None:
    a_city()
    name = keep_once(person_id=1, content=b"%PDF", **PDF)
    refused = phone.get(f"/slips/{name}")
    assert refused.status_code in (303, 401) and b"%PDF" not in refused.content
    assert waiting_once(name) is Waiting.WAITS


def test_no_access_log_holds_their_address() -> None:
    assert is_never_logged("/slips/abc")


def test_a_file_waits_ten_minutes_and_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    at = now()
    name = keep_once(person_id=1, content=b"12345", now=at, **PDF)
    assert take_once(name, person_id=2, now=at) is None
    assert waiting_once(name, now=at + timedelta(minutes=9)) is Waiting.WAITS
    assert take_once(name, person_id=1, now=at + timedelta(minutes=10)) is None
    assert waiting_once(name, now=at) is Waiting.GONE
    monkeypatch.setattr(once, "MOST_BYTES", 10)
    names = [keep_once(person_id=1, content=b"12345", now=at, **PDF) for _ in range(3)]
    assert [waiting_once(each, now=at) for each in names] == [Waiting.GONE, Waiting.WAITS, Waiting.WAITS]
    forget_once(names[1])
    found = take_once(names[2], person_id=1, now=at)
    assert found is not None and found.content == b"12345" and "12345" not in repr(found)
    assert [waiting_once(each, now=at) for each in names[1:]] == [Waiting.GONE, Waiting.TAKEN]
    with pytest.raises(TooMany):
        keep_once(person_id=1, content=b"12345678901", now=at, **PDF)
