"""Invented readers of the demonstration and their first digests. Inside the caller's transaction.

The server writes the mails into the outbox folder, where they can be opened. Where a mail server is set nothing is
written: invented addresses would only bounce.
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.model import Concern, Following, Goal, GoalConcern, Reader
from lib.queries.following import link_digest, reader_secret
from lib.rules.mail import same_address
from lib.services.digest import write_digests
from lib.settings import settings
from lib.storage.secrets import keyed_digest, seal

READERS = 6
LANGUAGES = ("en", "en", "es")


def store_readers(db: Session, *, today: date, zone: ZoneInfo) -> int:
    """Readers who follow concerns that goals grew out of, each of another goal, since they were raised; and what they
    are told this morning. How many readers."""
    db.flush()
    morning = datetime.combine(today, time(7), zone)
    first = (
        select(GoalConcern.goal_id, func.min(Concern.id).label("concern_id"))
        .join(Concern, Concern.id == GoalConcern.concern_id)
        .where(Concern.erased_at.is_(None), Concern.duplicate_of_id.is_(None))
        .group_by(GoalConcern.goal_id)
        .subquery()
    )
    followed = db.execute(
        select(Concern.id, Concern.reported_at)
        .join(first, first.c.concern_id == Concern.id)
        .join(Goal, Goal.id == first.c.goal_id)
        .where(Goal.adopted_on.is_not(None))
        .order_by(Goal.id)
        .limit(READERS)
    ).all()
    for number, (concern_id, began_at) in enumerate(followed):
        address = f"reader{number + 1}@demo.example"
        reader = Reader(
            address=seal(address.encode()),
            address_digest=keyed_digest("reader", same_address(address)),
            link_digest=link_digest(reader_secret(address)),
            language=LANGUAGES[number % len(LANGUAGES)],
            asked_at=began_at,
            confirmed_at=began_at,
        )
        db.add(reader)
        db.flush()
        db.add(Following(reader_id=reader.id, concern_id=concern_id, began_at=began_at))
    db.flush()
    if not settings().smtp_host:
        write_digests(now=morning)
    return len(followed)
