"""Who helps: services of the beat and of the whole city, what people can join, what partners have promised."""

from datetime import date
from uuid import UUID

import pytest

from lib.errors import NotFound
from lib.model import Activity, Commitment, Countersignature
from lib.queries.partners import activities, activity, partners, promises, services
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, Party
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_facilitator, a_goal, a_partner, a_person, uuid_of
from tests.counting import counted_statements
from tests.directory_builders import a_directory, a_service, an_activity


def test_a_beat_is_shown_its_own_services_and_those_of_the_whole_city(database: str) -> None:
    a_directory()
    with counted_statements() as sent:
        found = services(beat_code="K2")
    assert [(service.name, service.beat, service.partner, service.phone) for service in found] == [
        ("City line", "", "Night Line", "206-555-0102"),
        ("Needle pick-up", "K2", "Harbour House", "206-555-0199"),
        ("Talk about drinking", "", "Harbour House", "206-555-0101"),
    ]
    assert len(sent) == 4
    assert len(services()) == 4


def test_an_unlisted_service_is_shown_to_whoever_keeps_the_directory_only(sqlite_database: str) -> None:
    a_directory()
    assert {row.name for row in services(unlisted=True)} - {row.name for row in services()} == {"A closed office"}


def test_an_entry_is_believed_for_a_year(sqlite_database: str) -> None:
    a_service(a_partner(), checked_on=date(2025, 6, 1))
    row = services()[0]
    assert (row.is_stale(date(2026, 6, 1)), row.is_stale(date(2026, 6, 2))) == (False, True)


def test_activities_come_soonest_first(database: str) -> None:
    a_directory()
    with counted_statements() as sent:
        found = activities(beat_code="K2")
    assert [(each.name, each.partner, each.phone, each.can_join) for each in found] == [
        ("Block watch walk", "", "", False),
        ("Open gym", "Harbour House", "206-555-0101", False),
    ]
    assert len(sent) == 3


def test_one_activity_by_its_public_id(sqlite_database: str) -> None:
    uuid = uuid_of(Activity, an_activity(a_beat(), "Open gym"))
    assert activity(uuid).name == "Open gym"
    with pytest.raises(NotFound, match="not here any more"):
        activity(UUID(int=uuid.int ^ 1))


def test_partners_by_name(database: str) -> None:
    a_directory()
    assert [(partner.name, partner.phone) for partner in partners()] == [
        ("Harbour House", "206-555-0101"),
        ("Night Line", "206-555-0102"),
    ]


def test_a_partner_s_promises_are_told_with_their_goals_kept_broken_or_open(database: str) -> None:
    beat = a_beat()
    goal, withdrawn = a_goal(beat, "Quiet nights"), a_goal(beat, "Given up", state=GoalState.WITHDRAWN)
    agency, other = a_partner("Harbour House"), a_partner("Night Line")
    states = (
        (agency, goal, CommitmentState.ACCEPTED, date(2026, 8, 1)),
        (agency, goal, CommitmentState.KEPT, date(2026, 7, 1)),
        (agency, goal, CommitmentState.OFFERED, date(2026, 7, 2)),
        (agency, goal, CommitmentState.BROKEN, date(2026, 7, 3)),
        (agency, withdrawn, CommitmentState.ACCEPTED, date(2026, 7, 4)),
        (other, goal, CommitmentState.ACCEPTED, date(2026, 9, 1)),
    )
    with writing() as db:
        offers = [
            Commitment(
                goal_id=of,
                party=Party.PARTNER,
                partner_id=partner,
                owner="the office",
                deliverable=f"Until {due_on}",
                due_on=due_on,
                state=CommitmentState.ACCEPTED if state is CommitmentState.KEPT else state,
                offered_at=NOON,
            )
            for partner, of, state, due_on in states
        ]
        db.add_all(offers)
        db.flush()
        kept = offers[1]
        for person in (a_facilitator(), a_person()):
            db.add(
                Countersignature(
                    commitment_id=kept.id,
                    side=Electorate(person.side.value),
                    party=Party.PARTNER,
                    person_id=person.person_id,
                    verdict=CommitmentState.KEPT,
                    signed_at=NOON,
                )
            )
        db.flush()
        kept.state, kept.settled_on = CommitmentState.KEPT, NOON.date()
    with counted_statements() as sent:
        told = promises()
    assert [(row.partner_id, row.due_on, row.state, row.goal_title) for row in told] == [
        (agency, date(2026, 7, 1), CommitmentState.KEPT, "Quiet nights"),
        (agency, date(2026, 7, 3), CommitmentState.BROKEN, "Quiet nights"),
        (agency, date(2026, 8, 1), CommitmentState.ACCEPTED, "Quiet nights"),
        (other, date(2026, 9, 1), CommitmentState.ACCEPTED, "Quiet nights"),
    ]
    overdue = [row.is_overdue(date(2026, 8, 2)) for row in told]
    assert overdue == [False, False, True, False]
    assert len(sent) == 1
    assert [row.partner_id for row in promises([other])] == [other]
