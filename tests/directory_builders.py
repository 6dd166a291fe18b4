"""A small directory: two agencies with services for the whole city and for one beat, and things to join."""

from datetime import UTC, date, datetime

from lib.model import Activity, Service
from lib.storage.transaction import writing
from tests.builders import a_beat, a_partner


def a_service(
    partner_id: int,
    name: str = "Talk about drinking",
    *,
    needs: str = "neighbour drinks alcohol family",
    beat_id: int | None = None,
    description: str = "Free & in confidence <b>",
    checked_on: date = date(2026, 4, 1),
    is_listed: bool = True,
    phone: str = "",
    external_id: str = "",
) -> int:
    with writing() as db:
        service = Service(
            partner_id=partner_id,
            beat_id=beat_id,
            name=name,
            description=description,
            needs=needs,
            checked_on=checked_on,
            is_listed=is_listed,
            phone=phone,
            external_id=external_id,
        )
        db.add(service)
        db.flush()
        return service.id


def an_activity(
    beat_id: int,
    name: str = "Open gym",
    *,
    kind: str = "youth evening",
    partner_id: int | None = None,
    next_at: datetime | None = None,
    needs: str = "",
    description: str = "Everybody from 14 on",
) -> int:
    with writing() as db:
        activity = Activity(
            partner_id=partner_id,
            beat_id=beat_id,
            kind=kind,
            name=name,
            description=description,
            place="Yesler Hall",
            rhythm="every Friday",
            next_at=next_at,
            needs=needs,
        )
        db.add(activity)
        db.flush()
        return activity.id


def a_directory() -> tuple[int, int]:
    """Beats K2 and K3 with what there is to call and to join; the ids of the beats."""
    here, there = a_beat("K2"), a_beat("K3", west=-122.2)
    agency, line = a_partner("Harbour House", phone="206-555-0101"), a_partner("Night Line", phone="206-555-0102")
    a_service(agency)
    a_service(agency, "Needle pick-up", needs="needles alley drugs", beat_id=here, phone="206-555-0199")
    a_service(agency, "A closed office", is_listed=False)
    a_service(line, "Night shelter", needs="cold bed tonight", beat_id=there)
    a_service(line, "City line", needs="general help, any question, where to turn")
    an_activity(here, "Open gym", partner_id=agency, needs="teenagers")
    an_activity(here, "Block watch walk", kind="watch group", next_at=datetime(2026, 5, 8, 18, tzinfo=UTC))
    an_activity(there, "Chess evening", kind="chess", description="For people over 60")
    return here, there
