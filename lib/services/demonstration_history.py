"""The log of what the demonstration tells: who did what when, as if it had been done through the product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from lib.model import LogEntry
from lib.services.demonstration_rows import add_rows
from lib.services.log import type_of_fact


@dataclass(frozen=True)
class Step:
    """Something that happened, for the log: who did it (an e-mail address or ""), to what, when."""

    at: datetime
    action: str
    subject: str
    subject_id: str
    actor: str = ""
    facts: Mapping[str, type_of_fact] = field(default_factory=dict)


@dataclass
class Ids:
    """Ids by public names, as they come to be known while the story is stored."""

    beats: Mapping[str, int]
    people: Mapping[str, int]
    zone: ZoneInfo
    goals: dict[UUID, int] = field(default_factory=dict)
    rounds: dict[UUID, int] = field(default_factory=dict)


def write_history(db: Session, steps: Sequence[Step], ids: Ids) -> None:
    """The log of everything told, in the order of time: ids and totals, never people's text (promise 13)."""
    add_rows(
        db,
        LogEntry,
        [
            {
                "happened_at": step.at,
                "actor_id": ids.people[step.actor] if step.actor else None,
                "action": step.action,
                "subject": step.subject,
                "subject_id": step.subject_id,
                "facts": dict(step.facts),
            }
            for step in sorted(steps, key=lambda step: step.at)
        ],
    )
