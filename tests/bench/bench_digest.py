"""The digest of 1,000 readers who each follow three concerns: the whole command's work, against the least that must
reach the disk: each mail and each reader's new moment in a transaction of its own, sealed texts given.

A tenth of the concerns grew into goals, each with its commitments. Sending is not in it.
"""

import os
import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from lib.clock import now
from lib.model import Category, Concern, ConcernAnswer, Following, Goal, GoalConcern, Mail, Reader
from lib.queries.following import link_digest, reader_secret
from lib.rules.geography import PlaceKind
from lib.rules.lifecycle import GoalState
from lib.rules.mail import MailKind, MailState
from lib.rules.states import ConcernStatus
from lib.services.digest import write_digests
from lib.services.places import name_city
from lib.storage.engine import using
from lib.storage.schema import migrate
from lib.storage.secrets import keyed_digest, seal
from lib.storage.transaction import writing
from tests.bench.databases import DATABASES, empty_database
from tests.builders import a_beat, a_goal, a_person

READERS, EACH, CONCERNS, BEATS = 1_000, 3, 2_000, 12


def main(*, smoke: bool = False) -> None:
    os.environ.setdefault("SECRET_KEY", "a secret for figures only")
    readers, concerns = (30, 60) if smoke else (READERS, CONCERNS)
    columns = ("database", "mails", "first run s", "floor s", "ms a reader", "run without news s")
    table = Table(*columns, title=f"{readers:,} readers, {concerns:,} concerns")
    for kind in DATABASES:
        with tempfile.TemporaryDirectory() as folder, empty_database(kind, Path(folder)) as url, using(url):
            os.environ["DATA_FOLDER"] = folder
            migrate()
            _filled(readers, concerns)
            began = time.perf_counter()
            written = write_digests(days=1).written
            first = time.perf_counter() - began
            began = time.perf_counter()
            write_digests(days=1, now=now() + timedelta(days=2))
            quiet = time.perf_counter() - began
            floor = _bare(readers)
            each = f"{1000 * first / readers:.1f}"
            table.add_row(kind, f"{written:,}", f"{first:.2f}", f"{floor:.2f}", each, f"{quiet:.2f}")
    Console().print(table)


def _filled(readers: int, concerns: int) -> None:
    """Concerns of a month, each answered twice; readers who follow some of them since they were raised."""
    name_city(name="Bench", time_zone="UTC", from_command_line=True)
    beats = [a_beat(f"B{at}", west=-122.44 + 0.02 * at) for at in range(BEATS)]
    officer = a_person("Officer", beats=tuple(beats))
    rng, today = random.Random(7), now()
    raised = today - timedelta(days=30)
    with writing() as db:
        [category, *_] = db.scalars(select(Category.id).where(Category.is_public)).all()
        ids = [
            db.scalar(
                insert(Concern)
                .values(
                    category_id=category,
                    beat_id=rng.choice(beats),
                    cell="",
                    place_kind=PlaceKind.STREET,
                    text=f"What happens here, number {number}, again and again at night",
                    status=ConcernStatus.PLANNED,
                    reported_at=raised,
                )
                .returning(Concern.id)
            )
            for number in range(concerns)
        ]
        db.execute(
            insert(ConcernAnswer),
            [
                {
                    "concern_id": concern,
                    "person_id": officer.person_id,
                    "status": ConcernStatus.PLANNED,
                    "text": "We looked at it with the neighbours, and a lamp is ordered.",
                    "answered_at": raised + timedelta(days=day),
                }
                for concern in ids
                for day in (2, 9)
            ],
        )
        for number in range(readers):
            _reading(db, f"reader{number}@example.org", rng.sample(ids, EACH), raised)
    for concern in ids[::10]:
        _grown(concern, beats[0])
    with writing() as db:
        db.execute(text("ANALYZE"))


def _grown(concern: int, beat: int) -> None:
    """An active goal that grew out of the concern: adopted and promised since."""
    goal = a_goal(beat, f"Goal of {concern}", state=GoalState.ACTIVE)
    with writing() as db:
        db.add(GoalConcern(goal_id=goal, concern_id=concern))
        db.execute(update(Goal).where(Goal.id == goal).values(adopted_on=now().date() - timedelta(days=9)))


def _reading(db: Session, address: str, concerns: list[int], since: datetime) -> None:
    reader = Reader(
        address=seal(address.encode()),
        address_digest=keyed_digest("reader", address),
        link_digest=link_digest(reader_secret(address)),
        asked_at=since,
        confirmed_at=since,
    )
    db.add(reader)
    db.flush()
    db.execute(
        insert(Following), [{"reader_id": reader.id, "concern_id": each, "began_at": since} for each in concerns]
    )


def _bare(readers: int) -> float:
    """Seconds for one mail and one moment a reader, each pair in a transaction of its own."""
    sealed, at = seal(b"x" * 2000), now()
    began = time.perf_counter()
    for number in range(1, readers + 1):
        with writing() as db:
            db.execute(update(Reader).where(Reader.id == number).values(told_until=at))
            db.execute(
                insert(Mail).values(
                    kind=MailKind.DIGEST,
                    key=f"bare:{number}",
                    reader_id=number,
                    message=sealed,
                    state=MailState.WAITING,
                    written_at=at,
                )
            )
    return time.perf_counter() - began
