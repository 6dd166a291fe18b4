"""Keeping the directory: only a coordinator does, what is written is clean, and each change is logged without texts."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from lib.clock import today
from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Activity, LogEntry, Service
from lib.queries.partners import activities, partners, services
from lib.services.activities import check_activity, keep_activity, name_organiser, remove_activity
from lib.services.partners import check_service, keep_partner, keep_service, list_service
from lib.storage.secrets import unseal
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_coordinator, a_facilitator, a_partner, a_person
from tests.directory_builders import a_service, an_activity

TEXTS: dict[str, Any] = {"name": "Talk", "description": "Free."}
WALK: dict[str, Any] = {
    "beat_code": "K2",
    "kind": "watch group",
    "name": "Walk",
    "description": "Together.",
    "place": "The square",
    "rhythm": "every Monday",
}


def test_a_partner_is_added_and_changed(database: str) -> None:
    a_city()
    who = a_coordinator()
    number = keep_partner(actor=who, name=" Harbour  House ", phone="206-555-0101", website="harbour.example")
    keep_partner(actor=who, partner_id=number, name="Harbour Homes", phone="", website="")
    assert [(row.id, row.name, row.phone, row.website) for row in partners()] == [(number, "Harbour Homes", "", "")]
    with reading() as db:
        entries = db.scalars(select(LogEntry).order_by(LogEntry.id)).all()
    assert [(entry.action, entry.subject_id, entry.facts) for entry in entries] == [
        ("partner_added", str(number), {}),
        ("partner_changed", str(number), {}),
    ]
    keep_partner(actor=who, name="Night Line")
    with pytest.raises(Conflict, match="of this name"):
        keep_partner(actor=who, partner_id=number, name="Night Line")


def test_a_service_is_added_changed_checked_and_taken_off_the_list(database: str) -> None:
    a_city()
    a_beat("K2")
    who, partner = a_coordinator(), a_partner()
    number = keep_service(
        actor=who, partner_id=partner, **TEXTS, phone="206-555-0199", beat_code="K2", hours="Mon 9–17"
    )
    row = services()[0]
    assert (row.id, row.name, row.phone, row.beat, row.hours, row.checked_on) == (
        number,
        "Talk",
        "206-555-0199",
        "K2",
        "Mon 9–17",
        today("UTC"),
    )
    keep_service(actor=who, service_id=number, partner_id=partner, **TEXTS | {"name": "Talk more"})
    assert [(row.name, row.beat, row.phone) for row in services()] == [("Talk more", "", "206-555-0100")]
    list_service(actor=who, service_id=number, is_listed=False)
    assert (services(), len(services(unlisted=True))) == ((), 1)
    list_service(actor=who, service_id=number, is_listed=True)
    assert len(services()) == 1


def test_checked_today_is_one_click(sqlite_database: str) -> None:
    a_city()
    number = a_service(a_partner(), checked_on=date(2020, 1, 1))
    activity = an_activity(a_beat("K2"))
    check_service(actor=a_coordinator(), service_id=number)
    check_activity(actor=a_coordinator("Noa Berg"), activity_id=activity)
    assert services()[0].checked_on == today("UTC")
    assert activities()[0].checked_on == today("UTC")


def test_an_activity_is_added_changed_and_removed(database: str) -> None:
    a_city()
    a_beat("K2")
    who = a_coordinator()
    number = keep_activity(actor=who, **WALK)
    keep_activity(actor=who, activity_id=number, **WALK | {"name": "Longer walk"})
    assert [(row.id, row.name, row.kind, row.can_join) for row in activities()] == [
        (number, "Longer walk", "watch group", False)
    ]
    name_organiser(actor=who, activity_id=number, address="olga@example.org")
    assert activities()[0].can_join
    with reading() as db:
        kept = db.get_one(Activity, number)
        assert kept.organiser is not None
        assert (unseal(kept.organiser), b"olga" in kept.organiser) == (b"olga@example.org", False)
    name_organiser(actor=who, activity_id=number, address=" ")
    assert not activities()[0].can_join
    remove_activity(actor=who, activity_id=number)
    assert activities() == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"description": ""},
        {"description": "x" * 401},
        {"needs": "x" * 301},
        {"phone": "call us"},
    ],
)
def test_a_service_with_something_wrong_is_refused(sqlite_database: str, wrong: dict[str, str]) -> None:
    a_city()
    with pytest.raises(Invalid):
        keep_service(actor=a_coordinator(), partner_id=a_partner(), **TEXTS | wrong)
    with reading() as db:
        assert db.scalars(select(Service)).all() == []


@pytest.mark.parametrize("wrong", [{"name": ""}, {"beat_code": ""}, {"place": ""}, {"kind": ""}, {"kind": "x" * 41}])
def test_an_activity_with_something_wrong_is_refused(sqlite_database: str, wrong: dict[str, str]) -> None:
    a_city()
    a_beat("K2")
    with pytest.raises(Invalid):
        keep_activity(actor=a_coordinator(), **WALK | wrong)
    assert activities() == ()


def test_what_is_not_there_is_not_found(sqlite_database: str) -> None:
    a_city()
    a_beat("K2")
    who, partner = a_coordinator(), a_partner()
    for call in (
        lambda: keep_partner(actor=who, partner_id=99, name="House"),
        lambda: keep_service(actor=who, partner_id=99, **TEXTS),
        lambda: keep_service(actor=who, service_id=99, partner_id=partner, **TEXTS),
        lambda: keep_service(actor=who, partner_id=partner, **TEXTS, beat_code="Z9"),
        lambda: check_service(actor=who, service_id=99),
        lambda: list_service(actor=who, service_id=99, is_listed=False),
        lambda: keep_activity(actor=who, activity_id=99, **WALK),
        lambda: keep_activity(actor=who, **WALK, partner_id=99),
        lambda: check_activity(actor=who, activity_id=99),
        lambda: name_organiser(actor=who, activity_id=99, address="a@example.org"),
        lambda: remove_activity(actor=who, activity_id=99),
    ):
        with pytest.raises(NotFound):
            call()


def test_only_a_coordinator_keeps_the_directory(sqlite_database: str) -> None:
    a_city()
    beat = a_beat("K2")
    partner, activity = a_partner(), an_activity(beat)
    service = a_service(partner)
    for who, refusal in ((None, SignInNeeded), (a_person(), NotAllowed), (a_facilitator(), NotAllowed)):
        for call in (
            lambda who: keep_partner(actor=who, name="House"),
            lambda who: keep_service(actor=who, partner_id=partner, **TEXTS),
            lambda who: check_service(actor=who, service_id=service),
            lambda who: list_service(actor=who, service_id=service, is_listed=False),
            lambda who: keep_activity(actor=who, **WALK),
            lambda who: check_activity(actor=who, activity_id=activity),
            lambda who: name_organiser(actor=who, activity_id=activity, address=""),
            lambda who: remove_activity(actor=who, activity_id=activity),
        ):
            with pytest.raises(refusal):
                call(who)
