"""Counting a device once that said "me too" to several concerns before, or after, they were merged.

Inside the caller's transaction. Nothing is deleted: what is taken out of a merge again has all of its support.
"""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lib.model import Concern, Support
from lib.queries.support_links import device_behind


def mark_repeats(db: Session, concern_id: int) -> int:
    """Let each device count once for a concern and all that is merged with it: where the concern itself is supported,
    else where the oldest is. How many rows count no more.
    """
    root = db.scalar(select(Concern.duplicate_of_id).where(Concern.id == concern_id)) or concern_id
    if db.scalar(select(Concern.id).where(Concern.duplicate_of_id == root).limit(1)) is None:
        db.execute(update(Support).where(Support.concern_id == root, Support.is_repeat).values(is_repeat=False))
        return 0
    rows = db.execute(
        select(Concern.id, Concern.uuid, Support.device, Support.is_repeat)
        .join(Support, Support.concern_id == Concern.id)
        .where(or_(Concern.id == root, Concern.duplicate_of_id == root))
        .order_by((Concern.id == root).desc(), Concern.id)
    ).all()
    seen: set[bytes] = set()
    ceased = 0
    for row_id, uuid, kept, was_repeat in rows:
        device = device_behind(uuid, kept)
        is_repeat = device in seen
        seen.add(device)
        if is_repeat is not was_repeat:
            ceased += is_repeat
            db.execute(
                update(Support).where(Support.concern_id == row_id, Support.device == kept).values(is_repeat=is_repeat)
            )
    return ceased
