"""Migrations and model are the same schema, and the guarantees that code cannot be trusted with stand in it."""

import stat
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lib.model import Ballot, Commitment, Countersignature, Goal, LogEntry, PassBatch
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, Party
from lib.services.log import broken_link, chain_log, record
from lib.storage.engine import engine, using
from lib.storage.schema import alembic_config, is_up_to_date, migrate
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_goal, a_person


def test_migrations_create_exactly_the_model(database: str) -> None:
    assert is_up_to_date()
    command.check(alembic_config())


def test_migrating_twice_changes_nothing(database: str) -> None:
    migrate()
    assert is_up_to_date()


def test_all_migrations_can_be_taken_back(database: str) -> None:
    command.downgrade(alembic_config(), "base")
    assert not is_up_to_date()
    migrate()
    assert is_up_to_date()


def test_sqlite_is_durable_and_keeps_no_trace_of_deleted_rows(sqlite_database: str) -> None:
    with engine().connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_goal_becomes_active_only_with_measure_and_both_commitments(database: str) -> None:
    goal = a_goal(a_beat(), state=GoalState.ADOPTED)
    with pytest.raises(DBAPIError, match="becomes active only with"), writing() as db:
        db.execute(update(Goal).where(Goal.id == goal).values(state=GoalState.ACTIVE))


def test_a_commitment_is_kept_only_when_the_other_side_says_so(database: str) -> None:
    goal = a_goal(a_beat(), state=GoalState.ACTIVE)
    officer = a_person()
    with writing() as db:
        promise = Commitment(
            goal_id=goal,
            party=Party.OFFICERS,
            owner="Maya",
            deliverable="Foot patrol",
            due_on=date(2026, 7, 1),
            offered_at=NOON,
            state=CommitmentState.ACCEPTED,
        )
        db.add(promise)
    with pytest.raises(DBAPIError, match="only the other side"), writing() as db:
        db.execute(update(Commitment).where(Commitment.id == promise.id).values(state=CommitmentState.KEPT))
    signature = {
        "commitment_id": promise.id,
        "party": Party.OFFICERS,
        "verdict": CommitmentState.KEPT,
        "note": "",
        "person_id": officer.person_id,
        "signed_at": NOON,
    }
    with pytest.raises(IntegrityError), writing() as db:
        db.execute(insert(Countersignature).values(**signature, side=Electorate.OFFICERS))
    with writing() as db:
        db.execute(insert(Countersignature).values(**signature, side=Electorate.RESIDENTS))
        db.execute(update(Commitment).where(Commitment.id == promise.id).values(state=CommitmentState.KEPT))


def test_the_log_can_be_added_to_and_never_changed(database: str) -> None:
    with writing() as db:
        record(db, None, "city_named", "city", 1, languages=2)
        record(db, None, "beat_added", "beat", 7)
    assert chain_log() == 2
    assert chain_log() == 0
    assert broken_link() is None
    for change in (update(LogEntry).values(action="x"), delete(LogEntry)):
        with pytest.raises(DBAPIError, match="append-only"), writing() as db:
            db.execute(change)


def test_a_log_entry_changed_behind_the_triggers_breaks_the_chain(sqlite_database: str) -> None:
    with writing() as db:
        for number in range(3):
            record(db, None, "beat_added", "beat", number)
    chain_log()
    with writing() as db:
        db.execute(text("DROP TRIGGER log_entry_no_update"))
        db.execute(text("UPDATE log_entry SET subject_id = '9' WHERE id = 2"))
    assert broken_link() == 2


def test_a_second_ballot_under_one_key_is_refused_by_the_database(database: str) -> None:
    """Promise 1. Foreign keys are not what is tested here, so the round's row is enough."""
    beat = a_beat()
    with writing() as db:
        from tests.builders import a_meeting

        meeting = a_meeting(beat)
        db.execute(
            text(
                "INSERT INTO round (uuid, meeting_id, number, question, eligibility, places, rule, mode, shows,"
                " officers_figures, minutes, state, frozen, frozen_hash, tie_seed, is_advisory) VALUES"
                " ('00000000000000000000000000000001', :meeting, 1, 'Which?', 'All', 1, 'two_keys_turns', 'meeting',"
                " 'after_closing', 'sealed', 5, 'draft', '', '', '', false)"
            ),
            {"meeting": meeting},
        )
        round_id = db.scalar(text("SELECT id FROM round"))
    row = {"round_id": round_id, "key": b"k" * 16, "side": Electorate.RESIDENTS, "choices": "[]", "channel": "phone"}
    with writing() as db:
        db.execute(insert(Ballot).values(**row, tracker="A" * 12))
    with pytest.raises(IntegrityError), writing() as db:
        db.execute(insert(Ballot).values(**row, tracker="B" * 12))


def test_a_batch_without_passes_is_refused(database: str) -> None:
    from tests.builders import a_meeting

    meeting = a_meeting(a_beat())
    with pytest.raises(IntegrityError), writing() as db:
        db.add(
            PassBatch(
                meeting_id=meeting,
                number=1,
                side=Electorate.OFFICERS,
                size=0,
                commitments_hash="0" * 64,
                minted_at=NOON,
            )
        )


def test_the_database_file_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "beat.sqlite3"
    with using(f"sqlite:///{file}"):
        migrate()
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    assert set(modes.values()) == {0o600}
