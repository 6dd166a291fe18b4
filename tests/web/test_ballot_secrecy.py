"""What a phone, its history and the server's messages keep of a vote: nothing that tells who chose what (promise 2)."""

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from lib.clock import now
from lib.model import Ballot, Meeting
from lib.queries.counts import turnouts
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Electorate
from lib.storage.transaction import reading, writing
from lib.web import wrong_codes
from tests.hall import a_hall
from tests.web.test_ballot import form_of, let_in


@pytest.fixture(autouse=True)
def no_memory() -> None:
    wrong_codes._tries.clear()


@pytest.mark.parametrize(
    ("ends_in", "lives"),
    [(timedelta(hours=1), 5.0), (timedelta(hours=-3), 1.0), (timedelta(hours=-9), 1.0), (timedelta(days=30), 168.0)],
    ids=["an hour left", "runs late", "forgotten", "far away"],
)
def test_the_pass_cookie_ends_with_the_meeting(
    sqlite_database: str, phone: TestClient, ends_in: timedelta, lives: float
) -> None:
    """Four hours after its planned end, an hour at least, a week at most."""
    hall = a_hall()
    with writing() as db:
        db.execute(update(Meeting).values(starts_at=now() - timedelta(days=1), ends_at=now() + ends_in))
    cookie = phone.get(f"/b/{hall.tokens[Electorate.RESIDENTS][0]}").headers["set-cookie"]
    found = re.search(r"Max-Age=(\d+)", cookie)
    assert found is not None
    assert int(found[1]) / 3600 == pytest.approx(lives, abs=0.02)


@pytest.mark.parametrize("side", Electorate)
def test_no_address_of_a_vote_names_the_tracker_or_what_was_chosen(
    sqlite_database: str, phone: TestClient, side: Electorate
) -> None:
    """Addresses stay in a phone's history; for a sealed side nobody may ever know the tracker."""
    hall = a_hall()
    hall.opened()
    let_in(phone, hall, 0, side)
    sent = phone.post("/ballot", data={"form": form_of(phone.get("/ballot").text), "goal": str(hall.goals[0])})
    with reading() as db:
        tracker = db.scalars(select(Ballot.tracker)).one()
    for secret in (tracker, printed_token(tracker), str(hall.goals[0]), hall.tokens[side][0]):
        assert secret not in sent.headers["location"]
    said = phone.get(sent.headers["location"]).text
    assert (printed_token(tracker) in said) is (side is Electorate.RESIDENTS)


def test_no_message_of_a_vote_on_a_phone_names_code_credential_tracker_or_word(
    sqlite_database: str, phone: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The whole-meeting test of tests/services never lets anybody in; here the door is used from scan to receipt."""
    caplog.set_level(logging.DEBUG)
    hall = a_hall()
    hall.opened()
    token = hall.tokens[Electorate.RESIDENTS][0]
    phone.post("/join", data={"code": "0000-0000-0000-0000"})
    phone.post("/join", data={"code": token})
    phone.get(f"/b/{token}")
    page = phone.get("/ballot").text
    sent = phone.post("/ballot", data={"form": form_of(page), "goal": str(hall.goals[0]), "word": "oak tree"})
    phone.get(sent.headers["location"])
    phone.post("/ballot", data={"form": form_of(page), "goal": "nonsense", "word": "oak tree"})
    with reading() as db:
        ballot = db.scalars(select(Ballot)).one()
    # The test's own browser (httpx) names the addresses that it asks for.
    said = "\n".join(each.getMessage() for each in caplog.records if not each.name.startswith(("httpx", "httpcore")))
    for secret in (token, hall.cred(0).hex(), ballot.key.hex(), ballot.tracker, "oak tree", "0000-0000-0000-0000"):
        assert secret not in said


def test_a_form_with_a_nonce_of_ones_own_is_not_taken(sqlite_database: str, phone: TestClient) -> None:
    """The nonce travels signed: whoever could choose it could choose a tracker."""
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    form = form_of(phone.get("/ballot").text)
    round_id, nonce, rest = form.split(":", 2)
    # Not the signature's last sign, of which two bits mean nothing.
    mistyped = form[:-5] + ("A" if form[-5] != "A" else "B") + form[-4:]
    for forged in (f"{round_id}:{'0' * len(nonce)}:{rest}", mistyped, form + "x"):
        assert phone.post("/ballot", data={"form": forged, "goal": str(hall.goals[0])}).status_code == 409
    assert turnouts(row.id)[Electorate.RESIDENTS].cast == 0
    with reading() as db:
        assert db.scalars(select(Ballot.tracker)).all() == []
