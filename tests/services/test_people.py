"""Who may sign in, with what, for how long; and who may say so."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from lib.errors import Conflict, Explained, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import LogEntry, Person, SignIn, SignInFailure
from lib.queries.people import OfficerRow, PersonRow, PostingRow, account, has_people, officers_of_beat, people
from lib.rules.lifecycle import Role, Side
from lib.rules.rights import Actor
from lib.services.passwords import hashed, is_outdated, is_right
from lib.services.people import (
    add_person,
    change_own_password,
    change_roles,
    deactivate_person,
    end_posting,
    post_officer,
    reactivate_person,
    set_password,
)
from lib.services.sessions import (
    SlowDown,
    actor_of_cookie,
    sign_in,
    sign_in_with_city_account,
    sign_out,
    sign_out_everywhere,
)
from lib.storage.transaction import reading, writing
from tests.builders import a_beat, a_city, a_coordinator, a_person
from tests.counting import counted_statements

PASSWORD = "four random words here"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def maya(
    *, roles: tuple[Role, ...] = (Role.OFFICER,), side: Side = Side.OFFICERS, password: str | None = PASSWORD
) -> int:
    return add_person(
        name="Maya Lindqvist",
        email="maya@example.org",
        side=side,
        roles=roles,
        password=password,
        from_command_line=True,
    )


def actions() -> list[str]:
    with reading() as db:
        return list(db.scalars(select(LogEntry.action).order_by(LogEntry.id)))


def test_a_person_signs_in_and_is_known_by_the_cookie(database: str) -> None:
    a_city()
    beat = a_beat("K2")
    person_id = maya()
    post_officer(person_id=person_id, beat="K2", valid_from=date(2026, 1, 1), from_command_line=True)
    signed_in = sign_in(email=" Maya@Example.org", password=PASSWORD, now=NOW)
    assert beat
    assert actor_of_cookie(signed_in.session, NOW) == Actor(
        person_id, "Maya Lindqvist", Side.OFFICERS, frozenset({Role.OFFICER}), frozenset({"K2"})
    )
    assert actions() == ["person_added", "officer_posted", "signed_in"]


def test_the_password_is_kept_as_argon2id_only(sqlite_database: str, hashes_at_full_cost: None) -> None:
    maya()
    with reading() as db:
        kept = db.scalar(select(Person.password_hash)) or ""
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_right(PASSWORD, kept)


def test_the_cookies_value_is_not_in_the_database(sqlite_database: str) -> None:
    maya()
    session = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session
    with reading() as db:
        digest = db.scalar(select(SignIn.digest)) or b""
    assert (len(digest), session.encode() in digest, digest.hex() in session) == (32, False, False)


@pytest.mark.parametrize(
    ("email", "password"),
    [("maya@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("", ""), ("maya@example.org", "x" * 10_000)],
)
def test_a_wrong_pair_says_the_same_whatever_is_wrong(database: str, email: str, password: str) -> None:
    maya()
    with pytest.raises(Invalid, match=r"^The e-mail address or the password is not right\.$"):
        sign_in(email=email, password=password, now=NOW)


def test_who_has_no_password_signs_in_with_no_password(sqlite_database: str) -> None:
    maya(password=None)
    for password in ("", PASSWORD):
        with pytest.raises(Invalid):
            sign_in(email="maya@example.org", password=password, now=NOW)


def test_an_unknown_address_costs_as_much_as_a_known_one() -> None:
    kept = hashed(PASSWORD)
    assert (is_right("wrong", ""), is_right("wrong", kept), is_right("wrong", "no hash at all")) == (
        False,
        False,
        False,
    )


def test_an_old_hash_is_made_afresh_at_the_next_sign_in(sqlite_database: str) -> None:
    person_id = maya()
    with writing() as db:
        db.get_one(Person, person_id).password_hash = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    sign_in(email="maya@example.org", password=PASSWORD, now=NOW)
    person = account("maya@example.org")
    assert person is not None
    assert not is_outdated(person.password_hash)


def test_a_session_ends_by_itself(database: str) -> None:
    maya()
    session = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session
    assert actor_of_cookie(session, NOW + timedelta(hours=11, minutes=59)) is not None
    assert actor_of_cookie(session, NOW + timedelta(hours=12)) is None


@pytest.mark.parametrize("cookie", [None, "", "nonsense", "a.b.c", "\x00", "ü"])
def test_a_made_up_cookie_is_nobody(sqlite_database: str, cookie: str | None) -> None:
    assert actor_of_cookie(cookie, NOW) is None


def test_signing_out_ends_this_session_only(database: str) -> None:
    maya()
    phone = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session
    desk = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session
    sign_out(cookie=phone)
    assert (actor_of_cookie(phone, NOW), actor_of_cookie(desk, NOW) is None) == (None, False)


def test_signing_out_everywhere_ends_every_session(database: str) -> None:
    maya()
    sessions = [sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session for _ in range(3)]
    actor = actor_of_cookie(sessions[0], NOW)
    assert actor is not None
    assert sign_out_everywhere(actor=actor) == 3
    assert [actor_of_cookie(session, NOW) for session in sessions] == [None, None, None]


def test_a_posting_of_another_day_gives_no_beat(sqlite_database: str) -> None:
    a_city()
    a_beat("K1")
    a_beat("K2")
    person_id = maya()
    for beat, first, last in (("K1", date(2026, 1, 1), date(2026, 5, 4)), ("K2", date(2026, 5, 5), None)):
        post_officer(person_id=person_id, beat=beat, valid_from=first, valid_to=last, from_command_line=True)
    session = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session
    seen = [actor_of_cookie(session, NOW + timedelta(hours=hours)) for hours in (-13, 0, 11)]
    assert [actor.beats if actor else None for actor in seen] == [frozenset({"K1"}), frozenset(), frozenset()]


def test_wrong_passwords_slow_down_and_a_right_one_passes_afterwards(database: str) -> None:
    maya()
    for _ in range(5):
        with pytest.raises(Invalid):
            sign_in(email="maya@example.org", password="wrong", now=NOW)
    with pytest.raises(SlowDown, match="wait 1 second,"):
        sign_in(email="maya@example.org", password=PASSWORD, now=NOW)
    assert sign_in(email="maya@example.org", password=PASSWORD, now=NOW + timedelta(seconds=1)).person_id
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_waiting_tries_make_nobody_wait_longer(sqlite_database: str) -> None:
    maya()
    for _ in range(5):
        with pytest.raises(Invalid):
            sign_in(email="maya@example.org", password="wrong", now=NOW)
    for _ in range(20):
        with pytest.raises(SlowDown):
            sign_in(email="maya@example.org", password="wrong", now=NOW)
    assert sign_in(email="maya@example.org", password=PASSWORD, now=NOW + timedelta(seconds=1)).person_id


def test_guessing_from_elsewhere_does_not_lock_out_a_known_device(database: str) -> None:
    maya()
    device = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).device
    for _ in range(5):
        with pytest.raises(Invalid):
            sign_in(email="maya@example.org", password="wrong", now=NOW)
    with pytest.raises(SlowDown):
        sign_in(email="maya@example.org", password=PASSWORD, now=NOW)
    assert sign_in(email="maya@example.org", password=PASSWORD, device=device, now=NOW).device.startswith(
        device.rpartition(".")[0].rpartition(".")[0]
    )


def test_one_persons_device_is_no_good_for_another(sqlite_database: str) -> None:
    maya()
    add_person(
        name="Rosa Delgado",
        email="rosa@example.org",
        side=Side.RESIDENTS,
        roles=[Role.FACILITATOR],
        password=PASSWORD,
        from_command_line=True,
    )
    device = sign_in(email="rosa@example.org", password=PASSWORD, now=NOW).device
    for _ in range(5):
        with pytest.raises(Invalid):
            sign_in(email="maya@example.org", password="wrong", device=device, now=NOW)
    with pytest.raises(SlowDown):
        sign_in(email="maya@example.org", password=PASSWORD, device=device, now=NOW)


def test_many_accounts_tried_at_once_slow_every_unknown_device(sqlite_database: str) -> None:
    maya()
    device = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).device
    with writing() as db:
        db.add_all(SignInFailure(digest=bytes([n]) * 32, failed_at=NOW) for n in range(60))
    with pytest.raises(SlowDown, match="wait 60 seconds"):
        sign_in(email="maya@example.org", password=PASSWORD, now=NOW)
    assert sign_in(email="maya@example.org", password=PASSWORD, device=device, now=NOW).person_id
    assert sign_in(email="maya@example.org", password=PASSWORD, now=NOW + timedelta(minutes=1)).person_id


def test_guesses_at_the_same_moment_are_counted_like_guesses_in_a_row(database: str) -> None:
    maya()
    barrier = threading.Barrier(12, timeout=60)
    outcomes: list[str] = []

    def guess() -> None:
        barrier.wait()
        try:
            sign_in(email="maya@example.org", password="wrong", now=NOW)
        except Explained as refusal:
            outcomes.append(type(refusal).__name__)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Invalid"] * 5 + ["SlowDown"] * 7


def test_the_city_account_finds_a_person_and_makes_none(database: str) -> None:
    person_id = maya(password=None)
    signed_in = sign_in_with_city_account(email="Maya@example.org", is_verified=True, now=NOW)
    assert signed_in.person_id == person_id
    for email, is_verified in (("other@example.org", True), ("maya@example.org", False)):
        with pytest.raises(NotAllowed):
            sign_in_with_city_account(email=email, is_verified=is_verified, now=NOW)


def test_a_deactivated_person_is_out_at_once(database: str) -> None:
    person_id = maya()
    session = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session
    deactivate_person(person_id=person_id, from_command_line=True)
    assert actor_of_cookie(session, NOW) is None
    with pytest.raises(Invalid):
        sign_in(email="maya@example.org", password=PASSWORD, now=NOW)
    with pytest.raises(NotAllowed):
        sign_in_with_city_account(email="maya@example.org", is_verified=True, now=NOW)
    reactivate_person(person_id=person_id, from_command_line=True)
    assert sign_in(email="maya@example.org", password=PASSWORD, now=NOW).person_id == person_id


def test_a_new_password_ends_the_sessions(database: str) -> None:
    person_id = maya()
    session = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session
    set_password(person_id=person_id, password="four other words here", from_command_line=True)
    assert actor_of_cookie(session, NOW) is None
    assert sign_in(email="maya@example.org", password="four other words here", now=NOW).person_id == person_id


def test_ones_own_password_needs_the_present_one(sqlite_database: str) -> None:
    maya()
    actor = actor_of_cookie(sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session, NOW)
    with pytest.raises(Invalid, match="present password"):
        change_own_password(actor=actor, present="wrong", password="four other words here")
    change_own_password(actor=actor, present=PASSWORD, password="four other words here")
    assert sign_in(email="maya@example.org", password="four other words here", now=NOW).person_id
    with pytest.raises(SignInNeeded):
        change_own_password(actor=None, present=PASSWORD, password="four other words here")


def test_a_password_typed_on_another_keyboard_is_the_same(sqlite_database: str) -> None:
    maya(password="zürich über alles ﬁne")
    assert sign_in(email="maya@example.org", password="zu\u0308rich u\u0308ber alles fine", now=NOW).person_id


@pytest.mark.parametrize("password", ["", "too short", "x" * 201, "aaaaaaaaaaaaaaaa", "maya@example.org"])
def test_a_password_that_is_easy_to_guess_is_refused(sqlite_database: str, password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        maya(password=password)
    assert (refusal.value.field, people()) == ("password", ())


@pytest.mark.parametrize(
    "email", ["", "maya", "maya@", "@example.org", "a b@example.org", "x" * 250 + "@a.io", "a\x00@b.c"]
)
def test_what_is_no_address_is_refused(sqlite_database: str, email: str) -> None:
    with pytest.raises(Invalid) as refusal:
        add_person(
            name="Maya", email=email, side=Side.NEITHER, roles=[Role.AUDITOR], password=PASSWORD, from_command_line=True
        )
    assert refusal.value.field == "email"


def test_an_address_belongs_to_one_person(database: str) -> None:
    maya()
    with pytest.raises(Conflict, match=r"maya@example\.org already belongs"):
        maya()


def test_a_person_has_a_role_and_an_officer_stands_with_the_officers(sqlite_database: str) -> None:
    with pytest.raises(Invalid, match="at least one role"):
        maya(roles=())
    with pytest.raises(Invalid, match="officers' side"):
        maya(side=Side.RESIDENTS)


def test_the_last_coordinator_stays(database: str) -> None:
    ines = a_coordinator()
    for attempt in (
        lambda: deactivate_person(actor=ines, person_id=ines.person_id),
        lambda: change_roles(actor=ines, person_id=ines.person_id, roles=[Role.AUDITOR]),
    ):
        with pytest.raises(Conflict, match="only coordinator"):
            attempt()
    a_coordinator("Bo Chen")
    change_roles(actor=ines, person_id=ines.person_id, roles=[Role.AUDITOR])
    assert {row.name: row.roles for row in people()} == {
        "Bo Chen": frozenset({Role.COORDINATOR}),
        "Ines Park": frozenset({Role.AUDITOR}),
    }


def test_roles_change_at_once(database: str) -> None:
    person_id = maya()
    session = sign_in(email="maya@example.org", password=PASSWORD, now=NOW).session
    change_roles(person_id=person_id, roles=[Role.FACILITATOR], side=Side.RESIDENTS, from_command_line=True)
    assert actor_of_cookie(session, NOW) == Actor(
        person_id, "Maya Lindqvist", Side.RESIDENTS, frozenset({Role.FACILITATOR}), frozenset()
    )


def test_only_a_coordinator_manages_people(sqlite_database: str) -> None:
    a_city()
    beat = a_beat("K2")
    officer = a_person(beats=(beat,))
    attempts = (
        lambda actor: add_person(
            actor=actor, name="X", email="x@example.org", side=Side.NEITHER, roles=[Role.AUDITOR], password=PASSWORD
        ),
        lambda actor: change_roles(actor=actor, person_id=officer.person_id, roles=[Role.COORDINATOR]),
        lambda actor: set_password(actor=actor, person_id=officer.person_id, password=PASSWORD),
        lambda actor: deactivate_person(actor=actor, person_id=officer.person_id),
        lambda actor: reactivate_person(actor=actor, person_id=officer.person_id),
        lambda actor: post_officer(actor=actor, person_id=officer.person_id, beat="K2"),
        lambda actor: end_posting(actor=actor, posting_id=1),
    )
    before = people()
    for role in (Role.OFFICER, Role.FACILITATOR, Role.AUDITOR):
        for attempt in attempts:
            with pytest.raises(NotAllowed):
                attempt(Actor(officer.person_id, "Maya", Side.OFFICERS, frozenset({role})))
    for attempt in attempts:
        with pytest.raises(SignInNeeded):
            attempt(None)
    assert people() == before


def test_an_officer_is_posted_with_hours_and_leaves_again(database: str) -> None:
    a_city()
    a_beat("K2")
    person_id = maya()
    posting = post_officer(
        person_id=person_id,
        beat="K2",
        valid_from=date(2026, 1, 1),
        hours="  Tuesdays 5 to 7 pm ",
        from_command_line=True,
    )
    there = (OfficerRow(person_id, "Maya Lindqvist", "Tuesdays 5 to 7 pm", date(2026, 1, 1)),)
    assert officers_of_beat("K2", date(2026, 5, 4)) == there
    end_posting(posting_id=posting, last_day=date(2026, 5, 3), from_command_line=True)
    assert (officers_of_beat("K2", date(2026, 5, 3)), officers_of_beat("K2", date(2026, 5, 4))) == (there, ())
    assert people() == (
        PersonRow(
            person_id,
            "Maya Lindqvist",
            "maya@example.org",
            Side.OFFICERS,
            frozenset({Role.OFFICER}),
            True,
            True,
            (PostingRow(posting, person_id, "K2", date(2026, 1, 1), date(2026, 5, 4), "Tuesdays 5 to 7 pm"),),
        ),
    )


def test_a_posting_that_never_held_leaves_no_trace_but_in_the_log(sqlite_database: str) -> None:
    a_city()
    a_beat("K2")
    person_id = maya()
    posting = post_officer(person_id=person_id, beat="K2", valid_from=date(2100, 1, 1), from_command_line=True)
    end_posting(posting_id=posting, from_command_line=True)
    assert ([row.postings for row in people()], actions()[-1]) == ([()], "posting_ended")


def test_a_posting_must_make_sense(database: str) -> None:
    a_city()
    a_beat("K2")
    person_id = maya()
    auditor = a_person("Olu Adeyemi", side=Side.NEITHER, roles=(Role.AUDITOR,)).person_id
    post_officer(
        person_id=person_id, beat="K2", valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1), from_command_line=True
    )
    for error, given in (
        (Conflict, {"person_id": person_id, "beat": "K2", "valid_from": date(2026, 3, 31)}),
        (
            Conflict,
            {"person_id": person_id, "beat": "K2", "valid_from": date(2026, 1, 1), "valid_to": date(2026, 3, 2)},
        ),
        (Invalid, {"person_id": person_id, "beat": "K2", "valid_from": date(2026, 5, 2), "valid_to": date(2026, 5, 2)}),
        (Invalid, {"person_id": person_id, "beat": "K2", "hours": "x" * 201, "valid_from": date(2026, 5, 2)}),
        (Invalid, {"person_id": auditor, "beat": "K2"}),
        (NotFound, {"person_id": person_id, "beat": "K9"}),
        (NotFound, {"person_id": 999_999, "beat": "K2"}),
    ):
        with pytest.raises(error):
            post_officer(**given, from_command_line=True)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        end_posting(posting_id=999_999, from_command_line=True)
    post_officer(person_id=person_id, beat="K2", valid_from=date(2026, 4, 1), from_command_line=True)
    assert [len(row.postings) for row in people() if row.id == person_id] == [2]


def test_an_inactive_officer_is_not_shown_to_residents(sqlite_database: str) -> None:
    a_city()
    a_beat("K2")
    person_id = maya()
    post_officer(person_id=person_id, beat="K2", valid_from=date(2026, 1, 1), from_command_line=True)
    deactivate_person(person_id=person_id, from_command_line=True)
    assert officers_of_beat("K2", date(2026, 5, 4)) == ()


def test_an_installation_knows_whether_anybody_can_sign_in(sqlite_database: str) -> None:
    before = has_people()
    maya()
    assert (before, has_people()) == (False, True)


@pytest.mark.parametrize("number", [1, 3])
def test_people_are_read_with_three_statements(sqlite_database: str, number: int) -> None:
    a_city()
    for n in range(number):
        a_person(f"Person {n}", beats=(a_beat(f"K{n}"),))
    with counted_statements() as statements:
        people()
    assert len(statements) == 3
