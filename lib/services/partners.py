"""Keeping the directory: partners, what they offer, what people can join.

Every function takes the acting coordinator and raises SignInNeeded or NotAllowed otherwise. What was imported may be
changed too; the next import of its file brings back what stands there.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, NotFound
from lib.model import Beat, City, Partner, Service
from lib.rules.partners import (
    DESCRIPTION,
    LINE,
    NEEDS_LENGTH,
    PARTNER_NAME,
    SERVICE_NAME,
    clean_language,
    clean_phone,
    clean_website,
)
from lib.rules.rights import Actor, Right, require
from lib.rules.text import clean_text
from lib.services.log import record
from lib.services.translations import cleaned_translation, keep_translation
from lib.storage.transaction import writing

NO_PARTNER = "This partner is not in the directory any more."
NO_SERVICE = "This service is not in the directory any more."


def keep_partner(
    *, actor: Actor | None, partner_id: int | None = None, name: str, phone: str = "", website: str = ""
) -> int:
    """Add a partner, or change the one with this id; its id. Raises NotFound, Invalid, Conflict (the name is taken)."""
    require(actor, Right.MANAGE_DIRECTORY)
    called = clean_text(name, field="Name", longest=PARTNER_NAME, required=True)
    number, address = clean_phone(phone), clean_website(website)
    try:
        with writing() as db:
            partner = Partner() if partner_id is None else db.get(Partner, partner_id)
            if partner is None:
                raise NotFound(NO_PARTNER)
            partner.name, partner.phone, partner.website = called, number, address
            db.add(partner)
            db.flush()
            record(db, actor, "partner_added" if partner_id is None else "partner_changed", "partner", partner.id)
            return partner.id
    except IntegrityError as cause:
        raise Conflict("There is a partner of this name already.") from cause


def keep_service(
    *,
    actor: Actor | None,
    service_id: int | None = None,
    partner_id: int,
    name: str,
    description: str,
    needs: str = "",
    hours: str = "",
    languages: str = "",
    phone: str = "",
    beat_code: str = "",
    language: str = "",
) -> int:
    """Add a service, or change the one with this id; its id. What is written now counts as checked today.

    `beat_code` is "" for the whole city, `language` (ISO 639-1, in which it is written) for the city's first. Raises
    NotFound (service, partner, beat), Invalid.
    """
    require(actor, Right.MANAGE_DIRECTORY)
    texts = {
        "name": clean_text(name, field="Name", longest=SERVICE_NAME, required=True),
        "description": clean_text(description, field="Description", longest=DESCRIPTION, required=True),
        "needs": clean_text(needs, field="Words people search with", longest=NEEDS_LENGTH),
        "hours": clean_text(hours, field="Opening hours", longest=LINE),
        "languages": clean_text(languages, field="Languages", longest=LINE),
        "phone": clean_phone(phone),
        "language": clean_language(language),
    }
    with writing() as db:
        if db.get(Partner, partner_id) is None:
            raise NotFound(NO_PARTNER)
        service = Service() if service_id is None else _service(db, service_id)
        for field, text in texts.items():
            setattr(service, field, text)
        service.partner_id, service.beat_id, service.checked_on = partner_id, beat_id_of(db, beat_code), today_in(db)
        db.add(service)
        db.flush()
        record(db, actor, "service_added" if service_id is None else "service_changed", "service", service.id)
        return service.id


def translate_service(
    *, actor: Actor | None, service_id: int, language: str, name: str, description: str, hours: str = ""
) -> None:
    """Say what a service is called and does in another language; with both empty that language is taken away. Raises
    NotFound, Invalid."""
    require(actor, Right.MANAGE_DIRECTORY)
    spoken = clean_language(language, required=True)
    texts = cleaned_translation(name=name, description=description, hours=("Opening hours", hours))
    with writing() as db:
        keep_translation(db, actor, "service", _service(db, service_id), spoken, texts)


def check_service(*, actor: Actor | None, service_id: int) -> None:
    """Somebody made sure today that all of it is right. Raises NotFound."""
    require(actor, Right.MANAGE_DIRECTORY)
    with writing() as db:
        _service(db, service_id).checked_on = today_in(db)
        record(db, actor, "service_checked", "service", service_id)


def list_service(*, actor: Actor | None, service_id: int, is_listed: bool) -> None:
    """Show a service to the public, or take it off the list; nothing is deleted. Raises NotFound."""
    require(actor, Right.MANAGE_DIRECTORY)
    with writing() as db:
        _service(db, service_id).is_listed = is_listed
        record(db, actor, "service_listed" if is_listed else "service_unlisted", "service", service_id)


def beat_id_of(db: Session, code: str) -> int | None:
    """The beat with this code, None for the whole city. Raises NotFound."""
    if not code:
        return None
    beat_id = db.scalar(select(Beat.id).where(Beat.code == code))
    if beat_id is None:
        raise NotFound(f"There is no beat {code[:32]!r}. Choose one from the list.")
    return beat_id


def today_in(db: Session) -> date:
    """The calendar date in the city."""
    return clock.today(db.scalar(select(City.time_zone)) or "UTC")


def _service(db: Session, service_id: int) -> Service:
    service = db.get(Service, service_id)
    if service is None:
        raise NotFound(NO_SERVICE)
    return service
