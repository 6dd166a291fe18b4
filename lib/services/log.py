"""The append-only log: entries written with the change, and the step that chains them shortly after."""

import hashlib
import json
from datetime import UTC

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lib.clock import now
from lib.model import LogEntry, LogLink
from lib.rules.rights import Actor
from lib.storage.transaction import writing

type_of_fact = str | int | float | bool | None

FIRST = hashlib.sha256(b"common-beat log").hexdigest()
"""The digest before the first entry."""


def record(
    db: Session, actor: Actor | None, action: str, subject: str, subject_id: object, **facts: type_of_fact
) -> None:
    """Write one entry inside the caller's transaction. `facts` hold ids, states and digests, never people's text."""
    db.add(
        LogEntry(
            happened_at=now(),
            actor_id=actor.person_id if actor else None,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            facts=dict(facts),
        )
    )


def text_digest(salt: bytes, words: str) -> str:
    """A salted digest that stands for people's text in the log; with the salt erased it says nothing any more."""
    return hashlib.sha256(salt + words.encode()).hexdigest()


def entry_digest(previous: str, entry: LogEntry) -> str:
    """SHA-256 over the previous digest and the entry's canonical JSON (sorted keys, no spaces, UTF-8)."""
    body = {
        "id": entry.id,
        "happened_at": entry.happened_at.astimezone(UTC).isoformat(),
        "actor_id": entry.actor_id,
        "action": entry.action,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "facts": entry.facts,
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def chain_log(*, at_most: int = 5000) -> int:
    """Link entries that are committed and not yet in the chain, in the order of their ids; how many were linked.

    Runs in a transaction of its own every few seconds, so that writers of entries do not queue behind one another.
    """
    with writing() as db:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_xact_lock(727402)"))
        last = db.execute(select(LogLink.position, LogLink.digest).order_by(LogLink.position.desc()).limit(1)).first()
        position, digest = (last.position, last.digest) if last else (0, FIRST)
        waiting = db.scalars(
            select(LogEntry)
            .outerjoin(LogLink, LogLink.entry_id == LogEntry.id)
            .where(LogLink.position.is_(None))
            .order_by(LogEntry.id)
            .limit(at_most)
        ).all()
        for entry in waiting:
            position += 1
            digest = entry_digest(digest, entry)
            db.add(LogLink(position=position, entry_id=entry.id, digest=digest))
        return len(waiting)


def broken_link() -> int | None:
    """The position of the first link that does not match its entry, None if the whole chain holds.

    Reads every entry in batches; also finds a missing link (positions have no gaps).
    """
    from lib.storage.transaction import reading

    digest, expected = FIRST, 1
    with reading() as db:
        count = db.scalar(select(func.count()).select_from(LogLink)) or 0
        rows = db.execute(
            select(LogLink.position, LogLink.digest, LogEntry)
            .outerjoin(LogEntry, LogEntry.id == LogLink.entry_id)
            .order_by(LogLink.position)
            .execution_options(yield_per=1000)
        )
        for row in rows:
            if row.position != expected or row.LogEntry is None:
                return expected
            digest = entry_digest(digest, row.LogEntry)
            if digest != row.digest:
                return expected
            expected += 1
    return None if expected == count + 1 else expected
