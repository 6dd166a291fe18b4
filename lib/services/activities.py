"""Keeping what people can join: youth evenings, watch groups, joint training; and who organises each.

Every function takes the acting coordinator and raises SignInNeeded or NotAllowed otherwise.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lib.errors import Invalid, NotFound
from lib.model import Activity, Partner, SignUp
from lib.queries.partners import UNKNOWN_ACTIVITY
from lib.queries.volunteers import link_digest, organiser_secret
from lib.rules.mail import clean_address
from lib.rules.partners import (
    DESCRIPTION,
    KIND_LENGTH,
    LINE,
    NEEDS_LENGTH,
    PLACE_LENGTH,
    SERVICE_NAME,
    clean_language,
)
from lib.rules.rights import Actor, Right, require
from lib.rules.text import clean_text
from lib.services.log import record
from lib.services.partners import NO_PARTNER, beat_id_of, today_in
from lib.services.translations import cleaned_translation, keep_translation
from lib.services.volunteers import forget_mails
from lib.storage.secrets import seal
from lib.storage.transaction import writing


def keep_activity(
    *,
    actor: Actor | None,
    activity_id: int | None = None,
    beat_code: str,
    kind: str,
    name: str,
    description: str,
    place: str,
    rhythm: str,
    next_at: datetime | None = None,
    partner_id: int | None = None,
    needs: str = "",
    languages: str = "",
    language: str = "",
) -> int:
    """Add an activity, or change the one with this id; its id. What is written now counts as checked today.

    Raises NotFound (activity, partner, beat), Invalid.
    """
    require(actor, Right.MANAGE_DIRECTORY)
    if not beat_code:
        raise Invalid("Choose the beat that it is in.", field="Beat")
    texts = {
        "kind": clean_text(kind, field="Kind", longest=KIND_LENGTH, required=True),
        "name": clean_text(name, field="Name", longest=SERVICE_NAME, required=True),
        "description": clean_text(description, field="Description", longest=DESCRIPTION, required=True),
        "place": clean_text(place, field="Place", longest=PLACE_LENGTH, required=True),
        "rhythm": clean_text(rhythm, field="How often", longest=LINE),
        "needs": clean_text(needs, field="Words people search with", longest=NEEDS_LENGTH),
        "languages": clean_text(languages, field="Languages", longest=LINE),
        "language": clean_language(language),
    }
    with writing() as db:
        if partner_id is not None and db.get(Partner, partner_id) is None:
            raise NotFound(NO_PARTNER)
        activity = Activity() if activity_id is None else _activity(db, activity_id)
        for field, text in texts.items():
            setattr(activity, field, text)
        activity.beat_id = beat_id_of(db, beat_code)  # type: ignore[assignment]  # a code was given, so there is one
        activity.partner_id, activity.next_at, activity.checked_on = partner_id, next_at, today_in(db)
        db.add(activity)
        db.flush()
        record(db, actor, "activity_added" if activity_id is None else "activity_changed", "activity", activity.id)
        return activity.id


def translate_activity(
    *, actor: Actor | None, activity_id: int, language: str, name: str, description: str, rhythm: str = ""
) -> None:
    """Say what an activity is called and is in another language; with both empty that language is taken away. Raises
    NotFound, Invalid."""
    require(actor, Right.MANAGE_DIRECTORY)
    spoken = clean_language(language, required=True)
    texts = cleaned_translation(name=name, description=description, rhythm=("How often", rhythm))
    with writing() as db:
        keep_translation(db, actor, "activity", _activity(db, activity_id), spoken, texts)


def check_activity(*, actor: Actor | None, activity_id: int) -> None:
    """Somebody made sure today that all of it is right. Raises NotFound."""
    require(actor, Right.MANAGE_DIRECTORY)
    with writing() as db:
        _activity(db, activity_id).checked_on = today_in(db)
        record(db, actor, "activity_checked", "activity", activity_id)


def name_organiser(*, actor: Actor | None, activity_id: int, address: str) -> None:
    """Say at which mail address the organiser is told of volunteers; "" for nobody, and then nobody can sign up.

    The address is sealed and shown to nobody again. A new one gets a new link; the old link ends, and who signed up
    stays. Raises NotFound, Invalid (no mail address).
    """
    require(actor, Right.MANAGE_DIRECTORY)
    to = clean_address(address) if address.strip() else ""
    with writing() as db:
        set_organiser(_activity(db, activity_id), to)
        record(db, actor, "organiser_named" if to else "organiser_removed", "activity", activity_id)


def remove_activity(*, actor: Actor | None, activity_id: int) -> None:
    """Delete an activity with the organiser's address, everybody who signed up, and every mail between them that has
    not been sent. Raises NotFound."""
    require(actor, Right.MANAGE_DIRECTORY)
    with writing() as db:
        activity = _activity(db, activity_id)
        links = db.scalars(select(SignUp.link_digest).where(SignUp.activity_id == activity_id)).all()
        forget_mails(db, links)
        db.execute(delete(SignUp).where(SignUp.activity_id == activity_id))
        db.delete(activity)
        record(db, actor, "activity_removed", "activity", activity_id, sign_ups=len(links))


def set_organiser(activity: Activity, address: str) -> None:
    """Seal the organiser's address and make the link that goes with it; take both away where it is ""."""
    activity.organiser = seal(address.encode()) if address else None
    secret = organiser_secret(activity.id, activity.organiser) if activity.organiser else None
    activity.organiser_digest = link_digest(secret) if secret else None


def _activity(db: Session, activity_id: int) -> Activity:
    activity = db.get(Activity, activity_id)
    if activity is None:
        raise NotFound(UNKNOWN_ACTIVITY)
    return activity
