"""Backups: one SQLite file with everything an installation needs to go on, without open ballots and secrets.

The file is written row by row from one moment of the database, also while people vote, and can be restored into an
empty installation on SQLite or PostgreSQL. It holds contacts and addresses that people gave, and password hashes: it is
to be kept as carefully as the database itself. A report erased after the backup is still in it.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from lib import clock
from lib.errors import Conflict, Invalid, Unavailable
from lib.model import DoorPass, Meeting, Minute, PassBatch, Round
from lib.rules.ballots import commitment, credential
from lib.rules.lifecycle import RoundState
from lib.rules.minutes import MinuteKind
from lib.services.log import broken_link, chain_log, record
from lib.services.minutes import last_position
from lib.settings import settings
from lib.storage.copies import Change, build_schema, copy_rows, is_empty, is_whole, snapshot, sqlite_file
from lib.storage.schema import is_up_to_date, migrate
from lib.storage.secrets import unseal
from lib.storage.transaction import writing

LEFT_OUT: Mapping[str, str] = {
    "ballot": "open ballots are secret until sealing, which keeps what may be kept",
    "round_secret": "the PEPPER of a running round would link its ballots to passes",
    "door_pass": "whoever holds the file and the secret could vote with the passes that wait at the door",
    "sign_in": "running sign-ins end with the installation they belong to; people sign in again",
    "sign_in_failure": "wrong tries are kept for the slow-down of the next minutes only",
    "mail": "a mail that was on its way then must not be sent again by whoever restores the file",
    "phone_check": "whether a phone reached the hall's laptop matters on that evening only",
}
"""Tables of which a backup holds no row, and why. Every other table is copied whole."""

BLANKED: Mapping[tuple[str, str], str] = {
    ("person", "pin_hash"): "four digits are found quickly by whoever holds the file and the secret; choose a new PIN",
}
"""Columns (of text) that a backup leaves empty, and why. Password hashes stay: people must be able to sign in."""

ENDED = (
    "This vote was not counted yet when a backup was made, and a backup holds no open ballots. It ended without a "
    "result when the backup was restored. Please vote again."
)

_UNSEALED = (RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER)
_SQLITE = b"SQLite format 3\x00"

NO_BACKUP = "This file is no backup of Common Beat."


@dataclass(frozen=True)
class Copied:
    """A backup that was made or restored: rows by table, the file's SHA-256 in hex and size in bytes, and how many
    votes were running, which the copy holds as ended without a result."""

    rows: Mapping[str, int]
    sha256: str
    size: int
    ended_rounds: int


def back_up(*, file: Path, progress: Callable[[str, int], None] | None = None, now: datetime | None = None) -> Copied:
    """Write a backup to a new file that only its owner can read. For the command line: its owner acts.

    The file appears under its name when it is whole. `progress` hears of each table and its rows. Not inside another
    transaction. Raises Conflict (the file exists, or the database's schema is of another version), Invalid (no such
    folder, or it cannot be written to), Unavailable.
    """
    moment = now or clock.now()
    if not is_up_to_date():
        raise Conflict("The database is of another version than this program. Run: python -m lib database migrate")
    _require_new(file)
    chain_log()
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with snapshot() as source, sqlite_file(str(draft)) as target:
            build_schema(target)
            change = _changes(moment, _waiting_at_the_door(source))
            rows = copy_rows(source, target, left_out=LEFT_OUT, change=change, progress=progress)
            ended = _ended(target)
        fingerprint, size = _fingerprint(draft), draft.stat().st_size
        _put(draft, file)
    except OSError as cause:
        raise Invalid(f"The backup cannot be written to {file}: {cause.strerror}.", field="file") from cause
    finally:
        for part in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm"))):
            part.unlink(missing_ok=True)
    with writing() as db:
        record(db, None, "backup_made", "database", "", sha256=fingerprint, rows=sum(rows.values()), bytes=size)
    return Copied(rows, fingerprint, size, ended)


def restore(*, file: Path, progress: Callable[[str, int], None] | None = None, now: datetime | None = None) -> Copied:
    """Fill this installation, which must be empty, from a backup of this or an older version. All of it, or nothing.

    Votes that were running come back as set aside, and the minutes and the log say so. A copy of a live SQLite database
    is taken as well, without what a backup leaves out. For the command line: its owner acts. Not inside another
    transaction. Raises Invalid (no backup, damaged, of a newer version), Conflict (this installation holds something,
    or the log in the file does not hold), Unavailable.
    """
    moment = now or clock.now()
    migrate()
    settings().data_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings().data_folder) as folder:
        # A copy, so that migrating an older backup changes no file that somebody keeps.
        copy = _own_copy(file, Path(folder) / "backup.sqlite3")
        fingerprint, size = _fingerprint(copy), copy.stat().st_size
        with sqlite_file(str(copy)) as source:
            _require_known(source)
            build_schema(source)
        with sqlite_file(str(copy)) as source, writing() as db:
            target = db.connection()
            if not is_empty(target):
                raise Conflict("This installation is not empty. A backup is restored before anything else is done.")
            rows = copy_rows(source, target, left_out=LEFT_OUT, change=_changes(moment, set()), progress=progress)
            broken = broken_link()
            if broken is not None:
                raise Conflict(f"The log in this file was changed: its chain is broken at position {broken}.")
            record(db, None, "database_restored", "database", "", sha256=fingerprint, rows=sum(rows.values()))
            ended = _ended(target)
            for row in db.scalars(select(Round).where(Round.set_aside == ENDED).order_by(Round.id)):
                words = f"Round {row.number}, {row.question} Set aside without a result: {ENDED}"
                position = last_position(db, row.meeting_id)
                said = {"kind": MinuteKind.DECISION, "text": words, "noted_at": moment, "position": position}
                db.add(Minute(meeting_id=row.meeting_id, **said))
                record(db, None, "round_set_aside", "round", row.uuid, by="restoring a backup")
    chain_log()
    return Copied(rows, fingerprint, size, ended)


def _changes(moment: datetime, waiting: set[bytes]) -> Change:
    """How rows are written to a copy: no PIN, no vote without its ballots, no pass without its token.

    A running vote becomes a sealed one that is set aside, because nothing of it can be counted any more. A pass that
    waited at the door cannot be shown any more, so it is void and no longer counts as issued.
    """

    def change(table: str, row: dict[str, Any]) -> dict[str, Any]:
        row.update({column: "" for of, column in BLANKED if of == table})
        if table == Round.__tablename__ and row["state"] in _UNSEALED:
            closed_at = row["closed_at"] or min(moment, row["closes_at"] or moment)
            row.update(state=RoundState.SEALED, closed_at=closed_at, set_aside=ENDED)
        if table == "pass" and row["commitment"] in waiting:
            row["is_void"] = True
        return row

    return change


def _waiting_at_the_door(source: Connection) -> set[bytes]:
    """The commitments of the passes that wait at the door, without those that another secret sealed."""
    question = (
        select(DoorPass.sealed_token, Meeting.uuid)
        .join(PassBatch, PassBatch.id == DoorPass.batch_id)
        .join(Meeting, Meeting.id == PassBatch.meeting_id)
    )
    waiting = set()
    for sealed_token, meeting in source.execute(question):
        try:
            waiting.add(commitment(credential(meeting, unseal(sealed_token).decode())))
        except Unavailable:
            continue
    return waiting


def _ended(copy: Connection) -> int:
    return len(copy.execute(select(Round.id).where(Round.set_aside == ENDED)).all())


def _require_new(file: Path) -> None:
    if file.exists():
        raise Conflict(f"{file} exists and is not overwritten. Choose another name.")
    if not file.parent.is_dir():
        raise Invalid(f"The folder {file.parent} does not exist.", field="file")


def _put(draft: Path, file: Path) -> None:
    """Give the whole file its name, once it is safely on the disk, and never in place of another file."""
    with draft.open("rb") as whole:
        os.fsync(whole.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        _require_new(file)
    except OSError:
        # A memory stick may know no links.
        _require_new(file)
        draft.rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _own_copy(file: Path, copy: Path) -> Path:
    """A copy of a file that is a whole SQLite database. Raises Invalid."""
    try:
        with file.open("rb") as source:
            if source.read(len(_SQLITE)) != _SQLITE:
                raise Invalid(NO_BACKUP, field="file")
        shutil.copyfile(file, copy)
    except OSError as cause:
        raise Invalid(f"{file} cannot be read: {cause.strerror}.", field="file") from cause
    copy.chmod(0o600)
    if not is_whole(str(copy)):
        raise Invalid("This file is damaged. Use another copy of the backup.", field="file")
    return copy


def _require_known(source: Connection) -> None:
    """Raises Invalid unless the file is of a version that this program can bring up to date."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from lib.storage.schema import alembic_config

    applied = set(MigrationContext.configure(source).get_current_heads())
    if not applied:
        raise Invalid(NO_BACKUP, field="file")
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if not applied <= known:
        raise Invalid("This backup is of a newer version. Restore it with that version of the program.", field="file")


def _fingerprint(file: Path) -> str:
    with file.open("rb") as whole:
        return hashlib.file_digest(whole, "sha256").hexdigest()
