"""Storing what the demonstration invents about who helps and what people can join. Inside the caller's transaction."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.demo.activities import DemoActivity, demo_activities
from lib.demo.geography import Geography
from lib.demo.partners import PARTNERS
from lib.demo.partners_spanish import SPANISH
from lib.model import Activity, ActivityText, Beat, Partner, Service, ServiceText, SignUp
from lib.queries.places import city
from lib.queries.volunteers import link_digest, volunteer_secret
from lib.services.activities import set_organiser
from lib.services.demonstration_rows import add_rows, inserted
from lib.services.log import record
from lib.services.volunteers import organiser_link
from lib.storage.secrets import keyed_digest, seal
from lib.storage.transaction import reading


def store_partners(
    db: Session, *, seed: int, today: date, time_zone: str, geography: Geography, beats: Mapping[str, int]
) -> int:
    """Partners with their services, and activities with organisers and volunteers; how many partners."""
    ids = inserted(
        db, Partner, [{"name": each.name, "phone": each.phone, "website": each.website} for each in PARTNERS]
    )
    partners = {each.name: row for each, row in zip(PARTNERS, ids, strict=True)}
    services = [(partner, each) for partner in PARTNERS for each in partner.services]
    service_ids = inserted(
        db,
        Service,
        [
            {
                "partner_id": partners[partner.name],
                "beat_id": beats[each.beat] if each.beat else None,
                "name": each.name,
                "description": each.description,
                "needs": each.needs,
                "hours": each.hours,
                "languages": each.languages,
                "checked_on": today - timedelta(days=each.checked_days),
            }
            for partner, each in services
        ],
    )
    add_rows(
        db,
        ServiceText,
        [
            {"service_id": row, "language": "es", "name": name, "description": description, "hours": hours}
            for row, (_partner, each) in zip(service_ids, services, strict=True)
            if each.name in SPANISH
            for name, description, hours in (SPANISH[each.name],)
        ],
    )
    activities = demo_activities(seed=seed, today=today, geography=geography, time_zone=time_zone)
    numbers = inserted(
        db,
        Activity,
        [
            {
                "uuid": uuid5(NAMESPACE_URL, f"demonstration/{each.beat}/{each.kind}/{each.name}"),
                "partner_id": partners.get(each.partner),
                "beat_id": beats[each.beat],
                "kind": each.kind,
                "name": each.name,
                "description": each.description,
                "place": each.place,
                "rhythm": each.rhythm,
                "next_at": each.next_at,
                "needs": each.needs,
                "languages": each.languages,
                "checked_on": today - timedelta(days=each.checked_days),
            }
            for each in activities
        ],
    )
    add_rows(
        db,
        ActivityText,
        [
            {"activity_id": number, "language": "es", "name": name, "description": description, "rhythm": rhythm}
            for number, each in zip(numbers, activities, strict=True)
            for name, description, rhythm in (each.spanish,)
        ],
    )
    _store_volunteers(db, dict(zip(numbers, activities, strict=True)), today=today)
    for row in ids:
        record(db, None, "partner_stored", "partner", row)
    record(db, None, "activities_stored", "activity", "all", activities=len(activities))
    return len(ids)


def an_organisers_page(*, beat_code: str) -> str:
    """The address of the page of an invented organiser in a beat, "" without one or outside the demonstration."""
    question = (
        select(Activity.id, Activity.organiser)
        .join(Beat, Beat.id == Activity.beat_id)
        .where(Beat.code == beat_code, Activity.organiser.is_not(None))
        .order_by(Activity.id)
        .limit(1)
    )
    with reading() as db:
        row = db.execute(question).one_or_none()
    return organiser_link(row[0], row[1]) if row and row[1] and city().is_demonstration else ""


def _store_volunteers(db: Session, activities: Mapping[int, DemoActivity], *, today: date) -> None:
    """Who organises each activity, and who has confirmed that they would come, some days ago."""
    for row in db.scalars(select(Activity).where(Activity.id.in_(list(activities)))):
        set_organiser(row, activities[row.id].organiser)
    rows = []
    for number, activity in activities.items():
        for place, name in enumerate(activity.volunteers):
            address = f"volunteer-{number}-{place + 1}@volunteers.example"
            digest = keyed_digest("sign-up", f"{number}|{address}")
            at = datetime.combine(today - timedelta(days=3 + 2 * place), time(18, 5 + place), UTC)
            rows.append(
                {
                    "activity_id": number,
                    "name": seal(name.encode()),
                    "address": seal(address.encode()),
                    "address_digest": digest,
                    "link_digest": link_digest(volunteer_secret(number, digest, at)),
                    "signed_up_at": at,
                    "confirmed_at": at + timedelta(minutes=7),
                }
            )
    add_rows(db, SignUp, rows)
