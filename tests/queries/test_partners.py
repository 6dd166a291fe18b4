"""Who helps: found by the words people have, for the beat and for the whole city."""

from datetime import UTC, date, datetime

from lib.model import Activity, Service
from lib.queries.partners import activities, partners, services
from lib.storage.transaction import writing
from tests.builders import a_beat, a_partner
from tests.counting import counted_statements


def filled() -> None:
    here, there = a_beat("K2"), a_beat("K3", west=-122.2)
    agency, line = a_partner("Harbour House", phone="206-555-0101"), a_partner("Night Line", phone="206-555-0102")
    with writing() as db:
        for partner, beat, name, needs in (
            (agency, None, "Talk about drinking", "neighbour drinks alcohol family"),
            (agency, here, "Needle pick-up", "needles alley drugs"),
            (line, there, "Night shelter", "cold bed tonight"),
        ):
            db.add(
                Service(
                    partner_id=partner,
                    beat_id=beat,
                    name=name,
                    description=f"{name}, free and in confidence.",
                    needs=needs,
                    checked_on=date(2026, 4, 1),
                )
            )
        for partner, beat, name, next_at in (
            (agency, here, "Open gym", None),
            (None, here, "Block watch walk", datetime(2026, 5, 8, 18, tzinfo=UTC)),
            (None, there, "Chess evening", None),
        ):
            db.add(
                Activity(
                    partner_id=partner,
                    beat_id=beat,
                    kind="youth" if name == "Open gym" else "watch group",
                    name=name,
                    description="Everybody from 14 on",
                    place="Yesler Hall",
                    rhythm="every Friday",
                    next_at=next_at,
                )
            )


def test_a_beat_is_shown_its_own_services_and_those_of_the_whole_city(database: str) -> None:
    filled()
    with counted_statements() as sent:
        found = services(beat_code="K2")
    assert [(service.name, service.beat, service.partner, service.phone) for service in found] == [
        ("Needle pick-up", "K2", "Harbour House", "206-555-0101"),
        ("Talk about drinking", "", "Harbour House", "206-555-0101"),
    ]
    assert len(sent) == 1
    assert len(services()) == 3


def test_services_are_found_by_the_words_people_use(database: str) -> None:
    filled()
    assert [service.name for service in services(words="My NEIGHBOUR drinks")] == ["Talk about drinking"]
    assert [service.name for service in services(words="needles or a bed for tonight")] == [
        "Night shelter",
        "Needle pick-up",
    ]
    assert services(words="100% _%") == ()
    assert len(services(words="help for my")) == 3


def test_activities_come_soonest_first(database: str) -> None:
    filled()
    with counted_statements() as sent:
        found = activities(beat_code="K2")
    assert [(activity.name, activity.partner, activity.phone) for activity in found] == [
        ("Block watch walk", "", ""),
        ("Open gym", "Harbour House", "206-555-0101"),
    ]
    assert len(sent) == 1
    assert [activity.name for activity in activities(words="something for youth")] == ["Open gym"]


def test_partners_by_name(database: str) -> None:
    filled()
    assert [(partner.name, partner.phone) for partner in partners()] == [
        ("Harbour House", "206-555-0101"),
        ("Night Line", "206-555-0102"),
    ]
