"""What the services that officers use need of a concern's row. Inside the caller's transaction."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.errors import NotFound
from lib.model import Beat, Concern
from lib.rules.rights import Actor
from lib.services.goal_rows import require_own_beat


def concern_with(db: Session, concern_uuid: UUID) -> Concern:
    """The concern, locked. Raises NotFound."""
    concern = db.scalar(select(Concern).where(Concern.uuid == concern_uuid).with_for_update())
    if concern is None:
        raise NotFound("This concern does not exist. Go back to the list.")
    return concern


def require_posting_at(db: Session, person: Actor, concern: Concern) -> None:
    """Raises NotAllowed where the person is not posted to the concern's beat."""
    require_own_beat(person, {db.get_one(Beat, concern.beat_id).code})
